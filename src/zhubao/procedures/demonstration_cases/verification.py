"""The yearly verification: matched with what departments certified, its findings left for the posts to decide."""

from datetime import datetime

from zhubao.access.roles import Role
from zhubao.loans.models import VerificationRun
from zhubao.loans.states import ways_of
from zhubao.loans.verification.running import open_run

from ..verification_run import run_verification
from .offices import Desk


def verify_the_year(desk: Desk, *, now: datetime) -> VerificationRun | None:
    """Have the agency verify the borrowers of a county: whose subsidy goes on this year, whose draws stop after the last window."""
    verifies = ways_of(desk.region.policy).verifies
    if not verifies:
        return None
    year = now.year if verifies == "subsidy" else now.year - 1
    run = open_run(desk.region.code, desk.region.policy, year, actor=desk.at(Role.AGENCY_ACCOUNTANT), now=now)
    return run_verification(run.pk, clock=lambda: now)
