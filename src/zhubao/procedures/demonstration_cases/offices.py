"""The offices of the three loan counties: Rugao's second bank, and every post in the Jiangxi and the Tongling county.

Finance has two people, for one prepares a payment and another approves it. `Desk` finds who sits where. Two banks cooperate in each
county, each with its papers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from zhubao.access.actions import add_organisation, add_region, add_user, open_post
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Post, User
from zhubao.access.roles import ROLES_OF, OrganisationKind, Role
from zhubao.demonstration.regions import REGIONS, Region, RegionKey
from zhubao.identity import area_name
from zhubao.people.actions import open_citizen_account
from zhubao.people.models import CITIZEN, CitizenAccount, Person
from zhubao.policies import judge_of
from zhubao.programmes.bank_actions import Bid, record_cooperation, record_selection
from zhubao.programmes.version_actions import start_programme

from ..demonstration_counties import account

ACTOR = Actor.system("demonstration")
LOAN_COUNTIES: tuple[RegionKey, ...] = ("jiangxi", "rugao", "tongling")
PAPERS_FROM = date(2025, 1, 1)
# Committees and townships take part in Rugao alone; a department has a post where it sends a list.
KINDS = (
    OrganisationKind.AGENCY,
    OrganisationKind.CIVIL_AFFAIRS,
    OrganisationKind.HRSS,
    OrganisationKind.FINANCE,
    OrganisationKind.TAX,
    OrganisationKind.BANK,
    OrganisationKind.PBOC,
    OrganisationKind.AUDITOR,
)
SENDS_A_LIST: dict[RegionKey, OrganisationKind] = {
    "jiangxi": OrganisationKind.RURAL_AFFAIRS,
    "tongling": OrganisationKind.DISABLED_FEDERATION,
}
OFFICES = {
    OrganisationKind.AGENCY: "社会保险经办机构",
    OrganisationKind.CIVIL_AFFAIRS: "民政局",
    OrganisationKind.RURAL_AFFAIRS: "农业农村局",
    OrganisationKind.DISABLED_FEDERATION: "残疾人联合会",
    OrganisationKind.HRSS: "人力资源和社会保障局",
    OrganisationKind.FINANCE: "财政局",
    OrganisationKind.TAX: "税务局",
    OrganisationKind.AUDITOR: "审计局",
}
FIRST_BANK, SECOND_BANK = "演示合作银行", "演示农村商业银行"
SHORT_NAMES: dict[RegionKey, str] = {"jiangxi": "东湖", "rugao": "如皋", "tongling": "义安"}
CLERKS: dict[RegionKey, str] = {
    "jiangxi": "胡晓梅 万小芸 涂建平 熊丽萍 邓文斌 罗秋香 余国平 曾小红 徐振华 谢玉兰 龚志刚 黄雅琴 吴永辉 饶建中 彭立群 刘素云 邹国强",
    "tongling": "章秀珍 汪志明 佘建军 钱丽华 方大为 陶玉洁 章成林 伍小燕 查国栋 姚桂香 陈卫东 何敏 施长根 江海燕 鲍建设 左文清 崔爱民",
    "rugao": "薛玉琴 冒志诚 宗爱华",
}  # fmt: skip


@dataclass(frozen=True)
class Seat:
    """One post to be opened: the office's kind and name, its region, the role, and the name to sign in with."""

    kind: OrganisationKind
    office: str
    region: str
    role: Role
    username: str


def username_of(kind: OrganisationKind, role: Role, region: str, *, second: bool = False) -> str:
    """Return ``bank-officer-jiangxi``, the second bank's ``bank-officer-jiangxi-2``; Rugao's own names bear no place."""
    word = (kind.value if role == Role.CERTIFIER else role.value).replace("_", "-")
    return "-".join(filter(None, (word, "" if region == "rugao" else region, "2" if second else "")))


def seats_of(region: Region) -> Iterator[Seat]:
    """Yield the posts of a county beside those the demonstration has had all along."""
    if region.key != "rugao":
        for kind in (*KINDS, SENDS_A_LIST[region.key]):
            place = region.code[:4] if kind == OrganisationKind.PBOC else region.code
            for role in ROLES_OF[kind]:
                yield Seat(kind, _office(kind, region), place, role, username_of(kind, role, region.key))
    for role in ROLES_OF[OrganisationKind.BANK]:
        name = f"{SECOND_BANK}{SHORT_NAMES[region.key]}支行"
        username = username_of(OrganisationKind.BANK, role, region.key, second=True)
        yield Seat(OrganisationKind.BANK, name, region.code, role, username)
    # Who approves a payment is another than who prepared it.
    finance, clerk = OrganisationKind.FINANCE, Role.FINANCE_CLERK
    yield Seat(finance, _office(finance, region), region.code, clerk, username_of(finance, clerk, region.key, second=True))


def open_offices(*, password: str, now: datetime) -> list[Post]:
    """Open every office and post of the loan counties that is not there yet, and register the banks' papers; safe to repeat."""
    posts = []
    for key in LOAN_COUNTIES:
        region = REGIONS[key]
        for seat, name in zip(seats_of(region), CLERKS[key].split(), strict=True):
            place = add_region(seat.region, region.name, actor=ACTOR, now=now)
            office = add_organisation(place, seat.kind, seat.office, actor=ACTOR, now=now)
            user = account(seat.username, name, password, now=now)
            posts.append(open_post(user, office, seat.role, actor=ACTOR, now=now))
        _register_banks(region, now=now)
        _start(region, now=now)
    return posts


def _office(kind: OrganisationKind, region: Region) -> str:
    if kind == OrganisationKind.PBOC:
        return f"人民银行{area_name(region.code[:4] + '00')}分行"
    return f"{FIRST_BANK}{SHORT_NAMES[region.key]}支行" if kind == OrganisationKind.BANK else region.name + OFFICES[kind]


def _start(region: Region, *, now: datetime) -> None:
    """Let the county's programme take applications from its document's first day; Rugao's draft is tried without."""
    first = judge_of(region.policy).policy.in_force[0]
    if first is not None:
        start_programme(region.policy, first, "演示启〔2025〕1号", region_code=region.code, actor=ACTOR, now=now)


def _register_banks(region: Region, *, now: datetime) -> None:
    banks = banks_of(region.code)
    for number, bank in enumerate(banks, 1):
        record_cooperation(
            bank.pk,
            [region.policy],
            region_code=region.code,
            starts_on=PAPERS_FROM,
            card_partner=True,
            agreement=f"演示合〔2025〕{number}号",
            agreed_on=PAPERS_FROM,
            confidentiality=f"演示密〔2025〕{number}号",
            confidential_from=PAPERS_FROM,
            pension_account=f"{region.code}0000{number:04d}",
            actor=ACTOR,
            now=now,
        )
    if region.key != "jiangxi":
        record_selection(
            region.policy,
            [Bid(bank.pk, 92 - 3 * number, chosen=True) for number, bank in enumerate(banks)],
            region_code=region.code,
            decided_on=PAPERS_FROM,
            document="演示选〔2025〕1号",
            reason="两家银行均达到评分要求（演示）",
            actor=ACTOR,
            now=now,
        )


def banks_of(region_code: str) -> list[Organisation]:
    """Return the banks of a county, the first one first."""
    return list(Organisation.objects.filter(kind=OrganisationKind.BANK, region_id=region_code).order_by("pk"))


class Desk:
    """Who sits at which post of one county."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.banks = banks_of(region.code)
        self.posts = list(
            Post.objects.open()
            .filter(organisation__region__code__startswith=region.code)
            .select_related("user", "organisation")
            .order_by("pk")
        )

    def at(self, role: Role, office: Organisation | None = None) -> Actor:
        """Return the actor at the first post of a role, or the one at an office."""
        return next(post.actor() for post in self.posts if post.role == role and office in (None, post.organisation))

    def office(self, kind: OrganisationKind) -> Organisation:
        """Return the county's office of a kind."""
        return next(post.organisation for post in self.posts if post.organisation.kind == kind)

    def citizen(self, person: Person, username: str, hashed: str, *, now: datetime) -> Actor:
        """Open an account for a person, and return the person acting in their own affairs."""
        user = User.objects.filter(username=username).first()
        user = user or add_user(username, person.name, hashed, hashed=True, actor=ACTOR, now=now)
        administrator = self.at(Role.AGENCY_ADMINISTRATOR)
        opened: CitizenAccount = open_citizen_account(user, person.pk, actor=administrator, now=now)
        return Actor(person.name, person.region_code, role=CITIZEN, user_id=opened.user_id, person_id=person.pk)
