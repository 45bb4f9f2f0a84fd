"""What is particular to a document that plans a year of contributions on behalf; declared in its module, beside its rules.

A plan and the lists behind it read everything that differs between documents here: a further document brings its own
`yearly_plan` and nothing of the plan or of the lists changes.
"""

from dataclasses import dataclass
from importlib import import_module

from . import MODULES


@dataclass(frozen=True)
class YearlyPlan:
    """What one document makes of failed clauses, of its categories and of days.

    `lost`: clauses that fail for somebody who belongs to no group any more; `gone`: for these a row is cancelled instead of excluded;
    `stops`: these stop a row even after the claim. `own_channel`: categories paid by their former way. `self_pay_due`: whether the
    text names a day for the own part. `listed_ages`: the youngest and the oldest age in whole years a department lists, both
    included, None where the text leaves it to the plan.
    """

    lost: tuple[str, ...]
    gone: tuple[str, ...]
    stops: tuple[str, ...] = ()
    own_channel: tuple[str, ...] = ()
    self_pay_due: bool = False
    listed_ages: tuple[int, int] | None = None


def yearly_plan_of(policy_id: str) -> YearlyPlan | None:
    """Return what is particular to a document's plan; None for one that pays nothing on behalf or is not known."""
    if policy_id not in MODULES:
        return None
    found: YearlyPlan | None = getattr(import_module(f"{__package__}.{MODULES[policy_id]}"), "yearly_plan", None)
    return found


def yearly_plans() -> dict[str, YearlyPlan]:
    """Return the documents that plan a year, in the order of the documents."""
    return {policy_id: plan for policy_id in MODULES if (plan := yearly_plan_of(policy_id)) is not None}
