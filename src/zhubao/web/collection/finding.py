"""Who sees which plan, and what every page of collection shares."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhubao.access.actors import Actor
from zhubao.access.models import Region
from zhubao.access.roles import Role
from zhubao.assistance.models import AssistancePlan, PlanRow
from zhubao.assistance.parties import departments_claim, payers_of
from zhubao.policies import judge_of
from zhubao.web.attempts import told_above
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.verification.finding import department_said

LISTED: Final = 50
CENTRE_ROLES: Final = (Role.AGENCY_REVIEWER, Role.AGENCY_APPROVER, Role.AGENCY_ACCOUNTANT)
WATCHING: Final = (Role.HRSS_SUPERVISOR, Role.AUDITOR)
COLLECTION_ROLES: Final = (*CENTRE_ROLES, Role.TOWNSHIP_CLERK, Role.TAX_CLERK, Role.CERTIFIER, Role.FINANCE_CLERK, *WATCHING)
VERIFYING_ROLES: Final = (*CENTRE_ROLES, Role.CERTIFIER, *WATCHING)
CLAIM_ROLES: Final = (*CENTRE_ROLES, Role.TAX_CLERK, Role.CERTIFIER, Role.FINANCE_CLERK, *WATCHING)
REFUND_ROLES: Final = (*CENTRE_ROLES, Role.CERTIFIER, *WATCHING)
DISABILITY_ROLES: Final = (*CENTRE_ROLES, Role.FINANCE_CLERK, *WATCHING)
RECOVERY_ROLES: Final = (*CENTRE_ROLES, Role.FINANCE_CLERK, *WATCHING)
RECONCILING_ROLES: Final = (*CENTRE_ROLES, Role.FINANCE_CLERK, *WATCHING)

# Part of the pages: its view, its name in the tabs, who opens it, whether it exists only where departments pay.
PARTS: Final[tuple[tuple[str, Any, tuple[str, ...], bool], ...]] = (
    ("plan", gettext_lazy("Collected"), COLLECTION_ROLES, False),
    ("unpaid", gettext_lazy("Not paid yet"), (*CENTRE_ROLES, Role.TOWNSHIP_CLERK, Role.TAX_CLERK, *WATCHING), False),
    ("verification", gettext_lazy("Actual data"), VERIFYING_ROLES, True),
    ("claims", gettext_lazy("Claims for the money"), CLAIM_ROLES, False),
    ("refunds", gettext_lazy("Refunds"), REFUND_ROLES, True),
    ("disability", gettext_lazy("Severely disabled"), DISABILITY_ROLES, True),
    ("recoveries", gettext_lazy("To be recovered"), RECOVERY_ROLES, False),
    ("reconciliation", gettext_lazy("Three-way reconciliation"), RECONCILING_ROLES, False),
)


def plans_for(actor: Actor) -> list[AssistancePlan]:
    """Return the plans that are handed out in the post's county, the last year first; a township's are its county's."""
    plans = AssistancePlan.objects.exclude(state="drafted").select_related("agency")
    return list(plans.filter(region_code__startswith=actor.scope[:6]).order_by("-year", "policy_id"))


def found_plan(actor: Actor, plan_id: int) -> AssistancePlan:
    """Return a plan the post may see; raise Http404 for any other, as if it were not there."""
    plan = next((plan for plan in plans_for(actor) if plan.pk == plan_id), None)
    if plan is None:
        raise Http404
    return plan


def framed(request: PostRequest, plan: AssistancePlan, here: str, **more: Any) -> dict[str, Any]:
    """Return what the frame of a plan's page shows: its title and the tabs of the post."""
    by_department = departments_claim(plan)
    tabs = [
        (f"collection:{view}", label, view == here)
        for view, label, roles, departments in PARTS
        if request.actor.role in roles and (by_department or not departments)
    ]
    title = said(judge_of(plan.policy_id).policy.title)
    return {"plan": plan, "tabs": tabs, "here": here, "title": title, "by_department": by_department, **more}


def act(request: PostRequest, done: str, step: Callable[[], object]) -> bool:
    """Take a step and say so; a refusal comes back as words, and nothing is changed then."""
    with told_above(request):
        with transaction.atomic():
            step()
        messages.success(request, done)
        return True
    return False


def chosen(values: list[str]) -> list[int]:
    """Return the row numbers a form sent, passing over what is none."""
    return [int(value) for value in values if value.isascii() and value.isdecimal() and len(value) < 16]


def own_payers(actor: Actor) -> tuple[str, ...] | None:
    """Return the departments whose rows the post sees; None for all."""
    return payers_of(actor)


def shown_rows(rows: Sequence[PlanRow]) -> list[dict[str, Any]]:
    """Return what a list shows of rows read with plan and person; villages are looked up once for all."""
    places = dict(Region.objects.filter(code__in={row.region_code for row in rows}).values_list("code", "name"))
    return [
        {
            "row": row,
            "category": category_said(row.plan.policy_id, row.category),
            "department": department_said(row.payer) if row.payer else "",
            "village": places.get(row.region_code, row.region_code),
        }
        for row in rows
    ]


def category_said(policy_id: str, category: str) -> str:
    """Return a category in words."""
    identity = judge_of(policy_id).policy.identities.get(category)
    return said(identity.label) if identity else category


def payer_said(payer: str) -> str:
    """Return a paying department in words."""
    return str(department_said(payer)) if payer else _("the county itself")
