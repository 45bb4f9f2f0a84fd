"""What a loan leaves in the books of each party: the movements of its replay, and contributions and subsidies as they arrive."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting

from .models import Loan, Receipt, Tranche
from .replaying import outcome
from .states import JIANGXI, RUGAO, TONGLING

SOURCE = "loan"


class Movement(NamedTuple):
    """Debit and credit in one party's books; `part` tells two movements of one party apart."""

    party: Party
    debit: str
    credit: str
    part: str = ""

    @property
    def name(self) -> str:
        """The party's part of a posting's kind."""
        return f"{self.party.value}-{self.part}" if self.part else self.party.value


BANK_LENDS = Movement(Party.BANK, "loan_principal", "card_deposit")
BORROWER_PAYS = Movement(Party.BORROWER, "contribution", "loan_payable")
BANK_OWED_BY_GOVERNMENT = Movement(Party.BANK, "interest_receivable_government", "interest_income")
BORROWER_INTEREST = (
    Movement(Party.BANK, "interest_receivable_borrower", "interest_income"),
    Movement(Party.BORROWER, "interest_expense", "interest_payable"),
)
UNPAID_INTEREST_JOINS = (
    Movement(Party.BANK, "loan_principal", "interest_receivable_borrower"),
    Movement(Party.BORROWER, "interest_payable", "loan_payable"),
)
MEMO = Movement(Party.AGENCY, "account_memo", "account_memo_loan")

# Programme → what a replay posted → the movements it means.
DERIVED: dict[str, dict[str, tuple[Movement, ...]]] = {
    JIANGXI: {
        "tranche": (BANK_LENDS, Movement(Party.BORROWER, "card_deposit", "loan_payable")),
        "accrue_government": (
            BANK_OWED_BY_GOVERNMENT,
            Movement(Party.FINANCE, "interest_subsidy_commitment", "interest_subsidy_commitment_contra"),
        ),
    },
    RUGAO: {
        "tranche": (
            Movement(Party.BANK, "loan_principal", "settlement"),
            Movement(Party.FUND, "income_account", "contribution_income"),
            BORROWER_PAYS,
        ),
        "accrue_government": (
            BANK_OWED_BY_GOVERNMENT,
            Movement(Party.FINANCE, "interest_subsidy_expense", "interest_subsidy_payable"),
        ),
    },
    TONGLING: {
        # Credited to the card account and debited at once: nothing stays there to be withdrawn.
        "tranche": (
            BANK_LENDS,
            Movement(Party.BANK, "card_deposit", "settlement", "transfer"),
            Movement(Party.FUND, "collection_account", "contributions"),
            BORROWER_PAYS,
        ),
    },
}
for _movements in DERIVED.values():
    _movements["accrue_borrower"] = BORROWER_INTEREST
    _movements["capitalise"] = UNPAID_INTEREST_JOINS

RECEIVED: dict[str, tuple[Movement, ...]] = {
    JIANGXI: (
        Movement(Party.BANK, "card_deposit", "settlement"),
        Movement(Party.BORROWER, "contribution", "card_deposit"),
        Movement(Party.TAX, "collection_account", "contributions_collected"),
        MEMO,
    ),
    RUGAO: (MEMO,),
    TONGLING: (MEMO,),
}
SUBSIDY = (
    Movement(Party.FUND, "subsidy_receivable", "subsidy_income"),
    Movement(Party.FINANCE, "contribution_subsidy_expense", "treasury_cash"),
    Movement(Party.AGENCY, "account_memo", "account_memo_subsidy"),
)


@dataclass(frozen=True)
class Derived:
    """What a replay says was moved on a day in one party's books, fen; below zero the other way round."""

    on: date
    kind: str
    movement: Movement
    fen: int


def book(loan: Loan, up_to: date, *, actor: Actor, now: datetime) -> list[Posting]:
    """Post what the replay up to a day says and the books do not yet: the difference, with its true day of effect.

    The loan is locked by the caller. A back-dated event changes nothing posted before; a second call posts nothing.
    """
    posted, made = _posted(loan)
    wanted = {(each.on, each.kind, each.movement): each.fen for each in _derived(loan, up_to)}
    lines = []
    for on, kind, movement in sorted(wanted.keys() | posted.keys(), key=lambda key: (key[0], key[1], key[2].name)):
        if on > up_to:
            continue
        missing = wanted.get((on, kind, movement), 0) - posted.get((on, kind, movement), 0)
        if missing:
            number = made[on, kind, movement] + 1
            lines.append(_line(loan, movement, missing, on=on, kind=kind, entry=f"{on}/{number}"))
    return post(lines, actor=actor, now=now)


def book_receipt(loan: Loan, receipt: Receipt, *, actor: Actor, now: datetime) -> list[Posting]:
    """Post a contribution that arrived, once a receipt."""
    entry = f"{receipt.tranche.year}/{receipt.number}"
    lines = [
        _line(loan, each, receipt.amount_fen, on=receipt.on, kind="contribution", entry=entry)
        for each in RECEIVED[loan.policy_id]
    ]
    return post(lines, actor=actor, now=now)


def book_subsidy(loan: Loan, tranche: Tranche, fen: int, on: date, *, actor: Actor, now: datetime) -> list[Posting]:
    """Post the contribution subsidy that finance adds to a draw, once a draw."""
    entry = f"{tranche.year}/{tranche.sequence}"
    lines = [_line(loan, each, fen, on=on, kind="contribution_subsidy", entry=entry) for each in SUBSIDY]
    return post(lines, actor=actor, now=now)


def reference_of(loan: Loan, party: Party) -> str:
    """Return which bank, person or agency a party of a loan is; "" for the region's only one."""
    return {
        Party.BANK: f"organisation:{loan.bank_id}",
        Party.BORROWER: f"person:{loan.person_id}",
        Party.AGENCY: f"organisation:{loan.agency_id}",
    }.get(party, "")


def _derived(loan: Loan, up_to: date) -> Iterator[Derived]:
    totals: Counter[tuple[date, str, Movement]] = Counter()
    forward: dict[str, tuple[str, str]] = {}
    for posting in outcome(loan, up_to).postings:
        if posting.kind not in DERIVED[loan.policy_id]:
            raise ZhubaoError(
                "E-LOAN-BOOKS",
                Text("本流程没有这类记账", "the books of this programme have no such movement"),
                place=f"{loan.number} {posting.kind}",
            )
        movements = DERIVED[loan.policy_id][posting.kind]
        sides = forward.setdefault(posting.kind, _forward(posting.kind))
        sign = 1 if (posting.debit, posting.credit) == sides else -1
        for movement in movements:
            totals[posting.on, posting.kind, movement] += sign * posting.fen
    for (on, kind, movement), fen in totals.items():
        yield Derived(on, kind, movement, fen)


def _forward(kind: str) -> tuple[str, str]:
    """Return the sides a replay posts a kind on when nothing is taken back."""
    return {
        "tranche": ("loan_principal", "settlement"),
        "accrue_government": ("interest_receivable_government", "interest_income"),
        "accrue_borrower": ("interest_receivable_borrower", "interest_income"),
        "capitalise": ("loan_principal", "interest_receivable_borrower"),
    }[kind]


def _posted(loan: Loan) -> tuple[dict[tuple[date, str, Movement], int], Counter[tuple[date, str, Movement]]]:
    """Return what stands in the books of a replay's kinds, and how many postings made it up."""
    by_name = {
        f"{kind}.{movement.name}": (kind, movement)
        for kind, movements in DERIVED[loan.policy_id].items()
        for movement in movements
    }
    sums: dict[tuple[date, str, Movement], int] = {}
    made: Counter[tuple[date, str, Movement]] = Counter()
    for row in Posting.objects.of(SOURCE, loan.subject).filter(kind__in=by_name):
        kind, movement = by_name[row.kind]
        key = (row.on, kind, movement)
        sums[key] = sums.get(key, 0) + (row.amount_fen if row.debit == movement.debit else -row.amount_fen)
        made[key] += 1
    return sums, made


def _line(loan: Loan, movement: Movement, fen: int, *, on: date, kind: str, entry: str) -> Line:
    debit, credit = (movement.debit, movement.credit) if fen > 0 else (movement.credit, movement.debit)
    return Line(
        region_code=loan.region_code,
        on=on,
        party=movement.party,
        debit=debit,
        credit=credit,
        amount_fen=abs(fen),
        source=SOURCE,
        subject=loan.subject,
        kind=f"{kind}.{movement.name}",
        entry=entry,
        party_reference=reference_of(loan, movement.party),
    )
