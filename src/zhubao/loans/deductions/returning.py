"""What the bank took of an instalment: into the loan's events and books at once; what it did not take is told to the borrower."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending.events import deducted
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import deadline

from ..books import book
from ..models import DeductionFollowUp, DeductionInstruction, DeductionReturn, Loan, Prepayment
from ..models.deduction import Result
from ..repaying import deduction_key, owed_after, settle
from ..replaying import record_of
from ..states.common_ground import REPAYING
from ..stepping import Step, add_event, begin, finish, organisation_of
from .waiting import FAILED, MOVED

FOLLOW_UP_DAYS = 3
SAID: dict[str, Text] = {
    Result.TAKEN: Text("全额扣划", "taken in full"),
    Result.INSUFFICIENT: Text("账户余额不足", "not enough in the account"),
    Result.BLOCKED: Text("账户被止付", "the account is blocked"),
    Result.CLOSED: Text("账户已注销", "the account is closed"),
    Result.MOVED: Text("应还部分被转出", "the instalment was moved away"),
    Result.PROTECTED: Text("低于应保留的金额", "less would be left than must be"),
    Result.OTHER: Text("其他原因", "another reason"),
}


@dataclass(frozen=True)
class Returned:
    """What a bank says of the instalment of a month (its first day) of a loan: so many fen taken on a day, or why less than ordered."""

    loan_id: int
    month: date
    taken_fen: int
    taken_on: date
    result: str
    reason: str = ""
    reference: str = ""
    source: str = ""


@implements("jx-3.2a", "jx-annex-6a", "tl-4.2a", as_="action")
@transaction.atomic
def record_deduction(
    loan_id: int,
    month: date,
    taken_fen: int,
    taken_on: date,
    result: str,
    *,
    reason: str = "",
    reference: str = "",
    source: str = "",
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> DeductionReturn:
    """Record what the bank took of the instalment of a month, bring the books up to that day, and tell the borrower of a failure.

    Never tried a second time: what was not taken stays in arrears until the borrower pays. The last instalment settles the
    loan. After a death nobody is reminded, nor while a payment of the whole debt waits to be confirmed. The same again changes nothing. Raise what
    `begin` raises, E-ORDER-UNKNOWN for a month the bank was told nothing of, E-RETURN-AGAIN for another answer than the one
    on record, E-RETURN-ABOVE, E-RETURN-RESULT when amount and result disagree, E-RETURN-DAY for a day before the credit or
    still to come, and what a replay raises.
    """
    month = month.replace(day=1)
    given = Returned(loan_id, month, taken_fen, taken_on, result, reason, reference, source)
    step = begin(loan_id, "record_deduction", seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    told = DeductionInstruction.objects.filter(order__loan=loan, order__month=month).select_related("credit", "answer").first()
    answer = answer_to(told, given, loan, actor=actor, now=now)
    if not answer._state.adding:
        return answer
    answer.save()
    add_event(loan, deduction_key(month), deducted(taken_on, taken_fen, [month]), source[:200], actor=actor, now=now)
    outcome = record_of(loan).outcome(max(taken_on, step.today))
    book(loan, taken_on, actor=actor, now=now)
    paid = Prepayment.objects.filter(loan=loan, state="reported", quote__isnull=False).exists()
    remind = loan.state == REPAYING.name and not paid
    if answer.missing_fen and remind:
        _tell(loan, answer, month, actor=actor, now=now)
    if answer.failed and remind:
        _open_tasks(loan, answer, month, step)
    finish(step, on=taken_on, **facts_of(answer, month))
    if loan.state == REPAYING.name and not owed_after(outcome, max(taken_on, step.today)):
        settle(loan.pk, taken_on, key=f"deduction/{month:%Y-%m}", actor=Actor.system("deduction", loan.region_code), now=now)
    return answer


@transaction.atomic
def follow_up(answer_id: int, said: str, *, actor: Actor, now: datetime) -> DeductionFollowUp:
    """Keep what came of talking to a borrower whose instalment was not taken, and close the tasks; what is owed stays owed.

    Raise DoesNotExist, OutOfScope, E-REASON without words.
    """
    actor.require_role(Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER)
    answer = DeductionReturn.objects.select_for_update().select_related("instruction__order__loan").get(pk=answer_id)
    loan = answer.instruction.order.loan
    actor.require_region(loan.region_code)
    if actor.user_id is not None and organisation_of(loan, actor.role) != actor.organisation_id:
        raise OutOfScope(loan.number, Text("由别的单位办理", "another office deals with this"))
    words = said.strip()[:300]
    if not words:
        raise ZhubaoError("E-REASON", Text("请写明联系结果", "say what came of it"), place=loan.number)
    known = answer.follow_ups.filter(said=words, actor_name=actor.name).first()
    if known is not None:
        return known
    made = DeductionFollowUp.objects.create(answer=answer, said=words, at=now, user_id=actor.user_id, actor_name=actor.name)
    # The agency looks into an instalment moved away by itself, whatever the bank heard.
    close_tasks(loan.subject, [FAILED] if actor.role == Role.BANK_OFFICER else [FAILED, MOVED], actor=actor, now=now)
    after = {"month": f"{answer.instruction.order.month:%Y-%m}"}
    record(
        "loan.deduction_followed_up", loan.subject, actor=actor, now=now, region_code=loan.region_code, after=after, reason=words
    )
    return made


def answer_to(told: DeductionInstruction | None, given: Returned, loan: Loan, *, actor: Actor, now: datetime) -> DeductionReturn:
    """Return what is on record of an instalment where it says the same, else the answer to be written.

    `told`: what the bank was told of the month, with its credit and its answer. Raise E-ORDER-UNKNOWN, E-RETURN-AGAIN, E-RETURN-ABOVE,
    E-RETURN-RESULT and E-RETURN-DAY; see `record_deduction`.
    """
    if told is None:
        raise ZhubaoError(
            "E-ORDER-UNKNOWN",
            Text(
                f"没有向银行发送过 {given.month:%Y-%m} 的扣款指令",
                f"the bank was told of no instalment of {given.month:%Y-%m}",
            ),
            place=loan.number,
            remedy=Text("核对贷款编号和所属月份", "check loan number and month"),
        )
    known = getattr(told, "answer", None)
    if known is not None:
        return _same(known, given, loan)
    _require_result(told, given, loan, timezone.localdate(now))
    return DeductionReturn(
        instruction=told,
        instructed_fen=told.amount_fen,
        credited_on=told.credit.credited_on,
        taken_on=given.taken_on,
        taken_fen=given.taken_fen,
        result=given.result,
        reason=given.reason.strip()[:100],
        reference=given.reference.strip()[:60],
        source=given.source[:200],
        entered_at=now,
        entered_by_id=actor.post_id,
    )


def facts_of(answer: DeductionReturn, month: date) -> dict[str, Any]:
    """Return what the audit entry of an answer says of it."""
    return {
        "month": f"{month:%Y-%m}",
        "taken_fen": answer.taken_fen,
        "ordered_fen": answer.instructed_fen,
        "result": answer.result,
    }


def _same(known: DeductionReturn, given: Returned, loan: Loan) -> DeductionReturn:
    if (known.taken_fen, known.taken_on, known.result) == (given.taken_fen, given.taken_on, given.result):
        return known
    yuan = amount_in_yuan(known.taken_fen)
    raise ZhubaoError(
        "E-RETURN-AGAIN",
        Text(
            f"{given.month:%Y-%m} 的扣款已登记：{known.taken_on} 实扣 {yuan} 元",
            f"the deduction of {given.month:%Y-%m} is on record: {yuan} yuan on {known.taken_on}",
        ),
        place=loan.number,
        remedy=Text("一笔指令只回一次；多扣的退还借款人", "an order is answered once; give back what was taken twice"),
    )


def _require_result(told: DeductionInstruction, given: Returned, loan: Loan, today: date) -> None:
    yuan = amount_in_yuan(told.amount_fen)
    if not 0 <= given.taken_fen <= told.amount_fen:
        raise ZhubaoError(
            "E-RETURN-ABOVE",
            Text(f"实扣超过应扣 {yuan} 元，或小于 0", f"taken is above the order of {yuan} yuan, or below 0"),
            place=loan.number,
            remedy=Text("多扣的退还借款人后更正回盘", "give the excess back, then send the line again"),
        )
    if given.result not in Result.values or (given.result == Result.TAKEN) != (given.taken_fen == told.amount_fen):
        raise ZhubaoError(
            "E-RETURN-RESULT",
            Text(f"扣款结果与金额不符：应扣 {yuan} 元", f"result and amount disagree: {yuan} yuan were ordered"),
            place=loan.number,
            remedy=Text("足额写“全额扣划”，不足写明原因", "say taken in full, or why it was less"),
        )
    if given.taken_on < max(told.credit.credited_on, told.instructed_on) or given.taken_on > today:
        raise ZhubaoError(
            "E-RETURN-DAY",
            Text(
                f"扣款日期 {given.taken_on} 早于入账或指令，或晚于今天",
                f"{given.taken_on} is before the credit or the order, or still to come",
            ),
            place=loan.number,
            remedy=Text("核对扣款日期", "check the day"),
        )


@implements("jx-annex-6b", as_="action")
def _tell(loan: Loan, answer: DeductionReturn, month: date, *, actor: Actor, now: datetime) -> None:
    """Tell the borrower at once what was not taken, why, and what to do about it."""
    missing, taken = amount_in_yuan(answer.missing_fen), amount_in_yuan(answer.taken_fen)
    said = SAID[answer.result].zh
    why = said if answer.reason in ("", said) else f"{said}（{answer.reason}）"
    what = f"请尽快到{loan.bank.name}还清；银行不会自行再次扣款。" if answer.failed else "这部分不算欠款，以后按约定继续扣还。"
    tell(
        loan.subject,
        f"{month.year} 年 {month.month} 月养老金应扣还贷款 {amount_in_yuan(answer.instructed_fen)} 元，"
        f"实扣 {taken} 元，未扣 {missing} 元。原因：{why}。{what}",
        kind="deduction_failed",
        channel=Channel.ONLINE,
        region_code=loan.region_code,
        person_id=loan.person_id,
        occasion=f"{month:%Y-%m}",
        actor=actor,
        now=now,
    )


@implements("jx-4.1b", "tl-4.3a", as_="action")
def _open_tasks(loan: Loan, answer: DeductionReturn, month: date, step: Step) -> None:
    """Have the bank speak to the borrower, and the agency look into an instalment that was moved away."""
    area = area_of_region(loan.region_code)
    due = deadline("failed_deduction_days", FOLLOW_UP_DAYS, "working", timezone.localdate(step.now), area, parameter_book())
    kinds = [(FAILED, Role.BANK_OFFICER)]
    if answer.result == Result.MOVED:
        kinds.append((MOVED, Role.AGENCY_APPROVER))
    for kind, role in kinds:
        open_task(
            kind,
            loan.subject,
            region_code=loan.region_code,
            role=role,
            organisation_id=organisation_of(loan, role),
            deadline=due,
            actor=step.actor,
            now=step.now,
        )
