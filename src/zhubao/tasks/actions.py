"""The only writers of tasks. They write no audit entry: the action that opens or closes one writes what happened."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .deadlines import Deadline
from .kinds import title_of
from .models import Task


@transaction.atomic
def open_task(
    kind: str,
    subject: str,
    *,
    region_code: str,
    role: str,
    organisation_id: int | None,
    deadline: Deadline | None,
    actor: Actor,
    now: datetime,
) -> Task:
    """Open a task, or return the one of this kind that is open for the subject, unchanged.

    Called inside the transaction of the action that makes the task necessary; that action's audit entry covers it. Raise
    E-TASK-KIND for a kind nobody declared, E-TASK-ROLE for a role there is not.
    """
    title_of(kind)
    if role not in Role.values:
        raise ZhubaoError("E-TASK-ROLE", Text(f"没有“{role}”这种岗位", f"there is no role {role!r}"), place=kind)
    task, _made = Task.objects.get_or_create(
        region_code=region_code,
        subject=subject,
        kind=kind,
        closed_at=None,
        defaults={
            "role": role,
            "organisation_id": organisation_id,
            "due_on": deadline.due_on if deadline else None,
            "due_arithmetic": deadline.arithmetic if deadline else {},
            "provisional": deadline.provisional if deadline else "",
            "opened_at": now,
            "opened_by_id": actor.user_id,
        },
    )
    return task


@transaction.atomic
def close_tasks(subject: str, kinds: Iterable[str] | None = None, *, actor: Actor, now: datetime) -> int:
    """Close the open tasks of a subject, those of some kinds or all, and return how many there were.

    Called inside the transaction of the action that did the work; that action's audit entry covers it.
    """
    tasks = Task.objects.open().filter(subject=subject)
    if kinds is not None:
        tasks = tasks.filter(kind__in=list(kinds))
    return tasks.update(closed_at=now, closed_by_id=actor.user_id)


@transaction.atomic
def open_many(
    kind: str,
    about: Iterable[tuple[str, str, date | None]],
    *,
    role: str,
    offices: Mapping[str, int | None] | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Open a task of a kind for each (subject, region code, last day) that has none open, and return how many were asked for.

    They belong to the posts of the role in each region, at the subject's office where `offices` names one. Called like `open_task`;
    raise what it raises.
    """
    title_of(kind)
    if role not in Role.values:
        raise ZhubaoError("E-TASK-ROLE", Text(f"没有“{role}”这种岗位", f"there is no role {role!r}"), place=kind)
    tasks = [
        Task(
            region_code=region_code,
            kind=kind,
            subject=subject,
            role=role,
            organisation_id=(offices or {}).get(subject),
            due_on=due_on,
            opened_at=now,
            opened_by_id=actor.user_id,
        )
        for subject, region_code, due_on in about
    ]
    Task.objects.bulk_create(tasks, batch_size=2000, ignore_conflicts=True)
    return len(tasks)


@transaction.atomic
def close_many(kinds: Iterable[str], subjects: Iterable[str], *, actor: Actor, now: datetime) -> int:
    """Close the open tasks of some kinds about many subjects, and return how many there were. Called like `close_tasks`."""
    tasks = Task.objects.open().filter(kind__in=list(kinds), subject__in=list(subjects))
    return tasks.update(closed_at=now, closed_by_id=actor.user_id)
