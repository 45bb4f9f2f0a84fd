"""Taking a step: who may, from which state, not twice by the same hands; the row of history, the tasks and the audit entry.

Every action on a case and on a renewal is written around `step_of` or `renewal_step_of`:

    with step_of(case_id, "decide", request, actor=actor, now=now) as going:
        if not going.repeated:
            ...                                  # look, refuse, write what belongs to the step
            step = going.move("loan_qualified", reason=reason)
        return going.case
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.composed import Composed, Given
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel as NoticeChannel
from zhubao.people.models import CitizenAccount
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.tasks.kinds import declare
from zhubao.tasks.models import Task
from zhubao.workflow import CITIZEN, Process, Transition

from .models import Case, Renewal, RenewalStep, Step
from .models.case import Channel as CameIn
from .states import PROCESSES, RENEWAL, process_of

# States in which the applicant must know why.
TURNED_BACK = frozenset(("returned", "rejected", "blocked", "bank_refused", "closed", "suspended"))
Moving = TypeVar("Moving", Case, Renewal)


@dataclass(frozen=True)
class Request:
    """What comes with every step somebody asks for: `key` names the request, so that sending it twice does it once; `seen` is the
    number of steps the asker saw taken (None when no page was shown)."""

    key: str
    seen: int | None = None


@dataclass
class Going(Generic[Moving]):
    """A step being taken, with its subject locked. `repeated`: the same request was carried out before."""

    subject: Moving
    process: Process
    row: Transition
    request: Request
    actor: Actor
    now: datetime
    repeated: bool = False
    before: str = ""
    after: dict[str, Any] = field(default_factory=dict)
    step: Any = None

    @property
    def case(self) -> Case:
        """The case the step belongs to."""
        return self.subject if isinstance(self.subject, Case) else self.subject.case

    @property
    def today(self) -> date:
        """The day the step is taken on, in the county's own time."""
        return timezone.localdate(self.now)

    def move(self, end: str | None = None, *, reason: str = "", **after: Any) -> Any:
        """Write the step into the history and the new state into the subject, and return the row of history.

        `end` may be left out where only one state can follow or the state stays. `after` goes into the audit entry. Raise E-REASON
        where the table wants one, E-STEP-END for a state the row does not lead to.
        """
        said = reason.strip()
        if self.row.reason and not said:
            raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=self.row.label.zh)
        end = end or (self.subject.state if self.row.stays else self.row.ends[0] if len(self.row.ends) == 1 else "")
        if end not in (self.row.ends or (self.subject.state,)):
            raise ZhubaoError(
                "E-STEP-END", Text("这一步不能到该状态", "the step does not lead there"), place=f"{self.row.verb} → {end}"
            )
        subject = self.subject
        subject.steps_taken += 1
        self.step = _history(subject)(
            number=subject.steps_taken,
            verb=self.row.verb,
            start=self.before,
            end=end,
            at=self.now,
            on=self.today,
            post_id=self.actor.post_id,
            user_id=self.actor.user_id,
            role=self.actor.role,
            actor_name=self.actor.name,
            reason=said,
            key=self.request.key,
            **({"case": subject} if isinstance(subject, Case) else {"renewal": subject}),
        )
        self.step.save(force_insert=True)
        if end != subject.state:
            subject.state, subject.state_since = end, self.today
            subject.closed_at = self.now if end in self.process.final else None
        subject.save()
        _renew_tasks(self, end)
        _tell_applicant(self)
        self.after = {"state": end, **after}
        return self.step


@contextmanager
def step_of(case_id: int, verb: str, request: Request, *, actor: Actor, now: datetime) -> Iterator[Going[Case]]:
    """Lock a case and check that the actor may take the step now; write the audit entry when the block ends without an error.

    Raise OutOfScope for another region, organisation, post or person, E-OWN-CASE for the actor's own application, E-SAME-PERSON
    for hands that took a step this one must be kept apart from, E-STATE when somebody else was faster. DoesNotExist for no case.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).select_related("person").get(pk=case_id)
        going = Going(case, process_of(case.policy_id), process_of(case.policy_id).transition(verb), request, actor, now)
        yield from _taken(going, case)


@contextmanager
def renewal_step_of(renewal_id: int, verb: str, request: Request, *, actor: Actor, now: datetime) -> Iterator[Going[Renewal]]:
    """Do for a renewal what `step_of` does for a case; hands are kept apart within the renewal."""
    with transaction.atomic():
        renewal = Renewal.objects.select_for_update(of=("self",)).select_related("case__person").get(pk=renewal_id)
        going = Going(renewal, RENEWAL, RENEWAL.transition(verb), request, actor, now)
        yield from _taken(going, renewal.case)


def may_take(case: Case, rows: Iterable[Transition], actor: Actor) -> list[Transition]:
    """Return the steps a page should offer: the state, post and organisation fit, and no earlier step stands in the way."""
    free = [row for row in rows if case.state in row.start and _is_free(case, row, actor)]
    return [] if not free or _is_own(case, actor) else free


def _is_free(case: Case, row: Transition, actor: Actor) -> bool:
    try:
        _check_office(case, row, actor)
        _check_apart(process_of(case.policy_id), case.steps.all(), row, actor)
    except ZhubaoError:
        return False
    return True


def _taken(going: Going[Any], case: Case) -> Iterator[Going[Any]]:
    subject, row, actor = going.subject, going.row, going.actor
    history = _history(subject).objects.filter(**{"case" if isinstance(subject, Case) else "renewal": subject})
    check_who(case, row, actor)
    earlier = _history(subject).objects.filter(key=going.request.key).first()
    if earlier is not None:
        if earlier not in history or earlier.verb != row.verb or earlier.user_id != actor.user_id:
            raise ZhubaoError("E-KEY-USED", Text("该请求编号已用于别的操作", "the request was used for something else"))
        going.repeated, going.step = True, earlier
        yield going
        return
    _check_apart(going.process, history, row, actor)
    _check_state(going, history)
    going.before = subject.state
    yield going
    if going.step is None:
        raise RuntimeError(f"{row.verb}: the action ended without taking its step")
    record(
        f"{'case' if isinstance(subject, Case) else 'renewal'}.{row.verb}",
        subject.subject,
        actor=actor,
        now=going.now,
        region_code=subject.region_code,
        before={"state": going.before},
        after=going.after,
        reason=going.step.reason,
    )


def check_who(case: Case, row: Transition, actor: Actor) -> None:
    """Refuse another region, post, organisation or person. The system is bounded by region only, applicants by being themselves:
    they may live in another village than the one their insurance is kept under."""
    _check_office(case, row, actor)
    if _is_own(case, actor):
        problem = Text("不能办理本人的申请", "nobody deals with their own application")
        raise ZhubaoError("E-OWN-CASE", problem, place=case.number)


def _check_office(case: Case, row: Transition, actor: Actor) -> None:
    actor.require_role(*row.posts)
    if actor.role == CITIZEN:
        if actor.person_id != case.person_id:
            raise OutOfScope(case.number, Text("不是本人的申请", "not your own application"))
        return
    actor.require_region(case.region_code)
    if actor.user_id is None:
        return
    own = organisation_of(case, actor.role)
    if own is not None and own != actor.organisation_id:
        raise OutOfScope(case.number, Text("由别的单位办理", "another office deals with this"))


_OWN_ACCOUNT = Composed(lambda: CitizenAccount.objects.filter(user_id=Given("user"), person_id=Given("person")))


def _is_own(case: Case, actor: Actor) -> bool:
    """Tell whether somebody at a post would deal with their own application."""
    if actor.role == CITIZEN or actor.user_id is None:
        return False
    return bool(_OWN_ACCOUNT.rows(user=actor.user_id, person=case.person_id))


def organisation_of(case: Case, role: str) -> int | None:
    """Return the office that a role's step belongs to in a case; None where any office of the region may take it."""
    if role in AGENCY_ROLES:
        return case.agency_id
    if role == Role.COMMITTEE_MEMBER:
        return case.committee_id
    return case.bank_id if role in BANK_ROLES else None


def _check_apart(process: Process, history: Iterable[Step | RenewalStep], row: Transition, actor: Actor) -> None:
    if actor.user_id is None or not row.apart_from:
        return
    earlier = next((step for step in history if step.verb in row.apart_from and step.user_id == actor.user_id), None)
    if earlier is not None:
        taken = process.transition(earlier.verb).label
        raise ZhubaoError(
            "E-SAME-PERSON",
            Text(
                f"{earlier.on}的“{taken.zh}”也是您办的，须由另一人办理",
                f"you took “{taken.en}” on {earlier.on}; another person must take this step",
            ),
            place=row.label.zh,
            remedy=Text("请本单位另一人办理", "have a colleague take this step"),
        )


def _check_state(going: Going[Any], history: Any) -> None:
    subject, seen = going.subject, going.request.seen
    if subject.state in going.row.start and (seen is None or seen == subject.steps_taken):
        return
    last = history.order_by("-number").first()
    who = f"{last.actor_name} {timezone.localtime(last.at):%Y-%m-%d %H:%M}" if last else ""
    label = going.process.state(subject.state).label
    raise ZhubaoError(
        "E-STATE",
        Text(f"已由{who}办过，现为“{label.zh}”", f"{who} was faster; it now stands at “{label.en}”"),
        place=str(subject),
        remedy=Text("请刷新后再看", "reload the page"),
    )


def _history(subject: Case | Renewal) -> Any:
    return Step if isinstance(subject, Case) else RenewalStep


def _renew_tasks(going: Going[Any], end: str) -> None:
    """Close what was waiting, and put the steps that now wait into the queues of their posts."""
    subject, case = going.subject, going.case
    if going.row.stays:
        close_tasks(subject.subject, [task_kind(going.process, going.row)], actor=going.actor, now=going.now)
        return
    running = _running_deadlines(subject.subject)
    close_tasks(subject.subject, actor=going.actor, now=going.now)
    waiting = [row for row in going.process.leaving(end) if row.waits and _who_waits(case, row)]
    book = parameter_book() if any(row.due for row in waiting) else None
    for row in waiting:
        by_when: Deadline | None = None
        if row.due and book:
            area = area_of_region(case.region_code)
            counted = running.get(row.due.setting)
            by_when = counted or deadline(row.due.setting, row.due.days, row.due.unit, going.today, area, book)
        open_task(
            task_kind(going.process, row),
            subject.subject,
            region_code=subject.region_code,
            role=_who_waits(case, row),
            organisation_id=organisation_of(case, _who_waits(case, row)),
            deadline=by_when,
            actor=going.actor,
            now=going.now,
        )


def _tell_applicant(going: Going[Any]) -> None:
    """Tell the person concerned where their application now stands, when somebody else moved it, with the reason where it turns back."""
    step, case = going.step, going.case
    if step.end == step.start or going.actor.role == CITIZEN:
        return
    state = going.process.state(step.end)
    words = [f"{state.label.zh}：{state.waiting.zh}"]
    if step.reason and step.end in TURNED_BACK:
        words.append(f"理由：{step.reason}")
    tell(
        going.subject.subject,
        "。".join(words),
        kind="case.state",
        channel=NoticeChannel.ONLINE,
        region_code=going.subject.region_code,
        person_id=case.person_id,
        occasion=str(step.number),
        actor=going.actor,
        now=going.now,
    )


def _running_deadlines(subject: str) -> dict[str, Deadline]:
    """Return the deadlines that run for a subject by their setting: a time allowed for review and decision together is counted once."""
    tasks = Task.objects.open().filter(subject=subject).exclude(due_on=None)
    return {task.due_arithmetic["setting"]: Deadline(task.due_on, task.due_arithmetic, task.provisional) for task in tasks}


def _who_waits(case: Case, row: Transition) -> str:
    """Return the post in whose queue a step waits: where an application came in at a desk, that desk acts for the applicant; "" for
    what a citizen does online."""
    if row.posts[0] != CITIZEN:
        return row.posts[0]
    return row.posts[1] if case.channel != CameIn.ONLINE else ""


def task_kind(process: Process, row: Transition) -> str:
    """Return the kind of the task that a waiting step opens: ``case.jiangxi.decide``."""
    return f"{'renewal' if process is RENEWAL else 'case'}.{process.policy_id.split('-')[0]}.{row.verb}"


for _process in (*PROCESSES.values(), RENEWAL):
    for _row in _process.transitions:
        if _row.waits:
            declare(task_kind(_process, _row), _row.label)
