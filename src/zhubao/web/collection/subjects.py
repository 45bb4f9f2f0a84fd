"""How tasks about collection, claims, refunds and settlements are named in the queue, each with the page where its step is done."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from zhubao.assistance.models import AssistanceClaim, AssistancePlan, DisabilitySettlement, Recovery, Refund
from zhubao.policies import judge_of
from zhubao.web.cases.subjects import Named, subjects

from .finding import payer_said

PAGES = {
    "unpaid": "collection:unpaid",
    "actual": "collection:plan",
    "verify": "collection:verification",
    "claim": "collection:claims",
    "refunds": "collection:refunds",
    "disability": "collection:disability",
    "differences": "collection:reconciliation",
}


@subjects("collection")
def collections(names: Collection[str]) -> dict[str, Named]:
    """Read parts of plans: ``12/verify/civil_affairs``."""
    plans = {
        plan.pk: plan
        for plan in AssistancePlan.objects.filter(
            pk__in={int(name.split("/")[0]) for name in names if name.split("/")[0].isdecimal()}
        )
    }
    found = {}
    for name in names:
        number, _slash, part = name.partition("/")
        plan = plans.get(int(number)) if number.isdecimal() else None
        page, _slash, rest = part.partition("/")
        if plan is None or page not in PAGES:
            continue
        address = reverse(PAGES[page], args=[plan.pk])
        whom = payer_said(rest) if page in ("verify", "claim") else rest
        if page == "unpaid":
            address += f"?place={rest}"
        found[name] = Named(address, f"{plan.year} {plan.region_code}", whom, judge_of(plan.policy_id).policy.title)
    return found


@subjects("assistance-claim")
def claims(names: Collection[str]) -> dict[str, Named]:
    """Read claims by their numbers; in the place of a person stands the department."""
    found = AssistanceClaim.objects.select_related("plan").filter(number__in=names)
    return {
        claim.number: Named(
            reverse("collection:claim", args=[claim.number]),
            claim.number,
            payer_said(claim.payer),
            judge_of(claim.plan.policy_id).policy.title,
        )
        for claim in found
    }


@subjects("refund")
def refunds(names: Collection[str]) -> dict[str, Named]:
    """Read refunds by their keys."""
    keys = [int(name) for name in names if name.isdecimal()]
    return {
        str(refund.pk): Named(
            reverse("collection:refunds", args=[refund.plan_id]),
            refund.batch,
            refund.row.person.masked_name,
            judge_of(refund.plan.policy_id).policy.title,
        )
        for refund in Refund.objects.select_related("plan", "row__person").filter(pk__in=keys)
    }


@subjects("disability-settlement")
def settlements(names: Collection[str]) -> dict[str, Named]:
    """Read settlements of the severely disabled by their numbers."""
    return {
        each.number: Named(
            reverse("collection:disability", args=[each.plan_id]),
            each.number,
            _("city and county"),
            judge_of(each.plan.policy_id).policy.title,
        )
        for each in DisabilitySettlement.objects.select_related("plan").filter(number__in=names)
    }


@subjects("recovery")
def recoveries(names: Collection[str]) -> dict[str, Named]:
    """Read recoveries by their keys."""
    found = Recovery.objects.select_related("plan", "row__person").filter(pk__in=[int(name) for name in names])
    return {
        str(each.pk): Named(
            reverse("collection:recoveries", args=[each.plan_id]),
            f"{each.plan.year} {each.region_code}",
            each.row.person.masked_name,
            judge_of(each.plan.policy_id).policy.title,
        )
        for each in found
    }
