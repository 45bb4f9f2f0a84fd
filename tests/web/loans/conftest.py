"""Offices and loans as the pages about loans meet them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cases import lives
from tests.cases.offices import Offices
from tests.procedures import year
from tests.web.cases.conftest import clock, desk, jiangxi, rugao, tongling, uploads_apart
from zhubao.loans.models import Loan

__all__ = ["clock", "desk", "jiangxi", "rugao", "tongling", "uploads_apart"]

WEDNESDAY = "2026-10-14"


@pytest.fixture
def signed(jiangxi: Offices, clock: Callable[[Any], None]) -> Loan:
    """Return the loan of 沈志远, signed on Monday; today is Wednesday."""
    case = year.signed_jiangxi(jiangxi)
    clock(lives.at(WEDNESDAY, 15))
    return Loan.objects.get(case_number=case.number)
