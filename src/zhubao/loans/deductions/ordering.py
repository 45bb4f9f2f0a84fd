"""Which orders may go to the bank: those of a pension credited in full, in what is left of it; the others wait with a reason."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.language import Text
from zhubao.parameters import ParameterBook
from zhubao.policies.claims import implements

from ..models import DeductionInstruction, DeductionOrder, Loan, LoanClosing, PensionCredit
from ..repaying import FROM_THE_PENSION, deduction_key, due_events, order_of, owed
from ..replaying import OnRecord, record_of, records_of
from ..states import process_of, ways_of
from ..states.endings import DEATH_SETTLEMENT, ESTATE_CLAIM, WRITTEN_OFF
from ..stepping import add_event

ENDED = ("settled", DEATH_SETTLEMENT.name, ESTATE_CLAIM.name, WRITTEN_OFF.name)


@dataclass(frozen=True)
class Open:
    """An order the bank was not told yet: what it may take now, fen, from which credit; or why it waits."""

    order: DeductionOrder
    credit: PensionCredit | None = None
    others_fen: int = 0
    amount_fen: int = 0
    waits: ZhubaoError | None = None


def untold_orders(loans: QuerySet[Loan]) -> QuerySet[DeductionOrder]:
    """Return the orders above nothing that no file told the bank and no event closed, the oldest month first.

    Those of a loan that was paid off, or whose borrower has died, are void: nothing is told to the bank any more.
    """
    orders = DeductionOrder.objects.filter(loan__in=loans.exclude(state__in=ENDED).order_by(), instruction=None, amount_fen__gt=0)
    return orders.select_related("loan__person", "loan__bank", "loan__card_account").order_by("month", "loan__number")


@implements("jx-3.2a", "rg-14.1c", "tl-5.1g", as_="action")
def examine_open(orders: Sequence[DeductionOrder], on: date, consented: Collection[str]) -> list[Open]:
    """Return for each order whether and how much of it may be told to the bank on a day; nothing is written.

    `consented`: the case numbers whose borrowers agreed in writing to a deduction (asked for in Tongling). The amount is what is left of
    the order after other loans of the same pension (A-JX-11) and of what is still owed.
    """
    people = {order.loan.person_id for order in orders}
    credited = {(each.person_id, each.month): each for each in PensionCredit.objects.filter(person_id__in=people)}
    taken: dict[int, int] = {}
    told: dict[int, int] = {}
    instructions = DeductionInstruction.objects.filter(credit__person_id__in=people).select_related("order", "answer")
    for each in instructions:
        answer = getattr(each, "answer", None)
        taken[each.credit_id] = taken.get(each.credit_id, 0) + (each.amount_fen if answer is None else answer.taken_fen)
        if answer is None:
            told[each.order.loan_id] = told.get(each.order.loan_id, 0) + each.amount_fen
    records = records_of(list({order.loan_id: order.loan for order in orders}.values()))
    found = []
    for order in orders:
        loan, credit = order.loan, credited.get((order.loan.person_id, order.month))
        if deduction_key(order.month) in records[loan.pk].keys:
            continue
        waits = _why_not(order, credit, on, consented)
        if waits is not None or credit is None:
            found.append(Open(order, credit, waits=waits))
            continue
        others = taken.get(credit.pk, 0)
        debt = owed(records[loan.pk].outcome(on), on) - told.get(loan.pk, 0)
        amount = min(order.amount_fen, credit.gross_fen - order.protected_fen - others, debt)
        if amount <= 0:
            found.append(Open(order, credit, others, waits=_nothing_left(order, debt)))
            continue
        taken[credit.pk] = others + amount
        told[loan.pk] = told.get(loan.pk, 0) + amount
        found.append(Open(order, credit, others, amount))
    return found


def _why_not(order: DeductionOrder, credit: PensionCredit | None, on: date, consented: Collection[str]) -> ZhubaoError | None:
    loan = order.loan
    month = f"{order.month:%Y-%m}"
    if loan.state in ENDED:
        label = process_of(loan.policy_id).state(loan.state).label
        problem = Text(f"贷款{label.zh}，本期扣款作废", f"the loan is {label.en}: the order is void")
        return ZhubaoError("E-ORDER-VOID", problem, place=loan.number)
    if loan.state != "repaying" or loan.person.dead_on(on):
        return ZhubaoError(
            "E-ORDER-STATE",
            Text("贷款已不在偿还中，或借款人已死亡", "the loan is not being repaid any more, or the borrower has died"),
            place=loan.number,
        )
    if ways_of(loan.policy_id).consent and loan.case_number not in consented:
        return ZhubaoError(
            "E-CONSENT-MISSING",
            Text("没有借款人同意从养老金扣款的书面材料", "the borrower's written consent to a deduction is missing"),
            place=loan.number,
            remedy=Text("取得书面同意，或按合同的其他方式还款", "obtain it, or repay in the contract's other ways"),
        )
    if credit is None:
        return ZhubaoError(
            "E-CREDIT-MISSING",
            Text(f"{month} 的养老金还没有入账记录", f"the pension of {month} is not on record as credited"),
            place=loan.number,
            remedy=Text("先导入养老金入账明细", "load the file of pensions credited first"),
        )
    if credit.gross_fen < order.pension_fen or credit.bank_id != loan.bank_id:
        return ZhubaoError(
            "E-CREDIT-NOT-FULL",
            Text(f"{month} 的养老金没有在贷款银行全额入账", f"the pension of {month} was not credited whole at the lending bank"),
            place=loan.number,
        )
    return None


def _nothing_left(order: DeductionOrder, debt: int) -> ZhubaoError:
    if debt <= 0:
        return ZhubaoError("E-LOAN-OWED", Text("已没有欠款可扣", "nothing is owed any more"), place=order.loan.number)
    return ZhubaoError(
        "E-ORDER-SHARED",
        Text("该月养老金已由另一笔贷款扣到须保留的金额", "another loan takes what this month's pension can give"),
        place=order.loan.number,
    )


def instruct(ready: Sequence[Open], envelope: Envelope, on: date) -> list[DeductionInstruction]:
    """Keep what a file tells the bank; the database compares every line with its order and its credit."""
    made = []
    for each in ready:
        assert each.credit is not None, each.order
        made.append(
            DeductionInstruction.objects.create(
                order=each.order,
                credit=each.credit,
                envelope=envelope,
                instructed_on=on,
                pension_fen=each.credit.gross_fen,
                others_fen=each.others_fen,
                protected_fen=each.order.protected_fen,
                ordered_fen=each.order.amount_fen,
                amount_fen=each.amount_fen,
            )
        )
    return made


@implements("jx-3.2a", "jx-annex-6a", as_="action")
def order_back_pay(loans: Sequence[Loan], on: date, book: ParameterBook, *, actor: Actor, now: datetime) -> list[DeductionOrder]:
    """Write the orders of earlier months whose pension was paid later, each bounded by its own month (A-JX-20).

    The loans are locked by the caller. Only months that a month-end closed without an order, and whose pension is on record as
    credited; none where the agreement has one instalment a payment (`back_pay` one). A month for which a number is missing is left.
    """
    people = {loan.person_id for loan in loans}
    credited = set(PensionCredit.objects.filter(person_id__in=people).values_list("person_id", "month"))
    ordered = set(DeductionOrder.objects.filter(loan__in=loans).values_list("loan_id", "month"))
    closings: dict[tuple[int, date], LoanClosing] = {}
    for closing in LoanClosing.objects.filter(loan__in=loans, order=None).order_by("as_of"):
        closings[closing.loan_id, closing.as_of.replace(day=1)] = closing
    by_pk = {loan.pk: loan for loan in loans}
    made = []
    for (pk, month), closing in sorted(closings.items(), key=lambda each: (each[0][1], each[0][0])):
        loan = by_pk[pk]
        if (loan.person_id, month) not in credited or (pk, month) in ordered:
            continue
        if loan.state != "repaying" or loan.method != FROM_THE_PENSION:
            continue
        order = _back_pay_order(loan, closing, month, on, book, actor=actor, now=now)
        if order is not None:
            made.append(order)
    return made


def _back_pay_order(
    loan: Loan, closing: LoanClosing, month: date, on: date, book: ParameterBook, *, actor: Actor, now: datetime
) -> DeductionOrder | None:
    known = record_of(loan)
    if known.terms.back_pay != "per_month" or deduction_key(month) in known.keys:
        return None
    try:
        for new in due_events(loan, known, closing.as_of, book):
            add_event(loan, new.key, new.event, new.source, actor=actor, now=now)
        known = record_of(loan)
        outcome = known.outcome(on)
        debt = owed(outcome, on) - _still_to_come(loan, known)
        if debt <= 0 or (known.terms.max_months and outcome.deduction_months >= known.terms.max_months):
            return None
        found = order_of(loan, known.terms, known.events, debt, closing.as_of, book)
    except ZhubaoError:
        return None
    return DeductionOrder.objects.create(
        loan=loan,
        closing=closing,
        month=month,
        ordered_on=on,
        rule=found.rule,
        pension_fen=found.pension_fen,
        protected_fen=found.protected_fen,
        agreed_fen=found.agreed_fen,
        debt_fen=found.debt_fen,
        amount_fen=found.amount_fen,
    )


def _still_to_come(loan: Loan, known: OnRecord) -> int:
    orders = DeductionOrder.objects.filter(loan=loan).values_list("month", "amount_fen")
    return sum(fen for month, fen in orders if deduction_key(month) not in known.keys)


def hold_of(credit: PensionCredit) -> int:
    """Return what of a credited pension is kept back for instalments the bank was told of and has not answered (jx-4.1b), fen."""
    waiting = DeductionInstruction.objects.filter(credit=credit, answer=None).values_list("amount_fen", flat=True)
    return sum(waiting)
