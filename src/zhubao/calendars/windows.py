"""Windows of the year in which something may be done, and periods of public notice."""

from dataclasses import dataclass
from datetime import date, timedelta

from zhubao.language import Text

from .working_days import CountedDay, DueDate, WorkingCalendar, add_calendar_days


@dataclass(frozen=True, slots=True)
class Window:
    """A window of every year from one month and day to another, both inclusive; it may run over the turn of the year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def contains(self, day: date) -> bool:
        """Whether `day` lies in the window."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last

    def opening(self, day: date) -> date:
        """Return the first day of the window that contains `day`, or of the next one."""
        if self.contains(day):
            this_year = day.replace(month=self.first[0], day=self.first[1])
            return this_year if this_year <= day else this_year.replace(year=day.year - 1)
        opening = date(day.year, *self.first)
        return opening if opening > day else date(day.year + 1, *self.first)

    def closing(self, day: date) -> date:
        """Return the last day of the window that contains `day`, or of the next one."""
        opening = self.opening(day)
        closing = date(opening.year, *self.last)
        return closing if closing >= opening else date(opening.year + 1, *self.last)


FOURTH_QUARTER = Window((10, 1), (12, 31))


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """A public notice: `counted` shows the full days after the posting day, `last_day` is the last of them.

    Signing off is possible from `sign_off_from`, the day after the last full day.
    """

    posted: date
    last_day: date
    sign_off_from: date
    counted: DueDate

    def over_on(self, day: date) -> bool:
        """Whether all full days have passed before `day`."""
        return day >= self.sign_off_from


def notice_period(posted: date, full_days: int = 7, calendar: WorkingCalendar | None = None) -> NoticePeriod:
    """Return the notice posted on a day; calendar days, or working days when a `calendar` is given. The posting day never counts."""
    due = calendar.add_working_days(posted, full_days) if calendar else add_calendar_days(posted, full_days)
    posting = CountedDay(posted, False, Text("张贴当天不计", "the posting day does not count"))
    counted = DueDate(due.start, due.count, due.kind, due.due, (posting, *due.days[1:]))
    return NoticePeriod(posted, due.due, due.due + timedelta(days=1), counted)
