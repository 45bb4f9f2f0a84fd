"""Whole lives, one line a period: the product, the tables, a day-by-day second implementation and QuantLib must all agree."""

import json
import random
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from zhubao.lending import replay_life

from .day_by_day import live
from .lives import FOLDER, lines, read, totals

TABLES = sorted(FOLDER.glob("*.md"))
WHOLE = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_the_life_runs_as_its_table_says(path: Any) -> None:
    inputs, table, sums = read(path)
    result = replay_life(inputs)
    assert lines(result) == table
    assert totals(result) == sums


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_counting_day_by_day_gives_the_same_table(path: Any) -> None:
    inputs, table, sums = read(path)
    result = live(inputs)
    assert (lines(result), totals(result)) == (table, sums)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_a_life_as_json_comes_out_as_expected_from_both_implementations(path: Any) -> None:
    life = json.loads(path.read_text(encoding="utf-8"))
    assert replay_life(life) == life["expected"]
    assert live(life["inputs"]) == life["expected"]


def test_inputs_are_not_changed() -> None:
    inputs, _, _ = read(TABLES[0])
    before = json.dumps(inputs)
    replay_life(inputs)
    assert json.dumps(inputs) == before


def made_up_life(draw: random.Random) -> dict[str, Any]:
    """Return a life drawn at random: any mix of tranches, status, prepayments, rule and end."""
    start = date(2018, 1, 1) + timedelta(days=draw.randrange(1500))
    days = sorted(draw.sample(range(1600), draw.randint(1, 5)))
    paid_out = [start + timedelta(days=day) for day in days]
    first = paid_out[-1] + timedelta(days=draw.randint(0, 500))
    edges = sorted(draw.sample(range(days[0], days[-1] + 900), 4))
    life: dict[str, Any] = {
        "disbursements": [{"date": on.isoformat(), "fen": draw.randint(1, 1_200_000)} for on in paid_out],
        "rates": [{"from": start.isoformat(), "value": draw.randint(0, 60_000)}],
        "day_count": draw.choice(["ACT/360", "ACT/365"]),
        "settlements": [
            day
            for year in range(start.year, first.year + 1)
            for month in draw.choice([["12"], ["03", "06", "09", "12"]])
            if start.isoformat() < (day := f"{year}-{month}-20") <= first.isoformat()
        ],
        "subsidy": [
            {"from": (start + timedelta(days=a)).isoformat(), "to": (start + timedelta(days=b)).isoformat()}
            for a, b in (edges[:2], edges[2:])
        ],
        "capitalise": draw.random() < 0.2,
    }
    if draw.random() < 0.5:
        change = start + timedelta(days=draw.randint(1, 2000))
        life["rates"].append({"from": change.isoformat(), "value": draw.randint(0, 60_000)})
    if draw.random() < 0.4:
        life["prepayments"] = [{"date": (paid_out[0] + timedelta(days=1)).isoformat(), "fen": 1}]
    end = draw.choice(["deductions", "deductions", "maturity", "death"])
    if end == "maturity":
        life["maturity"] = first.isoformat()
    elif end == "death":
        life["death"] = {
            "date": first.isoformat(),
            "account_fen": draw.randint(0, 4_000_000),
            "government_covers": draw.random() < 0.5,
        }
    else:
        kind = draw.choice(["remaining_at_least", "max_share", "exclude_basic", "whole_pension"])
        rule: dict[str, Any] = {"type": kind} | ({"percent": draw.randint(0, 100)} if kind == "max_share" else {})
        if draw.random() < 0.5:
            rule["agreed_fen"] = draw.randint(0, 120_000)
        life["repayment"] = {
            "first": first.isoformat(),
            "day": draw.randint(1, 31),
            "max_months": draw.randint(1, 60),
            "rule": rule,
        }
        life["pension"] = [{"from": first.isoformat(), "value": draw.randint(0, 200_000)}]
        for table in ("floor_fen", "basic_pension_fen"):
            life[table] = [
                {"from": start.isoformat(), "value": draw.randint(0, 90_000)},
                {"from": (first + timedelta(days=200)).isoformat(), "value": draw.randint(0, 120_000)},
            ]
    return life


@pytest.mark.parametrize("seed", range(150))
def test_a_life_drawn_at_random_is_the_same_day_by_day(seed: int) -> None:
    life = made_up_life(random.Random(seed))
    assert replay_life(life) == live(life)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.stem)
def test_quantlib_finds_the_same_interest_in_every_period(path: Any) -> None:
    ql = pytest.importorskip("QuantLib")
    life = json.loads(path.read_text(encoding="utf-8"))["inputs"]
    result = replay_life(life)
    counter = ql.Actual360()

    def day(text: str) -> Any:
        on = date.fromisoformat(text)
        return ql.Date(on.day, on.month, on.year)

    def principal_at(text: str) -> int:
        paid_out = sum(row["fen"] for row in life["disbursements"] if row["date"] <= text)
        return int(paid_out) - sum(row["principal"] for row in result["schedule"] if row["date"] <= text)

    rate = ql.InterestRate(life["rates"][0]["value"] / 1_000_000, counter, ql.Simple, ql.Annual)
    for period in result["periods"]:
        cuts = sorted(
            {
                period["from"],
                period["to"],
                *(r["date"] for r in life["disbursements"] if period["from"] < r["date"] < period["to"]),
            }
        )
        exact = sum(principal_at(start) * (rate.compoundFactor(day(start), day(end)) - 1) for start, end in pairwise(cuts))
        assert abs(exact - period["interest"]) <= 0.5 + 1e-6


def test_whole_months_and_odd_days() -> None:
    """3,000 yuan at 4.8 %: three months 36.00, sixteen odd days 6.40; 31 January plus a month is 29 February 2024."""
    life = {
        "disbursements": [{"date": "2023-01-10", "fen": 300_000}],
        "rates": [{"from": "2023-01-01", "value": 48_000}],
        "day_count": "MONTH+ODD",
        "maturity": "2023-04-26",
    }
    assert replay_life(life)["total_interest"] == 3_600 + 640
    leap = {**life, "disbursements": [{"date": "2024-01-31", "fen": 300_000}], "maturity": "2024-02-29"}
    assert replay_life(leap)["total_interest"] == 1_200
    settled = {**life, "settlements": ["2023-03-20"]}
    assert [row["interest"] for row in replay_life(settled)["periods"]] == [2_400 + 400, 1_200 + 240]
