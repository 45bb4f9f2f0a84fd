"""Every morning the villages of every published plan have a task for each household that owes its own part, and none for any other."""

from datetime import datetime

from zhubao.access.actors import Actor
from zhubao.assistance.closing_out_calls import share_out_calls
from zhubao.assistance.models import AssistancePlan
from zhubao.policies.claims import implements


@implements("ps-3.2b", as_="action")
def share_out_everywhere(*, now: datetime) -> tuple[int, int]:
    """Share calls out in every published plan, one transaction each, and return opened and closed. Safe to repeat."""
    opened = closed = 0
    for plan in AssistancePlan.objects.filter(state="published").order_by("pk"):
        actor = Actor.system("household-calls", plan.region_code)
        more, fewer = share_out_calls(plan.pk, plan.region_code, actor=actor, now=now)
        opened, closed = opened + more, closed + fewer
    return opened, closed
