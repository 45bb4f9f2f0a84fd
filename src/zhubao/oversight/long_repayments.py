"""Loans that will take longer to repay than ten years, as things stand: what the risk view lists. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from zhubao.cases.models import Estimate
from zhubao.lending import Kind, Outcome, monthly_cap
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
        tranches, permits = list(Tranche.objects.filter(loan__in=keys)), list(Permit.objects.filter(loan__in=keys))
        cases = [each.case_number for each in chunk]
        estimates = {each.case.number: each for each in Estimate.objects.filter(case__number__in=cases).select_related("case")}
        for loan in chunk:
            until = months_later(max(loan.pension_month, as_of), HORIZON_MONTHS)
            coming = expected_of(
                loan,
                known[loan.pk],
                [each for each in tranches if each.loan_id == loan.pk],
                [each for each in permits if each.loan_id == loan.pk],
                figures,
                until,
            )
            monthly = _monthly(loan, known[loan.pk], coming, estimates.get(loan.case_number), figures)
            if monthly is None:
                unknown.append(loan)
                continue
            found = _projected(loan, known[loan.pk], coming, *monthly, as_of)
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


def _projected(loan: Loan, known: OnRecord, coming: Expected, most_fen: int, basis: Basis, as_of: date) -> LongRepayment | None:
    first = coming.deducted_from or max(loan.pension_month, months_later(as_of.replace(day=1), 1)).replace(day=DEDUCTION_DAY)
    # What a month takes is asked of the whole way, not of the term after which the programme only reports what is left.
    terms = replace(known.terms, max_months=0, term_end="report")
    events = [*(event for event in standing(known.events) if event.on <= as_of), *coming.events]
    if not any(event.kind == Kind.GRACE_ENDED for event in events):
        # A pension that is late ends the grace all the same: nobody goes on bearing the interest while the debt is deducted.
        events.append(grace_ended(loan.pension_month))
    before = OnRecord(terms, events).outcome(first)
    owed = before.principal + before.interest_due + before.accrued(first)[0] - before.accrued(first)[1]
    past = month_number(first) - month_number(loan.pension_month)
    if not owed or _surely_within(owed, most_fen, before, LIMIT_MONTHS - past):
        return None
    days = [months_later(first, number) for number in range(HORIZON_MONTHS)]
    after = OnRecord(terms, [*events, *deductions(days, most_fen)]).outcome(days[-1])
    last = next(_repaid_on(after, first), None)
    months = None if last is None else month_number(last) - month_number(loan.pension_month) + 1
    if months is not None and months <= LIMIT_MONTHS:
        return None
    return LongRepayment(loan, owed, most_fen, months, basis)


def _surely_within(owed: int, most_fen: int, before: Outcome, months: int) -> bool:
    """Tell whether so many months are enough even if interest ran on the whole debt to the end: most loans need no projection."""
    rate = max((each.rate_ppm for each in before.tranches), default=0)
    return months > 0 and most_fen * months >= owed + owed * rate * months // (12 * MILLION) + most_fen


def _repaid_on(after: Outcome, first: date) -> Iterator[date]:
    for row in after.schedule:
        if row.on >= first and not row.principal_after and not row.interest_due_after:
            yield row.on
