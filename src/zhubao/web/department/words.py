"""Words and tones for the codes of department lists."""

from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Region
from zhubao.identity import area_name
from zhubao.rosters.models import Difference, DifferenceKind, RosterList, VersionState
from zhubao.rosters.reading import category_label
from zhubao.screening.reasons import DEPARTMENTS
from zhubao.web.clerk.words import said

TONES: Final[dict[str, str]] = {
    VersionState.RECEIVED: "info",
    VersionState.REFUSED: "bad",
    VersionState.DRAFT: "wait",
    VersionState.ASKING: "wait",
    VersionState.CERTIFIED: "ok",
    VersionState.WITHDRAWN: "info",
}
STANDINGS: Final[dict[str, tuple[Any, str]]] = {
    "on_time": (_("on time"), "ok"),
    "late": (_("handed in late"), "wait"),
    "overdue": (_("overdue"), "bad"),
    "waiting": (_("not yet in"), "info"),
}
FIELDS: Final[dict[str, Any]] = {
    "name": _("name"),
    "number": _("citizen number"),
    "village": _("village or community"),
    "account": _("bank account"),
    "grade": _("grade of disability"),
    "days": _("days of the category"),
}


def category_said(category: str, region_code: str) -> str:
    """Return a category as the documents of the place call it."""
    return said(category_label(category, region_code))


def list_said(roster: RosterList) -> str:
    """Return a list's name: its category and the department."""
    return f"{category_said(roster.category, roster.region_code)} · {said(DEPARTMENTS[roster.certifier])}"


def fields_said(fields: list[str]) -> str:
    """Return the columns that changed."""
    return "、".join(str(FIELDS.get(each, each)) for each in fields)


def detail_said(difference: Difference) -> str:
    """Return what was found: a place by its name, the other list, a day, the cell and the reason."""
    kind, detail = difference.kind, difference.detail
    if kind in {DifferenceKind.IN_CITY, DifferenceKind.ELSEWHERE, DifferenceKind.EMPLOYEE} and detail:
        return area_name(detail) or gettext("division %(code)s") % {"code": detail}
    if kind == DifferenceKind.OVERLAP:
        other = category_said(detail, difference.region_code)
        first = category_said(difference.prevailing, difference.region_code)
        words = gettext("also on the list %(other)s; %(first)s comes first (%(clause)s)")
        return words % {"other": other, "first": first, "clause": difference.prevailing_by or "—"}
    if kind == DifferenceKind.NOT_ENROLLED:
        return gettext("no record of insurance anywhere here") if detail else gettext("the register says: not enrolled")
    return detail


def place_said(code: str, names: dict[str, str]) -> str:
    """Return township and village of a region code."""
    parts = [names.get(code[:length], "") for length in (9, 12) if len(code) >= length]
    return " ".join(part for part in parts if part)


def place_names(codes: set[str]) -> dict[str, str]:
    """Return the names of townships and villages by their codes, with one query."""
    wanted = {code[:length] for code in codes for length in (9, 12) if len(code) >= length}
    return dict(Region.objects.filter(code__in=wanted).values_list("code", "name"))
