"""A department's version is read, and once certified its people's identities are entered and ended and the list is matched.

Each step is one transaction under a lock and does nothing the second time: a job that was cut off is simply run again.
"""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.accounts.helping.models import EnrolmentHelp
from zhubao.errors import ZhubaoError
from zhubao.people.bulk import enter_identity_rows
from zhubao.people.models import Person
from zhubao.people.statements import Origin
from zhubao.policies.claims import implements
from zhubao.rosters.actions import note_reading, note_refusal
from zhubao.rosters.comparing import standing_version
from zhubao.rosters.doubts import doubted_rows, held_people
from zhubao.rosters.matching import match_version
from zhubao.rosters.models import Difference, DifferenceKind, FileState, RosterVersion, VersionState
from zhubao.rosters.reading import ReadList, read_list
from zhubao.rosters.settling import settle_by_correction, settle_difference
from zhubao.rosters.versions import note_version_read, note_version_refused
from zhubao.screening.results import file_entry

from .roster_received import for_page, under_own_name, unforeseen

SYSTEM = "roster_certified"


def read_version(version_id: int, *, now: datetime) -> RosterVersion:
    """Read a version that was handed in and compare it; one already read, refused or withdrawn is left alone."""
    version = RosterVersion.objects.select_related("roster", "file").get(pk=version_id)
    if version.state != VersionState.RECEIVED:
        return version
    actor = Actor.system(SYSTEM, version.region_code)
    unread = version.file.state == FileState.RECEIVED
    try:
        read = _read(version, now)
    except ZhubaoError as error:
        told = for_page(error)
        if unread:
            note_refusal(version.file_id, told, actor=actor, now=now)
        return note_version_refused(version_id, told, actor=actor, now=now)
    except Exception:
        note_version_refused(version_id, unforeseen(version.file.name), actor=actor, now=now)
        raise
    with transaction.atomic():
        if unread:
            note_reading(version.file_id, [file_entry(sheet) for sheet in read.sheets], insured=False, actor=actor, now=now)
        return note_version_read(version_id, read, actor=actor, now=now)


@implements("jx-5.1d", "jx-2.5b", "gz-1a", as_="action")
@transaction.atomic
def enter_version(version_id: int, *, now: datetime) -> RosterVersion:
    """Enter the people of a certified version: new identities begin, those of people who left end, and the list is matched.

    People not in the register are registered. Whoever may stand on a row that cannot be used, or under a number that may have been
    corrected, keeps what they have until somebody settles the difference. A version that counts already, or is not certified, is left
    alone; so is one that a later version has overtaken.
    """
    version = (
        RosterVersion.objects.select_for_update(of=("self",)).select_related("roster", "file", "previous").get(pk=version_id)
    )
    if version.state != VersionState.CERTIFIED or version.entered_at is not None:
        return version
    version.entered_at = now
    version.save(update_fields=["entered_at"])
    enter_people(version, now=now)
    system, helped = Actor.system(SYSTEM, version.region_code), helped_people(version.region_code)
    match_version(version, localdate(now), helped=helped, actor=system, now=now)
    return version


def helped_people(region_code: str) -> list[int]:
    """Return the people of a region somebody is helping to enrol already: a list's township is not asked to help them as well."""
    helped = EnrolmentHelp.objects.filter(region_code__startswith=region_code).exclude(state="closed")
    return list(helped.values_list("person_id", flat=True))


def enter_people(version: RosterVersion, *, now: datetime) -> None:
    """Enter the identities of the version that counts, again when a doubt about one of its people was settled."""
    roster = version.roster
    if standing_version(roster) != version:
        return
    actor = Actor.system(SYSTEM, roster.region_code)
    doubted = doubted_rows(version)
    read = _read(version, now)
    done = enter_identity_rows(
        (row.statement(roster.category) for row in read.rows if (row.sheet, row.row) not in doubted),
        region_code=roster.region_code,
        certifier=roster.certifier,
        origin=Origin(version.file.name, f"version:{version.pk}"),
        listed_on=version.listed_on,
        complete=[roster.category],
        held=held_people(version),
        actor=actor,
        now=now,
    )
    _link_people(version)
    record("roster_version.entered", version.subject, actor=actor, now=now, region_code=roster.region_code, after=done.counts())


@transaction.atomic
def settle(difference_id: int, outcome: str, reason: str, *, evidence: str = "", actor: Actor, now: datetime) -> Difference:
    """Settle a difference; where it was open whether two people are one, the list's people are entered again. As `settle_difference`."""
    done = settle_difference(difference_id, outcome, reason, evidence=evidence, actor=actor, now=now)
    if done.kind == DifferenceKind.NUMBER:
        enter_people(done.version, now=now)
    return done


@transaction.atomic
def settle_corrected(
    difference_id: int, number: str, paper: str, *, corrected_on: date, actor: Actor, now: datetime
) -> Difference:
    """Correct a person's number with its paper and enter the list's people again. As `settle_by_correction`."""
    done = settle_by_correction(difference_id, number, paper, corrected_on=corrected_on, actor=actor, now=now)
    enter_people(done.version, now=now)
    return done


def _link_people(version: RosterVersion) -> None:
    """Say on each row who the person is, now that everybody is registered, and give people without a village the one on the list."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE rosters_rosterrow AS row SET person_id = person.id FROM people_person AS person"
            " WHERE row.version_id = %s AND row.person_id IS NULL AND person.id_number_index = row.number_index",
            [version.pk],
        )
        cursor.execute(
            "UPDATE rosters_rosterchange AS change SET person_id = row.person_id FROM rosters_rosterrow AS row"
            " WHERE change.version_id = %s AND change.person_id IS NULL AND row.id = change.row_id",
            [version.pk],
        )
        cursor.execute(
            f"UPDATE {Person._meta.db_table} AS person SET region_code = row.region_code FROM rosters_rosterrow AS row"
            " WHERE row.version_id = %s AND row.person_id = person.id AND row.name = person.name"
            " AND row.region_code <> person.region_code AND row.region_code LIKE person.region_code || '%%'",
            [version.pk],
        )


def _read(version: RosterVersion, now: datetime) -> ReadList:
    with under_own_name(version.file) as path:
        return read_list(
            Path(path),
            category=version.roster.category,
            region_code=version.region_code,
            listed_on=version.listed_on,
            today=localdate(now),
        )
