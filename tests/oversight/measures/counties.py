"""A county of Ganzhou with an office of every kind, its measures taken up."""

from datetime import UTC, datetime

from tests.cases.offices import Offices, open_offices
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Post, User
from zhubao.access.roles import OrganisationKind, Role
from zhubao.oversight.measures.actions import take_up
from zhubao.oversight.measures.models import Measure

GANZHOU, COUNTY = "ganzhou-2021-7", "360702"
SYSTEM = Actor.system("tests")


def at(year: int, month: int, day: int, hour: int = 1) -> datetime:
    """Return a moment of a day, nine in the morning in China."""
    return datetime(year, month, day, hour, 0, tzinfo=UTC)


TAKEN_UP = at(2022, 1, 10)


def a_county(area: str = COUNTY) -> Offices:
    """Open every kind of office, the two other certifying departments with a post each as well."""
    offices = open_offices(area)
    for kind in (OrganisationKind.RURAL_AFFAIRS, OrganisationKind.DISABLED_FEDERATION):
        office = Organisation.objects.create(region_id=area, kind=kind, name=f"{area} {kind.label}")
        user = User.objects.create(username=f"{kind}-{area}", name=str(kind.label), password="!")
        Post.objects.create(user=user, organisation=office, role=Role.CERTIFIER, scope_id=area, opened_at=TAKEN_UP)
    return offices


def post_at(kind: OrganisationKind, area: str = COUNTY) -> Actor:
    """Return the actor at the first post of a county's office of a kind."""
    return Post.objects.filter(organisation__kind=kind, organisation__region__code__startswith=area).order_by("pk")[0].actor()


def taken_up(area: str = COUNTY, policy_id: str = GANZHOU, now: datetime = TAKEN_UP) -> dict[str, Measure]:
    """Take up a document's measures and return them by their ids in the register."""
    return {row.measure_id: row for row in take_up(area, policy_id, actor=post_at(OrganisationKind.HRSS, area), now=now)}
