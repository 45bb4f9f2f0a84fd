"""Three borrowers on last year's list of whom this year's has two, verified; the clock stands on 20 November 2022."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from tests.loans.lives import COUNTY, Life, PostOf, at
from tests.loans.verification.rosters import NOVEMBER, borrowers, listed
from zhubao.access.roles import Role
from zhubao.loans.models import VerificationRun
from zhubao.loans.states import JIANGXI
from zhubao.loans.verification.running import open_run
from zhubao.procedures.verification_run import run_verification


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock."""
    moment: datetime = at(2022, 11, 20)
    monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def lives(post_of: PostOf) -> list[Life]:
    """Three borrowers and two lists."""
    found = borrowers(post_of)
    listed("urban_dibao", 1, 2, 3, on=date(2020, 12, 1))
    listed("urban_dibao", 1, 2, on=date(2022, 10, 15))
    return found


@pytest.fixture
def run(lives: list[Life], post_of: PostOf) -> VerificationRun:
    """The run of 2022 with its budget."""
    opened = open_run(COUNTY, JIANGXI, 2022, actor=post_of(Role.AGENCY_ACCOUNTANT).actor(), now=NOVEMBER)
    return run_verification(opened.pk, clock=lambda: NOVEMBER)
