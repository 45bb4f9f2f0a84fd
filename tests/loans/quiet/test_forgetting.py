"""Whatever changes a quiet loan, by whichever way in, the database itself forgets where it stood, or marks that something was told."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from tests.loans.lives import SYSTEM, at
from zhubao.lending.events import Event, claim_paid, deducted, prepaid, rate_set, reversed_entry
from zhubao.loans.books import book
from zhubao.loans.models import DeductionOrder, Loan, LoanClosing, LoanEvent, LoanStanding, TermsSetting
from zhubao.loans.register import open_loans
from zhubao.loans.stepping import add_event
from zhubao.people.models import Person
from zhubao.procedures.month_end import close_month

from .county import COUNTY, open_county

pytestmark = pytest.mark.django_db
CLOSED, NEXT = date(2022, 3, 31), date(2022, 4, 30)
FORGOTTEN, TOUCHED, AS_IT_WAS = "forgotten", "touched", "as it was"


def quiet_loan() -> Loan:
    """Return a loan whose standing was kept when March 2022 was closed."""
    open_county(4, seed=1)
    close_month(COUNTY, CLOSED, actor=SYSTEM, clock=lambda: at(2022, 4, 1))
    return LoanStanding.objects.select_related("loan").exclude(loan__settlement="none").earliest("loan_id").loan


def state_of(loan: Loan) -> str:
    """Return what became of the standing."""
    row = LoanStanding.objects.filter(loan=loan).first()
    if row is None:
        return FORGOTTEN
    return TOUCHED if row.touched else AS_IT_WAS


def told(event: Event) -> Callable[[Loan], object]:
    """Return the ordinary way: an event under a key."""
    return lambda loan: add_event(loan, f"test:{event.kind}", event, "test", actor=SYSTEM, now=at(2022, 4, 2))


def row_of(loan: Loan, event: Event) -> LoanEvent:
    """Return an event as a row of its own."""
    entry = LoanEvent.objects.filter(loan=loan).count() + 1
    return LoanEvent(
        loan=loan, entry=entry, day=event.on, kind=event.kind, amount=event.amount, more=list(event.more), key="bulk",
        entered_at=at(2022, 4, 2),
    )  # fmt: skip


def copied(event: Event) -> Callable[[Loan], object]:
    """Return the way of a load: rows by COPY."""

    def load(loan: Loan) -> None:
        entry = LoanEvent.objects.filter(loan=loan).count() + 1
        columns = "loan_id, entry, day, kind, amount, more, key, source, entered_at"
        with connection.cursor() as cursor, cursor.copy(f"COPY loans_loanevent ({columns}) FROM STDIN") as copy:
            copy.write_row([loan.pk, entry, event.on, int(event.kind), event.amount, list(event.more), "c", "", at(2022, 4, 2)])

    return load


def annulled(loan: Loan) -> None:
    """Take the oldest event back."""
    add_event(loan, "annulled", reversed_entry(date(2022, 4, 2), 1), "test", actor=SYSTEM, now=at(2022, 4, 2))


def order_between(loan: Loan) -> None:
    """Order an instalment of an earlier month, as back pay is, under a closing that left none."""
    run = LoanClosing.objects.filter(loan=loan).earliest("pk").run
    closing = LoanClosing.objects.create(
        run=run, loan=loan, as_of=date(2022, 2, 27), booked=True, postings=0, interest_fen=0, government_fen=0, owed_fen=0
    )
    DeductionOrder.objects.create(
        loan=loan, closing=closing, month=date(2022, 2, 1), ordered_on=date(2022, 4, 5),
        rule="whole_pension", pension_fen=1_000, protected_fen=0, agreed_fen=None, debt_fen=500, amount_fen=500,
    )  # fmt: skip


TAKEN = deducted(date(2022, 4, 5), 1_000, [date(2022, 3, 1)])
WAYS: list[tuple[str, str, Callable[[Loan], object]]] = [
    ("下月的扣款", TOUCHED, told(TAKEN)),
    ("下月拨付的贴息", TOUCHED, told(claim_paid(date(2022, 4, 5), 100))),
    ("批量录入的扣款", TOUCHED, lambda loan: LoanEvent.objects.bulk_create([row_of(loan, TAKEN)])),
    ("成批装入的扣款", TOUCHED, copied(TAKEN)),
    ("已结账月份的扣款", FORGOTTEN, told(deducted(date(2022, 3, 20), 1_000, [date(2022, 3, 1)]))),
    ("提前还款", FORGOTTEN, told(prepaid(date(2022, 4, 5), 1_000))),
    ("成批装入的利率", FORGOTTEN, copied(rate_set(date(2022, 4, 1), 41_000))),
    ("冲销", FORGOTTEN, annulled),
    ("贷款本身改动", FORGOTTEN, lambda loan: Loan.objects.filter(pk=loan.pk).update(pension_month=date(2027, 1, 1))),
    ("贷款原样写回", AS_IT_WAS, lambda loan: Loan.objects.filter(pk=loan.pk).update(state=loan.state)),
    (
        "另定计息规则",
        FORGOTTEN,
        lambda loan: TermsSetting.objects.create(loan=loan, name="rounding", value="half_even", decided_by="bank"),
    ),
    (
        "借款人去世",
        FORGOTTEN,
        lambda loan: Person.objects.filter(pk=loan.person_id).update(died_on=date(2022, 4, 3), died_source="民政"),
    ),
    ("借款人迁居", FORGOTTEN, lambda loan: Person.objects.filter(pk=loan.person_id).update(residence_code="320612")),
    ("借款人改名", AS_IT_WAS, lambda loan: Person.objects.filter(pk=loan.person_id).update(name="王芬")),
    ("已结息到年底", TOUCHED, lambda loan: book(loan, date(2022, 12, 31), actor=SYSTEM, now=at(2022, 12, 31))),
    ("补扣的单", FORGOTTEN, order_between),
]


@pytest.mark.parametrize(("expected", "way"), [pytest.param(*rest, id=name) for name, *rest in WAYS])
def test_every_way_in_is_seen(expected: str, way: Callable[[Loan], object]) -> None:
    loan = quiet_loan()
    others = LoanStanding.objects.exclude(loan=loan).count()
    way(loan)
    assert state_of(loan) == expected
    assert LoanStanding.objects.exclude(loan=loan).filter(touched=False).count() == others


def test_an_order_rests_on_a_closing_of_its_own_loan() -> None:
    loan = quiet_loan()
    closing = LoanClosing.objects.exclude(loan=loan).filter(order=None).earliest("pk")
    content = {
        "month": date(2022, 2, 1), "ordered_on": date(2022, 4, 5), "rule": "whole_pension", "pension_fen": 1_000, "protected_fen": 0,
        "agreed_fen": None, "debt_fen": 500, "amount_fen": 500,
    }  # fmt: skip
    for loan_id, closing_id in ((loan.pk, closing.pk), (closing.loan_id, 10**9), (10**9, closing.pk)):
        with pytest.raises(IntegrityError, match="not that loan's"), transaction.atomic():
            DeductionOrder.objects.create(loan_id=loan_id, closing_id=closing_id, **content)


@pytest.mark.parametrize("state", ["settled", "written_off", "withdrawn"])
def test_what_has_ended_is_neither_closed_nor_open_in_the_register(state: str) -> None:
    loan = quiet_loan()
    assert open_loans([loan.person_id], NEXT)[loan.person_id].value is True
    Loan.objects.filter(pk=loan.pk).update(state=state)
    close_month(COUNTY, NEXT, actor=SYSTEM, clock=lambda: at(2022, 5, 1))
    assert set(LoanClosing.objects.filter(as_of=NEXT).values_list("loan_id", flat=True)) == set(
        Loan.objects.exclude(pk=loan.pk).values_list("pk", flat=True)
    )
    assert open_loans([loan.person_id], NEXT)[loan.person_id].value is False
