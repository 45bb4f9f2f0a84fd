"""A step of a record beside a loan (a finding of fraud, a listing): locked, checked, written down, as the loan's own steps are."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record as audit
from zhubao.access.hands import require_another_person
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.notices.actions import tell
from zhubao.people.models import CitizenAccount
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.courses import declare_waiting, put_in_queues
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.workflow import CITIZEN, Process, Transition, wrong_state

from .models.beside import BesideRecord

LONGEST = 2000
Record = TypeVar("Record", bound=BesideRecord)


@dataclass
class BesideGoing(Generic[Record]):
    """A step about to be taken: the locked record and the row of its table; `done` when this key was taken before.

    `spent`: steps that would wait afterwards but have nothing left to do; they open no task.
    """

    process: Process
    record: Record
    row: Transition
    key: str
    reason: str
    actor: Actor
    now: datetime
    done: bool = False
    spent: frozenset[str] = frozenset()

    @property
    def today(self) -> date:
        """The day of the step where the county is."""
        return localdate(self.now)


def begin_beside(
    process: Process,
    model: type[Record],
    pk: int,
    verb: str,
    *,
    reason: str = "",
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> BesideGoing[Record]:
    """Lock a record for a step, inside the caller's transaction, and return it checked; nothing is written yet.

    Raise DoesNotExist, OutOfScope, E-STATE, E-OWN-CASE, E-SAME-PERSON, E-REASON, E-KEY-USED: as `stepping.begin` does.
    """
    record = model._base_manager.select_for_update().get(pk=pk)
    row = process.transition(verb)
    require_may(record, row, actor)
    going = BesideGoing(process, record, row, key, reason.strip()[:LONGEST], actor, now)
    before = steps_of(record).filter(key=key).first() if key else None
    if before is not None:
        if before.verb != verb:
            raise ZhubaoError(
                "E-KEY-USED", Text("该请求编号已用于别的操作", "the request was used for something else"), place=key
            )
        going.done = True
        return going
    if record.state not in row.start or (seen is not None and seen != record.state):
        raise wrong_state(process, record.state, row, record.number, Text("现在是", "it is now"))
    require_another_person(process, steps_of(record), row, actor, record.number)
    if row.reason and not going.reason:
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=record.number)
    return going


def first_beside(
    process: Process, record: Record, verb: str, *, key: str = "", actor: Actor, now: datetime
) -> BesideGoing[Record]:
    """Return the step that opens a record which is not saved yet. Raise OutOfScope, E-OWN-CASE."""
    row = process.transition(verb)
    require_may(record, row, actor)
    return BesideGoing(process, record, row, key, "", actor, now)


def finish_beside(going: BesideGoing[Record], *, to: str = "", **after: Any) -> Record:
    """Write the step: the record with its state, history, tasks, and last the audit entry; return the record."""
    record, row, actor, now = going.record, going.row, going.actor, going.now
    start = record.state
    end = record.state if row.stays else to or row.ends[0]
    assert row.stays or end in row.ends, (row.verb, end)
    if end != start:
        record.state, record.state_since = end, now
    record.save()
    steps = steps_of(record)
    number = steps.count() + 1
    steps.create(
        number=number,
        verb=row.verb,
        start=start,
        end=end,
        at=now,
        on=going.today,
        user_id=actor.user_id,
        post_id=actor.post_id,
        actor_name=actor.name,
        reason=going.reason,
        key=going.key or f"{row.verb}/{number}",
    )
    _renew_tasks(going)
    audit(
        f"{going.process.policy_id}.{row.verb}",
        subject_of(record),
        actor=actor,
        now=now,
        region_code=record.region_code,
        before={"state": start} if start else None,
        after={"state": end, **after},
        reason=going.reason,
    )
    return record


def served(going: BesideGoing[Record], served_on: date, proof: str, text: str, *, channel: str) -> None:
    """Note the notice of facts with its proof on the record, tell the person, and count the days for a statement from it.

    Raise E-NOTICE-PROOF without a proof, E-NOTICE-DAY for a day to come or before the facts were found.
    """
    record = going.record
    if not proof.strip():
        problem = Text("没有送达凭证，不能算已告知", "without a proof of delivery nobody has been told")
        raise ZhubaoError("E-NOTICE-PROOF", problem, place=record.number)
    if not record.found_on <= served_on <= going.today:
        problem = Text(f"应在 {record.found_on} 至今天之间", f"the day lies between {record.found_on} and today")
        raise ZhubaoError("E-NOTICE-DAY", problem, place=f"{record.number} {served_on}")
    given = statement_deadline(going.process, record, served_on)
    record.notified_on, record.notice_proof = served_on, proof.strip()[:300]
    record.statement_until, record.provisional = given.due_on, given.provisional
    tell(
        subject_of(record),
        text,
        kind=f"{going.process.policy_id}.notice",
        channel=channel,
        region_code=record.region_code,
        person_id=record.person_id,
        proof=record.notice_proof,
        actor=going.actor,
        now=going.now,
    )


def stated(going: BesideGoing[Record], text: str) -> None:
    """Write down what the person says; said again, it stands below what was said before.

    The person states within the period; the office may still take down what came in time by post. Raise E-STATEMENT for no words,
    E-STATEMENT-LATE for a citizen after the period.
    """
    record, said = going.record, text.strip()[:LONGEST]
    if not said:
        raise ZhubaoError("E-STATEMENT", Text("请写下陈述内容", "the statement says nothing"), place=record.number)
    by_the_person = going.actor.role == CITIZEN
    if by_the_person and record.statement_until is not None and going.today > record.statement_until:
        raise ZhubaoError(
            "E-STATEMENT-LATE",
            Text(f"陈述期限已于 {record.statement_until} 届满", f"the time for a statement ended on {record.statement_until}"),
            place=record.number,
            remedy=Text("可到经办机构当面说明", "come to the agency and say it there"),
        )
    record.statement = f"{record.statement}\n\n{said}".strip()
    record.stated_on, record.stated_how = going.today, "online" if by_the_person else "counter"


def require_heard(going: BesideGoing[Record]) -> None:
    """Raise E-NOT-HEARD while the person has neither stated anything nor let the time for it pass."""
    record = going.record
    if not record.heard_by(going.today):
        until = record.statement_until
        raise ZhubaoError(
            "E-NOT-HEARD",
            Text("尚未听取陈述，陈述期限未满", "the person has not been heard and the time for a statement is not over"),
            place=record.number,
            remedy=Text(f"期限至 {until}", f"it runs until {until}") if until else None,
        )


def statement_deadline(process: Process, record: BesideRecord, served_on: date) -> Deadline:
    """Return the last day for a statement: the working days of the decision's setting after the notice."""
    due = next(row.due for row in process.transitions if row.due is not None)
    return deadline(due.setting, due.days, due.unit, served_on, area_of_region(record.region_code), parameter_book())


def require_may(record: BesideRecord, row: Transition, actor: Actor) -> None:
    """Raise OutOfScope unless the actor's post, region and office, or the person concerned, may take a step; E-OWN-CASE."""
    actor.require_role(*row.posts)
    if actor.user_id is None:
        return
    if actor.role == CITIZEN:
        if actor.person_id != record.person_id:
            raise OutOfScope(record.number, Text("这不是本人的事项", "this does not concern you"))
        return
    actor.require_region(record.region_code)
    if office_of(record, actor.role) not in (None, actor.organisation_id):
        raise OutOfScope(record.number, Text("由别的单位办理", "another office deals with this"))
    if CitizenAccount.objects.filter(user_id=actor.user_id, person_id=record.person_id).exists():
        raise ZhubaoError("E-OWN-CASE", Text("不能办理本人的事项", "nobody deals with their own case"), place=record.number)


def may_take(process: Process, record: BesideRecord, row: Transition, actor: Actor) -> bool:
    """Tell whether a page should offer a step: post, office and state fit, and no earlier step of the actor stands in the way."""
    try:
        require_may(record, row, actor)
        require_another_person(process, steps_of(record), row, actor, record.number)
    except ZhubaoError:
        return False
    return record.state in row.start


def tell_person(going: BesideGoing[Record], kind: str, text: str) -> None:
    """Tell the person of a record what became of it, once a step: the notice's kind is ``fraud.dropped`` or ``listing.removed``."""
    record = going.record
    tell(
        subject_of(record),
        text,
        kind=f"{going.process.policy_id}.{kind}",
        channel="online",
        region_code=record.region_code,
        person_id=record.person_id,
        occasion=str(steps_of(record).count()),
        actor=going.actor,
        now=going.now,
    )


def office_of(record: BesideRecord, role: str) -> int | None:
    """Return the office a role's step belongs to; None where any office of the region may take it."""
    if role in AGENCY_ROLES:
        return record.agency_id
    return record.loan.bank_id if role in BANK_ROLES else None  # type: ignore[attr-defined]


def steps_of(record: BesideRecord) -> Any:
    """Return the steps of a record; each kind of record has its own table of them."""
    return record.steps  # type: ignore[attr-defined]


def subject_of(record: BesideRecord) -> str:
    """Return the name under which audit, tasks and notices speak of a record."""
    return str(record.subject)  # type: ignore[attr-defined]


def declare_tasks(process: Process) -> None:
    """Declare the kinds of tasks a course opens: ``fraud.decide_finding``."""
    declare_waiting(process.policy_id, process)


def _renew_tasks(going: BesideGoing[Record]) -> None:
    """Close what waited and put the steps that now wait into the queues of their posts.

    The end of the time for a statement is no day a decision is due: it is the day before which there may be none.
    """
    process, record = going.process, going.record
    put_in_queues(
        process.policy_id,
        process,
        [row for row in process.leaving(record.state) if row.waits and row.verb not in going.spent],
        subject=subject_of(record),
        region_code=record.region_code,
        office=lambda role: office_of(record, role),
        actor=going.actor,
        now=going.now,
    )
