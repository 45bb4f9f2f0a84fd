"""Has the years of contributions on behalf lived that the demonstration shows: one from end to end, and the one that goes on now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhubao.access.actions import add_organisation
from zhubao.access.actors import Actor
from zhubao.access.models import Region as Place
from zhubao.access.roles import OrganisationKind
from zhubao.assistance.models import AssistancePlan, PlanRunKind
from zhubao.demonstration.county import county
from zhubao.demonstration.people import SyntheticPerson
from zhubao.demonstration.regions import REGIONS, RegionKey

from ..demonstration_cases.offices import Desk
from .accounts import BY_A_PLAN, live_accounts
from .offices import ASSISTANCE_COUNTIES
from .people import listed_people
from .year import FIRST_ROUND, IN_FULL, LATE, SECOND_ROUND, AssistanceYear

ACTOR = Actor.system("demonstration")
# Pengshui's document is of one year, lived to its end; the year that goes on rests on a term the demonstration extends.
YEARS: dict[RegionKey, tuple[int, ...]] = {"pengshui": (2022, 2026), "ganzhou": (2026,)}


@dataclass(frozen=True)
class Happening:
    """Something that happens in a year on a day; month 13 is January of the next. `only`: the one county where it does."""

    month: int
    day: int
    what: Callable[[AssistanceYear, datetime], None]
    only: RegionKey | None = None


# What happens in the order of the days. In Ganzhou the county pays for all by one claim: nobody verifies, nobody is given back anything.
HAPPENINGS: tuple[Happening, ...] = (
    Happening(1, 4, AssistanceYear.enter_register),
    Happening(1, 5, lambda year, now: year.hand_in_lists(1, now)),
    Happening(1, 10, AssistanceYear.open),
    Happening(1, 13, AssistanceYear.publish),
    Happening(3, 2, AssistanceYear.enter_the_uninsured),
    Happening(4, 7, lambda year, now: year.update(4, now)),
    Happening(5, 20, lambda year, now: year.pay_own_parts(FIRST_ROUND, f"ZF{year.year}-1", now)),
    Happening(5, 25, lambda year, now: year.pay_own_parts((IN_FULL,), f"QE{year.year}-1", now, in_full=True)),
    Happening(6, 8, lambda year, now: year.update(6, now)),
    Happening(7, 15, AssistanceYear.call_on_households),
    Happening(8, 24, lambda year, now: year.pay_own_parts(SECOND_ROUND, f"ZF{year.year}-2", now)),
    Happening(9, 5, lambda year, now: year.list_actual(f"SJ{year.year}-1", now), "pengshui"),
    Happening(9, 12, AssistanceYear.list_refunds, "pengshui"),
    Happening(9, 20, AssistanceYear.claim),
    Happening(9, 26, AssistanceYear.pay_claims),
    Happening(9, 29, AssistanceYear.allocate),
    Happening(10, 9, lambda year, now: year.update(10, now)),
    Happening(10, 15, AssistanceYear.pay_refunds, "pengshui"),
    Happening(10, 28, AssistanceYear.close_receipts),
    Happening(11, 12, lambda year, now: year.pay_own_parts((*FIRST_ROUND, *SECOND_ROUND), f"ZF{year.year}-3", now)),
    Happening(11, 16, AssistanceYear.draw_up_settlement, "pengshui"),
    Happening(12, 2, lambda year, now: year.pay_own_parts((IN_FULL, LATE), f"ZF{year.year}-4", now)),
    Happening(12, 5, lambda year, now: year.list_actual(f"SJ{year.year}-2", now), "pengshui"),
    Happening(12, 12, AssistanceYear.claim),
    Happening(12, 16, AssistanceYear.pay_claims),
    Happening(12, 20, AssistanceYear.settle_disability, "pengshui"),
    Happening(12, 22, AssistanceYear.allocate),
    Happening(12, 28, lambda year, now: year.reckon(PlanRunKind.MONTHLY, now)),
    Happening(13, 5, AssistanceYear.close_receipts),
    Happening(13, 8, AssistanceYear.close_rest),
    Happening(13, 12, AssistanceYear.close),
)


def fill_years(*, people: int, seed: int, until: date) -> int:
    """Have the years lived that no plan stands for yet, up to a day, each whole or not at all; return how many plans there are."""
    places = {place.region: place for place in county(people, seed)}
    for key in ASSISTANCE_COUNTIES:
        for year in YEARS[key]:
            region = REGIONS[key]
            if AssistancePlan.objects.filter(region_code=region.code, policy_id=region.policy, year=year).exists():
                continue
            live_year(key, year, places[key].people, until)
            if year == BY_A_PLAN[-1]:
                with transaction.atomic():
                    live_accounts(Desk(region))
    return AssistancePlan.objects.count()


@transaction.atomic
def live_year(key: RegionKey, year: int, people: Sequence[SyntheticPerson], until: date) -> None:
    """Have one county's year lived up to a day, included."""
    region = REGIONS[key]
    desk = Desk(region)
    place = Place.objects.get(code=region.code)
    first = datetime.fromisoformat(f"{year}-01-01T08:00:00+08:00")
    bank = add_organisation(place, OrganisationKind.BANK, f"演示合作银行{region.name[:2]}支行", actor=ACTOR, now=first)
    told = AssistanceYear(desk, bank, listed_people(region, people, year), year)
    for happening in HAPPENINGS:
        now = told.at(happening.month, happening.day)
        if now.date() > until:
            break
        if happening.only in {None, key}:
            happening.what(told, now)
