"""What the bank claims from the government for a year: interest borne, exact to the fen and never twice."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from .days import settlement_days
from .engine import replay
from .events import Event
from .money import MILLION, half_up
from .terms import Terms


class Claim(NamedTuple):
    """The claim of one loan for one year: interest the government bears from `start` to `end` (not counted), fen."""

    start: date
    end: date
    interest: int


def claim_for(terms: Terms, events: Iterable[Event], year: int, claimed: int | None = None) -> Claim:
    """Return the government's interest of a claim year: from one cut-off to the next.

    The cut-off is 31 December (that day included) or the last settlement day of the year. `claimed`: all that earlier claims asked
    for, fen; the claim is what is borne up to its end less that, so a back-dated event turns up as a difference in the next claim
    and no fen is claimed twice. Absent: what the events say was borne up to the start.
    """
    known = list(events)
    start, end = cutoff(terms, year - 1), cutoff(terms, year)
    before = borne_until(terms, known, start) if claimed is None else claimed
    return Claim(start, end, borne_until(terms, known, end) - before)


def borne_until(terms: Terms, events: Iterable[Event], on: date) -> int:
    """Return all interest the government bears up to `on` (not counted), open period included, fen."""
    outcome = replay(terms, [event for event in events if event.on <= on])
    return outcome.subsidy_total + outcome.accrued(on)[1]


def late_interest(terms: Terms, claim_fen: int, days: int) -> int:
    """Return what the government owes for paying `days` late; 0 unless agreed (`claim_interest_ppm`)."""
    return half_up(claim_fen * terms.claim_interest_ppm * days, 360 * MILLION)


def cutoff(terms: Terms, year: int) -> date:
    """Return the first day after a claim year: the day after 31 December, or the year's last settlement day."""
    if terms.claim_cutoff == "12-31":
        return date(year + 1, 1, 1)
    days = settlement_days(terms.settlement, date(year, 1, 1), date(year, 12, 31))
    return days[-1] if days else date(year, 12, 20)
