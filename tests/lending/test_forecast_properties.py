"""The same in both ways: a forecast's life replays to its figures, the largest amount is the largest, the sheet says what the case says."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.lending import replay_life
from zhubao.lending.forecast import as_json, forecast, forecast_many

from .forecast_cases import CASES, JIANGXI, RUGAO, TONGLING, changed


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """Draw people of all three programmes with any bank terms and growths."""
    base = draw(st.sampled_from([RUGAO, JIANGXI, TONGLING]))
    resident = base is TONGLING
    person: dict[str, Any] = {"account_fen": draw(st.integers(0, 9_000_000)), "paid_months": draw(st.integers(100, 179))}
    plan: dict[str, Any] = {
        "tranche_day": draw(st.sampled_from(["01-05", "03-31", "11-20", "12-20", "12-31"])),
        "agreed_fen": draw(st.none() | st.integers(0, 90_000)),
    }
    if resident:
        plan |= {"yearly_fen": draw(st.integers(1, 600_000)), "years": draw(st.integers(0, 3))}
        person["birth"] = draw(st.sampled_from(["1964-07", "1964-12", "1965-01"]))
    else:
        person["index"] = draw(st.sampled_from(["0.4", "0.60", "1.2345"]))
    bank = {
        "rate_ppm": draw(st.integers(0, 80_000)),
        "day_count": draw(st.sampled_from(["ACT/360", "ACT/365", "MONTH+ODD"])),
        "settlement": draw(st.sampled_from(["yearly-12-20", "yearly-06-01", "quarterly-20", "monthly-01", "monthly-31", "none"])),
        "deduction_day": draw(st.sampled_from([1, 5, 20, 28, 29, 31])),
        "capitalise": draw(st.booleans()),
    }
    parameters = {name: draw(st.sampled_from([0, 0, 30_000])) for name in ("pension_growth_ppm", "floor_growth_ppm")}
    changes: dict[str, Any] = {"person": person, "plan": plan, "bank": bank, "parameters": parameters}
    if base is JIANGXI:
        changes["hardship"] = draw(st.booleans())
        floor = [{"from": "2024-01-01", "value": draw(st.integers(60_000, 140_000))}]
        changes["parameters"] = parameters | {
            "floor_fen": [*floor, {"from": "2035-07-01", "value": draw(st.integers(60_000, 140_000))}]
        }
    return changed(base, **changes)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_life_of_a_forecast_replays_to_the_same_figures(case: dict[str, Any]) -> None:
    result = as_json(forecast(case))
    if result["life"] is None:
        assert result["principal_fen"] == 0
        return
    replayed = replay_life(result["life"])
    deducted = [row["amount"] for row in replayed["schedule"]]
    closed = replayed["closed_on"]
    assert sum(row["fen"] for row in result["life"]["disbursements"]) == result["principal_fen"]
    assert replayed["subsidy_total"] == result["government_fen"]
    assert replayed["borrower_interest_total"] == result["borrower_interest_fen"]
    assert result["grace_interest"]["total_fen"] + result["repayment"]["interest_fen"] == replayed["total_interest"]
    assert deducted[0] == result["deduction"]["monthly_fen"]
    assert result["repayment"]["months"] == (replayed["deduction_months"] if closed else None)
    assert result["repayment"]["last_month"] == (closed[:7] if closed else None)
    assert result["total_cost_fen"] == sum(deducted) + replayed["principal_outstanding"] + replayed["interest_outstanding"]
    assert result["why"][3]["numbers"]["left_fen"] == replayed["principal_outstanding"] + replayed["interest_outstanding"]


@settings(max_examples=20, deadline=None)
@given(cases(), st.integers(0, 3_000_000))
def test_the_largest_amount_is_affordable_and_one_fen_more_is_not(case: dict[str, Any], other: int) -> None:
    found = forecast(case)
    planned = sum(tranche.fen for tranche in found.planned or ())
    if not planned:
        assert found.largest_fen == 0
        return
    largest = found.largest_fen
    assert largest is not None

    def affordable(principal: int) -> bool:
        life = _life_of(case, principal)
        return life is None or bool(forecast(life).affordable)

    if found.career is not None and found.career.projected is not None and found.career.projected < found.career.required:
        assert largest == 0
        return
    assert largest == 0 or affordable(min(largest, planned))
    if largest < planned:
        assert largest == 0 or affordable(largest)
        assert not affordable(largest + 1)
        assert not affordable(min(planned, largest + 100))
        assert affordable(other) is (other <= largest) or other > planned


def _life_of(case: dict[str, Any], principal: int) -> dict[str, Any] | None:
    """Return the case with own money that brings the principal down to the one given; None for no loan at all."""
    planned = sum(tranche.fen for tranche in forecast(case).planned or ())
    return changed(case, plan={"own_fen": planned - principal}) if 0 < principal <= planned else None


@pytest.mark.parametrize("floor", [91_500, 98_000, 103_000])
def test_the_largest_amount_found_by_trying_every_hundred_yuan(floor: int) -> None:
    case = changed(JIANGXI, hardship=False, parameters={"floor_fen": [{"from": "2024-01-01", "value": floor}]})
    largest = forecast(case).largest_fen
    assert largest is not None
    tried = [
        fen
        for fen in range(10_000, 7_516_800, 10_000 * 50)
        if forecast(changed(case, plan={"own_fen": 7_516_800 - fen})).affordable
    ]
    assert all(fen <= largest for fen in tried)
    assert len(tried) == len(range(10_000, largest + 1, 500_000))


@settings(max_examples=15, deadline=None)
@given(st.lists(cases(), min_size=1, max_size=8))
def test_the_sheet_says_what_each_case_alone_says(drawn: list[dict[str, Any]]) -> None:
    for case, row in zip(drawn, forecast_many(drawn), strict=True):
        alone = as_json(forecast(case))
        assert row["affordable"] is alone["affordable"]
        assert row["largest_affordable_fen"] == alone["largest_affordable_fen"]
        assert row["total_cost_fen"] == alone["total_cost_fen"]
        assert row["government_fen"] == alone["government_fen"]
        assert (row["months"], row["last_month"]) == (alone["repayment"]["months"], alone["repayment"]["last_month"])
        assert row["fails"] == [reason["code"] for reason in alone["why"] if reason["holds"] is False]


def test_a_case_that_cannot_be_read_leaves_the_others_alone() -> None:
    stream = iter([{"id": "甲", **RUGAO}, {"id": "乙", **changed(RUGAO, policy="nowhere")}, {"id": "丙", **CASES["铜陵"]}])
    rows = list(forecast_many(stream))
    assert [(row["id"], row["affordable"]) for row in rows] == [("甲", True), ("乙", None), ("丙", True)]
    assert rows[1]["error"].startswith("E-POLICY-UNKNOWN: policy nowhere: 没有这个贷款政策")
    assert rows[0]["error"] is None
