"""Whole lists at once: insured persons' files and department rosters, a few statements a table however many rows there are.

Entering the same file again changes nothing. A number registered under another name is left out and reported, never overwritten.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.identity import mask_name
from zhubao.language import Text
from zhubao.policies.claims import implements

from .actions import KEEPING_ROLES
from .certifiers import check_certifier, require_department
from .keys import keys
from .many_rows import add_rows, batches, change_rows
from .models import CategoryList, FormerNumber, Identity, InsuredRecord, Person
from .recording import check_insured, insured_columns, require_source
from .sealing import citizen_number, person_rows
from .statements import INSURED_CONTENT, ORIGIN_COLUMNS, IdentityRow, InsuredRow, Origin

PERSON_FIELDS = tuple(each.name for each in Person._meta.concrete_fields)
INSURED_FIELDS = ("person", "recorded_at", *INSURED_CONTENT, "recorded_on", *ORIGIN_COLUMNS)
IDENTITY_FIELDS = tuple(each.name for each in Identity._meta.concrete_fields if not each.primary_key)
IDENTITY_VALUES = tuple(each.attname for each in Identity._meta.concrete_fields if not each.primary_key)
ENTERING_ROLES = (*KEEPING_ROLES, Role.HRSS_SUPERVISOR, Role.CERTIFIER)


@dataclass(frozen=True)
class NameConflict:
    """A row left out: its number is registered under another name. Both names masked."""

    row: int | None
    registered: str
    said: str


@dataclass
class Entered:
    """What became of a list: rows by outcome, and the persons newly registered."""

    persons: int = 0
    entered: int = 0
    confirmed: int = 0
    unchanged: int = 0
    ended: int = 0
    older: int = 0
    conflicts: list[NameConflict] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.persons or self.entered or self.confirmed or self.ended)

    def counts(self) -> dict[str, int]:
        """Return the numbers for the audit log."""
        kept = {name: getattr(self, name) for name in ("persons", "entered", "confirmed", "unchanged", "ended", "older")}
        return {**kept, "conflicts": len(self.conflicts)}


@transaction.atomic
def enter_insured_rows(rows: Iterable[InsuredRow], *, region_code: str, actor: Actor, now: datetime) -> Entered:
    """Enter a file of insured persons; who is new is registered in `region_code`.

    A record with new content supersedes the present one of its scheme, the same content gets the new day and place in the file, an older
    day is passed over. Raise E-INSURED, E-SOURCE or E-ID-… for a row that should not have come this far: nothing is entered then.
    """
    actor.require_role(*KEEPING_ROLES)
    actor.require_region(region_code)
    listed = list(rows)
    for row in listed:
        check_insured(row.statement)
    _one_at_a_time(region_code)
    done = Entered()
    places = [row.statement.origin.row for row in listed]
    people = _people([(row.id_number, row.name) for row in listed], places, region_code, done, now)
    wanted = {(person, row.statement.scheme): row.statement for person, row in zip(people, listed, strict=True) if person}
    present = {
        (current.person_id, current.scheme): current
        for batch in batches(sorted({person for person, _ in wanted}))
        for current in InsuredRecord.objects.filter(person_id__in=batch, superseded_at=None)
    }
    new: list[tuple[Any, ...]] = []
    over: list[int] = []
    same: list[InsuredRecord] = []
    for key, statement in wanted.items():
        current = present.get(key)
        if current is None or any(getattr(current, name) != value for name, value in statement.content().items()):
            if current is not None:
                if current.recorded_on > statement.recorded_on:
                    done.older += 1
                    continue
                over.append(current.pk)
            new.append((key[0], now, *insured_columns(statement).values()))
        elif _refresh(current, {"recorded_on": max(current.recorded_on, statement.recorded_on), **statement.origin.columns()}):
            same.append(current)
        else:
            done.unchanged += 1
    for batch in batches(over):
        InsuredRecord.objects.filter(pk__in=batch).update(superseded_at=now)
    add_rows(InsuredRecord, INSURED_FIELDS, new)
    change_rows(InsuredRecord, same, ("recorded_on", "source", "roster_file", "sheet", "row"))
    done.entered, done.confirmed = len(new), len(same)
    if done.changed:
        files = sorted({row.statement.origin.roster_file for row in listed})
        after = {**done.counts(), "files": files}
        record("insured.list_entered", f"region:{region_code}", actor=actor, now=now, region_code=region_code, after=after)
    return done


@implements("jx-1.2i", "jx-1.2j", "jx-1.2k", "ps-2.2a", as_="action")
@transaction.atomic
def enter_identity_rows(
    rows: Iterable[IdentityRow],
    *,
    region_code: str,
    certifier: str,
    origin: Origin,
    listed_on: date,
    complete: Collection[str] = (),
    held: Collection[int] = (),
    actor: Actor,
    now: datetime,
) -> Entered:
    """Enter a department's list as of `listed_on`; who is new is registered in `region_code`.

    `held` are persons whose identity stands although they are not on the list: their row could not be used.

    An identity that stands is confirmed with its new place in the list. For the categories in `complete` the list is the whole: an identity
    of the region's that is not on it ended the day before, and whoever is not on it is known not to have the category. Raise E-CERTIFIER for
    a category the department does not certify, E-LIST-OLDER when a later complete list is in: nothing is entered then.
    """
    actor.require_role(*ENTERING_ROLES)
    actor.require_region(region_code)
    require_department(actor, certifier)
    require_source(origin)
    listed = list(rows)
    for category in sorted({row.category for row in listed} | set(complete)):
        check_certifier(category, certifier, region_code, listed_on)
    _one_at_a_time(region_code)
    lists = CategoryList.objects.filter(region_code=region_code, certifier=certifier)
    if lists.filter(category__in=complete, listed_on__gt=listed_on).exists():
        problem = Text("已有更晚的完整名册", "a later complete list is in")
        raise ZhubaoError("E-LIST-OLDER", problem, place=listed_on.isoformat())
    done = Entered()
    people = _people([(row.id_number, row.name) for row in listed], [row.row for row in listed], region_code, done, now)
    change = _IdentityChange(certifier, region_code, origin, listed_on, now)
    change.known_before = set(lists.filter(listed_on__lt=listed_on).values_list("category", flat=True))
    change.read(sorted({person for person in people if person}), {row.category for row in listed})
    for person, row in zip(people, listed, strict=True):
        if person:
            change.take(person, row, done)
    change.on_it |= {(person, category) for person in held for category in complete}
    done.ended = change.end_missing(complete)
    change.write()
    done.entered, done.confirmed = len(change.new), len(change.confirmed)
    for category in complete:
        columns = {"listed_on": listed_on, "source": origin.source, "recorded_at": now}
        keyed = {"category": category, "roster_file": origin.roster_file}
        CategoryList.objects.get_or_create(region_code=region_code, certifier=certifier, **keyed, defaults=columns)
    if done.changed:
        after = {**done.counts(), "file": origin.roster_file, "certifier": certifier, "listed_on": listed_on.isoformat()}
        after["complete"] = sorted(complete)
        record("identities.list_entered", f"region:{region_code}", actor=actor, now=now, region_code=region_code, after=after)
    return done


class _IdentityChange:
    """What one list changes among the identities of its department: worked out in memory, written at the end."""

    def __init__(self, certifier: str, region_code: str, origin: Origin, listed_on: date, now: datetime) -> None:
        self.certifier, self.region_code, self.origin, self.listed_on, self.now = certifier, region_code, origin, listed_on, now
        self.known_before: set[str] = set()
        self.standing: dict[tuple[int, str], list[Identity]] = {}
        self.on_it: set[tuple[int, str]] = set()
        self.new: list[Identity] = []
        self.confirmed: list[Identity] = []
        self.withdrawn: list[Identity] = []

    def read(self, people: Sequence[int], categories: Collection[str]) -> None:
        """Read the standing identities of the people on the list."""
        theirs = Identity.objects.standing().filter(certifier=self.certifier, category__in=categories)
        for batch in batches(people):
            for identity in theirs.filter(person_id__in=batch).order_by("starts_on", "pk"):
                self.standing.setdefault((identity.person_id, identity.category), []).append(identity)

    def take(self, person: int, row: IdentityRow, done: Entered) -> None:
        """Confirm the identity that holds on the list's day, or enter a new one that begins after those that are over."""
        key = (person, row.category)
        if key in self.on_it:
            done.unchanged += 1
            return
        self.on_it.add(key)
        before = self.standing.get(key, [])
        present = next((each for each in before if _holds(each, self.listed_on)), None)
        if present is not None and row.starts_on in {None, present.starts_on}:
            place = self.origin_of(row).columns()
            given = {"certificate": row.certificate or present.certificate, "ends_on": row.ends_on or present.ends_on}
            if _refresh(present, {**place, **given}):
                self.confirmed.append(present)
            else:
                done.unchanged += 1
            return
        if present is not None:
            present.withdrawn_at, present.withdrawn_because = self.now, f"起始日改为 {row.starts_on}"
            self.withdrawn.append(present)
        over = [each.ends_on for each in before if each is not present and each.ends_on is not None]
        starts_on = row.starts_on or (self.listed_on if over or row.category in self.known_before else None)
        if over and (starts_on is None or starts_on <= max(over)):
            starts_on = max(over) + timedelta(days=1)
        if row.ends_on is not None and starts_on is not None and row.ends_on < starts_on:
            done.unchanged += 1
            return
        self.new.append(
            Identity(
                person_id=person,
                region_code=self.region_code,
                category=row.category,
                certifier=self.certifier,
                certificate=row.certificate[:60],
                starts_on=starts_on,
                ends_on=row.ends_on,
                recorded_at=self.now,
                **self.origin_of(row).columns(),
            )
        )

    def origin_of(self, row: IdentityRow) -> Origin:
        """Return where a row of the list stands."""
        return Origin(self.origin.source, self.origin.roster_file, row.sheet or self.origin.sheet, row.row)

    def end_missing(self, complete: Collection[str]) -> int:
        """End the region's identities of the complete categories whose person is not on the list; return how many."""
        last = self.listed_on - timedelta(days=1)
        open_ones = Identity.objects.in_force(self.listed_on).filter(
            certifier=self.certifier, category__in=complete, region_code__startswith=self.region_code
        )
        keyed = open_ones.values_list("pk", "person_id", "category", "starts_on")
        gone = [(pk, starts_on) for pk, person, category, starts_on in keyed if (person, category) not in self.on_it]
        for batch in batches([pk for pk, starts_on in gone if starts_on is None or starts_on <= last]):
            Identity.objects.filter(pk__in=batch).update(ends_on=last)
        for batch in batches([pk for pk, starts_on in gone if starts_on is not None and starts_on > last]):
            Identity.objects.filter(pk__in=batch).update(withdrawn_at=self.now, withdrawn_because="不在当日完整名册中")
        return len(gone)

    def write(self) -> None:
        """Write the rows that changed, then the new ones, so that no two hold the same day."""
        change_rows(Identity, self.withdrawn, ("withdrawn_at", "withdrawn_because"))
        change_rows(Identity, self.confirmed, ("source", "roster_file", "sheet", "row", "certificate", "ends_on"))
        add_rows(Identity, IDENTITY_FIELDS, ([getattr(row, name) for name in IDENTITY_VALUES] for row in self.new))


def _holds(identity: Identity, day: date) -> bool:
    return (identity.starts_on is None or identity.starts_on <= day) and (identity.ends_on is None or day <= identity.ends_on)


def _people(
    named: Sequence[tuple[str, str]], places: Sequence[int | None], region_code: str, done: Entered, now: datetime
) -> list[int | None]:
    """Return the person of each row, registering who is new; None where the number is under another name."""
    held, today = keys(), localdate(now)
    digests = {number: held.digest(number) for number in dict.fromkeys(number for number, _ in named)}
    known: dict[bytes, tuple[int, str]] = {}
    for batch in batches(list(digests.values())):
        there = Person.objects.filter(id_number_index__in=batch).values_list("id_number_index", "pk", "name")
        known |= {bytes(digest): (key, name) for digest, key, name in there}
        former = FormerNumber.objects.filter(index__in=batch).values_list("index", "person_id", "person__name")
        known |= {bytes(digest): (key, name) for digest, key, name in former}
    first_named: dict[str, str] = {}
    for number, name in named:
        if digests[number] not in known:
            first_named.setdefault(number, name.strip())
    new = []
    for number, name in first_named.items():
        read = citizen_number(number, today)
        if read.text != number:
            raise ZhubaoError("E-ID-FORM", Text("号码没有先整理", "the number was not put right first"))
        new.append(Person(region_code=region_code, name=name[:60], born=read.birth, sex=read.sex, registered_at=now))
    person_rows(new, first_named)
    add_rows(Person, PERSON_FIELDS, ([getattr(person, name) for name in PERSON_FIELDS] for person in new))
    known |= {bytes(person.id_number_index): (person.pk, person.name) for person in new}
    done.persons = len(new)
    people: list[int | None] = []
    for (number, name), place in zip(named, places, strict=True):
        key, registered = known[digests[number]]
        if registered != name.strip():
            done.conflicts.append(NameConflict(place, mask_name(registered), mask_name(name)))
            people.append(None)
        else:
            people.append(key)
    return people


def _refresh(row: models.Model, values: dict[str, Any]) -> bool:
    """Set what differs and tell whether anything did."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _one_at_a_time(region_code: str) -> None:
    """Let lists of one county wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"people:{region_code[:6]}"])
