"""From the first pension to the last deduction: when repaying begins, what it is bounded by, what a month's order is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import Event, Kind, Outcome, Terms, monthly_cap
from zhubao.lending.events import agreed_set, basic_pension_set, floor_set, grace_ended, pension_set
from zhubao.lending.subsidy import end_of_subsidy
from zhubao.parameters import Parameter, ParameterBook
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book

from .books import book
from .drawing import cancel_open_draws
from .endings.waiting import await_certificate, await_certificates
from .models import Loan, LoanEvent
from .replaying import OnRecord, record_of
from .states import process_of
from .stepping import add_event, begin, finish, take_together

FROM_THE_PENSION = "pension_monthly"
FLOOR = "floor_fen"


@dataclass(frozen=True)
class NewEvent:
    """An event that is due, the key it is entered under, and what it rests on."""

    key: str
    event: Event
    source: str


@dataclass(frozen=True)
class Order:
    """What may be taken from one month's pension, fen, and the numbers that bound it (see `DeductionOrder`)."""

    rule: str
    pension_fen: int
    protected_fen: int
    agreed_fen: int | None
    debt_fen: int
    amount_fen: int


@implements("jx-3.2a", as_="action")
@transaction.atomic
def record_pension(
    loan_id: int, from_day: date, pension_fen: int, source: str, *, basic_fen: int | None = None, actor: Actor, now: datetime
) -> Loan:
    """Record the monthly pension of a borrower from a day on, and of a resident's the basic part; again: nothing changes.

    Another figure for the same day is entered after the first and holds from then on.
    Raise OutOfScope, E-PENSION for an amount below zero, or a basic part above the whole.
    """
    loan = Loan.objects.select_for_update().get(pk=loan_id)
    process_of(loan.policy_id)
    actor.require_region(loan.region_code)
    if pension_fen < 0 or not 0 <= (basic_fen or 0) <= pension_fen:
        raise ZhubaoError(
            "E-PENSION",
            Text("养老金不小于 0，基础养老金不超过全额", "a pension is not below 0, its basic part not above the whole"),
            place=loan.number,
        )
    _add_figure(loan, f"pension:{from_day}", pension_set(from_day, pension_fen), source, actor=actor, now=now)
    if basic_fen is not None:
        _add_figure(loan, f"basic:{from_day}", basic_pension_set(from_day, basic_fen), source, actor=actor, now=now)
    return loan


def _add_figure(loan: Loan, key: str, event: Event, source: str, *, actor: Actor, now: datetime) -> None:
    """Add what holds from a day on, once; another amount for the same day under a key of its own."""
    told = LoanEvent.objects.filter(Q(key=key) | Q(key__startswith=f"{key}/"), loan=loan).order_by("entry")
    amounts = list(told.values_list("amount", flat=True))
    if amounts and amounts[-1] != event.amount:
        key = f"{key}/{len(amounts) + 1}"
    add_event(loan, key, event, source, actor=actor, now=now)


@implements("jx-3.2a", as_="action")
@transaction.atomic
def begin_repaying(loan_id: int, on: date, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Move a loan with debt into repayment once the pension has begun; draws not paid out are cancelled, the subsidy ends.

    Raise E-PENSION-UNKNOWN while no pension up to `on` is known, E-LOAN-OWED without debt, E-STATE.
    """
    step = begin(loan_id, "begin_repaying", seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return loan
    known = record_of(loan)
    first = pension_begins(known.events)
    if first is None or first > on:
        raise pension_unknown(loan)
    if not owed(known.outcome(on), on):
        raise ZhubaoError("E-LOAN-OWED", Text("没有欠款", "nothing is owed"), place=loan.number)
    for new in due_events(loan, known, on, parameter_book()):
        add_event(loan, new.key, new.event, new.source, actor=actor, now=now)
    book(loan, on, actor=actor, now=now)
    cancel_open_draws(loan)
    return finish(step, on=on, pension_from=str(first))


@transaction.atomic
def settle(loan_id: int, on: date, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Close a loan of which nothing is owed any more; its certificate waits at the bank. E-LOAN-OWED while something is, E-STATE."""
    step = begin(loan_id, "settle", seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return loan
    left = owed(record_of(loan).outcome(on), on)
    if left:
        yuan = amount_in_yuan(left)
        raise ZhubaoError("E-LOAN-OWED", Text(f"尚欠 {yuan} 元", f"{yuan} yuan are still owed"), place=loan.number)
    finish(step, on=on)
    await_certificate(loan, actor=actor, now=now)
    return loan


@implements("jx-3.2a", as_="action")
def begin_repaying_together(known: Mapping[Loan, OnRecord], on: date, *, actor: Actor, now: datetime) -> None:
    """Move locked loans with debt, whose pension has begun, into repayment at a month-end that has written what is due and booked it.

    `known`: what is on record of each. The same rows as `begin_repaying`; raise what it raises, E-PENSION-UNKNOWN too.
    """
    if not known:
        return
    firsts = {loan: pension_begins(recorded.events) for loan, recorded in known.items()}
    for loan, first in firsts.items():
        if first is None or first > on:
            raise pension_unknown(loan)
    cancel_open_draws(*known)
    after = {loan.pk: {"pension_from": str(first)} for loan, first in firsts.items()}
    take_together(list(known), "begin_repaying", on=on, key=month_end_key(on), after=after, actor=actor, now=now)


def settle_together(loans: Sequence[Loan], on: date, *, actor: Actor, now: datetime) -> None:
    """Close locked loans of which a month-end found nothing owed any more; their certificates wait at the banks. Raise E-STATE."""
    if loans:
        take_together(loans, "settle", on=on, key=month_end_key(on), after={}, actor=actor, now=now)
        await_certificates(loans, actor=actor, now=now)


def month_end_key(on: date) -> str:
    """Return the key under which a month-end takes steps."""
    return f"month-end/{on}"


def pension_begins(events: Sequence[Event]) -> date | None:
    """Return the first of the month the first known pension is for; None while none is known."""
    days = [event.on for event in standing(events) if event.kind == Kind.PENSION_SET]
    return min(days).replace(day=1) if days else None


def standing(events: Sequence[Event]) -> list[Event]:
    """Return the events in order without those that were annulled."""
    gone = {event.amount for event in events if event.kind == Kind.REVERSED}
    return sorted(event for event in events if event.kind != Kind.REVERSED and event.entry not in gone)


@implements("jx-2.4b", "jx-3.2c", "rg-13a", as_="action")
def due_events(loan: Loan, known: OnRecord, on: date, book: ParameterBook) -> list[NewEvent]:
    """Return what the beginning of the pension and the month of a day bring: end of the subsidy, instalment, floor.

    None before the pension. Raise E-SUBSIDY-END where the subsidy ends with an age that the loan does not know.
    """
    first = pension_begins(known.events)
    if first is None or first > on:
        return []
    return list(_due(loan, known, first, on, book))


def _due(loan: Loan, known: OnRecord, first: date, on: date, book: ParameterBook) -> Iterator[NewEvent]:
    terms, events = known.terms, standing(known.events)
    kinds = {event.kind for event in events}
    if terms.subsidy_follows != "none" and Kind.GRACE_ENDED not in kinds:
        if terms.subsidy_end == "birthday":
            raise ZhubaoError(
                "E-SUBSIDY-END",
                Text("贴息到法定年龄为止，日期未录入", "the subsidy ends at the age, and that day is not on record"),
                place=loan.number,
            )
        deducted = [event.on for event in events if event.kind == Kind.DEDUCTED]
        end = end_of_subsidy(terms, first, first, min(deducted, default=None))
        yield NewEvent("grace_ended", grace_ended(end), "pension")
    if loan.method != FROM_THE_PENSION:
        return
    if loan.instalment_fen is not None and Kind.AGREED_SET not in kinds:
        yield NewEvent("agreed", agreed_set(first, loan.instalment_fen), loan.number)
    month, figure = on.replace(day=1), floor_of(loan, terms, on, book)
    if figure is not None and _in_force(events, Kind.FLOOR_SET, month) != figure.number():
        yield NewEvent(f"floor:{month}", floor_set(month, figure.number()), figure.source[:200])


def floor_of(loan: Loan, terms: Terms, on: date, book: ParameterBook) -> Parameter | None:
    """Return the dibao standard that must be left of the pension for the month of a day; None where it is not known, or no limit."""
    if terms.deduction_rule != "remaining_at_least":
        return None
    return floor_at(place_of_floor(loan, terms), on, book)


def place_of_floor(loan: Loan, terms: Terms) -> str:
    """Return the region whose dibao standard a deduction leaves."""
    return loan.region_code if terms.floor_place == "insurance" else loan.person.residence_code or loan.region_code


def floor_at(place: str, on: date, book: ParameterBook) -> Parameter | None:
    """Return the dibao standard of a region for the month of a day; None where it is not known."""
    return book.find(FLOOR, on.replace(day=1), area_of_region(place))


@implements("jx-3.2c", "rg-14.1a", "tl-4.2b", "tl-4.2c", as_="action")
def order_of(loan: Loan, terms: Terms, events: Sequence[Event], debt_fen: int, on: date, book: ParameterBook) -> Order:
    """Return the order for the month of a day: the smallest of instalment, debt, and what the document leaves of the pension.

    Raise E-PENSION-UNKNOWN, E-FLOOR-UNKNOWN, E-BASIC-PENSION-UNKNOWN where a number is missing: unknown is never zero.
    """
    known = standing(events)
    pension = _in_force(known, Kind.PENSION_SET, on)
    if pension is None:
        raise pension_unknown(loan)
    floor, basic = _in_force(known, Kind.FLOOR_SET, on), _in_force(known, Kind.BASIC_PENSION_SET, on)
    rule = terms.deduction_rule
    if rule == "remaining_at_least" and floor_of(loan, terms, on, book) is None:
        raise ZhubaoError(
            "E-FLOOR-UNKNOWN",
            Text(f"{on:%Y-%m} 的城镇低保标准未录入", f"the urban dibao standard of {on:%Y-%m} is not entered"),
            place=loan.number,
        )
    excluded = rule == "exclude_basic" and terms.basic_pension == "excluded"
    if excluded and basic is None:
        raise ZhubaoError(
            "E-BASIC-PENSION-UNKNOWN",
            Text("基础养老金金额未录入", "the basic part of the pension is not on record"),
            place=loan.number,
        )
    judged = pension
    if terms.cap_basis == "first_pension":
        judged = min(pension, next(event.amount for event in known if event.kind == Kind.PENSION_SET))
    protected = {
        "remaining_at_least": floor or 0,
        "max_share": pension - judged * terms.share_percent // 100,
        "exclude_basic": (basic or 0) if excluded else 0,
        "whole_pension": 0,
    }[rule]
    agreed = _in_force(known, Kind.AGREED_SET, on)
    cap = monthly_cap(terms, judged, floor or 0, basic or 0, agreed)
    return Order(rule, pension, protected, agreed, debt_fen, min(cap, debt_fen))


def owed(outcome: Outcome, on: date) -> int:
    """Return principal and the borrower's interest up to `on` (not counted), fen."""
    interest, government = outcome.accrued(on)
    return outcome.principal + outcome.interest_due + interest - government


def owed_after(outcome: Outcome, on: date) -> int:
    """Return principal and the borrower's interest up to and including a day, fen."""
    return owed(outcome, on + timedelta(1))


def deduction_key(month: date) -> str:
    """Return the key of the event that says what the bank took for a month."""
    return f"deducted:{month:%Y-%m}"


def pension_unknown(loan: Loan) -> ZhubaoError:
    """Return why a loan whose pension month has come cannot go on."""
    return ZhubaoError(
        "E-PENSION-UNKNOWN",
        Text("领取月已到，养老金金额未录入", "the month of the pension has come, its amount is not on record"),
        place=loan.number,
    )


def _in_force(events: Sequence[Event], kind: int, on: date) -> int | None:
    """Return the value of a table on a day from events in order; None before its first."""
    return next((event.amount for event in reversed(events) if event.kind == kind and event.on <= on), None)
