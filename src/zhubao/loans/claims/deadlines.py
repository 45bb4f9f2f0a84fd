"""By when a claim is to be paid: thirty working days in Jiangxi, promptly in Rugao; the clock stands still while the bank corrects."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from zhubao.calendars import WorkingCalendar
from zhubao.parameters import ParameterBook
from zhubao.policies.claims import implements
from zhubao.tasks.deadlines import Deadline, counted_deadline, deadline

from ..states import JIANGXI, RUGAO


class Limit(NamedTuple):
    """The dated setting that holds the number of days, its default, and which days count."""

    setting: str
    days: int
    unit: Literal["working", "calendar"]


LIMITS = {JIANGXI: Limit("claim_payment_days", 30, "working"), RUGAO: Limit("claim_prompt_days", 30, "calendar")}


@implements("jx-annex-5d", "rg-17", as_="feature")
def payment_due(
    policy_id: str,
    received_on: date,
    paused_days: int,
    area_code: str,
    book: ParameterBook,
    *,
    calendar: WorkingCalendar | None = None,
) -> Deadline:
    """Return the last day in time, counted from the day the complete claim came, with the days the clock stood still beside it."""
    limit = LIMITS[policy_id]
    first = deadline(limit.setting, limit.days, limit.unit, received_on, area_code, book, calendar=calendar)
    if not paused_days or first.due_on is None:
        return first
    count = int(first.arithmetic["count"]) + paused_days
    known = {name: first.arithmetic[name] for name in ("setting", "source")} | {"paused": paused_days}
    return counted_deadline(received_on, count, limit.unit, known, first.provisional, area_code, book, calendar=calendar)


def days_between(policy_id: str, start: date, end: date, *, calendar: WorkingCalendar | None = None) -> int:
    """Return how many days of the limit's kind lie after `start` up to and including `end`; without a calendar the weekends are left out."""
    days = [start + timedelta(at) for at in range(1, (end - start).days + 1)]
    if LIMITS[policy_id].unit == "calendar":
        return len(days)
    known = (calendar or WorkingCalendar.built_in()).by_weekends()
    return sum(known.is_working(day) for day in days)
