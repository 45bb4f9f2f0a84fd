"""What happens to a loan, as small immutable records; nothing else is entered by people or files.

An event sorts by its day, then by the order in which one day's happenings count (`Kind`), then by its entry number, so the order
in which events were entered never changes an answer: a back-dated event is simply one more record.
"""

from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from .days import month_number


class Kind(IntEnum):
    """Kinds of events; the number is the order in which happenings of one day count."""

    REVERSED = 0
    # Tables that hold from a day on.
    PENSION_SET = 1
    BASIC_PENSION_SET = 2
    FLOOR_SET = 3
    AGREED_SET = 4
    CEILING_SET = 5
    # What changes the interest from a day on.
    RATE_SET = 10
    CERTIFICATION_LOST = 11
    CERTIFIED = 12
    GRACE_ENDED = 13
    CONTRIBUTION_UNPAID = 14
    BOOKED = 15
    # What closes an interest period.
    SETTLED = 20
    DIED = 21
    PREPAID = 22
    PAID_OFF = 23
    MATURED = 24
    DEDUCTION_DUE = 25
    DEDUCTED = 26
    # A tranche bears interest from its own day.
    TRANCHE_PAID = 30
    # What leaves the interest alone.
    TRANSFERRED = 40
    CLAIM_PAID = 41
    ESTATE_PAID = 42
    CLAIM_RETURNED = 43


class Event(NamedTuple):
    """One dated happening; build it with the functions below.

    `day` is the ordinal of the day it takes effect; `kind` the number of a `Kind`; `entry` the number it was entered under
    (the later of two that set the same thing on one day holds); `amount` fen or ppm; `more` what only that kind needs.
    """

    day: int
    kind: int
    entry: int = 0
    amount: int = 0
    more: tuple[int, ...] = ()

    @property
    def on(self) -> date:
        """The day it takes effect, which need not be the day of entry."""
        return date.fromordinal(self.day)


def tranche_paid(on: date, fen: int, *, entry: int = 0) -> Event:
    """The bank pays a tranche out; it bears interest from that day."""
    return Event(on.toordinal(), int(Kind.TRANCHE_PAID), entry, fen)


def rate_set(on: date, ppm: int, *, entry: int = 0) -> Event:
    """The yearly rate from that day on, in parts per million."""
    return Event(on.toordinal(), int(Kind.RATE_SET), entry, ppm)


def ceiling_set(on: date, ppm: int, *, entry: int = 0) -> Event:
    """The highest rate the policy allows from that day on (for Jiangxi the latest LPR, jx-2.4a), in parts per million."""
    return Event(on.toordinal(), int(Kind.CEILING_SET), entry, ppm)


def certified(on: date, *, entry: int = 0) -> Event:
    """The hardship status takes effect."""
    return Event(on.toordinal(), int(Kind.CERTIFIED), entry)


def certification_lost(on: date, *, entry: int = 0) -> Event:
    """The hardship status no longer has effect: that day is the first without it."""
    return Event(on.toordinal(), int(Kind.CERTIFICATION_LOST), entry)


def grace_ended(on: date, *, entry: int = 0) -> Event:
    """The first day on which no government bears interest any more (see `zhubao.lending.subsidy.end_of_subsidy`)."""
    return Event(on.toordinal(), int(Kind.GRACE_ENDED), entry)


def contribution_unpaid(on: date, tranche_entry: int, *, entry: int = 0) -> Event:
    """Qualification ended because the tranche with that entry number was not paid in (jx-3.1b)."""
    return Event(on.toordinal(), int(Kind.CONTRIBUTION_UNPAID), entry, tranche_entry)


def pension_set(on: date, fen: int, *, entry: int = 0) -> Event:
    """The monthly pension from that day on."""
    return Event(on.toordinal(), int(Kind.PENSION_SET), entry, fen)


def basic_pension_set(on: date, fen: int, *, entry: int = 0) -> Event:
    """The basic part of a resident's pension from that day on, a month."""
    return Event(on.toordinal(), int(Kind.BASIC_PENSION_SET), entry, fen)


def floor_set(on: date, fen: int, *, entry: int = 0) -> Event:
    """What must be left of the pension from that day on, a month (the dibao standard)."""
    return Event(on.toordinal(), int(Kind.FLOOR_SET), entry, fen)


def agreed_set(on: date, fen: int, *, entry: int = 0) -> Event:
    """The monthly amount that borrower and bank agreed from that day on."""
    return Event(on.toordinal(), int(Kind.AGREED_SET), entry, fen)


def settled(on: date, *, entry: int = 0) -> Event:
    """A settlement day of the bank: the interest period closes."""
    return Event(on.toordinal(), int(Kind.SETTLED), entry)


def booked(on: date, *, entry: int = 0) -> Event:
    """A month-end: interest so far, rounded once, less what this period has posted already, is posted."""
    return Event(on.toordinal(), int(Kind.BOOKED), entry)


def deduction_due(on: date, months: Iterable[date] = (), *, entry: int = 0) -> Event:
    """A day of deduction: as much is taken as the rule allows.

    `months`: any day of each month that the payment of pension covers, where it is not just the month of `on` (back pay).
    """
    return Event(on.toordinal(), int(Kind.DEDUCTION_DUE), entry, 0, tuple(sorted(month_number(month) for month in months)))


def deducted(on: date, fen: int, months: Iterable[date] = (), *, due: date | None = None, entry: int = 0) -> Event:
    """What the bank reports as taken from the pension on that day; 0 when it took nothing.

    `months` as in `deduction_due`; `due`: the agreed day when the money came on another (setting `collection_day`).
    """
    paid_for = tuple(sorted(month_number(month) for month in months))
    return Event(on.toordinal(), int(Kind.DEDUCTED), entry, fen, ((due or on).toordinal(), *paid_for))


def prepaid(on: date, fen: int, *, entry: int = 0) -> Event:
    """The borrower pays a part early, or interest in cash."""
    return Event(on.toordinal(), int(Kind.PREPAID), entry, fen)


def paid_off(on: date, *, entry: int = 0) -> Event:
    """The borrower pays all that he owes on that day."""
    return Event(on.toordinal(), int(Kind.PAID_OFF), entry)


def matured(on: date, *, entry: int = 0) -> Event:
    """The whole debt falls due and is paid in one sum."""
    return Event(on.toordinal(), int(Kind.MATURED), entry)


def died(
    on: date,
    account_fen: int,
    *,
    loan_formed_fen: int | None = None,
    settled_on: date | None = None,
    bank_at_fault: bool = False,
    entry: int = 0,
) -> Event:
    """The borrower dies.

    `account_fen`: balance of the personal account on that day; `loan_formed_fen`: the part of it that came from the loan (absent:
    all of it); `settled_on`: the day the account pays; `bank_at_fault`: written finding that the loss is the bank's own doing.
    """
    formed = account_fen if loan_formed_fen is None else loan_formed_fen
    return Event(on.toordinal(), int(Kind.DIED), entry, account_fen, (formed, (settled_on or on).toordinal(), int(bank_at_fault)))


def transferred(on: date, *, entry: int = 0) -> Event:
    """The pension relationship moves away: only with nothing owed (rg-14.3)."""
    return Event(on.toordinal(), int(Kind.TRANSFERRED), entry)


def claim_paid(on: date, fen: int, *, entry: int = 0) -> Event:
    """The government pays interest it bears to the bank."""
    return Event(on.toordinal(), int(Kind.CLAIM_PAID), entry, fen)


def claim_returned(on: date, fen: int, *, entry: int = 0) -> Event:
    """The bank gives back interest the government paid and, by a back-dated event, did not bear."""
    return Event(on.toordinal(), int(Kind.CLAIM_RETURNED), entry, fen)


def estate_paid(on: date, fen: int, *, entry: int = 0) -> Event:
    """Heirs, a co-borrower or a guarantor pay toward what death left uncovered."""
    return Event(on.toordinal(), int(Kind.ESTATE_PAID), entry, fen)


def reversed_entry(on: date, annulled: int, *, entry: int = 0) -> Event:
    """Annul the event with entry number `annulled`; dated as that event is."""
    return Event(on.toordinal(), int(Kind.REVERSED), entry, annulled)
