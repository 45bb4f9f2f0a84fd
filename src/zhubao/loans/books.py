"""What a loan leaves in the books of each party: the movements of its replay, and contributions and subsidies as they arrive."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, Sum

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.lending import Account

from .models import Loan, LoanStanding, Receipt, Tranche
from .replaying import OnRecord, record_of
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


def _paid_by_borrower(bank: str, borrower: str) -> tuple[tuple[Movement, ...], tuple[Movement, ...]]:
    """Return the movements of interest and of principal that a borrower pays, by the accounts the money comes from."""
    return (
        (
            Movement(Party.BANK, bank, "interest_receivable_borrower"),
            Movement(Party.BORROWER, "interest_payable", borrower),
        ),
        (Movement(Party.BANK, bank, "loan_principal"), Movement(Party.BORROWER, "loan_payable", borrower)),
    )


def _paid_by_others(bank: str, *payer: Movement) -> tuple[tuple[Movement, ...], tuple[Movement, ...]]:
    """Return the movements of interest and of principal that death leaves to another payer; the estate is cleared of them."""
    return (
        (
            Movement(Party.BANK, bank, "interest_receivable_borrower"),
            Movement(Party.BORROWER, "interest_payable", "debt_taken_over"),
            *payer,
        ),
        (
            Movement(Party.BANK, bank, "loan_principal"),
            Movement(Party.BORROWER, "loan_payable", "debt_taken_over"),
            *payer,
        ),
    )


PAID: dict[str, tuple[tuple[Movement, ...], tuple[Movement, ...]]] = {
    "deduct": _paid_by_borrower("card_deposit", "card_deposit"),
    "prepay": _paid_by_borrower("settlement", "own_money"),
    "maturity": _paid_by_borrower("settlement", "own_money"),
    "death_account": _paid_by_others("settlement", Movement(Party.AGENCY, "personal_account_liability", "cash")),
    "death_government": _paid_by_others("settlement", Movement(Party.FINANCE, "backstop_expense", "treasury_cash")),
    "death_bank": _paid_by_others("bank_loss"),
    # Nobody has paid yet: interest and principal become one claim, which the borrower's books keep as what is owed.
    "death_estate": (
        (
            Movement(Party.BANK, "receivable_estate", "interest_receivable_borrower"),
            Movement(Party.BORROWER, "interest_payable", "loan_payable"),
        ),
        (Movement(Party.BANK, "receivable_estate", "loan_principal"),),
    ),
}
for _movements in DERIVED.values():
    _movements["accrue_borrower"] = BORROWER_INTEREST
    _movements["capitalise"] = UNPAID_INTEREST_JOINS
    for _kind, (_interest, _principal) in PAID.items():
        _movements[f"{_kind}_interest"], _movements[f"{_kind}_principal"] = _interest, _principal
    _movements["estate_paid"] = (
        Movement(Party.BANK, "settlement", "receivable_estate"),
        Movement(Party.BORROWER, "loan_payable", "debt_taken_over"),
    )
    _movements["deduction_returned"] = (
        Movement(Party.BANK, "card_deposit", "returnable_deductions"),
        Movement(Party.BORROWER, "returnable_deductions", "card_deposit"),
    )
CLAIM_RECEIVED = Movement(Party.BANK, "settlement", "interest_receivable_government")
DERIVED[JIANGXI]["claim_paid"] = (CLAIM_RECEIVED, Movement(Party.FINANCE, "interest_subsidy_expense", "treasury_cash"))
DERIVED[RUGAO]["claim_paid"] = (CLAIM_RECEIVED, Movement(Party.FINANCE, "interest_subsidy_payable", "treasury_cash"))
# Interest paid and, by a back-dated event, not borne: the bank gives it back.
for _policy in (JIANGXI, RUGAO):
    DERIVED[_policy]["claim_returned"] = tuple(
        movement._replace(debit=movement.credit, credit=movement.debit) for movement in DERIVED[_policy]["claim_paid"]
    )

# Programme → kind of a posting → what a replay calls it, and the movement it is.
BY_NAME = {
    policy_id: {f"{kind}.{movement.name}": (kind, movement) for kind, meant in kinds.items() for movement in meant}
    for policy_id, kinds in DERIVED.items()
}

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


@dataclass(frozen=True)
class Standing:
    """What stands in the books of a replay's kinds: fen by day, kind and movement, and how many postings made each up."""

    fen: dict[tuple[date, str, Movement], int]
    made: dict[tuple[date, str, Movement], int]

    @property
    def until(self) -> date:
        """The last day anything was posted for; the first day there is when nothing was."""
        return max((on for on, _kind, _movement in self.fen), default=date.min)


def book(loan: Loan, up_to: date, *, actor: Actor, now: datetime) -> list[Posting]:
    """Post what the replay up to a day says and the books do not yet: the difference, with its true day of effect.

    The loan is locked by the caller. A back-dated event changes nothing posted before; a second call posts nothing. What a later
    month-end has posted is put right as well.
    """
    known = record_of(loan)
    lines = missing_lines(loan, known, standing_of([loan])[loan.subject], max([up_to, *known.month_ends]))
    if lines:
        LoanStanding.objects.filter(loan=loan).update(touched=True)
    return post(lines, actor=actor, now=now)


def missing_lines(loan: Loan, known: OnRecord, standing: Standing, up_to: date) -> list[Line]:
    """Return the lines that bring the books of a loan to what its replay up to and including a day says."""
    wanted = {(each.on, each.kind, each.movement): each.fen for each in _derived(loan, known, up_to)}
    lines = []
    for on, kind, movement in sorted(wanted.keys() | standing.fen.keys(), key=lambda key: (key[0], key[1], key[2].name)):
        if on > up_to:
            continue
        missing = wanted.get((on, kind, movement), 0) - standing.fen.get((on, kind, movement), 0)
        if missing:
            number = standing.made.get((on, kind, movement), 0) + 1
            lines.append(_line(loan, movement, missing, on=on, kind=kind, entry=f"{on}/{number}"))
    return lines


def book_receipt(loan: Loan, receipt: Receipt, *, actor: Actor, now: datetime) -> list[Posting]:
    """Post a contribution that arrived, once a receipt."""
    entry = receipt_entry(receipt)
    lines = [
        _line(loan, each, receipt.amount_fen, on=receipt.on, kind="contribution", entry=entry)
        for each in RECEIVED[loan.policy_id]
    ]
    return post(lines, actor=actor, now=now)


def receipt_entry(receipt: Receipt) -> str:
    """Return the entry a receipt is posted under: its year and number, with ``#2`` for one recorded again after it was taken back."""
    tranche = receipt.tranche
    same = Receipt.everything.filter(tranche__loan=tranche.loan_id, tranche__year=tranche.year, number=receipt.number)
    before = same.filter(pk__lt=receipt.pk).count()
    return f"{tranche.year}/{receipt.number}" + (f"#{before + 1}" if before else "")


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


def _derived(loan: Loan, known: OnRecord, up_to: date) -> Iterator[Derived]:
    totals: Counter[tuple[date, str, Movement]] = Counter()
    meant = DERIVED[loan.policy_id]
    for posting in known.postings(up_to):
        kind = posting.kind
        if kind in PAID:
            kind += "_interest" if posting.credit == Account.INTEREST_BORROWER else "_principal"
        if kind not in meant:
            raise ZhubaoError(
                "E-LOAN-BOOKS",
                Text("本流程没有这类记账", "the books of this programme have no such movement"),
                place=f"{loan.number} {kind}",
            )
        taken_back = posting.debit == Account.INTEREST_INCOME
        for movement in meant[kind]:
            totals[posting.on, kind, movement] += -posting.fen if taken_back else posting.fen
    for (on, kind, movement), fen in totals.items():
        yield Derived(on, kind, movement, fen)


def standing_of(loans: Iterable[Loan]) -> dict[str, Standing]:
    """Return what stands in the books of each loan's replay, by the subject of the loan; one query."""
    policies = {loan.subject: loan.policy_id for loan in loans}
    found = {subject: Standing({}, {}) for subject in policies}
    rows = Posting.objects.filter(source=SOURCE, subject__in=list(policies)).order_by()
    totals = rows.values_list("subject", "on", "kind", "debit").annotate(Sum("amount_fen"), Count("pk"))
    for subject, on, name, debit, fen, count in totals:
        known = BY_NAME[policies[subject]].get(name)
        if known is None:
            continue
        kind, movement = known
        key, (sums, made) = (on, kind, movement), (found[subject].fen, found[subject].made)
        sums[key] = sums.get(key, 0) + (fen if debit == movement.debit else -fen)
        made[key] = made.get(key, 0) + count
    return found


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
