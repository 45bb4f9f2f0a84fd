"""What a live loan is expected to do: the draws of its remaining years, its rates, the end of its subsidy, its deductions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from zhubao.lending import Event, Kind, Terms, monthly_cap
from zhubao.lending.days import months_later, on_day
from zhubao.lending.events import ceiling_set, grace_ended, rate_set, tranche_paid
from zhubao.lending.money import MILLION
from zhubao.lending.rates import rate_events, value_on
from zhubao.loans.amounts import MONTHLY_TIER, YEARLY_TIERS
from zhubao.loans.draws import OPEN_TRANCHE, PAID_OUT
from zhubao.loans.models import Loan, Permit, Tranche
from zhubao.loans.rates import published_name
from zhubao.loans.repaying import FROM_THE_PENSION, standing
from zhubao.loans.replaying import OnRecord
from zhubao.loans.states import ways_of
from zhubao.parameters import ParameterBook
from zhubao.programmes.selectors import area_of_region

from .assumptions import Assumptions

# States in which no further draw is to be expected.
DRAWS_NO_MORE = frozenset({"qualification_ended", "suspended", "repaying"})
DEDUCTION_DAY = 20
NEW_ON = (7, 1)
# No tier is carried on for longer, years.
BACK = 16


@dataclass(frozen=True, slots=True)
class Expected:
    """What comes of one loan after the day of a budget.

    `events` in order of the day; `subsidies`: day and fen of contribution subsidies; deductions of at most `most_fen` (None: unknown, so
    none is counted) on the 20th of every month from `deducted_from` on, `deductions` of them (0 = until it is repaid).
    """

    events: tuple[Event, ...]
    subsidies: tuple[tuple[int, int], ...] = ()
    deducted_from: date | None = None
    most_fen: int | None = None
    deductions: int = 0


@dataclass(slots=True)
class Figures:
    """Published figures as a budget reads them: tiers to come grow, rates to come follow the assumed path."""

    book: ParameterBook
    as_of: date
    assumed: Assumptions
    _tiers: dict[tuple[str, str, int, int], int | None] = field(default_factory=dict)
    _rates: dict[tuple[str, str], list[tuple[date, int]]] = field(default_factory=dict)

    def monthly_tier(self, area: str, year: int, month: int) -> int | None:
        """Return the lowest tier of a month; one not published yet grows from the last known; None where none is known."""
        key = (MONTHLY_TIER, area, year, month)
        if key not in self._tiers:
            self._tiers[key] = self._tier(MONTHLY_TIER, area, date(year, month, 1))
        return self._tiers[key]

    def highest_tier(self, area: str, year: int) -> int | None:
        """Return the highest yearly tier of the residents' scheme, grown where it is not published yet."""
        key = (YEARLY_TIERS, area, year, 0)
        if key not in self._tiers:
            self._tiers[key] = self._highest(area, year)
        return self._tiers[key]

    def rates(self, name: str, area: str) -> list[tuple[date, int]]:
        """Return the steps of a published rate, those after the day of the budget shifted or put in the place of others."""
        if (name, area) not in self._rates:
            steps = [(entry.effective_from, entry.number()) for entry in self.book.segments(name, area)]
            assumed, day = self.assumed, self.as_of + timedelta(1)
            if assumed.rate_path:
                steps = [step for step in steps if step[0] < assumed.rate_path[0][0]] + list(assumed.rate_path)
            elif assumed.rate_shift_ppm and steps:
                before = [step for step in steps if step[0] <= self.as_of]
                later = [(start, max(1, ppm + assumed.rate_shift_ppm)) for start, ppm in steps if start > day]
                known = value_on(steps, day) if steps[0][0] <= day else None
                shifted = [(day, max(1, known + assumed.rate_shift_ppm))] if known is not None else []
                steps = before + shifted + later
            self._rates[name, area] = steps
        return self._rates[name, area]

    def grown(self, fen: int, years: int) -> int:
        """Return an amount after so many years of growth, rounded down to the fen each year."""
        for _year in range(years):
            fen = fen * (MILLION + self.assumed.growth_ppm) // MILLION
        return fen

    def _tier(self, name: str, area: str, on: date) -> int | None:
        for before in range(BACK):
            entry = self.book.find(name, on.replace(year=on.year - before), area)
            if entry is not None:
                return self.grown(entry.number(), before)
        return None

    def _highest(self, area: str, year: int) -> int | None:
        for before in range(BACK):
            tiers = self.book.all(YEARLY_TIERS, date(year - before, 12, 31), area)
            if tiers:
                return self.grown(tiers[-1].number(), before)
        return None


def expected_of(
    loan: Loan, known: OnRecord, tranches: Sequence[Tranche], permits: Sequence[Permit], figures: Figures, until: date
) -> Expected:
    """Return what comes of a live loan after the day of the budget and before `until`.

    Draws fall on the day of the last one, a year later each; a renewal that is needed is expected to be granted. What is entered for
    days to come counts as entered.
    """
    as_of = figures.as_of
    coming = [event for event in standing(known.events) if event.on > as_of]
    draws = _draws(loan, tranches, permits, figures, until) if loan.state not in DRAWS_NO_MORE else []
    events = [*coming, *(tranche_paid(day, fen) for day, fen in draws)]
    if not any(event.kind == Kind.GRACE_ENDED for event in known.events) and as_of < loan.pension_month:
        events.append(grace_ended(loan.pension_month))
    events += _rates(loan, known, draws, figures, until)
    subsidies = _subsidies(loan, tranches, draws, figures)
    first, most, months = _deductions(loan, known, as_of)
    return Expected(tuple(sorted(events)), subsidies, first, most, months)


def _draws(
    loan: Loan, tranches: Sequence[Tranche], permits: Sequence[Permit], figures: Figures, until: date
) -> list[tuple[date, int]]:
    as_of = figures.as_of
    drawn = [each for each in tranches if each.state in PAID_OUT]
    waiting = [each for each in tranches if each.state in OPEN_TRANCHE]
    last = max((each.drawn_on for each in drawn if each.drawn_on), default=None)
    # The budget begins with the running month; what has not happened yet may happen from the next one on.
    next_month = months_later((as_of + timedelta(1)).replace(day=1), 1)
    usual = (last.month, last.day) if last else (next_month.month, 1)
    total = sum(each.amount_fen for each in drawn)
    found: list[tuple[date, int]] = []
    for each in waiting:
        day = max(next_month, on_day(max(as_of.year, each.year), *usual))
        if day < min(until, loan.pension_month):
            found.append((day, each.amount_fen))
            total += each.amount_fen
    if loan.back_payment:
        return found
    years = {each.year for each in (*drawn, *waiting)}
    settled = years | {each.year for each in tranches if each.state == "not_drawn"}
    left = loan.years - len(years)
    granted = {permit.year: permit.amount_fen for permit in permits}
    year = max(next_month.year, loan.signed_on.year)
    while left > 0 and year < until.year:
        day = on_day(year, *usual)
        if year == next_month.year and day < next_month:
            day = next_month
        if day >= loan.pension_month:
            break
        fen = _amount(loan, year, total, granted, drawn, figures) if year not in settled else 0
        if fen > 0:
            found.append((day, fen))
            total += fen
            left -= 1
        year += 1
    return found


def _amount(loan: Loan, year: int, total: int, granted: dict[int, int], drawn: Sequence[Tranche], figures: Figures) -> int:
    """Return what a year's draw is expected to be: months before the pension at their tier, within what was agreed and granted."""
    area = area_of_region(loan.region_code)
    months = 12 if year < loan.pension_month.year else loan.pension_month.month - 1
    if ways_of(loan.policy_id).counted_by == "contract":
        contribution = figures.highest_tier(area, year)
    else:
        tiers = [figures.monthly_tier(area, year, month) for month in range(1, months + 1)]
        contribution = sum(tier for tier in tiers if tier is not None) if None not in tiers else None
    if contribution is None:
        # No tier is known of the place: the last draw is the nearest thing, month by month.
        contribution = drawn[-1].amount_fen * months // max(12, drawn[-1].months) if drawn else loan.yearly_cap_fen or 0
    caps = [contribution]
    if loan.principal_cap_fen is not None:
        caps.append(loan.principal_cap_fen - total)
    if loan.yearly_cap_fen is not None:
        caps.append(loan.yearly_cap_fen)
    if ways_of(loan.policy_id).renewed and year in granted:
        caps.append(granted[year])
    return max(0, min(caps))


def _rates(loan: Loan, known: OnRecord, draws: list[tuple[date, int]], figures: Figures, until: date) -> list[Event]:
    """Return ceilings and rates that the published tables bring: as the loan's own steps would enter them."""
    area, name = area_of_region(loan.region_code), published_name(loan, known.terms)
    table = figures.rates(name, area)
    ways = ways_of(loan.policy_id)
    if ways.rate == "lpr_ceiling":
        return [ceiling_set(day, value_on(table, day)) for day, _fen in draws if table and table[0][0] <= day]
    if ways.rate != "benchmark" or known.terms.reset == "none" or not table or table[0][0] > loan.signed_on:
        return []
    if loan.rate_ppm != value_on(table, loan.signed_on):
        return []
    days = [event.on for event in known.events if event.kind == Kind.TRANCHE_PAID] + [day for day, _fen in draws]
    if not days:
        return []
    coming = _resets(known.terms, tuple(table), loan.signed_on, min(days), until)
    return [rate_set(day, ppm) for day, ppm in coming if day > max(figures.as_of, loan.signed_on)]


@lru_cache(maxsize=4096)
def _resets(
    terms: Terms, table: tuple[tuple[date, int], ...], signed_on: date, first: date, until: date
) -> tuple[tuple[date, int], ...]:
    return tuple((event.on, event.amount) for event in rate_events(terms, table, signed_on, first, until))


def _subsidies(
    loan: Loan, tranches: Sequence[Tranche], draws: list[tuple[date, int]], figures: Figures
) -> tuple[tuple[int, int], ...]:
    """Return the contribution subsidies finance adds: to a draw as much as the last time, else as assumed (tl-5.1h)."""
    if not ways_of(loan.policy_id).matched:
        return ()
    paid = [each.subsidy_fen for each in tranches if each.subsidy_fen is not None]
    fen = paid[-1] if paid else figures.assumed.subsidy_fen or 0
    unpaid = [each for each in tranches if each.state in {"drawn", "paid_in"} and each.subsidy_fen is None]
    day = figures.as_of + timedelta(1)
    late = [(day.toordinal(), fen) for _each in unpaid] if loan.state != "repaying" else []
    return (*late, *((on.toordinal(), fen) for on, _drawn in draws)) if fen else ()


def _deductions(loan: Loan, known: OnRecord, as_of: date) -> tuple[date | None, int | None, int]:
    """Return from when deductions are expected, how much each takes at most, how many at most (0 = no limit)."""
    if loan.method != FROM_THE_PENSION and loan.instalment_fen is None:
        return None, None, 0
    events = standing(known.events)
    tables: dict[int, int] = {event.kind: event.amount for event in events}
    pension, agreed = tables.get(Kind.PENSION_SET), tables.get(Kind.AGREED_SET, loan.instalment_fen)
    if pension is None:
        most = agreed
    else:
        terms = known.terms
        if terms.deduction_rule == "remaining_at_least" and Kind.FLOOR_SET not in tables:
            return None, None, 0
        most = monthly_cap(terms, pension, tables.get(Kind.FLOOR_SET, 0), tables.get(Kind.BASIC_PENSION_SET, 0), agreed)
    deducted = [event.on for event in events if event.kind == Kind.DEDUCTED]
    taken = len(deducted)
    left = max(0, known.terms.max_months - taken) if known.terms.max_months else 0
    if known.terms.max_months and not left:
        return None, None, 0
    first = max(loan.pension_month, as_of + timedelta(1), *(months_later(day.replace(day=1), 1) for day in deducted))
    return first.replace(day=DEDUCTION_DAY), most, left
