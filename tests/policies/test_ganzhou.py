"""Ganzhou 2021-2025: five groups, a basis of one hundred yuan, and the tier of one hundred they may keep."""

import pytest

from .tables import Case, Table, figure, line

NOBODY = {"dibao": False, "tekun": False, "escaped_poverty": False, "monitored": False, "severe_disability": False}
GANZHOU = Table(
    "ganzhou-2021-7",
    "2022-06-30",
    {
        "birth": "1980-12-30",
        "scheme": "resident_pension",
        "insured_locality": "360702",
        "receiving_pension": False,
        "identities": {**NOBODY, "dibao": True},
        "chosen_tier_fen": 10_000,
    },
)
TIER_300 = figure("lowest_tier_yearly_fen", 30_000, area="360702")


def only(*codes: str) -> dict[str, object]:
    """Return the identities named, every other one known to be absent."""
    return {"identities": {**NOBODY, **dict.fromkeys(codes, True)}}


def paid(on_behalf: int | None, self_pay: int | None) -> dict[str, int | None]:
    """Return both amounts."""
    return {"on_behalf_fen": on_behalf, "self_pay_fen": self_pay}


LINES = [
    line("低保", {}, ways="gz-1a/dibao", amounts=paid(10_000, 0), shows="gz-1a gz-1b gz-1c gz-1d gz-10c"),
    line("特困", only("tekun"), ways="gz-1a/tekun", amounts=paid(10_000, 0), shows="gz-1b"),
    line("脱贫人口", only("escaped_poverty"), ways="gz-1a/escaped_poverty", amounts=paid(10_000, 0), shows="gz-1b"),
    line("监测对象", only("monitored"), ways="gz-1a/monitored", amounts=paid(10_000, 0), shows="gz-1b"),
    line("重度残疾", only("severe_disability"), ways="gz-1a/severe_disability", amounts=paid(10_000, 0), shows="gz-1b"),
    line("二级残疾证", {"identities": {**NOBODY, "severe_disability": None}, "disability_grade": 2}, ways="gz-1a/severe_disability"),
    line("一类都不是", only(), no="gz-1a", ways="", amounts=paid(0, None), shows="gz-1a gz-1b"),
    line("没有名册", {"identities": None}, unknown="gz-1a", ways="", amounts=paid(None, None), shows="gz-1a"),
    line("脱贫人口由民政认定", {"identities": {**NOBODY, "escaped_poverty": {"value": True, "certifier": "civil_affairs"}}}, no="gz-1a", ways=""),
    line("尚未参保：列入计划", {"scheme": "none", "insured_locality": None}, amounts=paid(10_000, 0), shows="gz-1b"),
    line("已参加职工养老", {"scheme": "employee_pension"}, no="A-ALL-15", amounts=paid(0, None)),
    line("参保险种不明", {"scheme": None}, unknown="A-ALL-15", amounts=paid(None, None)),
    line("59岁最后一天", {"birth": "1962-07-01"}, shows="gz-1d"),
    line("60岁当天", {"birth": "1962-06-30"}, no="gz-1d", amounts=paid(0, None), shows="gz-1d"),
    line("61岁、没有待遇：转按月发放", {"birth": "1961-01-01"}, no="gz-1d", shows="gz-1d"),
    line("未满16岁", {"birth": "2006-07-01"}, no="gz-1d"),
    line("已领待遇", {"receiving_pension": True}, no="gz-1d"),
    line("只知道生于1962年6月、月中查询", {"birth": "1962-06"}, on="2022-06-15", unknown="gz-1d", shows="gz-1d"),
    line("出生日期不明", {"birth": None}, unknown="gz-1d", shows="gz-1d"),
    line("没有选档次", {"chosen_tier_fen": None}, amounts=paid(10_000, 0) | {"tier_fen": 10_000}),
    line("选五百元档：超出自付", {"chosen_tier_fen": 50_000}, amounts=paid(10_000, 40_000), shows="gz-1b"),
    line("最低档三百元、低保保留一百元档", {}, local=[TIER_300], amounts=paid(10_000, 0), shows="gz-1c"),
    line("最低档三百元、低保没有选档次", {"chosen_tier_fen": None}, local=[TIER_300], amounts=paid(10_000, 0) | {"tier_fen": 10_000}, shows="gz-1c"),
    line("最低档三百元、一般人选一百元", only(), local=[TIER_300], no="gz-1a gz-1c", shows="gz-1c"),
    line("最低档三百元、低保选二百元", {"chosen_tier_fen": 20_000}, local=[TIER_300], no="gz-1c", shows="gz-1c"),
    line("最低档三百元、身份不明选一百元", {"identities": None}, local=[TIER_300], unknown="gz-1a gz-1c", shows="gz-1c"),
    line("比对发现死亡", {"deceased": True}, no="gz-10c", amounts=paid(0, None), shows="gz-10c"),
    line("比对发现服刑", {"imprisoned": True}, no="gz-10c", amounts=paid(0, None), shows="gz-10c"),
]  # fmt: skip

# The basis stands in the text; a list nobody gave of the dead and imprisoned holds nobody up.
NEVER = {"gz-1b": {"not_met", "evidence_missing"}, "gz-10c": {"evidence_missing"}}


@pytest.mark.parametrize("case", LINES)
def test_each_clause(case: Case) -> None:
    GANZHOU.check(case)


def test_every_clause_is_seen_met_not_met_and_unknown() -> None:
    assert GANZHOU.not_shown(LINES) == NEVER


@pytest.mark.parametrize(
    ("codes", "category"),
    [
        pytest.param(["tekun", "dibao"], "tekun", id="特困在低保前"),
        pytest.param(["dibao", "severe_disability"], "dibao", id="低保在重残前"),
        pytest.param(["monitored", "escaped_poverty"], "monitored", id="监测在脱贫前"),
    ],
)
def test_finance_pays_once_whatever_the_category(codes: list[str], category: str) -> None:
    answer = GANZHOU.ask(Case(only(*codes)))
    assert (answer.category, answer.payer, answer.amounts["on_behalf_fen"]) == (category, "finance", 10_000)


def test_escaped_poverty_below_the_lowest_tier_rests_on_an_open_question() -> None:
    kept = Case(only("escaped_poverty"), local=(TIER_300,))
    assert "A-GZ-3" in GANZHOU.ask(kept).provisional
    assert "A-GZ-3" not in GANZHOU.ask(Case(only("escaped_poverty"))).provisional
