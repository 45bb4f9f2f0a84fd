"""Whole persons for the forecast: one of each programme, every figure given, so that a clerk could check them by hand."""

from copy import deepcopy
from typing import Any

RUGAO: dict[str, Any] = {
    "policy": "rugao-draft",
    "on": "2026-10-12",
    "person": {
        "birth": "1973-06-18",
        "sex": "female",
        "retirement_category": "female55",
        "paid_months": 134,
        "deemed_months": 14,
        "account_fen": 3_100_000,
        "index": "0.60",
    },
    "hardship": True,
    "plan": {"months": None, "tranche_day": "11-20", "agreed_fen": None, "own_fen": 0},
    "bank": {
        "rate_ppm": 49_000,
        "day_count": "ACT/360",
        "settlement": "yearly-12-20",
        "deduction_day": 20,
        "capitalise": False,
    },
    "parameters": {
        "lowest_tier_monthly_fen": [{"from": "2026-01-01", "value": 86_400}],
        "calc_base_fen": [{"from": "2025-01-01", "value": 891_700}],
        "floor_fen": [],
        "account_crediting_ppm": [{"from": "2025-01-01", "value": 15_000}],
        "tier_growth_ppm": 0,
        "pension_growth_ppm": 0,
        "floor_growth_ppm": 0,
        "basic_pension_fen": [],
    },
    "horizon_age": 85,
}
# By the tables in force before 2025: a man eight years before the age, 84 months paid, always at the lowest tier.
# The eight-year maximum of a minimum payer.
JIANGXI: dict[str, Any] = {
    "policy": "jiangxi-2020-7",
    "on": "2024-12-15",
    "person": {
        "birth": "1972-11",
        "sex": "male",
        "paid_months": 84,
        "account_fen": 2_000_000,
        "index": "0.6",
    },
    "hardship": True,
    "plan": {"tranche_day": "11-20"},
    "bank": {
        "rate_ppm": 35_000,
        "day_count": "ACT/360",
        "settlement": "yearly-12-20",
        "deduction_day": 15,
        "capitalise": False,
    },
    "parameters": {
        "lowest_tier_monthly_fen": [{"from": "2024-01-01", "value": 78_300}],
        "calc_base_fen": [{"from": "2024-01-01", "value": 705_400}],
        "floor_fen": [{"from": "2024-01-01", "value": 91_500}],
        "account_crediting_ppm": [{"from": "2024-01-01", "value": 15_000}],
    },
    "horizon_age": 85,
}
TONGLING: dict[str, Any] = {
    "policy": "tongling-2022-13",
    "on": "2022-03-01",
    "person": {"birth": "1964-07", "sex": "male", "paid_months": 144, "account_fen": 300_000},
    "plan": {"tranche_day": "03-07", "yearly_fen": 300_000, "years": 3},
    "bank": {
        "rate_ppm": 47_500,
        "day_count": "ACT/360",
        "settlement": "quarterly-20",
        "deduction_day": 15,
        "capitalise": False,
    },
    "parameters": {
        "basic_pension_fen": [{"from": "2022-01-01", "value": 15_500}],
        "account_crediting_ppm": [{"from": "2022-01-01", "value": 30_000}],
    },
}
CASES = {"如皋": RUGAO, "江西困难": JIANGXI, "铜陵": TONGLING}


def changed(case: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a copy of a case with parts changed: an object is merged into the part, anything else replaces it."""
    result = deepcopy(case)
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] |= value
        else:
            result[key] = value
    return result
