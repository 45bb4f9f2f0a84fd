"""What a bank asks for a loan and year beside what its days come to: the difference, and the days and figures that cause it."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from .events import Event, Kind
from .government_days import Stretch, claim_window
from .money import MILLION, half_up
from .terms import Terms


class Cause(StrEnum):
    """Why a line differs from what its days come to, or why nothing of it may be paid."""

    ROUNDING = "rounding"
    DAY_COUNT = "day_count"
    ARITHMETIC = "arithmetic"
    RATE = "rate"
    UNKNOWN_DRAW = "unknown_draw"
    BEFORE_DRAW = "before_draw"
    NOT_CERTIFIED = "not_certified"
    AFTER_GRACE = "after_grace"
    AFTER_DEATH = "after_death"
    NOT_PAID_IN = "not_paid_in"
    OUTSIDE_PERIOD = "outside_period"
    DUPLICATE = "duplicate"
    ALREADY_CLAIMED = "already_claimed"
    ASKED_LESS = "asked_less"
    BACK_DATED = "back_dated"
    NOT_LISTED = "not_listed"


class Asked(NamedTuple):
    """One line of the bank: from `start` to `end` (not counted, ordinals) on `principal` at `ppm`; `days` and `fen` as it says."""

    start: int
    end: int
    principal: int
    ppm: int
    days: int
    fen: int


class Span(NamedTuple):
    """Some days on which both sides hold still: what the bank charges and what is borne, in fen × ppm a day, and the cause if any.

    `fen` is what the days differ by, the bank's less ours, rounded by itself.
    """

    start: int
    end: int
    asked: int
    borne: int
    cause: Cause | None
    fen: int


class Compared(NamedTuple):
    """A comparison: sums in fen, the spans of days, and what each cause comes to; together they are the difference."""

    asked: int
    computed: int
    spans: tuple[Span, ...]
    causes: dict[Cause, int]

    @property
    def main(self) -> Cause | None:
        """The cause that weighs most; None where nothing differs."""
        if self.asked == self.computed:
            return None
        return max(self.causes, key=lambda cause: abs(self.causes[cause]), default=Cause.ROUNDING)


def year_unit(terms: Terms) -> int:
    """Return the fen × ppm × days that make one fen."""
    return (365 if terms.day_count == "act365" else 360) * MILLION


def compare(
    terms: Terms,
    events: Iterable[Event],
    year: int,
    asked: Sequence[Asked],
    borne: Sequence[Stretch],
    *,
    claimed: int = 0,
    died_on: date | None = None,
) -> Compared:
    """Return what a bank's lines of a loan and claim year differ by from `borne`, its stretches of that year.

    `claimed`: what other claims were paid for the year already, fen; `died_on`: the death on record where the loan does not know it.
    """
    unit = year_unit(terms)
    start, end = claim_window(terms, year)
    status = _Status(terms, events, start, end, died_on)
    computed = sum(each.interest for each in borne) - claimed
    total = sum(line.fen for line in asked)
    causes: dict[Cause, int] = {}
    for line in asked:
        cause, fen = _own_figures(line, unit)
        if cause is not None:
            causes[cause] = causes.get(cause, 0) + fen
    spans = tuple(_spans(asked, borne, status, unit))
    for span in spans:
        if span.cause is not None:
            causes[span.cause] = causes.get(span.cause, 0) + span.fen
    if claimed:
        causes[Cause.ALREADY_CLAIMED] = causes.get(Cause.ALREADY_CLAIMED, 0) + claimed
    rest = total - computed - sum(causes.values())
    if rest:
        causes[Cause.ROUNDING] = rest
    return Compared(total, computed, spans, {cause: fen for cause, fen in causes.items() if fen})


def _own_figures(line: Asked, unit: int) -> tuple[Cause | None, int]:
    """Return why a line's amount does not follow from its own figures, and by how much; a fen of rounding is none."""
    weight, span = line.principal * line.ppm, line.end - line.start
    expected = half_up(weight * span, unit)
    if abs(line.fen - expected) <= 1:
        return None, 0
    others = (365 * MILLION, 360 * MILLION)
    if any(abs(line.fen - half_up(weight * days, by)) <= 1 for days in {line.days, span, span + 1} for by in others):
        return Cause.DAY_COUNT, line.fen - expected
    return Cause.ARITHMETIC, line.fen - expected


def _spans(asked: Sequence[Asked], borne: Sequence[Stretch], status: "_Status", unit: int) -> Iterable[Span]:
    edges = {line.start for line in asked} | {line.end for line in asked} | {each.start for each in borne}
    edges |= {each.end for each in borne} | status.edges
    days = sorted(edges)
    for start, end in pairwise(days):
        lines = [line for line in asked if line.start <= start < line.end]
        ours = [each for each in borne if each.start <= start < each.end]
        told, held = sum(line.principal * line.ppm for line in lines), sum(each.principal * each.ppm for each in ours)
        if not told and not held:
            continue
        cause = None
        if told != held:
            cause = _why(start, lines, ours, told, held, status)
        difference = (told - held) * (end - start)
        fen = half_up(abs(difference), unit) * (1 if difference >= 0 else -1)
        yield Span(start, end, told, held, cause, fen)


def _why(day: int, lines: Sequence[Asked], ours: Sequence[Stretch], told: int, held: int, status: "_Status") -> Cause:
    principal, known = sum(line.principal for line in lines), sum(each.principal for each in ours)
    if told and not held:
        return status.why_not(day)
    if told > held and len(lines) > 1 and _stands_twice(lines):
        return Cause.DUPLICATE
    if principal == known:
        return Cause.RATE
    if told < held:
        return Cause.ASKED_LESS
    return Cause.NOT_PAID_IN if status.not_paid_in and day >= status.not_paid_in else Cause.UNKNOWN_DRAW


def _stands_twice(lines: Sequence[Asked]) -> bool:
    return len({(line.principal, line.ppm) for line in lines}) < len(lines)


class _Status:
    """From which day on a loan's interest is not borne, and why."""

    def __init__(self, terms: Terms, events: Iterable[Event], start: int, end: int, died_on: date | None) -> None:
        gone: set[int] = set()
        known = list(events)
        gone = {event.amount for event in known if event.kind == Kind.REVERSED}
        standing = sorted(event for event in known if event.kind != Kind.REVERSED and event.entry not in gone)
        self.start, self.end = start, end
        self.follows = terms.subsidy_follows == "certification"
        self.drawn = _first(standing, Kind.TRANCHE_PAID)
        self.grace = _first(standing, Kind.GRACE_ENDED)
        self.died = _first(standing, Kind.DIED)
        if died_on is not None:
            self.died = min(self.died or died_on.toordinal(), died_on.toordinal())
        self.not_paid_in = _first(standing, Kind.CONTRIBUTION_UNPAID)
        self.certificates = [
            (event.day, event.kind == Kind.CERTIFIED)
            for event in standing
            if event.kind in (Kind.CERTIFIED, Kind.CERTIFICATION_LOST)
        ]
        self.edges = {day for day in (start, end, self.drawn, self.grace, self.died) if day}
        self.edges |= {day for day, _holds in self.certificates}

    def why_not(self, day: int) -> Cause:
        """Return why nothing is borne on a day."""
        if not self.start <= day < self.end:
            return Cause.OUTSIDE_PERIOD
        if self.died and day >= self.died:
            return Cause.AFTER_DEATH
        if self.grace and day >= self.grace:
            return Cause.AFTER_GRACE
        if not self.drawn or day < self.drawn:
            return Cause.BEFORE_DRAW
        holds = next((held for since, held in reversed(self.certificates) if since <= day), False)
        if self.follows and not holds:
            return Cause.NOT_CERTIFIED
        return Cause.NOT_PAID_IN if self.not_paid_in and day >= self.not_paid_in else Cause.UNKNOWN_DRAW


def _first(events: Sequence[Event], kind: Kind) -> int:
    return next((event.day for event in events if event.kind == kind), 0)
