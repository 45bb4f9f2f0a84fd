"""Resident pensions month by month: who is found, from when, how much, new standards, deaths, another pension."""

from datetime import date

import pytest

from tests.accounts.hands import COUNTY, SYSTEM, at, by, insured, listed, resident
from zhubao.accounts.actions import credit
from zhubao.accounts.benefits import actions
from zhubao.accounts.benefits.models import Benefit, BenefitMonth, BenefitRun
from zhubao.accounts.benefits.running import run_month
from zhubao.accounts.control import differences
from zhubao.accounts.models import Source
from zhubao.accounts.selectors import balance
from zhubao.errors import ZhubaoError
from zhubao.notices.models import Notice
from zhubao.parameters import Parameter
from zhubao.people.actions import record_death
from zhubao.people.models import Person
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
REVIEWER, CLERK = "agency_reviewer", "township_clerk"


def standards(*rows: tuple[int, date]) -> None:
    """Enter the county's basic pension: fen a month, from when on."""
    for fen, since in rows:
        entry = Parameter("basic_pension_fen", fen, "fen", COUNTY, since, None, source=f"试验文件 {fen}", decided_by="市人社局")
        enter_figures([entry], actor=SYSTEM, now=at(2021, 1, 1), following=True)


def month(year: int, number: int, day: int = 20) -> BenefitRun:
    """Do a month of the county on a day of it."""
    return run_month(COUNTY, date(year, number, 1), actor=by(REVIEWER), now=at(year, number, day))


def granted(person: Person, year: int, number: int, **more: str) -> Benefit:
    """Have somebody found apply and be granted on the 21st of a month."""
    now = at(year, number, 21)
    benefit = Benefit.objects.get(person=person)
    actions.apply(benefit.pk, False, actor=by(CLERK), now=now)
    return actions.grant(benefit.pk, actor=by(REVIEWER), now=now, **more)


@pytest.mark.clauses("ps-3.1c")
def test_coming_of_age_in_a_month_opens_a_task_in_that_month() -> None:
    standards((12_300, date(2021, 1, 1)))
    february, march = resident("19620228", 21), resident("19620331", 22)
    resident("19620401", 23, "四月")
    resident("19620101", 24, "已领", receiving_pension=True)
    resident("19620102", 25, "职工", scheme="employee_pension")
    resident("19550102", 26, "早已到龄，是否领取未填", receiving_pension=None)
    run = month(2022, 3)
    found = Benefit.objects.order_by("pk")
    assert [(each.person, each.of_age_on) for each in found] == [(february, date(2022, 2, 28)), (march, date(2022, 3, 31))]
    assert (run.of_age, run.seniors, run.paid) == (2, 0, 0)
    tasks = Task.objects.filter(kind="resident-benefit.apply")
    assert set(tasks.values_list("role", "due_on")) == {(CLERK, date(2022, 4, 19))}
    assert month(2022, 3, 25).pk == run.pk
    assert Benefit.objects.count() == 2


@pytest.mark.clauses("gz-6b")
def test_the_pension_of_july_takes_the_new_standard_and_june_the_old() -> None:
    standards((12_300, date(2021, 1, 1)), (13_300, date(2022, 7, 1)))
    person = resident("19620331", 22)
    month(2022, 3)
    benefit = granted(person, 2022, 3)
    assert (benefit.starts_on, benefit.account_fen) == (date(2022, 4, 1), 1_390_000)
    for number in (4, 5, 6, 7):
        run = month(2022, number)
    assert list(BenefitMonth.objects.values_list("month", "basic_fen", "account_part_fen")) == [
        (date(2022, 4, 1), 12_300, 10_000),
        (date(2022, 5, 1), 12_300, 10_000),
        (date(2022, 6, 1), 12_300, 10_000),
        (date(2022, 7, 1), 13_300, 10_000),
    ]
    assert (run.raised, run.paid, run.paid_fen) == (1, 1, 23_300)
    step = benefit.steps.get(verb="raise")
    assert "133.00" in step.reason
    assert list(benefit.amounts.values_list("starts_on", "basic_fen")) == [(date(2022, 4, 1), 12_300), (date(2022, 7, 1), 13_300)]


def test_a_standard_published_late_is_made_good_for_the_months_since() -> None:
    standards((12_300, date(2021, 1, 1)))
    person = resident("19620331", 22)
    month(2022, 3)
    granted(person, 2022, 3)
    for number in (4, 5):
        month(2022, number)
    standards((13_300, date(2022, 5, 1)))
    run = month(2022, 6)
    assert list(run.months.values_list("month", "basic_fen", "account_part_fen")) == [
        (date(2022, 5, 1), 1_000, 0),
        (date(2022, 6, 1), 13_300, 10_000),
    ]
    assert (run.raised, run.paid, run.paid_fen) == (1, 1, 24_300)


def test_whoever_applies_late_is_paid_from_the_month_after_coming_of_age() -> None:
    standards((12_300, date(2021, 1, 1)))
    person = resident("19620331", 22)
    month(2022, 3)
    granted(person, 2022, 6)
    run = month(2022, 7)
    assert list(run.months.values_list("month", flat=True)) == [date(2022, number, 1) for number in (4, 5, 6, 7)]
    assert run.paid_fen == 4 * 22_300


@pytest.mark.clauses("gz-1d")
def test_a_senior_on_a_roster_without_a_pension_is_enrolled_without_paying_and_paid_until_death() -> None:
    standards((12_300, date(2021, 1, 1)))
    person = resident("19600615", 22, "肖五妹", scheme="")
    listed(person, "tekun")
    run = month(2022, 1)
    benefit = Benefit.objects.get()
    assert (run.seniors, benefit.ground, benefit.category, benefit.other_pension) == (1, "senior", "tekun", None)
    actions.apply(benefit.pk, None, actor=by(CLERK), now=at(2022, 1, 24))
    with pytest.raises(ZhubaoError, match="E-EVIDENCE"):
        actions.grant(benefit.pk, actor=by(REVIEWER), now=at(2022, 1, 25))
    done = actions.grant(benefit.pk, no_other_pension="全省养老发放库比对 2022-01", actor=by(REVIEWER), now=at(2022, 1, 25))
    assert (done.starts_on, done.account_fen) == (date(2022, 2, 1), 0)
    assert [month(2022, number).paid_fen for number in (2, 3)] == [12_300, 12_300]
    record_death(person.pk, date(2022, 3, 28), "医院", actor=SYSTEM, now=at(2022, 4, 2))
    last = month(2022, 4)
    benefit.refresh_from_db()
    assert (last.stopped, last.paid, benefit.state, benefit.stopped_on) == (1, 0, "stopped", date(2022, 3, 1))


@pytest.mark.clauses("gz-1d")
def test_another_pension_that_is_found_ends_in_a_refusal_with_the_reason() -> None:
    standards((12_300, date(2021, 1, 1)))
    person = resident("19600615", 22, scheme="")
    listed(person)
    month(2022, 1)
    benefit = Benefit.objects.get()
    actions.apply(benefit.pk, None, actor=by(CLERK), now=at(2022, 1, 24))
    insured(person, scheme="employee_pension", receiving_pension=True)
    with pytest.raises(ZhubaoError, match="E-OTHER-PENSION"):
        actions.grant(benefit.pk, no_other_pension="比对", actor=by(REVIEWER), now=at(2022, 1, 25))
    done = actions.refuse(benefit.pk, "已领取职工养老金", actor=by(REVIEWER), now=at(2022, 1, 25))
    assert (done.state, done.steps.get(verb="refuse").reason) == ("refused", "已领取职工养老金")
    assert Notice.objects.get(person_id=person.pk).text == "居民养老待遇不予发放：已领取职工养老金"
    assert month(2022, 2).paid == 0


def test_the_accounts_part_leaves_the_account_until_it_is_empty() -> None:
    standards((12_300, date(2021, 1, 1)))
    person = resident("19620331", 22)
    credit(person, Source.OWN, 9_730, on=date(2022, 1, 5), subject="receipt:1", key="1", actor=SYSTEM, now=at(2022, 1, 5))
    credit(
        person, Source.LOAN, 4_170, on=date(2022, 1, 5), subject="receipt:2", key="1", lot="L1", actor=SYSTEM, now=at(2022, 1, 5)
    )
    month(2022, 3)
    benefit = granted(person, 2022, 3)
    assert benefit.amounts.get().account_part_fen == 100
    month(2022, 4)
    assert balance(person).by_source == {"own": 9_660, "loan": 4_140}
    assert differences()[1] == []


def test_without_a_standard_or_a_balance_nothing_is_guessed() -> None:
    person = resident("19620331", 22, account_fen=None)
    standards((12_300, date(2021, 1, 1)))
    month(2022, 3)
    with pytest.raises(ZhubaoError, match="E-ACCOUNT-UNKNOWN"):
        granted(person, 2022, 3)
