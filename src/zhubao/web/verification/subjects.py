"""How tasks about yearly verifications are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.loans.models import VerificationRun
from zhubao.policies import judge_of
from zhubao.web.cases.subjects import Named, subjects


@subjects("verification")
def verifications(names: Collection[str]) -> dict[str, Named]:
    """Read runs by their keys; a task about one is about many people and names none."""
    keys = [int(name) for name in names if name.isdecimal()]
    return {
        str(run.pk): Named(
            reverse("verification:run", args=[run.pk]), f"{run.region_code}-{run.year}", "", judge_of(run.policy_id).policy.title
        )
        for run in VerificationRun.objects.filter(pk__in=keys)
    }
