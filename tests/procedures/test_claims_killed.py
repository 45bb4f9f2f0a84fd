"""The import of a bank's claim is killed (SIGKILL) at any point, or begun twice at once: the same claim comes out, and the same books."""

import signal
import sys
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
from django.db import connections

from tests.loans.lives import PostOf, at
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.exchange.models import Envelope
from zhubao.ledger.models import Posting
from zhubao.loans.claims import actions, checking, payment
from zhubao.loans.models import ClaimDetail, ClaimLine, LoanEvent, SubsidyClaim
from zhubao.procedures import claim_received
from zhubao.procedures.received_files import apply_envelope

from .claims import HANDED_IN, OF_2021, borrowers, file_of, hand_in, rows_of, second_at_finance
from .test_killed import dying, killed_while

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="forks a process to kill"),
]
LOANS = 3


@pytest.fixture
def content(post_of: PostOf, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> bytes:
    """Return a claim of three loans, one of them a difference; work is cut into chunks of one loan."""
    monkeypatch.setattr(checking, "CHUNK", 1)
    monkeypatch.setattr(payment, "CHUNK", 1)
    borrowers(post_of, LOANS)
    rows = rows_of(post_of, 2021)
    return file_of(post_of, [replace(rows[0], subsidy_fen=OF_2021 + 211), *rows[1:]])


def imported(post_of: PostOf, content: bytes) -> None:
    """Do what the bank and then the worker do."""
    received = hand_in(post_of, content)
    apply_envelope(received.receipt.envelope.pk, clock=lambda: HANDED_IN)


def assert_whole(claim: SubsidyClaim) -> None:
    assert (claim.state, claim.lines, claim.open_lines, claim.asked_fen) == ("checked", LOANS, 1, LOANS * OF_2021 + 211)
    assert ClaimDetail.objects.count() == LOANS
    found = ClaimLine.objects.filter(claim=claim).order_by("loan_number").values_list("loan_number", "asked_fen", "accepted_fen")
    assert list(found) == [("L0", OF_2021 + 211, None), ("L1", OF_2021, OF_2021), ("L2", OF_2021, OF_2021)]
    assert Envelope.objects.get(kind="subsidy_claim").state == "accepted"
    assert AuditEntry.objects.filter(action="claim.receive").count() == 1
    assert AuditEntry.objects.filter(action="claim.check").count() == 1


POINTS = [
    pytest.param(claim_received, "receive_envelope", 1, False, id="文件存下、申请未建"),
    pytest.param(claim_received, "open_claim", 1, False, id="申请已建、提交之前"),
    pytest.param(claim_received, "check_chunk", 1, True, id="第一段核对之前"),
    pytest.param(checking, "_write", 2, False, id="第二段写完、提交之前"),
    pytest.param(claim_received, "check_chunk", 3, False, id="最后一段提交之后"),
    pytest.param(claim_received, "finish_check", 1, True, id="汇总之前"),
    pytest.param(actions, "finish_whole", 1, False, id="汇总之中"),
    pytest.param(claim_received, "finish_check", 1, False, id="办结之后"),
]


@pytest.mark.parametrize(("module", "name", "call", "before"), POINTS)
def test_the_next_run_completes_what_a_killed_import_began(
    post_of: PostOf, content: bytes, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: int, before: bool
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(module, name, dying(getattr(module, name), call, before=before))
        assert killed_while(lambda: imported(post_of, content)) == signal.SIGKILL
    imported(post_of, content)
    assert_whole(SubsidyClaim.objects.get())


def test_two_imports_of_one_file_at_once_make_one_claim(post_of: PostOf, content: bytes) -> None:
    faults: list[Exception] = []

    def one() -> None:
        try:
            imported(post_of, content)
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=one) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert_whole(SubsidyClaim.objects.get())


BOOKING = [
    pytest.param("post_new", 2, True, id="第二笔入账之前"),
    pytest.param("post_new", 2, False, id="第二笔入账之后、提交之前"),
    pytest.param("_booked", 1, True, id="全部入账、办结之前"),
]


@pytest.mark.parametrize(("name", "call", "before"), BOOKING)
def test_the_books_of_a_paid_claim_are_the_same_after_a_kill(
    post_of: PostOf, content: bytes, monkeypatch: pytest.MonkeyPatch, name: str, call: int, before: bool
) -> None:
    imported(post_of, content)
    claim, finance = SubsidyClaim.objects.get(), post_of(Role.FINANCE_CLERK).actor()
    accountant = post_of(Role.AGENCY_ACCOUNTANT).actor()
    actions.settle_lines(claim.pk, actions.TAKE_OURS, "按重算数", cause="arithmetic", actor=accountant, now=HANDED_IN)
    actions.verify(claim.pk, actor=post_of(Role.AGENCY_APPROVER).actor(), now=HANDED_IN)
    actions.prepare_payment(claim.pk, actor=finance, now=HANDED_IN)
    actions.approve(claim.pk, actor=second_at_finance(post_of), now=HANDED_IN)
    actions.record_payment(claim.pk, HANDED_IN.date(), "支1", actor=finance, now=at(2022, 1, 10))
    with monkeypatch.context() as patched:
        patched.setattr(payment, name, dying(getattr(payment, name), call, before=before))
        assert killed_while(lambda: claim_received.book_paid(claim.pk, clock=lambda: HANDED_IN)) == signal.SIGKILL
    claim_received.book_paid(claim.pk, clock=lambda: HANDED_IN)
    assert SubsidyClaim.objects.get().booked_at is not None
    assert LoanEvent.objects.filter(key=claim.subject).count() == LOANS
    paid = Posting.objects.filter(kind="claim_paid.bank").values_list("amount_fen", flat=True)
    assert list(paid) == [OF_2021] * LOANS
