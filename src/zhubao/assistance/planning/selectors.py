"""What is read of plans: for lists, for the counts of a plan, for the changes of a run."""

from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Substr

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.people.certifiers import SPEAKS_FOR
from zhubao.policies import judge_of
from zhubao.policies.yearly_plan import yearly_plans

from ..models import AssistancePlan, PlanChange, PlanRow, PlanRun, PlanRunKind
from ..models.plan import AssistancePlanQuerySet
from ..models.row import PlanRowQuerySet
from .deciding import NOT_HELPED

TOWNSHIP_LENGTH = 9
HELPED = ~Q(state__in=NOT_HELPED) & Q(on_behalf_fen__gt=0)


def plans_for(actor: Actor) -> AssistancePlanQuerySet:
    """Return the plans of a scope; a post below a county sees its county's."""
    above = [actor.scope[:length] for length in range(6, len(actor.scope))]
    return AssistancePlan.objects.filter(Q(region_code__startswith=actor.scope) | Q(region_code__in=above))


def plan_for(actor: Actor, plan_id: int) -> AssistancePlan:
    """Return one plan; raise DoesNotExist for none, OutOfScope for another region's."""
    plan = AssistancePlan.objects.select_related("agency", "opened_by", "published_by").get(pk=plan_id)
    if not actor.scope.startswith(plan.region_code):
        actor.require_region(plan.region_code)
    return plan


def run_for(actor: Actor, run_id: int) -> PlanRun:
    """Return one reckoning; raise DoesNotExist, OutOfScope: runs are about the whole county."""
    run = PlanRun.objects.select_related("plan", "run_by__user", "assumed_roster").get(pk=run_id)
    actor.require_region(run.plan.region_code)
    return run


def rows_for(actor: Actor, plan: AssistancePlan | None = None) -> PlanRowQuerySet:
    """Return the rows of a scope; a department sees the people it pays for and those who stand on its lists."""
    rows = PlanRow.objects.within(actor)
    if plan is not None:
        rows = rows.filter(plan=plan)
    if actor.role == Role.CERTIFIER:
        kind = Organisation.objects.values_list("kind", flat=True).filter(pk=actor.organisation_id or 0).first()
        mine = SPEAKS_FOR.get(kind or "", ())
        named = [
            code
            for policy_id in yearly_plans()
            for code, identity in judge_of(policy_id).policy.identities.items()
            if set(identity.certifiers) & set(mine)
        ]
        rows = rows.filter(Q(payer__in=mine) | Q(categories__overlap=named))
    return rows


def row_for(actor: Actor, row_id: int) -> PlanRow:
    """Return one row; raise DoesNotExist for none or another department's, OutOfScope for another region's."""
    row = PlanRow.objects.select_related("plan", "person", "identity").get_for(actor, pk=row_id)
    return row if actor.role != Role.CERTIFIER else rows_for(actor).select_related("plan", "person", "identity").get(pk=row_id)


def counted_by(rows: PlanRowQuerySet, name: str) -> list[dict[str, Any]]:
    """Return people and money by a column of the rows, or by ``township``; people nobody pays for are counted apart.

    Each has `value`, `people` (all), `helped`, `on_behalf_fen`, `self_pay_fen`, `waiting` (evidence missing).
    """
    by = Substr("region_code", 1, TOWNSHIP_LENGTH) if name == "township" else F(name)
    found: Any = (
        rows.order_by()
        .values(value=by)
        .annotate(
            people=Count("pk"),
            helped=Count("pk", filter=HELPED),
            on_behalf=Sum("on_behalf_fen", filter=HELPED, default=0),
            self_pay=Sum("self_pay_fen", filter=HELPED, default=0),
            waiting=Count("pk", filter=~Q(unknown=[]) & Q(state__in=("rostered", "matched", "planned"))),
        )
        .order_by("value")
    )
    return list(found)


def last_run(plan: AssistancePlan) -> PlanRun | None:
    """Return the newest finished reckoning of a plan that was no trial."""
    return plan.runs.exclude(kind=PlanRunKind.TRIAL).exclude(finished_at=None).order_by("-number").first()


def changes_of(run: PlanRun, kind: str = "") -> Any:
    """Return the changes of a run by kind and person."""
    changes = PlanChange.objects.filter(run=run).select_related("person")
    return (changes.filter(kind=kind) if kind else changes).order_by("kind", "person__region_code", "pk")


def change_counts(run: PlanRun) -> dict[str, int]:
    """Return how many changes of each kind a run found."""
    return dict(PlanChange.objects.filter(run=run).order_by().values_list("kind").annotate(count=Count("pk")))


def compared(run: PlanRun, name: str) -> list[dict[str, Any]]:
    """Return people and money before and after a run by ``category``, ``payer`` or ``township``."""
    return list(
        run.totals.order_by(name)
        .values(name)
        .annotate(
            before=Sum("people_before"),
            on_behalf_before=Sum("on_behalf_before_fen"),
            self_pay_before=Sum("self_pay_before_fen"),
            after=Sum("people"),
            on_behalf=Sum("on_behalf_fen"),
            self_pay=Sum("self_pay_fen"),
        )
    )
