"""The money that settles a dead borrower's debt: payers, what goes back, the claim on estate or signers, its end."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.lending.events import estate_paid
from zhubao.loans.books import SOURCE, book, reference_of
from zhubao.loans.models import DeathPayer, DeathSettlement, EstateClaim, EstatePayment, Loan
from zhubao.loans.personal_account import pay_debt_of_dead
from zhubao.loans.replaying import record_of
from zhubao.loans.stepping import Step, add_event, begin, finish
from zhubao.policies.claims import implements

from .certificates import write_certificate
from .death import renew_death_tasks, returned_in
from .waiting import DECIDE_WRITE_OFF, OF_DEATH, PURSUE_CLAIM, SETTLE_CLAIM, put_in_queues

PAYER_LABELS = {
    "account": Text("个人账户", "personal account"),
    "finance": Text("财政", "finance"),
    "bank": Text("银行自担", "borne by the bank"),
}
CLAIM_LABELS = {
    "estate": Text("遗产", "estate"),
    "co_borrower": Text("共同借款人", "co-borrower"),
    "guarantor": Text("担保人", "guarantor"),
}


@implements("jx-3.4b", "rg-15.1", "rg-15.2", as_="action")
@transaction.atomic
def approve_backstop(loan_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> DeathPayer:
    """Agree for finance to pay its part; E-PAYER where finance has none."""
    step, settlement = _divided(loan_id, "approve_backstop", seen=seen, key=key, actor=actor, now=now)
    payer = _payer(settlement, "finance")
    if step.done:
        return payer
    payer.approved_at, payer.approved_by_id = now, actor.post_id
    payer.save(update_fields=["approved_at", "approved_by"])
    finish(step, amount_fen=payer.amount_fen)
    renew_death_tasks(step, settlement)
    return payer


@transaction.atomic
def receive_money(
    loan_id: int,
    payer: str,
    paid_on: date,
    amount_fen: int,
    reference: str,
    *,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> DeathPayer:
    """Record that a payer's part has come, whole; finance pays after it agreed, the account's part leaves the lot the loan formed.

    Raise E-PAYER for one that owes nothing or has paid, E-PAYER-AGREE before finance agreed, E-PAYMENT for any other amount,
    E-PAYMENT-DAY for a day before the death or to come.
    """
    step, settlement = _divided(loan_id, "receive_money", seen=seen, key=key, actor=actor, now=now)
    found = _payer(settlement, payer)
    if step.done:
        return found
    if found.paid_on is not None:
        raise ZhubaoError("E-PAYER", Text("这一方已付清", "this payer has paid"), place=step.loan.number)
    if payer == "finance" and found.approved_at is None:
        raise ZhubaoError("E-PAYER-AGREE", Text("财政尚未同意代偿", "finance has not agreed yet"), place=step.loan.number)
    if amount_fen != found.amount_fen:
        yuan = amount_in_yuan(found.amount_fen)
        raise ZhubaoError("E-PAYMENT", Text(f"应为 {yuan} 元", f"it must be {yuan} yuan"), place=step.loan.number)
    _require_day(step, settlement, paid_on)
    _require_reference(step, reference)
    if payer == "account":
        pay_debt_of_dead(step.loan, amount_fen, paid_on, actor=actor, now=now)
    found.paid_on, found.reference = paid_on, reference.strip()[:100]
    found.save()
    finish(step, on=paid_on, payer=payer, amount_fen=amount_fen)
    renew_death_tasks(step, settlement)
    return found


@transaction.atomic
def return_deductions(
    loan_id: int, returned_on: date, reference: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> DeathSettlement:
    """Record that what was deducted after the death went back to the card account; E-RETURN when nothing is to go back."""
    step, settlement = _divided(loan_id, "return_deductions", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return settlement
    loan = step.loan
    settlement.returned_fen = returned_in(record_of(loan).outcome(step.today))
    if not settlement.returned_fen or settlement.returned_on is not None:
        raise ZhubaoError("E-RETURN", Text("没有应退的扣款", "nothing is to be returned"), place=loan.number)
    _require_day(step, settlement, returned_on)
    _require_reference(step, reference)
    settlement.returned_on = returned_on
    settlement.save()
    book(loan, step.today, actor=actor, now=now)
    back = [(Party.BANK, "returnable_deductions", "card_deposit"), (Party.BORROWER, "card_deposit", "returnable_deductions")]
    _post(loan, "deductions_paid_back", returned_on, settlement.returned_fen, back, actor=actor, now=now)
    finish(step, on=returned_on, amount_fen=settlement.returned_fen, reference=reference)
    renew_death_tasks(step, settlement)
    return settlement


@implements("jx-3.4a", "jx-3.4b", "rg-15.1", "rg-15.2", "tl-4.3b", as_="action")
@transaction.atomic
def close_death(loan_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Close a settlement whose payers have paid: the loan is settled, or what nobody paid becomes the bank's claim.

    Raise E-PAYER while somebody has not paid, E-RETURN while deductions have not gone back.
    """
    step, settlement = _divided(loan_id, "close_death", seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return loan
    waits = settlement.payers.filter(paid_on=None).first()
    if waits is not None:
        label = PAYER_LABELS[waits.payer]
        raise ZhubaoError("E-PAYER", Text(f"{label.zh}尚未付款", f"not paid yet: {label.en}"), place=loan.number)
    if returned_in(record_of(loan).outcome(step.today)) != (settlement.returned_fen if settlement.returned_on else 0):
        raise ZhubaoError("E-RETURN", Text("身故后扣款尚未退回", "deductions have not gone back yet"), place=loan.number)
    days = [day for day in settlement.payers.values_list("paid_on", flat=True) if day]
    book(loan, step.today, actor=actor, now=now)
    if not settlement.unrecovered_fen:
        finish(step, to="settled", on=max(days, default=settlement.died_on))
        put_in_queues(loan, [], OF_DEATH, actor=actor, now=now)
        write_certificate(loan, actor=actor, now=now)
        return loan
    claimed_on = claimed_on_whom(loan)
    EstateClaim.objects.create(settlement=settlement, claimed_on=claimed_on, amount_fen=settlement.unrecovered_fen, opened_at=now)
    finish(step, to="estate_claim", claimed_on=claimed_on, amount_fen=settlement.unrecovered_fen)
    put_in_queues(loan, [PURSUE_CLAIM], OF_DEATH, actor=actor, now=now)
    return loan


@implements("jx-3.4a", "tl-4.3b", as_="action")
@transaction.atomic
def claim_paid_in(
    loan_id: int,
    paid_on: date,
    amount_fen: int,
    paid_by: str,
    reference: str,
    *,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> EstatePayment:
    """Record money that came in on the claim; parts are taken. Raise E-PAYMENT above what is left, E-PAYMENT-TWICE for a known reference."""
    step = begin(loan_id, "claim_paid_in", seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    claim = EstateClaim.objects.select_related("settlement").get(settlement__loan=loan)
    if step.done:
        return EstatePayment.objects.get(claim=claim, reference=reference.strip())
    left = left_of(claim)
    if not 0 < amount_fen <= left:
        yuan = amount_in_yuan(left)
        raise ZhubaoError("E-PAYMENT", Text(f"尚欠 {yuan} 元", f"{yuan} yuan are left"), place=loan.number)
    _require_day(step, claim.settlement, paid_on)
    _require_reference(step, reference)
    _require_reference(step, paid_by)
    if claim.payments.filter(reference=reference.strip()).exists():
        raise ZhubaoError("E-PAYMENT-TWICE", Text("该流水号已登记过", "this reference was recorded before"), place=reference)
    payment = EstatePayment.objects.create(
        claim=claim,
        paid_on=paid_on,
        amount_fen=amount_fen,
        paid_by=paid_by.strip()[:60],
        reference=reference.strip()[:100],
        entered_at=now,
        entered_by_id=actor.post_id,
    )
    event = estate_paid(paid_on, amount_fen)
    add_event(loan, f"estate:{payment.pk}", event, payment.reference, actor=actor, now=now)
    book(loan, step.today, actor=actor, now=now)
    finish(step, on=paid_on, amount_fen=amount_fen, left_fen=left - amount_fen)
    asked = [DECIDE_WRITE_OFF] if write_off_waits(loan) else []
    put_in_queues(loan, [PURSUE_CLAIM, *asked] if left > amount_fen else [SETTLE_CLAIM], OF_DEATH, actor=actor, now=now)
    return payment


@transaction.atomic
def settle_claim(loan_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Settle a loan whose claim is paid; E-LOAN-OWED while something is left."""
    step = begin(loan_id, "settle_claim", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.loan
    claim = EstateClaim.objects.get(settlement__loan=step.loan)
    left = left_of(claim)
    if left:
        yuan = amount_in_yuan(left)
        raise ZhubaoError("E-LOAN-OWED", Text(f"尚欠 {yuan} 元", f"{yuan} yuan are left"), place=step.loan.number)
    finish(step, on=max(claim.payments.values_list("paid_on", flat=True)))
    put_in_queues(step.loan, [], OF_DEATH, actor=actor, now=now)
    write_certificate(step.loan, actor=actor, now=now)
    return step.loan


@transaction.atomic
def propose_write_off(loan_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Propose to write off what is left of the claim; E-LOAN-OWED when nothing is."""
    step = begin(loan_id, "propose_write_off", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.loan
    left = _something_left(step)
    finish(step, left_fen=left)
    put_in_queues(step.loan, [PURSUE_CLAIM, DECIDE_WRITE_OFF], OF_DEATH, actor=actor, now=now)
    return step.loan


@transaction.atomic
def keep_claim(loan_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Refuse a proposed write-off: the claim stands and is pursued further. Raise E-WRITE-OFF unless one waits."""
    step = begin(loan_id, "keep_claim", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.loan
    _require_proposed(step.loan)
    finish(step)
    put_in_queues(step.loan, [PURSUE_CLAIM], OF_DEATH, actor=actor, now=now)
    return step.loan


@transaction.atomic
def write_off(loan_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Write off what is left of the claim, another person than who proposed it: the bank's own loss, never a public one.

    Raise E-WRITE-OFF unless it was proposed.
    """
    step = begin(loan_id, "write_off", reason=reason, seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return loan
    _require_proposed(loan)
    left = _something_left(step)
    claim = EstateClaim.objects.get(settlement__loan=loan)
    claim.written_off_fen, claim.written_off_on = left, step.today
    claim.save()
    lost = [(Party.BANK, "bank_loss", "receivable_estate")]
    _post(loan, "written_off", step.today, left, lost, actor=actor, now=now)
    finish(step, amount_fen=left)
    put_in_queues(loan, [], OF_DEATH, actor=actor, now=now)
    return loan


def write_off_waits(loan: Loan) -> bool:
    """Tell whether a write-off was proposed and is not answered yet."""
    last = loan.steps.filter(verb__in=("propose_write_off", "keep_claim")).order_by("number").last()
    return last is not None and last.verb == "propose_write_off"


def claimed_on_whom(loan: Loan) -> str:
    """Return on whom the bank's claim is: who signed beside the borrower, else the estate (A-JX-9, A-TL-7)."""
    relation = loan.signers.order_by("relation").values_list("relation", flat=True).first()
    return {"child": "co_borrower", "guarantor": "guarantor"}.get(relation or "", "estate")


def left_of(claim: EstateClaim) -> int:
    """Return what is left of a claim, fen."""
    paid = claim.payments.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return claim.amount_fen - paid - (claim.written_off_fen or 0)


def _require_proposed(loan: Loan) -> None:
    if not write_off_waits(loan):
        raise ZhubaoError("E-WRITE-OFF", Text("没有待决定的核销", "no write-off waits for a decision"), place=loan.number)


def _something_left(step: Step) -> int:
    left = left_of(EstateClaim.objects.get(settlement__loan=step.loan))
    if not left:
        raise ZhubaoError("E-LOAN-OWED", Text("追偿款已收齐", "nothing is left of the claim"), place=step.loan.number)
    return left


def _divided(loan_id: int, verb: str, *, seen: str | None, key: str, actor: Actor, now: datetime) -> tuple[Step, DeathSettlement]:
    step = begin(loan_id, verb, seen=seen, key=key, actor=actor, now=now)
    settlement = DeathSettlement.objects.get(loan=step.loan)
    if settlement.divided_at is None:
        raise ZhubaoError("E-DEATH-OPEN", Text("清偿金额尚未核定", "who pays what is not fixed yet"), place=step.loan.number)
    return step, settlement


def _payer(settlement: DeathSettlement, payer: str) -> DeathPayer:
    found = settlement.payers.filter(payer=payer).first()
    if found is None:
        raise ZhubaoError("E-PAYER", Text("这一方没有应付款", "this party owes nothing"), place=settlement.loan.number)
    return found


def _require_day(step: Step, settlement: DeathSettlement, on: date) -> None:
    if not settlement.died_on <= on <= step.today:
        problem = Text("日期应在身故日至今天之间", "the day lies between the death and today")
        raise ZhubaoError("E-PAYMENT-DAY", problem, place=f"{step.loan.number} {on}")


def _require_reference(step: Step, reference: str) -> None:
    if not reference.strip():
        raise ZhubaoError("E-SOURCE", Text("请写明流水号和付款人", "reference and payer are needed"), place=step.loan.number)


def _post(
    loan: Loan, kind: str, on: date, fen: int, movements: list[tuple[Party, str, str]], *, actor: Actor, now: datetime
) -> None:
    """Post what no replay says, once a day and kind."""
    lines = [
        Line(
            region_code=loan.region_code,
            on=on,
            party=party,
            debit=debit,
            credit=credit,
            amount_fen=fen,
            source=SOURCE,
            subject=loan.subject,
            kind=f"{kind}.{party.value}",
            entry=f"{kind}/{on}",
            party_reference=reference_of(loan, party),
        )
        for party, debit, credit in movements
    ]
    post(lines, actor=actor, now=now)
