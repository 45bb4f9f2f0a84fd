"""The offices of a county in tests: two people at every post, and citizens with accounts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Post, Region, User
from zhubao.access.roles import ROLES_OF, OrganisationKind
from zhubao.cases.stepping import Request
from zhubao.people.models import CITIZEN, CitizenAccount, Person
from zhubao.policies import judge_of
from zhubao.programmes.models import ProgrammeStart
from zhubao.programmes.parties import PARTIES

NOW = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)  # Monday 09:00 in China
JIANGXI_COUNTY, RUGAO_COUNTY, TONGLING_COUNTY = "360281", "320682", "340705"
_numbers = count(1)


@dataclass(frozen=True)
class Offices:
    """The offices of one county. `committee` and `township` sit in a village and a town of their own."""

    area: str

    def office(self, kind: OrganisationKind) -> Organisation:
        """Return the county's office of a kind."""
        return Organisation.objects.get(kind=kind, region__code__startswith=self.area)

    def post(self, role: str, other: bool = False) -> Post:
        """Return the post of the first person with this role, or of the `other` one."""
        posts = Post.objects.filter(role=role, organisation__region__code__startswith=self.area).order_by("pk")
        return posts.select_related("user", "organisation")[1 if other else 0]

    def at(self, role: str, other: bool = False) -> Actor:
        """Return the actor at a post."""
        return self.post(role, other).actor()


def open_offices(area: str = RUGAO_COUNTY) -> Offices:
    """Open every kind of office of a county, with two people at every post."""
    village = area + "108201"
    codes = (area[:2], area[:4], area, village[:9], village)
    Region.objects.bulk_create([Region(code=code, name=code) for code in codes], ignore_conflicts=True)
    places = {OrganisationKind.COMMITTEE: village, OrganisationKind.TOWNSHIP: village[:9]}
    organisations = [
        Organisation(region_id=places.get(kind, area), kind=kind, name=f"{area} {kind.label}")
        for kind in ROLES_OF
        if kind not in (OrganisationKind.RURAL_AFFAIRS, OrganisationKind.DISABLED_FEDERATION)
    ]
    Organisation.objects.bulk_create(organisations)
    start_programmes(area)
    posts = [
        Post(
            user=User(username=f"{role}-{letter}-{area}", name=f"{role.label}{letter}", password="!"),
            organisation=organisation,
            role=role,
            scope_id=organisation.region_id,
            opened_at=NOW,
        )
        for organisation in organisations
        for role in ROLES_OF[OrganisationKind(organisation.kind)]
        for letter in "ab"
    ]
    User.objects.bulk_create([post.user for post in posts])
    Post.objects.bulk_create(posts)
    return Offices(area)


def start_programmes(area: str) -> None:
    """Let every loan programme of a county take applications from the beginning of the decade."""
    reaching = [policy_id for policy_id in PARTIES if area.startswith(judge_of(policy_id).policy.region)]
    ProgrammeStart.objects.bulk_create(
        ProgrammeStart(region_code=area, policy_id=each, starts_on=date(2020, 12, 30), document="启用通知", entered_at=NOW)
        for each in reaching
    )


def citizen(person: Person) -> Actor:
    """Return a person as the actor of their own application, with an account."""
    user = User.objects.create(username=f"citizen-{person.pk}", name=person.name, password="!")
    CitizenAccount.objects.create(user=user, person=person, opened_at=NOW)
    return Actor(name=person.name, scope=person.region_code, role=CITIZEN, user_id=user.pk, person_id=person.pk)


def ask(seen: int | None = None) -> Request:
    """Return a fresh request."""
    return Request(key=f"test-{next(_numbers)}", seen=seen)
