"""Twelve people of two villages of a town in Pengshui as the ledger that closes finds them, made as rows without the steps before.

The offices of the county stand around them: two people at every post, the committee in Zhongjing, the township in Yushan.
"""

from datetime import UTC, date, datetime
from typing import Any

from tests.cases.offices import Offices, open_offices
from tests.people.tables import number
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Region
from zhubao.access.roles import OrganisationKind
from zhubao.assistance.models import AssistancePlan, Channel, PlanRow
from zhubao.people.actions import register_person

COUNTY, POLICY, YEAR = "500243", "pengshui-2022", 2022
YUSHAN, ZHONGJING, SHUIJIN = COUNTY + "108", COUNTY + "108201", COUNTY + "108202"
SYSTEM = Actor.system("test", COUNTY)
NOVEMBER = datetime(2022, 11, 15, 2, tzinfo=UTC)
AUGUST = datetime(2022, 8, 20, 2, tzinfo=UTC)

# Name, village, category, on behalf and own part in yuan, state, and what else is on record.
PEOPLE: tuple[tuple[str, str, str, int, int, str, dict[str, Any]], ...] = (
    ("冉光荣", ZHONGJING, "dibao", 70, 30, "planned", {}),
    ("向中玉", ZHONGJING, "dibao", 70, 30, "planned", {}),
    ("庹德清", ZHONGJING, "tekun", 100, 0, "planned", {}),
    ("何世琼", ZHONGJING, "dibao", 70, 30, "self_paid", {"self_paid_fen": 3_000, "receipt_number": "PS22-0004"}),
    ("任廷芳", ZHONGJING, "dibao", 70, 30, "credited", {"self_paid_fen": 3_000, "receipt_number": "PS22-0005"}),
    ("张泽会", ZHONGJING, "tekun", 100, 0, "credited", {"credited_on": date(2022, 10, 12)}),
    ("黎明华", ZHONGJING, "dibao", 0, 0, "excluded", {"because": "在市外参加企业职工养老", "failed": ["ps-1b"]}),
    ("谭贵芳", SHUIJIN, "dibao", 70, 30, "refunded", {"self_paid_fen": 10_000}),
    ("罗天才", SHUIJIN, "return_to_poverty", 70, 30, "cancelled", {"because": "2022-05-03 死亡"}),
    ("龚成菊", SHUIJIN, "dibao", 70, 30, "verified", {"self_paid_fen": 3_000, "receipt_number": "PS22-0010"}),
    ("廖永碧", SHUIJIN, "severe_disability", 100, 0, "planned", {"channel": Channel.DISABILITY}),
    ("杨胜发", SHUIJIN, "dibao", 0, 0, "rostered", {"unknown": ["ps-1b"]}),
)


def pengshui() -> Offices:
    """Open the offices, name town and villages, and put the twelve on a published plan."""
    offices = open_offices(COUNTY)
    for code, name in ((YUSHAN, "郁山镇"), (ZHONGJING, "中井村"), (SHUIJIN, "水井村"), (COUNTY, "彭水自治县")):
        Region.objects.update_or_create(code=code, defaults={"name": name})
    plan_of(offices)
    for each in range(len(PEOPLE)):
        row_of(each)
    return offices


def plan_of(offices: Offices | None = None) -> AssistancePlan:
    """Return the plan, opened when there is none."""
    found = AssistancePlan.objects.filter(region_code=COUNTY).first()
    if found is not None:
        return found
    assert offices is not None
    agency = Organisation.objects.get(kind=OrganisationKind.AGENCY, region_id=COUNTY)
    at = datetime(2021, 12, 1, tzinfo=UTC)
    return AssistancePlan.objects.create(
        region_code=COUNTY, policy_id=POLICY, year=YEAR, agency=agency, state="published", state_since=at, opened_at=at
    )


def row_of(place: int) -> PlanRow:
    """Return the row of the n-th person, made when there is none."""
    name, village, category, on_behalf, own, state, more = PEOPLE[place]
    person = register_person(number("19700305", 100 + place), name, region_code=village, actor=SYSTEM, now=AUGUST)
    found = PlanRow.objects.filter(person=person).first()
    return found or PlanRow.objects.create(
        plan=plan_of(),
        person=person,
        region_code=village,
        category=category,
        categories=[category],
        payer={"severe_disability": "federation", "return_to_poverty": "rural_revitalisation"}.get(category, "civil_affairs"),
        tier_fen=(on_behalf + own) * 100,
        on_behalf_fen=on_behalf * 100,
        self_pay_fen=own * 100,
        state=state,
        state_since=AUGUST,
        reckoned_on=date(2022, 1, 10),
        entered_on=date(2022, 1, 10),
        due_on=date(2022, 8, 31),
        **more,
    )


def named(name: str) -> PlanRow:
    """Return the row of a person by name."""
    return PlanRow.objects.select_related("plan", "person").get(person__name=name)
