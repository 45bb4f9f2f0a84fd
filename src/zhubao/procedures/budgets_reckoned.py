"""A budget that was asked for is reckoned: in the background where a county has many loans."""

from collections.abc import Callable
from datetime import datetime

from zhubao.access.actors import Actor
from zhubao.oversight.budget.actions import reckon
from zhubao.oversight.budget.models import BudgetRun

SYSTEM = "budget"
# So many loans are reckoned while somebody waits.
AT_ONCE = 2_000


def reckon_now(run_id: int, *, clock: Callable[[], datetime]) -> BudgetRun:
    """Reckon a budget for whoever asked; done before, nothing happens."""
    region = BudgetRun.objects.values_list("region_code", flat=True).get(pk=run_id)
    return reckon(run_id, actor=Actor.system(SYSTEM, region), clock=clock)
