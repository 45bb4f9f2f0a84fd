"""Repayment from the pension for many loans at once, and the largest principal the pension carries; whole numbers throughout.

Every loan is a lane of an array. A lane's first deduction meets what the grace period left; from then on each month adds interest on
the principal, rounded half up once, and takes at most that month's cap, interest first. Interest that stays unpaid bears none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from zhubao.pension.months import day_in_month

from .days import thirty_day_units
from .forecast_life import Grace, Loan, Owed
from .money import half_up

Whole = npt.NDArray[np.int64]
# More than any contribution loan; products with it stay far inside 64 bits.
MOST_FEN = 10**10


@dataclass(frozen=True, slots=True)
class Repaid:
    """How a loan is repaid. `months` None = not within `max_months` deductions; `left_fen` is what is then owed, else 0.

    `interest_fen` is the borrower's interest that arises after the first deduction; `monthly_fen` what the first deduction takes.
    """

    months: int | None
    interest_fen: int
    left_fen: int
    monthly_fen: int


class Lanes:
    """Loans side by side: caps and interest days of every deduction, one column a loan, padded with months that do nothing."""

    def __init__(self, loans: Sequence[Loan]) -> None:
        self.loans = loans
        self.graces: list[Grace] = [loan.grace() for loan in loans]
        width = max((loan.max_months for loan in loans), default=0)
        caps: Whole = np.zeros((len(loans), width), np.int64)
        days: Whole = np.zeros((len(loans), width), np.int64)
        self.divisor = np.array([loan.terms.divisor for loan in loans], np.int64)
        rate = np.array([loan.terms.rate_ppm for loan in loans], np.int64)
        for lane, loan in enumerate(loans):
            at = 0
            for months, cap in loan.caps():
                caps[lane, at : at + months] = cap
                at += months
            terms = loan.terms
            counted = days_between_deductions(loan.pension_month, loan.max_months, terms.deduction_day, terms.day_count)
            days[lane, 1 : loan.max_months] = counted
        # Months come first in memory: a month of all lanes is read at once.
        self.caps: Whole = np.ascontiguousarray(caps.T)
        self.weights: Whole = np.ascontiguousarray((days * rate[:, None]).T)

    def owed(self, principals: Sequence[int]) -> list[Owed]:
        """Return what each loan's grace period leaves when its principal is the one given, fen."""
        return [grace.owed(fen) for grace, fen in zip(self.graces, principals, strict=True)]

    def within(self, limits: Whole) -> "Lanes":
        """Return the lanes with only the first `limits` deductions of each counting."""
        counts = np.arange(len(self.caps))[:, None] < limits
        return self._with(self.loans, self.graces, self.divisor, self.caps * counts, self.weights * counts)

    def only(self, lanes: Whole) -> "Lanes":
        """Return some of the lanes, by their places."""
        places = lanes.tolist()
        return self._with(
            [self.loans[at] for at in places],
            [self.graces[at] for at in places],
            self.divisor[lanes],
            np.ascontiguousarray(self.caps[:, lanes]),
            np.ascontiguousarray(self.weights[:, lanes]),
        )

    @staticmethod
    def _with(loans: Sequence[Loan], graces: list[Grace], divisor: Whole, caps: Whole, weights: Whole) -> "Lanes":
        made = Lanes([])
        made.loans, made.graces, made.divisor, made.caps, made.weights = loans, graces, divisor, caps, weights
        return made

    def run(self, owed: Sequence[Owed]) -> tuple[Whole, Whole, Whole]:
        """Deduct month by month; return (debt at the end, deductions until nothing was owed, interest after the first deduction).

        The debt goes on falling below 0 by the caps after a loan is repaid, so its size says by how much the pension carries more.
        """
        if len(owed) == 1:
            return self._run_one(owed[0])
        principal = np.array([each.principal for each in owed], np.int64)
        debt = principal + np.array([each.due for each in owed], np.int64)
        months = np.zeros(len(owed), np.int64)
        interest = np.zeros(len(owed), np.int64)
        # One divisor for all lanes, the usual case, divides several times faster than one for each.
        same = len(self.divisor) > 0 and (self.divisor == self.divisor[0]).all()
        divisor = self.divisor[0] if same else self.divisor
        twice = 2 * divisor
        for at, (cap, weight) in enumerate(zip(self.caps, self.weights, strict=True)):
            if at:
                np.minimum(principal, debt, out=principal)
                np.maximum(principal, 0, out=principal)
                added = (principal * weight * 2 + divisor) // twice
                debt += added
                interest += added
            months += debt > 0
            debt -= cap
        return debt, months, interest

    def _run_one(self, owed: Owed) -> tuple[Whole, Whole, Whole]:
        """Do what `run` does for a single loan in plain numbers: operations on arrays of one take twenty times as long."""
        principal, debt, months, interest = owed.principal, owed.principal + owed.due, 0, 0
        divisor = int(self.divisor[0])
        twice = 2 * divisor
        caps, weights = self.caps[:, 0].tolist(), self.weights[:, 0].tolist()
        for at, cap in enumerate(caps):
            if at:
                if debt < principal:
                    if debt <= 0:
                        # Nothing is left to bear interest: the caps alone go on falling due.
                        debt -= sum(caps[at:])
                        break
                    principal = debt
                added = (principal * weights[at] * 2 + divisor) // twice
                debt += added
                interest += added
            if debt > 0:
                months += 1
            debt -= cap
        return np.array([debt]), np.array([months]), np.array([interest])

    def repaid(self) -> list[Repaid]:
        """Return how each loan is repaid as it is planned."""
        owed = self.owed([loan.principal for loan in self.loans])
        debt, months, interest = self.run(owed)
        return [
            Repaid(
                int(months[lane]) if debt[lane] <= 0 else None,
                int(interest[lane]),
                max(0, int(debt[lane])),
                min(int(self.caps[0, lane]), each.principal + each.due),
            )
            for lane, each in enumerate(owed)
        ]

    def largest(self) -> list[int]:
        """Return the largest principal of each loan, all tranches scaled alike, that is repaid in time; 0 where there is none, fen.

        In time: the first cap is above a month's interest, and the debt ends by the policy's limit and by the horizon. One fen more is
        not repaid in time. Found by false position: the debt left at the end is nearly a straight line in the principal.
        """
        count = len(self.loans)
        limits = np.array([min(loan.max_months, loan.horizon - loan.pension_month + 1) for loan in self.loans], np.int64)
        lanes = self.within(limits)
        low = np.zeros(count, np.int64)
        high = np.array([lanes.out_of_question(lane) for lane in range(count)], np.int64)
        at_low, at_high = (lanes.run(lanes.owed(ends.tolist()))[0].astype(np.float64) for ends in (low, high - 1))
        # Where even the most that covers its interest is repaid in time there is nothing to search.
        low, high = np.where(at_high <= 0, high - 1, low), np.where(at_high <= 0, high, high - 1)
        side = np.zeros(count, np.int64)
        open_lanes = np.flatnonzero(high - low > 1)
        lanes = lanes.only(open_lanes)
        while len(open_lanes):
            start, end, below, above = low[open_lanes], high[open_lanes], at_low[open_lanes], at_high[open_lanes]
            step = np.floor((end - start) * (-below) / np.maximum(above - below, 1.0)).astype(np.int64)
            guess = np.clip(start + step, start + 1, end - 1)
            debt = lanes.run(lanes.owed(guess.tolist()))[0]
            fits = debt <= 0
            # The end that stays in place counts half, so that it moves too (Illinois rule).
            at_high[open_lanes] = np.where(~fits, debt, np.where(side[open_lanes] == 1, above / 2, above))
            at_low[open_lanes] = np.where(fits, debt, np.where(side[open_lanes] == -1, below / 2, below))
            side[open_lanes] = np.where(fits, 1, -1)
            low[open_lanes] = np.where(fits, guess, start)
            high[open_lanes] = np.where(fits, end, guess)
            still = np.flatnonzero(high[open_lanes] - low[open_lanes] > 1)
            if len(still) < len(open_lanes):
                open_lanes, lanes = open_lanes[still], lanes.only(still)
        return [int(fen) for fen in low]

    def out_of_question(self, lane: int) -> int:
        """Return the smallest principal that is out of the question: a month's interest reaches the first cap, or it is above all caps."""
        loan, cap = self.loans[lane], int(self.caps[0, lane])
        if cap == 0 or not loan.principal_planned:
            return 1
        bound = min(MOST_FEN, int(self.caps[:, lane].sum()) + 1)
        rate = loan.terms.rate_ppm
        if rate:
            bound = min(bound, (24_000_000 * cap - 12_000_000 - 1) // (2 * rate) + 1)
        if not loan.terms.capitalise:
            return bound
        return _first_true(1, bound, lambda fen: monthly_interest(self.graces[lane].owed(fen).principal, rate) >= cap)


def monthly_interest(principal: int, rate_ppm: int) -> int:
    """Return a twelfth of a year's interest, fen: what a deduction must exceed for a debt ever to fall."""
    return half_up(principal * rate_ppm, 12_000_000)


def months_at(principal: int, due: int, monthly: int, rate_ppm: int, most: int = 2400) -> int | None:
    """Return how many equal monthly payments a debt needs at a twelfth of the rate a month; None when it never ends or takes too long.

    `due` is interest already owed: it is paid first and bears none.
    """
    for months in range(1, most + 1):
        due += monthly_interest(principal, rate_ppm) - monthly
        if due < 0:
            principal, due = principal + due, 0
        if principal <= 0:
            return months
    return None


def _first_true(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the smallest whole number in low..high for which a condition that stays true holds; `high` when none below does."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def days_between_deductions(pension_month: int, months: int, day: int, day_count: str) -> Whole:
    """Return the interest days between each of `months` deductions and the one before, beginning with the second deduction."""
    if not _FIRST_MONTH <= pension_month <= _LAST_MONTH - months:
        days = [day_in_month(pension_month + at, day) for at in range(months)]
        return _days_between(days, day_count)
    at = pension_month - _FIRST_MONTH
    return _calendar(day, day_count)[at : at + months - 1]


_FIRST_MONTH, _LAST_MONTH = 2000 * 12 + 1, 2200 * 12


@cache
def _calendar(day: int, day_count: str) -> Whole:
    return _days_between([day_in_month(month, day) for month in range(_FIRST_MONTH, _LAST_MONTH + 1)], day_count)


def _days_between(days: Sequence[date], day_count: str) -> Whole:
    if day_count == "MONTH+ODD":
        return np.array([thirty_day_units(first, last) for first, last in pairwise(days)], np.int64)
    return np.array([(last - first).days for first, last in pairwise(days)], np.int64)
