"""Contribution subsidies by tier, superior and local money apart, listed by one and credited by another."""

from datetime import UTC, date, datetime

import pytest

from tests.people.tables import RUGAO, SYSTEM, chen, shen
from zhubao.access.actors import Actor, OutOfScope
from zhubao.accounts.actions import credit, take_back
from zhubao.accounts.control import differences
from zhubao.accounts.models import Entry, Kind, Source, SubsidyRun
from zhubao.accounts.selectors import balance
from zhubao.accounts.subsidies.runs import credit_run, list_due
from zhubao.accounts.subsidies.table import enter_rate, table_of, withdraw_rate
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance as ledger_balance
from zhubao.people.models import Person

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
JANUARY = date(2022, 1, 1)
pytestmark = pytest.mark.django_db


def rate(
    tier_yuan: int, yuan: int, *, area: str = "320000", payer: str = "superior", since: date = JANUARY, until: date | None = None
) -> None:
    """Enter a row of the table, yuan."""
    enter_rate(
        area,
        payer,
        tier_yuan * 100,
        yuan * 100,
        effective_from=since,
        effective_to=until,
        source="苏财社 1 号",
        actor=SYSTEM,
        now=NOW,
    )


def pay(person: Person, source: str, yuan: int, on: date, *, lot: str = "") -> Entry:
    """Enter a contribution, yuan."""
    return credit(
        person, source, yuan * 100, on=on, subject=f"test:{source}", key=f"{person.pk}/{on}", lot=lot, actor=SYSTEM, now=NOW
    )


@pytest.mark.clauses("gz-8a", "gz-8b")
@pytest.mark.parametrize(
    ("yuan", "on", "superior", "local"),
    [
        pytest.param(99, date(2026, 5, 1), 0, 0, id="不到最低档-below the lowest tier"),
        pytest.param(100, date(2021, 12, 31), 30, 0, id="旧标准管旧年度-the old table for the old year"),
        pytest.param(100, date(2022, 1, 1), 40, 10, id="新标准加县补-the new table and the county's own"),
        pytest.param(300, date(2026, 5, 1), 40, 10, id="两档之间取低档-between two tiers"),
        pytest.param(500, date(2026, 5, 1), 60, 10, id="五百档-the 500 tier"),
    ],
)
def test_the_table_is_read_by_tier_and_day(yuan: int, on: date, superior: int, local: int) -> None:
    rate(100, 30, since=date(2014, 7, 1), until=date(2021, 12, 31))
    rate(100, 40)
    rate(500, 60)
    rate(100, 10, area=RUGAO, payer="local")
    found = table_of(RUGAO).subsidy(yuan * 100, on)
    assert (found.superior, found.local) == (superior * 100, local * 100)


@pytest.mark.clauses("tl-5.1h", "gz-8b")
def test_payers_are_credited_whoever_paid_and_finance_is_posted_by_share() -> None:
    rate(100, 40)
    rate(3000, 200)
    rate(100, 10, area=RUGAO, payer="local")
    borrower, assisted = chen(), shen()
    pay(borrower, Source.LOAN, 3000, date(2026, 3, 1), lot="TL-1")
    pay(assisted, Source.ON_BEHALF, 70, date(2026, 5, 1))
    pay(assisted, Source.OWN, 30, date(2026, 6, 1))
    run = list_due(RUGAO, 2026, actor=SYSTEM, now=NOW)
    assert (run.accounts, run.superior_fen, run.local_fen) == (2, 24_000, 2_000)
    assert list_due(RUGAO, 2026, actor=SYSTEM, now=NOW).number == 1
    run = SubsidyRun.objects.get()
    for _twice in range(2):
        credit_run(run.pk, actor=SYSTEM, now=NOW)
    assert balance(borrower).by_source == {"loan": 300_000, "subsidy": 21_000}
    assert balance(assisted).by_source == {"on_behalf": 7_000, "own": 3_000, "subsidy": 5_000}
    assert Entry.objects.get(kind=Kind.SUBSIDY, lot__account__person=assisted).on == date(2026, 6, 1)
    assert ledger_balance(Party.FINANCE, "contribution_subsidy_expense", party_reference="superior") == 24_000
    assert ledger_balance(Party.FINANCE, "contribution_subsidy_expense", party_reference="local") == 2_000
    assert ledger_balance(Party.FUND, "subsidy_receivable") == 26_000
    assert ledger_balance(Party.FUND, "subsidy_income") == 0
    assert differences()[1] == []
    with pytest.raises(ZhubaoError, match="E-SUBSIDY-NONE"):
        list_due(RUGAO, 2026, actor=SYSTEM, now=NOW)


def test_a_higher_tier_later_in_the_year_gets_the_difference() -> None:
    rate(100, 40)
    rate(500, 60)
    person = chen()
    pay(person, Source.OWN, 100, date(2026, 3, 1))
    credit_run(list_due(RUGAO, 2026, actor=SYSTEM, now=NOW).pk, actor=SYSTEM, now=NOW)
    pay(person, Source.OWN, 400, date(2026, 9, 1))
    second = list_due(RUGAO, 2026, actor=SYSTEM, now=NOW)
    assert (second.number, second.superior_fen) == (2, 2_000)
    credit_run(second.pk, actor=SYSTEM, now=NOW)
    take_back("test:own", f"{person.pk}/2026-09-01", on=date(2026, 9, 2), actor=SYSTEM, now=NOW)
    pay(shen(), Source.OWN, 100, date(2026, 10, 1))
    third = list_due(RUGAO, 2026, actor=SYSTEM, now=NOW)
    assert (third.accounts, third.superior_fen, third.over_credited) == (1, 4_000, 1)


def test_a_list_that_is_out_of_date_is_not_credited() -> None:
    rate(100, 40)
    person = chen()
    with pytest.raises(ZhubaoError, match="E-SUBSIDY-NONE"):
        list_due(RUGAO, 2026, actor=SYSTEM, now=NOW)
    pay(person, Source.OWN, 100, date(2026, 3, 1))
    run = list_due(RUGAO, 2026, actor=SYSTEM, now=NOW)
    pay(person, Source.SPONSOR, 100, date(2026, 3, 2))
    with pytest.raises(ZhubaoError, match="E-SUBSIDY-STALE"):
        credit_run(run.pk, actor=SYSTEM, now=NOW)
    assert balance(person).of("subsidy") == 0


@pytest.mark.parametrize(
    ("area", "payer", "source", "code"),
    [
        pytest.param("320000", "superior", " ", "E-SUBSIDY-DOCUMENT", id="没有文件-no document"),
        pytest.param("320000", "village", "x", "E-SUBSIDY", id="没有这个出资方-no such payer"),
        pytest.param("320000", "superior", "x", "E-SUBSIDY-OVERLAP", id="重叠-overlapping"),
    ],
)
def test_rows_that_cannot_be_are_refused(area: str, payer: str, source: str, code: str) -> None:
    rate(100, 40)
    with pytest.raises(ZhubaoError, match=code):
        enter_rate(area, payer, 10_000, 5_000, effective_from=JANUARY, source=source, actor=SYSTEM, now=NOW)


def test_a_county_sets_its_own_rows_alone_and_withdraws_them() -> None:
    county = Actor.system("test", RUGAO)
    with pytest.raises(OutOfScope):
        enter_rate("320000", "superior", 10_000, 5_000, effective_from=JANUARY, source="x", actor=county, now=NOW)
    row = enter_rate(RUGAO, "local", 10_000, 1_000, effective_from=JANUARY, source="x", actor=county, now=NOW)
    assert enter_rate(RUGAO, "local", 10_000, 1_000, effective_from=JANUARY, source="x", actor=county, now=NOW) == row
    withdraw_rate(row.pk, "录错", actor=county, now=NOW)
    assert table_of(RUGAO).rows == ()
    with pytest.raises(ZhubaoError, match="E-SUBSIDY-TABLE"):
        list_due(RUGAO, 2026, actor=SYSTEM, now=NOW)
