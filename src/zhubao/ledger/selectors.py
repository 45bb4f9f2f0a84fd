"""What is read of the ledger: balances are sums of postings, never kept anywhere."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from zhubao.access.actors import Actor
from zhubao.language import Text

from .chart import CHART, Party, account_name
from .models import Posting, PostingQuerySet


@dataclass(frozen=True)
class Balance:
    """One account of one party in fen: what was debited, what was credited."""

    party: Party
    account: str
    debit_fen: int
    credit_fen: int

    @property
    def fen(self) -> int:
        """Debit less credit."""
        return self.debit_fen - self.credit_fen

    @property
    def name(self) -> Text:
        """The account in words."""
        return account_name(self.party, self.account)


def postings_for(actor: Actor, *, source: str = "", subject: str = "") -> PostingQuerySet:
    """Return the postings of the actor's region in the order they were made, of one thing when it is named."""
    rows = Posting.objects.within(actor).order_by("pk")
    if source:
        rows = rows.filter(source=source)
    return rows.filter(subject=subject) if subject else rows


def balance(
    party: Party,
    account: str,
    *,
    region_code: str = "",
    party_reference: str | None = None,
    subject: str | None = None,
    up_to: date | None = None,
) -> int:
    """Return debit less credit of an account in fen, up to and including the day `up_to` (by the day of effect).

    Narrowed by region and everything below it, by which office or person the party is, and by the thing posted about.
    """
    rows = Posting.objects.filter(party=party, region_code__startswith=region_code)
    if party_reference is not None:
        rows = rows.filter(party_reference=party_reference)
    if subject is not None:
        rows = rows.filter(subject=subject)
    if up_to is not None:
        rows = rows.filter(on__lte=up_to)
    debit = rows.filter(debit=account).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    credit = rows.filter(credit=account).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return int(debit) - int(credit)


def trial_balance(
    actor: Actor, region_code: str, *, party: Party | None = None, party_reference: str | None = None, up_to: date | None = None
) -> list[Balance]:
    """Return the accounts of a region's parties that moved, in the order of the chart; debits and credits of each party are equal.

    Raise OutOfScope for a region that is not the actor's.
    """
    rows: QuerySet[Posting] = Posting.objects.in_region(actor, region_code)
    if party is not None:
        rows = rows.filter(party=party)
    if party_reference is not None:
        rows = rows.filter(party_reference=party_reference)
    if up_to is not None:
        rows = rows.filter(on__lte=up_to)
    debited = _sums(rows, "debit")
    credited = _sums(rows, "credit")
    return [
        Balance(each, account, debited.get((each, account), 0), credited.get((each, account), 0))
        for each, accounts in CHART.items()
        for account in accounts
        if (each, account) in debited or (each, account) in credited
    ]


def _sums(rows: QuerySet[Posting], side: str) -> dict[tuple[str, str], int]:
    totals = rows.order_by().values_list("party", side).annotate(fen=Sum("amount_fen"))
    return {(party, account): int(fen) for party, account, fen in totals}
