"""Quiet loans closed as columns leave the rows that replays leave: random years of random loans, closed both ways."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from tests.loans.lives import SYSTEM, at
from zhubao.loans.models import LoanStanding
from zhubao.loans.quiet.closing import close_quiet
from zhubao.procedures import month_end
from zhubao.procedures.month_end import close_month

from .county import COUNTY, live, open_county, rows

pytestmark = pytest.mark.django_db
LOANS, MONTHS = 14, 8


def close(day: date) -> None:
    """Close the county as of a day."""
    close_month(COUNTY, day, actor=SYSTEM, clock=lambda: at(day.year, day.month, day.day))


def close_by_replay(day: date) -> None:
    """Close the county with nothing kept of earlier closings."""
    LoanStanding.objects.all().delete()
    close(day)


@pytest.mark.parametrize("seed", range(4))
def test_columns_and_replays_leave_the_same_rows(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(month_end, "QUIET_CHUNK", 5)
    loans = open_county(LOANS, seed)
    quiet: list[int] = []

    def counted(real: Callable[..., int]) -> Callable[..., int]:
        def closing(*arguments: Any, **more: Any) -> int:
            quiet.append(real(*arguments, **more))
            return quiet[-1]

        return closing

    monkeypatch.setattr(month_end, "close_quiet", counted(close_quiet))
    found = []
    for way in (close, close_by_replay):
        with transaction.atomic():
            live(loans, MONTHS, seed, way)
            found.append(rows())
            transaction.set_rollback(True)
        if way is close:
            assert sum(quiet) > LOANS
    for name, those in found[0].items():
        assert those == found[1][name], name
