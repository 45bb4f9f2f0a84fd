"""The second person's part: a suspicious roster accepted, findings confirmed, given another day, or rejected; the borrower is told."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import Event
from zhubao.lending.events import certification_lost, certified
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel
from zhubao.policies.claims import implements
from zhubao.screening.reasons import DEPARTMENTS
from zhubao.tasks.actions import close_tasks

from ..books import book
from ..models import VerificationCertifier, VerificationProposal, VerificationRun
from ..models.verification import DECISIONS, Finding, ProposalState
from ..renewing import suspend
from ..states import ways_of
from ..stepping import add_event, begin, finish
from .running import DECIDE
from .words import ground_said, notice_said

DECIDING_ROLES: Final = (Role.AGENCY_APPROVER,)
CHUNK: Final = 100
LONGEST: Final = 500
NOTICE: Final = "verification"


@transaction.atomic
def accept_roster(run_id: int, certifier: str, reason: str, *, actor: Actor, now: datetime) -> VerificationCertifier:
    """Accept with a reason that a department's roster costs so many of its people; again it changes nothing.

    Raise OutOfScope, E-SAME-PERSON for whoever ran the verification, E-REASON, E-VERIFICATION-CERTIFIER where nothing is to be accepted.
    """
    run = _run_for_decision(run_id, actor)
    row = VerificationCertifier.objects.select_for_update().filter(run=run, certifier=certifier).first()
    if row is None or not row.suspicious:
        problem = Text("这个部门的名册没有需要说明的减员", "nothing has to be explained for this department")
        raise ZhubaoError("E-VERIFICATION-CERTIFIER", problem, place=certifier)
    if row.accepted_at is None:
        said = _said(reason, run.subject)
        row.accepted_at, row.accepted_by_id, row.accepted_name, row.accepted_reason = now, actor.user_id, actor.name, said
        row.save(update_fields=["accepted_at", "accepted_by", "accepted_name", "accepted_reason"])
        after = {"certifier": certifier, "lost": row.lost, "kept": row.kept}
        record(
            "verification.roster_accepted",
            run.subject,
            actor=actor,
            now=now,
            region_code=run.region_code,
            after=after,
            reason=said,
        )
    return row


@implements("jx-2.5c", "jx-2.5d", as_="action")
@transaction.atomic
def confirm(
    run_id: int, proposal_ids: Sequence[int], *, effective_on: date | None = None, reason: str = "", actor: Actor, now: datetime
) -> int:
    """Confirm findings of a run, and return how many were not decided before; what goes on, goes on without a gap.

    A loss or a gain takes effect on the day proposed, or on `effective_on` with a reason, never before the notice of today unless the
    loan's terms count from the roster itself. Interest before it stays as it was (no clawback). In Rugao draws are suspended and the
    interest is left alone. Raise OutOfScope, E-SAME-PERSON, E-VERIFICATION-ROSTER while a suspicious roster is not accepted,
    E-VERIFICATION-UNKNOWN where evidence is missing, E-VERIFICATION-DAY, E-REASON, and what the step of the loan raises: nothing of the
    call is done then.
    """
    run, today = require_may_confirm(run_id, effective_on, reason, actor=actor, now=now), localdate(now)
    said = reason.strip()[:LONGEST]
    done = 0
    for proposal in _locked(run, proposal_ids):
        if proposal.finding == Finding.UNKNOWN:
            raise ZhubaoError(
                "E-VERIFICATION-UNKNOWN",
                Text("缺名册，不能据此决定", "evidence is missing: nothing can be decided"),
                place=proposal.loan.number,
                remedy=Text("补报名册后重新核验", "have the roster handed in and verify again"),
            )
        moves = proposal.proposed_on is not None
        state = ProposalState.CHANGED if effective_on is not None and moves else ProposalState.CONFIRMED
        if moves:
            _take_effect(proposal, _effective(proposal, effective_on, today), said, actor=actor, now=now)
        _decided(proposal, state, said, actor=actor, now=now)
        done += 1
    if done:
        after = {"confirmed": done, "effective_on": str(effective_on) if effective_on else None}
        _close_when_through(run, actor=actor, now=now)
        record("verification.confirmed", run.subject, actor=actor, now=now, region_code=run.region_code, after=after, reason=said)
    return done


@transaction.atomic
def reject(run_id: int, proposal_ids: Sequence[int], reason: str, *, actor: Actor, now: datetime) -> int:
    """Reject findings with a reason: the loan stays as it stands. Raise as `confirm` does."""
    run = _run_for_decision(run_id, actor)
    said = _said(reason, run.subject)
    done = 0
    for proposal in _locked(run, proposal_ids):
        if proposal.finding != Finding.UNKNOWN:
            _decided(proposal, ProposalState.REJECTED, said, actor=actor, now=now)
            done += 1
    if done:
        _close_when_through(run, actor=actor, now=now)
        after = {"rejected": done}
        record("verification.rejected", run.subject, actor=actor, now=now, region_code=run.region_code, after=after, reason=said)
    return done


def confirm_all(
    run_id: int,
    proposal_ids: Iterable[int],
    *,
    effective_on: date | None = None,
    reason: str = "",
    actor: Actor,
    clock: Callable[[], datetime],
) -> tuple[int, int]:
    """Confirm many findings a hundred at a time, each hundred a transaction; return how many were done and how many could not be.

    One that cannot be (its loan has moved on since) keeps the others from nothing and stays to be decided by itself. A killed call is
    simply made again. Raise what `require_may_confirm` raises.
    """
    require_may_confirm(run_id, effective_on, reason, actor=actor, now=clock())
    wanted = list(proposal_ids)
    done = left = 0
    for at in range(0, len(wanted), CHUNK):
        chunk = wanted[at : at + CHUNK]
        try:
            done += confirm(run_id, chunk, effective_on=effective_on, reason=reason, actor=actor, now=clock())
        except ZhubaoError:
            for each in chunk:
                try:
                    done += confirm(run_id, [each], effective_on=effective_on, reason=reason, actor=actor, now=clock())
                except ZhubaoError:
                    left += 1
    return done, left


def require_may_confirm(run_id: int, effective_on: date | None, reason: str, *, actor: Actor, now: datetime) -> VerificationRun:
    """Return the run when the actor may confirm findings of it now; raise as `confirm` does for run, day and reason."""
    run = _run_for_decision(run_id, actor)
    _require_accepted(run)
    if effective_on is not None:
        if effective_on < localdate(now):
            problem = Text("生效日不早于告知当天", "the effect is not before the day of the notice")
            raise ZhubaoError("E-VERIFICATION-DAY", problem, place=str(effective_on))
        _said(reason, run.subject)
    return run


def _run_for_decision(run_id: int, actor: Actor) -> VerificationRun:
    """Return a finished run for somebody who may decide on it: an approving officer of the region who did not run it."""
    actor.require_role(*DECIDING_ROLES)
    run = VerificationRun.objects.get(pk=run_id)
    actor.require_region(run.region_code)
    if run.finished_at is None:
        raise ZhubaoError("E-VERIFICATION-RUNS", Text("核验还没有做完", "the verification is not finished"), place=run.subject)
    if actor.user_id is not None and actor.user_id == run.started_user_id:
        raise ZhubaoError(
            "E-SAME-PERSON",
            Text("核验是您做的，须另一人确认", "you ran the verification: another person confirms it"),
            place=run.subject,
            remedy=Text("请本单位另一人办理", "have a colleague take this step"),
        )
    return run


def _require_accepted(run: VerificationRun) -> None:
    waiting = run.certifiers.filter(suspicious=True, accepted_at=None).first()
    if waiting is not None:
        counted, code = waiting.kept + waiting.lost, waiting.certifier
        department = DEPARTMENTS.get(code, Text(code, code))
        raise ZhubaoError(
            "E-VERIFICATION-ROSTER",
            Text(
                f"{department.zh}的名册减员 {waiting.lost}/{counted}，超过 {run.loss_percent}%",
                f"the roster of {department.en} costs {waiting.lost} of {counted}, more than {run.loss_percent} %",
            ),
            place=run.subject,
            remedy=Text("请先核对名册并写明情况", "check it and say why first"),
        )


def _locked(run: VerificationRun, proposal_ids: Sequence[int]) -> list[VerificationProposal]:
    """Return the findings that nobody decided yet, locked, in the order of their keys."""
    waiting = VerificationProposal.objects.select_for_update(of=("self",)).filter(
        run=run, pk__in=list(proposal_ids), state=ProposalState.PROPOSED
    )
    return list(waiting.select_related("loan__person", "loan__bank").order_by("pk"))


def _effective(proposal: VerificationProposal, named: date | None, today: date) -> date:
    """Return the first day of the effect: never before the notice, except where the terms count from the roster or the first draw."""
    assert proposal.proposed_on is not None, proposal
    if named is not None:
        return named
    from_the_register = proposal.proposed_on < proposal.run.as_of
    return proposal.proposed_on if from_the_register else max(proposal.proposed_on, today)


def _take_effect(proposal: VerificationProposal, day: date, said: str, *, actor: Actor, now: datetime) -> None:
    because = f"{ground_said(proposal)}。{said}".rstrip("。")
    proposal.effective_on = day
    if ways_of(proposal.loan.policy_id).verifies == "draws":
        suspend(proposal.loan_id, because, key=proposal.key, actor=actor, now=now)
    else:
        _move_subsidy(proposal, day, because, actor=actor, now=now)
    tell(
        proposal.loan.subject,
        notice_said(proposal, day),
        kind=NOTICE,
        channel=Channel.POST,
        region_code=proposal.loan.region_code,
        person_id=proposal.loan.person_id,
        occasion=str(proposal.year),
        actor=actor,
        now=now,
    )


def _move_subsidy(proposal: VerificationProposal, day: date, because: str, *, actor: Actor, now: datetime) -> None:
    """Enter the event of a loss or a gain on the loan and post what it changes of the days gone by."""
    verb, event = _event(proposal, day)
    step = begin(proposal.loan_id, verb, reason=because, key=proposal.key, actor=actor, now=now)
    if step.done:
        return
    add_event(step.loan, proposal.key, event, because, actor=actor, now=now)
    if day <= step.today:
        book(step.loan, step.today, actor=actor, now=now)
    finish(step, on=day, finding=proposal.finding, ground=proposal.ground)


def _event(proposal: VerificationProposal, day: date) -> tuple[str, Event]:
    if proposal.finding == Finding.LOSE:
        return "lose_subsidy", certification_lost(day)
    return "regain_subsidy", certified(day)


def _decided(proposal: VerificationProposal, state: str, said: str, *, actor: Actor, now: datetime) -> None:
    assert state in DECISIONS[proposal.state], (proposal.state, state)
    proposal.state, proposal.decided_at, proposal.reason = state, now, said
    proposal.decided_by_id, proposal.decided_user_id, proposal.decided_name = actor.post_id, actor.user_id, actor.name
    proposal.save(update_fields=["state", "effective_on", "decided_at", "decided_by", "decided_user", "decided_name", "reason"])


def _close_when_through(run: VerificationRun, *, actor: Actor, now: datetime) -> None:
    waiting = VerificationProposal.objects.filter(run=run, state=ProposalState.PROPOSED).exclude(finding=Finding.UNKNOWN)
    if not waiting.exists():
        close_tasks(run.subject, [DECIDE], actor=actor, now=now)


def _said(reason: str, place: str) -> str:
    said = reason.strip()[:LONGEST]
    if not said:
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=place)
    return said
