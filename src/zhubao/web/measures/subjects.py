"""How tasks about measures are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.oversight.measures.models import Measure
from zhubao.policies import judge_of
from zhubao.web.cases.subjects import Named, subjects
from zhubao.web.clerk.words import said


@subjects("measure")
def measures(names: Collection[str]) -> dict[str, Named]:
    """Read measures by their numbers; in the place of a person stands the measure's title."""
    found = Measure.objects.filter(pk__in=[name for name in names if name.isdecimal()])
    return {
        str(row.pk): Named(
            reverse("measures:measure", args=[row.pk]),
            row.measure_id,
            said(row.known.title),
            judge_of(row.policy_id).policy.title,
        )
        for row in found
    }
