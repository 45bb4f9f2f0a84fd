"""The figures of a statement, each defined by the movements of the bank's books that make it up. Pure: no database.

A figure is a sum over postings and nothing else, so that every figure can be opened to its postings by the same definition.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, NamedTuple

from zhubao.language import Text

PRINCIPAL, INTEREST, SUBSIDY = "loan_principal", "interest_receivable_borrower", "interest_receivable_government"
RETURNABLE = "returnable_deductions"
PAID_BY_BORROWER = ("deduct", "prepay", "maturity")
PAID_BY_OTHERS = ("death_account", "death_government", "death_bank", "death_estate")

When = Literal["before", "within", "until"]


class Sum(NamedTuple):
    """Postings of one kind between two accounts of the bank, before the period or within it; `fen` above 0."""

    kind: str
    debit: str
    credit: str
    before: bool
    fen: int


@dataclass(frozen=True)
class Figure:
    """One figure: the change of `accounts` (debit less credit) by postings of `kinds`, times `sign`.

    `kinds` without the party's part; empty: every kind. `excluding`: every kind but `kinds`.
    """

    name: str
    label: Text
    accounts: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    when: When = "within"
    sign: int = 1
    excluding: bool = False

    def takes_kind(self, kind: str) -> bool:
        """Tell whether postings of a kind ("tranche.bank") belong to it."""
        return not self.kinds or (kind.partition(".")[0] in self.kinds) != self.excluding

    def of(self, sums: Iterable[Sum]) -> int:
        """Return the figure in fen."""
        total = 0
        for each in sums:
            if self.when != "until" and each.before != (self.when == "before"):
                continue
            change = (each.debit in self.accounts) - (each.credit in self.accounts)
            if change and self.takes_kind(each.kind):
                total += change * each.fen
        return self.sign * total


def _kinds(*names: str) -> frozenset[str]:
    return frozenset(names)


_REPAID_INTEREST = _kinds(*(f"{kind}_interest" for kind in PAID_BY_BORROWER))
_REPAID_PRINCIPAL = _kinds(*(f"{kind}_principal" for kind in PAID_BY_BORROWER))
_TAKEN_OVER = _kinds(*(f"{kind}_{part}" for kind in PAID_BY_OTHERS for part in ("interest", "principal")))
_OF_THE_DEBT = _kinds("tranche", "accrue_borrower", "capitalise") | _REPAID_INTEREST | _REPAID_PRINCIPAL | _TAKEN_OVER
DEBT = (PRINCIPAL, INTEREST)

FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        Figure("opening_principal", Text("期初本金", "opening principal"), (PRINCIPAL,), when="before"),
        Figure("opening_interest", Text("期初欠息", "opening interest due"), (INTEREST,), when="before"),
        Figure("draws", Text("本期放款", "draws"), (PRINCIPAL,), _kinds("tranche")),
        Figure(
            "interest_borrower",
            Text("本期利息（本人承担）", "interest, borne by the borrower"),
            (INTEREST,),
            _kinds("accrue_borrower"),
        ),
        Figure(
            "interest_finance",
            Text("本期利息（财政贴息）", "interest, borne by finance"),
            (SUBSIDY,),
            _kinds("accrue_government"),
        ),
        Figure(
            "subsidy_paid",
            Text("财政已拨付贴息", "subsidy paid by finance"),
            (SUBSIDY,),
            _kinds("claim_paid", "claim_returned"),
            sign=-1,
        ),
        Figure("capitalised", Text("欠息转入本金", "unpaid interest added to principal"), (PRINCIPAL,), _kinds("capitalise")),
        Figure("repaid_interest", Text("归还利息", "interest repaid"), (INTEREST,), _REPAID_INTEREST, sign=-1),
        Figure("repaid_principal", Text("归还本金", "principal repaid"), (PRINCIPAL,), _REPAID_PRINCIPAL, sign=-1),
        Figure("taken_over", Text("身故后由他方清偿", "paid by others after death"), DEBT, _TAKEN_OVER, sign=-1),
        Figure("other", Text("其他变动", "other movements"), DEBT, _OF_THE_DEBT, excluding=True),
        Figure("returned", Text("多扣退回", "deductions returned"), (RETURNABLE,), _kinds("deduction_returned"), sign=-1),
        Figure("closing_principal", Text("期末本金", "closing principal"), (PRINCIPAL,), when="until"),
        Figure("closing_interest", Text("期末欠息", "closing interest due"), (INTEREST,), when="until"),
        Figure("subsidy_owed", Text("期末财政应付贴息", "subsidy finance still owes"), (SUBSIDY,), when="until"),
    )
}


@dataclass(frozen=True)
class Figures:
    """The figures of a period, fen; `open_*` is interest to the last day that no month-end has booked, None where unknown."""

    opening_principal: int = 0
    opening_interest: int = 0
    draws: int = 0
    interest_borrower: int = 0
    interest_finance: int = 0
    subsidy_paid: int = 0
    capitalised: int = 0
    repaid_interest: int = 0
    repaid_principal: int = 0
    taken_over: int = 0
    other: int = 0
    returned: int = 0
    closing_principal: int = 0
    closing_interest: int = 0
    subsidy_owed: int = 0
    open_borrower: int | None = None
    open_finance: int | None = None

    @property
    def opening(self) -> int:
        """Principal and interest owed before the first day."""
        return self.opening_principal + self.opening_interest

    @property
    def repaid(self) -> int:
        """What the borrower repaid."""
        return self.repaid_interest + self.repaid_principal

    @property
    def closing(self) -> int:
        """Principal and interest owed after the last day, as booked."""
        return self.closing_principal + self.closing_interest

    @property
    def owed(self) -> int:
        """What is owed after the last day, interest not booked yet included."""
        return self.closing + (self.open_borrower or 0)

    def explained(self) -> int:
        """Return what opening and movements come to; equal to `closing` always."""
        return (
            self.opening + self.draws + self.interest_borrower - self.repaid - self.taken_over + self.other
        )  # fmt: skip

    def as_dict(self) -> dict[str, int | None]:
        """Return the figures by name, in the order of a statement."""
        return asdict(self)

    def __add__(self, other: "Figures") -> "Figures":
        """Return the sum; what is unknown in one counts nothing."""
        pairs = zip(self.as_dict().items(), other.as_dict().values(), strict=True)
        return Figures(**{name: (one or 0) + (two or 0) for (name, one), two in pairs})


class Change(NamedTuple):
    """A figure that is not what an earlier statement said: fen then, now, and now less then."""

    label: Text
    name: str
    old: int
    new: int

    @property
    def difference(self) -> int:
        """New less old."""
        return self.new - self.old


OPEN_LABELS = {
    "open_borrower": Text("尚未入账的利息（本人承担）", "interest not booked yet, borrower's part"),
    "open_finance": Text("尚未入账的利息（财政贴息）", "interest not booked yet, finance's part"),
}


def fold(sums: Iterable[Sum], *, open_borrower: int | None = None, open_finance: int | None = None) -> Figures:
    """Return the figures that sums of a loan's bank postings come to."""
    known = list(sums)
    return Figures(
        **{name: figure.of(known) for name, figure in FIGURES.items()}, open_borrower=open_borrower, open_finance=open_finance
    )


def changes(old: Figures, new: Figures) -> list[Change]:
    """Return the figures that differ, in the order of a statement; none when nothing changed."""
    found, now = [], new.as_dict()
    for name, before in old.as_dict().items():
        if (before or 0) != (now[name] or 0):
            label = FIGURES[name].label if name in FIGURES else OPEN_LABELS[name]
            found.append(Change(label, name, before or 0, now[name] or 0))
    return found
