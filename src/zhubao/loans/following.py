"""Looking after borrowers: after every so many months the bank's officer is to see how a borrower does, and records it."""

from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce, Left

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.parameters import ParameterBook
from zhubao.pension.months import day_in_month
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task

from .models import Loan
from .states import PROCESSES
from .stepping import FOLLOW_UP, begin, finish

MONTHS = "setting.loan_follow_up_months"
DEFAULT_MONTHS = 12


@implements("rg-12.4c", as_="action")
@transaction.atomic
def follow_up(loan_id: int, words: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Record that the bank looked after a borrower, with what was found; the next visit is counted from this day."""
    step = begin(loan_id, "follow_up", reason=words, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.loan
    close_tasks(step.loan.subject, [FOLLOW_UP], actor=actor, now=now)
    return finish(step)


@implements("rg-12.4c", as_="action")
def open_follow_ups(on: date, *, actor: Actor, now: datetime) -> int:
    """Put before the banks the borrowers last seen, or signed, the months of the setting before a day; return how many new ones.

    Each has one visit open at a time. Every task is a transaction of its own: a run that was stopped goes on where it stood.
    """
    made, book = 0, parameter_book()
    running = Loan.objects.filter(
        reduce(
            or_,
            (
                Q(policy_id=policy_id, state__in=row.start)
                for policy_id, process in PROCESSES.items()
                for row in process.transitions
                if row.verb == "follow_up"
            ),
        )
    )
    counties = running.order_by().annotate(county=Left("region_code", 6)).values_list("county", flat=True).distinct()
    for county in counties:
        seen = Coalesce(Max("steps__on", filter=Q(steps__verb="follow_up")), F("signed_on"))
        due = running.filter(region_code__startswith=county).annotate(last_seen=seen)
        for loan in due.filter(last_seen__lte=_months_before(on, county, book)).order_by("pk").iterator(chunk_size=500):
            task = open_task(
                FOLLOW_UP,
                loan.subject,
                region_code=loan.region_code,
                role=Role.BANK_OFFICER,
                organisation_id=loan.bank_id,
                deadline=None,
                actor=actor,
                now=now,
            )
            made += task.opened_at == now
    return made


def _months_before(on: date, county: str, book: ParameterBook) -> date:
    """Return the day by which a borrower who is to be seen on a day was last seen."""
    entry = book.find(MONTHS, on, area_of_region(county))
    months = DEFAULT_MONTHS if entry is None else int(entry.value)
    return day_in_month(on.year * 12 + on.month - months, on.day)
