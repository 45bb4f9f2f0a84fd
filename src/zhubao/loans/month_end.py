"""The month-end of many loans at once: what is due is added, the difference posted, the month's orders written, the loan noted as closed.

A chunk of loans is one transaction: it reads everything it needs in a few queries, computes in memory, and writes in bulk. A loan that
cannot go on is held with the reason and stops nobody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import Line, post_new
from zhubao.ledger.chart import Party
from zhubao.lending import Kind
from zhubao.parameters import ParameterBook

from .books import Standing, missing_lines, standing_of
from .models import DeductionOrder, Loan, LoanClosing, LoanEvent, LoanQuerySet, LoanStanding, MonthEndRun, Tranche
from .quiet.keeping import standing_after
from .quiet.standings import row_of
from .rates import rate_key, rates_due
from .repaying import (
    FROM_THE_PENSION,
    NewEvent,
    Order,
    begin_repaying_together,
    deduction_key,
    due_events,
    order_of,
    owed,
    owed_after,
    pension_begins,
    pension_unknown,
    settle_together,
)
from .replaying import OnRecord, records_of
from .states import ENDED, process_of
from .stepping import event_row

INCOME = "interest_income"


@dataclass
class Found:
    """What a month-end makes of one loan, of which `told` events were on record.

    `held` is why somebody must look at it, `booked` whether its interest is in the books.
    """

    loan: Loan
    told: int = 0
    new: list[NewEvent] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    order: Order | None = None
    owed_fen: int = 0
    begins: bool = False
    settles: bool = False
    booked: bool = True
    held: ZhubaoError | None = None
    known: OnRecord | None = None


def to_be_closed(run: MonthEndRun) -> LoanQuerySet:
    """Return the loans of a run's region that had a draw by its day, have not ended, and no month-end has closed as of that day.

    Quiet ones are not among them: `quiet.closing.close_quiet` closes those, or has closed them.
    """
    closed = LoanClosing.objects.filter(loan=OuterRef("pk"), as_of=run.as_of)
    # A standing as of the very day was left by its closing: most loans of a million are passed over without a look at closings.
    quiet = LoanStanding.objects.filter(loan=OuterRef("pk"), as_of__lte=run.as_of)
    drawn = Tranche.objects.filter(loan=OuterRef("pk"), drawn_on__lte=run.as_of)
    loans = Loan.objects.filter(region_code__startswith=run.region_code).exclude(state__in=ENDED)
    return loans.filter(~Exists(quiet), ~Exists(closed), Exists(drawn))


@transaction.atomic
def close_loans(
    run: MonthEndRun, loan_ids: Sequence[int], book: ParameterBook, *, wait: bool, actor: Actor, now: datetime
) -> int:
    """Close loans as of the day of a run, and return how many; those closed meanwhile are passed over.

    `wait`: whether to wait for loans somebody else holds, or to leave them for later.
    """
    locked = Loan.objects.select_for_update(skip_locked=not wait, of=("self",)).filter(pk__in=loan_ids).order_by("pk")
    closed = LoanClosing.objects.filter(as_of=run.as_of, loan_id__in=loan_ids)
    held_here = list(locked.select_related("bank", "person"))
    done = set(closed.values_list("loan_id", flat=True))
    loans = [loan for loan in held_here if loan.pk not in done]
    if not loans:
        return 0
    records, standing, orders = records_of(loans), standing_of(loans), _orders_of(loans)
    found = [examine(loan, records[loan.pk], standing[loan.subject], orders.get(loan.pk, {}), run.as_of, book) for loan in loans]
    _write(run, found, actor=actor, now=now)
    _keep(run, found, standing, orders, book)
    return len(found)


def _orders_of(loans: Sequence[Loan]) -> dict[int, dict[date, int]]:
    """Return what was ordered for each month, fen, by the key of the loan."""
    found: dict[int, dict[date, int]] = {}
    for pk, month, fen in DeductionOrder.objects.filter(loan__in=loans).values_list("loan_id", "month", "amount_fen"):
        found.setdefault(pk, {})[month] = fen
    return found


def examine(
    loan: Loan, recorded: OnRecord, standing: Standing, orders: Mapping[date, int], as_of: date, book: ParameterBook
) -> Found:
    """Return what is due for a loan as of a day; nothing is written. `orders`: what was ordered for each month, fen."""
    found = Found(loan, told=len(recorded.events))
    try:
        if loan.person.dead_on(as_of) and not any(event.kind == Kind.DIED for event in recorded.events):
            raise ZhubaoError(
                "E-DEATH-OPEN",
                Text("借款人已死亡，尚未办理清偿", "the borrower has died; the settlement is still to come"),
                place=loan.number,
            )
        known = found.known = _brought_up(found, recorded, as_of, book)
        found.lines = missing_lines(loan, known, standing, max(known.month_ends))
        _repayment(found, known, orders, as_of, book)
    except ZhubaoError as error:
        found.new, found.lines, found.order, found.begins, found.settles = [], [], None, False, False
        found.booked, found.held = False, error
    return found


def _brought_up(found: Found, known: OnRecord, as_of: date, book: ParameterBook) -> OnRecord:
    """Add the rates and the events of the pension that are due, and the day itself, to what is on record."""
    loan = found.loan
    draws = [event.on for event in known.events if event.kind == Kind.TRANCHE_PAID]
    due = (
        [NewEvent(rate_key(event), event, "benchmark") for event in rates_due(loan, known.terms, min(draws), as_of, book)]
        if draws
        else []
    )
    first = pension_begins(known.events)
    may_begin = loan.state in process_of(loan.policy_id).transition("begin_repaying").start
    if first is None and loan.pension_month <= as_of and may_begin:
        found.held = pension_unknown(loan)
    if first is not None and first <= as_of and (may_begin or loan.state == "repaying"):
        try:
            due += due_events(loan, known, as_of, book)
            found.begins = may_begin
        except ZhubaoError as error:
            found.held = error
    found.new = [new for new in due if new.key not in known.keys]
    events = list(known.events)
    for number, new in enumerate(found.new, start=len(events) + 1):
        events.append(new.event._replace(entry=number))
    return replace(known, events=events, month_ends=sorted({*known.month_ends, as_of}))


def _repayment(found: Found, known: OnRecord, orders: Mapping[date, int], as_of: date, book: ParameterBook) -> None:
    """Set what is owed, whether the loan begins to be repaid or is through, and the order of the month."""
    loan, outcome = found.loan, known.outcome(as_of)
    debt = owed(outcome, as_of)
    found.owed_fen = owed_after(outcome, as_of)
    still_to_come = sum(fen for month, fen in orders.items() if deduction_key(month) not in known.keys)
    found.begins = found.begins and debt > 0
    if loan.state == "repaying" and not found.owed_fen and outcome.death is None:
        found.settles = True
    month = as_of.replace(day=1)
    repaying = found.begins or loan.state == "repaying"
    if not repaying or debt <= still_to_come or loan.method != FROM_THE_PENSION or month in orders:
        return
    if known.terms.max_months and outcome.deduction_months >= known.terms.max_months:
        found.held = ZhubaoError(
            "E-TERM-OVER",
            Text("偿还期已满，仍有欠款", "the time to repay is over and something is still owed"),
            place=loan.number,
        )
        return
    try:
        found.order = order_of(loan, known.terms, known.events, debt - still_to_come, as_of, book)
    except ZhubaoError as error:
        found.held = error


def _write(run: MonthEndRun, found: Sequence[Found], *, actor: Actor, now: datetime) -> None:
    """Write what was found in bulk; the steps, which lock the audit chain, come last."""
    LoanEvent.objects.bulk_create(_event_rows(found, actor=actor, now=now))
    post_new([line for each in found for line in each.lines], actor=actor, now=now)
    closings = LoanClosing.objects.bulk_create([_closing(run, each) for each in found])
    DeductionOrder.objects.bulk_create(
        DeductionOrder(
            loan=each.loan,
            closing=closing,
            month=run.as_of.replace(day=1),
            ordered_on=run.as_of,
            rule=each.order.rule,
            pension_fen=each.order.pension_fen,
            protected_fen=each.order.protected_fen,
            agreed_fen=each.order.agreed_fen,
            debt_fen=each.order.debt_fen,
            amount_fen=each.order.amount_fen,
        )
        for each, closing in zip(found, closings, strict=True)
        if each.order is not None
    )
    begin_repaying_together(
        {each.loan: each.known for each in found if each.begins and each.known is not None}, run.as_of, actor=actor, now=now
    )
    settle_together([each.loan for each in found if each.settles], run.as_of, actor=actor, now=now)


def _keep(
    run: MonthEndRun,
    found: Sequence[Found],
    standing: Mapping[str, Standing],
    orders: Mapping[int, Mapping[date, int]],
    book: ParameterBook,
) -> None:
    """Keep where those loans stand that a later month-end may close without a replay; the others are forgotten."""
    LoanStanding.objects.filter(loan__in=[each.loan.pk for each in found]).delete()
    kept = []
    for each in found:
        # Who begins to repay or is through has moved on meanwhile.
        if each.known is None or each.held or each.begins or each.settles:
            continue
        ordered = dict(orders.get(each.loan.pk, {}))
        if each.order is not None:
            ordered[run.as_of.replace(day=1)] = each.order.amount_fen
        until = standing[each.loan.subject].until
        here = standing_after(each.loan, each.known, ordered, run.as_of, book, posted_until=until)
        if here is not None:
            kept.append(row_of(each.loan, here))
    LoanStanding.objects.bulk_create(kept)


def _event_rows(found: Sequence[Found], *, actor: Actor, now: datetime) -> list[LoanEvent]:
    rows = []
    for each in found:
        for number, new in enumerate(each.new, start=each.told + 1):
            rows.append(event_row(each.loan, number, new.key, new.event, new.source, actor=actor, now=now))
    return rows


def _closing(run: MonthEndRun, found: Found) -> LoanClosing:
    earned = [
        (line.amount_fen if line.credit == INCOME else -line.amount_fen, line.debit if line.credit == INCOME else line.credit)
        for line in found.lines
        if line.party is Party.BANK and INCOME in {line.credit, line.debit}
    ]
    held = found.held
    return LoanClosing(
        run=run,
        loan=found.loan,
        as_of=run.as_of,
        booked=found.booked,
        postings=len(found.lines),
        interest_fen=sum(fen for fen, _from in earned),
        government_fen=sum(fen for fen, owed_by in earned if owed_by == "interest_receivable_government"),
        owed_fen=found.owed_fen,
        held_code=held.code if held else "",
        held_zh=held.problem.zh[:200] if held else "",
        held_en=held.problem.en[:200] if held else "",
    )
