"""Papers of a finding of fraud and of a listing: the notice of facts, and the decision once there is one."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.documents.integrity import FraudDecision, ListingDecision, NoticeOfFacts
from zhubao.documents.typesetting import PrintedForm
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.beside import statement_deadline
from zhubao.loans.models import FraudFinding
from zhubao.loans.models.beside import BesideRecord
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.states.fraud import FRAUD
from zhubao.oversight.dishonesty.course import LISTING
from zhubao.oversight.dishonesty.models import Listing
from zhubao.people.actions import number_for_print
from zhubao.policies.claims import implements
from zhubao.workflow import CITIZEN, Process

REMEDY = "您对本决定有异议的，可在收到之日起依法申请行政复议或者提起行政诉讼。"
BASES = {
    JIANGXI: "本省助保贷款办法第四条、第五条关于专款专用和防止骗取贴息的规定",
    RUGAO: "本市助保贷款实施办法第二十三条关于骗取贷款和贴息的规定",
    TONGLING: "本市助保贷款办法第四条关于贷款用途和信用的规定",
}
LIST_BASES = {
    JIANGXI: "本省助保贷款办法第四条第二项和社会保险领域严重失信人名单管理的规定",
    TONGLING: "本市助保贷款办法第四条第四项和社会保险领域严重失信人名单管理的规定",
}
MAY_PRINT = (AGENCY_ROLES - {Role.AGENCY_ADMINISTRATOR}) | {Role.HRSS_SUPERVISOR, Role.FINANCE_CLERK, CITIZEN}


def papers_of(record: BesideRecord, actor: Actor) -> list[str]:
    """Return the names of the papers that can be printed now: "notice", and "decision" once it holds."""
    if actor.role not in MAY_PRINT:
        return []
    decided = {"recovering", "recovered"} if isinstance(record, FraudFinding) else {"listed", "removed"}
    return ["notice", "decision"] if record.state in decided else ["notice"]


@implements("rg-23c", "jx-4.2b", "tl-4.4", as_="feature")
def print_paper(record: BesideRecord, name: str, *, actor: Actor, now: datetime) -> PrintedForm:
    """Return a paper of a finding or a listing; E-PAPER-NONE when there is none of that name for this post."""
    if name not in papers_of(record, actor):
        raise ZhubaoError(
            "E-PAPER-NONE", Text("没有这份材料，或现在还不能打印", "there is no such paper, or not yet"), place=name
        )
    if isinstance(record, FraudFinding):
        return _finding_notice(record, actor, now) if name == "notice" else _finding_decision(record, actor, now)
    assert isinstance(record, Listing), record
    return _listing_notice(record, actor, now) if name == "notice" else _listing_decision(record, actor, now)


def _finding_notice(finding: FraudFinding, actor: Actor, now: datetime) -> NoticeOfFacts:
    papers = "、".join(finding.papers.values_list("name", flat=True)) or "案卷所附核查材料"
    return NoticeOfFacts(
        **_common(finding, FRAUD, now),
        title="拟认定骗取贷款（贴息）事实告知书",
        citizen_number=number_for_print(finding.person, "事实告知书", actor=actor, now=now),
        evidence=papers,
        basis=BASES[finding.loan.policy_id],
        intended="拟认定上述事实，追回贷款本息，并退回已支付的贴息",
        office=finding.agency.name,
    )


def _listing_notice(listing: Listing, actor: Actor, now: datetime) -> NoticeOfFacts:
    return NoticeOfFacts(
        **_common(listing, LISTING, now),
        title="拟列入严重失信人名单告知书",
        citizen_number=number_for_print(listing.person, "列入名单告知书", actor=actor, now=now),
        evidence=listing.evidence,
        basis=LIST_BASES[listing.loan.policy_id],
        intended="拟将您列入严重失信人名单，由有关部门联合惩戒",
        office=_hrss(listing),
    )


def _common(record: FraudFinding | Listing, process: Process, now: datetime) -> dict[str, Any]:
    on = record.notified_on or timezone.localdate(now)
    given = statement_deadline(process, record, on)
    return {
        "date": on,
        "number": record.number,
        "person": record.person.name,
        "loan_number": record.loan.number,
        "facts": record.facts,
        "days": int(given.arithmetic["count"]),
        "until": record.statement_until,
    }


def _finding_decision(finding: FraudFinding, actor: Actor, now: datetime) -> FraudDecision:
    assert finding.decided_on is not None, finding
    assert finding.notified_on is not None, finding
    # It holds, and claims what is due, from the day finance agreed.
    agreed = finding.steps.filter(verb="agree_finding").order_by("number").last()
    return FraudDecision(
        date=agreed.on if agreed is not None else finding.decided_on,
        number=finding.number,
        person=finding.person.name,
        citizen_number=number_for_print(finding.person, "认定与追回决定书", actor=actor, now=now),
        loan_number=finding.loan.number,
        facts=finding.facts,
        notified=finding.notified_on,
        statement=finding.statement,
        reasons=finding.decision,
        basis=BASES[finding.loan.policy_id],
        principal_fen=finding.principal_fen or 0,
        interest_fen=finding.interest_fen or 0,
        subsidy_fen=finding.subsidy_fen or 0,
        bank=finding.loan.bank.name,
        finance=finding.finance.name if finding.finance else "财政部门",
        remedy=REMEDY,
        office=finding.agency.name,
    )


def _listing_decision(listing: Listing, actor: Actor, now: datetime) -> ListingDecision:
    assert listing.decided_on is not None, listing
    assert listing.notified_on is not None, listing
    assert listing.removal_on is not None, listing
    return ListingDecision(
        date=listing.decided_on,
        number=listing.number,
        person=listing.person.name,
        citizen_number=number_for_print(listing.person, "列入名单决定书", actor=actor, now=now),
        loan_number=listing.loan.number,
        facts=listing.facts,
        notified=listing.notified_on,
        statement=listing.statement,
        reasons=listing.decision,
        basis=LIST_BASES[listing.loan.policy_id],
        listed=listing.decided_on,
        removal=listing.removal_on,
        remedy=REMEDY,
        office=_hrss(listing),
    )


def _hrss(listing: Listing) -> str:
    """Return the office that decides: the one whose post took the last step of the list's own, else its usual name."""
    step = listing.steps.filter(post__role=Role.HRSS_SUPERVISOR).select_related("post__organisation").order_by("number").last()
    return step.post.organisation.name if step is not None and step.post is not None else "人力资源和社会保障局"


__all__ = ["papers_of", "print_paper"]
