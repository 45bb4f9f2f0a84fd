"""What is read for statements: sums of postings for many loans in one query, and the postings behind one figure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import BooleanField, Case, Max, Q, Sum, Value, When

from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting, PostingQuerySet

from ..books import SOURCE
from ..models import Loan, LoanEvent, Statement
from ..repaying import owed_after
from ..replaying import OnRecord, records_of
from . import figures as pure
from .figures import Figure, Figures, fold

__all__ = ["Account", "accounts_of", "causes_of", "folded", "kept_figures", "postings_behind"]


@dataclass(frozen=True)
class Account:
    """A loan's figures of a period, and the highest key of a posting they rest on (0 without any)."""

    figures: Figures
    last_posting: int


def folded(subjects: Collection[str], starts_on: date, ends_on: date, *, known_on: date | None = None) -> dict[str, Account]:
    """Return the figures of each subject from the first to the last day (both counted), by its name; one query.

    `known_on`: only what was in the books on that day. Interest not booked yet stays unknown. A subject nothing was posted about has
    figures of 0.
    """
    rows = _bank_rows(subjects).filter(on__lte=ends_on)
    if known_on is not None:
        rows = rows.filter(booked_on__lte=known_on)
    before = Case(When(on__lt=starts_on, then=Value(True)), default=Value(False), output_field=BooleanField())
    grouped = rows.order_by().values_list("subject", "kind", "debit", "credit", before).annotate(Sum("amount_fen"), Max("pk"))
    sums: dict[str, list[pure.Sum]] = {subject: [] for subject in subjects}
    last = dict.fromkeys(subjects, 0)
    for subject, kind, debit, credit, earlier, fen, newest in grouped:
        sums[subject].append(pure.Sum(kind, debit, credit, earlier, int(fen)))
        last[subject] = max(last[subject], newest)
    return {subject: Account(fold(found), last[subject]) for subject, found in sums.items()}


def accounts_of(loans: Sequence[Loan], starts_on: date, ends_on: date) -> dict[int, Account]:
    """Return the account of each loan for a period by its key, interest not booked yet included; the banks are loaded."""
    booked = folded([loan.subject for loan in loans], starts_on, ends_on)
    records = records_of(loans)
    return {loan.pk: _with_open(booked[loan.subject], records[loan.pk], ends_on) for loan in loans}


def _with_open(account: Account, known: OnRecord, ends_on: date) -> Account:
    """Return the account with the interest the replay has and the books have not."""
    found = account.figures
    try:
        outcome = known.outcome(ends_on)
    except ZhubaoError:
        # A loan that cannot be replayed is held by the month-end, which says why; its booked figures stand.
        return account
    _interest, finance = outcome.accrued(ends_on + timedelta(1))
    open_borrower = owed_after(outcome, ends_on) - found.closing
    claimed = sum(
        row.fen if row.credit == pure.SUBSIDY else -row.fen for row in outcome.postings if row.kind.startswith("claim_")
    )
    open_finance = outcome.subsidy_total + finance - claimed - found.subsidy_owed
    values = {**found.as_dict(), "open_borrower": open_borrower, "open_finance": open_finance}
    return Account(Figures(**values), account.last_posting)  # type: ignore[arg-type]


def postings_behind(
    loan: Loan, figure: Figure, starts_on: date, ends_on: date, *, last_posting: int | None = None
) -> list[Posting]:
    """Return the postings a figure of a period is made of, by day; those a statement knew, where its `last_posting` is given."""
    rows = _bank_rows([loan.subject]).filter(on__lte=ends_on)
    if figure.when == "within":
        rows = rows.filter(on__gte=starts_on)
    elif figure.when == "before":
        rows = rows.filter(on__lt=starts_on)
    if last_posting is not None:
        rows = rows.filter(pk__lte=last_posting)
    rows = rows.filter(Q(debit__in=figure.accounts) | Q(credit__in=figure.accounts)).order_by("on", "pk")
    return [row for row in rows if figure.takes_kind(row.kind)]


def kept_figures(statement: Statement) -> Figures:
    """Return the figures a statement was given out with."""
    return Figures(**{name: getattr(statement, f"{name}_fen") for name in Figures().as_dict()})


def causes_of(statement: Statement) -> list[LoanEvent]:
    """Return the events entered after a statement was made that take effect on or before its last day: why it is no longer right."""
    return list(LoanEvent.objects.filter(loan_id=statement.loan_id, entered_at__gt=statement.made_at, day__lte=statement.ends_on))


def _bank_rows(subjects: Collection[str]) -> PostingQuerySet:
    return Posting.objects.filter(source=SOURCE, subject__in=list(subjects), party=Party.BANK.value)
