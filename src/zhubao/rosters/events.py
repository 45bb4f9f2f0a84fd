"""Lists of deaths, prisoners, students and soldiers that other offices give: kept row by row, and noted of the people in the register."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.identity import mask_number
from zhubao.language import Text
from zhubao.people.keys import keys
from zhubao.people.many_rows import add_rows
from zhubao.people.models import CircumstanceKind, Person
from zhubao.policies.claims import implements
from zhubao.screening.rosters import read_rosters

from .models import EventKind, EventList, EventRow, RosterFile, Sender
from .reading import as_day

ENTERING_ROLES = (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER)
CIRCUMSTANCE_OF: Final = {
    EventKind.PRISON: CircumstanceKind.IMPRISONED,
    EventKind.STUDY: CircumstanceKind.STUDENT,
    EventKind.SERVICE: CircumstanceKind.MILITARY,
}
FIELDS: Final = ("listing", "row", "number_index", "number_masked", "name", "starts_on", "ends_on")


class Event(NamedTuple):
    """One person on a list of events, with the days it gives (both included)."""

    id_number: str
    name: str
    row: int
    starts_on: date | None
    ends_on: date | None


def read_events(path: Path, *, today: date) -> tuple[list[Event], int]:
    """Read a list of events; return the people, each once, and how many rows cannot be used. Raise what `read_rosters` raises."""
    read = read_rosters([(path, None)], today=today, insured=True)
    found: dict[str, Event] = {}
    columns = read.rows.select(["id_number", "name", "row", "from_day", "to_day"]).to_pydict()
    for number, name, row, first, last in zip(*columns.values(), strict=True):
        found.setdefault(number, Event(number, (name or "")[:60], row, as_day(first), as_day(last)))
    return list(found.values()), len(read.rejections)


@implements("gz-10c", as_="action")
@transaction.atomic
def enter_events(
    file: RosterFile,
    kind: str,
    sender: str,
    events: Sequence[Event],
    *,
    listed_on: date,
    rejected: int = 0,
    actor: Actor,
    now: datetime,
) -> tuple[EventList, bool]:
    """Enter a list of events as of a day and return it and whether it is new; the same file again changes nothing.

    A death without a day is kept but ends nothing: a day is needed. Somebody in the register under another name is passed over. Raise
    OutOfScope, E-EVENTS for an unknown kind or sender, E-ROSTER-DAY for a day to come, E-EVENTS-DAY for a list of deaths without days.
    """
    actor.require_role(*ENTERING_ROLES)
    if actor.user_id is None:
        raise OutOfScope(actor.name, Text("须由在岗人员办理", "only somebody at a post does this"))
    actor.require_region(file.region_code)
    _require_list(file, kind, sender, events, listed_on, localdate(now))
    listing, made = EventList.objects.get_or_create(
        region_code=file.region_code[:6],
        kind=kind,
        file=file,
        defaults={
            "sender": sender,
            "listed_on": listed_on,
            "rows_count": len(events),
            "rejected_count": rejected,
            "received_at": now,
            "received_by_id": actor.user_id,
        },
    )
    if not made:
        return listing, False
    held = keys()
    add_rows(
        EventRow,
        FIELDS,
        (
            [
                listing.pk,
                each.row,
                held.digest(each.id_number),
                mask_number(each.id_number),
                each.name,
                each.starts_on,
                each.ends_on,
            ]
            for each in events
        ),
    )
    noted = note_events(listing, now=now)
    listing.known_count = EventRow.objects.filter(
        listing=listing, number_index__in=Person.objects.values("id_number_index")
    ).count()
    listing.save(update_fields=["known_count"])
    after = {"kind": kind, "from": sender, "people": len(events), "in_register": listing.known_count, "noted": noted}
    record("events.entered", str(listing), actor=actor, now=now, region_code=listing.region_code, after=after)
    return listing, True


def _require_list(file: RosterFile, kind: str, sender: str, events: Sequence[Event], listed_on: date, today: date) -> None:
    """Raise E-EVENTS, E-ROSTER-DAY or E-EVENTS-DAY for a list that cannot be entered."""
    if kind not in EventKind.values or sender not in Sender.values:
        raise ZhubaoError("E-EVENTS", Text("没有这类名单", "there is no such list"), place=f"{kind} {sender}")
    if listed_on > today:
        raise ZhubaoError(
            "E-ROSTER-DAY", Text("名册日期不能晚于今天", "the list cannot be of a day to come"), place=str(listed_on)
        )
    if kind == EventKind.DEATH and not any(each.starts_on for each in events):
        raise ZhubaoError(
            "E-EVENTS-DAY",
            Text("死亡名单要有死亡日期一列", "a list of deaths needs a column with the day of death"),
            place=file.name,
            remedy=Text("请提供单位补上“死亡日期”", "have the office that gave it add 死亡日期"),
        )


_DEATHS: Final = """
UPDATE people_person AS person SET died_on = event.starts_on, died_source = %(source)s
FROM rosters_eventrow AS event
WHERE event.listing_id = %(listing)s AND event.number_index = person.id_number_index AND event.name = person.name
    AND event.starts_on IS NOT NULL AND event.starts_on >= person.born AND event.starts_on <= %(today)s AND person.died_on IS NULL
RETURNING person.id
"""
_CIRCUMSTANCES: Final = """
INSERT INTO people_circumstance (
    person_id, kind, value, starts_on, ends_on, source, roster_file, sheet, "row", recorded_at)
SELECT person.id, %(kind)s, 1, COALESCE(event.starts_on, %(listed_on)s), event.ends_on, %(source)s, %(file)s, '', event.row, %(now)s
FROM rosters_eventrow AS event JOIN people_person AS person
    ON person.id_number_index = event.number_index AND person.name = event.name
WHERE event.listing_id = %(listing)s
    AND (event.ends_on IS NULL OR event.ends_on >= COALESCE(event.starts_on, %(listed_on)s))
ON CONFLICT DO NOTHING
RETURNING id
"""


def note_events(listing: EventList, *, now: datetime) -> int:
    """Note what a list says of the people in the register, in one statement, and return of how many something is new.

    People registered later are noted when this is asked again.
    """
    source = f"{Sender(listing.sender).label}：{listing.file.name}"[:200]
    values: dict[str, Any] = {
        "listing": listing.pk,
        "source": source,
        "file": f"event-list:{listing.pk}",
        "listed_on": listing.listed_on,
        "today": localdate(now),
        "now": now,
        "kind": str(CIRCUMSTANCE_OF.get(EventKind(listing.kind), "")),
    }
    with connection.cursor() as cursor:
        cursor.execute(_DEATHS if listing.kind == EventKind.DEATH else _CIRCUMSTANCES, values)
        return len(cursor.fetchall())
