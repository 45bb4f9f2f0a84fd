"""The projection of one loan by `replay`: for terms that columns do not step, and to check those that they do."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from zhubao.lending import Event, Kind, Terms, replay
from zhubao.lending.events import agreed_set, basic_pension_set, certified, deduction_due, floor_set, pension_set

from .projection import Seen

# With a pension no rule can exhaust, the agreed amount alone bounds a deduction.
BOUNDLESS = 10**13


def look_at(terms: Terms, events: Sequence[Event], coming: Sequence[Event], looks: Sequence[int]) -> Seen:
    """Return the figures of one loan as a column; `events` with their settlements up to the first look, `coming` after it."""
    first = date.fromordinal(looks[0])
    seen = Seen.empty(len(looks), 1)
    granted = [event for event in coming if event.kind != Kind.CERTIFICATION_LOST] + [certified(first)]
    base = replay(terms, events, first - timedelta(1))
    for number, day in enumerate(looks):
        on = date.fromordinal(day)
        outcome = replay(terms, [*events, *coming], on - timedelta(1))
        best = replay(terms, [*events, *granted], on - timedelta(1))
        interest, government = outcome.accrued(on)
        seen.claimed[number, 0] = outcome.subsidy_total - base.subsidy_total
        seen.government[number, 0] = seen.claimed[number, 0] + government
        seen.claimable[number, 0] = best.subsidy_total - base.subsidy_total
        seen.possible[number, 0] = seen.claimable[number, 0] + best.accrued(on)[1]
        seen.debt[number, 0] = outcome.principal + outcome.interest_due + interest - government
        told = [event for event in [*events, *coming] if event.day < day]
        seen.certified[number, 0] = _holds(told)
        seen.drawn[number, 0] = sum(event.amount for event in told if event.kind == Kind.TRANCHE_PAID)
    return seen


def deductions(days: Iterable[date], most_fen: int) -> list[Event]:
    """Return deductions that take `most_fen` each, whatever the rule of the terms."""
    due = [deduction_due(day) for day in days]
    if not due:
        return []
    first = min(event.on for event in due)
    return [
        pension_set(first, BOUNDLESS),
        floor_set(first, 0),
        basic_pension_set(first, 0),
        agreed_set(first, most_fen),
        *due,
    ]


def _holds(events: Sequence[Event]) -> bool:
    told = [event for event in sorted(events) if event.kind in {Kind.CERTIFIED, Kind.CERTIFICATION_LOST}]
    return bool(told) and told[-1].kind == Kind.CERTIFIED
