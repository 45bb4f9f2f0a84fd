"""The example of docs/explanation/month-end.md: one loan in Rugao, closed by replay in August and as columns in September."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.loans.lives import COUNTY, SYSTEM, PostOf, at, life_of
from zhubao.ledger.models import Posting
from zhubao.lending.events import deducted
from zhubao.loans.models import DeductionOrder, LoanClosing, LoanStanding
from zhubao.loans.quiet.closing import close_quiet
from zhubao.loans.quiet.standings import kept_in
from zhubao.loans.repaying import deduction_key, record_pension
from zhubao.loans.states import RUGAO
from zhubao.loans.stepping import add_event
from zhubao.procedures import month_end
from zhubao.procedures.month_end import close_month

pytestmark = pytest.mark.django_db


def close(month: int, day: int) -> None:
    """Close a month of 2022 on its last day."""
    close_month(COUNTY, date(2022, month, day), actor=SYSTEM, clock=lambda: at(2022, month, day))


def test_the_example_comes_out_as_it_is_told(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> None:
    life = life_of(RUGAO, post_of)
    life.year(2021)
    record_pension(life.loan.pk, date(2022, 7, 1), 180_000, "待遇发放文件", actor=SYSTEM, now=at(2022, 7, 5))
    close(7, 31)
    _taken(life.loan, 7)
    close(8, 31)
    standing = kept_in(LoanStanding.objects.get())
    assert (sum(standing.remaining), standing.raw_interest) == (754_002, 754_002 * 49_000 * 27)
    assert (standing.ordered_cap_fen, standing.open_fen) == (90_000, 90_000)
    _taken(life.loan, 8)
    closed: list[int] = []
    monkeypatch.setattr(month_end, "close_quiet", _counted(close_quiet, closed))
    close(9, 30)
    assert closed == [1]
    posted = Posting.objects.filter(party="bank", on__gt=date(2022, 8, 31)).values_list("on", "kind", "amount_fen")
    assert sorted((on.day, kind, fen) for on, kind, fen in posted) == [
        (5, "accrue_borrower.bank", 410),
        (5, "deduct_interest.bank", 3_181),
        (5, "deduct_principal.bank", 86_819),
        (30, "accrue_borrower.bank", 2_361),
    ]
    order = DeductionOrder.objects.latest("month")
    assert (order.debt_fen, order.amount_fen) == (669_453, 90_000)
    assert LoanClosing.objects.latest("as_of").owed_fen == 667_183 + 2_361


def _taken(loan: Any, month: int) -> None:
    """Tell that the bank took a month's 900.00 on the fifth of the next."""
    on, wanted = date(2022, month + 1, 5), date(2022, month, 1)
    event = deducted(on, 90_000, [wanted])
    add_event(loan, deduction_key(wanted), event, "回盘", actor=SYSTEM, now=at(2022, month + 1, 5))


def _counted(real: Callable[..., int], closed: list[int]) -> Callable[..., int]:
    def closing(*arguments: Any, **more: Any) -> int:
        closed.append(real(*arguments, **more))
        return closed[-1]

    return closing
