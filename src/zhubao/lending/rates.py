"""Which rate a loan carries from which day: tenor, resets, and the ceiling for each tranche."""

from collections.abc import Sequence
from datetime import date

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .days import months_later
from .events import Event, ceiling_set, rate_set
from .terms import Terms

Steps = Sequence[tuple[date, int]]

# Benchmark lending rates by the longest term of each tier, months.
BENCHMARK_TIERS = ((6, "le_6m"), (12, "6m_to_1y"), (36, "1y_to_3y"), (60, "3y_to_5y"))


def value_on(table: Steps, on: date) -> int:
    """Return the value of an ascending step table on a day, ppm; E-LOAN-RATE before its first step."""
    for start, value in reversed(table):
        if start <= on:
            return value
    raise ZhubaoError("E-LOAN-RATE", Text(f"{on} 还没有利率", f"no rate in force on {on}"), place="rates")


def rate_events(terms: Terms, table: Steps, signed_on: date, first_tranche: date, until: date) -> list[Event]:
    """Return the rates of a loan from its first tranche to `until` when it follows a published table (clauses rg-10a, rg-10b).

    The first is the table's rate at signing. `reset` says when a later one is taken over: never, on the table's own days, on
    1 January, or on each anniversary of the first tranche (29 February: the 28th in common years).
    """
    rate = value_on(table, signed_on)
    events = [rate_set(first_tranche, rate)]
    for day in _reset_days(terms, table, signed_on, first_tranche, until):
        latest = value_on(table, day)
        if latest != rate:
            rate = latest
            events.append(rate_set(day, rate))
    return events


def ceiling_events(lpr: Steps, until: date) -> list[Event]:
    """Return the ceilings that a table of published rates sets up to `until` (clause jx-2.4a)."""
    return [ceiling_set(start, ppm) for start, ppm in lpr if start <= until]


def benchmark_tier(terms: Terms, term_months: int, grace_months: int) -> str:
    """Return the tier of the benchmark table for a loan: by its whole term or, if so agreed, by the grace period alone."""
    months = grace_months if terms.tenor == "grace" else term_months
    return next((tier for longest, tier in BENCHMARK_TIERS if months <= longest), "gt_5y")


def lpr_parameter(terms: Terms, expected_months: int) -> str:
    """Return the name of the LPR parameter that is the ceiling: over five years only where named and the loan runs that long."""
    return "lpr_5y_ppm" if terms.tenor == "5y" and expected_months > 60 else "lpr_1y_ppm"


def _reset_days(terms: Terms, table: Steps, signed_on: date, first: date, until: date) -> list[date]:
    if terms.reset == "1_january":
        days = [date(year, 1, 1) for year in range(first.year + 1, until.year + 1)]
    elif terms.reset == "anniversary":
        days = [months_later(first, 12 * years) for years in range(1, until.year - first.year + 1)]
    elif terms.reset == "day_of_change":
        days = [max(start, first) for start, _ in table if start > signed_on]
    else:
        return []
    return [day for day in days if first <= day <= until]
