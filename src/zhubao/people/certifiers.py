"""Which department may certify which category, and which organisation speaks for which department."""

import re
from datetime import date
from functools import cache

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.person import CATEGORIES, DEPARTMENTS
from zhubao.programmes.selectors import area_of_region, parameter_book, policies_in

# A bureau speaks for the departments it is, or whose work it took over (A-ALL-16).
SPEAKS_FOR: dict[str, tuple[str, ...]] = {
    OrganisationKind.CIVIL_AFFAIRS: ("civil_affairs",),
    OrganisationKind.RURAL_AFFAIRS: ("rural_revitalisation", "poverty_office"),
    OrganisationKind.DISABLED_FEDERATION: ("federation",),
    OrganisationKind.HRSS: ("hrss",),
}


@cache
def certifiers_of(category: str, area_code: str) -> frozenset[str]:
    """Return the departments that certify a category in an area by any document in force there; empty where no document names it."""
    policies = policies_in(area_code)
    named = [policy.identities[category].certifiers for policy in policies if category in policy.identities]
    return frozenset(code for certifiers in named for code in certifiers)


@cache
def shown_by_paper(category: str, area_code: str) -> bool:
    """Tell whether a document in force in an area lets a person show the category by the department's certificate."""
    return any(category in each.identities and each.identities[category].certificate for each in policies_in(area_code))


def check_certifier(category: str, certifier: str, region_code: str, on: date) -> None:
    """Raise E-CATEGORY for a category no document and no local decision knows, E-CERTIFIER for a department that does not certify it."""
    area = area_of_region(region_code)
    if certifier not in DEPARTMENTS:
        raise ZhubaoError("E-CERTIFIER", Text("没有这个认定部门", "there is no such certifying department"), place=certifier)
    if category not in CATEGORIES:
        entry = parameter_book().find("extra_categories", on, area)
        if entry is None or category not in re.findall(r"[^\s,，;；、]+", str(entry.value)):
            raise ZhubaoError("E-CATEGORY", Text("不认识这个类别", "unknown category"), place=category)
    allowed = certifiers_of(category, area)
    if allowed and certifier not in allowed:
        names = "、".join(sorted(DEPARTMENTS[code] for code in allowed))
        raise ZhubaoError(
            "E-CERTIFIER",
            Text(f"{DEPARTMENTS[certifier]}不认定这一类", f"{certifier} does not certify this category"),
            place=category,
            remedy=Text(f"由{names}报送", f"have it sent by: {', '.join(sorted(allowed))}"),
        )


def require_department(actor: Actor, certifier: str) -> None:
    """Raise OutOfScope when a certifying post speaks for another department; other posts are not asked."""
    if actor.role not in {Role.CERTIFIER, Role.HRSS_SUPERVISOR}:
        return
    kind = Organisation.objects.values_list("kind", flat=True).filter(pk=actor.organisation_id or 0).first()
    if certifier not in SPEAKS_FOR.get(kind or "", ()):
        raise OutOfScope(certifier, Text("只能认定本部门的类别", "only the categories of one's own department"))
