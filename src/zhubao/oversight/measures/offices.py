"""Which organisations of a county are meant by a kind of unit, and to whom a unit answers."""

from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind

LEVELS = (2, 4, 6, 9, 12)


def offices_of(kind: str, region_code: str) -> list[Organisation]:
    """Return the organisations of a kind that serve a region: those of the nearest level at or above it that has any."""
    around = [region_code[:length] for length in LEVELS if length <= len(region_code)]
    found = list(Organisation.objects.filter(kind=kind, region_id__in=around).order_by("pk"))
    nearest = max((len(each.region_id) for each in found), default=0)
    return [each for each in found if len(each.region_id) == nearest]


def townships_of(region_code: str) -> list[Organisation]:
    """Return the township offices of a county in the order of their codes."""
    return list(
        Organisation.objects.filter(kind=OrganisationKind.TOWNSHIP, region__code__startswith=region_code).order_by(
            "region_id", "pk"
        )
    )


def manager_of(lead: Organisation | None, region_code: str) -> list[Organisation]:
    """Return the bureaus a lead unit answers to: the county's, for that one itself those of the level above, where there are any."""
    own = offices_of(OrganisationKind.HRSS, region_code)
    if lead is None or lead not in own:
        return own
    above = [length for length in LEVELS if length < len(lead.region_id)]
    higher = offices_of(OrganisationKind.HRSS, lead.region_id[: above[-1]]) if above else []
    return higher or own
