"""Whole persons through the forecast: every figure a clerk could check, every reason failing once, every gap named."""

from datetime import date
from typing import Any

import pytest

from zhubao.errors import ZhubaoError
from zhubao.lending.affordability import months_at
from zhubao.lending.forecast import Forecast, as_json, forecast
from zhubao.parameters import Parameter, ParameterBook

from .forecast_cases import CASES, JIANGXI, RUGAO, TONGLING, changed

NOT_HARD = changed(JIANGXI, hardship=False)
WHOLE = [
    # tranches, principal, before the pension: all, government; pension; deduction; months, last, cost, government; largest
    pytest.param(RUGAO, [259_200, 1_036_800, 1_036_800, 432_000], 2_764_800, 139_426, 139_426, (107_004, 26_408, 7_490),
                 70_451, 43, "2032-12", 3_018_510, 139_426, True, 6_661_197, id="如皋-五十岁五年内"),
    pytest.param(JIANGXI, [78_300, *[939_600] * 7, 861_300], 7_516_800, 964_604, 964_604, (84_648, 39_019, 0),
                 32_167, None, None, 12_353_567, 964_604, False, 6_400_906, id="江西-困难八年"),
    pytest.param(NOT_HARD, [78_300, *[939_600] * 7, 861_300], 7_516_800, 964_604, 0, (84_648, 39_019, 0),
                 32_167, None, None, 14_392_572, 0, False, 5_715_804, id="江西-非困难八年"),
    pytest.param(TONGLING, [300_000] * 3, 900_000, 60_880, 0, (15_500, 9_051, 0),
                 9_051, 139, "2036-02", 1_249_130, 0, True, 1_485_388, id="铜陵-三年三千"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "tranches", "principal", "grace", "grace_government", "pension", "monthly", "months", "last", "cost", "government",
     "affordable", "largest"), WHOLE)  # fmt: skip
def test_a_whole_person(
    case: dict[str, Any], tranches: list[int], principal: int, grace: int, grace_government: int, pension: tuple[int, int, int],
    monthly: int, months: int | None, last: str | None, cost: int, government: int, affordable: bool, largest: int,
) -> None:  # fmt: skip
    result = as_json(forecast(case))
    assert [tranche["fen"] for tranche in result["tranches"]] == tranches
    assert result["principal_fen"] == principal == sum(tranches)
    assert result["grace_interest"] == {
        "total_fen": grace,
        "government_fen": grace_government,
        "borrower_fen": grace - grace_government,
    }
    parts = result["pension"]
    assert (parts["basic_fen"], parts["account_fen"], parts["transition_fen"]) == pension
    assert parts["total_fen"] == sum(pension)
    assert result["deduction"]["monthly_fen"] == result["deduction"]["cap_fen"] == monthly
    assert result["deduction"]["left_fen"] == sum(pension) - monthly
    assert (result["repayment"]["months"], result["repayment"]["last_month"]) == (months, last)
    assert result["total_cost_fen"] == cost == principal + result["borrower_interest_fen"]
    assert result["government_fen"] == government
    assert result["affordable"] is affordable
    assert result["largest_affordable_fen"] == largest
    assert result["missing"] == []


def test_the_dates_of_the_rugao_woman() -> None:
    result = as_json(forecast(RUGAO))
    assert result["retirement"] == {"statutory_month": "2029-05", "pension_month": "2029-06", "required_months": 180}
    assert (result["months_to_pay"], result["projected_months"], result["trial"]) == (32, 180, True)
    assert [(tranche["date"], tranche["months"]) for tranche in result["tranches"]] == [
        ("2026-11-20", 3),
        ("2027-11-20", 12),
        ("2028-11-20", 12),
        ("2029-05-20", 5),  # 20 November is after the first pension
    ]
    assert result["deduction"]["first_month"] == "2029-06"


def test_the_eight_year_maximum_of_a_minimum_payer_is_not_repayable_in_jiangxi_and_the_arithmetic_is_shown() -> None:
    why = {row["code"]: row for row in as_json(forecast(JIANGXI))["why"]}
    assert why["covers_interest"]["numbers"] == {"cap_fen": 32_167, "monthly_interest_fen": 21_924}  # 75,168 yuan at 3.50 %
    assert why["ends_in_life"]["holds"] is False
    assert why["ends_in_life"]["numbers"] == {
        "last_month": None,
        "horizon_month": "2057-11",
        "horizon_age": 85,
        "months_needed": 394,
        "left_fen": 2_703_467,
    }


@pytest.mark.parametrize(("left_above_the_line", "months"), [(25_000, 720), (30_000, 450), (40_000, 273)])
def test_eight_years_of_contributions_against_what_the_minimum_living_line_leaves(left_above_the_line: int, months: int) -> None:
    assert months_at(7_516_800, 0, left_above_the_line, 35_000) == pytest.approx(months, abs=4)


FAILING = [
    pytest.param(changed(RUGAO, person={"paid_months": 130}), "enough_months", id="年限差四个月"),
    pytest.param(changed(JIANGXI, parameters={"floor_fen": [{"from": "2024-01-01", "value": 103_000}]}), "covers_interest", id="扣款不抵利息"),
    pytest.param(changed(RUGAO, plan={"agreed_fen": 26_000}), "ends_in_term", id="一百二十个月还不清"),
    pytest.param(changed(RUGAO, horizon_age=60, plan={"agreed_fen": 40_000}), "ends_in_life", id="六十岁前还不清"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "code"), FAILING)
def test_each_reason_fails_once(case: dict[str, Any], code: str) -> None:
    result = as_json(forecast(case), "zh")
    held = {row["code"]: row["holds"] for row in result["why"]}
    assert list(held) == ["enough_months", "covers_interest", "ends_in_term", "ends_in_life"]
    assert held[code] is False
    assert result["affordable"] is False


def test_without_a_longest_term_the_reason_does_not_apply() -> None:
    assert as_json(forecast(TONGLING))["why"][2]["holds"] is None


MISSING = [
    pytest.param("如皋", {"person": {"account_fen": None}}, "account_fen", ["pension"], id="账户余额"),
    pytest.param("如皋", {"person": {"index": None}}, "index", ["pension"], id="缴费指数"),
    pytest.param("如皋", {"person": {"paid_months": None}}, "paid_months", ["months_to_pay", "tranches"], id="缴费月数"),
    pytest.param("如皋", {"person": {"birth": None}}, "birth", ["retirement", "tranches"], id="出生年月"),
    pytest.param("江西困难", {"hardship": None}, "hardship", ["deduction", "government_fen"], id="困难身份"),
    pytest.param("江西困难", {"parameters": {"floor_fen": None}}, "floor_fen", ["deduction", "life"], id="低保标准"),
    pytest.param("铜陵", {"plan": {"yearly_fen": None}}, "yearly_fen", ["tranches", "pension.account_fen"], id="缴费档次"),
]


@pytest.mark.parametrize(("name", "changes", "fact", "unknown"), MISSING)
def test_a_missing_input_is_named_and_what_needs_it_is_null(
    name: str, changes: dict[str, Any], fact: str, unknown: list[str]
) -> None:
    result = as_json(forecast(changed(CASES[name], **changes)))
    assert fact in [row["fact"] for row in result["missing"]]
    assert result["affordable"] is None
    assert result["largest_affordable_fen"] is None
    for path in unknown:
        value: Any = result
        for key in path.split("."):
            value = value[key]
        assert value is None or (path == "pension" and value["total_fen"] is None)


def test_defaults_of_the_bank_and_figures_carried_on_are_provisional() -> None:
    case = changed(JIANGXI, bank=None, plan=None)
    questions = {row["question"] for row in as_json(forecast(case))["provisional"]}
    assert questions >= {
        "A-ALL-2", "A-ALL-3", "A-ALL-4", "settlement", "deduction_day", "tranche_day", "agreed_fen",
        "lowest_tier_monthly_fen", "calc_base_fen", "floor_fen", "account_crediting_ppm",
    }  # fmt: skip


def test_a_figure_of_general_knowledge_is_named_as_unverified() -> None:
    case = changed(JIANGXI, on="2021-06-30", parameters={"floor_fen": None, "calc_base_fen": None, "account_crediting_ppm": None})
    case["parameters"]["lowest_tier_monthly_fen"] = [{"from": "2021-01-01", "value": 70_000}]
    case["person"] |= {"birth": "1969-05"}
    result = as_json(forecast(case))
    assert [(row["parameter"], row["value"]) for row in result["unverified"]] == [("floor_fen", 76_500)]


def test_local_figures_lie_over_the_tables() -> None:
    local = Parameter("floor_fen", 80_000, "fen", "360700", date(2024, 1, 1), None, "synthetic")
    case = changed(JIANGXI, person={"insured_locality": "360700"}, parameters={"floor_fen": None})
    result = as_json(forecast(case, book=ParameterBook.built_in().over([local])))
    assert result["deduction"]["protected_fen"] == 80_000


@pytest.mark.parametrize(
    ("growths", "tranche", "floor", "pension", "base"),
    [
        pytest.param({}, 939_600, 91_500, 123_667, 705_400, id="不增长"),
        pytest.param({"tier_growth_ppm": 20_000}, 958_392, 91_500, None, 705_400, id="档次年增百分之二"),
        pytest.param({"floor_growth_ppm": 30_000}, 939_600, 115_909, 123_667, 705_400, id="低保年增百分之三"),
        pytest.param({"pension_growth_ppm": 10_000}, 939_600, 91_500, None, 763_847, id="养老金年增百分之一"),
    ],
)
def test_later_years_grow_as_the_case_says(
    growths: dict[str, int], tranche: int, floor: int, pension: int | None, base: int
) -> None:
    result = as_json(forecast(changed(JIANGXI, parameters=growths)))
    assert result["tranches"][1]["fen"] == tranche  # 2025
    assert result["deduction"]["protected_fen"] == floor  # December 2032, eight years on
    assert result["pension"]["calc_base_fen"] == base
    assert pension is None or result["pension"]["total_fen"] == pension


def test_the_account_grows_by_eight_of_twenty_points_and_yearly_interest() -> None:
    case = changed(RUGAO, person={"paid_months": 175, "deemed_months": 0}, on="2029-02-10")
    # February to May 2029: 4 × 864.00 paid on 20 May, the award month; 31,000.00 earns three months at 1.50 %.
    assert (
        as_json(forecast(case))["pension"]["account_balance_fen"]
        == 3_100_000 + 4 * 86_400 * 8 // 20 + 3_100_000 * 15 * 3 // 12_000
    )


def test_a_man_past_the_age_pays_on_until_the_years_are_enough() -> None:
    case = changed(JIANGXI, person={"birth": "1963-10", "paid_months": 170})
    result = as_json(forecast(case))
    assert (result["months_to_pay"], result["projected_months"]) == (10, 180)
    assert result["retirement"]["pension_month"] == "2025-10"
    assert result["pension"]["divisor"] == 125.6  # 61 years and 11 months


def test_own_money_down_to_the_largest_amount_makes_the_loan_affordable() -> None:
    largest = forecast(JIANGXI).largest_fen
    assert largest is not None
    enough = forecast(changed(JIANGXI, plan={"own_fen": 7_516_800 - largest}))
    assert (enough.principal_fen, enough.affordable) == (largest, True)
    assert forecast(changed(JIANGXI, plan={"own_fen": 7_516_800 - largest - 100})).affordable is False


def test_nothing_left_to_lend_is_no_loan() -> None:
    result = as_json(forecast(changed(RUGAO, person={"paid_months": 166})))
    assert (result["months_to_pay"], result["principal_fen"], result["tranches"], result["life"]) == (0, 0, [], None)
    assert result["largest_affordable_fen"] == 0


REFUSED = [
    pytest.param({"policy": "pengshui-2022"}, "E-POLICY-UNKNOWN", "policy", id="不是贷款政策"),
    pytest.param({"policy": "tongling-2022-13", "on": "2022-01-24"}, "E-POLICY-NOT-IN-FORCE", "policy", id="尚未施行"),
    pytest.param({"extra": 1}, "E-CASE-KEY", "extra", id="不认识的键"),
    pytest.param({"person": {"extra": 1}}, "E-CASE-KEY", "person.extra", id="人员里不认识的键"),
    pytest.param({"on": None}, "E-CASE-MISSING", "on", id="缺日期"),
    pytest.param({"on": "2026-13-01"}, "E-DATE", "on", id="没有这一天"),
    pytest.param({"person": {"paid_months": -1}}, "E-CASE-NEGATIVE", "person.paid_months", id="负月数"),
    pytest.param({"person": {"account_fen": 1.5}}, "E-CASE-TYPE", "person.account_fen", id="小数金额"),
    pytest.param({"person": {"index": 0.6}}, "E-CASE-TYPE", "person.index", id="指数不是文本"),
    pytest.param({"person": {"birth": "1973-13"}}, "E-MONTH", "person.birth", id="十三月"),
    pytest.param({"person": {"birth": "2027-01"}}, "E-BIRTH-FUTURE", "person.birth", id="尚未出生"),
    pytest.param({"person": {"retirement_category": "resident60"}}, "E-CATEGORY", "person.retirement_category", id="险种不符"),
    pytest.param({"plan": {"months": 33}}, "E-CASE-RANGE", "plan.months", id="超过十五年"),
    pytest.param({"plan": {"tranche_day": "02-30"}}, "E-CASE-RANGE", "plan.tranche_day", id="没有二月三十日"),
    pytest.param({"bank": {"day_count": "30/360"}}, "E-CASE-RANGE", "bank.day_count", id="计息天数"),
    pytest.param({"bank": {"settlement": "weekly"}}, "E-CASE-TYPE", "bank.settlement", id="结息方式"),
    pytest.param({"bank": {"deduction_day": 0}}, "E-CASE-RANGE", "bank.deduction_day", id="扣款日"),
    pytest.param({"horizon_age": 59}, "E-CASE-RANGE", "horizon_age", id="测算年龄"),
    pytest.param({"parameters": {"calc_base_fen": [{"from": "2026-01-01", "value": 1}, {"from": "2025-01-01", "value": 1}]}},
                 "E-CASE-ORDER", "parameters.calc_base_fen[1].from", id="日期倒置"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "place"), REFUSED)
def test_bad_input_is_refused_with_its_key(changes: dict[str, Any], code: str, place: str) -> None:
    with pytest.raises(ZhubaoError) as refused:
        forecast(changed(RUGAO, **changes))
    assert (refused.value.code, refused.value.place.split(" ")[0]) == (code, place)


def test_the_forecast_is_in_the_language_asked_for() -> None:
    found: Forecast = forecast(changed(JIANGXI, parameters={"floor_fen": None}))
    zh, en = as_json(found, "zh"), as_json(found, "en")
    assert zh["missing"][0]["remedy"] == "录入当年当地城镇低保标准"
    assert en["missing"][0]["remedy"] == "enter the local urban minimum-living standard of the year"
    assert zh["why"][0]["label"] == "到龄时累计缴费年限够领养老金"
    assert en["why"][0]["label"] == "enough months for a pension when the age is reached"
    assert zh["missing"][0] | {"remedy": ""} == en["missing"][0] | {"remedy": ""}
