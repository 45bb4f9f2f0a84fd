"""The offices of the two counties that pay on behalf: every post of the county, and four townships with a village each.

Finance has two people, for one prepares a payment and another approves it; so has the agency, for one reckons the plan and another
publishes it. The people of the demonstration live in these four townships; villages without a post are looked after by theirs.
"""

from collections.abc import Iterator
from datetime import datetime

from zhubao.access.actions import add_organisation, add_region, open_post
from zhubao.access.actors import Actor
from zhubao.access.models import Post
from zhubao.access.roles import ROLES_OF, OrganisationKind, Role
from zhubao.demonstration.regions import REGIONS, VILLAGES, Region, RegionKey

from ..demonstration_cases.offices import OFFICES, Seat
from ..demonstration_counties import account

ACTOR = Actor.system("demonstration")
ASSISTANCE_COUNTIES: tuple[RegionKey, ...] = ("pengshui", "ganzhou")
KINDS = (
    OrganisationKind.AGENCY,
    OrganisationKind.CIVIL_AFFAIRS,
    OrganisationKind.RURAL_AFFAIRS,
    OrganisationKind.DISABLED_FEDERATION,
    OrganisationKind.HRSS,
    OrganisationKind.FINANCE,
    OrganisationKind.TAX,
    OrganisationKind.AUDITOR,
)
# Townships of a county, and how many villages of each have a post.
TOWNSHIPS, VILLAGES_WITH_POSTS = 4, 1
VILLAGES_OF_A_TOWNSHIP = 5
FIRST_TOWNSHIP, FIRST_VILLAGE = 101, 201
CLERKS: dict[RegionKey, str] = {
    "pengshui": (
        "庹小琴 冉光华 向明德 任世芳 谢国庆 廖永珍 龚正江 覃素英 侯建国 田景明 石登科 "
        "麻玉华 冉茂林 黎春梅 向天喜 庹德福 田桂花 谢长生 任凤 侯秀英 龚长富"
    ),
    "ganzhou": (
        "赖秋生 钟秀兰 曾庆华 刘带娣 邱贤忠 蓝石招 谢福林 温小梅 赖金龙 黄桂英 叶茂盛 "
        "郭冬秀 钟庆云 廖运香 刘石长 雷水生 蓝凤娇 曾火生 邱月英 赖招娣 钟福生"
    ),
}


def townships_of(region: Region) -> dict[str, str]:
    """Return the code of each township of a county by its name."""
    return {name: f"{region.code}{FIRST_TOWNSHIP + number}" for number, name in enumerate(region.townships[:TOWNSHIPS])}


def villages_of(township_code: str) -> dict[str, str]:
    """Return the code of each village of a township by its name."""
    return {name: f"{township_code}{FIRST_VILLAGE + number}" for number, name in enumerate(VILLAGES[:VILLAGES_OF_A_TOWNSHIP])}


def seats_of(region: Region) -> Iterator[Seat]:
    """Yield the posts of a county: its offices', then those of the townships and of a village in each."""
    for kind in KINDS:
        for role in ROLES_OF[kind]:
            word = (kind.value if role == Role.CERTIFIER else role.value).replace("_", "-")
            yield Seat(kind, region.name + OFFICES[kind], region.code, role, f"{word}-{region.key}")
    finance = OrganisationKind.FINANCE
    yield Seat(finance, region.name + OFFICES[finance], region.code, Role.FINANCE_CLERK, f"finance-clerk-{region.key}-2")
    for number, (name, code) in enumerate(townships_of(region).items(), 1):
        yield Seat(
            OrganisationKind.TOWNSHIP,
            f"{name}人民政府" if name.endswith(("镇", "乡")) else f"{name}办事处",
            code,
            Role.TOWNSHIP_CLERK,
            f"township-clerk-{region.key}-{number}",
        )
        for at, (village, village_code) in enumerate(list(villages_of(code).items())[:VILLAGES_WITH_POSTS], 1):
            yield Seat(
                OrganisationKind.COMMITTEE,
                f"{village}村民委员会",
                village_code,
                Role.COMMITTEE_MEMBER,
                f"committee-member-{region.key}-{number}{at}",
            )


def open_assistance_offices(*, password: str, now: datetime) -> list[Post]:
    """Open the regions, offices and posts of both counties that are not there yet; safe to repeat."""
    posts = []
    for key in ASSISTANCE_COUNTIES:
        region = REGIONS[key]
        names = _add_places(region, now=now)
        for seat, name in zip(seats_of(region), CLERKS[key].split(), strict=True):
            place = add_region(seat.region, names[seat.region], actor=ACTOR, now=now)
            office = add_organisation(place, seat.kind, seat.office, actor=ACTOR, now=now)
            posts.append(open_post(account(seat.username, name, password, now=now), office, seat.role, actor=ACTOR, now=now))
    return posts


def _add_places(region: Region, *, now: datetime) -> dict[str, str]:
    """Add the county with its townships and villages, and return their names by code."""
    names = {region.code: region.name}
    for township, code in townships_of(region).items():
        names[code] = township
        names |= {village_code: village for village, village_code in villages_of(code).items()}
    for code, name in names.items():
        add_region(code, name, actor=ACTOR, now=now)
    return names
