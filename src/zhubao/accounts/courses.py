"""What transfers, pensions and helping somebody to enrol have in common: a record with a course, its steps written down, its tasks."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Self, TypeVar

from django.db import models, transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.hands import require_another_person
from zhubao.access.models import Post, User
from zhubao.access.roles import Role
from zhubao.access.scopes import RegionQuerySet
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel
from zhubao.people.models import CitizenAccount, Person
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.courses import declare_waiting, put_in_queues
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.workflow import CITIZEN, Process, Transition, wrong_state

REASON_LENGTH = 500
COUNTY_DIGITS = 6
OwnRow_co = TypeVar("OwnRow_co", bound="Course", covariant=True)


class CourseQuerySet(RegionQuerySet[OwnRow_co]):
    """Records of a scope; a citizen sees their own."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the records an actor may look at."""
        if actor.role == CITIZEN:
            return self.filter(person_id=actor.person_id or 0)
        return self.within(actor)


class Course(models.Model):
    """One person's record in a process table. `region_code` is the village, township or county the person belongs to."""

    PROCESS: ClassVar[Process]
    PREFIX: ClassVar[str]

    region_code = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=16)
    state_since = models.DateTimeField()
    opened_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and notices speak of the record."""
        return f"{self.PREFIX}:{self.pk}"

    @property
    def label(self) -> Text:
        """The state in words."""
        return self.PROCESS.state(self.state).label


class CourseStep(models.Model):
    """Who took which step, when and why; added, never changed."""

    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=32)
    start = models.CharField(max_length=16, blank=True)
    end = models.CharField(max_length=16)
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, db_index=False, related_name="+")
    actor_name = models.CharField(pgettext_lazy("step", "by"), max_length=60)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    key = models.CharField(max_length=80)

    class Meta:
        abstract = True


Record = TypeVar("Record", bound=Course)


def declare_tasks(process: Process) -> None:
    """Declare the tasks of a table's waiting steps under their labels."""
    declare_waiting(process.policy_id, process)


@transaction.atomic
def begin(
    record_of: Record, verb: str, *, key: str, actor: Actor, now: datetime, after: Mapping[str, Any] | None = None
) -> Record:
    """Save a new record in the first state of its table with its first step, tasks and audit entry, and return it."""
    row = record_of.PROCESS.transition(verb)
    require_hands(record_of, row, actor)
    record_of.state, record_of.state_since, record_of.opened_at = row.ends[0], now, now
    record_of.save()
    _write(record_of, row, "", "", key, actor, now)
    renew_tasks(record_of, actor=actor, now=now)
    _told(record_of, row, "", "", actor, now, dict(after or {}))
    return record_of


@transaction.atomic
def take(
    kind: type[Record],
    pk: int,
    verb: str,
    *,
    to: str = "",
    reason: str = "",
    key: str = "",
    values: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> Record:
    """Take a step with a record and return it; a step taken before under the same `key` changes nothing.

    `to`: the end where the table has several; `values`: columns to set; `after` goes into the audit entry. Raise OutOfScope (post,
    region, somebody else's affair), E-STEP-UNKNOWN, E-STATE, E-OWN-CASE, E-SAME-PERSON, E-REASON; DoesNotExist for no such record.
    """
    found = locked(kind, pk)
    row = found.PROCESS.transition(verb)
    require_hands(found, row, actor)
    steps = steps_of(found)
    if key and steps.filter(key=key).exists():
        return found
    reason = reason.strip()[:REASON_LENGTH]
    require_step(found, row, reason, actor)
    start = found.state
    end = start if row.stays else (to or row.ends[0])
    assert row.stays or end in row.ends, (verb, end)
    for name, value in (values or {}).items():
        setattr(found, name, value)
    if end != start:
        found.state, found.state_since = end, now
    found.save()
    _write(found, row, start, reason, key, actor, now)
    renew_tasks(found, actor=actor, now=now)
    _told(found, row, start, reason, actor, now, dict(after or {}))
    return found


def locked(kind: type[Record], pk: int) -> Record:
    """Return a record locked until the transaction ends; DoesNotExist for none."""
    return kind._default_manager.select_for_update(of=("self",)).select_related("person").get(pk=pk)


def steps_of(record_of: Course) -> "models.QuerySet[Any]":
    """Return the steps of a record, the first first."""
    return record_of.steps.order_by("number")  # type: ignore[attr-defined, no-any-return]


def require_hands(record_of: Course, row: Transition, actor: Actor) -> None:
    """Raise OutOfScope unless this post, or the person in their own affairs, may take the step with this record."""
    actor.require_role(*row.posts)
    if actor.role == CITIZEN:
        if actor.person_id != record_of.person_id:
            raise OutOfScope(record_of.subject, Text("这不是本人的事项", "this is not your own affair"))
        return
    actor.require_region(record_of.region_code)
    if actor.user_id is not None and CitizenAccount.objects.filter(user_id=actor.user_id, person_id=record_of.person_id).exists():
        raise ZhubaoError(
            "E-OWN-CASE", Text("不能办理本人的事项", "nobody deals with their own record"), place=f"person:{record_of.person_id}"
        )


def require_step(record_of: Course, row: Transition, reason: str, actor: Actor) -> None:
    """Raise E-STATE, E-SAME-PERSON or E-REASON where the step cannot be taken."""
    if record_of.state not in row.start:
        raise wrong_state(record_of.PROCESS, record_of.state, row, record_of.subject, Text("现在是", "it is now"))
    require_another_person(record_of.PROCESS, steps_of(record_of), row, actor, record_of.subject)
    if row.reason and not reason:
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=record_of.subject)


def renew_tasks(record_of: Course, *, actor: Actor, now: datetime) -> None:
    """Close what waited and put the steps that now wait for the record into the queues of their posts."""
    process, today = record_of.PROCESS, localdate(now)
    put_in_queues(
        process.policy_id,
        process,
        [row for row in process.leaving(record_of.state) if row.waits],
        subject=record_of.subject,
        region_code=record_of.region_code,
        office=lambda _role: None,
        post=lambda row: post_near(row, record_of.region_code),
        due=lambda row: due_of(record_of, row, today),
        actor=actor,
        now=now,
    )


def post_near(row: Transition, region_code: str) -> str:
    """Return the post a waiting step goes to: the first of the row; where only the county is known no township finds it, so the agency."""
    if row.posts[0] == Role.TOWNSHIP_CLERK and len(region_code) == COUNTY_DIGITS:
        return next(post for post in row.posts if post == Role.AGENCY_INTAKE)
    return row.posts[0]


def due_of(record_of: Course, row: Transition, start: date) -> Deadline | None:
    """Return by when a step that has a number of days is to be done, counted from `start`; None without one."""
    if row.due is None:
        return None
    area = area_of_region(record_of.region_code)
    return deadline(row.due.setting, row.due.days, row.due.unit, start, area, parameter_book())


def tell_person(record_of: Course, words: str, *, occasion: str, actor: Actor, now: datetime) -> None:
    """Tell the person of their own affair, once for each occasion."""
    tell(
        record_of.subject,
        words,
        kind=record_of.PREFIX,
        channel=Channel.ONLINE,
        region_code=record_of.region_code,
        person_id=record_of.person_id,
        occasion=occasion,
        actor=actor,
        now=now,
    )


def _write(record_of: Course, row: Transition, start: str, reason: str, key: str, actor: Actor, now: datetime) -> None:
    number = (steps_of(record_of).aggregate(last=Max("number"))["last"] or 0) + 1
    record_of.steps.create(  # type: ignore[attr-defined]
        number=number,
        verb=row.verb,
        start=start,
        end=record_of.state,
        at=now,
        user_id=actor.user_id,
        post_id=actor.post_id,
        actor_name=actor.name,
        reason=reason,
        key=key or f"{row.verb}/{number}",
    )


def _told(
    record_of: Course, row: Transition, start: str, reason: str, actor: Actor, now: datetime, after: dict[str, Any]
) -> None:
    record(
        f"{record_of.PREFIX}.{row.verb}",
        record_of.subject,
        actor=actor,
        now=now,
        region_code=record_of.region_code,
        before={"state": start} if start else None,
        after={"state": record_of.state, **after},
        reason=reason,
    )
