"""How tasks about resident pensions are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.accounts.after_death.course import PROCESS as AFTER_DEATH
from zhubao.accounts.after_death.models import AfterDeath
from zhubao.accounts.benefits.course import PROCESS
from zhubao.accounts.benefits.models import Benefit
from zhubao.web.cases.subjects import Named, subjects


@subjects("benefit")
def benefits(names: Collection[str]) -> dict[str, Named]:
    """Read pensions by their keys."""
    found = Benefit.objects.select_related("person").filter(pk__in=[int(name) for name in names])
    return {
        str(each.pk): Named(
            reverse("benefits:benefit", args=[each.pk]), str(each.get_ground_display()), each.person.masked_name, PROCESS.title
        )
        for each in found
    }


@subjects("after-death")
def after_deaths(names: Collection[str]) -> dict[str, Named]:
    """Read what is settled after deaths by their keys."""
    found = AfterDeath.objects.select_related("person").filter(pk__in=[int(name) for name in names])
    return {
        str(each.pk): Named(
            reverse("benefits:death", args=[each.pk]), f"{each.died_on}", each.person.masked_name, AFTER_DEATH.title
        )
        for each in found
    }
