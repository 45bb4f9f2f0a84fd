"""How tasks of the ledger are named in the queue: calls on households, differences of a township's ledger."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.assistance.models import LedgerDifference, PlanRow
from zhubao.identity import mask_name
from zhubao.policies import judge_of
from zhubao.web.cases.subjects import Named, subjects


@subjects("plan-call")
def calls(names: Collection[str]) -> dict[str, Named]:
    """Read rows whose household is called on; they lead to the person's page."""
    found = PlanRow.objects.filter(pk__in=[name for name in names if name.isdecimal()])
    return {
        str(pk): Named(reverse("closing_out:person", args=[pk]), f"{year}-{pk}", mask_name(name), judge_of(policy).policy.title)
        for pk, year, policy, name in found.values_list("pk", "plan__year", "plan__policy_id", "person__name")
    }


@subjects("ledger-difference")
def differences(names: Collection[str]) -> dict[str, Named]:
    """Read differences of townships' ledgers."""
    found = LedgerDifference.objects.filter(pk__in=[name for name in names if name.isdecimal()])
    return {
        str(each.pk): Named(
            reverse("closing_out:difference", args=[each.pk]),
            f"{each.ledger_month.month:%Y-%m}-{each.pk}",
            each.masked_name,
            judge_of(each.ledger_month.plan.policy_id).policy.title,
        )
        for each in found.select_related("ledger_month__plan")
    }
