"""Working days by the State Council's yearly notices, and counts of days that show every day they counted or skipped.

A year without a notice is refused by name: a guessed holiday is a wrong due date. Who wants a provisional day all the same asks
`by_weekends`, and says so beside it. An operator loads a new year with `with_year`.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from zhubao.errors import ZhubaoError
from zhubao.language import Text

_TABLE = Path(__file__).parent / "tables" / "working_days.csv"
_COLUMNS = {"day", "kind", "holiday_zh", "holiday_en", "source"}
_DAY = timedelta(days=1)

WEEKEND = Text("周末", "weekend")
STARTING_DAY = Text("起算日不计", "the starting day does not count")
WORKING_DAY = Text("工作日", "working day")
SUPPOSED_DAY = Text("工作日（放假安排未公布，暂计）", "taken for a working day: no notice yet")


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A day that differs from Monday-to-Friday, or a holiday: `works` tells whether people work on it."""

    day: date
    works: bool
    holiday: Text
    source: str


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a count: whether it was counted, and why or why not."""

    day: date
    counted: bool
    reason: Text

    def as_json(self) -> dict[str, Any]:
        """Return the day with its reason in both languages."""
        return {"day": self.day.isoformat(), "counted": self.counted, "reason": self.reason._asdict()}


@dataclass(frozen=True, slots=True)
class DueDate:
    """The last day of a period of `count` days after `start`, with every day in between; `due` is inclusive."""

    start: date
    count: int
    kind: Literal["working", "calendar"]
    due: date
    days: tuple[CountedDay, ...]

    @property
    def skipped(self) -> tuple[CountedDay, ...]:
        """The days that did not count, the starting day among them."""
        return tuple(day for day in self.days if not day.counted)

    def as_json(self) -> dict[str, Any]:
        """Return the count with its arithmetic."""
        return {
            "start": self.start.isoformat(),
            "count": self.count,
            "kind": self.kind,
            "due": self.due.isoformat(),
            "days": [day.as_json() for day in self.days],
        }


class WorkingCalendar:
    """Which days are worked on, for the years whose notice is known; `supposing`, in any other year from Monday to Friday."""

    __slots__ = ("_exceptions", "supposing", "years")

    def __init__(self, exceptions: Iterable[CalendarEntry], *, supposing: bool = False) -> None:
        self._exceptions = {entry.day: entry for entry in exceptions}
        self.years = frozenset(day.year for day in self._exceptions)
        self.supposing = supposing

    @staticmethod
    def built_in() -> "WorkingCalendar":
        """Return the calendar of the shipped notices (2024 to 2026); the same object every time."""
        return _built_in()

    def with_year(self, year: int, exceptions: Iterable[CalendarEntry]) -> "WorkingCalendar":
        """Return a calendar with the days of `year` put in or replaced; E-CALENDAR-YEAR for a day of another year or no day."""
        new = tuple(exceptions)
        if not new or any(entry.day.year != year for entry in new):
            raise ZhubaoError(
                "E-CALENDAR-YEAR",
                Text(f"放假安排里应只有 {year} 年的日期", f"the notice must hold days of {year} only, and at least one"),
                remedy=Text("核对国务院办公厅当年通知", "check the State Council's notice of that year"),
            )
        kept = (entry for day, entry in self._exceptions.items() if day.year != year)
        return WorkingCalendar((*kept, *new), supposing=self.supposing)

    def by_weekends(self) -> "WorkingCalendar":
        """Return this calendar, which leaves out the weekends alone in a year without a notice: its days there are provisional."""
        return WorkingCalendar(self._exceptions.values(), supposing=True)

    def unannounced(self, days: Iterable[date]) -> list[int]:
        """Return the years of some days that have no notice, in order."""
        return sorted({day.year for day in days} - self.years)

    def judge(self, day: date) -> tuple[bool, Text]:
        """Return whether `day` is a working day, and why; E-CALENDAR-YEAR for a year without a notice, unless `supposing`."""
        entry = self._exceptions.get(day)
        if entry is not None:
            return entry.works, _reason(entry)
        if day.year not in self.years and self.supposing and day.weekday() < 5:
            return True, SUPPOSED_DAY
        if day.year not in self.years and not self.supposing:
            known = "、".join(map(str, sorted(self.years)))
            raise ZhubaoError(
                "E-CALENDAR-YEAR",
                Text(
                    f"没有 {day.year} 年的放假安排（现有 {known}）",
                    f"there is no working calendar of {day.year} (known: {known})",
                ),
                place=day.isoformat(),
                remedy=Text("录入国务院办公厅当年通知后再算", "load the State Council's notice of that year first"),
            )
        return (False, WEEKEND) if day.weekday() >= 5 else (True, WORKING_DAY)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day; raises as `judge`."""
        return self.judge(day)[0]

    def next_working(self, day: date) -> date:
        """Return `day` when it is a working day, else the next one."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add_working_days(self, start: date, count: int) -> DueDate:
        """Return the `count`-th working day after `start`; `start` itself never counts. E-CALENDAR-COUNT below one."""
        _positive(count)
        days = [CountedDay(start, False, STARTING_DAY)]
        day, left = start, count
        while left:
            day += _DAY
            works, reason = self.judge(day)
            days.append(CountedDay(day, works, reason))
            left -= works
        return DueDate(start, count, "working", day, tuple(days))


def add_calendar_days(start: date, count: int) -> DueDate:
    """Return the `count`-th day after `start`; `start` itself never counts. E-CALENDAR-COUNT below one."""
    _positive(count)
    each = Text("自然日", "calendar day")
    days = [CountedDay(start + n * _DAY, n > 0, each if n else STARTING_DAY) for n in range(count + 1)]
    return DueDate(start, count, "calendar", start + count * _DAY, tuple(days))


def read_notice(text: str, origin: str) -> tuple[CalendarEntry, ...]:
    """Return the days of a notice given as csv (day, kind rest|work, holiday_zh, holiday_en, source); E-CALENDAR-FILE with the line."""
    reader = csv.DictReader(text.splitlines())
    if set(reader.fieldnames or ()) != _COLUMNS:
        raise _fault(
            f"{origin}:1", f"表头应为 {','.join(sorted(_COLUMNS))}", f"the columns must be {', '.join(sorted(_COLUMNS))}"
        )
    entries: dict[date, CalendarEntry] = {}
    for row in reader:
        place = f"{origin}:{reader.line_num}"
        try:
            day = date.fromisoformat(row["day"])
        except (TypeError, ValueError) as error:
            raise _fault(place, f"“{row['day']}”不是日期", f"{row['day']!r} is no date") from error
        if row["kind"] not in {"rest", "work"} or not row["source"] or day in entries:
            raise _fault(place, "每天一行，kind 为 rest 或 work，并写明来源", "one row a day, kind rest or work, and its source")
        entries[day] = CalendarEntry(day, row["kind"] == "work", Text(row["holiday_zh"], row["holiday_en"]), row["source"])
    return tuple(entries.values())


def _reason(entry: CalendarEntry) -> Text:
    zh, en = entry.holiday
    return Text(f"{zh}调休上班", f"worked in exchange for {en}") if entry.works else Text(f"{zh}放假", f"{en} holiday")


def _positive(count: int) -> None:
    if count < 1:
        raise ZhubaoError("E-CALENDAR-COUNT", Text("天数应不少于 1", "the number of days must be at least one"))


def _fault(place: str, zh: str, en: str) -> ZhubaoError:
    return ZhubaoError("E-CALENDAR-FILE", Text(zh, en), place=place)


@cache
def _built_in() -> WorkingCalendar:
    return WorkingCalendar(read_notice(_TABLE.read_text(encoding="utf-8"), _TABLE.name))
