"""The demonstration county in the database: organisations, a person at every post, local figures, roster files received.

What a further app shows in the demonstration is called from `fill_desks`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from zhubao.access.actions import (
    add_organisation,
    add_region,
    open_post,
    real_data,
    set_up_installation,
)
from zhubao.access.actors import Actor
from zhubao.access.models import Post, User
from zhubao.access.roles import ROLES_OF, OrganisationKind, Role
from zhubao.access.selectors import is_demonstration, open_posts
from zhubao.demonstration.county import write_county
from zhubao.demonstration.parameters import demonstration_parameters_for
from zhubao.programmes.actions import enter_figures
from zhubao.rosters.actions import receive_file
from zhubao.rosters.models import RosterFile, RosterVersion

from .demonstration_assistance.living import fill_years
from .demonstration_assistance.offices import open_assistance_offices
from .demonstration_cases.filling import fill_cases, standing_day
from .demonstration_cases.offices import open_offices
from .demonstration_counties import account, add_clerks, hand_in_files, other_regions, whose_list
from .demonstration_measures import fill_measures
from .jobs import read_soon, screen_demonstration_soon

ACTOR = Actor.system("demonstration")
REGIONS = (
    ("32", "江苏省"),
    ("3206", "南通市"),
    ("320682", "如皋市"),
    ("320682108", "东陈镇"),
    ("320682108201", "新塘村"),
)
COUNTY, TOWNSHIP, VILLAGE = "320682", "320682108", "320682108201"
PEOPLE, SEED = 3000, 7
# Figures, offices and posts were there before the first case of the demonstration.
OPENED = datetime(2025, 1, 2, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """One organisation of the demonstration: kind, name, region."""

    kind: OrganisationKind
    name: str
    region: str = COUNTY


PLACES = (
    Place(OrganisationKind.AGENCY, "如皋市社会保险经办机构"),
    Place(OrganisationKind.COMMITTEE, "新塘村村民委员会", VILLAGE),
    Place(OrganisationKind.TOWNSHIP, "东陈镇人民政府", TOWNSHIP),
    Place(OrganisationKind.CIVIL_AFFAIRS, "如皋市民政局"),
    Place(OrganisationKind.RURAL_AFFAIRS, "如皋市农业农村局"),
    Place(OrganisationKind.DISABLED_FEDERATION, "如皋市残疾人联合会"),
    Place(OrganisationKind.HRSS, "如皋市人力资源和社会保障局"),
    Place(OrganisationKind.FINANCE, "如皋市财政局"),
    Place(OrganisationKind.TAX, "如皋市税务局"),
    Place(OrganisationKind.BANK, "演示合作银行如皋支行"),
    Place(OrganisationKind.PBOC, "人民银行南通市分行", "3206"),
    Place(OrganisationKind.AUDITOR, "如皋市审计局"),
)
NAMES = {
    Role.AGENCY_INTAKE: "程文静",
    Role.AGENCY_REVIEWER: "陆建国",
    Role.AGENCY_APPROVER: "沈玉梅",
    Role.AGENCY_ACCOUNTANT: "顾晓燕",
    Role.AGENCY_ADMINISTRATOR: "何立新",
    Role.COMMITTEE_MEMBER: "丁桂兰",
    Role.TOWNSHIP_CLERK: "许志强",
    Role.HRSS_SUPERVISOR: "周海峰",
    Role.FINANCE_CLERK: "吴秀珍",
    Role.TAX_CLERK: "郑国庆",
    Role.BANK_OFFICER: "冯丽娜",
    Role.BANK_REVIEWER: "蒋永昌",
    Role.PBOC_SUPERVISOR: "韩志远",
    Role.AUDITOR: "秦正平",
}
CERTIFIER_NAMES = {
    OrganisationKind.CIVIL_AFFAIRS: "杨春花",
    OrganisationKind.RURAL_AFFAIRS: "朱大伟",
    OrganisationKind.DISABLED_FEDERATION: "马晓东",
}


@transaction.atomic
def fill(*, password: str, now: datetime) -> list[Post]:
    """Set up the demonstration county and return its posts; raise E-REAL-DATA in a database that is none. Safe to repeat.

    Every account has the same `password`.
    """
    set_up_installation(demonstration=True, now=now)
    regions = {code: add_region(code, name, actor=ACTOR, now=now) for code, name in REGIONS}
    for place in PLACES:
        organisation = add_organisation(regions[place.region], place.kind, place.name, actor=ACTOR, now=now)
        for role in ROLES_OF[place.kind]:
            user = account(account_name(place.kind, role), NAMES.get(role) or CERTIFIER_NAMES[place.kind], password, now=now)
            open_post(user, organisation, role, actor=ACTOR, now=now)
    add_clerks(password=password, now=now)
    return list(open_posts())


@dataclass(frozen=True)
class Desks:
    """What lies on the desks of the demonstration: how many people its files name, and how many files were received."""

    people: int
    rosters: int


@transaction.atomic
def fill_desks(folder: Path, *, people: int = PEOPLE, seed: int = SEED, now: datetime) -> Desks:
    """Enter the county's figures and hand in its roster files, written below `folder`. The same seed twice changes nothing."""
    written = write_county(folder, people, seed)
    enter_figures(demonstration_parameters_for("rugao"), actor=ACTOR, now=min(now, OPENED))
    intake = open_posts().get(role=Role.AGENCY_INTAKE, scope_id=COUNTY).actor()
    insured = written.files("rugao", "insured")
    for path in [*written.files("rugao"), *insured]:
        with path.open("rb") as content:
            file, made = receive_file(
                iter(lambda: content.read(1 << 20), b""),
                name=path.name,
                region_code=COUNTY,
                insured=path in insured,
                actor=whose_list(path.name, COUNTY) or intake,
                now=now,
            )
        if made:
            transaction.on_commit(lambda file_id=file.pk: read_soon(file_id))  # type: ignore[misc]
    for region in other_regions():
        hand_in_files(written, region, figures_from=min(now, OPENED), now=now)
    for code in (COUNTY, *(region.code for region in other_regions())):
        transaction.on_commit(lambda code=code: screen_demonstration_soon(code))  # type: ignore[misc]
    screened = RosterFile.objects.filter(insured=False).exclude(pk__in=RosterVersion.objects.values("file_id"))
    return Desks(people=written.people, rosters=screened.count())


@dataclass(frozen=True)
class Filled:
    """How many people the files name, and how many rosters, cases and loans there are."""

    people: int
    rosters: int
    cases: int
    loans: int


def open_every_office(*, password: str) -> None:
    """Open the offices and posts of all five counties that are not there yet; every account has the same `password`."""
    fill(password=password, now=OPENED)
    open_offices(password=password, now=OPENED)
    open_assistance_offices(password=password, now=OPENED)


def fill_everything(
    folder: Path, *, people: int = PEOPLE, seed: int = SEED, password: str, jobs: int = 1, now: datetime
) -> Filled:
    """Fill every desk: offices and posts of all counties, figures, files, and cases in every state. A second time changes nothing.

    `jobs`: processes that live the counties side by side. Raise E-REAL-DATA in a database that is no demonstration.
    """
    open_every_office(password=password)
    desks = fill_desks(folder, people=people, seed=seed, now=now)
    counts = fill_cases(people=people, seed=seed, password=password, jobs=jobs, now=now)
    fill_years(people=people, seed=seed, until=standing_day(now))
    fill_measures(standing_day(now))
    return Filled(desks.people, desks.rosters, counts.cases, counts.loans)


def account_name(kind: OrganisationKind, role: Role) -> str:
    """Return the user name of a demonstration post: the role, or the organisation where several have the same role."""
    return (kind.value if role == Role.CERTIFIER else role.value).replace("_", "-")


def wanted() -> bool:
    """Tell whether the database is empty or already a demonstration, so that `fill` may run."""
    return is_demonstration() or not User.objects.exists()


def refuse_real_data() -> None:
    """Raise E-REAL-DATA unless the database is empty or already a demonstration."""
    if not wanted():
        raise real_data()
