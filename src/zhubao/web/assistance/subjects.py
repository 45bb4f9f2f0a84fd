"""How tasks about plans, their reckonings and their rows are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.assistance.models import AssistancePlan, PlanRow, PlanRun
from zhubao.policies import judge_of
from zhubao.web.cases.subjects import Named, subjects


@subjects("plan")
def plans(names: Collection[str]) -> dict[str, Named]:
    """Read plans by county, document and year: ``500243-pengshui-2022-2022``."""
    found = {}
    for name in names:
        region, _dash, rest = name.partition("-")
        policy_id, _dash, year = rest.rpartition("-")
        plan = AssistancePlan.objects.filter(region_code=region, policy_id=policy_id, year=int(year or 0)).first()
        if plan is not None:
            address = reverse("assistance:plan", args=[plan.pk])
            found[name] = Named(address, f"{region}-{year}", "", judge_of(policy_id).policy.title)
    return found


@subjects("plan-run")
def runs(names: Collection[str]) -> dict[str, Named]:
    """Read reckonings by their keys."""
    found = PlanRun.objects.select_related("plan").filter(pk__in=[int(name) for name in names])
    return {
        str(run.pk): Named(
            reverse("assistance:run", args=[run.pk]),
            f"{run.plan.region_code}-{run.plan.year}-{run.number}",
            "",
            judge_of(run.plan.policy_id).policy.title,
        )
        for run in found
    }


@subjects("plan-row")
def rows(names: Collection[str]) -> dict[str, Named]:
    """Read rows by their keys."""
    found = PlanRow.objects.select_related("plan", "person").filter(pk__in=[int(name) for name in names])
    return {
        str(row.pk): Named(
            reverse("assistance:row", args=[row.pk]),
            f"{row.region_code}-{row.plan.year}",
            row.person.masked_name,
            judge_of(row.plan.policy_id).policy.title,
        )
        for row in found
    }
