"""A month-end killed at any point, or run twice at the same time, leaves the books of one that was left alone."""

import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.loans.lives import COUNTY, SYSTEM, PostOf, at, life_of
from tests.loans.test_events import together
from tests.procedures.test_killed import dying, killed_while
from zhubao.access.models import AuditEntry
from zhubao.ledger.models import Posting
from zhubao.loans import month_end as chunks
from zhubao.loans.models import DeductionOrder, LoanClosing, MonthEndRun
from zhubao.loans.repaying import record_pension
from zhubao.loans.states import RUGAO
from zhubao.procedures import month_end
from zhubao.procedures.month_end import MonthEnd, as_json, close_month

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(sys.platform != "linux", reason="forks processes"),
]
LOANS, DAY = 5, date(2022, 7, 31)
# 8 400 yuan at 4.9 % over 360 are 114.3333 fen a day. 285 days to the settlement of 2021: 32 585. From there 193 days to the pension,
# 22 066, are the government's; of the 224 days to the end of July, 25 611, the borrower has the rest.


def county(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open five Rugao loans with a draw of 2021 and a pension from July 2022; chunks are of two loans."""
    for number in range(LOANS):
        life = life_of(RUGAO, post_of, name=f"L{number}", sequence=40 + 2 * number)
        life.year(2021)
        record_pension(life.loan.pk, date(2022, 7, 1), 180_000, "待遇发放文件", actor=SYSTEM, now=at(2022, 7, 5))
    monkeypatch.setattr(month_end, "CHUNK", 2)


def close(workers: int = 1) -> MonthEnd:
    """Close July 2022."""
    return close_month(COUNTY, DAY, workers=workers, actor=SYSTEM, clock=lambda: at(2022, 8, 1))


def complete() -> None:
    """Make sure that everything was done once and for all loans."""
    assert LoanClosing.objects.count() == DeductionOrder.objects.count() == LOANS
    assert MonthEndRun.objects.exclude(finished_at=None).count() == 1
    assert AuditEntry.objects.filter(action="month_end.finished").count() == 1
    assert AuditEntry.objects.filter(action="loan.begin_repaying").count() == LOANS
    per_loan = list(_by_loan().values())
    assert all(each == per_loan[0] for each in per_loan)
    assert sum(fen for kind, fen in per_loan[0] if kind == "accrue_government.bank") == 32_585 + 22_066
    assert sum(fen for kind, fen in per_loan[0] if kind == "accrue_borrower.bank") == 25_611 - 22_066


def _by_loan() -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for subject, kind, fen in Posting.objects.order_by("on", "kind", "entry").values_list("subject", "kind", "amount_fen"):
        found.setdefault(subject, []).append((kind, fen))
    return found


POINTS = [
    pytest.param(month_end, "close_loans", 1, True, 0, id="第一批之前"),
    pytest.param(chunks, "examine", 3, False, 2, id="第二批计算中"),
    pytest.param(chunks, "post_new", 2, False, 2, id="第二批记账之后、提交之前"),
    pytest.param(chunks, "begin_repaying_together", 2, False, 2, id="第二批转入偿还之后、提交之前"),
    pytest.param(month_end, "close_loans", 2, False, 4, id="第二批提交之后"),
    pytest.param(month_end, "_finish", 1, True, 5, id="全部办完、汇总之前"),
    pytest.param(month_end, "_finish", 1, False, 5, id="汇总之后"),
]


@pytest.mark.parametrize(("module", "name", "call", "before", "closed"), POINTS)
def test_a_killed_run_is_repeated_to_the_same_books(
    post_of: PostOf, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, call: int, before: bool, closed: int
) -> None:
    county(post_of, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(module, name, dying(getattr(module, name), call, before=before))
        assert killed_while(close) == signal.SIGKILL
    assert LoanClosing.objects.count() == closed
    result = as_json(close())
    assert (result["loans"], result["orders"], result["held"]) == (LOANS, LOANS, [])
    complete()
    again = as_json(close())
    assert again == {**result, "already_done": True}


def test_two_month_ends_at_once_do_it_once(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> None:
    county(post_of, monkeypatch)
    said: list[dict[str, Any]] = []

    def one() -> None:
        try:
            said.append({**as_json(close()), "already_done": None})
        finally:
            connection.close()

    works: list[Callable[[], None]] = [one, one]
    together(works)
    assert said[0] == said[1]
    assert said[0]["loans"] == LOANS
    complete()


def test_several_processes_share_a_run(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> None:
    county(post_of, monkeypatch)
    result = as_json(close(workers=3))
    assert (result["loans"], result["orders"]) == (LOANS, LOANS)
    complete()
