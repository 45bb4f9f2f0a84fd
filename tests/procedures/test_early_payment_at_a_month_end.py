"""A borrower pays everything back while the accountant closes the month: two connections, one loan, the same books whoever is first."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from tests.loans.endings import NOW, agrees, lent, paid_all
from tests.loans.lives import COUNTY, SYSTEM, Life, PostOf, at
from tests.loans.test_events import together
from zhubao.access.roles import Role
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance
from zhubao.loans.books import book
from zhubao.loans.endings.early import settle_early
from zhubao.loans.models import LoanEvent, MonthEndRun, SettlementCertificate
from zhubao.loans.month_end import close_loans
from zhubao.loans.states import JIANGXI
from zhubao.procedures.month_end import close_month

pytestmark = pytest.mark.django_db(transaction=True)
MONTH_END, SOON = date(2021, 6, 30), 30


def close(year: int, month: int, day: int) -> MonthEndRun:
    """Close the county as of a day, on that day."""
    return close_month(COUNTY, date(year, month, day), actor=SYSTEM, clock=lambda: at(year, month, day)).run


def side_by_side(life: Life, payment_id: int, failed: list[BaseException]) -> None:
    """Settle the loan and close June, each on a connection of its own."""

    def work(task: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            try:
                task()
            except BaseException as error:
                failed.append(error)
            finally:
                connection.close()

        return run

    reviewer = life.by(Role.BANK_REVIEWER)
    together(
        [
            work(lambda: settle_early(payment_id, actor=reviewer, now=at(2021, 6, 30))),
            work(lambda: close(2021, 6, 30)),
        ]
    )


def settled_once(life: Life) -> None:
    """Make sure that the loan was settled once, with the interest of 100 days, and that its books are its replay."""
    assert life.fresh().state == "settled"
    assert LoanEvent.objects.filter(key__startswith="paid_off").count() == SettlementCertificate.objects.count() == 1
    assert balance(Party.BANK, "loan_principal") == balance(Party.BANK, "interest_receivable_borrower") == 0
    assert balance(Party.BANK, "interest_income") == -8_983
    assert close(2021, 7, 31).postings == 0
    agrees(life, date(2021, 7, 31))


def test_the_month_end_meets_a_loan_that_is_being_settled(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> None:
    life = lent(JIANGXI, post_of, subsidised_from=None)
    payment = paid_all(life)
    settling, closing = threading.Event(), threading.Event()

    def book_when_the_other_is_there(*arguments: Any, **named: Any) -> Any:
        settling.set()
        assert closing.wait(SOON)
        return book(*arguments, **named)

    def close_when_the_loan_is_held(*arguments: Any, **named: Any) -> Any:
        assert settling.wait(SOON)
        closing.set()
        return close_loans(*arguments, **named)

    failed: list[BaseException] = []
    with monkeypatch.context() as patch:
        patch.setattr("zhubao.loans.endings.early.book", book_when_the_other_is_there)
        patch.setattr("zhubao.procedures.month_end.close_loans", close_when_the_loan_is_held)
        side_by_side(life, payment.pk, failed)
    assert failed == []
    assert (settling.is_set(), closing.is_set()) == (True, True)
    settled_once(life)


def test_whoever_comes_first_the_books_are_the_same(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of, subsidised_from=None)
    payment = paid_all(life, now=NOW)
    failed: list[BaseException] = []
    side_by_side(life, payment.pk, failed)
    assert failed == []
    settled_once(life)
