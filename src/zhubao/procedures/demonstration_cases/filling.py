"""Has the lives of the three loan counties lived, once, and opens the citizens' accounts."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from zhubao.access.models import User
from zhubao.access.roles import Role
from zhubao.cases.models import Case
from zhubao.demonstration.regions import REGIONS, RegionKey
from zhubao.loans.models import Loan
from zhubao.oversight.reconciliation import reconcile
from zhubao.people.models import CitizenAccount

from ..demonstration_counties import shared_hash
from . import jiangxi, rugao, tongling
from .claims import claim_the_year
from .integrity import find_fraud
from .lives import CHINA, Life, Tale, live
from .offices import Desk
from .people import Crowd, crowds, enter
from .processes import pool
from .verification import verify_the_year

# The day the cases stand at lies in the yearly window, after two months of filings and before its end.
FIRST_DAY, LAST_DAY = date(2026, 11, 20), date(2026, 12, 18)
CLOSES = time(17, 30)
# The longest first, so that processes side by side end together.
PROGRAMMES: dict[RegionKey, tuple[type[Life], tuple[Tale, ...]]] = {
    "rugao": (rugao.RugaoLife, rugao.TALES),
    "jiangxi": (jiangxi.JiangxiLife, jiangxi.TALES),
    "tongling": (tongling.TonglingLife, tongling.TALES),
}
NEWCOMER, NEWCOMER_SERIAL = "citizen-new", 999


@dataclass(frozen=True)
class Counts:
    """How many cases and loans there are."""

    cases: int
    loans: int


def fill_cases(*, people: int, seed: int, password: str, jobs: int = 1, now: datetime) -> Counts:
    """Have every life lived whose county has no case yet, each county whole or not at all; return what there is then.

    The counties know nothing of each other: `jobs` processes live them side by side.
    """
    standing = standing_day(now)
    empty = [key for key in PROGRAMMES if not Case.objects.filter(policy_id=REGIONS[key].policy).exists()]
    if empty:
        found, hashed = crowds(people, seed), shared_hash(password)
        if jobs > 1 and len(empty) > 1:
            with pool(jobs) as processes:
                for filling in [processes.submit(fill_county, found[key], standing, hashed) for key in empty]:
                    filling.result()
        else:
            for key in empty:
                fill_county(found[key], standing, hashed)
    return Counts(Case.objects.count(), Loan.objects.count())


def standing_day(now: datetime) -> date:
    """Return the day the demonstration is lived up to: today, as far as it lies in the yearly window."""
    return min(max(timezone.localdate(now), FIRST_DAY), LAST_DAY)


def citizens() -> list[User]:
    """Return the citizens who have an account, by the name they sign in with."""
    accounts = CitizenAccount.objects.select_related("user").filter(user__username__startswith="citizen-")
    return [account.user for account in accounts.order_by("user__username")]


@transaction.atomic
def fill_county(crowd: Crowd, standing: date, hashed: str) -> None:
    """Have the lives of one county lived up to a day, and its books compared with those of bank and tax office."""
    desk = Desk(REGIONS[crowd.region])
    kind, tales = PROGRAMMES[crowd.region]
    lives: list[tuple[Life, int]] = []
    for tale in tales:
        for age in tale.ages:
            lives.append((kind(desk, crowd, tale, len(lives) + 1, hashed), age))
    live(lives, standing)
    evening = datetime.combine(standing, CLOSES, CHINA)
    if desk.region.key == "rugao":
        _add_newcomer(desk, crowd, hashed, now=evening)
    claim_the_year(desk, now=evening)
    for year in (standing.year - 1, standing.year):
        reconcile(desk.region.code, year, actor=desk.at(Role.AGENCY_ACCOUNTANT), now=evening)
    find_fraud(desk, now=evening)
    verify_the_year(desk, now=evening)


def _add_newcomer(desk: Desk, crowd: Crowd, hashed: str, *, now: datetime) -> None:
    """Register somebody with an account who has not applied yet."""
    applicant = crowd.take("dibao", fresh=True)
    bank = desk.banks[0]
    person = enter(desk, crowd, applicant, bank, region_code=rugao.VILLAGE, serial=NEWCOMER_SERIAL, now=now)
    desk.citizen(person, NEWCOMER, hashed, now=now)
