"""Due dates in words: how many working days are left or lost, and the count behind the day."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhubao.calendars import WorkingCalendar
from zhubao.language import Language, Text
from zhubao.parameters.names import SETTING_PREFIX, declared
from zhubao.parameters.questions import questions
from zhubao.tasks.models import Task
from zhubao.web.clerk.words import language, said

SOON = 3
# Beyond it the days are counted by the calendar alone.
LONGEST = timedelta(days=400)


@dataclass(frozen=True)
class Due:
    """By when something is to be done. `tone` is bad when late, wait when close. `provisional`: the open question on the days;
    `supposed`: that a year of the count has no published calendar.

    `days` are the items of a list, one for every day of the count, whether it counted and why.
    """

    on: date | None
    words: str
    tone: str
    late: bool
    start: date | None
    count: int
    unit: str
    setting: str
    source: str
    provisional: str
    missing: str
    supposed: str
    days: SafeString


def due_of(task: Task, today: date) -> Due | None:
    """Return the due date of a task in words as of today; None for one without a deadline."""
    return due_from(task.due_arithmetic, task.due_on, task.provisional, today)


@dataclass(frozen=True)
class DueCell:
    """The due date of a task in a list, and its cell of the table."""

    due: Due | None
    drawn: SafeString


def cell_of(task: Task, today: date) -> DueCell:
    """Return the due date as `due_of` tells it for a task read with `counted`: the tasks of one day and count share one."""
    counted: str = task.counted  # type: ignore[attr-defined]
    return _cell(counted, task.due_on, task.provisional, today, language())


@lru_cache(maxsize=1024)
def _cell(counted: str, on: date | None, provisional: str, today: date, _tongue: Language) -> DueCell:
    due = due_from(json.loads(counted), on, provisional, today)
    return DueCell(due, render_to_string("cases/due.html", {"due": due}))


def due_from(kept: dict[str, Any], on: date | None, provisional: str, today: date) -> Due | None:
    """Return a due date in words as of a day from the count that was kept; None without one."""
    if not kept:
        return None
    unit = str(kept.get("kind", "working"))
    words, tone = _left(on, today, unit)
    known = declared(SETTING_PREFIX + str(kept.get("setting", "")))
    question = questions().get(provisional)
    return Due(
        on=on,
        words=words,
        tone=tone,
        late=on is not None and on < today,
        start=date.fromisoformat(kept["start"]) if "start" in kept else None,
        count=int(kept.get("count", 0)),
        unit=_("working days") if unit == "working" else _("calendar days"),
        setting=said(known.label) if known else "",
        source=str(kept.get("source") or ""),
        provisional=(said(question.default) if question else provisional),
        missing=Text(**kept["missing"]).in_(language()) if "missing" in kept else "",
        supposed=Text(**kept["supposed"]).in_(language()) if "supposed" in kept else "",
        days=_days(kept.get("days", [])),
    )


def _days(kept: list[dict[str, Any]]) -> SafeString:
    """Write the days of a count. Not in the template: the fifty counts of a queue took longer there than all the rest of the page."""
    tongue, left_out = language(), _("not counted")
    return mark_safe("".join(_day(each["day"], each["counted"], each["reason"][tongue], left_out) for each in kept))


@lru_cache(maxsize=4096)
def _day(day: str, counted: bool, why: str, left_out: str) -> SafeString:
    """Write one day of a count; many counts run over the same days."""
    if counted:
        return format_html("<li><b>{}</b> {}</li>", day[5:], why)
    return format_html('<li class="not"><b>{}</b> {} · {}</li>', day[5:], why, left_out)


def _left(due: date | None, today: date, unit: str) -> tuple[str, str]:
    """Return how many days are left or lost, in words, with a tone."""
    if due is None:
        return _("no working calendar"), "wait"
    if due == today:
        return _("today"), "wait"
    first, last = sorted((due, today))
    worked = _working_days(first, last) if unit == "working" else None
    count = (last - first).days if worked is None else worked
    if due < today:
        if worked is None:
            return ngettext("%(count)d day late", "%(count)d days late", count) % {"count": count}, "bad"
        return ngettext("%(count)d working day late", "%(count)d working days late", count) % {"count": count}, "bad"
    tone = "wait" if count <= SOON else ""
    if worked is None:
        return ngettext("%(count)d day left", "%(count)d days left", count) % {"count": count}, tone
    return ngettext("%(count)d working day left", "%(count)d working days left", count) % {"count": count}, tone


@lru_cache(maxsize=2048)
def _working_days(first: date, last: date) -> int | None:
    """Count the working days after `first` up to `last`, of a year without a calendar all but weekends; None when the span is long."""
    if last - first > LONGEST:
        return None
    calendar = WorkingCalendar.built_in().by_weekends()
    return sum(calendar.is_working(first + timedelta(days=each)) for each in range(1, (last - first).days + 1))
