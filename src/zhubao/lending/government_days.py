"""The interest a government bears, day by day: from when to when, on which principal, at which rate, exact to the fen.

The sum over any days is what `claims.borne_until` gives for them. An ordinary loan takes one short walk over its events; whatever that
walk does not know is asked of `replay`, day of change by day of change.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from .claims import cutoff
from .days import settlement_days
from .engine import (
    CEILING_SET,
    CERTIFICATION_LOST,
    CERTIFIED,
    CONTRIBUTION_UNPAID,
    DIED,
    RATE_SET,
    REVERSED,
    TRANCHE_PAID,
    UNKNOWN,
    replay,
)
from .events import Event, Kind, settled
from .money import MILLION, half_up
from .terms import Terms

GRACE_ENDED = int(Kind.GRACE_ENDED)


class Stretch(NamedTuple):
    """Days on which the same subsidised principal bore the same rate: `start` to `end` (not counted) as ordinals, fen, ppm.

    `interest`: the government's interest of these days; rounding is cumulative, so that stretches add up to the rounded period.
    """

    start: int
    end: int
    principal: int
    ppm: int
    interest: int

    @property
    def days(self) -> int:
        """How many days it is."""
        return self.end - self.start


def claim_window(terms: Terms, year: int) -> tuple[int, int]:
    """Return the first day of a claim year and the first day after it, as ordinals (see `claims.claim_for`)."""
    return _window(terms.claim_cutoff, terms.settlement, year)


def government_days(terms: Terms, events: Iterable[Event], until: date) -> list[Stretch]:
    """Return every stretch up to `until` (not counted) in order; `events` as entered, settlement days come from the terms.

    Stretches break where a claim year ends. Raises what `replay` raises.
    """
    ordered = sorted(events)
    found = ordinary_days(terms, ordered, until)
    if found is not None:
        return found
    first = next(event.day for event in ordered if event.kind == TRANCHE_PAID)
    return _asked_of_replay(terms, ordered, first, until.toordinal())


def ordinary_days(terms: Terms, ordered: Sequence[Event], until: date) -> list[Stretch] | None:
    """Return what `government_days` does for sorted events of an ordinary loan; None where only a replay knows.

    What does not touch the interest before the pension (pensions, floors, instalments, claims) may be left out of `ordered`.
    """
    first = next((event.day for event in ordered if event.kind == TRANCHE_PAID), 0)
    end = until.toordinal()
    if not first or first >= end or terms.subsidy_follows == "none":
        return []
    plain = terms.ends == "first" and terms.rounding == "half_up" and terms.unpaid_interest == "simple"
    if not plain or terms.day_count == "month+odd":
        return None
    return _walk(terms, ordered, _breaks(terms.claim_cutoff, terms.settlement, first, end), end)


def _walk(terms: Terms, ordered: Sequence[Event], breaks: Sequence[tuple[int, bool]], end: int) -> list[Stretch] | None:
    """Return the stretches of a loan to which nothing out of the ordinary happens while its interest is borne; None for any other."""
    unit = (365 if terms.day_count == "act365" else 360) * MILLION
    half = unit // 2
    per_tranche = terms.rate_basis == "per_tranche"
    holds = terms.subsidy_follows != "certification"
    tranches: list[list[int]] = []  # [fen, ppm, eligible, entry]
    borne: dict[int, int] = {}
    rate = ceiling = UNKNOWN
    since = raw = given = 0
    result: list[Stretch] = []
    turn, breaking = 0, len(breaks)
    for day, kind, entry, amount, _more in (*ordered, Event(end, UNKNOWN)):
        if kind == REVERSED:
            return None
        if kind != UNKNOWN and (kind < CEILING_SET or day >= end):
            continue
        # A settlement day closes its period before a tranche of the same day and after what changes the interest: neither matters
        # here, because a day bears nothing before it is over.
        while turn < breaking and breaks[turn][0] <= day:
            at, closes = breaks[turn]
            turn += 1
            if borne:
                raw, given = _add(result, borne, since, at, raw, given, unit, half)
            since = at
            if closes:
                raw = given = 0
        if kind == UNKNOWN:
            break
        if kind == CEILING_SET:
            ceiling = amount
            continue
        if kind == TRANCHE_PAID:
            own = min(rate, ceiling) if per_tranche and UNKNOWN not in {rate, ceiling} else rate
            if own == UNKNOWN:
                return None
            tranches.append([amount, own, 1, entry])
        elif kind == RATE_SET:
            if terms.ceiling_check and UNKNOWN != ceiling < amount:
                return None
            rate = amount
            if not per_tranche:
                for tranche in tranches:
                    tranche[1] = rate
        elif kind == CERTIFIED:
            holds = True
        elif kind == CERTIFICATION_LOST:
            holds = terms.subsidy_follows != "certification"
        elif kind == CONTRIBUTION_UNPAID:
            if terms.on_unpaid_contribution != "none":
                for tranche in tranches:
                    if tranche[3] == amount or terms.on_unpaid_contribution == "loan":
                        tranche[2] = 0
        elif kind == GRACE_ENDED or (kind == DIED and terms.death_interest == "day_of_death"):
            if borne:
                _add(result, borne, since, day, raw, given, unit, half)
            return result
        elif kind < int(Kind.TRANSFERRED):
            return None
        else:
            continue
        changed: dict[int, int] = {}
        if holds:
            for fen, ppm, eligible, _number in tranches:
                if eligible:
                    changed[ppm] = changed.get(ppm, 0) + fen
        if changed != borne:
            if borne:
                raw, given = _add(result, borne, since, day, raw, given, unit, half)
            since, borne = day, changed
    if borne:
        _add(result, borne, since, end, raw, given, unit, half)
    return result


def _add(
    result: list[Stretch], borne: dict[int, int], start: int, end: int, raw: int, given: int, unit: int, half: int
) -> tuple[int, int]:
    """Add the stretches of some days; return the period's exact sum and its rounded one after them."""
    days = end - start
    if days <= 0:
        return raw, given
    for ppm, principal in borne.items():
        raw += principal * ppm * days
        rounded = (raw + half) // unit
        result.append(Stretch(start, end, principal, ppm, rounded - given))
        given = rounded
    return raw, given


def _asked_of_replay(terms: Terms, ordered: Sequence[Event], first: int, end: int) -> list[Stretch]:
    """Return the stretches from replays up to each day on which anything changes."""
    given = {event.day for event in ordered if event.kind == Kind.SETTLED}
    closing = settlement_days(terms.settlement, date.fromordinal(first), date.fromordinal(end))
    events = [*ordered, *(settled(day) for day in closing if day.toordinal() not in given)]
    shift = 1 if terms.ends == "last" else 0
    changes = {event.day - shift for event in events} | {event.day for event in events}
    changes |= {day for day, _closes in _breaks(terms.claim_cutoff, terms.settlement, first, end)}
    days = sorted(day for day in changes if first - shift <= day < end)
    result: list[Stretch] = []
    before = 0
    for start, stop in zip(days, [*days[1:], end], strict=True):
        outcome = replay(terms, events, date.fromordinal(start))
        total = outcome.subsidy_total + outcome.accrued(date.fromordinal(stop))[1]
        gained, before = total - before, total
        groups: dict[int, int] = {}
        if outcome.borne:
            for tranche in outcome.tranches:
                if tranche.eligible:
                    groups[tranche.rate_ppm] = groups.get(tranche.rate_ppm, 0) + tranche.remaining
        shares = list(groups.items()) or ([(0, 0)] if gained else [])
        weight, passed, told = sum(ppm * fen for ppm, fen in shares), 0, 0
        for ppm, fen in shares:
            passed += ppm * fen
            part = half_up(gained * passed, weight) if weight and gained >= 0 else gained
            result.append(Stretch(start, stop, fen, ppm, part - told))
            told = part
    return result


def borne_between(stretches: Iterable[Stretch], start: int, end: int) -> int:
    """Return the government's interest of the stretches inside `start` to `end` (not counted), ordinals; fen."""
    return sum(each.interest for each in stretches if start <= each.start and each.end <= end)


@lru_cache(maxsize=1024)
def _window(claim_cutoff: str, settlement: str, year: int) -> tuple[int, int]:
    terms = Terms(claim_cutoff=claim_cutoff, settlement=settlement)
    return cutoff(terms, year - 1).toordinal(), cutoff(terms, year).toordinal()


@lru_cache(maxsize=4096)
def _breaks(claim_cutoff: str, settlement: str, first: int, end: int) -> tuple[tuple[int, bool], ...]:
    """Return the days after `first` up to `end` on which stretches break, and whether an interest period closes there."""
    begins, ends = date.fromordinal(first), date.fromordinal(end)
    closing = {day.toordinal() for day in settlement_days(settlement, begins, ends)}
    cuts = {_window(claim_cutoff, settlement, year)[1] for year in range(begins.year - 1, ends.year + 1)}
    return tuple((day, day in closing) for day in sorted(closing | cuts) if first < day <= end)
