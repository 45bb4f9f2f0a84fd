"""What is past its day, and what soon will be: units are told, the second time those they answer to as well (gz-11d)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel, Notice
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.deadlines import deadline

from .course import POST_OF, REPORTS
from .models import Measure
from .offices import manager_of
from .periods import following
from .stepping import begin, finish

OVERDUE, REMINDER, SECOND = "measure.overdue", "measure.reminder", "measure.second_miss"


@implements("gz-11d", "gz-1g", "gz-2c", "gz-5d", "gz-6c", "gz-7c", "gz-8c", "gz-9d", "gz-11g", "gz-12c", "gz-13c", as_="action")
def supervise_measures(on: date, *, actor: Actor, now: datetime) -> int:
    """Mark measures overdue whose report was not there by a day before `on`, and tell their units; return how many.

    Each missed report is marked and told of once, however often this runs. One that stays overdue through another period is missed a
    second time: then the bureau the lead unit answers to is told too. Each measure is a transaction of its own.
    """
    waiting = Measure.objects.within(actor).filter(state__in=REPORTS, due_on__lt=on).order_by("pk")
    return sum(_miss(measure.pk, day, actor=actor, now=now) for measure in waiting for day in _missed_days(measure, on))


def remind_measures(on: date, *, actor: Actor, now: datetime) -> int:
    """Remind lead units of reports due soon, once for each due day; return the notices made."""
    made = 0
    soon = Measure.objects.within(actor).filter(state__in=REPORTS, due_on__gte=on, due_on__lte=on + timedelta(days=60))
    book = parameter_book()
    for measure in soon.select_related("lead").order_by("pk"):
        assert measure.due_on is not None
        days = deadline("measure_reminder_days", 5, "calendar", on, area_of_region(measure.region_code), book)
        if measure.lead is None or days.due_on is None or measure.due_on > days.due_on:
            continue
        words = f"“{measure.known.title.zh}”本期进展应于 {measure.due_on} 前报告。"
        made += _tell(measure, [measure.lead], REMINDER, words, occasion=measure.due_on, actor=actor, now=now)
    return made


def _missed_days(measure: Measure, on: date) -> Iterator[date]:
    """Yield the due days before `on` that went by without a report and were not marked yet, the first first."""
    due, last = measure.due_on, measure.period_to
    area, book = area_of_region(measure.region_code), parameter_book()
    while due is not None and due < on:
        if measure.missed_due_on is None or due > measure.missed_due_on:
            yield due
        period = following(measure.known.period, last, area, book) if last is not None else None
        due, last = (period.due_on, period.last) if period is not None else (None, None)


@transaction.atomic
def _miss(pk: int, day: date, *, actor: Actor, now: datetime) -> int:
    going = begin(pk, "miss", key=f"miss/{day}", actor=actor, now=now)
    measure = going.measure
    if going.done:
        return 0
    measure.missed += 1
    measure.missed_due_on = day
    finish(going, due_on=str(day), missed=measure.missed)
    units = [unit.organisation for unit in measure.units.select_related("organisation") if unit.organisation is not None]
    title = measure.known.title.zh
    words = f"督办：“{title}”应于 {day} 前报告，至今未报（第 {measure.missed} 次）。"
    _tell(measure, units, OVERDUE, words, occasion=day, actor=actor, now=now)
    if measure.missed >= 2:
        lead = measure.lead.name if measure.lead else "（未定牵头单位）"
        _tell(
            measure, manager_of(measure.lead, measure.region_code), SECOND, f"{lead}：{words}", occasion=day, actor=actor, now=now
        )
    return 1


def _tell(
    measure: Measure, offices: list[Organisation], kind: str, words: str, *, occasion: date, actor: Actor, now: datetime
) -> int:
    told = Notice.objects.filter(subject=measure.subject, kind=kind, occasion=str(occasion))
    known = set(told.values_list("organisation_id", flat=True))
    new = [office for office in dict.fromkeys(offices) if office.pk not in known]
    for office in new:
        tell(
            measure.subject,
            words,
            kind=kind,
            channel=Channel.ONLINE,
            region_code=measure.region_code,
            organisation_id=office.pk,
            role=POST_OF[office.kind],
            occasion=str(occasion),
            actor=actor,
            now=now,
        )
    return len(new)
