"""What is read of the collection of a plan: by township, by day, who has not paid."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Substr

from zhubao.access.models import Region
from zhubao.policies.claims import implements

from .collecting_tasks import TOWNSHIP, unpaid_rows
from .models import AssistancePlan, PlanReceipt, PlanRow, ReceiptKind
from .models.row import PlanRowQuerySet

OUTSIDE = ("rostered", "matched", "excluded", "cancelled")
OWING = Q(self_pay_fen__gt=0)
UNPAID = Q(state="planned", self_paid_fen__lt=F("self_pay_fen"))


@dataclass(frozen=True)
class TownshipSums:
    """The own parts of one township: people who owe one, what it comes to, what came, who has not paid, whose day has passed; fen."""

    code: str
    name: str
    people: int
    due_fen: int
    paid: int
    paid_fen: int
    in_full: int
    unpaid: int
    unpaid_fen: int
    overdue: int


@dataclass(frozen=True)
class DaySums:
    """What came in on one day, fen."""

    on: date
    receipts: int
    fen: int


@implements("ps-2.2e", as_="feature")
def by_township(plan: AssistancePlan, today: date, region_code: str = "") -> list[TownshipSums]:
    """Return the own parts of each township of a plan as of a day; a row due on a day is overdue the day after."""
    rows = PlanRow.objects.filter(plan=plan, on_behalf_fen__gt=0).exclude(state__in=OUTSIDE)
    if region_code:
        rows = rows.filter(region_code__startswith=region_code)
    full = Q(receipt__kind=ReceiptKind.IN_FULL)
    found = (
        rows.order_by()
        .annotate(township=Substr("region_code", 1, TOWNSHIP))
        .values("township")
        .annotate(
            people=Count("pk", filter=OWING),
            due=Sum("self_pay_fen", filter=OWING, default=0),
            paid=Count("pk", filter=Q(self_paid_fen__gt=0)),
            came=Sum("self_paid_fen", default=0),
            in_full=Count("pk", filter=full),
            unpaid=Count("pk", filter=UNPAID),
            owed=Sum(F("self_pay_fen") - F("self_paid_fen"), filter=UNPAID, default=0),
            overdue=Count("pk", filter=UNPAID & Q(due_on__lt=today)),
        )
        .order_by("township")
    )
    listed = list(found)
    names = dict(Region.objects.filter(code__in=[each["township"] for each in listed]).values_list("code", "name"))
    return [
        TownshipSums(
            each["township"],
            names.get(each["township"], each["township"]),
            each["people"],
            int(each["due"]),
            each["paid"],
            int(each["came"]),
            each["in_full"],
            each["unpaid"],
            int(each["owed"]),
            each["overdue"],
        )
        for each in listed
    ]


def by_day(plan: AssistancePlan, region_code: str = "") -> list[DaySums]:
    """Return what came in day by day, the first day first."""
    receipts = PlanReceipt.objects.filter(plan=plan, region_code__startswith=region_code).order_by()
    found = receipts.values("paid_on").annotate(count=Count("pk"), fen=Sum("amount_fen")).order_by("paid_on")
    return [DaySums(each["paid_on"], each["count"], int(each["fen"])) for each in found]


def who_has_not_paid(plan: AssistancePlan, region_code: str = "") -> PlanRowQuerySet:
    """Return the rows whose own part has not arrived, the first due first, read with plan and person."""
    rows = unpaid_rows(plan).filter(region_code__startswith=region_code)
    return rows.select_related("plan", "person").order_by("due_on", "region_code", "pk")
