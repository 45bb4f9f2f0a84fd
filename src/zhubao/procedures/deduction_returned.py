"""The bank's answer to the instalments it was told to take: each line into the loan's events and books, or refused with a reason."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.exchange.actions import Receipt, receive_envelope
from zhubao.exchange.files.deduction_return import DeductionAnswer
from zhubao.exchange.lines import AT_ONCE, work_through_many
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.loans.deductions.returning import Returned
from zhubao.loans.deductions.returning_at_once import record_deductions
from zhubao.loans.models import DeductionInstruction, Loan
from zhubao.policies.claims import implements

from .received_files import apply_soon_unless_refused

KIND = "deduction_return"
SYSTEM = "deduction_returned"


def receive_deduction_return(
    chunks: Iterable[bytes],
    *,
    name: str,
    policy_id: str,
    region_code: str,
    bank_id: int,
    agency_id: int,
    answers: Envelope | None = None,
    companion: str = "",
    actor: Actor,
    now: datetime,
) -> Receipt:
    """Take the bank's return file in and have it applied in the background; see `receive_envelope` for what refuses it.

    `answers`: the order file it was handed in for; a line of any other is refused as it is applied.
    """
    receipt = receive_envelope(
        KIND,
        chunks,
        name=name,
        policy_id=policy_id,
        region_code=region_code,
        sender_id=bank_id,
        receiver_id=agency_id,
        companion=companion,
        answers=answers,
        actor=actor,
        now=now,
    )
    return apply_soon_unless_refused(receipt)


@implements("jx-3.2a", "jx-annex-6a", "jx-annex-6b", as_="action")
def apply_deduction_return(envelope_id: int, *, clock: Callable[[], datetime], at_once: int = AT_ONCE) -> Envelope:
    """Apply every line nothing became of yet, `at_once` in a transaction. Safe to repeat after any stop."""
    envelope = Envelope.objects.get(pk=envelope_id)
    actor = Actor.system(SYSTEM, envelope.region_code)
    return work_through_many(envelope_id, partial(_apply, envelope, actor), actor=actor, clock=clock, at_once=at_once)


def _apply(
    envelope: Envelope, actor: Actor, lines: Sequence[tuple[int, DeductionAnswer]], now: datetime
) -> list[str | ZhubaoError]:
    """Record what many lines say, and answer each with its key or what refuses it."""
    loans = {loan.number: loan for loan in Loan.objects.filter(number__in={row.loan_number for _number, row in lines})}
    orders = DeductionInstruction.objects.filter(
        order__loan__in=loans.values(), order__month__in={row.month for _number, row in lines}
    )
    told = {(each.order.loan_id, each.order.month): each for each in orders.select_related("order")}
    answers: dict[int, str | ZhubaoError] = {}
    returned: dict[int, Returned] = {}
    for number, row in lines:
        try:
            loan = _require_loan(envelope, row, loans.get(row.loan_number))
            _require_told(envelope, row, told.get((loan.pk, row.month)))
        except ZhubaoError as error:
            answers[number] = error
        else:
            said = (row.amount_fen, row.taken_on, row.result, row.reason, row.bank_reference)
            returned[number] = Returned(loan.pk, row.month, *said, f"{envelope.batch} {row.bank_reference}".strip())
    found = record_deductions(list(returned.values()), actor=actor, now=now)
    for number, answer in zip(returned, found, strict=True):
        answers[number] = answer if isinstance(answer, ZhubaoError) else f"{envelope.kind}/{envelope.batch}/{number}"
    return [answers[number] for number, _row in lines]


def _require_loan(envelope: Envelope, row: DeductionAnswer, loan: Loan | None) -> Loan:
    """Return the loan a line names; refuse one that is not the sending bank's."""
    own = loan is not None and (loan.bank_id, loan.policy_id) == (envelope.sender_id, envelope.policy_id)
    if loan is None or not own or not loan.region_code.startswith(envelope.region_code):
        raise ZhubaoError(
            "E-LOAN-UNKNOWN",
            Text("该银行没有这笔贷款", "the bank has no such loan"),
            place=row.loan_number,
            remedy=Text("核对贷款编号", "check the loan number"),
        )
    return loan


def _require_told(envelope: Envelope, row: DeductionAnswer, told: DeductionInstruction | None) -> None:
    """Refuse a line that answers another file than the one it was handed in for, or another amount than the bank was told."""
    if envelope.answers_id is not None and (told is None or told.envelope_id != envelope.answers_id):
        raise ZhubaoError(
            "E-RETURN-FILE",
            Text(
                f"所答的扣划清单里没有 {row.month:%Y-%m} 这一笔",
                f"the order file it answers has no instalment of {row.month:%Y-%m} for this loan",
            ),
            place=row.loan_number,
            remedy=Text("核对是否拿错了月份的回盘", "see whether this is another month's return"),
        )
    if told is not None and row.ordered_fen != told.amount_fen:
        yuan = amount_in_yuan(told.amount_fen)
        raise ZhubaoError(
            "E-RETURN-ORDER",
            Text(f"应扣金额与清单不符，清单为 {yuan} 元", f"the order was {yuan} yuan, the line says otherwise"),
            place=row.loan_number,
            remedy=Text("按扣划清单改正应扣金额", "put the ordered amount right"),
        )
