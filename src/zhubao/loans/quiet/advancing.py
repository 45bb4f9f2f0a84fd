"""A month-end of many quiet loans as columns of whole numbers: no database here.

Interest runs to each settlement day and each deduction, and to the end of the day that is closed; a deduction pays interest first.
What this cannot be sure of is left to a replay, loan by loan.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from zhubao.ledger.binary import Flags, Numbers
from zhubao.lending import Kind, batch
from zhubao.lending.days import month_number, settlement_days
from zhubao.lending.money import MILLION

from .standings import NO_DAY, Standings, settlement_pattern

# What a closing of a quiet loan posts; the place in the list is the number used in columns.
KINDS = ("accrue_government", "accrue_borrower", "deduct_interest", "deduct_principal", "claim_paid")
GOVERNMENT, BORROWER, INTEREST, PRINCIPAL, CLAIM = range(len(KINDS))

# More than any ordinal of a day.
DAYS = 4_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """Events entered since the loans were closed, by loan and then entry: `at` is the place of the loan.

    `paid_for` is the month a deduction is for as a `month_number` (0: not said), `months` how many it names; `answers` whether it
    answers the order that was open.
    """

    at: Numbers
    day: Numbers
    kind: Numbers
    amount: Numbers
    paid_for: Numbers
    months: Numbers
    answers: Flags

    def only(self, which: Flags) -> "Told":
        """Return some of the events."""
        return Told(*(getattr(self, name)[which] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Posted:
    """What the books are to show of the loans: `fen` on a day for a number of `KINDS`; `at` is the place of the loan."""

    at: Numbers
    on: Numbers
    kind: Numbers
    fen: Numbers


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders of a month: the loans by place, what they owe less what is still to come, and what is to be taken, fen."""

    at: Numbers
    debt: Numbers
    amount: Numbers


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a month-end makes of quiet loans, n of them.

    `left`: who must be replayed instead, whatever the rest says of them. `after`: where they stand, `kept`: whose standing can be kept.
    `owed`: principal and the borrower's interest after the day, fen.
    """

    left: Flags
    kept: Flags
    after: Standings
    posted: Posted
    owed: Numbers
    orders: Orders


def advance(before: Standings, told: Told, as_of: date, *, floors: Numbers, mark: int) -> Advanced:
    """Return the month-end as of a day of loans that stood somewhere before it.

    `floors`: the floor in force in the month of the day, fen, of each loan that has one, −1 where it is not known; `mark`: see
    `keeping.rates_mark`.
    """
    last = as_of.toordinal()
    left = _must_wake(before, as_of, floors, mark)
    due = told.day <= last
    left[told.at[_out_of_turn(told.at, due)]] = True
    now = told.only(due)
    deducted = now.only(now.kind == Kind.DEDUCTED)
    left[deducted.at[_unusual(deducted, before)]] = True

    unit = before.year_days * MILLION
    loans = _loans(before, unit)
    found: list[tuple[Numbers, int | Numbers, int, Numbers]] = []
    months_deducted = before.months_deducted.copy()
    settled = _settlements(before, as_of)
    for day in sorted({*settled, *deducted.day.tolist()}):
        here = deducted.only(deducted.day == day)
        which = settled.get(day, np.zeros(len(left), np.bool_))
        which[here.at] = True
        closed = batch.close(loans, day, unit, which)
        found += [
            (np.arange(len(left)), day, GOVERNMENT, closed.government),
            (np.arange(len(left)), day, BORROWER, closed.borrower),
        ]
        if len(here.at):
            amount = np.zeros(len(left), np.int64)
            amount[here.at] = here.amount
            left |= amount > np.minimum(np.maximum(before.cap_fen, 0), loans.principal + loans.interest_due)
            paid = batch.pay(loans, amount)
            months_deducted[here.at] += 1
            found += [
                (np.arange(len(left)), day, INTEREST, paid.interest),
                (np.arange(len(left)), day, PRINCIPAL, paid.principal),
            ]
    claimed = now.only(now.kind == Kind.CLAIM_PAID)
    found.append((claimed.at, claimed.day, CLAIM, claimed.amount))

    debt = _debt(loans, last, unit)
    booked = batch.book(loans, last + 1, unit)
    found += [
        (np.arange(len(left)), last, GOVERNMENT, booked.government),
        (np.arange(len(left)), last, BORROWER, booked.borrower),
    ]
    owed = loans.principal + loans.interest_due + loans.booked_interest - loans.booked_government
    left |= (owed == 0) | (loans.open_since == 0)

    answered = np.zeros(len(left), np.bool_)
    answered[told.at[told.answers]] = True
    still = np.where(answered, 0, before.open_fen)
    ordering = before.repaying & (before.rule >= 0) & (debt > still)
    left |= ordering & (before.max_months > 0) & (months_deducted >= before.max_months)
    at = np.flatnonzero(ordering & ~left)
    amount = np.minimum(before.ordered_cap_fen, debt - still)
    new = np.zeros(len(left), np.bool_)
    new[at] = amount[at] > 0
    remaining, rates = _packed(loans)
    after = replace(
        before,
        as_of=np.full(len(left), last),
        touched=np.isin(np.arange(len(left)), told.at[~due]),
        events=before.events + np.bincount(now.at, minlength=len(left)),
        open_since=loans.open_since,
        interest_due=loans.interest_due,
        raw_interest=loans.raw_interest,
        raw_government=loans.raw_government,
        months_deducted=months_deducted,
        open_month=np.where(new, as_of.replace(day=1).toordinal(), np.where(still > 0, before.open_month, NO_DAY.toordinal())),
        open_fen=np.where(new, amount, still),
        remaining=remaining,
        rates=rates,
    )
    return Advanced(left, ~left & ~(new & (still > 0)), after, _together(found), owed, Orders(at, (debt - still)[at], amount[at]))


def _must_wake(before: Standings, as_of: date, floors: Numbers, mark: int) -> Flags:
    """Return the loans to which the day brings something: pension, new rate, new floor; and those with an order this month already."""
    pensioned = before.repaying & (before.rule >= 0)
    same_month = _months(before.as_of) >= month_number(as_of)
    wakes: Flags = (
        (before.wakes_on <= as_of.toordinal())
        | ((before.rates_mark != 0) & (before.rates_mark != mark))
        | ((before.floor_area != 0) & (floors != before.floor_fen))
        | (pensioned & same_month)
    )
    return wakes


def _out_of_turn(at: Numbers, due: Flags) -> Flags:
    """Return the events that are due although an earlier entry of their loan is not yet."""
    wrong = np.zeros(len(at), np.bool_)
    wrong[1:] = (at[1:] == at[:-1]) & due[1:] & ~due[:-1]
    return wrong


def _unusual(deducted: Told, before: Standings) -> Flags:
    """Return deductions that only a replay can judge: back pay, an unknown cap, two of one loan on one day."""
    month, since = _months(deducted.day), _months(before.as_of)[deducted.at]
    own_month = (deducted.months == 0) | (deducted.paid_for == month)
    lately = (deducted.months == 1) & (deducted.paid_for >= since) & (deducted.paid_for <= month)
    wrong: Flags = ~(own_month & (deducted.months <= 1) | lately) | (before.cap_fen[deducted.at] < 0)
    key = deducted.at * DAYS + deducted.day
    _keys, first, count = np.unique(key, return_index=True, return_counts=True)
    wrong[first[count > 1]] = True
    return wrong


def _loans(before: Standings, unit: Numbers) -> batch.Loans:
    """Return the loans as the batch engine steps them; what the open period came to is in the books."""
    return batch.Loans(
        remaining=before.remaining.copy(),
        ppm=before.rates.copy(),
        principal=before.remaining.sum(axis=0),
        interest_due=before.interest_due.copy(),
        weight=(before.remaining * before.rates).sum(axis=0),
        subsidised=before.subsidised.copy(),
        raw_interest=before.raw_interest.copy(),
        raw_government=before.raw_government.copy(),
        open_since=before.open_since.copy(),
        counted_to=before.as_of + 1,
        booked_interest=batch.round_units(before.raw_interest, unit),
        booked_government=batch.round_units(before.raw_government, unit),
    )


def _settlements(before: Standings, as_of: date) -> dict[int, Flags]:
    """Return the days after the last closing on which interest periods close, and whose."""
    found: dict[int, Flags] = {}
    kinds, which = np.unique(before.settlement * DAYS + before.as_of, return_inverse=True)
    for number, kind in enumerate(kinds.tolist()):
        code, since = divmod(kind, DAYS)
        for day in settlement_days(settlement_pattern(code), date.fromordinal(since), as_of):
            found.setdefault(day.toordinal(), np.zeros(len(before.loan), np.bool_))[which == number] = True
    return found


def _debt(loans: batch.Loans, day: int, unit: Numbers) -> Numbers:
    """Return principal and the borrower's interest up to a day, not counted, fen."""
    batch.accrue(loans, day)
    interest = batch.round_units(loans.raw_interest, unit) - batch.round_units(loans.raw_government, unit)
    return loans.principal + loans.interest_due + interest


def _packed(loans: batch.Loans) -> tuple[Numbers, Numbers]:
    """Return what is left of each tranche and its rate, tranches that are paid off taken out."""
    remaining, rates = loans.remaining, np.where(loans.remaining > 0, loans.ppm, 0)
    gaps = np.flatnonzero(((remaining[:-1] == 0) & (remaining[1:] > 0)).any(axis=0))
    order = np.argsort(remaining[:, gaps] == 0, axis=0, kind="stable")
    remaining[:, gaps] = np.take_along_axis(remaining[:, gaps], order, axis=0)
    rates[:, gaps] = np.take_along_axis(rates[:, gaps], order, axis=0)
    return remaining, rates


def _together(found: list[tuple[Numbers, int | Numbers, int, Numbers]]) -> Posted:
    """Return what was found, one row a loan, day and kind: what falls on one day is one movement."""
    parts = []
    for at, on, kind, fen in found:
        here = np.flatnonzero(fen)
        days = on[here] if isinstance(on, np.ndarray) else np.full(len(here), on)
        parts.append(np.stack([at[here], days, np.full(len(here), kind), fen[here]]))
    at, on, kind, fen = np.concatenate(parts, axis=1)
    key = (at * DAYS + on) * len(KINDS) + kind
    keys, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    if len(keys) == len(key):
        return Posted(at, on, kind, fen)
    return Posted(at[first], on[first], kind[first], sums(inverse, fen, len(keys)))


def sums(groups: Numbers, fen: Numbers, count: int) -> Numbers:
    """Return the sum of each of `count` groups; `groups` is the group of each amount."""
    total = np.zeros(count, np.int64)
    np.add.at(total, groups.reshape(-1), fen)
    return total


def _months(days: Numbers) -> Numbers:
    """Return the `month_number` of each ordinal."""
    kinds, which = np.unique(days, return_inverse=True)
    return np.array([month_number(date.fromordinal(day)) for day in kinds.tolist()], np.int64)[which.reshape(-1)]
