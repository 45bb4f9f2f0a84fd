"""What a replay found: periods, schedule, totals, the state of the loan, and its postings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from .days import thirty_day_units
from .deaths import DeathSettlement
from .events import Kind
from .money import MILLION, half_even, half_up
from .terms import Terms

# Code of a closed interest period in the journal, beside the codes of `Kind`.
PERIOD_CLOSED = 0
CAPITALISED = 60
DEDUCTION_RETURNED = 61
ROW_KINDS = {
    int(Kind.PREPAID): "prepay",
    int(Kind.PAID_OFF): "prepay",
    int(Kind.MATURED): "maturity",
    int(Kind.DEDUCTION_DUE): "deduct",
    int(Kind.DEDUCTED): "deduct",
}


class Account(StrEnum):
    """Accounts of the loan as the bank's books show it."""

    PRINCIPAL = "loan_principal"
    INTEREST_BORROWER = "interest_receivable_borrower"
    INTEREST_GOVERNMENT = "interest_receivable_government"
    INTEREST_INCOME = "interest_income"
    SETTLEMENT = "settlement"
    PERSONAL_ACCOUNT = "receivable_personal_account"
    BACKSTOP = "receivable_government_backstop"
    ESTATE = "receivable_estate"
    BANK_LOSS = "bank_loss"
    RETURNABLE = "payable_returned_deductions"


class Posting(NamedTuple):
    """One movement: debit one account, credit another, `fen` above 0."""

    on: date
    kind: str
    debit: Account
    credit: Account
    fen: int


class Period(NamedTuple):
    """One interest period, `end` not counted; government and borrower together are the interest."""

    start: date
    end: date
    interest: int
    government: int
    borrower: int


class Payment(NamedTuple):
    """One row of the schedule: what was paid, what of it was interest and principal, and what was owed after it."""

    on: date
    kind: str
    amount: int
    interest: int
    principal: int
    principal_after: int
    interest_due_after: int


class Tranche(NamedTuple):
    """What is left of a tranche, its rate, and whether a subsidised day of it counts for the government."""

    remaining: int
    rate_ppm: int
    eligible: bool
    entry: int


@dataclass(slots=True)
class Outcome:
    """The state of a loan after its events, and the journal they left.

    Money in fen: `principal` and `interest_due` (borrower's part of closed periods) are still owed; after a death both are 0 and
    `death` says who pays. `weight` is the sum of fen × ppm that bears interest now, `borne` the part the government bears. Days are
    ordinals inside (0 = none): `open_since` the first day of the open period, `counted_to` the day up to which `raw_interest` and
    `raw_government` (fen × ppm × days) are counted.
    """

    terms: Terms
    principal: int
    interest_due: int
    weight: int
    borne: int
    raw_interest: int
    raw_government: int
    open_since: int
    counted_to: int
    tranches: tuple[Tranche, ...]
    arrears: int
    deduction_months: int
    closed_ordinal: int
    death: DeathSettlement | None
    journal: list[tuple[int, ...]] = field(repr=False)

    @property
    def periods(self) -> list[Period]:
        """Every closed interest period, in order."""
        day = date.fromordinal
        return [
            Period(day(start), day(end), interest, government, interest - government)
            for start, end, interest, government in self._closed()
        ]

    @property
    def schedule(self) -> list[Payment]:
        """Every payment the borrower made or is due to make, in order."""
        return [Payment(date.fromordinal(row[1]), ROW_KINDS[row[0]], *row[2:7]) for row in self.journal if row[0] in ROW_KINDS]

    @property
    def total_interest(self) -> int:
        """Interest of all closed periods, fen."""
        return sum(interest for _, _, interest, _ in self._closed())

    @property
    def subsidy_total(self) -> int:
        """The government's part of `total_interest`, fen."""
        return sum(government for _, _, _, government in self._closed())

    def _closed(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield first day, end, interest and government's part of every closed period; a payment carries the one it closed."""
        for row in self.journal:
            if row[0] == PERIOD_CLOSED:
                yield row[1], row[2], row[3], row[4]
            elif row[0] in ROW_KINDS and row[7]:
                yield row[7], row[1], row[8], row[9]

    @property
    def borrower_interest_total(self) -> int:
        """The borrower's part of `total_interest`, fen."""
        return self.total_interest - self.subsidy_total

    @property
    def last_instalment(self) -> int | None:
        """The amount of the last deduction, fen; None without deductions."""
        for row in reversed(self.journal):
            if ROW_KINDS.get(row[0]) == "deduct":
                return row[2]
        return None

    @property
    def closed_on(self) -> date | None:
        """The day on which nothing was owed any more; None while something is, and after a death."""
        return date.fromordinal(self.closed_ordinal) if self.closed_ordinal and self.death is None else None

    @property
    def interest_payable_now(self) -> int:
        """The part of the interest due that may be demanded in cash today (setting `grace_interest_due`), fen."""
        if self.terms.grace_interest_due == "at_settlement" or self.deduction_months:
            return self.interest_due
        return 0

    def accrued(self, on: date) -> tuple[int, int]:
        """Return interest so far in the open period up to `on` (not counted), and the government's part; each rounded by itself, fen.

        `on` is not before the last event.
        """
        day = on.toordinal()
        raw, raw_government = self.raw_interest, self.raw_government
        terms = self.terms
        if self.weight and day > self.counted_to:
            actual = terms.day_count != "month+odd"
            days = day - self.counted_to if actual else thirty_day_units(date.fromordinal(self.counted_to), on)
            raw += self.weight * days
            raw_government += self.borne * days
        unit = (365 if terms.day_count == "act365" else 360) * MILLION
        rounded = half_even if terms.rounding == "half_even" else half_up
        return rounded(raw, unit), rounded(raw_government, unit)

    @property
    def postings(self) -> list[Posting]:
        """Every posting the journal means, in order; each account's balance is the sum of its postings."""
        return list(_postings(self.journal, self.death))

    def balances(self) -> dict[Account, int]:
        """Return debit less credit of every account, fen."""
        result = dict.fromkeys(Account, 0)
        for posting in _postings(self.journal, self.death):
            result[posting.debit] += posting.fen
            result[posting.credit] -= posting.fen
        return result


def _postings(journal: list[tuple[int, ...]], death: DeathSettlement | None) -> Iterator[Posting]:
    """Translate the journal into postings; a negative difference is posted the other way round."""
    booked = booked_government = 0
    for row in journal:
        code = row[0]
        accrued = None
        if code in {PERIOD_CLOSED, Kind.BOOKED}:
            accrued = row[2], row[3], row[4]
        elif code in ROW_KINDS and row[7]:
            accrued = row[1], row[8], row[9]
        if accrued:
            on = date.fromordinal(accrued[0])
            interest, government = accrued[1:]
            of_government = government - booked_government
            yield from _moved(on, "accrue_government", Account.INTEREST_GOVERNMENT, Account.INTEREST_INCOME, of_government)
            of_borrower = interest - booked - of_government
            yield from _moved(on, "accrue_borrower", Account.INTEREST_BORROWER, Account.INTEREST_INCOME, of_borrower)
            booked, booked_government = (interest, government) if code == Kind.BOOKED else (0, 0)
        on = date.fromordinal(row[1])
        if code in ROW_KINDS:
            kind = ROW_KINDS[code]
            yield from _moved(on, f"{kind}_interest", Account.SETTLEMENT, Account.INTEREST_BORROWER, row[3])
            yield from _moved(on, f"{kind}_principal", Account.SETTLEMENT, Account.PRINCIPAL, row[4])
        elif code == Kind.TRANCHE_PAID:
            yield from _moved(on, "tranche", Account.PRINCIPAL, Account.SETTLEMENT, row[2])
        elif code == CAPITALISED:
            yield from _moved(on, "capitalise", Account.PRINCIPAL, Account.INTEREST_BORROWER, row[2])
        elif code == Kind.CLAIM_PAID:
            yield from _moved(on, "claim_paid", Account.SETTLEMENT, Account.INTEREST_GOVERNMENT, row[2])
        elif code == Kind.CLAIM_RETURNED:
            yield from _moved(on, "claim_returned", Account.INTEREST_GOVERNMENT, Account.SETTLEMENT, row[2])
        elif code == Kind.ESTATE_PAID:
            yield from _moved(on, "estate_paid", Account.SETTLEMENT, Account.ESTATE, row[2])
        elif code == DEDUCTION_RETURNED:
            yield from _moved(on, "deduction_returned", Account.SETTLEMENT, Account.RETURNABLE, row[2])
        elif code == Kind.DIED and death is not None:
            yield from _death_postings(on, row[2], death)


def _death_postings(on: date, interest_due: int, death: DeathSettlement) -> Iterator[Posting]:
    """Move the debt to its payers, each paying interest before principal."""
    left = interest_due
    for kind, account, fen in (
        ("death_account", Account.PERSONAL_ACCOUNT, death.from_account),
        ("death_government", Account.BACKSTOP, death.government),
        ("death_bank", Account.BANK_LOSS, death.bank),
        ("death_estate", Account.ESTATE, death.unrecovered),
    ):
        interest = min(left, fen)
        left -= interest
        yield from _moved(on, kind, account, Account.INTEREST_BORROWER, interest)
        yield from _moved(on, kind, account, Account.PRINCIPAL, fen - interest)


def _moved(on: date, kind: str, debit: Account, credit: Account, fen: int) -> Iterator[Posting]:
    if fen > 0:
        yield Posting(on, kind, debit, credit, fen)
    elif fen < 0:
        yield Posting(on, kind, credit, debit, -fen)
