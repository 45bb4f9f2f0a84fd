"""What `zhubao verify` finds of quiet loans: postings too many, and a cache that somebody tampered with."""

from dataclasses import replace
from datetime import date

import pytest

from tests.loans.lives import SYSTEM, at
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.loans.models import Loan, LoanStanding
from zhubao.loans.quiet.standings import kept_in, row_of
from zhubao.procedures.month_end import close_month
from zhubao.procedures.verification import loan_balances, loan_books

from .county import COUNTY, open_county

pytestmark = pytest.mark.django_db
CLOSED = date(2022, 3, 31)


@pytest.fixture
def loan(db: None) -> Loan:
    """Return one of four loans closed in March 2022, of which the month-end keeps where it stands."""
    open_county(4, seed=1)
    close_month(COUNTY, CLOSED, actor=SYSTEM, clock=lambda: at(2022, 4, 1))
    return LoanStanding.objects.select_related("loan").earliest("loan_id").loan


def test_nothing_is_found_where_nothing_is_wrong(loan: Loan) -> None:
    assert loan_balances(COUNTY) == {"name": "loan_balances", "checked": LoanStanding.objects.count(), "differences": []}
    assert loan_books(COUNTY)["differences"] == []
    assert loan_balances("500243")["checked"] == 0


def test_a_posting_too_many_is_found_in_the_balance_of_its_loan(loan: Loan) -> None:
    owed = sum(kept_in(LoanStanding.objects.get(loan=loan)).remaining)
    line = Line(
        loan.region_code, date(2022, 3, 5), Party.BANK, "loan_principal", "card_deposit", 7, "loan", loan.subject, "tranche.bank", "x"
    )  # fmt: skip
    post([line], actor=SYSTEM, now=at(2022, 3, 5))
    assert loan_balances(COUNTY)["differences"] == [f"{loan.number}: loan_principal {owed + 7}, not {owed}"]
    assert any(fault.startswith(f"{loan.number}: 2022-03-05 tranche") for fault in loan_books(COUNTY)["differences"])


def test_a_cache_that_was_changed_is_found_by_both(loan: Loan) -> None:
    row = LoanStanding.objects.get(loan=loan)
    kept, owed = kept_in(row), row.interest_fen
    due = kept.interest_due
    row_of(loan, replace(kept, interest_due=due + 1)).save(force_update=True)
    assert loan_books(COUNTY)["differences"] == [
        f"{loan.number}: standing interest_fen: {owed + 1}, not {owed}",
        f"{loan.number}: standing interest_due: {due + 1}, not {due}",
    ]
    assert [fault.split(": ")[1].split()[0] for fault in loan_balances(COUNTY)["differences"]] == [
        "interest_receivable_borrower",
        "interest_payable",
    ]


def test_a_loan_closed_as_of_an_earlier_day_is_held_against_its_books_of_that_day(loan: Loan) -> None:
    earlier = LoanStanding.objects.get(loan=loan)
    close_month(COUNTY, date(2022, 4, 30), actor=SYSTEM, clock=lambda: at(2022, 5, 1))
    LoanStanding.objects.filter(loan=loan).delete()
    earlier.save(force_insert=True)
    assert loan_balances(COUNTY)["differences"] == []
    earlier.principal_fen += 1
    earlier.save(force_update=True)
    assert [fault.split(": ")[1].split()[0] for fault in loan_balances(COUNTY)["differences"]] == [
        "loan_principal",
        "loan_payable",
    ]
