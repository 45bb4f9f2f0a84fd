"""The four ways of one person side by side, month by month, in sums a clerk can add up."""

import pytest

from zhubao.lending.comparison import compare, comparison_json
from zhubao.lending.forecast import forecast

from .forecast_cases import JIANGXI, RUGAO, TONGLING, changed

RUGAO_WITH_RESIDENTS = changed(
    RUGAO,
    parameters={
        "lowest_tier_yearly_fen": [{"from": "2026-01-01", "value": 30_000}],
        "basic_pension_fen": [{"from": "2026-01-01", "value": 25_000}],
    },
)
PENSION = 140_902  # a month from June 2029


def months(first: tuple[int, int], last: tuple[int, int]) -> int:
    """Return how many months there are from one to another, both included; (year, month)."""
    return (last[0] - first[0]) * 12 + last[1] - first[1] + 1


@pytest.mark.parametrize(
    ("path", "paid", "at_70", "at_85", "break_even"),
    [
        pytest.param("loan", 3_018_510, PENSION * months((2029, 6), (2043, 6)), PENSION * months((2029, 6), (2058, 6)),
                     "2033-02", id="贷款"),
        pytest.param("own_money", 2_764_800, PENSION * 169, PENSION * 349, "2032-12", id="自己出钱"),
        pytest.param("stop", 0, 3_221_692, 3_221_692, None, id="不再缴费"),
    ],
)  # fmt: skip
def test_the_four_ways_of_the_rugao_woman(path: str, paid: int, at_70: int, at_85: int, break_even: str | None) -> None:
    rows = {row["path"]: row for row in comparison_json(compare(forecast(RUGAO_WITH_RESIDENTS)))["comparison"]}
    assert list(rows) == ["loan", "own_money", "stop", "resident"]
    row = rows[path]
    assert row["paid_fen"] == paid
    assert (row["received_fen"]["70"], row["received_fen"]["85"]) == (at_70, at_85)
    assert row["break_even_month"] == break_even
    assert list(row["received_fen"]) == ["70", "75", "80", "85"]
    assert sum(year["paid_fen"] for year in row["by_year"]) == paid


def test_the_resident_pension_is_the_basic_part_and_a_hundred_and_thirty_ninth_of_the_account() -> None:
    found = compare(forecast(RUGAO_WITH_RESIDENTS)).paths[3]
    assert found.paid is not None
    assert found.received is not None
    monthly = {fen for fen in found.received if fen}
    assert len(monthly) == 1
    assert sum(fen > 0 for fen in found.received) == months((2033, 7), (2058, 6))
    # 31,000 yuan from October 2026 to June 2033 at 1.50 % a year, and eight times 300 yuan.
    assert monthly.pop() == pytest.approx(25_000 + (3_100_000 * 1.015**6.67 + 8 * 30_000 * 1.05) / 139, abs=200)


def test_by_loan_nothing_is_paid_before_the_pension_and_never_more_than_the_deduction() -> None:
    loan = compare(forecast(RUGAO)).paths[0]
    assert loan.paid is not None
    before = (2029 * 12 + 6) - loan.first_month
    assert set(loan.paid[:before]) == {0}
    assert max(loan.paid) == 70_451
    assert sum(1 for fen in loan.paid if fen) == 43


def test_the_account_earning_less_than_the_loan_costs_is_said_openly() -> None:
    zh, en = (comparison_json(compare(forecast(RUGAO)), language)["crediting"] for language in ("zh", "en"))
    assert (zh["account_crediting_ppm"], zh["loan_rate_ppm"], zh["below"]) == (15_000, 49_000, True)
    assert zh["label"].startswith("个人账户记账利率 1.50% 低于贷款利率 4.90%")
    assert en["label"].startswith("the account earns 1.50%, less than the 4.90% the loan costs")


def test_an_account_that_earns_more_is_not_called_a_loss() -> None:
    case = changed(RUGAO, parameters={"account_crediting_ppm": [{"from": "2016-01-01", "value": 83_100}]})
    assert comparison_json(compare(forecast(case)))["crediting"] == {
        "account_crediting_ppm": 83_100, "loan_rate_ppm": 49_000, "below": False, "label": "",
    }  # fmt: skip


def test_who_has_the_months_already_gets_a_pension_without_paying_on() -> None:
    case = changed(JIANGXI, person={"paid_months": 200})
    loan, own, stop, _ = compare(forecast(case)).paths
    until = 2057 * 12 + 11
    assert stop.received_until(until) == (stop.received or (0,))[-1] * 300
    assert (own.received_until(until) or 0) > (stop.received_until(until) or 0)
    assert loan.received == own.received


def test_a_resident_compares_within_the_resident_scheme() -> None:
    rows = comparison_json(compare(forecast(TONGLING)), "en")["comparison"]
    assert [row["paid_fen"] for row in rows] == [1_249_130, 900_000, 0, 30_000]  # the national frame's lowest tier, 100 yuan


def test_without_a_birth_nothing_is_compared() -> None:
    rows = comparison_json(compare(forecast(changed(RUGAO, person={"birth": None}))))["comparison"]
    assert {row["paid_fen"] for row in rows} == {None}
    assert {row["break_even_month"] for row in rows} == {None}


def test_a_loan_never_repaid_costs_what_is_still_owed_and_gets_nobody_ahead() -> None:
    never = compare(forecast(JIANGXI))
    loan = never.paths[0]
    assert never.never_repaid
    assert never.paid(loan) == never.forecast.total_cost_fen
    assert never.break_even(loan) is None
