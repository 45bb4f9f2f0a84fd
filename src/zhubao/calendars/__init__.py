"""Working days, windows and due dates that show their arithmetic."""

from .windows import FOURTH_QUARTER, NoticePeriod, Window, notice_period
from .working_days import CalendarEntry, CountedDay, DueDate, WorkingCalendar, add_calendar_days, read_notice

__all__ = [
    "FOURTH_QUARTER",
    "CalendarEntry",
    "CountedDay",
    "DueDate",
    "NoticePeriod",
    "Window",
    "WorkingCalendar",
    "add_calendar_days",
    "notice_period",
    "read_notice",
]
