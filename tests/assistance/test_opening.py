"""Plans opened, and Ganzhou: a hundred yuan a year for five groups, the tier of 100 kept where the lowest has risen, finance pays."""

from datetime import UTC, date, datetime

import pytest

from tests.people.tables import number
from zhubao.access.actions import add_organisation, add_region
from zhubao.access.actors import Actor
from zhubao.access.roles import OrganisationKind
from zhubao.assistance.models import PlanRow, PlanRunKind, PlanStep
from zhubao.assistance.planning.opening import open_plan
from zhubao.assistance.planning.reckoning import ask_run, reckon
from zhubao.errors import ZhubaoError
from zhubao.people.bulk import enter_identity_rows, enter_insured_rows
from zhubao.people.statements import IdentityRow, InsuredRow, InsuredStatement, Origin
from zhubao.programmes.models import LocalFigure

COUNTY, POLICY = "360703", "ganzhou-2021-7"
SYSTEM = Actor.system("test")
NOW = datetime(2024, 1, 10, 2, tzinfo=UTC)
# name, born, category, certifier, scheme, tier, imprisoned: state, on behalf, self-pay
PEOPLE = (
    ("刘建军", "19800101", "dibao", "civil_affairs", "resident_pension", 10_000, False, "planned", 10_000, 0),
    ("何秀英", "19750202", "escaped_poverty", "rural_revitalisation", "none", None, False, "planned", 10_000, 0),
    ("谢发生", "19700303", "tekun", "civil_affairs", "resident_pension", 50_000, False, "planned", 10_000, 40_000),
    ("赖小明", "19850404", "monitored", "rural_revitalisation", "resident_pension", 20_000, False, "excluded", 0, 0),
    ("钟华", "19900505", "severe_disability", "federation", "resident_pension", None, True, "excluded", 0, 0),
    ("温福生", "19880606", "dibao", "civil_affairs", "employee_pension", None, False, "excluded", 0, 0),
)


@pytest.mark.django_db
@pytest.mark.clauses("gz-1b", "gz-1c", "gz-10c", "gz-12a")
def test_the_five_groups_are_paid_a_hundred_and_may_keep_that_tier() -> None:
    region = add_region(COUNTY, "南康区", actor=SYSTEM, now=NOW)
    add_organisation(region, OrganisationKind.AGENCY, "南康区社会保险中心", actor=SYSTEM, now=NOW)
    LocalFigure.objects.create(
        area_code=COUNTY,
        name="lowest_tier_yearly_fen",
        value="30000",
        unit="fen",
        source="区文件",
        decided_by="区人社局",
        entered_at=NOW,
    )
    insured = [
        InsuredRow(
            number(born, at, COUNTY),
            name,
            InsuredStatement(
                scheme,
                date(2024, 1, 4),
                Origin("参保"),
                insured_area=COUNTY,
                chosen_tier_fen=tier,
                imprisoned=prison,
                receiving_pension=False,
            ),
        )
        for at, (name, born, _category, _certifier, scheme, tier, prison, *_rest) in enumerate(PEOPLE, 1)
    ]
    enter_insured_rows(insured, region_code=COUNTY, actor=SYSTEM, now=NOW)
    for category, certifier in {(row[2], row[3]) for row in PEOPLE}:
        rows = [
            IdentityRow(number(row[1], at, COUNTY), row[0], category, at)
            for at, row in enumerate(PEOPLE, 1)
            if row[2] == category
        ]
        enter_identity_rows(
            rows,
            region_code=COUNTY,
            certifier=certifier,
            origin=Origin(category),
            listed_on=date(2024, 1, 5),
            actor=SYSTEM,
            now=NOW,
        )
    plan = open_plan(COUNTY, POLICY, 2024, actor=SYSTEM, now=NOW)
    run = reckon(ask_run(plan.pk, PlanRunKind.OPENING, NOW.date(), key="1", actor=SYSTEM, now=NOW).pk, actor=SYSTEM, now=NOW)
    found = {
        row.person.name: (row.state, row.on_behalf_fen, row.self_pay_fen) for row in PlanRow.objects.select_related("person")
    }
    assert found == {row[0]: row[7:] for row in PEOPLE}
    assert (run.planned, run.on_behalf_fen) == (3, 30_000)
    kept = PlanRow.objects.get(person__name="何秀英")
    assert (kept.payer, kept.tier_fen, kept.due_on) == ("finance", 10_000, date(2024, 12, 31))
    steps = PlanStep.objects.filter(row=kept).values_list("verb", flat=True)
    assert list(steps) == ["enter", "match", "plan"]
    assert PlanRow.objects.get(person__name="赖小明").failed == ["gz-1c"]
    assert PlanRow.objects.get(person__name="钟华").because == "比对发现死亡或服刑"


@pytest.mark.django_db
def test_a_document_of_another_place_opens_no_plan() -> None:
    with pytest.raises(ZhubaoError) as refused:
        open_plan("320682", POLICY, 2024, actor=SYSTEM, now=NOW)
    assert refused.value.code == "E-PLAN-POLICY"


@pytest.mark.django_db
@pytest.mark.clauses("ps-0.1")
def test_the_plan_of_2022_is_opened_once_and_none_of_the_year_before() -> None:
    region = add_region("500243", "彭水苗族土家族自治县", actor=SYSTEM, now=NOW)
    add_organisation(region, OrganisationKind.AGENCY, "彭水县社会保险事务中心", actor=SYSTEM, now=NOW)
    plan = open_plan("500243", "pengshui-2022", 2022, actor=SYSTEM, now=NOW)
    assert open_plan("500243", "pengshui-2022", 2022, actor=SYSTEM, now=NOW) == plan
    assert (plan.state, plan.subject) == ("drafted", "plan:500243-pengshui-2022-2022")
    with pytest.raises(ZhubaoError) as refused:
        open_plan("500243", "pengshui-2022", 2021, actor=SYSTEM, now=NOW)
    assert refused.value.code == "E-PLAN-YEAR"
