"""What is past its day: whoever owes it and whoever answers for them are told, once for each task (gz-11d)."""

from datetime import date, datetime
from typing import NamedTuple

import zhubao.assistance.claiming_steps
import zhubao.assistance.closing_out_calls
import zhubao.assistance.closing_out_months
import zhubao.assistance.collecting_tasks
import zhubao.assistance.planning.reckoning
import zhubao.assistance.refunding
import zhubao.assistance.settling_disability
import zhubao.cases.stepping
import zhubao.loans.stepping
import zhubao.loans.verification.running
import zhubao.rosters.due
import zhubao.rosters.matching  # noqa: F401 - they declare the titles of their tasks
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import AGENCY_ROLES, OrganisationKind, Role
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel, Notice
from zhubao.oversight.measures.stepping import TASK as MEASURE_TASK
from zhubao.policies.claims import implements
from zhubao.tasks.models import Task
from zhubao.tasks.selectors import late

KIND = "overdue"


class Addressee(NamedTuple):
    """The posts of one role at one organisation."""

    organisation_id: int
    role: str


@implements("gz-11d", as_="action")
def supervise_overdue(on: date, *, actor: Actor, now: datetime) -> int:
    """Tell owners and those above them of every task in the actor's scope whose day was before `on`; return the notices made.

    Each task is told of once to each of them however often this runs. The owner is the task's organisation, or every organisation of
    the region with posts of its role; an agency's clerks answer to its approving officer, everybody else to the supervising bureau.
    Each notice is a transaction of its own: a run that was stopped goes on where it stood.
    """
    made = 0
    offices = _Offices()
    # Measures have a supervision of their own, which tells their units and no other.
    tasks = late(actor, on).exclude(kind=MEASURE_TASK)
    for task in tasks.select_related("organisation").iterator(chunk_size=500):
        told = Notice.objects.filter(subject=task.subject, kind=KIND, occasion=_occasion(task))
        known = set(told.values_list("organisation_id", "role"))
        for addressee in offices.addressees(task):
            if addressee not in known:
                _tell(task, addressee, on, actor=actor, now=now)
                made += 1
    return made


def _tell(task: Task, addressee: Addressee, on: date, *, actor: Actor, now: datetime) -> None:
    assert task.due_on is not None
    days = (on - task.due_on).days
    tell(
        task.subject,
        f"{task.title.zh}（{task.subject}）应于 {task.due_on} 前办结，已超期 {days} 天。",
        kind=KIND,
        channel=Channel.ONLINE,
        region_code=task.region_code,
        organisation_id=addressee.organisation_id,
        role=addressee.role,
        occasion=_occasion(task),
        actor=actor,
        now=now,
    )


def _occasion(task: Task) -> str:
    return f"task:{task.pk}"


class _Offices:
    """The organisations of the places, asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], list[int]] = {}

    def addressees(self, task: Task) -> list[Addressee]:
        owners = [task.organisation_id] if task.organisation_id else self._with_posts(task.role, task.region_code)
        if task.role in AGENCY_ROLES - {Role.AGENCY_APPROVER}:
            above = [(office, Role.AGENCY_APPROVER) for office in owners]
        else:
            above = [(office, Role.HRSS_SUPERVISOR) for office in self._of_kind(OrganisationKind.HRSS, task.region_code)]
        found = [*((office, task.role) for office in owners), *above]
        return [Addressee(office, role) for office, role in dict.fromkeys(found) if office is not None]

    def _with_posts(self, role: str, region_code: str) -> list[int]:
        key = (f"role:{role}", region_code)
        if key not in self._known:
            offices = Organisation.objects.filter(
                posts__role=role, posts__closed_at=None, posts__scope_id__in=_around(region_code)
            )
            self._known[key] = list(offices.order_by("pk").values_list("pk", flat=True).distinct())
        return self._known[key]

    def _of_kind(self, kind: str, region_code: str) -> list[int]:
        key = (kind, region_code)
        if key not in self._known:
            offices = Organisation.objects.filter(kind=kind, region_id__in=_around(region_code[:6]))
            nearest = max((len(code) for code in offices.values_list("region_id", flat=True)), default=0)
            self._known[key] = list(offices.filter(region_id=region_code[:nearest]).order_by("pk").values_list("pk", flat=True))
        return self._known[key]


def _around(region_code: str) -> list[str]:
    return [region_code[:length] for length in (2, 4, 6, 9, 12) if length <= len(region_code)]
