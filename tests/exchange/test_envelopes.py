"""Files between offices: written for whoever may have them, received once, refused whole when they do not agree with themselves."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from zhubao.access.actions import add_organisation
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry, Organisation, Post
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt, hand_over, make_envelope, receive_envelope
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.borrower_roster import Borrower
from zhubao.exchange.files.contribution_receipts import ContributionReceipt
from zhubao.exchange.files.draw_request import DrawRequest
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Envelope, EnvelopeLine, EnvelopeState
from zhubao.exchange.selectors import access_envelope_for, copies_of, envelopes_for, next_batch, rows_of
from zhubao.exchange.storage import companion
from zhubao.identity.number import check_character
from zhubao.programmes.bank_actions import end_cooperation
from zhubao.programmes.models import BankCooperation

from .conftest import NOW, RUGAO, SYSTEM
from .making import END, FIRST, HEADER, SECOND, TODAY, drawn, return_file, text_file

LATER = NOW + timedelta(days=2)
CHEN = "32068219680305002" + check_character("32068219680305002")
REQUEST = DrawRequest("RG000001", "陈桂芳", CHEN, 2026, 1, 12, None, "", 960_000, "0123")
PostOf = Callable[[str], Post]


@pytest.fixture
def send(agency: Organisation, bank: Organisation) -> Callable[..., Envelope]:
    """Return a function that writes the year's amounts for the bank."""

    def make(*rows: DrawRequest, actor: Actor = SYSTEM, **more: Any) -> Envelope:
        named = {"batch": "2026-01", "policy_id": RUGAO, "region_code": "320682", "receiver_id": bank.pk, "now": NOW} | more
        return make_envelope("draw_request", rows or (REQUEST,), sender_id=agency.pk, actor=actor, **named)

    return make


@pytest.fixture
def receive(agency: Organisation, bank: Organisation) -> Callable[..., Receipt]:
    """Return a function that hands in the bank's file of draws made."""

    def hand_in(content: bytes, *, actor: Actor = SYSTEM, **more: Any) -> Receipt:
        named = {"name": "回盘.csv", "policy_id": RUGAO, "region_code": "320682", "now": NOW} | more
        return receive_envelope("draw_return", [content], sender_id=bank.pk, receiver_id=agency.pk, actor=actor, **named)

    return hand_in


def good(bank: Organisation, agency: Organisation, *rows: Any, batch: str = "2026-001") -> bytes:
    return return_file(list(rows) or [drawn(1), drawn(2)], batch=batch, sender=bank.name, receiver=agency.name)


def audited(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


# ── written here ──


def test_a_written_file_carries_what_its_envelope_says(send: Callable[..., Envelope], bank: Organisation) -> None:
    envelope = send(REQUEST, DrawRequest("RG000002", "林建国", CHEN, 2026, 1, 12, None, "", 900_000, ""))
    assert (envelope.count, envelope.total_fen, envelope.state, envelope.receiver_id) == (
        2,
        1_860_000,
        EnvelopeState.MADE,
        bank.pk,
    )
    assert envelope.purpose == "银行按核定金额发放当年贷款"
    assert hashlib.sha256(envelope.path.read_bytes()).hexdigest() == envelope.sha256
    assert rows_of(envelope, today=TODAY)[0] == REQUEST
    assert [(line.subject, line.masked_name, line.amount_fen, line.year) for line in envelope.lines.all()] == [
        ("loan:RG000001", "陈**", 960_000, 2026),
        ("loan:RG000002", "林**", 900_000, 2026),
    ]


def test_no_citizen_number_stands_in_the_tables(send: Callable[..., Envelope]) -> None:
    send()
    assert not [value for line in EnvelopeLine.objects.values() for value in line.values() if CHEN in str(value)]


def test_files_are_readable_by_the_service_alone(send: Callable[..., Envelope]) -> None:
    folder = send().path.parent
    assert folder.stat().st_mode & 0o077 == 0
    assert Path(settings.MEDIA_ROOT).stat().st_mode & 0o077 == 0


def test_the_same_batch_is_written_once(send: Callable[..., Envelope]) -> None:
    first = send()
    assert send(now=LATER).pk == first.pk
    assert audited("envelope.made") == 1
    with pytest.raises(ZhubaoError, match="E-BATCH-TAKEN"):
        send(DrawRequest("RG000001", "陈桂芳", CHEN, 2026, 1, 12, None, "", 1, ""))
    assert send(batch="2026-02").pk != first.pk


@pytest.mark.clauses("tl-5.2d")
def test_nothing_goes_to_a_bank_without_its_papers(send: Callable[..., Envelope]) -> None:
    BankCooperation.objects.update(confidentiality="", confidential_from=None)
    with pytest.raises(ZhubaoError, match="E-BANK-COOPERATION") as refused:
        send()
    assert refused.value.problem.zh == "没有保密协议"
    assert not Envelope.objects.exists()


def test_nothing_goes_to_a_bank_whose_cooperation_ended(send: Callable[..., Envelope]) -> None:
    end_cooperation(BankCooperation.objects.get().pk, date(2026, 3, 11), "到期", actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match="E-BANK-COOPERATION"):
        send()


@pytest.mark.parametrize(
    ("code", "given"),
    [
        pytest.param("E-EXCHANGE-BATCH", {"batch": "第一批"}, id="批次号"),
        pytest.param("E-POLICY-UNKNOWN", {"policy_id": "nothing"}, id="没有的政策"),
        pytest.param("E-POLICY-LOAN", {"policy_id": "pengshui-2022"}, id="没有贷款的政策"),
    ],
)
def test_refused_before_anything_is_written(send: Callable[..., Envelope], code: str, given: dict[str, str]) -> None:
    with pytest.raises(ZhubaoError, match=code):
        send(**given)
    assert not Envelope.objects.exists()


def test_two_lines_of_one_draw_are_not_sent(send: Callable[..., Envelope]) -> None:
    with pytest.raises(ZhubaoError, match="E-LINE-TWICE"):
        send(REQUEST, REQUEST)


def test_a_file_passes_only_between_its_offices(send: Callable[..., Envelope], post_of: PostOf) -> None:
    finance = post_of(Role.FINANCE_CLERK).organisation_id
    with pytest.raises(ZhubaoError, match="E-EXCHANGE-OFFICES"):
        send(receiver_id=finance)


@pytest.mark.parametrize("role", [Role.BANK_OFFICER, Role.FINANCE_CLERK, Role.AGENCY_ADMINISTRATOR, Role.AUDITOR])
def test_only_the_sender_s_posts_write(send: Callable[..., Envelope], post_of: PostOf, role: Role) -> None:
    send(actor=post_of(Role.AGENCY_ACCOUNTANT).actor())
    with pytest.raises(OutOfScope):
        send(actor=post_of(role).actor(), batch="2026-02")


def test_four_copies_of_a_roster(bank: Organisation, post_of: PostOf) -> None:
    """The bank keeps one, agency, finance and HRSS get theirs under the same batch."""
    rows = [Borrower("RG000001", "陈桂芳", CHEN, 4_800_000, 43_500, 180, "", None)]
    roles = (Role.AGENCY_REVIEWER, Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR)
    copies = [
        make_envelope(
            "borrower_roster",
            rows,
            batch="2026-Q1",
            policy_id=RUGAO,
            region_code="320682",
            sender_id=bank.pk,
            receiver_id=post_of(role).organisation_id,
            actor=post_of(Role.BANK_OFFICER).actor(),
            now=NOW,
        )
        for role in roles
    ]
    assert len(set(copies)) == 3
    hand_over(copies[0].pk, actor=post_of(Role.AGENCY_REVIEWER).actor(), now=LATER)
    states = {copy.receiver_id: copy.state for copy in copies_of(copies[0])}
    assert [states[post_of(role).organisation_id] for role in roles] == ["sent", "made", "made"]


def test_batch_numbers_of_a_day(send: Callable[..., Envelope], agency: Organisation) -> None:
    assert next_batch(agency.pk, "draw_request", TODAY) == "20260312-001"
    send(batch="20260312-001")
    assert next_batch(agency.pk, "draw_request", TODAY) == "20260312-002"
    assert next_batch(agency.pk, "bank_push", TODAY) == "20260312-001"


# ── handed in ──


def test_a_good_file_is_received(receive: Callable[..., Receipt], bank: Organisation, agency: Organisation) -> None:
    receipt = receive(good(bank, agency))
    envelope = receipt.envelope
    assert (receipt.new, receipt.refused, receipt.words.zh) == (True, False, "已接收 2 笔")
    assert (envelope.state, envelope.count, envelope.total_fen, envelope.batch) == ("received", 2, 600_000, "2026-001")
    assert [(line.number, line.key, line.day, line.result_code) for line in envelope.lines.all()] == [
        (1, "RG000001/2026/1", date(2026, 3, 10), ""),
        (2, "RG000002/2026/1", date(2026, 3, 10), ""),
    ]


def test_the_same_bytes_change_nothing_and_say_when_they_came(
    receive: Callable[..., Receipt], bank: Organisation, agency: Organisation
) -> None:
    first = receive(good(bank, agency))
    again = receive(good(bank, agency), now=LATER, name="回盘 (1).csv")
    assert (again.envelope.pk, again.new) == (first.envelope.pk, False)
    assert again.words.zh == "这份文件已于 2026-03-12 09:00 收到，未作更改"
    assert Envelope.objects.get().received_at == NOW
    assert EnvelopeLine.objects.count() == 2
    assert audited("envelope.received") == 1


def test_a_changed_file_of_a_batch_that_came_is_refused(
    receive: Callable[..., Receipt], bank: Organisation, agency: Organisation
) -> None:
    receive(good(bank, agency))
    receipt = receive(good(bank, agency, drawn(1), drawn(3)))
    assert [fault.code for fault in receipt.faults] == ["E-BATCH-TAKEN"]
    assert receipt.faults[0].problem.zh == "批次 2026-001 已于 2026-03-12 09:00 办理，内容与这次不同"
    assert receipt.envelope.lines.count() == 0
    assert receive(good(bank, agency, drawn(1), drawn(3), batch="2026-002")).refused is False


def test_a_refused_file_is_kept_and_its_batch_stays_free(
    receive: Callable[..., Receipt], bank: Organisation, agency: Organisation
) -> None:
    content = good(bank, agency)
    receipt = receive(content.replace(b"6000.00", b"6000.01"))
    envelope = receipt.envelope
    assert (receipt.words.zh, envelope.state) == ("文件有 1 处错误，未接收", EnvelopeState.REFUSED)
    assert envelope.fault == "E-EXCHANGE-TOTAL: 回盘.csv F2: 合计写的是“6000.01”元，各行相加是 6000.00 元; 核对各行金额或改正合计"
    assert receive(content.replace(b"6000.00", b"6000.01"), now=LATER).refused
    assert receive(content).envelope.state == EnvelopeState.RECEIVED
    assert Envelope.objects.count() == 2
    assert audited("envelope.refused") == 2


def test_a_faulty_file_makes_no_lines(receive: Callable[..., Receipt]) -> None:
    for lines, code in (
        ([HEADER, FIRST, "2,RG000002,2026"], "E-LINE-CUT"),
        ([HEADER, FIRST, SECOND], "E-EXCHANGE-CUT"),
        ([HEADER, FIRST, END], "E-EXCHANGE-COUNT"),
        ([HEADER, FIRST, FIRST.replace("1", "2", 1), END], "E-LINE-TWICE"),
        ([HEADER.replace("年度", "年份"), FIRST, SECOND, END], "E-EXCHANGE-HEADER"),
    ):
        receipt = receive(text_file(*lines))
        assert code in [fault.code for fault in receipt.faults]
        assert receipt.envelope.state == EnvelopeState.REFUSED
    assert not EnvelopeLine.objects.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(lambda content: companion(hashlib.sha256(content).hexdigest(), "回盘.csv"), None, id="相符"),
        pytest.param(lambda content: hashlib.sha256(content).hexdigest().upper(), None, id="只有校验值，大写"),
        pytest.param(lambda content: companion("0" * 64, "回盘.csv"), "E-EXCHANGE-HASH", id="不符"),
        pytest.param(lambda content: "md5 1234", "E-EXCHANGE-HASH", id="不是 SHA-256"),
    ],
)
def test_the_companion_with_the_hash(
    receive: Callable[..., Receipt], bank: Organisation, agency: Organisation, text: Callable[[bytes], str], code: str | None
) -> None:
    content = good(bank, agency)
    assert [fault.code for fault in receive(content, companion=text(content)).faults] == ([code] if code else [])


def test_a_file_of_another_bank_is_refused(receive: Callable[..., Receipt], agency: Organisation) -> None:
    content = return_file([drawn(1)], sender="另一家银行", receiver=agency.name)
    assert [fault.code for fault in receive(content).faults] == ["E-EXCHANGE-OFFICE"]


def test_who_hands_in(receive: Callable[..., Receipt], bank: Organisation, agency: Organisation, post_of: PostOf) -> None:
    for number, role in enumerate((Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT)):
        assert receive(good(bank, agency, batch=f"B{number}"), actor=post_of(role).actor()).new
    for role in (Role.TAX_CLERK, Role.AGENCY_ADMINISTRATOR, Role.AUDITOR):
        with pytest.raises(OutOfScope):
            receive(good(bank, agency, batch="B9"), actor=post_of(role).actor())
    with pytest.raises(OutOfScope):
        receive(good(bank, agency, batch="B9"), actor=post_of(Role.BANK_OFFICER).actor(), region_code="360702")


def test_empty_and_too_large(receive: Callable[..., Receipt], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UPLOAD_LIMIT_BYTES", 100)
    for content, code in ((b"", "E-FILE-EMPTY"), (b"x" * 101, "E-UPLOAD-LARGE")):
        with pytest.raises(ZhubaoError, match=code):
            receive(content)
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.clauses("tl-5.1i")
@pytest.mark.parametrize(("total", "codes"), [("30000.00", []), ("29000.00", ["E-EXCHANGE-TOTAL"])])
def test_arrivals_agree_with_their_total(post_of: PostOf, total: str, codes: list[str]) -> None:
    """Ten loans of 3,000 arrived in Tongling: the file names arrivals in total, and each with the source of its money."""
    rows = [
        ContributionReceipt(f"3407{number:011d}", "陈桂芳", CHEN, 2026, 300_000, date(2026, 3, 10), "loan", f"TL{number}")
        for number in range(10)
    ]
    tax, agency = post_of(Role.TAX_CLERK).organisation, post_of(Role.AGENCY_REVIEWER).organisation
    content = write(layout_of("contribution_receipts"), Head("2026-03", tax.name, agency.name, ""), rows, "csv")
    receipt = receive_envelope(
        "contribution_receipts",
        [content.replace(b"30000.00", total.encode())],
        name="到账.csv",
        policy_id="tongling-2022-13",
        region_code="320682",
        sender_id=tax.pk,
        receiver_id=agency.pk,
        actor=post_of(Role.TAX_CLERK).actor(),
        now=NOW,
    )
    assert [fault.code for fault in receipt.faults] == codes
    assert receipt.envelope.lines.count() == (0 if codes else 10)


# ── who sees it ──


def test_a_bank_does_not_see_another_bank_s_files(
    receive: Callable[..., Receipt], send: Callable[..., Envelope], bank: Organisation, agency: Organisation, post_of: PostOf
) -> None:
    envelopes = {send(), receive(good(bank, agency)).envelope}
    own = post_of(Role.BANK_OFFICER)
    assert set(envelopes_for(own.actor())) == set(envelopes_for(post_of(Role.AGENCY_REVIEWER).actor())) == envelopes
    other = add_organisation(bank.region, OrganisationKind.BANK, "另一家银行", actor=SYSTEM, now=NOW)
    stranger = Actor("外行", "320682", Role.BANK_OFFICER, organisation_id=other.pk, user_id=own.user_id)
    for actor in (stranger, post_of(Role.FINANCE_CLERK).actor(), post_of(Role.AGENCY_ADMINISTRATOR).actor()):
        assert not envelopes_for(actor).exists()
        for envelope in envelopes:
            with pytest.raises(Envelope.DoesNotExist):
                access_envelope_for(actor, envelope.pk)


def test_taking_a_file_is_kept_with_its_purpose(send: Callable[..., Envelope], post_of: PostOf) -> None:
    envelope = send()
    officer = post_of(Role.BANK_OFFICER).actor()
    assert hand_over(envelope.pk, actor=post_of(Role.HRSS_SUPERVISOR).actor(), now=NOW).state == EnvelopeState.MADE
    assert hand_over(envelope.pk, actor=officer, now=NOW).state == EnvelopeState.SENT
    entry = AuditEntry.objects.filter(action="envelope.handed_over").latest("number")
    assert (entry.user_id, entry.after["purpose"]) == (officer.user_id, "银行按核定金额发放当年贷款")


# ── what the database refuses by itself ──


def test_the_database_refuses_a_batch_twice(send: Callable[..., Envelope]) -> None:
    envelope = send()
    envelope.pk, envelope.sha256 = None, "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        envelope.save(force_insert=True)


def test_the_database_refuses_a_result_without_its_time(send: Callable[..., Envelope]) -> None:
    send()
    with pytest.raises(IntegrityError), transaction.atomic():
        EnvelopeLine.objects.update(result_code="OK")
