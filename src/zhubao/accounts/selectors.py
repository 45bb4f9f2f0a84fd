"""What is read of personal accounts: balances are sums of entries, never kept anywhere."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from zhubao.access.actors import Actor
from zhubao.people.models import Person, Scheme

from .models import Account, Entry, Kind, Lot
from .models.account import COUNTY_LENGTH, AccountQuerySet


@dataclass(frozen=True)
class LotBalance:
    """What a lot holds, fen: `paid_in_fen` came in, `interest_fen` was credited on it, `out_fen` left it (0 or less)."""

    lot_id: int
    source: str
    origin: str
    paid_in_fen: int
    interest_fen: int
    out_fen: int

    @property
    def fen(self) -> int:
        """What is in it."""
        return self.paid_in_fen + self.interest_fen + self.out_fen


@dataclass(frozen=True)
class Balance:
    """What an account holds on a day, lot by lot; no lots where there is no account."""

    lots: tuple[LotBalance, ...] = ()

    @property
    def fen(self) -> int:
        """What is in the account."""
        return sum(lot.fen for lot in self.lots)

    @property
    def interest_fen(self) -> int:
        """What of it was credited as interest, whatever left the account since."""
        return sum(lot.interest_fen for lot in self.lots)

    @property
    def by_source(self) -> dict[str, int]:
        """What each source comes to with its interest, fen."""
        totals = Counter[str]()
        for lot in self.lots:
            totals[lot.source] += lot.fen
        return dict(totals)

    def of(self, source: str, origin: str | None = None) -> int:
        """Return what a source comes to with its interest, or one origin of it, fen."""
        return sum(lot.fen for lot in self.lots if lot.source == source and origin in {None, lot.origin})


def accounts_for(actor: Actor) -> AccountQuerySet:
    """Return the accounts an actor may open."""
    return Account.objects.seen_by(actor)


def account_of(person: Person, *, scheme: str = Scheme.RESIDENT, region_code: str = "") -> Account | None:
    """Return the account a county keeps for a person, the person's own county where none is named; None where there is none."""
    county = (region_code or person.region_code)[:COUNTY_LENGTH]
    return Account.objects.filter(person=person, scheme=scheme, region_code=county).first()


def balance(person: Person, on: date | None = None, *, scheme: str = Scheme.RESIDENT, region_code: str = "") -> Balance:
    """Return what a person's account holds on a day (that day's entries included), or by all entries; nothing without an account."""
    return balance_of(account_of(person, scheme=scheme, region_code=region_code), on)


def balance_of(account: Account | None, on: date | None = None) -> Balance:
    """Return what an account holds on a day (that day's entries included), or by all entries, the lots in the order they were opened."""
    if account is None:
        return Balance()
    rows: QuerySet[Entry] = Entry.objects.filter(lot__account=account)
    if on is not None:
        rows = rows.filter(on__lte=on)
    sums: dict[int, Counter[str]] = {}
    for lot_id, kind, fen in rows.order_by().values_list("lot_id", "kind").annotate(fen=Sum("amount_fen")):
        sums.setdefault(lot_id, Counter())[kind] += int(fen)
    return Balance(
        tuple(
            LotBalance(
                lot.pk,
                lot.source,
                lot.origin,
                sum(fen for kind, fen in sums[lot.pk].items() if kind not in {Kind.INTEREST, Kind.PAYOUT, Kind.TRANSFER_OUT}),
                sums[lot.pk][Kind.INTEREST],
                sums[lot.pk][Kind.PAYOUT] + sums[lot.pk][Kind.TRANSFER_OUT],
            )
            for lot in Lot.objects.filter(account=account).order_by("pk")
            if lot.pk in sums
        )
    )
