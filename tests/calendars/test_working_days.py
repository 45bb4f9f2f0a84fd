"""Working days against an independent calendar, counts with their arithmetic, windows and public notices."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.calendars import FOURTH_QUARTER, Window, WorkingCalendar, add_calendar_days, notice_period, read_notice
from zhubao.errors import ZhubaoError

CALENDAR = WorkingCalendar.built_in()
HEADER = "day,kind,holiday_zh,holiday_en,source\n"


def test_every_day_of_three_years_agrees_with_an_independent_calendar() -> None:
    day = date(2024, 1, 1)
    while day.year < 2027:
        assert CALENDAR.is_working(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        pytest.param(date(2026, 11, 19), 1, date(2026, 11, 20), id="次日"),
        pytest.param(date(2026, 11, 20), 1, date(2026, 11, 23), id="跨周末"),
        pytest.param(date(2026, 9, 30), 1, date(2026, 10, 8), id="国庆前"),
        pytest.param(date(2025, 12, 31), 30, date(2026, 2, 12), id="三十个工作日"),
        pytest.param(date(2026, 2, 13), 1, date(2026, 2, 14), id="春节前调休上班"),
    ],
)
def test_working_days(start: date, count: int, due: date) -> None:
    found = CALENDAR.add_working_days(start, count)
    assert found.due == due
    assert sum(day.counted for day in found.days) == count
    assert [day.day for day in found.days] == [start + timedelta(days=n) for n in range((due - start).days + 1)]


def test_the_arithmetic_names_each_day_skipped() -> None:
    found = CALENDAR.add_working_days(date(2026, 9, 30), 2)
    assert [(day.day.day, day.reason.zh) for day in found.skipped] == [
        (30, "起算日不计"),
        *[(day, "国庆节放假") for day in range(1, 8)],
    ]
    worked = [day.reason.en for day in CALENDAR.add_working_days(date(2026, 10, 9), 1).days]
    assert worked == ["the starting day does not count", "worked in exchange for National Day"]
    assert found.as_json()["due"] == "2026-10-09"


def test_calendar_days() -> None:
    found = add_calendar_days(date(2028, 2, 28), 2)
    assert found.due == date(2028, 3, 1)
    assert [day.counted for day in found.days] == [False, True, True]


def test_a_year_without_a_notice_is_refused_by_name() -> None:
    with pytest.raises(ZhubaoError, match=r"E-CALENDAR-YEAR: 2027-01-01: there is no working calendar of 2027"):
        CALENDAR.add_working_days(date(2026, 12, 30), 2)
    assert CALENDAR.add_working_days(date(2026, 12, 30), 1).due == date(2026, 12, 31)
    with pytest.raises(ZhubaoError, match="2023"):
        CALENDAR.is_working(date(2023, 5, 1))


def test_an_operator_loads_a_year() -> None:
    notice = read_notice(
        HEADER + "2027-01-01,rest,元旦,New Year's Day,通知\n2027-01-03,work,元旦,New Year's Day,通知\n", "2027.csv"
    )
    longer = CALENDAR.with_year(2027, notice)
    assert longer.add_working_days(date(2026, 12, 31), 2).due == date(2027, 1, 4)
    assert 2027 not in CALENDAR.years
    with pytest.raises(ZhubaoError, match="E-CALENDAR-YEAR"):
        CALENDAR.with_year(2028, notice)
    with pytest.raises(ZhubaoError, match="E-CALENDAR-YEAR"):
        CALENDAR.with_year(2028, ())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("day,kind\n", "n.csv:1"),
        (HEADER + "2027-02-30,rest,元旦,New Year,通知\n", "n.csv:2"),
        (HEADER + "2027-01-01,holiday,元旦,New Year,通知\n", "n.csv:2"),
        (HEADER + "2027-01-01,rest,元旦,New Year,\n", "n.csv:2"),
        (HEADER + "2027-01-01,rest,元旦,New Year,通知\n2027-01-01,work,元旦,New Year,通知\n", "n.csv:3"),
    ],
)
def test_a_faulty_notice_is_refused_with_its_line(text: str, place: str) -> None:
    with pytest.raises(ZhubaoError) as error:
        read_notice(text, "n.csv")
    assert (error.value.code, error.value.place) == ("E-CALENDAR-FILE", place)


@pytest.mark.parametrize("count", [0, -1])
def test_a_count_below_one_is_refused(count: int) -> None:
    for add in (CALENDAR.add_working_days, add_calendar_days):
        with pytest.raises(ZhubaoError, match="E-CALENDAR-COUNT"):
            add(date(2026, 1, 5), count)


@pytest.mark.parametrize(
    ("day", "inside", "opening", "closing"),
    [
        (date(2026, 9, 30), False, date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 10, 1), True, date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), True, date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), False, date(2027, 10, 1), date(2027, 12, 31)),
    ],
)
def test_the_fourth_quarter(day: date, inside: bool, opening: date, closing: date) -> None:
    assert FOURTH_QUARTER.contains(day) is inside
    assert (FOURTH_QUARTER.opening(day), FOURTH_QUARTER.closing(day)) == (opening, closing)


@pytest.mark.parametrize(
    ("day", "inside", "opening", "closing"),
    [
        (date(2026, 12, 15), True, date(2026, 12, 1), date(2027, 2, 10)),
        (date(2027, 1, 31), True, date(2026, 12, 1), date(2027, 2, 10)),
        (date(2027, 2, 11), False, date(2027, 12, 1), date(2028, 2, 10)),
    ],
)
def test_a_window_over_the_turn_of_the_year(day: date, inside: bool, opening: date, closing: date) -> None:
    window = Window((12, 1), (2, 10))
    assert window.contains(day) is inside
    assert (window.opening(day), window.closing(day)) == (opening, closing)


def test_seven_full_days_of_notice() -> None:
    notice = notice_period(date(2026, 11, 2))
    assert (notice.last_day, notice.sign_off_from) == (date(2026, 11, 9), date(2026, 11, 10))
    assert [notice.over_on(date(2026, 11, day)) for day in (9, 10)] == [False, True]
    assert notice.counted.days[0].reason.zh == "张贴当天不计"
    assert notice_period(date(2026, 11, 2), 7, CALENDAR).last_day == date(2026, 11, 11)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(2024, 1, 1), date(2026, 9, 1)), st.integers(1, 40))
def test_counting_day_by_day_gives_the_same(start: date, count: int) -> None:
    day = start
    for _ in range(count):
        day = CALENDAR.next_working(day + timedelta(days=1))
    assert CALENDAR.add_working_days(start, count).due == day


def test_who_wants_a_provisional_day_leaves_out_weekends_alone() -> None:
    supposing = CALENDAR.by_weekends()
    assert supposing.add_working_days(date(2026, 12, 30), 2).due == date(2027, 1, 1)
    assert [supposing.is_working(date(2027, 1, day)) for day in (1, 2, 3, 4)] == [True, False, False, True]
    assert supposing.add_working_days(date(2026, 9, 30), 1).due == date(2026, 10, 8)
    assert supposing.unannounced([date(2026, 12, 31), date(2027, 1, 1), date(2028, 1, 1)]) == [2027, 2028]
    with pytest.raises(ZhubaoError, match="E-CALENDAR-YEAR"):
        CALENDAR.is_working(date(2027, 1, 4))
