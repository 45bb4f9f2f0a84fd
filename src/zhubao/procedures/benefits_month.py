"""The month of resident pensions in every county that has any, done on its first working morning without anybody asking."""

from datetime import date, datetime

from zhubao.access.actors import Actor
from zhubao.access.models import Region
from zhubao.access.roles import OrganisationKind
from zhubao.accounts.benefits.running import run_month
from zhubao.errors import ZhubaoError
from zhubao.policies.claims import implements

COUNTY_LENGTH = 6


@implements("ps-3.1c", "gz-1d", "gz-6b", as_="action")
def run_counties(on: date, *, now: datetime) -> dict[str, str]:
    """Do the month of a day in every county with an agency; return county → what stopped it, "" where nothing did.

    A county that lacks a figure does not keep the others waiting; done again, whatever is done stays as it is.
    """
    counties = Region.objects.filter(organisations__kind=OrganisationKind.AGENCY, code__regex=rf"^[0-9]{{{COUNTY_LENGTH}}}$")
    told: dict[str, str] = {}
    for code in counties.order_by("code").values_list("code", flat=True).distinct():
        try:
            run_month(code, on, actor=Actor.system("benefits", scope=code), now=now)
        except ZhubaoError as error:
            told[code] = error.code
        else:
            told[code] = ""
    return told
