"""The yearly verification: matched with what departments certified, its findings left for the posts to decide."""

from datetime import date, datetime

from zhubao.access.roles import Role
from zhubao.loans.models import Loan, VerificationRun
from zhubao.loans.states import ways_of
from zhubao.loans.verification.running import open_run
from zhubao.people.recording import certify
from zhubao.people.statements import IdentityStatement, Origin

from ..verification_run import run_verification
from .offices import Desk
from .people import LISTS


def verify_the_year(desk: Desk, *, now: datetime) -> VerificationRun | None:
    """Have the agency verify the borrowers of a county: whose subsidy goes on this year, whose draws stop after the last window."""
    verifies = ways_of(desk.region.policy).verifies
    if not verifies:
        return None
    year = now.year if verifies == "subsidy" else now.year - 1
    if verifies == "subsidy":
        _certify_one(desk, year, now=now)
    run = open_run(desk.region.code, desk.region.policy, year, actor=desk.at(Role.AGENCY_ACCOUNTANT), now=now)
    return run_verification(run.pk, clock=lambda: now)


def _certify_one(desk: Desk, year: int, *, now: datetime) -> None:
    """Have civil affairs certify a borrower who bore the interest so far: the verification finds that the subsidy begins."""
    ways = ways_of(desk.region.policy)
    loans = Loan.objects.filter(policy_id=desk.region.policy, region_code__startswith=desk.region.code, subsidised_from=None)
    loans = loans.filter(state__in=ways.verified_in, tranches__drawn_on__lt=date(year, 1, 1)).order_by("pk")
    for loan in loans[:1]:
        said = IdentityStatement("urban_dibao", "civil_affairs", Origin("认定部门名册（演示）"), date(year, 7, 1), None)
        certify(loan.person_id, said, actor=LISTS, now=now)
