"""The only writers of personal accounts. What was entered is never changed: a mistake is taken back by an entry the other way round.

The happening that enters something writes the audit entry and has asked for the role; these ask for the region alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.pension.account_shares import shares
from zhubao.people.models import Person, Scheme
from zhubao.policies.claims import implements

from .models import Account, Entry, Kind, Source
from .models.account import ADDS, COUNTY_LENGTH, TAKES
from .selectors import balance_of
from .writing import Wanted, hold_counties, write


@dataclass(frozen=True)
class Credit:
    """One amount to be entered in a person's account, fen above 0.

    `subject` and `key` say what it is made for ("plan_row:12", "2026") and are used once; `lot` is the origin within the source (a
    loan's number, the year of a payment on behalf, "" for all of the source). `region_code` is the county that keeps the account,
    "" the person's own.
    """

    person_id: int
    source: str
    amount_fen: int
    on: date
    subject: str
    key: str
    lot: str = ""
    kind: str = ""
    scheme: str = Scheme.RESIDENT
    region_code: str = ""


def credit(
    person: Person,
    source: str,
    amount_fen: int,
    *,
    on: date,
    subject: str,
    key: str,
    lot: str = "",
    kind: str = "",
    scheme: str = Scheme.RESIDENT,
    region_code: str = "",
    actor: Actor,
    now: datetime,
) -> Entry:
    """Enter one amount in a person's account, opening account and lot where there are none; see `Credit` and `credit_many`."""
    line = Credit(person.pk, source, amount_fen, on, subject, key, lot, kind, scheme, region_code or person.region_code)
    return credit_many([line], actor=actor, now=now)[0]


@implements("tl-3.5d", as_="action")
@transaction.atomic
def credit_many(lines: Iterable[Credit], *, actor: Actor, now: datetime) -> list[Entry]:
    """Enter many amounts at once, all or none, with one control posting a county, day, kind and source; return the entries in order.

    `kind`: "contribution" where it is empty ("subsidy", "transfer_in" for those sources). A line entered before with the same content
    stays as it is. Raise OutOfScope, E-ACCOUNT-AMOUNT for nothing or less, E-ACCOUNT-SOURCE for an unknown source or a kind that adds
    nothing, E-ACCOUNT-DAY for a day to come, E-ACCOUNT-KEY for a key used for something else.
    """
    wanted = list(lines)
    for line in wanted:
        _check(line)
    regions = _regions(wanted)
    found = [
        Wanted(
            line.person_id,
            line.scheme,
            (line.region_code or regions[line.person_id])[:COUNTY_LENGTH],
            line.source,
            line.lot,
            line.kind or _kind_of(line.source),
            line.on,
            line.amount_fen,
            line.subject,
            line.key,
        )
        for line in wanted
    ]
    hold_counties(each.region_code for each in found)
    return write(found, actor=actor, now=now)


@transaction.atomic
def reclassify(
    person: Person,
    amount_fen: int,
    *,
    on: date,
    subject: str,
    key: str,
    from_source: str = Source.OWN,
    to_source: str = Source.ON_BEHALF,
    from_lot: str = "",
    to_lot: str = "",
    scheme: str = Scheme.RESIDENT,
    region_code: str = "",
    actor: Actor,
    now: datetime,
) -> list[Entry]:
    """Move an amount from one source to another within an account: who paid 100 himself and has 70 refunded keeps 30 of his own.

    Raise what `credit_many` raises, and E-ACCOUNT-BALANCE when the first lot does not hold as much.
    """
    county = (region_code or person.region_code)[:COUNTY_LENGTH]
    _check(Credit(person.pk, from_source, amount_fen, on, subject, key))
    _check(Credit(person.pk, to_source, amount_fen, on, subject, key))
    hold_counties([county])
    if not Entry.objects.filter(subject=subject, key=key).exists():
        there = balance_of(Account.objects.filter(person=person, scheme=scheme, region_code=county).first()).of(
            from_source, from_lot
        )
        _require_there(amount_fen, there, subject)
    common = (Kind.RECLASSIFIED, on)
    return write(
        [
            Wanted(person.pk, scheme, county, from_source, from_lot, *common, -amount_fen, subject, key),
            Wanted(person.pk, scheme, county, to_source, to_lot, *common, amount_fen, subject, key),
        ],
        actor=actor,
        now=now,
    )


@implements("tl-4.3b", as_="action")
@transaction.atomic
def pay_out(
    account: Account,
    amount_fen: int,
    *,
    on: date,
    subject: str,
    key: str,
    kind: str = Kind.PAYOUT,
    only_source: str = "",
    only_lot: str | None = None,
    actor: Actor,
    now: datetime,
) -> list[Entry]:
    """Take an amount out of an account, from every lot in the proportion of what is in it (A-TL-6), or from one source, or one lot, alone.

    Raise E-ACCOUNT-BALANCE when there is not as much, E-ACCOUNT-SOURCE for a kind that takes nothing, and what `credit_many` raises.
    """
    if kind not in TAKES:
        raise ZhubaoError("E-ACCOUNT-SOURCE", Text("不是支出类别", "not a kind that takes money out"), place=kind)
    if amount_fen <= 0:
        raise _amount(subject)
    hold_counties([account.region_code])
    standing = list(Entry.objects.filter(subject=subject, key=key, lot__account=account).order_by("pk"))
    if standing:
        if any(entry.on != on for entry in standing) or sum(entry.amount_fen for entry in standing) != -amount_fen:
            raise ZhubaoError(
                "E-ACCOUNT-KEY",
                Text("这一凭证已记过另一笔", "this was entered with another content"),
                place=f"{subject} {key}",
            )
        return standing
    lots = [
        lot
        for lot in balance_of(account).lots
        if lot.fen > 0 and only_source in {"", lot.source} and only_lot in {None, lot.origin}
    ]
    _require_there(amount_fen, sum(lot.fen for lot in lots), subject)
    parts = shares(amount_fen, [lot.fen for lot in lots])
    return write(
        [
            Wanted(account.person_id, account.scheme, account.region_code, lot.source, lot.origin, kind, on, -fen, subject, key)
            for lot, fen in zip(lots, parts, strict=True)
            if fen
        ],
        actor=actor,
        now=now,
    )


@transaction.atomic
def take_back(subject: str, key: str, *, on: date, actor: Actor, now: datetime) -> list[Entry]:
    """Take back every entry of a subject and key on a day, by entries the other way round; a second call changes nothing.

    Raise E-ACCOUNT-NONE when nothing stands under them, OutOfScope for another region.
    """
    rows = Entry.objects.filter(subject=subject, key=key, reverses=None).select_related("lot__account").order_by("pk")
    entries = list(rows)
    if not entries:
        raise ZhubaoError("E-ACCOUNT-NONE", Text("没有这笔记录", "nothing was entered under this key"), place=f"{subject} {key}")
    hold_counties(entry.lot.account.region_code for entry in entries)
    return write(
        [
            Wanted(
                entry.lot.account.person_id,
                entry.lot.account.scheme,
                entry.lot.account.region_code,
                entry.lot.source,
                entry.lot.origin,
                entry.kind,
                on,
                -entry.amount_fen,
                subject,
                f"{key}/reversed",
                entry.pk,
            )
            for entry in entries
        ],
        actor=actor,
        now=now,
    )


@transaction.atomic
def take_back_part(
    account: Account, source: str, lot: str, amount_fen: int, *, subject: str, on: date, actor: Actor, now: datetime
) -> list[Entry]:
    """Put an amount back into the lot a subject paid it out of: the payout of that lot is taken back, what stays paid goes out anew.

    Raise E-ACCOUNT-AMOUNT, E-ACCOUNT-NONE where no payout of the subject that still stands took as much, OutOfScope.
    """
    if amount_fen <= 0:
        raise _amount(subject)
    hold_counties([account.region_code])
    paid = Entry.objects.filter(
        subject=subject, kind=Kind.PAYOUT, reverses=None, lot__account=account, lot__source=source, lot__origin=lot
    )
    taken_back = Entry.objects.filter(subject=subject, reverses__isnull=False).values("reverses_id")
    standing = paid.exclude(pk__in=taken_back).filter(amount_fen__lte=-amount_fen).order_by("-pk").first()
    if standing is None:
        problem = Text("没有从该来源付出这么多", "not as much was paid out of this source")
        raise ZhubaoError("E-ACCOUNT-NONE", problem, place=f"{subject} {source} {lot}".strip())
    place = (account.person_id, account.scheme, account.region_code, source, lot, Kind.PAYOUT, on)
    back = Wanted(*place, -standing.amount_fen, subject, f"{standing.key}/reversed", standing.pk)
    rest = standing.amount_fen + amount_fen
    again = [Wanted(*place, rest, subject, f"{standing.key}/rest")] if rest else []
    return write([back, *again], actor=actor, now=now)


def _kind_of(source: str) -> str:
    return {Source.SUBSIDY: Kind.SUBSIDY, Source.TRANSFER: Kind.TRANSFER_IN, Source.INTEREST: Kind.OPENING}.get(
        Source(source), Kind.CONTRIBUTION
    )


def _check(line: Credit) -> None:
    if line.amount_fen <= 0:
        raise _amount(line.subject)
    if line.source not in Source.values or (line.kind and line.kind not in ADDS):
        problem = Text("没有这种来源或类别", "there is no such source or kind")
        raise ZhubaoError("E-ACCOUNT-SOURCE", problem, place=f"{line.source} {line.kind}".strip())
    if not line.subject or not line.key:
        raise ZhubaoError("E-ACCOUNT-KEY", Text("缺凭证", "subject and key are needed"), place=f"person:{line.person_id}")


def _amount(subject: str) -> ZhubaoError:
    return ZhubaoError("E-ACCOUNT-AMOUNT", Text("金额应大于零", "an amount above zero is needed"), place=subject)


def _require_there(amount_fen: int, there_fen: int, subject: str) -> None:
    if amount_fen > there_fen:
        raise ZhubaoError(
            "E-ACCOUNT-BALANCE",
            Text(
                f"账户内只有 {amount_in_yuan(there_fen)} 元，需 {amount_in_yuan(amount_fen)} 元",
                f"{amount_in_yuan(amount_fen)} yuan wanted, {amount_in_yuan(there_fen)} are there",
            ),
            place=subject,
            remedy=Text("核对账户分录", "look at the entries of the account"),
        )


def _regions(lines: list[Credit]) -> dict[int, str]:
    people = {line.person_id for line in lines if not line.region_code}
    return dict(Person.objects.filter(pk__in=people).values_list("pk", "region_code"))
