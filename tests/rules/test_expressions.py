"""Three-valued logic, integers and branches: what each word means when something is unknown."""

# ruff: noqa: E501  (one line a case)

from itertools import product
from typing import Any

import duckdb
import pytest
import sqlglot

from zhubao.language import Text as Label
from zhubao.rules import (
    Flag,
    Number,
    Policy,
    Text,
    agree,
    compile_policy,
    decide,
    decide_number,
    every,
    first_known_true,
    flag,
    greatest,
    least,
    number,
    some,
    text,
    whole_years,
)
from zhubao.rules.expressions import Value, can_be_unknown, names_in
from zhubao.rules.sql import printed

TRUTHS = (True, False, None)


def document() -> Policy:
    """Return an empty document."""
    return Policy("sample", Label("样例", "sample"), "36", "loan", "employee_pension", (None, None))


def facts() -> tuple[Policy, Flag, Flag, Number, Number, Text]:
    """Return a document with two yes/no facts, two numbers and a code."""
    law = document()
    return (
        law,
        law.flag("p", "甲", "p"),
        law.flag("q", "乙", "q"),
        law.number("n", "数", "n"),
        law.number("m", "另一数", "m"),
        law.text("c", "代码", "c"),
    )


def worth(value: Value, known: dict[str, Any]) -> Any:
    """Return what `value` is for known facts; the compiled function and DuckDB have to agree."""
    law, *_ = facts()
    law.must("x", "样例", "sample", flag(True), shows=value)
    compiled = compile_policy(law, with_contract=False)
    result = compiled.explain([known.get(name) for name in law.facts], [20260101])[1][0]
    types = {"p": "BOOLEAN", "q": "BOOLEAN", "n": "BIGINT", "m": "BIGINT", "c": "VARCHAR"}
    columns = ", ".join(f"CAST(? AS {kind}) AS {name}" for name, kind in types.items())
    query = f"SELECT {printed(value.node.copy(), 'duckdb')} FROM (SELECT {columns})"
    row = duckdb.execute(query, [known.get(name) for name in types]).fetchone()
    assert row is not None
    assert row[0] == result
    return result


def both(first: bool | None, second: bool | None) -> bool | None:
    """Return Kleene's AND."""
    return False if False in (first, second) else None if None in (first, second) else True


@pytest.mark.parametrize(("p", "q"), list(product(TRUTHS, TRUTHS)))
def test_and_or_not_are_kleenes(p: bool | None, q: bool | None) -> None:
    _, first, second, *_ = facts()
    known = {"p": p, "q": q}
    opposite = {True: False, False: True, None: None}
    assert worth(first & second, known) is both(p, q)
    assert worth(first | second, known) is opposite[both(opposite[p], opposite[q])]
    assert worth(~first, known) is opposite[p]
    assert worth(every([first, second, flag(True)]), known) is both(p, q)
    assert worth(some([first, second]), known) is worth(first | second, known)
    assert worth(first.known(), known) is (p is not None)
    assert worth(first.known_true(), known) is (p is True)


@pytest.mark.parametrize(
    ("p", "q", "result"),
    [
        pytest.param(True, True, 1, id="第一个成立"),
        pytest.param(True, None, 1, id="第一个成立、第二个不明"),
        pytest.param(False, True, 2, id="第二个成立"),
        pytest.param(False, False, 3, id="都不成立"),
        pytest.param(None, True, None, id="第一个不明：不往下走"),
        pytest.param(False, None, None, id="第二个不明"),
    ],
)
def test_a_branch_on_an_unknown_is_unknown(p: bool | None, q: bool | None, result: int | None) -> None:
    _, first, second, *_ = facts()
    assert worth(decide_number([(first, 1), (second, 2)], 3), {"p": p, "q": q}) == result


def test_an_unknown_sex_does_not_retire_at_fifty() -> None:
    *_, code = facts()
    age = decide_number([(code == "male", 60), (code == "female", 55)], 50)
    assert worth(age, {"c": None}) is None
    assert [worth(age, {"c": sex}) for sex in ("male", "female", "other")] == [60, 55, 50]


def test_nothing_left_is_unknown() -> None:
    _, first, *_ = facts()
    assert worth(decide_number([(first, 1)]), {"p": False}) is None


def test_ranking_passes_over_what_nobody_showed() -> None:
    _, first, second, *_ = facts()
    ranked = first_known_true([(first, text("甲")), (second, text("乙"))])
    assert worth(ranked, {"p": None, "q": True}) == "乙"
    assert worth(ranked, {"p": None, "q": None}) is None
    assert worth(first_known_true([(first, text("甲"))], text("无")), {"p": None}) == "无"


@pytest.mark.parametrize(
    ("n", "m", "smallest", "largest"),
    [(3, 5, 3, 5), (5, 3, 3, 5), (4, 4, 4, 4), (-7, 2, -7, 2), (None, 2, None, None), (2, None, None, None)],
)
def test_least_and_greatest_of_an_unknown_are_unknown(
    n: int | None, m: int | None, smallest: int | None, largest: int | None
) -> None:
    _, _, _, first, second, _ = facts()
    known = {"n": n, "m": m}
    assert worth(least(first, second), known) == smallest
    assert worth(greatest(first, second), known) == largest


@pytest.mark.parametrize(
    ("p", "q", "result"),
    [(True, True, True), (False, False, False), (True, False, None), (False, True, None), (None, True, None), (True, None, None)],
)
def test_two_readings_have_to_agree(p: bool | None, q: bool | None, result: bool | None) -> None:
    _, first, second, *_ = facts()
    reading = agree(first, second, settled_by="n")
    assert worth(reading, {"p": p, "q": q}) is result
    assert reading.settles == {"n"}


def test_one_reading_needs_no_settling() -> None:
    _, first, *_ = facts()
    assert agree(first, first, settled_by="n") is first


@pytest.mark.parametrize(
    ("value", "result"),
    [
        pytest.param(number(7).quotient(2), 3, id="整除向下"),
        pytest.param(number(7).remainder(2), 1, id="余数"),
        pytest.param(number(10_001).share(70), 7_001, id="七成四舍五入：7000.7"),
        pytest.param(number(10_050).share(1), 101, id="半分进一：100.5"),
        pytest.param(number(10_049).share(1), 100, id="不足半分舍去：100.49"),
        pytest.param(1 - number(3), -2, id="减成负数"),
        pytest.param(number(-5) + 2, -3, id="负的常数"),
        pytest.param(number(2) * 3 - number(4) * 5, -14, id="先乘后减"),
        pytest.param((number(2) + 3) * (number(4) + 5), 45, id="括号"),
        pytest.param(number(20260831).year(), 2026, id="年"),
        pytest.param(number(20260831).month_count(), 2026 * 12 + 8, id="月序"),
        pytest.param(number(20261231).month_count(), 2026 * 12 + 12, id="十二月的月序"),
        pytest.param(number(20311001).first_month_from(), 2031 * 12 + 10, id="一号起的首月是当月"),
        pytest.param(number(20311002).first_month_from(), 2031 * 12 + 11, id="二号起的首月是次月"),
        pytest.param(number(20311231).first_month_from(), 2032 * 12 + 1, id="年底起的首月是次年一月"),
        pytest.param(number(20260831).day_of_month(), 31, id="日"),
        pytest.param(whole_years(number(19620801), number(20220731)), 59, id="差一天满六十"),
        pytest.param(whole_years(number(19620801), number(20220801)), 60, id="满六十当天"),
        pytest.param(whole_years(number(20000229), number(20220228)), 21, id="闰日出生、平年二月末"),
        pytest.param(whole_years(number(20220802), number(20220801)), 0, id="尚未出生"),
    ],
)  # fmt: skip
def test_whole_numbers(value: Number, result: int) -> None:
    assert worth(value, {}) == result


@pytest.mark.parametrize(
    ("n", "between", "equal", "other"), [(9, False, False, True), (10, True, True, False), (20, True, False, True), (21, False, False, True), (None,) * 4]
)  # fmt: skip
def test_comparisons(n: int | None, between: bool | None, equal: bool | None, other: bool | None) -> None:
    _, _, _, first, *_ = facts()
    assert worth(first.between(10, 20), {"n": n}) is between
    assert worth(first == 10, {"n": n}) is equal
    assert worth(first != 10, {"n": n}) is other


@pytest.mark.parametrize(
    ("c", "starts", "listed", "other"), [("320682", True, True, False), ("3206", False, False, True), (None, None, None, None)]
)
def test_codes(c: str | None, starts: bool | None, listed: bool | None, other: bool | None) -> None:
    *_, code = facts()
    assert worth(code.startswith("320682"), {"c": c}) is starts
    assert worth(code.is_one_of(("320682", "360702")), {"c": c}) is listed
    assert worth(code != "320682", {"c": c}) is other


def test_what_can_be_unknown() -> None:
    law, first, _, amount, _, code = facts()
    known = [
        flag(True),
        number(1),
        text("a"),
        first.known(),
        first.known_true(),
        law.on() >= 20250101,
        law.on() + 1,
        ~amount.known(),
    ]
    doubtful = [
        first,
        amount,
        code,
        amount + 1,
        first & first,
        law.parameter("f", "fen", "值", "f"),
        flag(None),
        decide([(first, amount)]),
    ]
    assert [can_be_unknown(each.node) for each in known] == [False] * len(known)
    assert [can_be_unknown(each.node) for each in doubtful] == [True] * len(doubtful)


def test_what_an_expression_reads() -> None:
    law, first, _, amount, *_ = facts()
    rate = law.parameter("rate", "ppm", "利率", "rate")
    assert names_in(decide([(first, amount * rate)], rate).node) == ({"p", "n"}, {"rate"})


def test_a_constant_that_settles_nothing_leaves_the_other_alone() -> None:
    _, first, *_ = facts()
    assert (first & flag(True)) is first
    assert (flag(True) & first) is first


@pytest.mark.parametrize(
    ("dialect", "wanted"),
    [
        ("duckdb", "CASE WHEN (a > FALSE OR b < TRUE) AND n < 3 THEN a ELSE NOT b END"),
        ("postgres", "CASE WHEN (a OR NOT b) AND n < 3 THEN a ELSE NOT b END"),
    ],
)
def test_a_branch_compares_truths_in_duckdb_and_a_value_stays_as_it_is(dialect: str, wanted: str) -> None:
    case = sqlglot.parse_one("CASE WHEN (a OR NOT b) AND n < 3 THEN a ELSE NOT b END", dialect="duckdb")
    assert printed(case, dialect) == wanted
