"""One step of a loan: locked, checked, written down. Every action of this app goes through `begin` and `finish`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import Act, record, record_all
from zhubao.access.hands import require_another_person
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import Event, Kind
from zhubao.people.models import CitizenAccount
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_many, close_tasks
from zhubao.tasks.courses import declare_waiting, kind_of, put_in_queues
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.tasks.kinds import declare
from zhubao.workflow import CITIZEN, Process, Transition, wrong_state

from .deductions.waiting import FAILED
from .draws import TRANCHE_MOVES, tranche_starts
from .models import FraudFinding, Loan, LoanEvent, LoanStep, Tranche
from .states import PROCESSES, process_of
from .states.fraud import FOUND

REASON_LENGTH = 500
FOLLOW_UP = declare("loan.rugao.follow_up", Text("贷后跟踪回访", "look after the borrower"))
STOPPED_BY_FRAUD = ("plan_year", "release_year", "confirm_draw", "record_draw", "permit_year")


@dataclass
class Step:
    """A step about to be taken: the locked loan and draw, the row of the table; `done` when this key was taken before."""

    loan: Loan
    tranche: Tranche | None
    row: Transition
    key: str
    reason: str
    actor: Actor
    now: datetime
    done: bool

    @property
    def today(self) -> date:
        """The day of the step where the county is."""
        return localdate(self.now)

    @property
    def draw(self) -> Tranche:
        """The draw the step is about."""
        assert self.tranche is not None, self.row.verb
        return self.tranche


def begin(
    loan_id: int,
    verb: str,
    *,
    tranche_id: int | None = None,
    reason: str = "",
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Step:
    """Lock a loan for a step, inside the caller's transaction, and return it checked; nothing is written yet.

    `seen`: the state the page showed. `key`: names the request, so that the same one again is `done` and changes nothing.
    Raise DoesNotExist, OutOfScope (region, post, organisation, another's loan), E-STEP-UNKNOWN, E-STATE (somebody was faster, or the
    step does not fit), E-OWN-CASE, E-SAME-PERSON,
    E-REASON, E-KEY-USED.
    """
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    row = process_of(loan.policy_id).transition(verb)
    require_may(actor, loan, row)
    tranche = Tranche.objects.select_for_update().get(pk=tranche_id, loan=loan) if tranche_id is not None else None
    step = Step(loan, tranche, row, key, reason.strip()[:REASON_LENGTH], actor, now, done=False)
    before = LoanStep.objects.filter(loan=loan, key=key).first() if key else None
    if before is not None:
        if before.verb != verb or (tranche_id is not None and before.tranche_id != tranche_id):
            problem = Text("该请求编号已用于别的操作", "the request was used for something else")
            raise ZhubaoError("E-KEY-USED", problem, place=key)
        step.tranche, step.done = before.tranche, True
        return step
    if loan.state not in row.start or (seen is not None and seen != loan.state):
        raise _wrong_state(loan, row)
    if verb in STOPPED_BY_FRAUD:
        _require_not_found_out(loan)
    if tranche is not None and tranche.state not in tranche_starts(loan.policy_id, verb):
        raise _wrong_state(loan, row)
    require_another_person(process_of(loan.policy_id), (tranche or loan).steps.all(), row, actor, loan.number)
    if row.reason and not step.reason:
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=loan.number)
    return step


def finish(step: Step, *, to: str = "", draw_state: str = "", on: date | None = None, **after: Any) -> Loan:
    """Write the step: the states it leads to, history, tasks, and last the audit entry; return the loan.

    `to`: the end where the table has several, or the earlier state to which taking an entry back returns; `draw_state`: the draw's
    new state where it is not the table's; `on`: the day it was done, else today; `after` goes into the audit entry.
    """
    loan, row = step.loan, step.row
    end = to or (loan.state if row.stays else row.ends[0])
    assert row.stays or end in row.ends, (row.verb, end)
    start = loan.state
    if end != start:
        loan.state, loan.state_since = end, step.now
        loan.save(update_fields=["state", "state_since"])
    if step.tranche is not None and row.verb in TRANCHE_MOVES:
        step.tranche.state = draw_state or TRANCHE_MOVES[row.verb][1]
    if step.tranche is not None:
        step.tranche.save()
    write_step(step, start, end, on=on)
    renew_tasks(step)
    if process_of(loan.policy_id).state(end).final:
        close_tasks(loan.subject, [FAILED, FOLLOW_UP], actor=step.actor, now=step.now)
    if step.tranche is not None:
        after = {"year": step.tranche.year, "draw": step.tranche.state, **after}
    record(
        f"loan.{row.verb}",
        loan.subject,
        actor=step.actor,
        now=step.now,
        region_code=loan.region_code,
        before={"state": start} if start else None,
        after={"state": end, **after},
        reason=step.reason,
    )
    return loan


def take_together(
    loans: Sequence[Loan],
    verb: str,
    *,
    on: date,
    key: str,
    after: Mapping[int, Mapping[str, str]],
    actor: Actor,
    now: datetime,
) -> None:
    """Take a step with many locked loans in a few statements: the rows that `begin` and `finish` would write for one after the other.

    For the system, which has no hands to keep apart, and steps that are about no draw; loans that took it under `key` before are left
    alone. `after` goes into the audit entries, by the key of the loan. Raise what `begin` raises.
    """
    assert actor.user_id is None, verb
    done = set(LoanStep.objects.filter(loan__in=loans, key=key, verb=verb).values_list("loan_id", flat=True))
    steps = [
        Step(loan, None, process_of(loan.policy_id).transition(verb), key, "", actor, now, done=False)
        for loan in loans
        if loan.pk not in done
    ]
    starts = [step.loan.state for step in steps]
    for step in steps:
        require_may(actor, step.loan, step.row)
        if step.loan.state not in step.row.start:
            raise _wrong_state(step.loan, step.row)
    taken = LoanStep.objects.filter(loan__in=loans).order_by().values_list("loan_id").annotate(Count("pk"))
    numbers = dict(taken)
    for end in sorted({step.row.ends[0] for step in steps}):
        moved = [step.loan for step in steps if step.row.ends[0] == end]
        Loan.objects.filter(pk__in=[loan.pk for loan in moved]).update(state=end, state_since=now)
        for loan in moved:
            loan.state, loan.state_since = end, now
    LoanStep.objects.bulk_create(
        step_row(step, numbers.get(step.loan.pk, 0) + 1, start, step.loan.state, on)
        for step, start in zip(steps, starts, strict=True)
    )
    renew_together(steps)
    acts = [
        Act(
            f"loan.{verb}",
            step.loan.subject,
            step.loan.region_code,
            before={"state": start},
            after={"state": step.loan.state, **after.get(step.loan.pk, {})},
        )
        for step, start in zip(steps, starts, strict=True)
    ]
    record_all(acts, actor=actor, now=now)


def write_step(step: Step, start: str, end: str, *, on: date | None = None) -> LoanStep:
    """Add a line to the history of a locked loan."""
    row = step_row(step, LoanStep.objects.filter(loan=step.loan).count() + 1, start, end, on)
    row.save(force_insert=True)
    return row


def step_row(step: Step, number: int, start: str, end: str, on: date | None) -> LoanStep:
    """Return a line of a loan's history; it is not saved."""
    return LoanStep(
        loan=step.loan,
        tranche=step.tranche,
        number=number,
        verb=step.row.verb,
        start=start,
        end=end,
        at=step.now,
        on=on or step.today,
        user_id=step.actor.user_id,
        post_id=step.actor.post_id,
        actor_name=step.actor.name,
        reason=step.reason,
        key=step.key or f"{step.row.verb}/{number}",
    )


def renew_tasks(step: Step) -> None:
    """Close what waited and put the steps that now wait for the loan and its draw into the queues of their posts."""
    loan, process = step.loan, process_of(step.loan.policy_id)
    put_in_queues(
        _queue(process),
        process,
        [row for row in process.leaving(loan.state) if row.waits and _fits(loan, row)],
        subject=loan.subject,
        region_code=loan.region_code,
        office=lambda role: organisation_of(loan, role),
        due=lambda row: deadline_of(step, row) if row.due else None,
        actor=step.actor,
        now=step.now,
    )


def renew_together(steps: Sequence[Step]) -> None:
    """Renew the tasks of many loans: one by one of those for which something may wait, at once of the others."""
    for policy_id, state in sorted({(step.loan.policy_id, step.loan.state) for step in steps}):
        process = process_of(policy_id)
        here = [step for step in steps if (step.loan.policy_id, step.loan.state) == (policy_id, state)]
        waiting = [row for row in process.leaving(state) if row.waits]
        drawn = {start for row in waiting if row.verb in TRANCHE_MOVES for start in tranche_starts(policy_id, row.verb)}
        draws = Tranche.objects.filter(loan__in=[step.loan for step in here], state__in=drawn)
        fitting = set(draws.values_list("loan_id", flat=True)) if drawn else set()
        for step in here:
            if step.loan.pk in fitting or any(row.verb not in TRANCHE_MOVES for row in waiting):
                renew_tasks(step)
                fitting.add(step.loan.pk)
        rest = [step.loan.subject for step in here if step.loan.pk not in fitting]
        actor, now = here[0].actor, here[0].now
        close_many([kind_of(_queue(process), row) for row in process.transitions if row.waits], rest, actor=actor, now=now)
        if process.state(state).final:
            close_many([FAILED, FOLLOW_UP], [step.loan.subject for step in here], actor=actor, now=now)


def deadline_of(step: Step, row: Transition, *, start: date | None = None) -> Deadline:
    """Return by when a step that has a number of days is to be done, counted from `start`, else the draw's day, else today."""
    assert row.due is not None, row.verb
    drawn = step.tranche.drawn_on if step.tranche is not None else None
    start = start or drawn or step.today
    area = area_of_region(step.loan.region_code)
    return deadline(row.due.setting, row.due.days, row.due.unit, start, area, parameter_book())


def organisation_of(loan: Loan, role: str) -> int | None:
    """Return the office that a role's step belongs to; None where any office of the region may take it."""
    if role in AGENCY_ROLES:
        return loan.agency_id
    return loan.bank_id if role in BANK_ROLES else None


def _queue(process: Process) -> str:
    """Return what the kinds of tasks of a programme begin with: ``loan.jiangxi``."""
    return f"loan.{process.policy_id.split('-')[0]}"


def _require_not_found_out(loan: Loan) -> None:
    """Raise E-FRAUD-STOP for a loan of which fraud was found: nothing more is drawn."""
    found = FraudFinding.objects.filter(loan=loan, state__in=FOUND).first()
    if found is not None:
        problem = Text(f"已认定骗取（{found.number}），不再放款", f"fraud was found ({found.number}): nothing more is drawn")
        raise ZhubaoError("E-FRAUD-STOP", problem, place=loan.number)


def _fits(loan: Loan, row: Transition) -> bool:
    """Tell whether a draw of the loan waits for a step, where the step is about a draw."""
    if row.verb not in TRANCHE_MOVES:
        return True
    draws = loan.tranches.filter(state__in=tranche_starts(loan.policy_id, row.verb))
    return (draws.filter(subsidy_fen=None) if row.verb == "match_subsidy" else draws).exists()


def add_event(loan: Loan, key: str, event: Event, source: str = "", *, actor: Actor, now: datetime) -> LoanEvent:
    """Add an event to a locked loan, once under its key; its entry number is the next of the loan.

    A key whose event was annulled may be used again: the new event stands under the key with ``#2`` after it, then ``#3``.
    """
    used = list(LoanEvent.objects.filter(Q(key=key) | Q(key__startswith=f"{key}#"), loan=loan).order_by("entry"))
    if used and not LoanEvent.objects.filter(loan=loan, kind=Kind.REVERSED, amount=used[-1].entry).exists():
        return used[-1]
    key = f"{key}#{len(used) + 1}" if used else key
    row = event_row(loan, LoanEvent.objects.filter(loan=loan).count() + 1, key, event, source, actor=actor, now=now)
    row.save(force_insert=True)
    return row


def event_row(loan: Loan, entry: int, key: str, event: Event, source: str, *, actor: Actor, now: datetime) -> LoanEvent:
    """Return the row of an event under its entry number and key; it is not saved."""
    return LoanEvent(
        loan=loan,
        entry=entry,
        day=event.on,
        kind=event.kind,
        amount=event.amount,
        more=list(event.more),
        key=key,
        source=source,
        entered_at=now,
        entered_by_id=actor.post_id,
    )


def require_may(actor: Actor, loan: Loan, row: Transition) -> None:
    """Raise OutOfScope unless the actor's post, region and office, or the citizen's own loan, allow a step of the table."""
    actor.require_role(*row.posts)
    if actor.role == CITIZEN:
        # A loan may be kept at another place than the borrower's own: whose it is, not where, is what counts.
        if actor.person_id != loan.person_id:
            raise OutOfScope(loan.number, Text("这不是本人的贷款", "this is not your loan"))
        return
    actor.require_region(loan.region_code)
    if actor.user_id is None:
        return
    if organisation_of(loan, actor.role) not in (None, actor.organisation_id):
        raise OutOfScope(loan.number, Text("由别的单位办理", "another office deals with this"))
    if actor.role != CITIZEN and CitizenAccount.objects.filter(user_id=actor.user_id, person_id=loan.person_id).exists():
        raise ZhubaoError("E-OWN-CASE", Text("不能办理本人的贷款", "nobody deals with their own loan"), place=loan.number)


def may_take(loan: Loan, row: Transition, actor: Actor, tranche: Tranche | None = None) -> bool:
    """Tell whether a page should offer a step: post, office, state fit, and no earlier step of the actor stands in the way."""
    try:
        require_may(actor, loan, row)
        require_another_person(process_of(loan.policy_id), (tranche or loan).steps.all(), row, actor, loan.number)
    except ZhubaoError:
        return False
    return loan.state in row.start


def _wrong_state(loan: Loan, row: Transition) -> ZhubaoError:
    return wrong_state(process_of(loan.policy_id), loan.state, row, loan.number, Text("贷款现在是", "the loan is now"))


for _process in PROCESSES.values():
    declare_waiting(_queue(_process), _process)
