"""Tables of contributions on behalf."""

from .plan import AssistancePlan, PlanRun, PlanRunKind
from .row import ChangeKind, Channel, PlanChange, PlanRow, PlanStep

__all__ = ["AssistancePlan", "ChangeKind", "Channel", "PlanChange", "PlanRow", "PlanRun", "PlanRunKind", "PlanStep"]
