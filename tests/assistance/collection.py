"""A county in Pengshui, 2022, as collection finds it: eleven people on a published plan, and every office with two people at its posts.

Nothing was paid yet. Steps are taken through the actions, on the days the calendar of the plan names.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.db import connection

from tests.cases.offices import Offices, open_offices
from tests.people.tables import number
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Post, Region, User
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance.models import AssistancePlan, Channel, PlanRow
from zhubao.exchange.actions import Receipt
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.actual_on_behalf import ActualOnBehalf
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.self_pay_receipts import SelfPayReceipt
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Envelope
from zhubao.people.actions import register_person
from zhubao.people.models import Person
from zhubao.people.sealing import open_number
from zhubao.procedures.plan_files import APPLY, receive_plan_file

COUNTY, POLICY, YEAR = "500243", "pengshui-2022", 2022
YUSHAN, HANJIA = COUNTY + "108", COUNTY + "101"
ZHONGJING, SHICAO = YUSHAN + "201", HANJIA + "205"
SYSTEM = Actor.system("test", COUNTY)
CIVIL, RURAL, FEDERATION = "civil_affairs", "rural_revitalisation", "federation"
OFFICE_OF = {
    CIVIL: OrganisationKind.CIVIL_AFFAIRS,
    RURAL: OrganisationKind.RURAL_AFFAIRS,
    FEDERATION: OrganisationKind.DISABLED_FEDERATION,
}

# Name, village, category, department, tier, on behalf: yuan. The rest of the tier is the own part.
PEOPLE: tuple[tuple[str, str, str, str, int, int], ...] = (
    ("冉光荣", ZHONGJING, "dibao", CIVIL, 100, 70),
    ("向中玉", ZHONGJING, "dibao", CIVIL, 200, 70),
    ("庹德清", ZHONGJING, "tekun", CIVIL, 100, 100),
    ("何世琼", SHICAO, "tekun", CIVIL, 500, 100),
    ("任廷芳", SHICAO, "return_to_poverty", RURAL, 100, 70),
    ("张泽会", SHICAO, "return_to_poverty", RURAL, 100, 70),
    ("黎明华", ZHONGJING, "dibao", CIVIL, 100, 70),
    ("谭贵芳", ZHONGJING, "dibao", CIVIL, 100, 70),
    ("廖永碧", SHICAO, "severe_disability", FEDERATION, 100, 100),
    ("杨胜发", ZHONGJING, "severe_disability", FEDERATION, 200, 100),
    ("罗天才", SHICAO, "tekun", CIVIL, 500, 100),
)


def at(month: int, day: int, hour: int = 9, year: int = YEAR) -> datetime:
    """An hour of a day in the county."""
    return datetime(year, month, day, hour - 8, tzinfo=UTC)


MAY, SEPTEMBER, OCTOBER = at(5, 20), at(9, 5), at(10, 12)


@dataclass(frozen=True)
class County:
    """The plan and the offices around it."""

    plan: AssistancePlan
    offices: Offices

    def at(self, role: str, other: bool = False) -> Actor:
        """Return the actor at a post of the county; a certifier's is civil affairs'."""
        return self.offices.at(role, other)

    def department(self, payer: str) -> Actor:
        """Return the certifying clerk of a department."""
        posts = Post.objects.filter(role=Role.CERTIFIER, organisation__kind=OFFICE_OF[payer])
        return posts.select_related("user", "organisation").order_by("pk")[0].actor()

    def office(self, kind: OrganisationKind) -> Organisation:
        """Return the county's office of a kind."""
        return Organisation.objects.get(kind=kind, region_id=self.plan.region_code)

    def receive(self, kind: str, rows: Sequence[Any], *, batch: str, now: datetime, by: Actor | None = None) -> Receipt:
        """Hand a file in as tax (or another actor's office) and apply it as the worker would."""
        actor = by or self.at(Role.TAX_CLERK)
        sender = Organisation.objects.get(pk=actor.organisation_id or 0)
        content = file_of(kind, rows, batch)
        receipt = receive_plan_file(
            kind, [content], name=f"{batch}.csv", plan=self.plan, sender_id=sender.pk, actor=actor, now=now
        )
        if not receipt.refused:
            APPLY[kind](receipt.envelope.pk, clock=lambda: now)
        return receipt

    def results(self, receipt: Receipt) -> list[str]:
        """Return what became of each line: OK, or a code."""
        return list(Envelope.objects.get(pk=receipt.envelope.pk).lines.values_list("result_code", flat=True))

    def states(self) -> dict[str, str]:
        """Return the state of everybody by name."""
        return dict(PlanRow.objects.filter(plan=self.plan).values_list("person__name", "state"))


def pengshui() -> County:
    """Open the offices and put the eleven on a published plan."""
    offices = open_offices(COUNTY)
    for code, name in (
        (YUSHAN, "郁山镇"),
        (HANJIA, "汉葭街道"),
        (ZHONGJING, "中井村"),
        (SHICAO, "石槽村"),
        (COUNTY, "彭水自治县"),
    ):
        Region.objects.update_or_create(code=code, defaults={"name": name})
    for kind in (OrganisationKind.RURAL_AFFAIRS, OrganisationKind.DISABLED_FEDERATION):
        office = Organisation.objects.create(region_id=COUNTY, kind=kind, name=f"{COUNTY} {kind.label}")
        user = User.objects.create(username=f"certifier-{kind}-a", name=f"{kind.label}", password="!")
        Post.objects.create(user=user, organisation=office, role=Role.CERTIFIER, scope_id=COUNTY, opened_at=at(1, 1))
    Organisation.objects.create(region_id=HANJIA, kind=OrganisationKind.TOWNSHIP, name="汉葭街道办事处")
    plan = AssistancePlan.objects.create(
        region_code=COUNTY,
        policy_id=POLICY,
        year=YEAR,
        agency=offices.office(OrganisationKind.AGENCY),
        state="published",
        state_since=at(1, 20),
        opened_at=at(1, 10),
        lowest_tier_fen=10_000,
    )
    for place, each in enumerate(PEOPLE):
        add_row(plan, place, *each)
    return County(plan, offices)


def add_row(
    plan: AssistancePlan, place: int, name: str, village: str, category: str, payer: str, tier: int, on_behalf: int, **more: Any
) -> PlanRow:
    """Register a person born on 5 March 1970 and plan the year for them, yuan."""
    born = more.pop("born", "19700305")
    person = register_person(number(born, 300 + place), name, region_code=village, actor=SYSTEM, now=at(1, 5))
    values: dict[str, Any] = {"state": "planned", "entered_on": date(YEAR, 1, 10), "due_on": date(YEAR, 8, 31), **more}
    return PlanRow.objects.create(
        plan=plan,
        person=person,
        region_code=village,
        category=category,
        categories=[category],
        payer=payer,
        channel=Channel.DISABILITY if category == "severe_disability" and plan.policy_id == POLICY else Channel.COUNTY,
        tier_fen=tier * 100,
        on_behalf_fen=on_behalf * 100,
        self_pay_fen=(tier - on_behalf) * 100,
        state_since=at(1, 20),
        reckoned_on=date(YEAR, 1, 10),
        **values,
    )


def row(name: str) -> PlanRow:
    """Return the row of a person by name."""
    return PlanRow.objects.select_related("plan", "person").get(person__name=name)


def id_of(name: str) -> str:
    """Return the citizen number of a person by name."""
    return open_number(Person.objects.get(name=name))


def file_of(kind: str, rows: Sequence[Any], batch: str) -> bytes:
    """Return the bytes of a file as an office sends it."""
    return write(layout_of(kind), Head(batch, "", "", "核对"), list(rows), "csv")


def receipt(who: str, tier: int, paid: int, on: date = date(2022, 5, 18), **more: Any) -> SelfPayReceipt:
    """Return a line of tax's receipts, yuan."""
    values: dict[str, Any] = {"number": f"PS22-{who}", "year": YEAR, "id_number": "", "name": who, **more}
    return SelfPayReceipt(
        values["number"], values["name"], values["id_number"] or id_of(who), values["year"], tier * 100, paid * 100, on
    )


def actual(who: str, **more: Any) -> ActualOnBehalf:
    """Return a line of tax's actual data, as the plan has it unless said otherwise (fen)."""
    of = row(who)
    values: dict[str, Any] = {
        "plan_number": str(of.pk),
        "name": who,
        "id_number": id_of(who),
        "year": YEAR,
        "category": of.category,
        "tier_fen": of.tier_fen,
        "self_paid_fen": of.self_paid_fen,
        "paid_on": of.self_paid_on,
        "on_behalf_fen": of.on_behalf_fen,
    }
    return ActualOnBehalf(**{**values, **more})


OWN_PARTS = (("冉光荣", 100, 30), ("向中玉", 200, 130), ("何世琼", 500, 400), ("任廷芳", 100, 30), ("张泽会", 100, 30))
IN_FULL = (("谭贵芳", 100, 100), ("罗天才", 500, 500))


def collected(county: County) -> None:
    """Have the own parts of five people and the whole tier of two come in."""
    county.receive("self_pay_receipts", [receipt(*each) for each in (*OWN_PARTS, *IN_FULL)], batch="S1", now=MAY)


def listed(county: County) -> None:
    """Have tax list everybody whose own part is there, after the collection."""
    collected(county)
    names = [name for name, _tier, _paid in OWN_PARTS] + ["庹德清"]
    county.receive("actual_on_behalf", [actual(name) for name in names], batch="A1", now=SEPTEMBER)


_listed: list[list[Any]] = []


def listed_county() -> County:
    """Return the county after tax's list. The first test walks there through the actions, the others get the same rows."""
    if _listed:
        for rows in _listed:
            type(rows[0])._base_manager.bulk_create(rows)
        return County(AssistancePlan.objects.select_related("agency").get(), Offices(COUNTY))
    county = pengshui()
    listed(county)
    kept = (list(model._base_manager.order_by("pk")) for model in apps.get_models() if model.__module__.startswith("zhubao."))
    _listed.extend(rows for rows in kept if rows)
    return county


def rows_of_everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the tables that collection and claim may touch, so that a refusal can be seen to have changed nothing."""
    touched = ("assistance_", "accounts_", "exchange_", "ledger_", "tasks_", "access_auditentry")
    with connection.cursor() as cursor:
        found = {}
        for name in sorted(connection.introspection.table_names()):
            if name.startswith(touched):
                found[name] = cursor.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
        return found
