"""When lists are due: the day of the month, the tasks that ask for them, and who is late."""

from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.roles import OrganisationKind, Role
from zhubao.language import Text
from zhubao.parameters import ParameterBook
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import Deadline
from zhubao.tasks.kinds import declare
from zhubao.tasks.models import Task

from .dated_settings import DUE_DAY, whole
from .models import RosterList, RosterVersion, VersionState

HAND_IN = declare("roster-hand-in", Text("报送本月名册", "hand in this month's list"))
CERTIFY = declare("roster-certify", Text("认定报送的名册", "certify the list handed in"))
CONFIRM = declare("roster-confirm", Text("第二人确认名册减员", "confirm as a second person that people leave the list"))


def role_of(roster: RosterList) -> str:
    """Return the post that answers for a list at its department."""
    return Role.HRSS_SUPERVISOR if roster.organisation.kind == OrganisationKind.HRSS else Role.CERTIFIER


def month_of(day: date) -> date:
    """Return the first day of the month a list counts for."""
    return day.replace(day=1)


@implements("ps-2.2c", as_="feature")
def due_of(month: date, region_code: str, book: ParameterBook) -> Deadline:
    """Return the last day in time for a month's list in a county; a setting beyond the month's end is its last day."""
    chosen = whole(DUE_DAY, month, area_of_region(region_code), book, most=31)
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    day = min(month.replace(day=1).toordinal() + chosen.number - 1, following.toordinal() - 1)
    due = date.fromordinal(day)
    kept = {"start": month.isoformat(), "count": chosen.number, "kind": "calendar", "due": due.isoformat(), "days": []}
    return Deadline(due, kept | {"setting": DUE_DAY, "source": None}, chosen.question)


@implements("ps-2.2c", "gz-12a", as_="action")
@transaction.atomic
def ask_for_month(today: date, *, actor: Actor, now: datetime) -> int:
    """Open for every list in the actor's scope the task of handing in the month of `today`, unless it is in; return how many are open.

    A task of a month before stays open, and overdue, until a version of that month or a later one is certified.
    """
    month, book, asked = month_of(today), parameter_book(), 0
    for roster in RosterList.objects.within(actor).select_related("organisation"):
        if handed_in(roster, month):
            continue
        open_task(
            HAND_IN,
            roster.subject,
            region_code=roster.region_code,
            role=role_of(roster),
            organisation_id=roster.organisation_id,
            deadline=due_of(month, roster.region_code, book),
            actor=actor,
            now=now,
        )
        asked += 1
    return asked


def handed_in(roster: RosterList, month: date) -> RosterVersion | None:
    """Return the first certified version of a list for a month or a later one, None while there is none."""
    versions = roster.versions.filter(month__gte=month, state=VersionState.CERTIFIED)
    return versions.order_by("month", "number").first()


def close_hand_in(version: RosterVersion, *, actor: Actor, now: datetime) -> None:
    """Close the task of handing in a list once a version of its month or of a later one is certified."""
    roster = version.roster
    waiting = Task.objects.open().filter(subject=roster.subject, kind=HAND_IN).first()
    if waiting is not None and (waiting.due_on is None or month_of(waiting.due_on) <= version.month):
        close_tasks(roster.subject, [HAND_IN], actor=actor, now=now)
