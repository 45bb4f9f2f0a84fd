"""Due dates of the office's work: a dated setting says how many days, the calendar which ones; both are kept and shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from zhubao.calendars import WorkingCalendar, add_calendar_days
from zhubao.calendars.working_days import CountedDay, DueDate
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import ParameterBook
from zhubao.parameters.names import SETTING_PREFIX
from zhubao.parameters.questions import settings

Unit = Literal["working", "calendar"]
SAME_DAY = Text("当天", "the same day")
UNANNOUNCED, SUPPOSED_BY_WEEKENDS = "unannounced_year", "weekends"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day in time, how it was counted, and what it rests on.

    `arithmetic` is what JSON holds: `DueDate.as_json` with `setting` and `source` beside it. Where a year of the count has no working
    calendar the weekends alone are left out and `arithmetic` says so under `supposed`; where ``setting.unannounced_year`` is ``none``
    no day is supposed: `due_on` is None, and `missing` says why. `provisional` is the id of the open question while nobody has decided
    the number of days, "" afterwards.
    """

    due_on: date | None
    arithmetic: dict[str, Any]
    provisional: str


def deadline(
    setting: str,
    default_days: int,
    unit: Unit,
    start: date,
    area_code: str,
    book: ParameterBook,
    *,
    calendar: WorkingCalendar | None = None,
) -> Deadline:
    """Return the deadline of ``setting.<setting>`` days after `start`, which itself never counts; none at all is the same day.

    The setting is the one in force in the area on `start`. `default_days` and `unit` must be those declared for the setting, which
    its page shows (ValueError). Raise E-SETTING-VALUE when the entry is no whole number of days.
    """
    declared = settings().get(setting)
    if declared is None or (declared.value, declared.days) != (str(default_days), unit):
        raise ValueError(f"setting {setting!r} is not declared with {default_days} {unit} days")
    name = SETTING_PREFIX + setting
    entry = book.find(name, start, area_code)
    count = default_days if entry is None else _whole(str(entry.value), entry.place or name)
    provisional = "" if entry is not None and entry.decided_by else declared.question
    known: dict[str, Any] = {"setting": setting, "source": entry.source if entry else None}
    return counted_deadline(start, count, unit, known, provisional, area_code, book, calendar=calendar)


def counted_deadline(
    start: date,
    count: int,
    unit: Unit,
    known: dict[str, Any],
    provisional: str,
    area_code: str,
    book: ParameterBook,
    *,
    calendar: WorkingCalendar | None = None,
) -> Deadline:
    """Return the deadline of a number of days after `start`, with what is `known` of the number beside the count."""
    published = calendar or WorkingCalendar.built_in()
    try:
        counted = _count(start, count, unit, published)
    except ZhubaoError as error:
        if error.code != "E-CALENDAR-YEAR":
            raise
        chosen = book.find(SETTING_PREFIX + UNANNOUNCED, start, area_code)
        if chosen is not None and chosen.value != SUPPOSED_BY_WEEKENDS:
            begun = {"start": start.isoformat(), "count": count, "kind": unit, "due": None, "days": []}
            return Deadline(None, begun | known | {"missing": error.problem._asdict()}, provisional)
        counted = _count(start, count, unit, published.by_weekends())
        known = known | {"supposed": supposed_said(published.unannounced(each.day for each in counted.days))._asdict()}
    return Deadline(counted.due, counted.as_json() | known, provisional)


def supposed_said(years: Sequence[int]) -> Text:
    """Return the remark on a count that runs through years whose notice of holidays is not published yet."""
    zh, en = "、".join(map(str, years)), ", ".join(map(str, years))
    return Text(
        f"{zh} 年放假安排尚未公布，暂只扣除周末，公布后会有变化",
        f"holidays of {en} are not published yet: weekends alone are left out, and the day may still change",
    )


def _count(start: date, count: int, unit: Unit, calendar: WorkingCalendar) -> DueDate:
    if count == 0:
        return DueDate(start, 0, unit, start, (CountedDay(start, True, SAME_DAY),))
    return calendar.add_working_days(start, count) if unit == "working" else add_calendar_days(start, count)


def _whole(value: str, place: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= 3):
        problem = Text(f"天数应为 0 到 999 的整数，不是“{value}”", f"days are a whole number from 0 to 999, not {value!r}")
        raise ZhubaoError("E-SETTING-VALUE", problem, place=place)
    return int(value)
