"""How tasks about yearly runs are named in the queue, each with the page where it is approved."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.accounts.models import InterestRun, SubsidyRun
from zhubao.language import Text
from zhubao.web.cases.subjects import Named, subjects

INTEREST, SUBSIDIES = Text("个人账户年度结息", "interest of the year"), Text("缴费补贴", "contribution subsidies")


@subjects("interest_run")
def interest_runs(names: Collection[str]) -> dict[str, Named]:
    """Read interest runs by their keys; in the place of a person stands who tried it."""
    found = InterestRun.objects.filter(pk__in=[int(name) for name in names])
    return {
        str(run.pk): Named(reverse("accounts:interest-run", args=[run.pk]), str(run.year), run.opened_by_name, INTEREST)
        for run in found
    }


@subjects("subsidy_run")
def subsidy_runs(names: Collection[str]) -> dict[str, Named]:
    """Read lists of subsidies by their keys; in the place of a person stands who made it."""
    found = SubsidyRun.objects.filter(pk__in=[int(name) for name in names])
    return {
        str(run.pk): Named(
            reverse("accounts:subsidy-run", args=[run.pk]), f"{run.year}/{run.number}", run.opened_by_name, SUBSIDIES
        )
        for run in found
    }
