"""The process that applies a bank's file is killed (SIGKILL) at any point: the next run completes, nothing doubled, nothing lost."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connections

from tests.cases import lives
from tests.loans.lives import COUNTY, PostOf, life_of
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.cases.contract import RUGAO
from zhubao.exchange import lines
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.draw_return import DrawReturn
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Envelope, EnvelopeLine, EnvelopeState
from zhubao.ledger.models import Posting
from zhubao.loans.models import Tranche
from zhubao.procedures import draw_paid
from zhubao.procedures.forked import drop_inherited_connections

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="forks a process to kill"),
]
LOANS = 4
NOW = lives.at("2021-03-12")


def received(post_of: PostOf) -> Envelope:
    """Return the bank's file about four released draws of 2021, received and not applied."""
    draws = [life_of(RUGAO, post_of, name=f"L{number}", sequence=40 + 2 * number).ready(2021) for number in range(LOANS)]
    agency, bank = (post_of(role).organisation for role in (Role.AGENCY_ACCOUNTANT, Role.BANK_OFFICER))
    rows = [DrawReturn(draw.loan.number, 2021, 1, draw.amount_fen, date(2021, 3, 10), "drawn", "", "LS") for draw in draws]
    receipt = draw_paid.receive_draw_return(
        [write(layout_of("draw_return"), Head("R1", bank.name, agency.name, "登记放款"), rows, "csv")],
        name="放款回盘.csv",
        policy_id=RUGAO,
        region_code=COUNTY,
        bank_id=bank.pk,
        agency_id=agency.pk,
        actor=post_of(Role.AGENCY_ACCOUNTANT).actor(),
        now=NOW,
    )
    assert not receipt.refused, receipt.faults
    return receipt.envelope


def killed_while(work: Callable[[], Any]) -> int:
    """Do some work in a process of its own and return the signal that ended it, 0 when it came to its end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            drop_inherited_connections()
            work()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def dying(function: Callable[..., Any], at_call: int, *, before: bool) -> Callable[..., Any]:
    """Return a function that kills its process at one of its calls, before or after doing its work."""
    calls = iter(range(1, 1000))

    def instead(*arguments: Any, **named: Any) -> Any:
        last = next(calls) == at_call
        if last and before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return instead


POINTS = [
    pytest.param(draw_paid, "record_draw", 1, True, 0, id="第一笔登记之前"),
    pytest.param(draw_paid, "record_draw", 3, False, 2, id="第三笔登记之后、记结果之前"),
    pytest.param(lines, "apply_line", 2, False, 1, id="第二笔记结果之后、提交之前"),
    pytest.param(lines, "apply_line", 4, True, 3, id="最后一笔记结果之前"),
    pytest.param(lines, "finish_envelope", 1, True, 4, id="全部办完、办结之前"),
    pytest.param(lines, "finish_envelope", 1, False, 4, id="办结之后"),
]


@pytest.mark.parametrize(("module", "name", "call", "before", "applied"), POINTS)
def test_the_next_run_completes_what_a_killed_one_began(
    post_of: PostOf, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: int, before: bool, applied: int
) -> None:
    envelope = received(post_of)
    with monkeypatch.context() as patched:
        patched.setattr(module, name, dying(getattr(module, name), call, before=before))
        ended = killed_while(lambda: draw_paid.apply_draw_return(envelope.pk, clock=lambda: NOW))
    assert ended == signal.SIGKILL
    assert EnvelopeLine.objects.filter(envelope=envelope).exclude(applied_at=None).count() == applied
    assert Tranche.objects.filter(state="drawn").count() == applied
    done = draw_paid.apply_draw_return(envelope.pk, clock=lambda: NOW)
    assert (done.state, done.taken_count, done.taken_fen) == (EnvelopeState.ACCEPTED, LOANS, envelope.total_fen)
    lent = Posting.objects.filter(party="bank", debit="loan_principal")
    assert sum(posting.amount_fen for posting in lent) == envelope.total_fen
    assert lent.count() == LOANS
    assert AuditEntry.objects.filter(action="loan.record_draw").count() == LOANS
    assert AuditEntry.objects.filter(action="envelope.finished").count() == 1
