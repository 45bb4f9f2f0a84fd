"""36 months of the three counties: every way of ending lived, its statement printed, and its figures replayed from the exported life.

Takes some minutes; `make long` runs it, `make test` leaves it out.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import transaction

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.audit import broken_links
from zhubao.access.roles import Role
from zhubao.cli.loan import loan as command
from zhubao.demonstration.regions import RegionKey
from zhubao.documents import typeset
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import trial_balance
from zhubao.loans.models import FraudFinding, Loan, SubsidyClaim, TransferRequest
from zhubao.loans.statements.making import make_statement
from zhubao.loans.statements.reading import kept_figures
from zhubao.loans.verifying import books_beside_replay
from zhubao.oversight.months.models import MonthFigures
from zhubao.procedures.demonstration_cases.endings import (
    ACCOUNT,
    CLAIM,
    EARLY,
    FAULT,
    FINANCE,
    FRAUD,
    PART,
    REPAID,
    TRANSFER,
    WRITTEN_OFF,
)
from zhubao.procedures.demonstration_months.county import County
from zhubao.procedures.demonstration_months.journey import ask_journey, run_journey
from zhubao.procedures.printing.statements import borrower_statement

from .months import fill_with_endings

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MONTHS = 37  # November 2026, in which the counties stand, and 36 more
COMMON = {
    REPAID: "settle",
    EARLY: "settle_early",
    PART: "settle",
    TRANSFER: "settle_early",
    ACCOUNT: "close_death",
    FRAUD: "settle_recovered",
}
# How the loan of each ending is closed in the end: the step, by programme.
LAST_STEPS: dict[RegionKey, dict[str, str]] = {
    "jiangxi": {**COMMON, FINANCE: "close_death", CLAIM: "settle_claim", WRITTEN_OFF: "write_off"},
    "rugao": {**COMMON, FINANCE: "close_death", FAULT: "close_death"},
    # In Tongling the account pays what the loan formed, the heirs the interest above it.
    "tongling": {**COMMON, ACCOUNT: "settle_claim", CLAIM: "settle_claim", WRITTEN_OFF: "write_off"},
}
CASES = [pytest.param(key, word, id=f"{key}-{word}") for key, words in LAST_STEPS.items() for word in words]


@pytest.fixture(scope="module", autouse=True)
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Lead the three counties through the months once, and take it all back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill_with_endings(*LAST_STEPS)
        journey = ask_journey(MONTHS, actor=Actor.system("test"), now=clock.now())
        run_journey(journey.pk, clock=clock.now)
        yield
        transaction.set_rollback(True)


def borrower(key: RegionKey, word: str) -> Loan:
    """Return the loan that is to end in a way."""
    (loan,) = [loan for loan, ending in County(key, date(2029, 11, 1)).planned_endings() if ending.word == word]
    return loan


def test_the_books_of_every_loan_are_its_replay() -> None:
    assert [faults for _number, faults in books_beside_replay() if faults] == []
    assert list(broken_links()) == []
    for party in Party:
        assert sum(row.fen for row in trial_balance(Actor.system("test"), "", party=party)) == 0
    assert MonthFigures.objects.count() == 3 * MONTHS
    assert {claim.state for claim in SubsidyClaim.objects.all()} == {"paid"}


@pytest.mark.parametrize(("key", "word"), CASES)
def test_an_ending_is_lived_printed_and_replayed(key: RegionKey, word: str, tmp_path: Path) -> None:
    loan = borrower(key, word)
    final = "written_off" if word == WRITTEN_OFF else "settled"
    last = loan.steps.order_by("number").last()
    assert last is not None
    assert (loan.state, last.verb) == (final, LAST_STEPS[key][word])
    today = clock.today()
    accountant = County(key, date(2029, 11, 1)).at(Role.AGENCY_ACCOUNTANT)
    statement = make_statement(loan.pk, loan.signed_on, today, actor=accountant, now=clock.now())
    assert typeset(borrower_statement(statement, actor=accountant, now=clock.now())).startswith(b"%PDF")
    figures, result = kept_figures(statement), replayed(loan, today, tmp_path)
    assert (figures.interest_borrower, figures.interest_finance) == (result["borrower_interest_total"], result["subsidy_total"])
    rows = [row for row in result["schedule"] if row["kind"] in ("deduct", "prepay")]
    assert figures.repaid == sum(row["amount"] for row in rows)
    assert (figures.closing, figures.open_borrower or 0) == (0, 0)
    assert figures.draws == sum(draw.amount_fen for draw in loan.tranches.exclude(drawn_on=None))
    if "death" in result:
        death = result["death"]
        assert figures.taken_over - figures.other == death["debt"]
        assert death["debt"] == death["from_account"] + death["government"] + death["unrecovered"]
    else:
        assert result["closed_on"] is not None
        assert (result["principal_outstanding"], result["interest_outstanding"]) == (0, 0)


def replayed(loan: Loan, up_to: date, folder: Path) -> Any:
    """Return what `zhubao loan replay` makes of what `zhubao loan export` prints."""
    printed = CliRunner().invoke(command, ["export", loan.number, "--up-to", up_to.isoformat()], standalone_mode=False)
    assert printed.exception is None, printed.exception
    (folder / "life.json").write_text(printed.stdout, encoding="utf-8")
    found = CliRunner().invoke(command, ["replay", str(folder / "life.json"), "--json"], standalone_mode=False)
    assert found.exception is None, found.exception
    return json.loads(found.stdout)


def test_what_else_belongs_to_an_ending_has_happened() -> None:
    assert {finding.state for finding in FraudFinding.objects.all()} == {"recovered"}
    moved = TransferRequest.objects.select_related("certificate")
    assert [(request.state, request.certificate is not None) for request in moved] == [("released", True)] * 3
