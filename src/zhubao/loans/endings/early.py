"""Early repayment: what it takes on a day, money reported by one and confirmed by another, a part of the debt or all of it."""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import Event, Kind
from zhubao.lending.days import months_later
from zhubao.lending.events import agreed_set, paid_off, prepaid
from zhubao.lending.outcome import Payment
from zhubao.lending.projecting import Payoff
from zhubao.loans.books import book
from zhubao.loans.deductions.made_good import close_made_good
from zhubao.loans.drawing import cancel_open_draws
from zhubao.loans.models import DeductionInstruction, Loan, PayoffQuote, Prepayment
from zhubao.loans.repaying import owed, standing
from zhubao.loans.replaying import OnRecord, record_of
from zhubao.loans.states import process_of
from zhubao.loans.stepping import Step, add_event, begin, finish, organisation_of
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.workflow import CITIZEN

from .certificates import write_certificate
from .waiting import CONFIRM_PAYMENT, put_in_queues

QUOTED_AHEAD = 15
"""Calendar days ahead that a quote may be asked for, where no setting ``payoff_quote_days`` says otherwise."""
LOWER, SHORTER = "lower_instalment", "shorter_term"
ASKING_POSTS = frozenset({CITIZEN, Role.BANK_OFFICER, Role.BANK_REVIEWER, Role.AGENCY_INTAKE, Role.AGENCY_ACCOUNTANT})


@implements("jx-3.3b", "rg-14.2b", "tl-4.1c", as_="action")
def payoff_on(known: OnRecord, on: date) -> Payoff:
    """Return what pays a loan off on a day: principal, the borrower's interest to the day, finance's open interest; no fee.

    It is what the event of the payment will do, so that quote and payment cannot differ.
    """
    before = known.outcome(on)
    if not owed(before, on):
        return Payoff(on, 0, 0, 0)
    after = _with(known, paid_off(on)).outcome(on)
    row = after.schedule[-1]
    return Payoff(on, row.principal, row.interest, after.subsidy_total - before.subsidy_total)


@implements("jx-3.3a", "rg-14.2a", "tl-4.1b", as_="action")
@transaction.atomic
def ask_quote(loan_id: int, on: date, *, actor: Actor, now: datetime) -> PayoffQuote:
    """Return the sum that pays a loan off on a day, as a quote of that day alone; asked again while nothing changed, it is the same.

    Raise OutOfScope, E-STATE where nothing can be paid early, E-QUOTE-DAY for a day past or later than `last_day_quoted`, E-LOAN-OWED
    without debt.
    """
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    _require_asker(loan, actor)
    if loan.state not in process_of(loan.policy_id).transition("pay_early").start:
        raise ZhubaoError("E-STATE", Text("现在不能提前还款", "no early payment now"), place=loan.number)
    today = localdate(now)
    last = last_day_quoted(loan, today).due_on
    assert last is not None, loan
    if not today <= on <= last:
        raise ZhubaoError(
            "E-QUOTE-DAY",
            Text(f"还款日期须在今天至 {last} 之间", f"the day of the payment lies between today and {last}"),
            place=str(on),
        )
    found = payoff_on(record_of(loan), on)
    if not found.total:
        raise ZhubaoError("E-LOAN-OWED", Text("没有欠款", "nothing is owed"), place=loan.number)
    quotes = PayoffQuote.objects.filter(loan=loan, valid_on=on)
    same = quotes.filter(principal_fen=found.principal, interest_fen=found.interest, used_at=None).first()
    if same is not None:
        return same
    quote = PayoffQuote.objects.create(
        loan=loan,
        number=f"{loan.number}-{on:%Y%m%d}-{quotes.count() + 1}",
        valid_on=on,
        principal_fen=found.principal,
        interest_fen=found.interest,
        total_fen=found.total,
        government_fen=found.government,
        asked_at=now,
        asked_by_name=actor.name,
    )
    after = {"number": quote.number, "valid_on": str(on), "total_fen": found.total}
    record("loan.quote", loan.subject, actor=actor, now=now, region_code=loan.region_code, after=after)
    return quote


def last_day_quoted(loan: Loan, today: date) -> Deadline:
    """Return the last day a quote may be asked for today, counted from the dated setting of the loan's place."""
    area = area_of_region(loan.region_code)
    return deadline("payoff_quote_days", QUOTED_AHEAD, "calendar", today, area, parameter_book())


@implements("jx-3.3a", "rg-14.2a", "tl-4.1b", as_="action")
@transaction.atomic
def pay_all(
    quote_id: int,
    paid_on: date,
    amount_fen: int,
    reference: str,
    *,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Prepayment:
    """Report that the borrower paid a quote; another person confirms the money and the loan is settled (`settle_early`).

    Raise E-QUOTE-EXPIRED for money of another day, E-QUOTE-USED, E-QUOTE-OVERTAKEN when something changed the debt since,
    E-FEE for any other amount: nothing is added to principal and interest.
    """
    loan_id = PayoffQuote.objects.values_list("loan_id", flat=True).get(pk=quote_id)
    step = begin(loan_id, "pay_early", seen=seen, key=key, actor=actor, now=now)
    quote = PayoffQuote.objects.get(pk=quote_id)
    if step.done:
        return Prepayment.objects.get(quote=quote)
    if quote.used_at is not None:
        raise ZhubaoError("E-QUOTE-USED", Text("该清单已用过", "the quote was used before"), place=quote.number)
    if paid_on != quote.valid_on:
        raise ZhubaoError(
            "E-QUOTE-EXPIRED",
            Text(f"只在 {quote.valid_on} 当日有效", f"valid on {quote.valid_on} only"),
            place=quote.number,
            remedy=Text("按还款当天重新计算", "ask for a new one for the day of the payment"),
        )
    if amount_fen != quote.total_fen:
        yuan = amount_in_yuan(quote.total_fen)
        raise ZhubaoError(
            "E-FEE",
            Text(f"应为 {yuan} 元，不另收费", f"it is {yuan} yuan; nothing is charged beside"),
            place=f"{quote.number} {amount_in_yuan(amount_fen)}",
        )
    _require_same(step.loan, quote)
    quote.used_at = now
    quote.save(update_fields=["used_at"])
    return _report(step, paid_on, amount_fen, reference, quote=quote)


@implements("rg-14.2a", as_="action")
@transaction.atomic
def pay_part(
    loan_id: int,
    paid_on: date,
    amount_fen: int,
    reference: str,
    choice: str,
    *,
    instalment_fen: int | None = None,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Prepayment:
    """Report that the borrower paid a part early; no least amount. `choice`: a shorter term, or a lower instalment (A-RG-19).

    `instalment_fen`: the instalment agreed for afterwards; empty with a lower one, it falls in the proportion of the debt. Raise
    E-PAYMENT for nothing or all of the debt (which is paid with a quote), E-INSTALMENT for one not below the present.
    """
    step = begin(loan_id, "pay_early", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return Prepayment.objects.get(loan_id=loan_id, reference=reference.strip())
    loan, known = step.loan, record_of(step.loan)
    debt = payoff_on(known, paid_on).total
    if choice not in (SHORTER, LOWER):
        raise ZhubaoError(
            "E-PAYMENT", Text("请选择缩短年限或减少月还款额", "shorter term or lower instalment?"), place=loan.number
        )
    if not 0 < amount_fen < debt:
        raise ZhubaoError(
            "E-PAYMENT",
            Text(f"部分还款应少于欠款 {amount_in_yuan(debt)} 元", f"a part is less than the debt of {amount_in_yuan(debt)} yuan"),
            place=f"{loan.number} {amount_in_yuan(amount_fen)}",
            remedy=Text("全部还清请先出结清金额单", "to pay all of it, ask for a quote first"),
        )
    lower = _lower_instalment(loan, known, paid_on, debt, debt - amount_fen, instalment_fen) if choice == LOWER else None
    return _report(step, paid_on, amount_fen, reference, choice=choice, instalment_fen=lower)


@implements("rg-14.2a", "rg-14.2b", as_="action")
@transaction.atomic
def confirm_part(payment_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Prepayment:
    """Confirm that a part payment has arrived; it pays interest first, then principal, as of its own day.

    Raise E-PAYMENT-STATE unless it waits for this, E-SAME-PERSON, and what a replay raises for a debt that has become smaller.
    """
    step, payment = _waiting(payment_id, "confirm_part", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return payment
    if payment.quote_id is not None:
        raise _not_waiting(payment)
    event = prepaid(payment.paid_on, payment.amount_fen)
    add_event(step.loan, f"prepaid:{payment.pk}", event, payment.reference, actor=actor, now=now)
    if payment.instalment_fen is not None:
        start = months_later(payment.paid_on, 1, 1)
        lower = agreed_set(start, payment.instalment_fen)
        add_event(step.loan, f"agreed:{payment.pk}", lower, payment.reference, actor=actor, now=now)
    _confirm(step, payment, row_of(step.loan, payment))
    close_made_good(step.loan, max(payment.paid_on, step.today), actor=actor, now=now)
    finish(step, on=payment.paid_on, amount_fen=payment.amount_fen, choice=payment.choice)
    return payment


@implements("jx-3.3a", "jx-3.3b", "rg-14.2a", "rg-14.2b", "tl-4.1c", as_="action")
@transaction.atomic
def settle_early(payment_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Prepayment:
    """Confirm that the whole debt was paid: the loan is settled, draws to come are cancelled, the certificate is issued.

    Instalments ordered and not yet told to the bank are void with it. Raise E-PAYMENT-STATE, E-SAME-PERSON, E-ORDER-OPEN while the bank
    has not answered an instalment it was told of, E-QUOTE-OVERTAKEN when the debt of that day is no longer what was quoted.
    """
    step, payment = _waiting(payment_id, "settle_early", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return payment
    loan = step.loan
    if payment.quote is None:
        raise _not_waiting(payment)
    require_answered(loan)
    _require_same(loan, payment.quote)
    add_event(loan, f"paid_off:{payment.pk}", paid_off(payment.paid_on), payment.reference, actor=actor, now=now)
    left = owed(record_of(loan).outcome(max(payment.paid_on, step.today)), step.today)
    if left:
        yuan = amount_in_yuan(left)
        raise ZhubaoError("E-LOAN-OWED", Text(f"之后又有欠款 {yuan} 元", f"{yuan} yuan were lent since"), place=loan.number)
    _confirm(step, payment, row_of(loan, payment))
    cancel_open_draws(loan)
    finish(step, on=payment.paid_on, amount_fen=payment.amount_fen, quote=payment.quote.number)
    write_certificate(loan, actor=actor, now=now)
    return payment


@transaction.atomic
def drop_payment(
    payment_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Prepayment:
    """Drop a reported payment whose money never came; the debt was never touched."""
    step, payment = _waiting(payment_id, "drop_payment", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return payment
    payment.state = "dropped"
    payment.save(update_fields=["state"])
    put_in_queues(step.loan, [], [CONFIRM_PAYMENT], actor=actor, now=now)
    finish(step, payment=payment.pk)
    return payment


def require_answered(loan: Loan) -> None:
    """Raise E-ORDER-OPEN while the bank has not said what it took of an instalment it was told of."""
    told = DeductionInstruction.objects.filter(order__loan=loan, answer=None).select_related("order").first()
    if told is not None:
        month = f"{told.order.month:%Y-%m}"
        raise ZhubaoError(
            "E-ORDER-OPEN",
            Text(f"{month} 的扣款银行尚未回盘", f"the bank has not answered the instalment of {month}"),
            place=loan.number,
            remedy=Text("先登记该月扣款结果，未扣的按 0 登记", "record what was taken of it first, 0 where nothing was"),
        )


def instalment_on(loan: Loan, known: OnRecord, on: date) -> int | None:
    """Return the instalment agreed for a day; None where none is."""
    agreed = [event for event in standing(known.events) if event.kind == Kind.AGREED_SET and event.on <= on]
    return agreed[-1].amount if agreed else loan.instalment_fen


def row_of(loan: Loan, payment: Prepayment) -> Payment:
    """Return the row of the schedule that an early payment became."""
    rows = record_of(loan).outcome(payment.paid_on).schedule
    return next(row for row in reversed(rows) if row.kind == "prepay" and row.on == payment.paid_on)


def _lower_instalment(loan: Loan, known: OnRecord, on: date, debt: int, left: int, asked: int | None) -> int:
    """Return the instalment after a part payment: as agreed, else the present one in the proportion of the debt, rounded up."""
    present = instalment_on(loan, known, on)
    if asked is None and present is not None:
        asked = -(-present * left // debt)
    if asked is None or asked <= 0 or (present is not None and asked >= present):
        raise ZhubaoError(
            "E-INSTALMENT",
            Text("请写明低于现行的月还款额", "an instalment below the present one is needed"),
            place=loan.number,
        )
    return asked


def _report(
    step: Step,
    paid_on: date,
    amount_fen: int,
    reference: str,
    *,
    quote: PayoffQuote | None = None,
    choice: str = "",
    instalment_fen: int | None = None,
) -> Prepayment:
    loan = step.loan
    if not loan.signed_on <= paid_on <= step.today:
        raise ZhubaoError(
            "E-PAYMENT-DAY", Text("还款日应不晚于今天", "the day is not after today"), place=f"{loan.number} {paid_on}"
        )
    if not reference.strip():
        raise ZhubaoError("E-SOURCE", Text("请写明银行流水号", "the bank's reference is needed"), place=loan.number)
    if Prepayment.objects.filter(loan=loan, state="reported").exists():
        raise ZhubaoError(
            "E-PAYMENT-TWICE", Text("上一笔提前还款尚未确认", "another early payment waits to be confirmed"), place=loan.number
        )
    if Prepayment.objects.filter(loan=loan, reference=reference.strip()).exists():
        raise ZhubaoError("E-PAYMENT-TWICE", Text("该流水号已登记过", "this reference was recorded before"), place=reference)
    payment = Prepayment.objects.create(
        loan=loan,
        quote=quote,
        paid_on=paid_on,
        amount_fen=amount_fen,
        choice=choice,
        instalment_fen=instalment_fen,
        reference=reference.strip()[:100],
        reported_at=step.now,
        reported_by_id=step.actor.post_id,
    )
    put_in_queues(loan, [CONFIRM_PAYMENT], [CONFIRM_PAYMENT], actor=step.actor, now=step.now)
    finish(step, on=paid_on, amount_fen=amount_fen, choice=choice, quote=quote.number if quote else "")
    return payment


def _waiting(
    payment_id: int, verb: str, *, reason: str = "", seen: str | None, key: str, actor: Actor, now: datetime
) -> tuple[Step, Prepayment]:
    """Begin a step on a payment that was reported."""
    loan_id = Prepayment.objects.values_list("loan_id", flat=True).get(pk=payment_id)
    step = begin(loan_id, verb, reason=reason, seen=seen, key=key, actor=actor, now=now)
    payment = Prepayment.objects.select_related("quote").get(pk=payment_id)
    if not step.done and payment.state != "reported":
        raise _not_waiting(payment)
    return step, payment


def _confirm(step: Step, payment: Prepayment, row: Payment) -> None:
    payment.interest_fen, payment.principal_fen = row.interest, row.principal
    payment.state, payment.confirmed_at, payment.confirmed_by_id = "confirmed", step.now, step.actor.post_id
    payment.save()
    book(step.loan, max(payment.paid_on, step.today), actor=step.actor, now=step.now)
    put_in_queues(step.loan, [], [CONFIRM_PAYMENT], actor=step.actor, now=step.now)


def _require_same(loan: Loan, quote: PayoffQuote) -> None:
    """Refuse a quote that is no longer what the day comes to."""
    found = payoff_on(record_of(loan), quote.valid_on)
    if (found.principal, found.interest) != (quote.principal_fen, quote.interest_fen):
        yuan = amount_in_yuan(found.total)
        raise ZhubaoError(
            "E-QUOTE-OVERTAKEN",
            Text(f"欠款已有变动，该日应还 {yuan} 元", f"the debt has changed: {yuan} yuan on that day"),
            place=quote.number,
            remedy=Text("重新计算结清金额", "ask for a new quote"),
        )


def _require_asker(loan: Loan, actor: Actor) -> None:
    actor.require_role(*ASKING_POSTS)
    if actor.role == CITIZEN:
        if actor.person_id != loan.person_id:
            raise OutOfScope(loan.number, Text("这不是本人的贷款", "this is not your loan"))
        return
    actor.require_region(loan.region_code)
    if actor.role in AGENCY_ROLES | BANK_ROLES and organisation_of(loan, actor.role) != actor.organisation_id:
        raise OutOfScope(loan.number, Text("由别的单位办理", "another office deals with this"))


def _with(known: OnRecord, event: Event) -> OnRecord:
    return replace(known, events=[*known.events, event._replace(entry=len(known.events) + 1)])


def _not_waiting(payment: Prepayment) -> ZhubaoError:
    return ZhubaoError(
        "E-PAYMENT-STATE",
        Text("这笔还款不在待确认状态", "this payment does not wait for this"),
        place=payment.reference,
    )
