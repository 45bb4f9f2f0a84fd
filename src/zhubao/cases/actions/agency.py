"""The Jiangxi agency's part: review, the two decisions, sending the case to the bank. Sending back serves Rugao too."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.errors import ZhubaoError
from zhubao.evidence.models import Snapshot
from zhubao.language import Text
from zhubao.people.selectors import card_account
from zhubao.policies.claims import implements
from zhubao.programmes.banks import require_cooperation

from ..contract import JIANGXI, TONGLING
from ..models import Case, Decision, Proposal
from ..models.review import DecisionKind, Outcome
from ..stepping import Going, Request, step_of
from .estimates import keep_estimate
from .verdicts import judged, require_fresh, require_grantable, require_refusable

# What a verdict leads to when nobody says otherwise.
FOLLOWS = {
    "met": Outcome.GRANTED,
    "not_met": Outcome.REFUSED,
    "evidence_missing": Outcome.PENDING,
    "to_be_decided": Outcome.PENDING,
}
# The clause that ties the loan to the bank of the social security card.
CARD_CLAUSE = {JIANGXI: "jx-3.5a", TONGLING: "tl-3.4a"}
# What a bank gets of an applicant, and nothing beside (A-ALL-14): the headings of the file.
HANDED_OVER = (
    "申请编号",
    "姓名",
    "身份证号",
    "年龄",
    "累计缴费月数",
    "距领取待遇月数",
    "年度缴费额（元）",
    "首月养老金测算（元）",
    "是否贴息",
)


@dataclass(frozen=True)
class Subsidy:
    """The second decision. `outcome` "" takes what the verdict leads to; a refusal needs `clause` and `reason`; `category` chooses
    among several the person is in, "" the one that ranks first."""

    outcome: str = ""
    category: str = ""
    clause: str = ""
    reason: str = ""


@implements("jx-annex-2a", "jx-annex-2b", as_="action")
def propose(case_id: int, *, reason: str = "", request: Request, actor: Actor, now: datetime) -> Case:
    """Review an application: freeze what registers and rosters say today, and put the outcomes they lead to before the approver."""
    with step_of(case_id, "propose", request, actor=actor, now=now) as going:
        if not going.repeated:
            snapshot = judged(going.case, going.today, actor=actor, now=now)
            loan, subsidy = FOLLOWS[snapshot.decisions["loan"]], FOLLOWS[snapshot.decisions["subsidy"]]
            step = going.move(reason=reason, snapshot=snapshot.pk, loan=loan, subsidy=subsidy)
            Proposal.objects.create(
                case=going.case,
                step=step,
                snapshot=snapshot,
                outcome=loan,
                subsidy=subsidy,
                category=snapshot.result["category"] or "",
                reason=step.reason,
                at=now,
            )
        return going.case


def send_back(case_id: int, *, reason: str, request: Request, actor: Actor, now: datetime) -> Case:
    """Have the review done again; the reason says what is wrong with it. The same step in Jiangxi and Rugao."""
    with step_of(case_id, "send_back", request, actor=actor, now=now) as going:
        if not going.repeated:
            going.move(reason=reason)
        return going.case


@implements("jx-annex-2a", "jx-annex-2c", as_="action")
def decide(
    case_id: int,
    outcome: str,
    *,
    clause: str = "",
    reason: str = "",
    subsidy: Subsidy | None = None,
    request: Request,
    actor: Actor,
    now: datetime,
) -> Case:
    """Decide the loan, "granted" or "refused", and with it the interest subsidy, each with its own outcome, clause and reason.

    A review overtaken by newer facts or figures is done again first (E-STALE). Nothing is granted against the frozen verdict
    (E-VERDICT names the clauses); a refusal rests on a clause not met and gives a reason (E-REFUSAL); a subsidy that lacks a roster
    stays pending. A refused loan has no subsidy decision.
    """
    with step_of(case_id, "decide", request, actor=actor, now=now) as going:
        if not going.repeated:
            snapshot = proposal_of(going.case).snapshot
            require_fresh(snapshot, going.case.number, now)
            if outcome == Outcome.REFUSED:
                require_refusable(snapshot, clause, reason)
                step = going.move("rejected", reason=reason, loan=outcome, clause=clause)
                _keep(going, step, DecisionKind.LOAN, snapshot, outcome, clause=clause, reason=reason.strip())
            else:
                _require_outcome(outcome, Outcome.GRANTED)
                require_grantable(snapshot, "loan")
                second = subsidy_columns(snapshot, subsidy or Subsidy())
                step = going.move("loan_qualified", reason=reason, loan=outcome, subsidy=second["outcome"])
                _keep(going, step, DecisionKind.LOAN, snapshot, outcome, reason=reason.strip())
                _keep(going, step, DecisionKind.SUBSIDY, snapshot, **second)
        return going.case


@implements("jx-2.5b", "jx-annex-2c", as_="action")
def decide_subsidy(
    case_id: int,
    subsidy: Subsidy | None = None,
    *,
    first_draw_on: date | None = None,
    request: Request,
    actor: Actor,
    now: datetime,
) -> Case:
    """Make up for a subsidy decision that lacked a roster. The status is looked at on the day of the first draw, and a grant counts
    from that day on (A-ALL-8); without a draw yet it is looked at today and counts from the first draw, `effective_from` empty.

    Raise E-SUBSIDY-DECIDED when none is pending, E-VERDICT while the roster is still missing.
    """
    with step_of(case_id, "decide_subsidy", request, actor=actor, now=now) as going:
        if not going.repeated:
            last = going.case.decisions.filter(kind=DecisionKind.SUBSIDY).last()
            if last is None or last.outcome != Outcome.PENDING:
                raise ZhubaoError(
                    "E-SUBSIDY-DECIDED", Text("没有待补作的贴息决定", "no subsidy decision is pending"), place=going.case.number
                )
            if first_draw_on is not None and first_draw_on > going.today:
                raise ZhubaoError("E-DAY", Text("首次放款日在今天之后", "the first draw lies ahead"), place=str(first_draw_on))
            snapshot = judged(going.case, first_draw_on or going.today, actor=actor, now=now)
            if snapshot.decisions["subsidy"] in ("evidence_missing", "to_be_decided"):
                require_grantable(snapshot, "subsidy")
            columns = subsidy_columns(snapshot, subsidy or Subsidy())
            if columns["outcome"] == Outcome.GRANTED:
                columns["effective_from"] = first_draw_on
            step = going.move(reason=columns["reason"], snapshot=snapshot.pk, subsidy=columns["outcome"])
            _keep(going, step, DecisionKind.SUBSIDY, snapshot, **columns)
        return going.case


@implements("jx-annex-3a", "jx-3.5a", "jx-2.3a", as_="action")
def push(case_id: int, *, bank_id: int | None = None, reason: str = "", request: Request, actor: Actor, now: datetime) -> Case:
    """Send a qualified case to the bank with record and estimate; the audit entry lists what was handed over.

    `bank_id`: the bank chosen, the case's own when None. Raise E-BANK without one, E-CARD-BANK when the person's card account is at
    another bank, E-BANK-COOPERATION naming what the bank still lacks, E-ESTIMATE naming the facts without which there is no estimate.
    """
    with step_of(case_id, "push", request, actor=actor, now=now) as going:
        case = going.case
        if not going.repeated:
            bank = require_card_bank(case, bank_id or case.bank_id)
            require_cooperation(bank, case.policy_id, going.today, region_code=case.region_code)
            snapshot = judged(case, going.today, actor=actor, now=now)
            case.bank = bank
            step = going.move(reason=reason, bank=bank.name, snapshot=snapshot.pk, handed_over=list(HANDED_OVER))
            keep_estimate(going, step, snapshot)
        return case


def proposal_of(case: Case) -> Proposal:
    """Return the proposal that waits for the approver: the latest one."""
    return Proposal.objects.select_related("snapshot__person").filter(case=case).latest("pk")


def require_card_bank(case: Case, bank_id: int | None) -> Organisation:
    """Return the bank of a case after checking that it keeps the person's social security card account; E-BANK, E-CARD-BANK."""
    bank = Organisation.objects.filter(pk=bank_id, kind=OrganisationKind.BANK).first() if bank_id else None
    if bank is None:
        raise ZhubaoError(
            "E-BANK",
            Text("没有选定银行", "no bank was chosen"),
            place=case.number,
            remedy=Text("选社保卡金融账户所在的银行", "choose the bank of the card account"),
        )
    if card_account(case.person, bank.pk) is None:
        raise ZhubaoError(
            "E-CARD-BANK",
            Text(
                f"社保卡金融账户不在这家银行，只能在账户所在银行办理（{CARD_CLAUSE[case.policy_id]}）",
                f"the card account is at another bank ({CARD_CLAUSE[case.policy_id]})",
            ),
            place=bank.name,
            remedy=Text("改选账户所在银行，或先登记账户", "choose the bank of the account, or record the account first"),
        )
    return bank


def subsidy_columns(snapshot: Snapshot, wanted: Subsidy) -> dict[str, Any]:
    """Return the columns of a subsidy decision after checking it against the frozen verdict.

    Raise E-VERDICT for a grant against it, E-REFUSAL for a refusal without ground, E-OUTCOME for a decision put off though nothing
    is missing, E-CATEGORY for a category the person is not in.
    """
    verdict = snapshot.decisions["subsidy"]
    outcome = wanted.outcome or FOLLOWS[verdict]
    if outcome == Outcome.REFUSED:
        require_refusable(snapshot, wanted.clause, wanted.reason)
        return {"outcome": outcome, "clause": wanted.clause, "reason": wanted.reason.strip()}
    if outcome == Outcome.PENDING:
        if FOLLOWS[verdict] != Outcome.PENDING:
            raise ZhubaoError(
                "E-OUTCOME", Text("证据齐备，应作出贴息决定", "nothing is missing: the subsidy is to be decided"), place=verdict
            )
        return {"outcome": outcome, "reason": wanted.reason.strip() or _lacking(snapshot)}
    _require_outcome(outcome, Outcome.GRANTED)
    require_grantable(snapshot, "subsidy")
    category = wanted.category or snapshot.result["category"]
    if category not in snapshot.result["categories"]:
        raise ZhubaoError("E-CATEGORY", Text("此人不属于该类别", "the person is not in this category"), place=category)
    certified = snapshot.facts["identities"][category]
    return {
        "outcome": outcome,
        "category": category,
        "certifier": certified.get("certifier", ""),
        "certified_by": certified.get("source", "")[:160],
        "reason": wanted.reason.strip(),
    }


def _lacking(snapshot: Snapshot) -> str:
    """Return which evidence of the hardship is missing, in words."""
    wanted = [row["remedy"] for row in snapshot.result["missing"] if any(need.startswith("jx-1.2") for need in row["needed_by"])]
    return "缺：" + "；".join(dict.fromkeys(wanted or ["困难身份名册"]))


def _require_outcome(outcome: str, wanted: str) -> None:
    if outcome != wanted:
        raise ZhubaoError("E-OUTCOME", Text("没有这种决定", "there is no such outcome"), place=str(outcome))


def _keep(going: Going[Case], step: Any, kind: str, snapshot: Snapshot, outcome: str, **columns: Any) -> Decision:
    return Decision.objects.create(
        case=going.case, step=step, kind=kind, outcome=outcome, snapshot=snapshot, at=going.now, **columns
    )
