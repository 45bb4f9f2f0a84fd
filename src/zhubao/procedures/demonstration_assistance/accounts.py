"""The personal accounts of Pengshui's people: what they paid in since 2016, and the interest of ten years, each posted by a second person."""

from collections.abc import Iterable
from datetime import date, datetime, time

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.accounts.actions import Credit, credit_many
from zhubao.accounts.interest.actions import approve, enter_rate, open_trial, post_interest, reckon_trial
from zhubao.accounts.models import InterestRun
from zhubao.assistance.models import PlanRow
from zhubao.people.models import Person

from ..demonstration_cases.lives import CHINA
from ..demonstration_cases.offices import Desk

ACTOR = Actor.system("demonstration")
FIRST_YEAR, LAST_YEAR = 2016, 2025
# The years whose contributions a plan of the demonstration brings itself.
BY_A_PLAN = (2022,)
LOWEST_TIER_FEN = 100_00
# Invented, in parts per million; no county's published rates.
RATES_PPM = dict(
    zip(
        range(FIRST_YEAR, LAST_YEAR + 1),
        (26_000, 26_000, 27_000, 29_000, 31_000, 30_000, 29_000, 28_000, 27_000, 25_000),
        strict=True,
    )
)


def live_accounts(desk: Desk) -> int:
    """Enter what people paid in and post the interest of each year; return how many years stand. Safe to repeat."""
    county = desk.region.code
    if InterestRun.objects.filter(region_code=county).exists():
        return InterestRun.objects.posted().filter(region_code=county).count()
    people = Person.objects.filter(pk__in=PlanRow.objects.filter(plan__region_code=county).values("person_id")).order_by("pk")
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        if year not in BY_A_PLAN:
            credit_many(_paid_in(people, year), actor=ACTOR, now=_at(year, 12, 28))
        document = f"演示记账利率〔{year + 1}〕1号（演示数据，非官方）"
        enter_rate(county, year, RATES_PPM[year], document, actor=ACTOR, now=_at(year + 1, 1, 10))
        _post(desk, year)
    return LAST_YEAR - FIRST_YEAR + 1


def _paid_in(people: Iterable[Person], year: int) -> list[Credit]:
    """Return what people paid in during a year: each on a day of their own, those too young then nothing."""
    return [
        Credit(
            person.pk,
            "own",
            LOWEST_TIER_FEN,
            date(year, 3 + person.pk % 8, 1 + person.pk % 27),
            f"person:{person.pk}",
            f"contribution/{year}",
        )
        for person in people
        if year - person.born.year >= 16
    ]


def _post(desk: Desk, year: int) -> None:
    """Try a year out as the accountant, approve it as the approving officer, and post it."""
    now = _at(year + 1, 1, 15)
    run = open_trial(desk.region.code, year, actor=desk.at(Role.AGENCY_ACCOUNTANT), now=now)
    reckon_trial(run.pk, now=now)
    approve(run.pk, actor=desk.at(Role.AGENCY_APPROVER), now=now)
    post_interest(run.pk, now=now)


def _at(year: int, month: int, day: int) -> datetime:
    return datetime.combine(date(year, month, day), time(10), CHINA)
