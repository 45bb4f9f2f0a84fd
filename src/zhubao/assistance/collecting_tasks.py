"""What waits in a plan year, put before the posts whose turn it is: own parts by township, actual data, verification, claims, refunds.

A task about a plan has the subject ``collection:<plan>/<part>``, which opens the page of that part.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, Min, Q
from django.db.models.functions import Substr
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.tasks.kinds import declare
from zhubao.tasks.models import Task

from .claiming import claimable
from .dates import ACTUAL_DATA, CLAIM, LATE, SELF_PAY, VERIFIED, now_due, plan_day
from .models import AssistancePlan, Channel, PlanDifference, PlanRow
from .models.row import PlanRowQuerySet
from .parties import departments_claim, office_of
from .recovering import find_recoveries
from .refunding import DEFAULT_DAYS, REFUND_DAYS
from .settling_disability import unsettled_rows
from .verifying import ready_rows

COLLECT = declare("collection.own_parts", Text("催收自付部分", "collect own parts"))
LIST = declare("collection.actual", Text("报送实缴代缴数据", "send the actual data"))
VERIFY = declare("collection.verify", Text("核实实缴代缴数据", "verify the actual data"))
ASK = declare("collection.claim", Text("申请代缴资金", "claim contributions on behalf"))
REFUNDS = declare("collection.refunds", Text("编制退费名单", "draw up the refund list"))
DISABILITY = declare("collection.disability", Text("编制重残市县结算", "draw up the settlement of the severely disabled"))
DIFFERENCES = declare("collection.differences", Text("处理代缴对账差异", "settle differences of contributions on behalf"))
KINDS = (COLLECT, LIST, VERIFY, ASK, REFUNDS, DISABILITY, DIFFERENCES)
TOWNSHIP = 9


class Waiting(NamedTuple):
    """One thing that waits for a post."""

    kind: str
    part: str
    region_code: str
    role: str
    organisation_id: int | None
    deadline: Deadline | None


def unpaid_rows(plan: AssistancePlan) -> PlanRowQuerySet:
    """Return the rows whose own part has not arrived."""
    return PlanRow.objects.filter(plan=plan, state="planned", on_behalf_fen__gt=0, self_paid_fen__lt=F("self_pay_fen"))


@implements("ps-2.2e", "ps-2.2j", as_="action")
@transaction.atomic
def renew_tasks(plan: AssistancePlan, *, actor: Actor, now: datetime) -> int:
    """Open what waits in a published plan and close what does not any more; return how many wait. Safe to repeat."""
    waiting = list(_waiting(plan, localdate(now))) if plan.state == "published" else []
    wanted = {(each.kind, f"collection:{plan.pk}/{each.part}") for each in waiting}
    standing = Task.objects.open().filter(kind__in=KINDS, region_code__startswith=plan.region_code)
    for task in standing.filter(subject__startswith=f"collection:{plan.pk}/"):
        if (task.kind, task.subject) not in wanted:
            close_tasks(task.subject, [task.kind], actor=actor, now=now)
    for each in waiting:
        open_task(
            each.kind,
            f"collection:{plan.pk}/{each.part}",
            region_code=each.region_code,
            role=each.role,
            organisation_id=each.organisation_id,
            deadline=each.deadline,
            actor=actor,
            now=now,
        )
    return len(waiting)


def _waiting(plan: AssistancePlan, today: date) -> Iterator[Waiting]:
    book, area, county = parameter_book(), area_of_region(plan.region_code), plan.region_code

    def by(setting: str) -> Deadline:
        return now_due(setting, plan.year, today, area, book)

    yield from _own_parts(plan)
    by_department = departments_claim(plan)
    if by_department and ready_rows(plan).exists():
        yield Waiting(LIST, "actual", county, Role.TAX_CLERK, None, by(ACTUAL_DATA))
    if by_department:
        listed = PlanRow.objects.filter(plan=plan, state__in=("actual_listed", "verified"), channel=Channel.COUNTY)
        found = (
            listed.order_by()
            .values("payer")
            .annotate(listed=Count("pk", filter=Q(state="actual_listed")), verified=Count("pk", filter=Q(state="verified")))
        )
        for each in found:
            office = office_of(plan, each["payer"])
            if each["listed"]:
                yield Waiting(VERIFY, f"verify/{each['payer']}", county, Role.CERTIFIER, office.pk, by(VERIFIED))
            if each["verified"]:
                yield Waiting(ASK, f"claim/{each['payer']}", county, Role.CERTIFIER, office.pk, by(CLAIM))
    elif claimable(plan).exists():
        yield Waiting(ASK, "claim", county, Role.AGENCY_REVIEWER, plan.agency_id, by(CLAIM))
    full = PlanRow.objects.filter(plan=plan, state="self_full", on_behalf_fen__gt=0).aggregate(first=Min("self_paid_on"))
    if full["first"] is not None:
        due = deadline(REFUND_DAYS, DEFAULT_DAYS, "calendar", full["first"], area, book)
        yield Waiting(REFUNDS, "refunds", county, Role.AGENCY_REVIEWER, plan.agency_id, due)
    if unsettled_rows(plan).exists():
        last = plan_day(LATE, plan.year, area, book)
        yield Waiting(DISABILITY, "disability", county, Role.FINANCE_CLERK, None, last)
    if PlanDifference.objects.open().filter(plan=plan).exists():
        yield Waiting(DIFFERENCES, "differences", county, Role.AGENCY_ACCOUNTANT, plan.agency_id, None)


def _own_parts(plan: AssistancePlan) -> Iterator[Waiting]:
    """Yield one thing for each township whose people owe their own part, due on the first day any of them is due."""
    found = (
        unpaid_rows(plan)
        .order_by()
        .annotate(township=Substr("region_code", 1, TOWNSHIP))
        .values("township")
        .annotate(first=Min("due_on"))
    )
    days = {
        due.due_on: due
        for due in (plan_day(each, plan.year, area_of_region(plan.region_code), parameter_book()) for each in (SELF_PAY, LATE))
    }
    for each in found:
        township, first = each["township"], each["first"]
        due = days.get(first) or Deadline(first, {"due": str(first), "kind": "calendar", "days": []} if first else {}, "")
        yield Waiting(COLLECT, f"unpaid/{township}", township, Role.TOWNSHIP_CLERK, None, due)


def renew_published(*, actor: Actor, now: datetime) -> int:
    """Renew what waits in every published plan of the actor's scope, each in a transaction of its own; return how many plans."""
    plans = list(AssistancePlan.objects.within(actor).filter(state="published").select_related("agency").order_by("pk"))
    for plan in plans:
        renew_tasks(plan, actor=actor, now=now)
    # A death may become known when the year is closed.
    for plan in AssistancePlan.objects.within(actor).exclude(state="drafted").select_related("agency").order_by("pk"):
        find_recoveries(plan, actor=actor, now=now)
    return len(plans)
