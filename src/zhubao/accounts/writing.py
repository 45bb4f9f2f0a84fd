"""How entries get into the table: under the county's lock, once a key, with their batch and its control postings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .control import Moved, post_control
from .models import Account, Batch, Entry, Lot
from .models.account import COUNTY_LENGTH


@dataclass(frozen=True)
class Wanted:
    """One entry to be made, its lot not looked up yet; `amount_fen` is signed by the kind."""

    person_id: int
    scheme: str
    region_code: str
    source: str
    origin: str
    kind: str
    on: date
    amount_fen: int
    subject: str
    key: str
    reverses_id: int | None = None

    @property
    def account(self) -> tuple[int, str, str]:
        """Return what names its account."""
        return self.person_id, self.scheme, self.region_code

    @property
    def lot(self) -> tuple[int, str, str, str, str]:
        """Return what names its lot."""
        return *self.account, self.source, self.origin


def hold_counties(region_codes: Iterable[str]) -> None:
    """Let nobody else write entries of these counties until the transaction ends: keys are used once, and balances stand still."""
    with connection.cursor() as cursor:
        for code in sorted({code[:COUNTY_LENGTH] for code in region_codes}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"accounts:{code}"])


def prepare_years(*years: int) -> list[int]:
    """Make the partitions of years; return those that were missing. Not within a transaction that has made entries."""
    with connection.cursor() as cursor:
        made = []
        for year in years:
            cursor.execute("SELECT accounts_make_year(%s)", [year])
            if cursor.fetchone() == (True,):
                made.append(year)
    return made


def write(wanted: Sequence[Wanted], *, actor: Actor, now: datetime) -> list[Entry]:
    """Make entries in one batch a county and return theirs in the same order; those standing already stay as they are.

    Called in a transaction that holds the counties. Raise OutOfScope, E-ACCOUNT-DAY for a day to come, E-ACCOUNT-KEY where a subject
    and key stand with another content.
    """
    today = localdate(now)
    for each in wanted:
        actor.require_region(each.region_code)
        if each.on > today:
            problem = Text("生效日不能晚于今天", "the day of effect is still to come")
            raise ZhubaoError("E-ACCOUNT-DAY", problem, place=f"{each.subject} {each.on}")
    if not wanted:
        return []
    lots = _lots(wanted)
    standing = _standing(wanted, lots)
    fresh: list[Entry] = []
    result: list[Entry] = []
    batches: dict[str, Batch] = {}
    sums: dict[str, Counter[Moved]] = {}
    for each in wanted:
        lot_id = lots[each.lot]
        place = (each.subject, each.key, each.kind, lot_id)
        entry = standing.get(place)
        if entry is None:
            batch = batches.get(each.region_code)
            if batch is None:
                batch = batches[each.region_code] = _batch(each.region_code, actor=actor, now=now)
            entry = Entry(
                batch=batch,
                lot_id=lot_id,
                kind=each.kind,
                on=each.on,
                amount_fen=each.amount_fen,
                subject=each.subject,
                key=each.key,
                reverses_id=each.reverses_id,
            )
            standing[place] = entry
            fresh.append(entry)
            moved = Moved(each.on, each.scheme, each.kind, each.source)
            sums.setdefault(each.region_code, Counter())[moved] += each.amount_fen
        elif (entry.on, entry.amount_fen) != (each.on, each.amount_fen):
            raise ZhubaoError(
                "E-ACCOUNT-KEY",
                Text("这一凭证已记过另一笔", "this was entered with another content"),
                place=f"{each.subject} {each.key}",
                remedy=Text("先冲正原记录，再记新的", "take the first back, then enter the new one"),
            )
        result.append(entry)
    Entry.objects.bulk_create(fresh, batch_size=5000)
    for code, batch in batches.items():
        post_control(batch, sums[code], actor=actor, now=now)
    return result


def _batch(region_code: str, *, actor: Actor, now: datetime) -> Batch:
    return Batch.objects.create(
        region_code=region_code, booked_on=localdate(now), posted_at=now, posted_by_id=actor.post_id, actor_name=actor.name
    )


def _standing(
    wanted: Sequence[Wanted], lots: dict[tuple[int, str, str, str, str], int]
) -> dict[tuple[str, str, str, int], Entry]:
    """Return the entries that stand under the subjects and keys of what is wanted; refuse one that stands in another lot alone."""
    subjects = sorted({each.subject for each in wanted})
    found = Entry.objects.filter(subject__in=subjects).order_by("pk")
    standing = {(entry.subject, entry.key, entry.kind, entry.lot_id): entry for entry in found}
    taken = {(subject, key) for subject, key, _kind, _lot in standing}
    for each in wanted:
        if (each.subject, each.key) in taken and (each.subject, each.key, each.kind, lots[each.lot]) not in standing:
            raise ZhubaoError(
                "E-ACCOUNT-KEY",
                Text("这一凭证已记在别的账户或来源", "this was entered in another account or source"),
                place=f"{each.subject} {each.key}",
            )
    return standing


def _lots(wanted: Sequence[Wanted]) -> dict[tuple[int, str, str, str, str], int]:
    """Return the lot of each name, with the accounts and lots opened that are missing."""
    people = sorted({each.person_id for each in wanted})
    names = {each.lot for each in wanted}
    known = _known_lots(people)
    missing = sorted(names - known.keys())
    if not missing:
        return known
    first: dict[tuple[int, str, str], date] = {}
    for each in wanted:
        first[each.account] = min(each.on, first.get(each.account, each.on))
    Account.objects.bulk_create(
        [
            Account(person_id=person, scheme=scheme, region_code=region, opened_on=on)
            for (person, scheme, region), on in sorted(first.items())
        ],
        ignore_conflicts=True,
        batch_size=5000,
    )
    rows = Account.objects.filter(person_id__in=people).values_list("person_id", "scheme", "region_code", "pk")
    accounts = {(person, scheme, region): pk for person, scheme, region, pk in rows}
    Lot.objects.bulk_create(
        [Lot(account_id=accounts[name[:3]], source=name[3], origin=name[4]) for name in missing],
        ignore_conflicts=True,
        batch_size=5000,
    )
    return _known_lots(people)


def _known_lots(people: list[int]) -> dict[tuple[int, str, str, str, str], int]:
    rows = Lot.objects.filter(account__person_id__in=people).values_list(
        "account__person_id", "account__scheme", "account__region_code", "source", "origin", "pk"
    )
    return {(person, scheme, region, source, origin): pk for person, scheme, region, source, origin, pk in rows}
