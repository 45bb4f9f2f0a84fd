"""Interest of a lot's year, as a clerk would reckon it by hand; and how a payout is divided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhubao.pension.account_interest import MONTHLY, MONTHLY_FROM_NEXT, YEARLY, Movement, interest_of, year_of_lot
from zhubao.pension.account_shares import shares

FOUR_PERCENT = 40_000


@pytest.mark.clauses("gz-7a")
@pytest.mark.parametrize(
    ("opening", "movements", "method", "product", "interest", "carried"),
    [
        pytest.param(1_000_000, [], MONTHLY, 12_000_000, 40_000, 1_040_000, id="全年不动 10000 元得 400 元-nothing moved"),
        pytest.param(0, [Movement(3, 30_000)], MONTHLY, 300_000, 1_000, 31_000, id="三月缴 300 元计十个月-March counts ten months"),
        pytest.param(0, [Movement(3, 30_000)], MONTHLY_FROM_NEXT, 270_000, 900, 30_900, id="三月缴次月起计九个月-nine from April"),
        pytest.param(0, [Movement(3, 30_000)], YEARLY, 0, 0, 30_000, id="当年缴不计息-nothing in its own year"),
        pytest.param(0, [Movement(12, 30_000)], MONTHLY, 30_000, 100, 30_100, id="十二月缴计一个月-December counts one"),
        pytest.param(
            1_200_000, [Movement(7, -60_000, leaves=True)], MONTHLY, 14_040_000, 46_800, 1_186_800, id="七月支付减六个月-paid out in July"
        ),
        pytest.param(
            1_200_000, [Movement(7, -60_000, leaves=True)], YEARLY, 14_040_000, 46_800, 1_186_800, id="按年计息支付同样减-the same by years"
        ),
        pytest.param(0, [Movement(5, 10_000), Movement(9, -7_000)], MONTHLY, 52_000, 173, 3_173, id="五月缴 100 九月退 70-refunded"),
        pytest.param(0, [Movement(2, 100), Movement(1, -100)], MONTHLY, -100, 0, 0, id="积数为负不计息-below nothing"),
    ],
)  # fmt: skip
def test_a_year_of_a_lot(opening: int, movements: list[Movement], method: str, product: int, interest: int, carried: int) -> None:
    year = year_of_lot(opening, movements, FOUR_PERCENT, method)
    assert (year.product, year.interest, year.carried) == (product, interest, carried)


@pytest.mark.parametrize(
    ("product", "interest"),
    [(149, 0), (150, 1), (449, 1), (450, 2)],
    ids=["below half", "half", "below one and a half", "one and a half"],
)
def test_half_a_fen_is_rounded_up(product: int, interest: int) -> None:
    assert interest_of(product, FOUR_PERCENT) == interest


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="daily"):
        year_of_lot(0, [Movement(1, 1)], FOUR_PERCENT, "daily")
    with pytest.raises(ValueError, match="13"):
        year_of_lot(0, [Movement(13, 1)], FOUR_PERCENT, MONTHLY)
    with pytest.raises(ValueError, match="11 of 10"):
        shares(11, [4, 6])


@pytest.mark.parametrize(
    ("amount", "lots", "parts"),
    [
        pytest.param(10_001, [1_800_000, 1_200_000], [6_001, 4_000], id="六四开-six to four"),
        pytest.param(1, [5, 5], [1, 0], id="一分给先开的-the fen to the first"),
        pytest.param(10, [0, -3, 10], [0, 0, 10], id="空的和负的不分摊-nothing from nothing"),
        pytest.param(0, [], [], id="无-nothing"),
    ],
)
def test_a_payout_is_divided_in_proportion(amount: int, lots: list[int], parts: list[int]) -> None:
    assert shares(amount, lots) == parts


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=6), st.integers(0, 100))
def test_no_fen_is_lost_and_no_lot_overdrawn(lots: list[int], percent: int) -> None:
    amount = sum(lots) * percent // 100
    parts = shares(amount, lots)
    assert sum(parts) == amount
    assert all(0 <= part <= lot for part, lot in zip(parts, lots, strict=True))
