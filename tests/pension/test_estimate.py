"""Award sheets worked again, province by province, and what an estimate says when something is not known."""

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from zhubao.errors import ZhubaoError
from zhubao.parameters import Parameter, ParameterBook
from zhubao.pension import EmployeeCase, Estimate, divisor_tenths, estimate_employee, estimate_resident, read_case
from zhubao.pension.estimate import account_part, basic_part, half_up, transition_part

ON = date(2026, 11, 21)
JIANGXI = {
    "scheme": "employee",
    "province": "jiangxi",
    "award_month": "2024-08",
    "age_months": 600,
    "index": "0.564",
    "paid_months": 366,
    "deemed_years": "1.5833",
    "account_fen": 6680175,
    "calc_base_fen": 674700,
}
ANHUI = {
    "scheme": "employee",
    "province": "anhui",
    "award_month": "2025-07",
    "age_months": 600,
    "index": "0.6119",
    "paid_months": 368,
    "deemed_years": "1.1",
    "account_fen": 8368725,
    "calc_base_fen": 784200,
}


def estimate(values: dict[str, Any], *entries: Parameter) -> Estimate:
    case = read_case(values)
    book = ParameterBook.built_in().over(entries)
    return estimate_employee(case, book) if isinstance(case, EmployeeCase) else estimate_resident(case, book, ON)


@pytest.mark.parametrize(
    ("sheet", "basic", "account", "transition", "total"),
    [
        pytest.param(JIANGXI, 160923, 34257, 7832, 203012, id="江西2024-08"),
        pytest.param(ANHUI, 194032, 42917, 6862, 243811, id="安徽2025-07"),
    ],
)
def test_award_sheets(sheet: dict[str, Any], basic: int, account: int, transition: int, total: int) -> None:
    answer = estimate(sheet)
    assert (answer.basic_fen, answer.account_fen, answer.transition_fen, answer.total_fen) == (basic, account, transition, total)
    assert answer.divisor == 195
    assert answer.marks.missing == answer.marks.provisional == answer.marks.unverified == []


def test_a_sheet_of_another_province_by_the_bare_formula() -> None:
    base, index = 704800, Fraction("0.9729")
    assert basic_part(base, index, Fraction("24.5")) == 170336
    assert account_part(2584325, 1390) == 18592
    assert transition_part(base, index, Fraction("14.25"), 12000) == 117255


def test_the_exact_fraction_of_deemed_years_would_give_one_fen_more() -> None:
    assert transition_part(674700, Fraction("0.564"), Fraction(19, 12), 13000) == 7833


def test_halves_round_up() -> None:
    assert [half_up(Fraction(n, 2)) for n in (0, 1, 2, 3)] == [0, 1, 1, 2]


def test_every_monthly_divisor() -> None:
    with (Path(__file__).parent / "tables" / "monthly_divisors.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 301
    for row in rows:
        assert divisor_tenths(int(row["age_months"]), "2025-01") == Fraction(row["divisor"]) * 10, row


@pytest.mark.parametrize(
    ("age", "award", "tenths"),
    [
        pytest.param(606, "2024-12", 1950, id="2024年50岁6个月按整岁"),
        pytest.param(606, "2025-01", 1925, id="2025年按月"),
        pytest.param(721, "2025-06", 1384, id="60岁1个月"),
        pytest.param(601, "2025-06", 1946, id="50岁1个月"),
        pytest.param(661, "2025-06", 1695, id="55岁1个月"),
        pytest.param(840, "2026-01", 560, id="70岁"),
    ],
)
def test_divisors(age: int, award: str, tenths: int) -> None:
    assert divisor_tenths(age, award) == tenths


@pytest.mark.parametrize("age", [479, 841, 900])
def test_an_age_outside_the_table_is_refused(age: int) -> None:
    with pytest.raises(ZhubaoError, match="E-PENSION-AGE"):
        divisor_tenths(age, "2026-01")


def test_the_base_comes_from_the_table_of_the_award_year() -> None:
    answer = estimate({**JIANGXI, "calc_base_fen": None})
    assert answer.inputs["calc_base_fen"] == 691600
    assert answer.marks.provisional == []


def test_an_unpublished_base_is_last_years_and_provisional() -> None:
    answer = estimate({**JIANGXI, "award_month": "2026-02", "calc_base_fen": None})
    assert answer.inputs["calc_base_fen"] == 705400
    assert [row["question"] for row in answer.marks.provisional] == ["calc_base_fen"]
    assert "2025" in answer.marks.provisional[0]["default"]


def test_a_local_base_lies_over_the_table() -> None:
    local = Parameter("calc_base_fen", 720000, "fen", "360000", date(2026, 1, 1), date(2026, 12, 31), "赣人社字〔2026〕1号")
    answer = estimate({**JIANGXI, "award_month": "2026-02", "calc_base_fen": None}, local)
    assert answer.inputs["calc_base_fen"] == 720000
    assert answer.marks.provisional == []


def test_a_year_before_the_table_has_no_base() -> None:
    answer = estimate({**JIANGXI, "award_month": "2015-08", "calc_base_fen": None})
    assert (answer.basic_fen, answer.account_fen, answer.transition_fen, answer.total_fen) == (None, 34257, None, None)
    assert [(row["fact"], row["needed_by"]) for row in answer.marks.missing] == [
        ("calc_base_fen", ["basic_fen", "transition_fen"])
    ]


@pytest.mark.parametrize(
    ("absent", "parts"),
    [
        ("index", (None, 34257, None)),
        ("paid_months", (None, 34257, 7832)),
        ("account_fen", (160923, None, 7832)),
        ("deemed_years", (160923, 34257, 0)),
    ],
)
def test_what_is_not_known_leaves_its_parts_open(absent: str, parts: tuple[int | None, ...]) -> None:
    answer = estimate({key: value for key, value in JIANGXI.items() if key != absent})
    assert (answer.basic_fen, answer.account_fen, answer.transition_fen) == parts
    assert (answer.total_fen is None) == (None in parts)
    assert [row["fact"] for row in answer.marks.missing] == ([] if absent == "deemed_years" else [absent])


def test_jiangsu_uses_a_second_index_for_the_transition() -> None:
    case = {**JIANGXI, "province": "jiangsu", "transition_index": "0.9", "deemed_years": "2"}
    assert estimate(case).transition_fen == half_up(674700 * Fraction("0.9") * 2 * Fraction(12, 1000))
    without = estimate({**case, "transition_index": None})
    assert without.transition_fen is None
    assert without.marks.missing[0]["fact"] == "transition_index"


def test_chongqings_coefficient_is_not_confirmed() -> None:
    answer = estimate({**JIANGXI, "province": "chongqing"})
    assert answer.transition_fen is None
    assert answer.marks.missing[0]["fact"] == "transition_coefficient_ppm"
    assert estimate({**JIANGXI, "province": "chongqing", "deemed_years": "0"}).total_fen == 160923 + 34257


def test_anhui_rounds_years_up_to_a_tenth() -> None:
    assert estimate(ANHUI).inputs["years"] == "30.7"
    assert estimate({**ANHUI, "paid_months": 366}).inputs["years"] == "30.5"


@pytest.mark.parametrize(
    ("values", "basic", "account", "total"),
    [
        pytest.param({"account_fen": 2085000, "basic_pension_fen": 14300}, 14300, 15000, 29300, id="两项都有"),
        pytest.param({"account_fen": 2085000, "award_month": "2025-06"}, 14300, 15000, 29300, id="查表"),
        pytest.param({"basic_pension_fen": 14300}, 14300, None, None, id="账户不明"),
        pytest.param({"account_fen": 2085000, "award_month": "2005-06"}, None, 15000, None, id="表外年份"),
    ],
)
def test_residents(values: dict[str, Any], basic: int | None, account: int | None, total: int | None) -> None:
    answer = estimate({"scheme": "resident", **values})
    assert (answer.basic_fen, answer.account_fen, answer.transition_fen, answer.total_fen) == (basic, account, 0, total)
    assert answer.divisor == 139


def test_the_national_minimum_is_only_provisional_for_a_place() -> None:
    answer = estimate({"scheme": "resident", "account_fen": 0, "award_month": "2023-01"})
    assert [row["question"] for row in answer.marks.provisional] == ["basic_pension_fen"]
    assert answer.marks.unverified == [
        {"parameter": "basic_pension_fen", "value": 9800, "confidence": "C", "source": "人社部 财政部 2022年通知"}
    ]


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        pytest.param({"scheme": "institution"}, "E-CASE-SCHEME", "scheme", id="险种"),
        pytest.param({"province": "hubei"}, "E-PROVINCE", "province", id="省份"),
        pytest.param({"province": 36}, "E-CASE-TYPE", "province", id="省份类型"),
        pytest.param({"province": None}, "E-CASE-MISSING", "province", id="缺省份"),
        pytest.param({"age_months": None}, "E-CASE-MISSING", "age_months", id="缺月龄"),
        pytest.param({"award_month": "2024-13"}, "E-MONTH", "award_month", id="13月"),
        pytest.param({"award_month": "2024-08-01"}, "E-MONTH", "award_month", id="日期"),
        pytest.param({"account_fen": 66801.75}, "E-CASE-TYPE", "account_fen", id="小数金额"),
        pytest.param({"account_fen": True}, "E-CASE-TYPE", "account_fen", id="布尔"),
        pytest.param({"account_fen": "6680175"}, "E-CASE-TYPE", "account_fen", id="文本金额"),
        pytest.param({"account_fen": -1}, "E-CASE-NEGATIVE", "account_fen", id="负数"),
        pytest.param({"index": 0.564}, "E-CASE-TYPE", "index", id="浮点指数"),
        pytest.param({"index": "-0.5"}, "E-CASE-TYPE", "index", id="负指数"),
        pytest.param({"index": "1e3"}, "E-CASE-TYPE", "index", id="指数记法"),
        pytest.param({"deemed_years": "40"}, "E-CASE-RANGE", "deemed_years", id="视同多于缴费"),
        pytest.param({"transition_index": "0.9"}, "E-CASE-KEY", "transition_index", id="江西无第二指数"),
        pytest.param({"basic_pension_fen": 1}, "E-CASE-KEY", "basic_pension_fen", id="居民项"),
        pytest.param({"salary": 1}, "E-CASE-KEY", "salary", id="未知项"),
        pytest.param({"index": {"source": "sheet"}}, "E-CASE-TYPE", "index", id="无取值"),
    ],
)
def test_refused_cases(change: dict[str, Any], code: str, place: str) -> None:
    with pytest.raises(ZhubaoError) as error:
        read_case({**JIANGXI, **change})
    assert (error.value.code, error.value.place) == (code, place)


def test_a_value_may_carry_its_source() -> None:
    answer = estimate({**JIANGXI, "paid_months": {"value": 366, "source": "insured record", "on": "2024-08-01"}})
    assert answer.total_fen == 203012
