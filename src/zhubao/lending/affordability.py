"""Repayment from the pension for many loans at once, and the largest principal the pension carries; whole numbers throughout.

Every loan is a lane of an array. A lane's first deduction meets what the grace period left; from then on each month adds interest on
the principal, rounded half up once, and takes at most that month's cap, interest first. Interest that stays unpaid bears none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

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
    """Loans side by side: caps and interest days of every deduction, one row a loan, padded with months that do nothing."""

    def __init__(self, loans: Sequence[Loan]) -> None:
        self.loans = loans
        self.graces: list[Grace] = [loan.grace() for loan in loans]
        self.width = max((loan.max_months for loan in loans), default=0)
        shape = len(loans), self.width
        self.caps: Whole = np.zeros(shape, np.int64)
        self.days: Whole = np.zeros(shape, np.int64)
        self.divisor = np.array([loan.terms.divisor for loan in loans], np.int64)
        self.rate = np.array([loan.terms.rate_ppm for loan in loans], np.int64)
        for lane, loan in enumerate(loans):
            at = 0
            for months, cap in loan.caps():
                self.caps[lane, at : at + months] = cap
                at += months
            terms = loan.terms
            counted = days_between_deductions(loan.pension_month, terms.deduction_day, terms.day_count)
            self.days[lane, 1 : loan.max_months] = counted[: loan.max_months - 1]

    def owed(self, principals: Sequence[int]) -> list[Owed]:
        """Return what each loan's grace period leaves when its principal is the one given, fen."""
        return [grace.owed(fen) for grace, fen in zip(self.graces, principals, strict=True)]

    def run(self, owed: Sequence[Owed], *, limits: Whole | None = None) -> tuple[Whole, Whole, Whole]:
        """Deduct month by month; return (debt at the end, deductions until nothing was owed, interest after the first deduction).

        The debt goes on falling below 0 by the caps after a loan is repaid, so its size says by how much the pension carries more.
        `limits`: deductions of each lane that count, all of them without.
        """
        caps = self.caps if limits is None else np.where(np.arange(self.width) < limits[:, None], self.caps, 0)
        principal = np.array([each.principal for each in owed], np.int64)
        debt = principal + np.array([each.due for each in owed], np.int64)
        months = np.zeros(len(owed), np.int64)
        interest = np.zeros(len(owed), np.int64)
        twice = 2 * self.divisor
        for at in range(self.width):
            if at:
                np.minimum(principal, debt, out=principal)
                np.maximum(principal, 0, out=principal)
                added = (2 * principal * (self.rate * self.days[:, at]) + self.divisor) // twice
                if limits is not None:
                    added[at >= limits] = 0
                debt += added
                interest += added
            months += debt > 0
            debt -= caps[:, at]
        return debt, months, interest

    def repaid(self) -> list[Repaid]:
        """Return how each loan is repaid as it is planned."""
        owed = self.owed([loan.principal for loan in self.loans])
        debt, months, interest = self.run(owed)
        return [
            Repaid(
                int(months[lane]) if debt[lane] <= 0 else None,
                int(interest[lane]),
                max(0, int(debt[lane])),
                min(int(self.caps[lane, 0]), each.principal + each.due),
            )
            for lane, each in enumerate(owed)
        ]

    def largest(self) -> list[int]:
        """Return the largest principal of each loan, all tranches scaled alike, that is repaid in time; 0 where there is none, fen.

        In time: the first cap is above a month's interest, and the debt ends by the policy's limit and by the horizon. One fen more is
        not repaid in time. Found by false position: the debt left at the end is nearly a straight line in the principal.
        """
        limits = np.array([min(loan.max_months, loan.horizon - loan.pension_month + 1) for loan in self.loans], np.int64)
        usable = np.array([loan.principal_planned > 0 and limit > 0 for loan, limit in zip(self.loans, limits, strict=True)])
        low = np.zeros(len(self.loans), np.int64)
        high = np.array([self._above(lane) for lane in range(len(self.loans))], np.int64)
        high[~usable] = 1
        at_low = self.run(self.owed(low.tolist()), limits=limits)[0].astype(np.float64)
        at_high = self.run(self.owed((high - 1).tolist()), limits=limits)[0].astype(np.float64)
        # Where even the most that covers its interest is repaid in time there is nothing to search.
        low = np.where(at_high <= 0, high - 1, low)
        high = np.where(at_high <= 0, high, high - 1)
        side = np.zeros(len(self.loans), np.int64)
        while (open_lanes := high - low > 1).any():
            span = (high - low).astype(np.float64)
            guess = low + np.floor(span * (-at_low) / np.maximum(at_high - at_low, 1.0)).astype(np.int64)
            guess = np.where(open_lanes, np.clip(guess, low + 1, high - 1), low)
            debt = self.run(self.owed(guess.tolist()), limits=limits)[0]
            fits = debt <= 0
            # The end that stays in place counts half, so that it moves too (Illinois rule).
            at_high = np.where(open_lanes & fits & (side == 1), at_high / 2, at_high)
            at_low = np.where(open_lanes & ~fits & (side == -1), at_low / 2, at_low)
            at_low = np.where(open_lanes & fits, debt.astype(np.float64), at_low)
            at_high = np.where(open_lanes & ~fits, debt.astype(np.float64), at_high)
            side = np.where(open_lanes, np.where(fits, 1, -1), side)
            low = np.where(open_lanes & fits, guess, low)
            high = np.where(open_lanes & ~fits, guess, high)
        return [int(fen) for fen in low]

    def _above(self, lane: int) -> int:
        """Return the smallest principal that is out of the question: its monthly interest not below the first cap, or above all caps together."""
        loan, cap = self.loans[lane], int(self.caps[lane, 0])
        if cap == 0:
            return 1
        bound = min(MOST_FEN, int(self.caps[lane].sum()) + 1)
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


@lru_cache(maxsize=4096)
def days_between_deductions(pension_month: int, day: int, day_count: str, months: int = 800) -> Any:
    """Return the interest days between each deduction and the one before, an int64 array beginning with the second deduction."""
    days = [day_in_month(pension_month + at, day) for at in range(months)]
    if day_count == "MONTH+ODD":
        return np.array([thirty_day_units(first, last) for first, last in pairwise(days)], np.int64)
    return np.diff(np.array([each.toordinal() for each in days], np.int64))
