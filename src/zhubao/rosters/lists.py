"""What pages read of department lists: always for somebody, a department's clerk only the own lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from django.db.models import Count, Q
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.identity import CitizenNumber, read_number
from zhubao.language import Text
from zhubao.people.certifiers import SPEAKS_FOR
from zhubao.people.keys import keys
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import parameter_book

from .due import due_of, month_of
from .models import Difference, Enrolment, RosterChange, RosterList, RosterRow, RosterVersion, VersionState
from .models.matching import DifferenceQuerySet
from .models.versions import RosterListQuerySet, RosterVersionQuerySet

LOOKING_ROLES: Final = (*AGENCY_ROLES, Role.CERTIFIER, Role.HRSS_SUPERVISOR, Role.AUDITOR)
DIFFERENCE_ROLES: Final = (*LOOKING_ROLES, Role.TOWNSHIP_CLERK)
Standing = Literal["on_time", "late", "overdue", "waiting"]


def lists_for(actor: Actor) -> RosterListQuerySet:
    """Return the lists a post sees: those of its region, for a certifying clerk those of the own department."""
    lists = RosterList.objects.within(actor).select_related("organisation")
    return lists.filter(organisation=actor.organisation_id) if actor.role == Role.CERTIFIER else lists


def list_for(actor: Actor, list_id: int) -> RosterList:
    """Return one list; raise DoesNotExist, or OutOfScope for another region's or department's."""
    roster = RosterList.objects.select_related("organisation").get_for(actor, pk=list_id)
    _require_own(roster, actor)
    return roster


def version_for(actor: Actor, version_id: int) -> RosterVersion:
    """Return one version; raise as `list_for` does."""
    wanted = RosterVersion.objects.select_related("roster__organisation", "file", "previous", "certified_by", "confirmed_by")
    version = wanted.get_for(actor, pk=version_id)
    _require_own(version.roster, actor)
    return version


def _require_own(roster: RosterList, actor: Actor) -> None:
    if actor.role == Role.CERTIFIER and roster.organisation_id != actor.organisation_id:
        raise OutOfScope(roster.subject, Text("这是其他部门的名册", "this list is another department's"))


def versions_for(actor: Actor) -> RosterVersionQuerySet:
    """Return the versions of the lists a post sees, the newest first."""
    return RosterVersion.objects.filter(roster__in=lists_for(actor)).select_related("roster__organisation").order_by("-pk")


def differences_for(actor: Actor) -> DifferenceQuerySet:
    """Return the differences a post sees: of the lists it sees, for a township those of its people that it owes."""
    found = Difference.objects.within(actor).select_related("roster__organisation", "other", "organisation")
    if actor.role == Role.CERTIFIER:
        return found.filter(roster__organisation=actor.organisation_id)
    return found.filter(role=Role.TOWNSHIP_CLERK) if actor.role == Role.TOWNSHIP_CLERK else found


def difference_for(actor: Actor, difference_id: int) -> Difference:
    """Return one difference; raise DoesNotExist, or OutOfScope for one the post does not see."""
    difference = Difference.objects.select_related("roster__organisation", "version", "other", "person", "settled_by").get_for(
        actor, pk=difference_id
    )
    if not differences_for(actor).filter(pk=difference_id).exists():
        raise OutOfScope(difference.subject, Text("这一条由其他岗位核对", "another post clears this up"))
    return difference


@implements("gz-12a", as_="feature")
def groups_of(version: RosterVersion) -> dict[str, int]:
    """Return how many people of a version are enrolled where, every group of `Enrolment` named; they add up to the version."""
    rows = version.rows.exclude(enrolment="").values_list("enrolment").annotate(Count("pk")).order_by()
    counted = dict(rows)
    return {group: counted.get(group, 0) for group in Enrolment.values}


@dataclass(frozen=True)
class ListMonth:
    """One list in one month: the last version certified for it, when it was due, and how many people changed in the month."""

    roster: RosterList
    month: date
    due_on: date
    provisional: str
    version: RosterVersion | None
    standing: Standing
    entered: int
    left: int
    moved: int
    changed: int
    open_differences: int


@implements("ps-2.2c", "gz-12a", as_="feature")
def months_of(actor: Actor, month: date, today: date) -> list[ListMonth]:
    """Return every list a post sees in a month: on time, late, overdue, or still waiting for its day."""
    book = parameter_book()
    lists = list(lists_for(actor).order_by("region_code", "organisation__kind", "category"))
    by_list: dict[int, list[RosterVersion]] = {}
    wanted = RosterVersion.objects.filter(roster__in=lists, month=month, state=VersionState.CERTIFIED)
    for version in wanted.order_by("number"):
        by_list.setdefault(version.roster_id, []).append(version)
    waiting = dict(Difference.objects.open().filter(roster__in=lists).values_list("roster_id").annotate(Count("pk")).order_by())
    found = []
    for roster in lists:
        versions = by_list.get(roster.pk, [])
        due = due_of(month, roster.region_code, book)
        assert due.due_on is not None
        first = versions[0] if versions else None
        standing: Standing
        if first is not None and first.certified_at is not None:
            standing = "on_time" if localdate(first.certified_at) <= due.due_on else "late"
        else:
            standing = "overdue" if today > due.due_on else "waiting"
        found.append(
            ListMonth(
                roster,
                month,
                due.due_on,
                due.provisional,
                versions[-1] if versions else None,
                standing,
                sum(each.entered_count + each.returned_count for each in versions),
                sum(each.left_count for each in versions),
                sum(each.moved_count for each in versions),
                sum(each.changed_count for each in versions),
                waiting.get(roster.pk, 0),
            )
        )
    return found


@dataclass(frozen=True)
class Place:
    """What one version says of a person: the row when they stand on it, the change when something changed."""

    version: RosterVersion
    row: RosterRow | None
    change: RosterChange | None


@implements("gz-12a", as_="feature")
def history(roster: RosterList, words: str) -> list[tuple[str, str, list[Place]]]:
    """Return people of a list by name or whole number with what each certified version says of them, the newest version first.

    At most twenty people; "" finds nobody. A corrected number is found by the old one and the new one.
    """
    said = words.strip()
    if not said:
        return []
    versions = list(roster.versions.filter(entered_at__isnull=False).order_by("-number"))
    rows = RosterRow.objects.filter(version__in=versions)
    number = read_number(said, date.max)
    if isinstance(number, CitizenNumber):
        digest = keys().digest(number.text)
        wanted = Q(number_index=digest) | Q(person__id_number_index=digest) | Q(person__former_numbers__index=digest)
    else:
        wanted = Q(name__startswith=said)
    people: dict[str, list[RosterRow]] = {}
    found = list(rows.filter(wanted).select_related("version").order_by("-version__number")[:2000])
    for row in found:
        people.setdefault(_key(row), []).append(row)
    kept = list(people.values())[:20]
    changes = RosterChange.objects.filter(
        Q(row__in=[row.pk for rows in kept for row in rows]) | Q(before__in=[row.pk for rows in kept for row in rows])
    ).select_related("row", "before", "version")
    return [(rows[0].name, rows[0].number_masked, _places(versions, rows, list(changes))) for rows in kept]


def _places(versions: Sequence[RosterVersion], rows: Sequence[RosterRow], changes: Sequence[RosterChange]) -> list[Place]:
    on = {row.version_id: row for row in rows}
    mine = {row.pk for row in rows}
    changed = {change.version_id: change for change in changes if {change.row_id, change.before_id} & mine}
    return [Place(version, on.get(version.pk), changed.get(version.pk)) for version in versions]


def _key(row: RosterRow) -> str:
    return f"p{row.person_id}" if row.person_id else bytes(row.number_index).hex()


def certified_by_post(actor: Actor, organisation_kind: str) -> tuple[str, ...]:
    """Return the departments a post's organisation speaks for; none for posts that hand in nothing."""
    return SPEAKS_FOR.get(organisation_kind, ()) if actor.role in {Role.CERTIFIER, Role.HRSS_SUPERVISOR} else ()


def month_before(month: date) -> date:
    """Return the first day of the month before."""
    return month_of(date.fromordinal(month_of(month).toordinal() - 1))
