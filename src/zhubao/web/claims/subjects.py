"""How tasks about claims are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.loans.models import SubsidyClaim
from zhubao.policies import judge_of
from zhubao.web.cases.subjects import Named, subjects


@subjects("claim")
def claims(names: Collection[str]) -> dict[str, Named]:
    """Read claims by their numbers; in the place of a person stands the bank."""
    found = SubsidyClaim.objects.select_related("bank").filter(number__in=names)
    return {
        claim.number: Named(
            reverse("claims:claim", args=[claim.number]), claim.number, claim.bank.name, judge_of(claim.policy_id).policy.title
        )
        for claim in found
    }
