"""Month-end over arrays of loans: the same rule as `replay`, as whole-number columns.

Two implementations of one rule check each other. This one covers what a month-end run meets: actual days over 360 or 365, simple
interest, half-up rounding once a period, interest before principal, oldest tranche first. Loans with other terms (`supports`) are
stepped by `replay`. Everything is int64: ten million yuan at 4.9 % for fifteen years is 2.7e17 fen × ppm × days of 9.2e18.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from .money import MILLION
from .outcome import Outcome
from .terms import Terms

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Loans:
    """The state of n loans with at most k tranches each; fen, ppm, fen × ppm × days, and days as ordinals (0 = none).

    `remaining`, `ppm` are k × n, oldest tranche first; the others have n entries and mean what they mean in `Outcome`.
    `booked_interest`, `booked_government`: what month-ends of the open period have posted already.
    """

    remaining: Numbers
    ppm: Numbers
    principal: Numbers
    interest_due: Numbers
    weight: Numbers
    subsidised: Flags
    raw_interest: Numbers
    raw_government: Numbers
    open_since: Numbers
    counted_to: Numbers
    booked_interest: Numbers
    booked_government: Numbers

    @classmethod
    def empty(cls, loans: int, tranches: int) -> "Loans":
        """Return `loans` loans before their first tranche, with room for `tranches` each."""

        def column() -> Numbers:
            return np.zeros(loans, np.int64)

        return cls(
            np.zeros((tranches, loans), np.int64),
            np.zeros((tranches, loans), np.int64),
            column(),
            column(),
            column(),
            np.zeros(loans, np.bool_),
            *(column() for _ in range(6)),
        )

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], tranches: int) -> "Loans":
        """Return the arrays of replayed loans; nothing of their open periods counts as booked."""
        result = cls.empty(len(outcomes), tranches)
        for at, outcome in enumerate(outcomes):
            for number, tranche in enumerate(outcome.tranches):
                result.remaining[number, at] = tranche.remaining
                result.ppm[number, at] = tranche.rate_ppm
            result.principal[at], result.interest_due[at] = outcome.principal, outcome.interest_due
            result.weight[at], result.subsidised[at] = outcome.weight, outcome.borne > 0
            result.raw_interest[at], result.raw_government[at] = outcome.raw_interest, outcome.raw_government
            result.open_since[at], result.counted_to[at] = outcome.open_since, outcome.counted_to
        return result


@dataclass(frozen=True, slots=True)
class Booked:
    """Differences a month-end posts, fen a loan: interest so far less what the open period posted before, and its two parts."""

    government: Numbers
    borrower: Numbers


@dataclass(frozen=True, slots=True)
class Deducted:
    """One deduction of every loan, fen: what was taken, and what of it paid interest and principal."""

    amount: Numbers
    interest: Numbers
    principal: Numbers


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What a run posts: interest up to the deduction, the deduction, and interest from there to the month's last day."""

    before: Booked
    deduction: Deducted
    after: Booked


def supports(terms: Terms) -> bool:
    """Whether loans with these terms may be stepped here."""
    return (
        terms.day_count != "month+odd"
        and terms.rounding == "half_up"
        and terms.unpaid_interest == "simple"
        and terms.allocation == "interest_first"
        and terms.tranche_order == "oldest"
        and terms.penalty_ppm == 0
        and terms.min_deduction_fen == 0
    )


def interest_units(remaining: Numbers, ppm: Numbers, since: Numbers, day: int) -> Numbers:
    """Return fen × ppm × days of every loan from tranche columns (k × n each) up to the ordinal `day`, not counted."""
    total = np.zeros(remaining.shape[1], np.int64)
    for tranche in range(remaining.shape[0]):
        days = np.maximum(day - since[tranche], 0)
        days *= remaining[tranche]
        days *= ppm[tranche]
        total += days
    return total


def round_units(units: Numbers, unit: int | Numbers) -> Numbers:
    """Return fen × ppm × days in fen, an exact half upwards; `unit` = days of the year × a million, of all loans or of each."""
    result: Numbers = (units + unit // 2) // unit
    return result


def accrue(loans: Loans, day: int) -> None:
    """Count interest up to the ordinal `day`, not counted, in place."""
    gained = (day - loans.counted_to) * loans.weight
    loans.raw_interest += gained
    loans.raw_government += gained * loans.subsidised
    loans.counted_to[:] = day


def pay_out(loans: Loans, which: Numbers, fen: Numbers, ppm: Numbers, day: int) -> None:
    """Add a tranche to each of the loans numbered in `which` (each at most once), in place; interest is counted up to `day`."""
    accrue(loans, day)
    free = (loans.remaining[:, which] > 0).sum(axis=0)
    loans.remaining[free, which] = fen
    loans.ppm[free, which] = ppm
    loans.principal[which] += fen
    loans.weight[which] += fen * ppm
    loans.open_since[which] = np.where(loans.open_since[which] == 0, day, loans.open_since[which])


def set_subsidised(loans: Loans, subsidised: Flags, day: int) -> None:
    """Let the government bear the interest of the flagged loans, and only of those, from the ordinal `day`; in place."""
    accrue(loans, day)
    loans.subsidised[:] = subsidised


def book(loans: Loans, day: int, unit: int | Numbers) -> Booked:
    """Return what a month-end on `day` posts, and note it as posted: interest so far rounded once, less what was posted before.

    However often it is called, the period's interest stays the one that a single rounding at its close gives.
    """
    accrue(loans, day)
    interest, government = round_units(loans.raw_interest, unit), round_units(loans.raw_government, unit)
    of_government = government - loans.booked_government
    of_borrower = interest - loans.booked_interest - of_government
    loans.booked_interest, loans.booked_government = interest, government
    return Booked(of_government, of_borrower)


def close(loans: Loans, day: int, unit: int | Numbers, which: Flags | None = None) -> Booked:
    """Close the interest period of the flagged loans (default: all) on `day` in place; return what that posts still."""
    accrue(loans, day)
    closing = loans.open_since > 0
    if which is not None:
        closing &= which
    interest, government = round_units(loans.raw_interest, unit), round_units(loans.raw_government, unit)
    of_government = (government - loans.booked_government) * closing
    of_borrower = (interest - loans.booked_interest) * closing - of_government
    loans.interest_due += (interest - government) * closing
    running = ~closing
    for column in (loans.raw_interest, loans.raw_government, loans.booked_interest, loans.booked_government):
        np.multiply(column, running, out=column)
    np.copyto(loans.open_since, day, where=closing)
    return Booked(of_government, of_borrower)


def caps(terms: Terms, pension: Numbers, floor: Numbers, basic: Numbers, agreed: Numbers | None = None) -> Numbers:
    """Return the cap of every loan for one month, fen, by the rule of `caps.monthly_cap`."""
    if terms.deduction_rule == "remaining_at_least":
        result = pension - floor
    elif terms.deduction_rule == "max_share":
        result = pension * terms.share_percent // 100
    elif terms.deduction_rule == "exclude_basic" and terms.basic_pension == "excluded":
        result = pension - basic
    else:
        result = pension.copy()
    if agreed is not None:
        np.minimum(result, agreed, out=result)
    np.maximum(result, 0, out=result)
    return result


def pay(loans: Loans, amount: Numbers) -> Deducted:
    """Take `amount` (never more than is owed) of every loan, interest first and then the oldest tranche; in place.

    The period must just have been closed.
    """
    amount = np.minimum(amount, loans.principal + loans.interest_due)
    interest = np.minimum(amount, loans.interest_due)
    principal = amount - interest
    loans.interest_due -= interest
    loans.principal -= principal
    left = principal.copy()
    for remaining, ppm in zip(loans.remaining, loans.ppm, strict=True):
        paid = np.minimum(left, remaining)
        np.subtract(remaining, paid, out=remaining)
        left -= paid
        loans.weight -= paid * ppm
    loans.open_since *= (loans.principal + loans.interest_due) > 0
    return Deducted(amount, interest, principal)


def step(loans: Loans, terms: Terms, deduction_day: date, month_end: date, cap: Numbers, which: Flags | None = None) -> MonthEnd:
    """Do a whole month for every loan in place: accrue, split, deduct up to `cap`, allocate, book the rest of the month.

    `cap`: fen a loan (see `caps`), 0 takes nothing; `which`: the loans whose deduction falls due (default: all), only their
    periods close. `month_end` is the day after the last day counted. Raises ValueError for terms that `supports` denies.
    """
    if not supports(terms):
        raise ValueError("these terms are stepped by replay")
    unit = (365 if terms.day_count == "act365" else 360) * MILLION
    day = deduction_day.toordinal()
    before = close(loans, day, unit, which)
    deduction = pay(loans, cap if which is None else cap * which)
    return MonthEnd(before, deduction, book(loans, month_end.toordinal(), unit))
