"""One step of a claim: locked, checked against its table, written down; whoever it waits for next finds it in the queue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.hands import require_another_person
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.kinds import declare
from zhubao.workflow import Transition, wrong_state

from .dates import LATE, plan_day
from .models import AssistanceClaim, AssistanceClaimStep
from .states.claim import CLAIM

REASON_LENGTH = 500
SHORT = declare("assistance_claim.short", Text("代缴资金预算不足", "the budget is short of a claim for contributions on behalf"))
FROZEN = declare("assistance_claim.frozen", Text("代缴分配金额不符，待核清", "an allocation that disagrees, to be cleared"))


@dataclass
class Step:
    """A step about to be taken on a locked claim."""

    claim: AssistanceClaim
    row: Transition
    reason: str
    actor: Actor
    now: datetime


def begin(claim_id: int, verb: str, *, reason: str = "", seen: str | None = None, actor: Actor, now: datetime) -> Step:
    """Lock a claim for a step inside the caller's transaction and return it checked; nothing is written yet.

    `seen`: the state the page showed. Raise DoesNotExist, OutOfScope (region, post), E-STATE, E-SAME-PERSON, E-REASON.
    """
    claim = AssistanceClaim.objects.select_for_update(of=("self",)).select_related("plan", "office").get(pk=claim_id)
    row = CLAIM.transition(verb)
    actor.require_role(*row.posts)
    actor.require_region(claim.region_code)
    if claim.state not in row.start or (seen is not None and seen != claim.state):
        raise wrong_state(CLAIM, claim.state, row, claim.number, Text("申请现在是", "the claim is now"))
    require_another_person(CLAIM, claim.steps.all(), row, actor, claim.number)
    said = reason.strip()[:REASON_LENGTH]
    if row.reason and not said:
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=claim.number)
    return Step(claim, row, said, actor, now)


def may_take(claim: AssistanceClaim, row: Transition, actor: Actor) -> bool:
    """Tell whether a page should offer a step: post and region fit."""
    try:
        actor.require_role(*row.posts)
        actor.require_region(claim.region_code)
    except OutOfScope:
        return False
    if row.verb == "release":
        return bool(claim.frozen)
    return row.verb != "allocate" or not claim.frozen


def finish(step: Step, **after: Any) -> AssistanceClaim:
    """Write the step with the claim as it stands: state, history, tasks, and last the audit entry."""
    claim, row = step.claim, step.row
    start = claim.state
    end = start if row.stays else row.ends[0]
    if end != start:
        claim.state, claim.state_since = end, step.now
    claim.save()
    AssistanceClaimStep.objects.create(
        claim=claim,
        number=AssistanceClaimStep.objects.filter(claim=claim).count() + 1,
        verb=row.verb,
        start=start,
        end=end,
        at=step.now,
        user_id=step.actor.user_id,
        post_id=step.actor.post_id,
        actor_name=step.actor.name,
        reason=step.reason,
    )
    renew_claim_tasks(claim, actor=step.actor, now=step.now)
    record(
        f"assistance_claim.{row.verb}",
        claim.subject,
        actor=step.actor,
        now=step.now,
        region_code=claim.region_code,
        before={"state": start} if start else None,
        after={"state": end, **after},
        reason=step.reason,
    )
    return claim


def renew_claim_tasks(claim: AssistanceClaim, *, actor: Actor, now: datetime) -> None:
    """Close what waited and put what now waits for the claim into the queues of its posts, due by the end of the plan's year."""
    kinds = {task_kind(row) for row in CLAIM.transitions if row.waits}
    waiting: dict[str, str] = {}
    for row in CLAIM.leaving(claim.state):
        if row.waits and not (row.verb == "allocate" and claim.frozen):
            waiting[task_kind(row)] = row.posts[0]
    if claim.short_fen and claim.state in ("submitted", "checked", "approved"):
        waiting[SHORT] = Role.FINANCE_CLERK
    if claim.frozen:
        waiting[FROZEN] = Role.AGENCY_ACCOUNTANT
    close_tasks(claim.subject, (kinds | {SHORT, FROZEN}) - waiting.keys(), actor=actor, now=now)
    due = plan_day(LATE, claim.plan.year, area_of_region(claim.region_code), parameter_book())
    for kind, role in waiting.items():
        open_task(
            kind,
            claim.subject,
            region_code=claim.region_code,
            role=role,
            organisation_id=None,
            deadline=due,
            actor=actor,
            now=now,
        )


def task_kind(row: Transition) -> str:
    """Return the kind of task a waiting step opens: ``assistance_claim.check``."""
    return f"assistance_claim.{row.verb}"


for _row in CLAIM.transitions:
    if _row.waits:
        declare(task_kind(_row), Text(f"代缴资金申请：{_row.label.zh}", f"claim for contributions on behalf: {_row.label.en}"))
