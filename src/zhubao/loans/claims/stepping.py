"""One step of a claim: locked, checked against its table, written down; whoever it waits for next finds it in the queue."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.hands import require_another_person
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, OrganisationKind
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.tasks.courses import declare_waiting, put_in_queues
from zhubao.tasks.deadlines import Deadline
from zhubao.workflow import Process, Transition, wrong_state

from ..models import ClaimStep, SubsidyClaim
from ..states.claim import CLAIM_COURSES

REASON_LENGTH = 500


@dataclass
class Step:
    """A step about to be taken on a locked claim."""

    claim: SubsidyClaim
    row: Transition
    reason: str
    actor: Actor
    now: datetime


def course_of(policy_id: str) -> Process:
    """Return the course of a programme's claims; E-CLAIM-POLICY where the document knows no interest subsidy."""
    course = CLAIM_COURSES.get(policy_id)
    if course is None:
        raise ZhubaoError(
            "E-CLAIM-POLICY", Text("这个文件没有贷款贴息", "this document has no interest subsidy"), place=policy_id
        )
    return course


def begin(claim_id: int, verb: str, *, reason: str = "", seen: str | None = None, actor: Actor, now: datetime) -> Step:
    """Lock a claim for a step inside the caller's transaction and return it checked; nothing is written yet.

    `seen`: the state the page showed. Raise DoesNotExist, OutOfScope (region, post, office), E-STATE, E-CLAIM-BUSY while it is being
    recomputed, E-SAME-PERSON, E-REASON.
    """
    claim = SubsidyClaim.objects.select_for_update().get(pk=claim_id)
    row = course_of(claim.policy_id).transition(verb)
    require_may(actor, claim, row)
    if claim.state not in row.start or (seen is not None and seen != claim.state):
        raise wrong_state(course_of(claim.policy_id), claim.state, row, claim.number, Text("申请现在是", "the claim is now"))
    if verb != "check" and is_recomputed(claim):
        raise ZhubaoError(
            "E-CLAIM-BUSY",
            Text("正在重新核对，请稍候", "the claim is being recomputed"),
            place=claim.number,
            remedy=Text("核对完成后再办", "wait until it is done"),
        )
    require_another_person(course_of(claim.policy_id), claim.steps.all(), row, actor, claim.number)
    said = reason.strip()[:REASON_LENGTH]
    if row.reason and not said:
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=claim.number)
    return Step(claim, row, said, actor, now)


def is_recomputed(claim: SubsidyClaim) -> bool:
    """Tell whether the lines of a claim are being written: it just came, or somebody asked for it again."""
    return claim.state == "received" or (claim.state == "checked" and claim.checked_at is None)


def finish(step: Step, **after: Any) -> SubsidyClaim:
    """Write the step with the claim as it stands: state, history, tasks, and last the audit entry."""
    claim, row = step.claim, step.row
    start = claim.state
    end = start if row.stays else row.ends[0]
    if end != start:
        claim.state, claim.state_since = end, step.now
    claim.save()
    write_step(step, start, end)
    renew_tasks(claim, actor=step.actor, now=step.now)
    record(
        f"claim.{row.verb}",
        claim.subject,
        actor=step.actor,
        now=step.now,
        region_code=claim.region_code,
        before={"state": start} if start else None,
        after={"state": end, **after},
        reason=step.reason,
    )
    return claim


def write_step(step: Step, start: str, end: str) -> ClaimStep:
    """Add a line to the history of a locked claim."""
    return ClaimStep.objects.create(
        claim=step.claim,
        number=ClaimStep.objects.filter(claim=step.claim).count() + 1,
        verb=step.row.verb,
        start=start,
        end=end,
        at=step.now,
        user_id=step.actor.user_id,
        post_id=step.actor.post_id,
        actor_name=step.actor.name,
        reason=step.reason,
    )


def renew_tasks(claim: SubsidyClaim, *, actor: Actor, now: datetime) -> None:
    """Close what waited and put what now waits for the claim into the queues of its posts, with the day of payment."""
    course = course_of(claim.policy_id)
    deadline = Deadline(claim.due_on, claim.due_arithmetic, claim.provisional) if claim.due_arithmetic else None
    put_in_queues(
        _queue(course),
        course,
        [row for row in course.leaving(claim.state) if row.waits and _waits(claim, row)],
        subject=claim.subject,
        region_code=claim.region_code,
        office=lambda role: office_of(claim, role),
        due=lambda row: deadline if claim.returned_on is None else None,
        actor=actor,
        now=now,
    )


def office_of(claim: SubsidyClaim, role: str) -> int | None:
    """Return the office a role's step belongs to; None where any office of the region may take it."""
    if role in BANK_ROLES:
        return claim.bank_id
    if role in AGENCY_ROLES and claim.receiver.kind == OrganisationKind.AGENCY:
        return claim.receiver_id
    return None


def require_may(actor: Actor, claim: SubsidyClaim, row: Transition) -> None:
    """Raise OutOfScope unless post, region and office allow a step of the table."""
    actor.require_role(*row.posts)
    actor.require_region(claim.region_code)
    if actor.user_id is not None and office_of(claim, actor.role) not in (None, actor.organisation_id):
        raise OutOfScope(claim.number, Text("由别的单位办理", "another office deals with this"))


def may_take(claim: SubsidyClaim, row: Transition, actor: Actor) -> bool:
    """Tell whether a page should offer a step."""
    try:
        require_may(actor, claim, row)
        require_another_person(course_of(claim.policy_id), claim.steps.all(), row, actor, claim.number)
    except ZhubaoError:
        return False
    return claim.state in row.start and (row.verb == "check" or not is_recomputed(claim))


def _queue(course: Process) -> str:
    """Return what the kinds of tasks of a programme's claims begin with: ``claim.jiangxi``."""
    return f"claim.{course.policy_id.split('-')[0]}"


def _waits(claim: SubsidyClaim, row: Transition) -> bool:
    """Tell apart what waits in the checked state: differences first, then the verification."""
    if row.verb == "settle_lines":
        return claim.open_lines > 0
    return row.verb != "verify" or claim.open_lines == 0


for _course in CLAIM_COURSES.values():
    declare_waiting(_queue(_course), _course, lambda label: Text(f"贴息申请：{label.zh}", f"subsidy claim: {label.en}"))
