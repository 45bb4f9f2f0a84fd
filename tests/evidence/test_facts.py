"""From what is on record to the facts a policy asks for: a value, its source, and silence where nobody said anything."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.evidence.lives import (
    DAY,
    DAYS,
    LIVES,
    PAPER,
    insure,
    jiangxi_borrower,
    pengshui_resident,
    register,
    whole_list,
)
from tests.people.tables import NOW, SYSTEM
from zhubao.access.actors import Actor
from zhubao.evidence.facts import gather, gather_many
from zhubao.evidence.selectors import assess
from zhubao.parameters import Parameter
from zhubao.people.actions import record_death
from zhubao.people.households import record_household
from zhubao.people.models import Identity, Person
from zhubao.people.recording import certify, note_circumstance
from zhubao.people.sealing import open_number
from zhubao.people.statements import IdentityStatement, MemberStatement, Origin
from zhubao.policies import MODULES, judge_of
from zhubao.programmes.actions import enter_figures

pytestmark = pytest.mark.django_db
STATED = {
    "open_loan": {"value": False, "source": "贷款登记"},
    "inability_declaration": {"value": True, "source": "本人声明"},
    "requested_months": 24,
}


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the values alone."""
    values = {key: fact.get("value", fact) for key, fact in facts.items()}
    for key in ("identities", "family"):
        if key in values:
            values[key] = {code: told["value"] for code, told in facts[key].items()}
    return values


def test_a_borrower_of_rugao() -> None:
    facts = gather(LIVES["rugao-draft"](), "rugao-draft", DAY)
    assert plain(facts) == {
        "birth": "1973-05-16",
        "sex": "female",
        "hukou": "320682",
        "insured_locality": "320682",
        "scheme": "employee_pension",
        "participation_type": "flexible",
        "paid_months": 150,
        "open_loan": False,
        "deemed_months": 0,
        "deemed_confirmed": True,
        "retirement_category": "female55",
        "children": 1,
        "social_insurance_subsidy": False,
        "identities": {"dibao": True},
        "family": {"able_members": 2, "able_members_employed": 1, "business_income_fen": 0, "investment_income_fen": 12_000},
    }
    assert facts["paid_months"] == {"value": 150, "source": "参保人员文件 2026-09 · 参保 · 第 12 行", "on": "2026-09-30"}
    assert facts["identities"]["dibao"] == {
        "value": True,
        "certifier": "civil_affairs",
        "source": "证件原件",
        "certificate": "皋低保2024-031",
        "from": "2024-07-01",
    }
    assert facts["family"]["able_members"] == {"value": 2, "source": "家庭申报", "on": "2026-10-08"}


@pytest.mark.parametrize("policy_id", MODULES)
def test_every_value_says_where_it_is_from(policy_id: str) -> None:
    on = DAYS.get(policy_id, DAY)
    facts = gather(LIVES[policy_id](), policy_id, on)
    nested = [told for key in ("identities", "family") for told in facts.get(key, {}).values()]
    for told in [*(fact for key, fact in facts.items() if key not in {"identities", "family"}), *nested]:
        assert told["source"], told
    sources = judge_of(policy_id)(facts, on=on).known.sources
    assert facts.keys() - {"identities"} <= sources.keys()


# Without local figures the clauses that turn on the lowest tier of the year stay open.
@pytest.mark.parametrize(
    ("policy_id", "category", "failed", "unknown"),
    [
        pytest.param("rugao-draft", "dibao", [], ["rg-8a"], id="如皋：低保"),
        pytest.param("jiangxi-2020-7", "laid_off_soe_collective", [], ["jx-2.3b"], id="江西：国企下岗"),
        pytest.param("tongling-2022-13", None, [], [], id="铜陵：居民参保人"),
        pytest.param("pengshui-2022", "dibao", [], [], id="彭水：低保名册没有起始日"),
        pytest.param("ganzhou-2021-7", "severe_disability", [], [], id="赣州：二级残疾，当时在世"),
    ],
)
def test_what_each_policy_says(policy_id: str, category: str | None, failed: list[str], unknown: list[str]) -> None:
    assessment = assess(LIVES[policy_id](), policy_id, DAYS.get(policy_id, DAY), stated=STATED, now=NOW)
    assert (assessment.category, assessment.failed, assessment.unknown) == (category, failed, unknown)


def test_whoever_a_whole_list_does_not_name_is_not_in_the_category() -> None:
    person = pengshui_resident()
    told = gather(person, "pengshui-2022", DAY)["identities"]
    assert {code: fact["value"] for code, fact in told.items()} == {"dibao": True, "severe_disability": False}
    assert told["dibao"]["source"] == "民政低保名册 2026-09 · 在册 · 第 3 行"
    assert told["severe_disability"] == {
        "value": False,
        "certifier": "federation",
        "source": "残联重残名册 2026-09：没有此人",
        "on": "2026-09-01",
    }
    before_the_lists = gather(person, "pengshui-2022", date(2026, 8, 31))["identities"]
    assert set(before_the_lists) == {"dibao"}


@pytest.mark.parametrize(
    ("columns", "known"),
    [
        pytest.param({}, True, id="户籍、居住都在本县"),
        pytest.param({"residence_code": "500101"}, False, id="住在外县，本县名册说明不了"),
        pytest.param({"hukou_code": "", "residence_code": ""}, True, id="户籍居住未登记"),
        pytest.param({"region_code": "500101"}, False, id="参保地在外县"),
    ],
)
def test_whose_absence_a_list_shows(columns: dict[str, str], known: bool) -> None:
    person = pengshui_resident()
    Person.objects.filter(pk=person.pk).update(**columns)
    person.refresh_from_db()
    assert ("severe_disability" in gather(person, "pengshui-2022", DAY)["identities"]) is known


def test_a_name_dropped_from_the_next_list() -> None:
    person = pengshui_resident()
    whole_list("500243", "civil_affairs", "dibao", "民政低保名册 2026-10", day=date(2026, 10, 1))
    told = gather(person, "pengshui-2022", DAY)["identities"]["dibao"]
    assert (told["value"], told["to"]) == (True, "2026-09-30")
    known = judge_of("pengshui-2022")(gather(person, "pengshui-2022", date(2022, 3, 1)), on=date(2022, 3, 1)).known
    assert known.values["identity_dibao"] is True


def test_another_departments_word_does_not_stand_against_the_list() -> None:
    person = register("19801230", 6, "500243", "王秀兰")
    Identity.objects.create(
        person=person, region_code="500243", category="dibao", certifier="federation", source="残联", recorded_at=NOW
    )
    assert gather(person, "pengshui-2022", DAY)["identities"]["dibao"]["certifier"] == "federation"
    whole_list("500243", "civil_affairs", "dibao", "民政低保名册 2026-09")
    assert gather(person, "pengshui-2022", DAY)["identities"]["dibao"]["value"] is False


@pytest.mark.clauses("jx-1.2f")
@pytest.mark.parametrize(
    ("on", "registered", "still"),
    [
        pytest.param(date(2020, 4, 1), None, None, id="登记之前"),
        pytest.param(date(2020, 12, 1), True, True, id="失业中"),
        pytest.param(date(2021, 4, 1), True, False, id="再就业之后"),
    ],
)
def test_registered_and_still_unemployed(on: date, registered: bool | None, still: bool | None) -> None:
    person = register("19710403", 33, "360702", "刘建国")
    note_circumstance(person.pk, "unemployed", PAPER, starts_on=date(2020, 5, 6), ends_on=date(2021, 3, 1), actor=SYSTEM, now=NOW)
    values = plain(gather(person, "jiangxi-2020-7", on))
    assert (values.get("unemployment_registered"), values.get("still_unemployed")) == (registered, still)


@pytest.mark.parametrize(
    ("start", "end", "value", "expected"),
    [
        pytest.param(date(2026, 1, 1), None, 1, [{"from": "2026-01"}], id="正在享受"),
        pytest.param(date(2026, 1, 1), date(2026, 12, 31), 1, [{"from": "2026-01", "to": "2026-12"}], id="享受到年底"),
        pytest.param(date(2025, 1, 1), date(2025, 12, 31), 1, False, id="去年享受过"),
        pytest.param(None, None, 1, True, id="起日不明"),
        pytest.param(None, None, 0, False, id="未享受"),
        pytest.param(date(2026, 11, 1), None, 1, None, id="下月起，今天不知道"),
    ],
)
def test_the_months_of_the_subsidy(start: date | None, end: date | None, value: int, expected: object) -> None:
    person = register("19730516", 44, "320682", "王芳")
    note_circumstance(person.pk, "subsidised", PAPER, value=value, starts_on=start, ends_on=end, actor=SYSTEM, now=NOW)
    assert plain(gather(person, "rugao-draft", DAY)).get("social_insurance_subsidy") == expected


def test_death_a_pension_and_an_open_loan_are_facts() -> None:
    person = register("19660101", 11, "340705", "赵大明")
    insure(person, "resident_pension", receiving_pension=True)
    person = record_death(person.pk, date(2026, 10, 1), "殡葬信息", actor=SYSTEM, now=NOW)
    facts = gather(person, "tongling-2022-13", DAY, stated={"open_loan": {"value": True, "source": "贷款 JX-1"}})
    assert facts["deceased"] == {"value": True, "source": "殡葬信息", "on": "2026-10-01"}
    assert gather(person, "tongling-2022-13", date(2026, 9, 30))["deceased"]["value"] is False
    assessment = judge_of("tongling-2022-13")(facts, on=DAY)
    assert [each for each in assessment.failed if each in {"A-TL-1", "A-ALL-15"}] == ["A-TL-1", "A-ALL-15"]


def test_the_scheme_that_excludes_speaks_first() -> None:
    person = register("19660101", 13, "340705", "赵小明")
    insure(person, "resident_pension", paid_months=120, chosen_tier_fen=50_000)
    insure(person, "employee_pension")
    values = plain(gather(person, "tongling-2022-13", DAY))
    assert (values["scheme"], values.get("paid_months"), values["chosen_tier_fen"]) == ("employee_pension", None, 50_000)


def test_nobody_said_anything() -> None:
    person = register("19730516", 46, "320682", "李芳")
    assert set(gather(person, "rugao-draft", DAY)) == {"birth", "sex", "hukou", "open_loan"}


def test_what_is_stated_goes_before_and_beside() -> None:
    person = jiangxi_borrower()
    stated = {"identities": {"urban_dibao": False}, "paid_months": 141, "loan": {"rate_ppm": 30_000}}
    values = gather(person, "jiangxi-2020-7", DAY, stated=stated)
    assert values["paid_months"] == 141
    assert set(values["identities"]) == {"urban_dibao", "laid_off_soe_collective"}
    assert values["loan"] == {"rate_ppm": 30_000}


def test_a_category_the_locality_added() -> None:
    person = register("19710403", 35, "360702", "刘志强")
    added = Parameter(
        "extra_categories", "severe_illness", "text", "360702", date(2026, 9, 1), None, "市府办文 9 号", decided_by="人社局"
    )
    enter_figures([added], actor=Actor.system("test"), now=NOW)
    insure(person, "employee_pension")
    certify(person.pk, IdentityStatement("severe_illness", "civil_affairs", Origin("重病名册")), actor=SYSTEM, now=NOW)
    assert gather(person, "jiangxi-2020-7", DAY)["identities"]["severe_illness"]["value"] is True
    assert "identities" not in gather(person, "jiangxi-2020-7", date(2026, 8, 31))


@pytest.mark.parametrize("policy_id", MODULES)
def test_many_are_gathered_as_each_alone(policy_id: str) -> None:
    people = [make() for make in LIVES.values()]
    with CaptureQueriesContext(connection) as queries:
        together = dict(gather_many(Person.objects.all(), policy_id, DAY))
    assert list(together) == sorted(people, key=lambda person: person.pk)
    assert together == {person: gather(person, policy_id, DAY) for person in people}
    assert len(queries) <= 6


@pytest.mark.parametrize("policy_id", MODULES)
def test_one_person_costs_few_queries(policy_id: str) -> None:
    person = LIVES[policy_id]()
    with CaptureQueriesContext(connection) as queries:
        assess(person, policy_id, DAYS.get(policy_id, DAY), stated=STATED, now=NOW)
    assert len(queries) <= 6


@pytest.mark.clauses("jx-1.2c", "jx-1.2d")
@pytest.mark.parametrize("category", ["urban_low_income", "urban_expenditure_poor"])
def test_what_a_household_holds_every_member_on_its_list_has(category: str) -> None:
    """The head stands on the roster; a daughter on the household's list is a hardship borrower until the roster drops the household."""
    area = "360702"
    head, daughter, gone = (
        register(born, 31 + step, area, name)
        for step, (born, name) in enumerate((("19610403", "刘建军"), ("19860403", "刘小红"), ("19880403", "刘小军")))
    )
    members = [
        MemberStatement(name, relation, open_number(who))
        for name, relation, who in (("刘建军", "户主", head), ("刘小红", "女", daughter))
    ]
    leaving = [*members, MemberStatement("刘小军", "子", open_number(gone))]
    for listed in (leaving, members):
        record_household("H1", listed, region_code=area, source="民政核对名单", actor=SYSTEM, now=NOW)
    day = date(2026, 9, 1)
    whole_list(area, "civil_affairs", category, "民政低收入名册 2026-09", (head, "刘建军", 2), day=day)

    def told(person: Person, on: date = DAY) -> object:
        return gather(person, "jiangxi-2020-7", on)["identities"][category]

    assert told(daughter) == {
        "value": True,
        "certifier": "civil_affairs",
        "source": "民政低收入名册 2026-09 · 在册 · 第 2 行（同户成员）",
    }
    assert told(gone)["value"] is False  # type: ignore[index]
    assert assess(daughter, "jiangxi-2020-7", DAY, stated=STATED, now=NOW).decisions["subsidy"] == "met"
    both = Person.objects.filter(pk__in=[head.pk, daughter.pk])
    assert [facts["identities"][category]["value"] for _person, facts in gather_many(both, "jiangxi-2020-7", DAY)] == [True, True]

    head_only = Parameter("setting.A-JX-6", "head_only", "", area, day, None, source="区民政局函", decided_by="区民政局")
    whole_list(area, "civil_affairs", category, "民政低收入名册 2026-10", day=date(2026, 10, 1))
    assert [told(each)["to"] for each in (head, daughter)] == ["2026-09-30"] * 2  # type: ignore[index]
    clause = {"urban_low_income": "jx-1.2d", "urban_expenditure_poor": "jx-1.2c"}[category]
    judged = assess(daughter, "jiangxi-2020-7", DAY, stated=STATED, now=NOW)
    assert next(row.verdict.word for row in judged.clauses if row.id == clause) == "not_met"
    enter_figures([head_only], actor=SYSTEM, now=NOW)
    assert [told(each, day)["value"] for each in (head, daughter)] == [True, False]  # type: ignore[index]
