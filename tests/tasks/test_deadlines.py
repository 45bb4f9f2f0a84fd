"""How long an office has: the dated setting, the days counted, and what is said while nobody decided."""

from datetime import date

import pytest

from zhubao.calendars import CalendarEntry, WorkingCalendar
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import Parameter, ParameterBook
from zhubao.parameters.questions import questions, settings
from zhubao.tasks.deadlines import deadline

RUGAO = "320682"
BOOK = ParameterBook.built_in()


def decided(
    value: str, first: date = date(2026, 1, 1), *, by: str = "市人社局 周海峰", name: str = "bank_review_days"
) -> ParameterBook:
    entry = Parameter(f"setting.{name}", value, "text", RUGAO, first, None, "皋人社发〔2026〕1号", decided_by=by)
    return BOOK.over([entry])


@pytest.mark.parametrize(
    ("setting", "days", "unit", "start", "due"),
    [
        pytest.param("bank_review_days", 5, "working", date(2026, 3, 2), date(2026, 3, 9), id="五个工作日跨周末"),
        pytest.param(
            "case_decision_days", 5, "working", date(2026, 9, 28), date(2026, 10, 10), id="五个工作日跨国庆，调休上班的周六算"
        ),
        pytest.param("case_push_days", 2, "working", date(2026, 3, 6), date(2026, 3, 10), id="周五起两个工作日"),
        pytest.param("reminder_cure_days", 15, "calendar", date(2026, 3, 10), date(2026, 3, 25), id="十五个自然日"),
        pytest.param("contribution_days", 0, "calendar", date(2026, 3, 10), date(2026, 3, 10), id="当天"),
    ],
)
def test_the_last_day_in_time(setting: str, days: int, unit: str, start: date, due: date) -> None:
    found = deadline(setting, days, unit, start, RUGAO, BOOK)  # type: ignore[arg-type]
    assert found.due_on == due
    assert (found.arithmetic["due"], found.arithmetic["count"], found.arithmetic["setting"]) == (due.isoformat(), days, setting)
    assert sum(day["counted"] for day in found.arithmetic["days"]) == max(days, 1)


def test_a_decided_setting_ends_the_question() -> None:
    start = date(2026, 3, 2)
    assert deadline("bank_review_days", 5, "working", start, RUGAO, BOOK).provisional == "A-ALL-9"
    found = deadline("bank_review_days", 5, "working", start, RUGAO, decided("3"))
    assert (found.due_on, found.provisional, found.arithmetic["source"]) == (date(2026, 3, 5), "", "皋人社发〔2026〕1号")


def test_a_setting_nobody_signed_stays_provisional() -> None:
    found = deadline("bank_review_days", 5, "working", date(2026, 3, 2), RUGAO, decided("3", by=""))
    assert (found.due_on, found.provisional) == (date(2026, 3, 5), "A-ALL-9")


def test_the_setting_of_the_day_the_count_begins() -> None:
    book = decided("3", date(2026, 3, 2))
    assert deadline("bank_review_days", 5, "working", date(2026, 3, 1), RUGAO, book).arithmetic["count"] == 5
    assert deadline("bank_review_days", 5, "working", date(2026, 3, 2), RUGAO, book).arithmetic["count"] == 3
    assert deadline("bank_review_days", 5, "working", date(2026, 3, 2), "360702", book).arithmetic["count"] == 5


def test_of_a_year_without_a_calendar_weekends_alone_are_left_out_and_that_is_said() -> None:
    found = deadline("bank_review_days", 5, "working", date(2026, 12, 29), RUGAO, BOOK)
    assert found.due_on == date(2027, 1, 5)
    assert found.arithmetic["supposed"]["zh"] == "2027 年放假安排尚未公布，暂只扣除周末，公布后会有变化"
    assert [each["reason"]["zh"] for each in found.arithmetic["days"]] == [
        "起算日不计", "工作日", "工作日", "工作日（放假安排未公布，暂计）", "周末", "周末", *["工作日（放假安排未公布，暂计）"] * 2
    ]  # fmt: skip
    assert deadline("bank_review_days", 5, "working", date(2028, 3, 1), RUGAO, BOOK).due_on == date(2028, 3, 8)
    assert "supposed" not in deadline("bank_review_days", 5, "working", date(2026, 12, 22), RUGAO, BOOK).arithmetic


def test_a_place_may_want_no_day_before_the_notice_and_a_new_notice_is_followed() -> None:
    none = decided("none", name="unannounced_year")
    found = deadline("bank_review_days", 5, "working", date(2026, 12, 29), RUGAO, none)
    assert found.due_on is None
    assert found.arithmetic["missing"]["zh"].startswith("没有 2027 年的放假安排")
    new_year = CalendarEntry(date(2027, 1, 1), False, Text("元旦", "New Year"), "国办发明电〔2026〕1号")
    later = WorkingCalendar.built_in().with_year(2027, [new_year])
    assert deadline("bank_review_days", 5, "working", date(2026, 12, 29), RUGAO, BOOK, calendar=later).due_on == date(2027, 1, 6)


def test_calendar_days_need_no_calendar() -> None:
    assert deadline("reminder_cure_days", 15, "calendar", date(2026, 12, 29), RUGAO, BOOK).due_on == date(2027, 1, 13)


@pytest.mark.parametrize("value", ["", "五", "-1", "1.5", "1000"])
def test_no_number_of_days(value: str) -> None:
    with pytest.raises(ZhubaoError, match="E-SETTING-VALUE"):
        deadline("bank_review_days", 5, "working", date(2026, 3, 2), RUGAO, decided(value))


@pytest.mark.parametrize(
    ("setting", "days", "unit"),
    [
        pytest.param("bank_review_days", 6, "working", id="默认天数与登记的不同"),
        pytest.param("bank_review_days", 5, "calendar", id="登记的是工作日"),
        pytest.param("day_count", 5, "working", id="不是天数"),
        pytest.param("nothing", 5, "working", id="没有登记"),
    ],
)
def test_another_default_than_its_page_shows(setting: str, days: int, unit: str) -> None:
    with pytest.raises(ValueError, match="not declared"):
        deadline(setting, days, unit, date(2026, 3, 2), RUGAO, BOOK)  # type: ignore[arg-type]


def test_every_number_of_days_answers_an_open_question() -> None:
    for each in settings().values():
        assert (each.days in ("working", "calendar")) == each.name.endswith("_days"), each.name
        if each.days:
            assert each.question, each.name
            assert each.value.isdecimal()
        assert not each.question or each.question in questions()
