"""Tongling: who may ask the bank, co-borrower or guarantor, the ceiling of the rate."""

from datetime import date

import pytest

from zhubao.errors import ZhubaoError
from zhubao.policies.tongling import assess, law

from .tables import Case, Table, figure, line

TONGLING = Table(
    "tongling-2022-13",
    "2022-06-30",
    {
        "birth": "1992-03-01",
        "scheme": "resident_pension",
        "insured_locality": "340705",
        "receiving_pension": False,
        "open_loan": False,
        "children": 2,
        "paid_months": 120,
        "chosen_tier_fen": 300_000,
    },
    (figure("lowest_tier_yearly_fen", 20_000, area="340700"),),
)


def loan(**terms: object) -> dict[str, object]:
    """Return a contract of five years at the ceiling with a child who borrows jointly, with some terms changed."""
    return {"loan": {"rate_ppm": 47_500, "term_months": 60, "coborrower_children": 1, **terms}}


LINES = [
    line("三十岁的居民参保人", {}, amounts={"rate_cap_ppm": 49_000}, shows="tl-2a"),
    line("只在职工养老参保", {"scheme": "employee_pension"}, no="tl-2a", shows="tl-2a"),
    line("在合肥参保", {"insured_locality": "340102"}, no="tl-2a", shows="tl-2a"),
    line("参保地不明", {"insured_locality": None}, unknown="tl-2a", shows="tl-2a"),
    line("已领待遇", {"receiving_pension": True}, no="A-TL-1"),
    line("另有未结清的贷款", {"open_loan": True}, no="A-ALL-15"),
    line("合同齐备", loan(), amounts={"rate_cap_ppm": 47_500}, shows="tl-3.1b tl-3.1c tl-3.2a tl-3.3b"),
    line("两个孩子都没有共同贷款", loan(coborrower_children=0), no="tl-3.1b", shows="tl-3.1b"),
    line("共同贷款子女没有写", loan(coborrower_children=None), unknown="tl-3.1b", shows="tl-3.1b"),
    line("无子女、没有担保人", loan(coborrower_children=0, guarantor=False) | {"children": 0}, no="tl-3.1c", shows="tl-3.1c"),
    line("无子女、有担保人", loan(coborrower_children=0, guarantor=True) | {"children": 0}, shows="tl-3.1c"),
    line("无子女、担保人没有写", loan(coborrower_children=0) | {"children": 0}, unknown="tl-3.1c", shows="tl-3.1c"),
    line("子女数不明", loan() | {"children": None}, unknown="tl-3.1c", shows="tl-3.1c"),
    line("没有选档次：按最低档", loan() | {"chosen_tier_fen": None}, shows="tl-3.2a"),
    line("出生日期不明", loan() | {"birth": None}, unknown="tl-3.2a", shows="tl-3.2a"),
    line("缴费年限不明", loan() | {"paid_months": None}, unknown="tl-3.2a", shows="tl-3.2a"),
    line("五年期4.76%", loan(rate_ppm=47_600), no="tl-3.3b", shows="tl-3.3b"),
    line("六十一个月4.90%", loan(rate_ppm=49_000, term_months=61), shows="tl-3.3b"),
    line("三年期4.75%", loan(term_months=36), amounts={"rate_cap_ppm": 47_500}),
    line("一年期4.35%", loan(rate_ppm=43_500, term_months=12), amounts={"rate_cap_ppm": 43_500}, shows="tl-3.3b"),
    line("半年期4.36%", loan(rate_ppm=43_600, term_months=6), no="tl-3.3b"),
    line("利率没有写", loan(rate_ppm=None), unknown="tl-3.3b", shows="tl-3.3b"),
]  # fmt: skip

# What nobody says of a pension or an open loan holds nobody up; inputs are known or not.
NEVER = {"A-TL-1": {"evidence_missing"}, "A-ALL-15": {"evidence_missing"}, "tl-3.2a": {"not_met"}}


@pytest.mark.parametrize("case", LINES)
def test_each_clause(case: Case) -> None:
    TONGLING.check(case)


def test_every_clause_is_seen_met_not_met_and_unknown() -> None:
    assert TONGLING.not_shown(LINES) == NEVER


def test_without_a_choice_the_lowest_tier_stands_and_is_provisional() -> None:
    chosen = TONGLING.ask(Case(loan()))
    assert next(row for row in chosen.clauses if row.id == "tl-3.2a").value == 300_000
    answer = TONGLING.ask(Case(loan() | {"chosen_tier_fen": None}))
    assert next(row for row in answer.clauses if row.id == "tl-3.2a").value == 20_000
    assert [fact for fact, *_ in answer.known.assumed] == ["chosen_tier_fen"]


@pytest.mark.clauses("tl-5.4a")
def test_in_force_from_the_day_of_issue() -> None:
    assert law.in_force == (date(2022, 1, 25), None)
    assert assess(TONGLING.person, on="2022-01-25").verdict == "met"
    with pytest.raises(ZhubaoError) as refused:
        assess(TONGLING.person, on="2022-01-24")
    assert refused.value.code == "E-POLICY-NOT-IN-FORCE"
    assert "2022-01-25" in refused.value.problem.zh
