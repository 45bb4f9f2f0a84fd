"""For which days a measure is reported, and by when."""

from dataclasses import dataclass
from datetime import date, timedelta

from zhubao.calendars import WorkingCalendar
from zhubao.parameters import ParameterBook
from zhubao.policies.measures import Period
from zhubao.tasks.deadlines import deadline

FESTIVAL = "春节"
# tl-5.3a names the season and no day: the campaign is planned this many days before the holiday begins.
DAYS_BEFORE_FESTIVAL = 20


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """The days a report speaks of (both inclusive) and the last day for it; `due_on` None where no day can be told."""

    first: date
    last: date
    due_on: date | None


def quarter_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the quarter a day lies in."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first, _before(date(day.year + first.month // 10, (first.month + 2) % 12 + 1, 1))


def quarter_before(first: date) -> tuple[date, date]:
    """Return the quarter before the one that begins on a day."""
    return quarter_of(_before(first))


def period_of(period: Period, day: date, area_code: str, book: ParameterBook) -> ReportPeriod | None:
    """Return the period a day lies in with its due day; None where only the superior's plan names one.

    The number of days after the end of a month, quarter or year is the setting ``measure_report_days`` of the area.
    """
    if period == "plan":
        return None
    if period == "festival":
        return _festival(day)
    if period == "month":
        first = day.replace(day=1)
        last = _before(date(day.year + day.month // 12, day.month % 12 + 1, 1))
    elif period == "year":
        first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    else:
        first, last = quarter_of(day)
    return ReportPeriod(first, last, deadline("measure_report_days", 10, "calendar", last, area_code, book).due_on)


def following(period: Period, after: date, area_code: str, book: ParameterBook) -> ReportPeriod | None:
    """Return the period that begins after a day."""
    return period_of(period, after + timedelta(days=1), area_code, book)


def festival_holiday(year: int) -> date | None:
    """Return the first day off of a year's Spring Festival as published, None for a year whose calendar is not there."""
    calendar = WorkingCalendar.built_in()
    if year not in calendar.years:
        return None
    days = (date(year, 1, 10) + timedelta(days=count) for count in range(60))
    return next((day for day in days if FESTIVAL in (said := calendar.judge(day))[1].zh and not said[0]), None)


def _festival(day: date) -> ReportPeriod:
    """Return the season after a day: from the day after one festival's due day to the next; a year without a calendar has no day."""
    for year in (day.year, day.year + 1):
        holiday = festival_holiday(year)
        due = holiday - timedelta(days=DAYS_BEFORE_FESTIVAL) if holiday else None
        if due is not None and day <= due:
            return ReportPeriod(day, due, due)
    return ReportPeriod(day, date(day.year + 1, 12, 31), None)


def _before(day: date) -> date:
    return day - timedelta(days=1)
