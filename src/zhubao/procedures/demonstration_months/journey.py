"""A journey of the demonstration: so many months asked for at once, lived in the background one after the other."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from zhubao.access.actions import real_data
from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.models import Installation
from zhubao.demonstration.parameters import LAST_YEAR
from zhubao.demonstration.regions import RegionKey
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending.days import months_later
from zhubao.loans.models import Loan
from zhubao.oversight.months.models import DemonstrationJourney

from ..demonstration_cases.offices import LOAN_COUNTIES
from .month import live_month, next_month

MOST_MONTHS = 48


@transaction.atomic
def ask_journey(months: int, *, actor: Actor, now: datetime) -> DemonstrationJourney:
    """Ask for so many months, and return the journey; while one is under way it is that one, whatever was asked.

    Raise E-REAL-DATA where the data is none of a demonstration, E-DEMONSTRATION-EMPTY before the counties have loans,
    E-DEMONSTRATION-MONTHS for a number of months that is none, E-DEMONSTRATION-END beyond the last year the demonstration has figures for.
    """
    require_demonstration()
    under_way = DemonstrationJourney.objects.select_for_update().filter(finished_at=None).first()
    if under_way is not None:
        return under_way
    if not 1 <= months <= MOST_MONTHS:
        problem = Text(f"一次推进 1 至 {MOST_MONTHS} 个月", f"1 to {MOST_MONTHS} months at a time")
        raise ZhubaoError("E-DEMONSTRATION-MONTHS", problem, place=str(months))
    if not Loan.objects.exists():
        raise ZhubaoError(
            "E-DEMONSTRATION-EMPTY",
            Text("演示县还没有贷款", "the demonstration has no loans yet"),
            remedy=Text("先运行 zhubao demo", "run zhubao demo first"),
        )
    first = next_month(LOAN_COUNTIES)
    last = months_later(first, months - 1, 1)
    if last > LAST_MONTH:
        raise ZhubaoError(
            "E-DEMONSTRATION-END",
            Text(f"演示数据只到 {LAST_YEAR} 年", f"the demonstration has figures until {LAST_YEAR} only"),
            place=f"{last:%Y-%m}",
            remedy=Text("少推进几个月，或重新装入演示数据", "ask for fewer months, or fill the demonstration anew"),
        )
    try:
        with transaction.atomic():
            journey = DemonstrationJourney.objects.create(first=first, months=months, asked_at=now, asked_by_id=actor.post_id)
    except IntegrityError:
        return DemonstrationJourney.objects.get(finished_at=None)
    after = {"first": f"{first:%Y-%m}", "months": months}
    record("demonstration.journey", f"journey:{journey.pk}", actor=actor, now=now, after=after)
    return journey


LAST_MONTH = date(LAST_YEAR, 12, 1)


def run_journey(
    journey_id: int,
    *,
    keys: Sequence[RegionKey] = LOAN_COUNTIES,
    clock: Callable[[], datetime],
    told: Callable[[DemonstrationJourney], None] | None = None,
) -> DemonstrationJourney:
    """Live the months of a journey; after any stop it goes on where it stood. `told` hears after each month.

    A month that breaks ends the journey with its fault on record: asked again, the month goes on before what broke.
    """
    journey = DemonstrationJourney.objects.get(pk=journey_id)
    try:
        while journey.finished_at is None:
            live_month(keys, months_later(journey.first, journey.done, 1))
            journey.done += 1
            journey.finished_at = clock() if journey.done == journey.months else None
            journey.save(update_fields=["done", "finished_at"])
            if told is not None:
                told(journey)
    except Exception as error:
        journey.finished_at, journey.fault = clock(), f"{type(error).__name__}: {error}"[:300]
        journey.save(update_fields=["finished_at", "fault"])
        raise
    return journey


def require_demonstration() -> None:
    """Raise E-REAL-DATA unless the database holds a demonstration."""
    if not Installation.objects.filter(demonstration=True).exists():
        raise real_data()
