"""Two schemes side by side: how an account grows, which tiers are shown, what a cost is of the income."""

from datetime import date

import pytest

from zhubao.parameters import Parameter, ParameterBook
from zhubao.pension.schemes_compared import Person, employee, grown, resident, share_of_income, tiers_shown

ON = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("balance", "yearly", "months", "ppm", "after"),
    [
        pytest.param(0, 120_000, 24, 0, 240_000, id="两年无息"),
        pytest.param(100_000, 0, 12, 15_000, 101_500, id="一年利息"),
        pytest.param(100_000, 12_000, 18, 20_000, 121_140, id="一年半"),
    ],
)
def test_an_account_grows_by_whole_years_and_the_rest_of_one(
    balance: int, yearly: int, months: int, ppm: int, after: int
) -> None:
    assert grown(balance, yearly, months, ppm) == after


def test_the_share_of_the_income_is_said_only_where_both_are_known() -> None:
    assert share_of_income(12 * 92_000, 400_000) == 230
    assert (share_of_income(None, 400_000), share_of_income(1, None), share_of_income(1, 0)) == (None, None, None)


def test_the_lowest_a_middle_and_the_highest_tier_are_shown() -> None:
    tiers = [
        Parameter("tier_yearly_fen", fen * 100, "fen", "360702", date(2020, 1, 1), None, f"{fen}")
        for fen in (100, 200, 300, 500, 900)
    ]
    lowest = [
        Parameter("lowest_tier_yearly_fen", 20_000, "fen", "360000", date(2020, 1, 1), None, "省"),
        Parameter("lowest_tier_yearly_fen", 10_000, "fen", "360702", date(2020, 1, 1), None, "代缴对象"),
    ]
    book = ParameterBook([*tiers, *lowest])
    assert tiers_shown("360702", "360000", ON, 0, book)[0] == [20_000, 50_000, 90_000]
    assert tiers_shown("360702", "360000", ON, 10_000, book)[0] == [10_000, 30_000, 90_000]
    assert tiers_shown("320682", "320000", date(1990, 1, 1), 0, book) == ([], None)


def test_what_nobody_said_lacks_and_is_no_nothing() -> None:
    book = ParameterBook.built_in()
    unknown = Person("1988-06", ON, None, None, None, None)
    assert {"scheme", "retirement_category"} <= set(employee(unknown, "320682", "jiangsu", book).lacks)
    assert resident(unknown, "320682", 20_000, 20_000, 0, book).pension_fen is None
