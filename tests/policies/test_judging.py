"""The answer of a policy: both worked examples to the letter, lists of what is missing, provisional, unverified; what is refused."""

from typing import Any

import pytest

from zhubao.errors import ZhubaoError
from zhubao.parameters import ParameterBook
from zhubao.policies import MODULES, judge_of
from zhubao.policies.judging import as_json, bounds

from .tables import figure

RUGAO: dict[str, Any] = {
    "birth": "1973-06-18",
    "sex": "female",
    "retirement_category": "female55",
    "hukou": {"value": "320682", "source": "public security register 2026-10-08"},
    "scheme": "employee_pension",
    "participation_type": "flexible",
    "paid_months": 134,
    "deemed_months": 14,
    "deemed_confirmed": True,
    "inability_declaration": True,
    "identities": {"laid_off": {"value": True, "certifier": "hrss", "certificate": "S-0001"}},
}
PENGSHUI: dict[str, Any] = {
    "id_number": "50024319801230004X",
    "scheme": "resident_pension",
    "insured_locality": "500243",
    "student": False,
    "military": False,
    "imprisoned": False,
    "identities": {"dibao": True, "tekun": True, "return_to_poverty": False, "severe_disability": False},
    "chosen_tier_fen": 50_000,
}
JIANGXI: dict[str, Any] = {
    "birth": "1965-06-18",
    "sex": "male",
    "hukou": "360702",
    "insured_locality": "360702",
    "scheme": "employee_pension",
    "participation_type": "flexible",
    "paid_months": 131,
    "deemed_months": 0,
    "inability_declaration": True,
    "continuing": False,
}


def book(*entries: Any) -> ParameterBook:
    """Return the built-in tables under local entries."""
    return ParameterBook(tuple(entries))


@pytest.mark.clauses("rg-4.0a", "rg-5a", "rg-5b", "rg-8a")
def test_the_worked_example_of_rugao() -> None:
    tier = figure("lowest_tier_monthly_fen", 86_400, area="320682")
    result = as_json(judge_of("rugao-draft")(RUGAO, on="2026-10-12", book=book(tier)))
    clauses = {row["id"]: row for row in result["clauses"]}
    assert list(result)[:4] == ["policy", "as_of", "trial", "verdict"]
    assert (result["verdict"], result["category"], result["categories"], result["payer"], result["decisions"]) == (
        "evidence_missing", "laid_off", ["laid_off"], "finance", {"loan": "evidence_missing"},
    )  # fmt: skip
    assert clauses["rg-4.0a"] == {
        "id": "rg-4.0a", "article": "第四条", "kind": "condition", "label": "户籍在本市", "verdict": "met", "value": "320682",
        "source": "public security register 2026-10-08", "part_of": None,
    }  # fmt: skip
    assert clauses["rg-5a"] == {
        "id": "rg-5a", "article": "第五条", "kind": "exclusion", "label": "未同时享受社会保险补贴", "verdict": "evidence_missing",
        "value": None, "source": None, "part_of": None,
    }  # fmt: skip
    counting = [row["id"] for row in result["clauses"] if row["verdict"] != "met" and row["part_of"] is None]
    assert counting == ["rg-5a"]
    assert result["amounts"] == {
        "months": 32, "monthly_fen": 86_400, "credit_line_fen": 2_764_800, "projected_months": 180, "rate_ppm": 49_000,
    }  # fmt: skip
    assert [(row["fact"], row["needed_by"]) for row in result["missing"]] == [("social_insurance_subsidy", ["rg-5a"])]


@pytest.mark.clauses("ps-2.1b", "ps-2.1d", "ps-2.1f")
def test_the_worked_example_of_pengshui() -> None:
    result = as_json(judge_of("pengshui-2022")(PENGSHUI, on="2022-03-01"))
    assert (result["verdict"], result["category"], result["payer"]) == ("met", "tekun", "civil_affairs")
    assert result["amounts"] == {"on_behalf_fen": 10_000, "self_pay_fen": 40_000, "tier_fen": 50_000, "lowest_tier_fen": 10_000}
    assert result["missing"] == []
    assert "trial" not in result


def test_rows_stand_in_the_order_of_the_document_and_nothing_is_left_out() -> None:
    for policy_id in MODULES:
        judge = judge_of(policy_id)
        day = judge.policy.in_force[0] or "2026-10-12"
        rows = as_json(judge({}, on=day))["clauses"]
        assert [row["id"] for row in rows] == [clause.id for clause in judge.policy.clauses if not clause.about_contract]
        with_contract = as_json(judge({"loan": {}}, on=day))["clauses"]
        assert [row["id"] for row in with_contract] == [clause.id for clause in judge.policy.clauses]


def test_nothing_known_is_missing_evidence_never_a_refusal() -> None:
    for policy_id in MODULES:
        judge = judge_of(policy_id)
        answer = judge({}, on=judge.policy.in_force[0] or "2026-10-12")
        assert (answer.verdict, answer.failed) == ("evidence_missing", [])
        assert {clause for row in answer.missing for clause in row.needed_by} == set(answer.unknown)


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        pytest.param({"hukou": None}, {"hukou"}, id="一项事实"),
        pytest.param({"birth": "1969-06", "paid_months": 100}, {"birth"}, id="只知道出生月"),
        pytest.param({"deemed_months": 5}, {"deemed_confirmed"}, id="视同没有确认"),
        pytest.param({"identities": {"laid_off_soe_collective": True}, "unemployment_registered": True},
                     {"still_unemployed", "identities.urban_dibao"}, id="类别要的其他事实"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_by_the_key_of_the_record(changes: dict[str, Any], facts: set[str]) -> None:
    tier = figure("lowest_tier_monthly_fen", 70_000, area="360702")
    answer = judge_of("jiangxi-2020-7")(JIANGXI | {"paid_months": 130} | changes, on="2021-06-15", book=book(tier))
    assert facts <= {row.fact for row in answer.missing}
    assert all(row.remedy.zh and row.remedy.en and row.needed_by for row in answer.missing)


def test_a_figure_nobody_entered_is_missing_in_its_place() -> None:
    result = as_json(judge_of("jiangxi-2020-7")(JIANGXI | {"insured_locality": "360702"}, on="2020-12-30"), "en")
    row = next(row for row in result["missing"] if row["fact"] == "lowest_tier_monthly_fen")
    assert (row["area_code"], row["needed_by"]) == ("360702", ["jx-2.3b"])
    assert row["remedy"].startswith("enter ")


def test_defaults_of_open_questions_are_provisional_until_somebody_decides() -> None:
    judge = judge_of("rugao-draft")
    assert "A-RG-1" in judge(RUGAO, on="2026-10-12").provisional
    nobody = figure("setting.A-RG-1", "5", area="320682")
    decided = figure("setting.A-RG-1", "5", area="320682", decided_by="市人社局")
    assert "A-RG-1" in judge(RUGAO, on="2026-10-12", book=book(nobody)).provisional
    assert "A-RG-1" not in judge(RUGAO, on="2026-10-12", book=book(decided)).provisional
    rows = as_json(judge(RUGAO, on="2026-10-12"), "en")["provisional"]
    assert all(row.keys() == {"question", "default", "decider"} and row["decider"] for row in rows)


@pytest.mark.parametrize(
    ("answer", "remark"),
    [
        pytest.param("pay_day", None, id="按默认的做法"),
        pytest.param("确认", None, id="确认默认"),
        pytest.param("满十八、不满六十", {"decided": "满十八、不满六十"}, id="另行决定，规则不能照办"),
    ],
)
def test_an_answer_the_rules_cannot_follow_does_not_confirm_the_default(answer: str, remark: dict[str, str] | None) -> None:
    decided = figure("setting.A-PS-3", answer, area="500243", decided_by="县社保中心")
    rows = as_json(judge_of("pengshui-2022")(PENGSHUI, on="2022-03-01", book=book(decided)))["provisional"]
    found = [{key: row[key] for key in row.keys() & {"decided"}} for row in rows if row["question"] == "A-PS-3"]
    assert found == ([] if remark is None else [remark])


def test_a_question_that_makes_no_difference_is_not_raised() -> None:
    answer = judge_of("rugao-draft")(RUGAO, on="2026-10-12")
    assert not {"A-RG-5", "A-RG-6", "A-RG-7", "A-RG-8"} & set(answer.provisional)


def test_a_woman_without_a_category_counts_as_55_provisionally() -> None:
    result = as_json(judge_of("rugao-draft")(RUGAO | {"retirement_category": None}, on="2026-10-12"))
    assert {"question": "retirement_category", "default": "女性按55周岁（female55）测算", "decider": "经办机构"} in result[
        "provisional"
    ]
    assert result["amounts"]["months"] == 32


def test_figures_of_general_knowledge_are_shown_as_unverified() -> None:
    from datetime import date

    from zhubao.parameters import Parameter

    guess = Parameter("lowest_tier_monthly_fen", 80_000, "fen", "320682", date(2026, 1, 1), None, "general knowledge", "C")
    result = as_json(judge_of("rugao-draft")(RUGAO, on="2026-10-12", book=book(guess)))
    assert result["unverified"] == [
        {"parameter": "lowest_tier_monthly_fen", "value": 80_000, "confidence": "C", "source": "general knowledge"}
    ]


def test_english_labels() -> None:
    result = as_json(judge_of("pengshui-2022")(PENGSHUI, on="2022-03-01"), "en")
    assert all(row["label"].isascii() for row in result["clauses"])


@pytest.mark.parametrize(
    ("policy", "day", "dates"),
    [
        pytest.param("jiangxi-2020-7", "2020-12-29", ["2020-12-30"], id="江西印发前一天", marks=pytest.mark.clauses("jx-5.4a")),
        pytest.param("tongling-2022-13", "2022-01-24", ["2022-01-25"], id="铜陵印发前一天", marks=pytest.mark.clauses("tl-5.4a")),
        pytest.param("pengshui-2022", "2021-12-31", ["2022-01-01", "2022-12-31"], id="彭水年度前一天"),
        pytest.param("pengshui-2022", "2023-01-01", ["2022-01-01", "2022-12-31"], id="彭水年度后一天"),
        pytest.param("ganzhou-2021-7", "2026-01-01", ["2021-12-17", "2025-12-31"], id="赣州期满后一天"),
    ],
)
def test_outside_its_period_a_policy_is_refused_naming_the_dates(policy: str, day: str, dates: list[str]) -> None:
    with pytest.raises(ZhubaoError) as refused:
        judge_of(policy)({}, on=day)
    assert refused.value.code == "E-POLICY-NOT-IN-FORCE"
    assert all(each in refused.value.problem.zh and each in refused.value.problem.en for each in dates)


def test_a_document_that_extends_the_period_counts_in_its_place_only() -> None:
    judge = judge_of("ganzhou-2021-7")
    extended = book(figure("setting.extended_to", "2026-12-31", area="360702"))
    assert judge({"insured_locality": "360702"}, on="2026-12-31", book=extended).verdict == "evidence_missing"
    for place, day in (("360703", "2026-12-31"), ("360702", "2027-01-01")):
        with pytest.raises(ZhubaoError, match="E-POLICY-NOT-IN-FORCE"):
            judge({"insured_locality": place}, on=day, book=extended)


@pytest.mark.clauses("jx-1.3a", "jx-2.3d")
@pytest.mark.clauses("jx-5.4b")
@pytest.mark.parametrize(
    ("name", "value", "refused"),
    [
        pytest.param("max_years_to_retirement", 6, True, id="年数收紧到六年"),
        pytest.param("max_years_to_retirement", 7, True, id="年数收紧到七年"),
        pytest.param("max_years_to_retirement", 8, False, id="年数照旧"),
        pytest.param("max_years_to_retirement", 10, False, id="年数放宽到十年"),
        pytest.param("annual_cap_factor", 900_000, True, id="额度收紧到九成"),
        pytest.param("annual_cap_factor", 1_200_000, False, id="额度放宽到1.2倍"),
    ],
)
def test_a_locality_may_relax_and_never_narrow(name: str, value: int, refused: bool) -> None:
    local = book(figure(name, value, area="360702"))
    if refused:
        with pytest.raises(ZhubaoError) as fault:
            judge_of("jiangxi-2020-7")(JIANGXI, on="2021-06-30", book=local)
        assert fault.value.code == "E-PARAM-NARROWS"
        assert ("jx-1.1c" if name == "max_years_to_retirement" else "jx-2.3b") in fault.value.problem.zh
    else:
        judge_of("jiangxi-2020-7")(JIANGXI, on="2021-06-30", book=local)


def test_each_thing_a_locality_may_change_has_a_clause() -> None:
    named = {bound.name: bound.clause for policy in MODULES for bound in bounds(judge_of(policy).policy)}
    assert named == {"max_years_to_retirement": "jx-1.1c", "annual_cap_factor": "jx-2.3b"}


@pytest.mark.parametrize(
    ("policy", "entry"),
    [
        pytest.param("rugao-draft", figure("setting.A-RG-1", "five", area="320682"), id="年数写成文字"),
        pytest.param("rugao-draft", figure("setting.pension_from", "tomorrow", area="320682"), id="没有的起领方式"),
        pytest.param("rugao-draft", figure("setting.A-RG-7", "by_year", area="320682"), id="规则不支持的取值"),
        pytest.param("jiangxi-2020-7", figure("setting.A-JX-3", "income_test", area="360000"), id="没有依据数据的收入标准"),
        pytest.param("pengshui-2022", figure("setting.A-PS-2", "maybe", area="500243"), id="没有的取值"),
    ],
)
def test_an_answer_the_rules_cannot_follow_is_refused(policy: str, entry: Any) -> None:
    judge = judge_of(policy)
    with pytest.raises(ZhubaoError) as refused:
        judge({}, on=judge.policy.in_force[0] or "2026-10-12", book=book(entry))
    assert refused.value.code == "E-SETTING-VALUE"


def test_pension_from_the_same_month() -> None:
    same = book(figure("setting.pension_from", "same_month", area="320682"))
    assert judge_of("rugao-draft")(RUGAO, on="2026-10-12", book=same).amounts["projected_months"] == 179


@pytest.mark.parametrize("day", ["2026-13-01", "20261012", "2026-W42-1", "明天", ""])
def test_a_day_that_is_none(day: str) -> None:
    with pytest.raises(ZhubaoError, match="E-DATE"):
        judge_of("rugao-draft")({}, on=day)


def test_a_policy_that_is_none() -> None:
    with pytest.raises(ZhubaoError, match="E-POLICY-UNKNOWN"):
        judge_of("nowhere-2020")
