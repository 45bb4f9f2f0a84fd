"""A borrower's objection to a decided finding: heard and answered by the supervising bureau; one that is right undoes the decision."""

from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending.events import certified
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel

from ..books import book
from ..models import VerificationObjection, VerificationProposal
from ..models.verification import Finding, ProposalState
from ..states import ways_of
from ..stepping import add_event, begin, finish
from .deciding import NOTICE
from .words import objection_said

HEARING_ROLES: Final = (Role.HRSS_SUPERVISOR,)
LONGEST_SAID: Final = 2_000
LONGEST_ANSWER: Final = 500


def may_be_objected_to(proposal: VerificationProposal) -> bool:
    """Tell whether a finding was decided to the borrower's loss and nobody has answered an objection yet."""
    decided = proposal.state in (ProposalState.CONFIRMED, ProposalState.CHANGED) and proposal.effective_on is not None
    return decided and proposal.finding == Finding.LOSE and not VerificationObjection.objects.filter(proposal=proposal).exists()


@transaction.atomic
def answer_objection(
    proposal_id: int, said: str, filed_on: date, *, upheld: bool, answer: str, actor: Actor, now: datetime
) -> VerificationObjection:
    """Write down what the borrower objected and answer it; upheld, the subsidy goes on without a gap, in Rugao draws may go on.

    The borrower is told. The same finding again returns the answer there is. Raise OutOfScope, E-OBJECTION-NONE for a finding that took
    nothing away, E-OBJECTION-DAY for a day before the decision or to come, E-REASON without words of both, and what the step raises.
    """
    actor.require_role(*HEARING_ROLES)
    locked = VerificationProposal.objects.select_for_update(of=("self",)).select_related("loan__person", "loan__bank")
    proposal = locked.get(pk=proposal_id)
    actor.require_region(proposal.region_code)
    before = VerificationObjection.objects.filter(proposal=proposal).first()
    if before is not None:
        return before
    loan = proposal.loan
    if not may_be_objected_to(proposal):
        problem = Text("没有可以提出异议的决定", "there is no decision to object to")
        raise ZhubaoError("E-OBJECTION-NONE", problem, place=loan.number)
    assert proposal.decided_at is not None, proposal
    assert proposal.effective_on is not None, proposal
    if not localdate(proposal.decided_at) <= filed_on <= localdate(now):
        problem = Text("异议日期应在决定之后、不晚于今天", "the objection lies after the decision, not ahead")
        raise ZhubaoError("E-OBJECTION-DAY", problem, place=str(filed_on))
    words, because = said.strip()[:LONGEST_SAID], answer.strip()[:LONGEST_ANSWER]
    if not words or not because:
        raise ZhubaoError("E-REASON", Text("请写明异议内容和答复理由", "objection and answer are needed"), place=loan.number)
    if upheld:
        _undo(proposal, proposal.effective_on, because, actor=actor, now=now)
    objection = VerificationObjection.objects.create(
        proposal=proposal,
        said=words,
        filed_on=filed_on,
        upheld=upheld,
        answer=because,
        decided_at=now,
        decided_by_id=actor.user_id,
        decided_name=actor.name,
    )
    tell(
        loan.subject,
        objection_said(proposal, upheld=upheld, answer=because),
        kind=NOTICE,
        channel=Channel.POST,
        region_code=loan.region_code,
        person_id=loan.person_id,
        occasion=f"{proposal.year}/objection",
        actor=actor,
        now=now,
    )
    after = {"year": proposal.year, "upheld": upheld}
    record(
        "verification.objection", loan.subject, actor=actor, now=now, region_code=loan.region_code, after=after, reason=because
    )
    return objection


def _undo(proposal: VerificationProposal, day: date, because: str, *, actor: Actor, now: datetime) -> None:
    key = f"{proposal.key}:objection"
    verb = "resume_draws" if ways_of(proposal.loan.policy_id).verifies == "draws" else "restore_subsidy"
    step = begin(proposal.loan_id, verb, reason=because, key=key, actor=actor, now=now)
    if verb == "restore_subsidy" and not step.done:
        add_event(step.loan, key, certified(day), because, actor=actor, now=now)
        book(step.loan, step.today, actor=actor, now=now)
    if not step.done:
        finish(step, year=proposal.year)
