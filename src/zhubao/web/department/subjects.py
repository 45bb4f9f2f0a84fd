"""How tasks about lists, versions and differences are named in the queue."""

from collections.abc import Collection

from django.urls import reverse

from zhubao.identity import mask_name
from zhubao.language import Text
from zhubao.rosters.models import Difference, RosterList, RosterVersion
from zhubao.rosters.reading import category_label
from zhubao.web.cases.subjects import Named, subjects

PROGRAMME = Text("部门名册", "department lists")


@subjects("roster-list")
def lists(names: Collection[str]) -> dict[str, Named]:
    """Read lists by their keys; in the place of a person stands the category."""
    found = RosterList.objects.select_related("organisation").filter(pk__in=names)
    return {str(each.pk): Named(reverse("department:home"), each.organisation.name, _category(each), PROGRAMME) for each in found}


@subjects("roster-version")
def versions(names: Collection[str]) -> dict[str, Named]:
    """Read versions by their keys."""
    found = RosterVersion.objects.select_related("roster").filter(pk__in=names)
    return {
        str(each.pk): Named(
            reverse("department:version", args=[each.pk]), f"{each.listed_on} · {each.number}", _category(each.roster), PROGRAMME
        )
        for each in found
    }


@subjects("roster-difference")
def differences(names: Collection[str]) -> dict[str, Named]:
    """Read differences by their keys."""
    found = Difference.objects.filter(pk__in=names)
    return {
        str(each.pk): Named(
            reverse("department:difference", args=[each.pk]), str(each.get_kind_display()), mask_name(each.name), PROGRAMME
        )
        for each in found
    }


def _category(roster: RosterList) -> str:
    return category_label(roster.category, roster.region_code).zh
