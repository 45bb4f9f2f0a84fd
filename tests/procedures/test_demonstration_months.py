"""A county led through its months: the clock, the timetable, a stop in the middle, and the figures beside the books."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.audit import broken_links
from zhubao.access.models import Installation
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance
from zhubao.loans.models import Loan, SubsidyClaim
from zhubao.loans.states import JIANGXI
from zhubao.loans.verifying import books_beside_replay
from zhubao.oversight.months.figures import COLUMNS, lines_of
from zhubao.oversight.months.models import DemonstrationJourney, DemonstrationMonth, MonthFigures
from zhubao.procedures.demonstration_cases.endings import EARLY, FINANCE, REPAID
from zhubao.procedures.demonstration_months import month as months
from zhubao.procedures.demonstration_months.journey import ask_journey, run_journey
from zhubao.procedures.demonstration_months.month import TIMETABLE, live_month, moments, next_month

from .months import NOVEMBER, books, fill_with_endings

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
COUNTY, DECEMBER = "360102", date(2026, 12, 1)


@pytest.fixture(scope="module", autouse=True)
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Fill the Jiangxi county with three borrowers and live November, once for this module, and take it all back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        fill_with_endings("jiangxi", only=(REPAID, EARLY, FINANCE))
        assert next_month(["jiangxi"]) == NOVEMBER
        live_month(["jiangxi"], NOVEMBER)
        yield
        transaction.set_rollback(True)


def test_every_happening_has_its_working_day_in_its_order() -> None:
    for first in (date(2026, 11, 1), date(2027, 2, 1), date(2028, 2, 1), date(2029, 12, 1)):
        planned = moments(first)
        assert planned == sorted(planned)
        assert {moment.date().replace(day=1) for moment in planned} == {first}
        assert all(moment.weekday() < 5 for moment, each in zip(planned, TIMETABLE, strict=True) if each.day != months.LAST_DAY)


def test_three_months_leave_books_that_are_the_replay_and_figures_that_are_their_lists() -> None:
    for first in (NOVEMBER, DECEMBER, date(2027, 1, 1)):
        (row,) = live_month(["jiangxi"], first)
        assert (row.done, row.held) == (len(TIMETABLE), "")
        assert clock.today() == moments(first)[-1].date()
    assert next_month(["jiangxi"]) == date(2027, 2, 1)
    assert [faults for _number, faults in books_beside_replay(COUNTY) if faults] == []
    assert list(broken_links(COUNTY)) == []
    # Both years that are over are claimed and paid, bank by bank, and the one who repaid early in January is settled.
    assert set(SubsidyClaim.objects.values_list("year", "state")) == {(2025, "paid"), (2026, "paid")}
    assert Loan.objects.filter(state="settled").count() == 1
    january = MonthFigures.objects.get(region_code=COUNTY, policy_id=JIANGXI, month=date(2027, 1, 1))
    owed = sum(
        balance(Party.BANK, account, subject=loan.subject)
        for loan in Loan.objects.all()
        for account in ("loan_principal", "interest_receivable_borrower")
    )
    assert (january.owed_fen, january.ended, january.loans) == (owed, 1, 2)
    lines = lines_of(COUNTY, JIANGXI, january.month)
    for column in COLUMNS.values():
        if column.money:
            assert getattr(january, column.money) == sum(line.fen for line in lines[column.name]), column.name
        if column.count:
            assert getattr(january, column.count) == len(lines[column.name]), column.name


def test_a_month_that_is_over_is_left_as_it_is() -> None:
    before = books()
    live_month(["jiangxi"], NOVEMBER)
    assert books() == before


class Killed(BaseException):
    """The process ends, whatever it was about."""


@pytest.mark.parametrize("at", [10, 20, len(TIMETABLE) - 2])
def test_a_month_killed_anywhere_and_repeated_comes_to_the_same(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        live_month(["jiangxi"], DECEMBER)
        unbroken = books()
        transaction.set_rollback(True)

    def dies(county: Any, now: Any) -> None:
        TIMETABLE[at].take(county, now)
        raise Killed

    broken = (*TIMETABLE[:at], replace(TIMETABLE[at], take=dies), *TIMETABLE[at + 1 :])
    with monkeypatch.context() as here:
        here.setattr(months, "TIMETABLE", broken)
        with pytest.raises(Killed):
            live_month(["jiangxi"], DECEMBER)
    assert DemonstrationMonth.objects.get(month=DECEMBER).done == at
    live_month(["jiangxi"], DECEMBER)
    assert books() == unbroken


def test_a_journey_goes_month_by_month_and_a_second_one_waits_for_it() -> None:
    now = clock.now()
    journey = ask_journey(2, actor=SYSTEM, now=now)
    assert (journey.first, journey.months) == (DECEMBER, 2)
    assert ask_journey(12, actor=SYSTEM, now=now) == journey
    heard: list[int] = []
    done = run_journey(journey.pk, keys=["jiangxi"], clock=clock.now, told=lambda each: heard.append(each.done))
    assert (done.done, heard, done.fault) == (2, [1, 2], "")
    assert done.finished_at is not None
    assert MonthFigures.objects.count() == 3


def test_a_month_that_breaks_ends_its_journey_and_the_next_one_goes_on_there(monkeypatch: pytest.MonkeyPatch) -> None:
    journey = ask_journey(1, actor=SYSTEM, now=clock.now())

    def breaks(county: Any, now: Any) -> None:
        raise RuntimeError("no electricity")

    with monkeypatch.context() as here:
        here.setattr(months, "TIMETABLE", (*TIMETABLE[:-2], replace(TIMETABLE[-2], take=breaks), TIMETABLE[-1]))
        with pytest.raises(RuntimeError):
            run_journey(journey.pk, keys=["jiangxi"], clock=clock.now)
    assert "no electricity" in DemonstrationJourney.objects.get(pk=journey.pk).fault
    again = ask_journey(1, actor=SYSTEM, now=clock.now())
    assert again.first == DECEMBER
    assert run_journey(again.pk, keys=["jiangxi"], clock=clock.now).done == 1


@pytest.mark.parametrize(
    ("wanted", "code"), [(0, "E-DEMONSTRATION-MONTHS"), (49, "E-DEMONSTRATION-MONTHS")], ids=["零个月", "太多"]
)
def test_a_journey_of_no_length_is_refused(wanted: int, code: str) -> None:
    with pytest.raises(ZhubaoError) as error:
        ask_journey(wanted, actor=SYSTEM, now=clock.now())
    assert (error.value.code, DemonstrationJourney.objects.count()) == (code, 0)


def test_the_months_end_where_the_demonstration_has_no_more_figures() -> None:
    DemonstrationMonth.objects.create(
        region_code=COUNTY, month=date(2030, 11, 1), done=1, happenings=1, started_at=clock.now(), finished_at=clock.now()
    )
    with pytest.raises(ZhubaoError, match="E-DEMONSTRATION-END"):
        ask_journey(2, actor=SYSTEM, now=clock.now())
    assert ask_journey(1, actor=SYSTEM, now=clock.now()).first == date(2030, 12, 1)


def test_a_real_county_has_no_such_months() -> None:
    Installation.objects.update(demonstration=False, ahead=timedelta())
    with pytest.raises(ZhubaoError, match="E-REAL-DATA"):
        ask_journey(1, actor=SYSTEM, now=clock.now())
