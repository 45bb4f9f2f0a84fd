"""Statements over many loans: for finance, for the human resources bureau, for the bank; sums of the same figures, loan by loan."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, Sum

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements

from .. import states
from ..models import ClaimLine, Loan, LoanQuerySet, Receipt
from ..selectors import loans_for
from .figures import FIGURES, Figures
from .reading import folded

CHUNK = 2_000
_AGENCY = (Role.AGENCY_APPROVER, Role.AGENCY_ACCOUNTANT, Role.AUDITOR)


@dataclass(frozen=True)
class Audience:
    """For whom a statement over many loans is: its name in addresses, its columns in order, who may open it."""

    name: str
    label: Text
    columns: tuple[str, ...]
    roles: frozenset[str]


CLAIMED, CONTRIBUTED, ENDED = "claimed", "contributed", "ended"
BESIDE = {
    CLAIMED: Text("本期申报贴息", "subsidy claimed"),
    CONTRIBUTED: Text("本期到账缴费", "contributions arrived"),
    ENDED: Text("本期终结（笔）", "loans ended"),
}
LABELS = {**{name: figure.label for name, figure in FIGURES.items()}, **BESIDE}
AUDIENCES = {
    each.name: each
    for each in (
        Audience(
            "finance",
            Text("财政：贴息", "Finance: interest subsidy"),
            ("interest_finance", CLAIMED, "subsidy_paid", "subsidy_owed"),
            frozenset({Role.FINANCE_CLERK, *_AGENCY}),
        ),
        Audience(
            "hrss",
            Text("人社：贷款与扣款", "Human resources: loans and deductions"),
            ("draws", CONTRIBUTED, "interest_finance", "repaid_principal", "repaid_interest", "taken_over", "returned", ENDED),
            frozenset({Role.HRSS_SUPERVISOR, *_AGENCY}),
        ),
        Audience(
            "bank",
            Text("银行：贷款余额", "Bank: portfolio"),
            (
                "opening_principal", "draws", "capitalised", "repaid_principal", "taken_over", "other", "closing_principal",
                "interest_borrower", "repaid_interest", "closing_interest",
            ),
            frozenset({Role.BANK_OFFICER, Role.BANK_REVIEWER, Role.PBOC_SUPERVISOR, *_AGENCY}),
        ),
    )
}  # fmt: skip


@dataclass
class Row:
    """One loan, or all of a bank and programme together: how many loans, their figures and what stands beside them."""

    loan: Loan
    figures: Figures
    beside: dict[str, int] = field(default_factory=dict)
    loans: int = 1

    def value(self, name: str) -> int:
        """Return a figure by its name: fen, or how many loans ended."""
        return self.beside.get(name, 0) if name in BESIDE else int(self.figures.as_dict()[name] or 0)

    def add(self, other: "Row") -> None:
        """Count another row in."""
        self.figures += other.figures
        self.loans += other.loans
        for name, value in other.beside.items():
            self.beside[name] = self.beside.get(name, 0) + value


def period_of(words: str) -> tuple[date, date]:
    """Return first and last day of a year ("2026") or a month ("2026-03"); raise E-STATEMENT-PERIOD for anything else."""
    found = re.fullmatch(r"(20\d\d)(?:-(0[1-9]|1[0-2]))?", words, re.ASCII)
    if found is None:
        problem = Text("期间写成 2026 或 2026-03", "a period is written 2026 or 2026-03")
        raise ZhubaoError("E-STATEMENT-PERIOD", problem, place=words[:20])
    year, month = int(found[1]), int(found[2]) if found[2] else None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(1)


def audience_for(actor: Actor, name: str) -> Audience:
    """Return an audience by its name; raise OutOfScope for a post it is not meant for, E-STATEMENT-KIND where there is none."""
    if name not in AUDIENCES:
        raise ZhubaoError("E-STATEMENT-KIND", Text("没有这种对账表", "there is no such statement"), place=name[:20])
    if actor.role not in AUDIENCES[name].roles:
        raise OutOfScope(name, Text("本岗位不看这种对账表", "this statement is not for this post"))
    return AUDIENCES[name]


def loans_in(actor: Actor, starts_on: date, ends_on: date, *, policy_id: str = "", bank_id: int | None = None) -> LoanQuerySet:
    """Return the loans a statement over a period counts, by number: drawn by its last day and not ended before its first.

    Those the post may see; the central bank sees every bank of its region, and no page shows it a single loan.
    """
    loans = Loan.objects.within(actor) if actor.role == Role.PBOC_SUPERVISOR else loans_for(actor)
    ended = Q(state__in=states.ENDED, state_since__date__lt=starts_on)
    drawn = Loan.objects.filter(tranches__drawn_on__lte=ends_on).values("pk")
    loans = loans.filter(pk__in=drawn).exclude(ended).select_related("person", "bank").order_by("number")
    if policy_id:
        loans = loans.filter(policy_id=policy_id)
    return loans if bank_id is None else loans.filter(bank_id=bank_id)


def rows_of(loans: Sequence[Loan], starts_on: date, ends_on: date, *, known_on: date | None = None) -> list[Row]:
    """Return each loan with its figures of a period, in the order given; `known_on`: as the books were on that day."""
    result = []
    for at in range(0, len(loans), CHUNK):
        chunk = loans[at : at + CHUNK]
        found = folded([loan.subject for loan in chunk], starts_on, ends_on, known_on=known_on)
        beside = _beside(chunk, starts_on, ends_on)
        result += [Row(loan, found[loan.subject].figures, beside[loan.pk]) for loan in chunk]
    return result


def totals_of(rows: Sequence[Row]) -> list[Row]:
    """Return the rows added up by bank and programme; the first loan of each stands for its bank and programme."""
    totals: dict[tuple[int, str], Row] = {}
    for row in rows:
        key = row.loan.bank_id, row.loan.policy_id
        if key in totals:
            totals[key].add(row)
        else:
            totals[key] = Row(row.loan, row.figures, dict(row.beside))
    return [totals[key] for key in sorted(totals, key=lambda key: (totals[key].loan.bank.name, key[1]))]


def grand_total(rows: Sequence[Row]) -> Row | None:
    """Return all rows in one; None without any."""
    if not rows:
        return None
    total = Row(rows[0].loan, rows[0].figures, dict(rows[0].beside), rows[0].loans)
    for row in rows[1:]:
        total.add(row)
    return total


@implements("tl-5.1c", as_="feature")
def explained(row: Row) -> bool:
    """Tell whether opening, draws and repayments come to the closing, which they always do unless the books are broken."""
    return row.figures.explained() == row.figures.closing


def _beside(loans: Sequence[Loan], starts_on: date, ends_on: date) -> dict[int, dict[str, int]]:
    """Return what no posting of the bank says: claimed in the period, contributions that arrived, whether the loan ended in it."""
    found: dict[int, dict[str, int]] = {loan.pk: {} for loan in loans}
    days = (starts_on, ends_on)
    claimed = ClaimLine.objects.filter(loan__in=loans, claim__received_on__range=days).values_list("loan_id")
    for pk, fen in claimed.annotate(Sum("asked_fen")):
        found[pk][CLAIMED] = fen
    arrived = Receipt.objects.filter(tranche__loan__in=loans, on__range=days, taken_back_at=None).order_by()
    for pk, fen in arrived.values_list("tranche__loan_id").annotate(Sum("amount_fen")):
        found[pk][CONTRIBUTED] = fen
    ended = Loan.objects.filter(pk__in=[loan.pk for loan in loans], state="settled", state_since__date__range=days)
    for pk in ended.values_list("pk", flat=True):
        found[pk][ENDED] = 1
    return found
