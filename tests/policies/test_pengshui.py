"""Pengshui 2022: for whom contributions are paid on behalf, how much, by which department."""

# ruff: noqa: E501  (one line a case)

import pytest

from .tables import Case, Table, figure, line

NOBODY = {"tekun": False, "dibao": False, "return_to_poverty": False, "severe_disability": False}
PENGSHUI = Table(
    "pengshui-2022",
    "2022-03-01",
    {
        "birth": "1980-12-30",
        "scheme": "resident_pension",
        "insured_locality": "500243",
        "student": False,
        "military": False,
        "imprisoned": False,
        "identities": {**NOBODY, "dibao": True},
        "chosen_tier_fen": 10_000,
    },
)


def only(*codes: str) -> dict[str, object]:
    """Return the identities named, every other one known to be absent."""
    return {"identities": {**NOBODY, **dict.fromkeys(codes, True)}}


def paid(on_behalf: int | None, self_pay: int | None) -> dict[str, int | None]:
    """Return both amounts."""
    return {"on_behalf_fen": on_behalf, "self_pay_fen": self_pay}


EXTENDED = figure("setting.extended_to", "2023-12-31", area="500243")
TIER_200 = figure("lowest_tier_yearly_fen", 20_000, area="500243")
AMOUNT = "ps-2.1b ps-2.1d"
LINES = [
    line("低保、一百元档", {}, ways="ps-1a/dibao", amounts=paid(7_000, 3_000), shows="ps-1a ps-2.1a ps-2.1c"),
    line("特困、一百元档", only("tekun"), ways="ps-1a/tekun", amounts=paid(10_000, 0), shows="ps-1a ps-2.1b"),
    line("返贫致贫", only("return_to_poverty"), ways="ps-1a/return_to_poverty", amounts=paid(7_000, 3_000), shows="ps-1a ps-2.1c"),
    line("二级残疾", {"identities": {**NOBODY, "severe_disability": None}, "disability_grade": 2}, ways="ps-1g", amounts=paid(10_000, 0), shows="ps-1g ps-2.1b"),
    line("三级残疾", {"identities": {**NOBODY, "severe_disability": None}, "disability_grade": 3}, no="ps-1a", ways="", amounts=paid(0, None), shows="ps-1g"),
    line("没有认定的困难户", only(), no="ps-1a", ways="", amounts=paid(0, None), shows="ps-1a"),
    line("什么名册都没有", {"identities": None}, unknown=f"ps-1a {AMOUNT}", ways="", amounts=paid(None, None), shows="ps-1a ps-1g"),
    line("低保由残联认定", {"identities": {**NOBODY, "dibao": {"value": True, "certifier": "federation"}}}, no="ps-1a", ways="", shows="ps-1a"),
    line("特困、五百元档", only("tekun") | {"chosen_tier_fen": 50_000}, amounts=paid(10_000, 40_000), shows="ps-2.1d"),
    line("低保、二百元档", {"chosen_tier_fen": 20_000}, amounts=paid(7_000, 13_000), shows="ps-2.1d"),
    line("没有选档次", {"chosen_tier_fen": None}, amounts=paid(7_000, 3_000) | {"tier_fen": 10_000, "lowest_tier_fen": 10_000}),
    line("在外省参加职工养老", {"scheme": "employee_pension", "insured_locality": "330100"}, no="ps-1b ps-2.1a", amounts=paid(0, None), shows="ps-1b"),
    line("在本县参加职工养老", {"scheme": "employee_pension"}, no="ps-1b ps-2.1a", shows="ps-1b"),
    line("尚未参保", {"scheme": "none", "insured_locality": None}, shows="ps-2.1a"),
    line("参保险种不明", {"scheme": None}, unknown="ps-1b ps-2.1a", shows="ps-1b ps-2.1a"),
    line("在外市参加居民养老", {"insured_locality": "520100"}, no="ps-1c", unknown="", amounts=paid(0, None), shows="ps-1c"),
    line("在本市另一县参加居民养老", {"insured_locality": "500101"}, amounts=paid(7_000, 3_000), shows="ps-1c"),
    line("县里定为外县也排除", {"insured_locality": "500101"}, no="ps-1c", local=[figure("setting.A-PS-2", "excluded", area="500000", decided_by="县人社局")]),
    line("参保地不明", {"insured_locality": None}, unknown="ps-1c", shows="ps-1c"),
    line("在校学生", {"student": True, "birth": "2002-01-01"}, no="ps-1d", amounts=paid(0, None), shows="ps-1d"),
    line("是否在校不明", {"student": None}, unknown="ps-1d", amounts=paid(None, None), shows="ps-1d"),
    line("现役军人", {"military": True, "birth": "2002-01-01"}, no="ps-1e", amounts=paid(0, None), shows="ps-1e"),
    line("是否服役不明", {"military": None}, unknown="ps-1e", shows="ps-1e"),
    line("服刑人员", {"imprisoned": True}, no="ps-1f", amounts=paid(0, None), shows="ps-1f"),
    line("是否服刑不明", {"imprisoned": None}, unknown="ps-1f", shows="ps-1f"),
    line("已死亡", {"deceased": True}, no="A-PS-9", amounts=paid(0, None)),
    line("59岁最后一天", {"birth": "1962-08-01"}, on="2022-07-31", amounts=paid(7_000, 3_000), shows="ps-2.1a"),
    line("60岁当天", {"birth": "1962-08-01"}, on="2022-08-01", no="ps-2.1a", amounts=paid(0, None), shows="ps-2.1a"),
    line("16岁当天", {"birth": "2006-03-01"}, shows="ps-2.1a"),
    line("差一天16岁", {"birth": "2006-03-02"}, no="ps-2.1a", shows="ps-2.1a"),
    line("闰日出生、平年2月28日未满60", {"birth": "1962-02-28"}, on="2022-02-27"),
    line("只知道生于1962年3月、当月查询", {"birth": "1962-03"}, on="2022-03-15", unknown="ps-2.1a", shows="ps-2.1a"),
    line("只知道生于1962年4月", {"birth": "1962-04"}),
    line("特困兼低保：按特困", only("tekun", "dibao"), ways="ps-1a/tekun ps-1a/dibao", amounts=paid(10_000, 0), shows="ps-2.1e ps-2.1f"),
    line("重残兼低保：按重残", only("severe_disability", "dibao"), amounts=paid(10_000, 0), shows="ps-2.1e ps-2.1g"),
    line("三种身份只付一次", only("severe_disability", "dibao", "return_to_poverty"), amounts=paid(10_000, 0), shows="ps-2.1e"),
    line("延长到2023年：没有最低档", {}, on="2023-03-01", unknown=AMOUNT, local=[EXTENDED], amounts=paid(None, None)),
    line("延长到2023年：最低档二百元、七成", {}, on="2023-03-01", local=[EXTENDED, TIER_200], amounts=paid(14_000, 0), shows="ps-2.1c"),
    line("延长到2023年：仍按一百元的七成", {"chosen_tier_fen": 20_000}, on="2023-03-01", local=[EXTENDED, TIER_200, figure("setting.A-PS-4", "100_yuan", area="500243")], amounts=paid(7_000, 13_000)),
]  # fmt: skip

# Amounts and the order of categories refuse nobody; a death list nobody gave holds nobody up.
NEVER = {
    "ps-2.1b": {"not_met"},
    "ps-2.1d": {"not_met"},
    "ps-2.1e": {"not_met", "evidence_missing"},
    "A-PS-9": {"evidence_missing"},
}


@pytest.mark.parametrize("case", LINES)
def test_each_clause(case: Case) -> None:
    PENGSHUI.check(case)


def test_every_clause_is_seen_met_not_met_and_unknown() -> None:
    assert PENGSHUI.not_shown(LINES) == NEVER


@pytest.mark.clauses("ps-2.1e", "ps-2.1f", "ps-2.1g")
@pytest.mark.parametrize(
    ("codes", "category", "payer", "ranked_by_the_text"),
    [
        pytest.param(["tekun"], "tekun", "civil_affairs", True, id="特困"),
        pytest.param(["dibao"], "dibao", "civil_affairs", True, id="低保"),
        pytest.param(["return_to_poverty"], "return_to_poverty", "rural_revitalisation", True, id="返贫致贫"),
        pytest.param(["severe_disability"], "severe_disability", "federation", True, id="重残"),
        pytest.param(["tekun", "dibao"], "tekun", "civil_affairs", True, id="特困兼低保"),
        pytest.param(["severe_disability", "dibao"], "severe_disability", "federation", True, id="重残兼低保"),
        pytest.param(["severe_disability", "tekun"], "severe_disability", "federation", False, id="重残兼特困：文件没排"),
        pytest.param(["dibao", "return_to_poverty"], "dibao", "civil_affairs", False, id="低保兼返贫：文件没排"),
        pytest.param(["tekun", "return_to_poverty"], "tekun", "civil_affairs", False, id="特困兼返贫：文件没排"),
    ],
)
def test_one_benefit_by_the_winning_category(codes: list[str], category: str, payer: str, ranked_by_the_text: bool) -> None:
    answer = PENGSHUI.ask(Case(only(*codes)))
    assert (answer.category, answer.payer) == (category, payer)
    assert sorted(answer.categories) == sorted(codes)
    assert ("A-PS-1" not in answer.provisional) is ranked_by_the_text


def test_a_confirmed_order_is_no_longer_provisional() -> None:
    order = "severe_disability>tekun>dibao>return_to_poverty"
    decided = figure("setting.A-PS-1", order, area="500243", decided_by="县人社局")
    case = Case(only("severe_disability", "tekun"), local=(decided,))
    assert "A-PS-1" not in PENGSHUI.ask(case).provisional
