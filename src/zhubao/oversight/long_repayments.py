"""Loans that will take longer to repay than ten years, as things stand: what the risk view lists. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeVar

from zhubao.cases.models import Estimate
from zhubao.lending import Event, Kind, monthly_cap
from zhubao.lending.days import month_number, months_later
from zhubao.lending.events import grace_ended
from zhubao.lending.money import MILLION
from zhubao.loans.models import Loan, Permit, Tranche
from zhubao.loans.repaying import standing
from zhubao.loans.replaying import OnRecord, records_of
from zhubao.parameters import ParameterBook
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region

from .budget.assumptions import MOST_YEARS, Assumptions
from .budget.expecting import DEDUCTION_DAY, Expected, Figures, expected_of
from .budget.one_by_one import deductions

LIMIT_MONTHS = 120
HORIZON_MONTHS = 360
CHUNK = 500

Basis = Literal["pension", "estimate", "agreed"]
Row = TypeVar("Row", Tranche, Permit)


@dataclass(frozen=True, slots=True)
class LongRepayment:
    """A loan that takes longer: what is owed when deductions begin, and the most a month takes, fen.

    `months` counts from the first pension month to the last deduction; None where it is not repaid within `HORIZON_MONTHS`. `basis` is
    what the monthly amount follows from: the pension credited, the agency's estimate in the case, or the instalment agreed.
    """

    loan: Loan
    owed_fen: int
    monthly_fen: int
    months: int | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class RiskView:
    """What was found: the loans that take longer, the longest first; those of which no deduction is known; how many were looked at."""

    long: tuple[LongRepayment, ...]
    unknown: tuple[Loan, ...]
    looked_at: int


@implements("rg-3", as_="feature")
def risk_view(loans: Sequence[Loan], as_of: date, book: ParameterBook) -> RiskView:
    """Return which of some live loans take longer than `LIMIT_MONTHS` to repay, from the day after `as_of`.

    Draws still to come count as they do in a budget; tiers and rates not published yet stay as they are. Bank and person are loaded.
    """
    long: list[LongRepayment] = []
    unknown: list[Loan] = []
    figures = Figures(book, as_of, Assumptions(years=MOST_YEARS))
    for start in range(0, len(loans), CHUNK):
        chunk = loans[start : start + CHUNK]
        known = records_of(chunk)
        keys = [each.pk for each in chunk]
        tranches, permits = _by_loan(Tranche.objects.filter(loan__in=keys)), _by_loan(Permit.objects.filter(loan__in=keys))
        cases = [each.case_number for each in chunk]
        estimates = {each.case.number: each for each in Estimate.objects.filter(case__number__in=cases).select_related("case")}
        for loan in chunk:
            record, of_loan = known[loan.pk], (tranches[loan.pk], permits[loan.pk], figures)
            begins = months_later(max(loan.pension_month, as_of), 2)
            coming = expected_of(loan, record, *of_loan, begins)
            monthly = _monthly(loan, record, coming, estimates.get(loan.case_number), figures)
            if monthly is None:
                unknown.append(loan)
                continue
            beginning = _Start.of(loan, record, coming, as_of)
            if beginning.surely_within(monthly[0]):
                continue
            coming = expected_of(loan, record, *of_loan, months_later(begins, HORIZON_MONTHS))
            found = _projected(beginning, record, coming, *monthly, as_of)
            if found is not None:
                long.append(found)
    long.sort(key=lambda each: (-(each.months or HORIZON_MONTHS + 1), each.loan.number))
    return RiskView(tuple(long), tuple(unknown), len(loans))


def _monthly(
    loan: Loan, known: OnRecord, coming: Expected, estimate: Estimate | None, figures: Figures
) -> tuple[int, Basis] | None:
    """Return the most a month takes and what that rests on; None where nothing is known."""
    if any(event.kind == Kind.PENSION_SET for event in standing(known.events)):
        return None if coming.most_fen is None else (coming.most_fen, "pension")
    if estimate is not None:
        floor = figures.book.find("floor_fen", figures.as_of, area_of_region(loan.region_code))
        if known.terms.deduction_rule != "remaining_at_least" or floor is not None:
            left = floor.number() if floor is not None else 0
            cap = monthly_cap(known.terms, estimate.pension_fen, left, estimate.basic_fen, loan.instalment_fen)
            return cap, "estimate"
    return None if coming.most_fen is None else (coming.most_fen, "agreed")


@dataclass(frozen=True, slots=True)
class _Start:
    """A loan on the day of its first deduction to come: what is owed, fen, and the highest rate of what was drawn."""

    loan: Loan
    first: date
    owed_fen: int
    rate_ppm: int

    @classmethod
    def of(cls, loan: Loan, known: OnRecord, coming: Expected, as_of: date) -> "_Start":
        first = coming.deducted_from or max(loan.pension_month, months_later(as_of.replace(day=1), 1)).replace(day=DEDUCTION_DAY)
        before = _endless(loan, known, coming, as_of).outcome(first)
        open_fen, of_government = before.accrued(first)
        owed = before.principal + before.interest_due + open_fen - of_government
        return cls(loan, first, owed, max((each.rate_ppm for each in before.tranches), default=0))

    def surely_within(self, most_fen: int) -> bool:
        """Tell whether the limit is kept even if interest ran on the whole debt to its end: most loans need no projection."""
        months = LIMIT_MONTHS - (month_number(self.first) - month_number(self.loan.pension_month))
        interest = self.owed_fen * self.rate_ppm * months // (12 * MILLION)
        return not self.owed_fen or (months > 0 and most_fen * months >= self.owed_fen + interest + most_fen)


def _endless(loan: Loan, known: OnRecord, coming: Expected, as_of: date, *more: Event) -> OnRecord:
    """Return a loan with what comes, asked of the whole way and not of the term after which a programme only reports what is left."""
    events = [*(event for event in standing(known.events) if event.on <= as_of), *coming.events, *more]
    if not any(event.kind == Kind.GRACE_ENDED for event in events):
        # A pension that is late ends the grace all the same: nobody goes on bearing the interest while the debt is deducted.
        events.append(grace_ended(loan.pension_month))
    return OnRecord(replace(known.terms, max_months=0, term_end="report"), events)


def _projected(
    start: _Start, known: OnRecord, coming: Expected, most_fen: int, basis: Basis, as_of: date
) -> LongRepayment | None:
    """Return the loan with its months, None where it is repaid in time."""
    days = [months_later(start.first, number) for number in range(HORIZON_MONTHS)]
    after = _endless(start.loan, known, coming, as_of, *deductions(days, most_fen)).outcome(days[-1])
    repaid = (
        row.on for row in after.schedule if row.on >= start.first and not row.principal_after and not row.interest_due_after
    )
    last = next(repaid, None)
    months = None if last is None else month_number(last) - month_number(start.loan.pension_month) + 1
    if months is not None and months <= LIMIT_MONTHS:
        return None
    return LongRepayment(start.loan, start.owed_fen, most_fen, months, basis)


def _by_loan(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.loan_id].append(row)
    return found
