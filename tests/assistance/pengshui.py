"""Pengshui in 2022: a county with two villages, its offices, and fourteen synthetic people on the departments' lists of January."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Model

from tests.people.tables import number
from zhubao.access.accounts import add_user
from zhubao.access.actions import add_organisation, add_region, open_post
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Post
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance.models import AssistancePlan, PlanRow, PlanRun, PlanRunKind
from zhubao.assistance.planning.opening import open_plan, publish_plan
from zhubao.assistance.planning.reckoning import ask_run, reckon
from zhubao.people.bulk import enter_identity_rows, enter_insured_rows
from zhubao.people.models import Person
from zhubao.people.statements import IdentityRow, InsuredRow, InsuredStatement, Origin

COUNTY, POLICY, YEAR = "500243", "pengshui-2022", 2022
HANJIA, SHAOQING = "500243101", "500243102"
VILLAGE, OTHER_VILLAGE = "500243101201", "500243102201"
SYSTEM = Actor.system("test")
CERTIFIER = {
    "tekun": "civil_affairs",
    "dibao": "civil_affairs",
    "return_to_poverty": "rural_revitalisation",
    "severe_disability": "federation",
}
ORDER = ("tekun", "dibao", "return_to_poverty", "severe_disability")


def at(month: int, day: int, hour: int = 9, *, year: int = YEAR) -> datetime:
    """Return a moment of the plan year."""
    return datetime(year, month, day, hour, tzinfo=UTC)


JANUARY = at(1, 4)


@dataclass(frozen=True)
class Named:
    """Somebody of the lists: name, birth, categories, and what the insurance register says; `scheme` "" is no record at all."""

    name: str
    born: str
    categories: tuple[str, ...]
    scheme: str = "resident_pension"
    tier_fen: int | None = None
    village: str = VILLAGE
    area: str = COUNTY
    statuses: dict[str, bool] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The citizen number; the serial is the name's own."""
        return number(self.born, 100 + sum(map(ord, self.name)) % 800, COUNTY)


PEOPLE = (
    Named("冉秀兰", "19750312", ("tekun",)),
    Named("向文斌", "19820705", ("dibao",)),
    Named("田玉珍", "19790920", ("return_to_poverty",), village=OTHER_VILLAGE),
    Named("谢国强", "19850101", ("severe_disability",), village=OTHER_VILLAGE),
    Named("廖桂香", "19700518", ("dibao",), tier_fen=20_000),
    Named("任建国", "19680824", ("tekun",), tier_fen=50_000, village=OTHER_VILLAGE),
    Named("龚小兰", "19900211", ("dibao", "tekun")),
    Named("覃大勇", "19771130", ("dibao", "severe_disability")),
    Named("侯明", "19880606", ("dibao",), scheme="employee_pension", area="440300"),
    Named("麻小芳", "20030910", ("dibao",), statuses={"student": True}),
    Named("石开明", "19620615", ("dibao",)),
    Named("庹翠花", "19800404", ("dibao",), scheme="", village=OTHER_VILLAGE),
    Named("冉东升", "19601001", ("dibao",)),
    Named("向海", "20120301", ("dibao",), scheme=""),
)


@dataclass
class County:
    """The county with its offices and, where it was made, its plan."""

    agency: Organisation
    posts: dict[str, Post]
    plan: AssistancePlan | None = None

    def by(self, role: str) -> Actor:
        """Return who has a role."""
        return self.posts[role].actor()

    def row(self, name: str) -> PlanRow:
        """Return the row of somebody as it stands."""
        return PlanRow.objects.get(plan=self.plan, person__name=name)

    def person(self, name: str) -> Person:
        """Return somebody of the lists."""
        return Person.objects.get(name=name)


OFFICES = (
    (
        COUNTY,
        OrganisationKind.AGENCY,
        "彭水县社会保险事务中心",
        (Role.AGENCY_REVIEWER, Role.AGENCY_APPROVER, Role.AGENCY_ACCOUNTANT),
    ),
    (COUNTY, OrganisationKind.CIVIL_AFFAIRS, "彭水县民政局", (Role.CERTIFIER,)),
    (COUNTY, OrganisationKind.RURAL_AFFAIRS, "彭水县乡村振兴局", (Role.CERTIFIER,)),
    (COUNTY, OrganisationKind.DISABLED_FEDERATION, "彭水县残联", (Role.CERTIFIER,)),
    (COUNTY, OrganisationKind.FINANCE, "彭水县财政局", (Role.FINANCE_CLERK,)),
    (COUNTY, OrganisationKind.TAX, "彭水县税务局", (Role.TAX_CLERK,)),
    (HANJIA, OrganisationKind.TOWNSHIP, "汉葭街道", (Role.TOWNSHIP_CLERK,)),
    (VILLAGE, OrganisationKind.COMMITTEE, "下坝村", (Role.COMMITTEE_MEMBER,)),
)
PLACES = (
    ("50", "重庆市"),
    (COUNTY, "彭水苗族土家族自治县"),
    (HANJIA, "汉葭街道"),
    (SHAOQING, "绍庆街道"),
    (VILLAGE, "下坝村"),
    (OTHER_VILLAGE, "乌江村"),
)


def found_county(now: datetime = JANUARY) -> County:
    """Register the places and offices of the county, with one post for each role."""
    regions = {code: add_region(code, name, actor=SYSTEM, now=now) for code, name in PLACES}
    posts: dict[str, Post] = {}
    agency: Organisation | None = None
    for code, kind, name, roles in OFFICES:
        office = add_organisation(regions[code], kind, name, actor=SYSTEM, now=now)
        agency = agency or office
        for role in roles:
            key = f"{role}:{kind}" if role in posts else role.value
            user = add_user(f"ps-{len(posts)}", f"{name}{role.label}"[:40], "!", hashed=True, actor=SYSTEM, now=now)
            posts[key] = open_post(user, office, role, actor=SYSTEM, now=now)
    assert agency is not None
    return County(agency, posts)


def insure(people: tuple[Named, ...] = PEOPLE, *, on: date = date(2022, 1, 4), now: datetime = JANUARY) -> None:
    """Enter what the insurance register says of people; statuses nobody stated are no."""
    rows = []
    for row, each in enumerate(people, 2):
        if each.scheme:
            statuses: dict[str, Any] = {
                "student": False,
                "military": False,
                "imprisoned": False,
                "deceased": False,
                **each.statuses,
            }
            statement = InsuredStatement(
                each.scheme,
                on,
                Origin("参保人员文件", "file:1", "参保", row),
                insured_area=each.area,
                chosen_tier_fen=each.tier_fen,
                **statuses,
            )
            rows.append(InsuredRow(each.number, each.name, statement))
    enter_insured_rows(rows, region_code=COUNTY, actor=SYSTEM, now=now)


def hand_in(
    people: tuple[Named, ...] = PEOPLE,
    *,
    on: date = date(2022, 1, 5),
    categories: tuple[str, ...] = ORDER,
    region: str = COUNTY,
    now: datetime | None = None,
) -> None:
    """Hand in the departments' complete lists of a day."""
    for category in categories:
        rows = [
            IdentityRow(each.number, each.name, category, row)
            for row, each in enumerate(people, 2)
            if category in each.categories
        ]
        enter_identity_rows(
            rows,
            region_code=region,
            certifier=CERTIFIER[category],
            origin=Origin(f"{category} 名册 {on}", f"file:{category}-{on}"),
            listed_on=on,
            complete=[category],
            actor=SYSTEM,
            now=now or at(on.month, on.day),
        )
    for each in people:
        Person.objects.filter(name=each.name).exclude(region_code=each.village).update(region_code=each.village)


def update(county: County, month: int, day: int, *, kind: PlanRunKind = PlanRunKind.MONTHLY, key: str = "") -> PlanRun:
    """Reckon the county's plan as of a day, by its review clerk."""
    assert county.plan is not None
    reviewer, now = county.by(Role.AGENCY_REVIEWER), at(month, day)
    asked = ask_run(county.plan.pk, kind, now.date(), key=key or f"{kind}-{month}-{day}", actor=reviewer, now=now)
    return reckon(asked.pk, actor=reviewer, now=now)


def planned_county(*, publish: bool = True) -> County:
    """Return the county with its plan of 2022 reckoned on 10 January and published on the 12th."""
    county = found_county()
    insure()
    hand_in()
    county.plan = open_plan(COUNTY, POLICY, YEAR, actor=county.by(Role.AGENCY_REVIEWER), now=at(1, 10))
    update(county, 1, 10, kind=PlanRunKind.OPENING)
    if publish:
        county.plan = publish_plan(county.plan.pk, actor=county.by(Role.AGENCY_APPROVER), now=at(1, 12))
    return county


_KEPT: dict[bool, tuple[County, list[list[Model]]]] = {}


def remembered_county(*, publish: bool = True) -> County:
    """Return what `planned_county` makes, through the actions the first time and from the same rows afterwards: a second less each."""
    if publish not in _KEPT:
        county = planned_county(publish=publish)
        found = (
            list(model._base_manager.order_by("pk")) for model in apps.get_models() if model.__module__.startswith("zhubao.")
        )
        _KEPT[publish] = county, [rows for rows in found if rows]
        return county
    county, kept = _KEPT[publish]
    for rows in kept:
        type(rows[0])._base_manager.bulk_create(rows)
    return replace(county, plan=AssistancePlan.objects.get())
