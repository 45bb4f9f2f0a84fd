"""Statements as bank, agency and borrower get them: closing equals the ledger, and a back-dated correction shows what changed."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.loans.lives import COUNTY, SYSTEM, TERMS, Life, PostOf, at, life_of, rows_of_everything
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance
from zhubao.lending.events import certification_lost
from zhubao.loans.books import book
from zhubao.loans.models import Loan, Statement, StatementRun
from zhubao.loans.statements.figures import FIGURES, changes
from zhubao.loans.statements.making import make_statement, open_statement_run, yearly_period
from zhubao.loans.statements.reading import accounts_of, causes_of, folded, kept_figures, postings_behind
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.stepping import add_event
from zhubao.notices.models import Notice
from zhubao.procedures.month_end import close_month
from zhubao.procedures.statements_made import run_statements
from zhubao.workflow import CITIZEN

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2021, 1, 1), date(2021, 12, 31)


def close(year: int, month: int, day: int) -> None:
    """Close the county as of a day."""
    close_month(COUNTY, date(year, month, day), actor=SYSTEM, clock=lambda: at(year, month, day))


@pytest.fixture
def jiangxi(post_of: PostOf) -> Life:
    """A loan of 8 400 yuan paid out on 10 March 2021, closed at the end of the year: 26 681 fen of interest, borne by finance."""
    life = life_of(JIANGXI, post_of)
    life.year(2021)
    close(2021, 12, 31)
    return life


@pytest.mark.parametrize("policy_id", [JIANGXI, RUGAO, TONGLING])
@pytest.mark.clauses("tl-5.1c")
def test_the_closing_of_a_statement_is_the_balance_of_the_ledger(policy_id: str, post_of: PostOf) -> None:
    life = life_of(policy_id, post_of)
    life.year(2021)
    close(2021, 10, 31)
    given = make_statement(life.loan.pk, FIRST, date(2021, 10, 31), actor=life.by(Role.BANK_OFFICER), now=at(2021, 11, 2))
    ledger = {account: balance(Party.BANK, account, subject=life.loan.subject) for account in (
        "loan_principal", "interest_receivable_borrower", "interest_receivable_government",
    )}  # fmt: skip
    assert given.closing_principal_fen == ledger["loan_principal"] == given.draws_fen
    assert given.closing_interest_fen == ledger["interest_receivable_borrower"] == given.interest_borrower_fen
    assert given.subsidy_owed_fen == ledger["interest_receivable_government"] == given.interest_finance_fen
    assert given.draws_fen - given.repaid_principal_fen - given.closing_principal_fen == 0
    assert (given.open_borrower_fen, given.open_finance_fen) == (0, 0)


def test_a_year_to_the_fen(jiangxi: Life) -> None:
    found = accounts_of([jiangxi.loan], FIRST, LAST)[jiangxi.loan.pk].figures
    assert (found.draws, found.interest_finance, found.interest_borrower, found.owed) == (840_000, 26_681, 0, 840_000)
    later = accounts_of([jiangxi.loan], date(2022, 1, 1), date(2022, 1, 10))[jiangxi.loan.pk].figures
    # 22 days since the settlement: 1 976 fen, of which 12 days were booked by the year's end.
    assert (later.opening, later.draws, later.interest_finance, later.open_finance) == (840_000, 0, 0, 1_976 - 1_078)


def test_every_figure_is_the_sum_of_the_postings_behind_it(jiangxi: Life) -> None:
    found = accounts_of([jiangxi.loan], FIRST, LAST)[jiangxi.loan.pk].figures.as_dict()
    for name, figure in FIGURES.items():
        rows = postings_behind(jiangxi.loan, figure, FIRST, LAST)
        fen = sum(row.amount_fen if row.debit in figure.accounts else -row.amount_fen for row in rows)
        assert figure.sign * fen == found[name], name
    assert len(postings_behind(jiangxi.loan, FIGURES["draws"], FIRST, LAST)) == 1


def correct(life: Life, entered: datetime | None = None) -> None:
    """Find out afterwards, in January unless told otherwise, that the status was lost in October."""
    lost_on, now = date(2021, 10, 1), entered or at(2022, 1, 20)
    actor = life.by(Role.AGENCY_ACCOUNTANT)
    add_event(life.loan, f"lost:{lost_on}", certification_lost(lost_on), "核验结果通知2022-3", actor=actor, now=now)
    book(life.fresh(), LAST, actor=SYSTEM, now=now)


def test_a_back_dated_correction_shows_old_new_and_difference(jiangxi: Life) -> None:
    actor = jiangxi.by(Role.AGENCY_ACCOUNTANT)
    old = make_statement(jiangxi.loan.pk, FIRST, LAST, actor=actor, now=at(2022, 1, 5))
    correct(jiangxi)
    new = make_statement(jiangxi.loan.pk, FIRST, LAST, actor=actor, now=at(2022, 1, 21))
    assert (new.sequence, new.number) == (2, "DZ-L1-20210101-20211231-2")
    # 92 days from 1 October: to 20 December 80, then 12; 7 187 fen of the first, all 1 078 of the second.
    moved = new.interest_borrower_fen
    assert moved > 8_000
    assert {each.name: (each.old, each.new) for each in changes(kept_figures(old), kept_figures(new))} == {
        "interest_borrower": (0, moved),
        "interest_finance": (26_681, 26_681 - moved),
        "closing_interest": (0, moved),
        "subsidy_owed": (26_681, 26_681 - moved),
    }
    assert [event.source for event in causes_of(old)] == ["核验结果通知2022-3"]
    assert causes_of(new) == []
    # The old one stays as it was given out, with the postings it knew.
    behind = postings_behind(jiangxi.loan, FIGURES["interest_finance"], FIRST, LAST, last_posting=old.last_posting)
    assert sum(row.amount_fen for row in behind) == Statement.objects.get(pk=old.pk).interest_finance_fen == 26_681


def test_what_was_known_on_a_day_is_read_from_the_same_books(jiangxi: Life) -> None:
    correct(jiangxi)
    subject = jiangxi.loan.subject
    then = folded([subject], FIRST, LAST, known_on=date(2022, 1, 19))[subject].figures
    now = folded([subject], FIRST, LAST)[subject].figures
    assert then.interest_finance == 26_681 > now.interest_finance
    assert then.interest_finance == now.interest_finance + now.interest_borrower


def test_the_same_statement_is_not_made_twice_and_never_changed(jiangxi: Life) -> None:
    actor = jiangxi.by(Role.BANK_OFFICER)
    first = make_statement(jiangxi.loan.pk, FIRST, LAST, actor=actor, now=at(2022, 1, 5))
    again = make_statement(jiangxi.loan.pk, FIRST, LAST, actor=actor, now=at(2022, 1, 6))
    assert first.pk == again.pk
    assert len(first.sha256) == 64
    with pytest.raises(DatabaseError, match="takes new rows only"), transaction.atomic():
        Statement.objects.filter(pk=first.pk).update(draws_fen=1)


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        pytest.param(date(2021, 12, 31), date(2021, 1, 1), id="起止颠倒 the wrong way round"),
        pytest.param(date(2021, 1, 1), date(2030, 1, 1), id="未来 to come"),
    ],
)
def test_a_period_that_is_none_is_refused_and_changes_nothing(jiangxi: Life, starts_on: date, ends_on: date) -> None:
    before = rows_of_everything()
    with pytest.raises(ZhubaoError, match="E-STATEMENT-PERIOD"):
        make_statement(jiangxi.loan.pk, starts_on, ends_on, actor=jiangxi.by(Role.BANK_OFFICER), now=at(2022, 1, 5))
    assert rows_of_everything() == before


def test_a_borrower_gets_the_own_statement_and_nobody_else_s(jiangxi: Life) -> None:
    own = jiangxi.by(CITIZEN)
    assert make_statement(jiangxi.loan.pk, FIRST, LAST, actor=own, now=at(2022, 1, 5)).draws_fen == 840_000
    with pytest.raises(OutOfScope):
        make_statement(jiangxi.loan.pk, FIRST, LAST, actor=replace(own, person_id=(own.person_id or 0) + 1), now=at(2022, 1, 5))
    with pytest.raises(OutOfScope):
        make_statement(jiangxi.loan.pk, FIRST, LAST, actor=jiangxi.by(Role.CERTIFIER), now=at(2022, 1, 5))
    other_bank = replace(jiangxi.by(Role.BANK_OFFICER), organisation_id=jiangxi.loan.agency_id)
    with pytest.raises(OutOfScope):
        make_statement(jiangxi.loan.pk, FIRST, LAST, actor=other_bank, now=at(2022, 1, 5))


@pytest.mark.clauses("rg-21", "jx-2.2c")
def test_a_run_of_the_review_makes_one_statement_for_each_open_loan(post_of: PostOf) -> None:
    first, second = life_of(RUGAO, post_of), life_of(RUGAO, post_of, name="L2", sequence=46)
    for life in (first, second):
        life.year(2021)
    life_of(RUGAO, post_of, name="L3", sequence=48)  # No draw yet: nothing to state.
    close(2021, 9, 30)
    bank = first.by(Role.BANK_OFFICER)
    run = open_statement_run(RUGAO, 2021, actor=bank, now=at(2021, 10, 8))
    done = run_statements(run.pk, clock=lambda: at(2021, 10, 8))
    assert (done.made, done.changed, done.starts_on, done.ends_on) == (2, 0, date(2020, 10, 1), date(2021, 9, 30))
    for life in (first, second):
        (given,) = Statement.objects.filter(loan=life.loan)
        ledger = balance(Party.BANK, "loan_principal", subject=life.loan.subject)
        assert given.closing_principal_fen == ledger
        (told,) = Notice.objects.filter(person_id=life.loan.person_id, kind="statement")
        assert "对账单" in told.text
    # Asked for again, by whoever of the bank: the same run, nothing new.
    again = open_statement_run(RUGAO, 2021, actor=bank, now=at(2021, 10, 9))
    assert again.pk == run.pk
    run_statements(again.pk, clock=lambda: at(2021, 10, 9))
    assert (Statement.objects.count(), Notice.objects.filter(kind="statement").count()) == (2, 2)


def test_a_run_killed_half_way_goes_on_where_it_stood(post_of: PostOf, monkeypatch: pytest.MonkeyPatch) -> None:
    lives = [life_of(RUGAO, post_of, name=f"L{number}", sequence=42 + 2 * number) for number in (1, 2, 3)]
    for life in lives:
        life.year(2021)
    monkeypatch.setattr("zhubao.procedures.statements_made.CHUNK", 1)
    run = open_statement_run(RUGAO, 2021, actor=lives[0].by(Role.BANK_OFFICER), now=at(2021, 10, 8))
    calls: list[Any] = []

    def clock() -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return at(2021, 10, 8)

    with pytest.raises(KeyboardInterrupt):
        run_statements(run.pk, clock=clock)
    assert Statement.objects.count() == 2
    assert run_statements(run.pk, clock=lambda: at(2021, 10, 9)).made == 3
    assert Notice.objects.filter(kind="statement").count() == 3


def test_a_run_is_asked_for_by_bank_or_accountant_once_the_period_is_over(jiangxi: Life) -> None:
    with pytest.raises(OutOfScope):
        open_statement_run(JIANGXI, 2021, actor=jiangxi.by(Role.FINANCE_CLERK), now=at(2022, 1, 5))
    with pytest.raises(ZhubaoError, match="E-STATEMENT-PERIOD"):
        open_statement_run(JIANGXI, 2021, actor=jiangxi.by(Role.AGENCY_ACCOUNTANT), now=at(2021, 12, 5))
    assert not StatementRun.objects.exists()


def test_the_period_of_a_year_is_the_programme_s() -> None:
    assert yearly_period(RUGAO, 2026) == (date(2025, 10, 1), date(2026, 9, 30))
    assert yearly_period(JIANGXI, 2026) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_loan_without_postings_has_a_statement_of_nothing(post_of: PostOf) -> None:
    life = life_of(JIANGXI, post_of)
    given = make_statement(life.loan.pk, FIRST, LAST, actor=Actor.system("test"), now=at(2022, 1, 5))
    assert (given.closing_principal_fen, given.last_posting) == (0, 0)
    assert Statement.objects.filter(loan=life.loan).count() == 1


def test_a_settled_loan_of_earlier_years_gets_no_yearly_statement(post_of: PostOf) -> None:
    life = life_of(TONGLING, post_of, terms=replace(TERMS[TONGLING]))
    life.year(2021)
    Loan.objects.filter(pk=life.loan.pk).update(state="settled", state_since=at(2021, 12, 1))
    run = open_statement_run(TONGLING, 2022, actor=life.by(Role.BANK_OFFICER), now=at(2023, 1, 5))
    assert run_statements(run.pk, clock=lambda: at(2023, 1, 5)).made == 0
