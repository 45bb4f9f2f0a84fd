"""The bank's part in all three programmes: terms, decision, another attempt, agreement."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.programmes.banks import require_cooperation

from ..contract import CONTRACTING, Terms, contract_facts, require_contract, require_terms
from ..models import Agreement, BankOffer, Case, Decision
from ..models.review import DecisionKind, Outcome
from ..promises import Promises, require_promises
from ..stepping import Going, Request, step_of
from .agency import CARD_CLAUSE, require_card_bank
from .estimates import standing_estimate
from .supervision import report_condition
from .verdicts import judged

# jx-2.2e: the only grounds on which a Jiangxi bank may refuse, each with the clause it rests on.
GROUNDS: dict[str, tuple[str, Text]] = {
    "card_elsewhere": ("jx-3.5a", Text("社保卡金融账户不在本行", "the card account is not with this bank")),
    "not_agreed": ("jx-2.2b", Text("双方未就需求、放款、还款商定一致", "need, disbursement and repayment were not agreed")),
    "not_repayable": (
        "jx-2.3a",
        Text("按经办机构测算，养老金还不清贷款", "by the agency's estimate the pension cannot repay the loan"),
    ),
    "identity": ("jx-annex-4c", Text("现场核对身份不符", "the identity did not stand up at the counter")),
    "open_loan": ("A-ALL-15", Text("已有未结清的助保贷款", "another contribution loan is open")),
}
APPROVE, REFUSE, SEND_BACK = "approve", "refuse", "send_back"


@implements("jx-2.2b", "jx-2.2e", "rg-12.2e", "tl-2b", "tl-3.2a", "tl-3.2b", as_="action")
def bank_assess(
    case_id: int,
    terms: Terms,
    *,
    conditions: str = "",
    credit_report_on: date | None = None,
    credit_found: str = "",
    request: Request,
    actor: Actor,
    now: datetime,
) -> Case:
    """Prepare the terms for the bank's reviewer. They are judged by the policy with today's figures and kept with that verdict.

    `conditions`: anything the bank asks beside the terms; in Jiangxi it is refused and reported to the supervisor, E-BANK-CONDITION.
    Raise E-TERMS for an incomplete form, E-CONTRACT naming the clauses the terms break, E-CREDIT-REPORT without one in Rugao,
    E-ESTIMATE while the agency has given none, E-BANK-COOPERATION for a bank that may not be given the case. Not to be called inside
    another transaction: the report must stay when the step is refused.
    """
    try:
        with step_of(case_id, "bank_assess", request, actor=actor, now=now) as going:
            case = going.case
            if not going.repeated:
                if conditions.strip() and CONTRACTING[case.policy_id].grounds_listed:
                    raise _condition(conditions)
                bank = _bank_takes(going)
                require_terms(case.policy_id, terms)
                _require_report(going, credit_report_on)
                if CONTRACTING[case.policy_id].estimated:
                    standing_estimate(case)
                snapshot = judged(case, going.today, more=contract_facts(case, terms), actor=actor, now=now)
                require_contract(case, snapshot, signing=False)
                case.offers.filter(superseded_at=None).update(superseded_at=now)
                going.move(snapshot=snapshot.pk, **_shown(terms))
                BankOffer.objects.create(
                    case=case,
                    bank=bank,
                    snapshot=snapshot,
                    credit_report_on=credit_report_on,
                    credit_found="\n".join(filter(None, (credit_found.strip(), conditions.strip()))),
                    prepared_by_id=actor.user_id,
                    prepared_at=now,
                    **terms.columns(),
                )
            return case
    except ZhubaoError as error:
        report_condition(case_id, error, conditions, request=request, actor=actor, now=now)
        raise


@implements("jx-2.2e", "rg-12.2e", "tl-2b", "tl-5.1k", as_="action")
def bank_decide(
    case_id: int, outcome: str, *, ground: str = "", reason: str = "", request: Request, actor: Actor, now: datetime
) -> Case:
    """Decide on the offer: "approve", "refuse" or "send_back" to the officer. The bank is another person than the one who prepared it.

    A refusal gives a reason (E-REASON); in Jiangxi also a `ground` of the closed list, anything else is refused and reported to the
    supervisor, E-BANK-CONDITION. Not to be called inside another transaction: the report must stay when the step is refused.
    """
    try:
        with step_of(case_id, "bank_decide", request, actor=actor, now=now) as going:
            if not going.repeated:
                _decide(going, outcome, ground, reason.strip())
            return going.case
    except ZhubaoError as error:
        report_condition(case_id, error, f"{ground} {reason}", request=request, actor=actor, now=now)
        raise


@implements("jx-2.2e", "rg-12.2e", as_="action")
def bank_again(case_id: int, *, reason: str, bank_id: int | None = None, request: Request, actor: Actor, now: datetime) -> Case:
    """Bring a refused case to a bank once more: in Jiangxi to the bank of the card account after what stood in the way was put
    right, in Rugao and Tongling to another bank of the programme.

    Raise E-BANK for no bank, or in Rugao and Tongling the same, E-CARD-BANK, E-BANK-COOPERATION, E-REASON.
    """
    with step_of(case_id, "bank_again", request, actor=actor, now=now) as going:
        case = going.case
        if not going.repeated:
            same = CONTRACTING[case.policy_id].same_bank
            bank = require_card_bank(case, bank_id or case.bank_id) if same else _another_bank(case, bank_id)
            require_cooperation(bank, case.policy_id, going.today, region_code=case.region_code)
            case.bank = bank
            going.move(reason=reason, bank=bank.name)
        return case


def close(case_id: int, *, reason: str, request: Request, actor: Actor, now: datetime) -> Case:
    """End a case that no bank lends on."""
    with step_of(case_id, "close", request, actor=actor, now=now) as going:
        if not going.repeated:
            going.move(reason=reason)
        return going.case


@implements(
    "jx-2.2b", "jx-3.2b", "jx-annex-3b", "rg-12.2e", "rg-annex1-c1", "rg-annex1-c2", "rg-annex1-c3", "rg-annex1-c4",
    "tl-3.1a", "tl-3.1b", "tl-3.1c", "tl-3.2b", "tl-3.4a", "tl-4.1a", "tl-4.2c", as_="action",
)  # fmt: skip
def sign(
    case_id: int, number: str, signed_on: date, promises: Promises, *, request: Request, actor: Actor, now: datetime
) -> Case:
    """Record the signed agreement: the terms are those of the approved offer, judged once more with the figures of the day of signing.

    Raise E-AGREEMENT without a number or for one the bank has used, E-SIGN-DAY for a day before the approval or after today,
    E-PROMISE naming what the borrower has not agreed to, E-CONTRACT naming the clauses in the way (in Tongling who signs beside the
    borrower, with the reasons for which consent was refused), E-CARD-BANK where the card account is at another bank.
    """
    with step_of(case_id, "sign", request, actor=actor, now=now) as going:
        case = going.case
        if not going.repeated:
            offer = case.offers.get(superseded_at=None)
            terms = Terms.of(offer)
            require_terms(case.policy_id, terms)
            _require_day(going, signed_on)
            if case.policy_id in CARD_CLAUSE:
                require_card_bank(case, offer.bank_id)
            require_promises(case.policy_id, promises, terms, signed_on)
            snapshot = judged(case, signed_on, more=contract_facts(case, terms, signed_on), actor=actor, now=now)
            _require_signing(case, snapshot)
            step = going.move(number=number.strip(), signed_on=signed_on.isoformat(), snapshot=snapshot.pk, **_shown(terms))
            _keep_agreement(
                case,
                number.strip(),
                bank_id=offer.bank_id,
                signed_on=signed_on,
                snapshot=snapshot,
                recorded_at=step.at,
                **promises.columns(),
                **terms.columns(),
            )
        return case


def _decide(going: Going[Case], outcome: str, ground: str, reason: str) -> None:
    case = going.case
    approved, refused, back = going.row.ends
    if outcome == SEND_BACK:
        _require_reason(going, reason)
        going.move(back, reason=reason)
        return
    if outcome not in (APPROVE, REFUSE):
        raise ZhubaoError("E-OUTCOME", Text("没有这种决定", "there is no such outcome"), place=outcome)
    clause = ""
    if outcome == REFUSE:
        listed = CONTRACTING[case.policy_id].grounds_listed
        if listed and ground not in GROUNDS:
            raise _condition(reason or ground)
        _require_reason(going, reason)
        if listed:
            clause, label = GROUNDS[ground]
            reason = f"{label.zh}：{reason}"
    offer = case.offers.get(superseded_at=None)
    step = going.move(approved if outcome == APPROVE else refused, reason=reason, clause=clause)
    if outcome == REFUSE:
        case.offers.filter(pk=offer.pk).update(superseded_at=going.now)
    Decision.objects.create(
        case=case,
        step=step,
        kind=DecisionKind.BANK,
        outcome=Outcome.GRANTED if outcome == APPROVE else Outcome.REFUSED,
        snapshot=offer.snapshot,
        amount_fen=offer.amount_fen if outcome == APPROVE else None,
        clause=clause,
        reason=reason,
        at=going.now,
    )


def _bank_takes(going: Going[Case]) -> Organisation:
    """Give a case without a bank to the officer's own, and return the bank after checking that it may have the case at all."""
    case = going.case
    if case.bank_id is None:
        case.bank_id = going.actor.organisation_id
    bank = case.bank
    if bank is None or bank.kind != OrganisationKind.BANK:
        raise ZhubaoError("E-BANK", Text("没有选定银行", "no bank was chosen"), place=case.number)
    require_cooperation(bank, case.policy_id, going.today, region_code=case.region_code)
    return bank


def _another_bank(case: Case, bank_id: int | None) -> Organisation:
    bank = Organisation.objects.filter(pk=bank_id, kind=OrganisationKind.BANK).first() if bank_id else None
    if bank is None or bank.pk == case.bank_id or not bank.region_id.startswith(case.region_code[:4]):
        raise ZhubaoError(
            "E-BANK",
            Text("要改送本地的另一家银行", "another bank of the place is needed"),
            place=bank.name if bank else case.number,
        )
    return bank


def _require_report(going: Going[Case], credit_report_on: date | None) -> None:
    if credit_report_on is None and CONTRACTING[going.case.policy_id].credit_report:
        raise ZhubaoError(
            "E-CREDIT-REPORT",
            Text("没有登记本人的征信报告（第十二条）", "no credit report of the borrower is recorded (Art. 12)"),
            place=going.case.number,
        )
    if credit_report_on is not None and credit_report_on > going.today:
        raise ZhubaoError("E-DAY", Text("征信报告日期在今天之后", "the credit report lies ahead"), place=str(credit_report_on))


def _require_reason(going: Going[Case], reason: str) -> None:
    if not reason:
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=going.row.label.zh)


def _require_day(going: Going[Case], signed_on: date) -> None:
    approved = going.case.steps.filter(verb="bank_decide").order_by("number").last()
    if signed_on > going.today or (approved is not None and signed_on < approved.on):
        raise ZhubaoError(
            "E-SIGN-DAY",
            Text("签订日应在银行同意之后、不晚于今天", "the day of signing lies between the approval and today"),
            place=signed_on.isoformat(),
        )


def _require_signing(case: Case, snapshot: Any) -> None:
    """Check the terms; where nobody signs beside the borrower, say whose consent was refused and why (A-TL-2)."""
    try:
        require_contract(case, snapshot, signing=True)
    except ZhubaoError as error:
        refusals = case.co_borrowers.exclude(refused_because="").select_related("person")
        if not CONTRACTING[case.policy_id].signed_beside or not refusals:
            raise
        told = "；".join(f"{each.person.name}不同意：{each.refused_because}" for each in refusals)
        named = "; ".join(f"{each.person.name} refused: {each.refused_because}" for each in refusals)
        problem = Text(f"{error.problem.zh}。{told}", f"{error.problem.en}. {named}")
        raise ZhubaoError(error.code, problem, place=error.place, remedy=error.remedy) from error


def _keep_agreement(case: Case, number: str, **columns: Any) -> Agreement:
    if not number:
        raise ZhubaoError("E-AGREEMENT", Text("缺协议编号", "the agreement number is missing"), place=case.number)
    try:
        with transaction.atomic():
            return Agreement.objects.create(case=case, number=number, **columns)
    except IntegrityError as error:
        if "agreement_number_once" not in str(error):
            raise
        raise ZhubaoError(
            "E-AGREEMENT", Text("本行已有这个编号的协议", "the bank has an agreement of this number"), place=number
        ) from error


def _condition(said: str) -> ZhubaoError:
    listed = "；".join(label.zh for _clause, label in GROUNDS.values())
    return ZhubaoError(
        "E-BANK-CONDITION",
        Text(
            "不得另设附加条件或以其他理由拒贷（jx-2.2e），已报人社部门",
            "no further condition or other ground is allowed (jx-2.2e)",
        ),
        place=said.strip()[:80],
        remedy=Text(f"可用的理由：{listed}", "grounds: " + "; ".join(label.en for _clause, label in GROUNDS.values())),
    )


def _shown(terms: Terms) -> dict[str, Any]:
    """Return the terms as an audit entry holds them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in terms.columns().items()}
