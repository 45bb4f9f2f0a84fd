"""What a life may not say: each refusal names the key; and what it may leave out."""

from copy import deepcopy
from typing import Any

import pytest

from zhubao.errors import ZhubaoError
from zhubao.lending import replay_life

LIFE: dict[str, Any] = {
    "disbursements": [{"date": "2022-03-01", "fen": 960_000}, {"date": "2022-11-14", "fen": 960_000}],
    "rates": [{"from": "2022-03-01", "value": 49_000}],
    "settlements": ["2022-12-20"],
    "subsidy": [{"from": "2022-03-01", "to": "2023-02-01"}],
    "repayment": {"first": "2023-02-20", "day": 20, "max_months": 120, "rule": {"type": "max_share", "percent": 50}},
    "pension": [{"from": "2023-02-01", "value": 180_000}],
}
DEATH = {"date": "2022-12-31", "account_fen": 1}


def changed(**keys: Any) -> dict[str, Any]:
    """Return the life with some keys replaced, or left out where the value is `...`."""
    return {key: value for key, value in {**deepcopy(LIFE), **keys}.items() if value is not ...}


def repayment(**keys: Any) -> dict[str, Any]:
    """Return the repayment with some keys replaced."""
    return {**LIFE["repayment"], **keys}


REFUSED = [
    ("unknown key", changed(colour=1), "E-LIFE-KEY", "colour"),
    ("unknown key beside inputs", {"inputs": LIFE, "note": "x"}, "E-LIFE-KEY", "note"),
    (
        "unknown key in a tranche",
        changed(disbursements=[{"date": "2022-03-01", "fen": 1, "to": 2}]),
        "E-LIFE-KEY",
        "disbursements[0].to",
    ),
    (
        "unknown key in the rule",
        changed(repayment=repayment(rule={"type": "whole_pension", "floor_fen": 1})),
        "E-LIFE-KEY",
        "repayment.rule.floor_fen",
    ),
    (
        "percent of a floor rule",
        changed(repayment=repayment(rule={"type": "whole_pension", "percent": 50})),
        "E-LIFE-KEY",
        "repayment.rule.percent",
    ),
    ("no such rule", changed(repayment=repayment(rule={"type": "half"})), "E-LIFE-KEY", "repayment.rule.type"),
    ("share without percent", changed(repayment=repayment(rule={"type": "max_share"})), "E-LIFE-KEY", "repayment.rule.percent"),
    ("no tranches", changed(disbursements=...), "E-LIFE-KEY", "disbursements"),
    ("empty rates", changed(rates=[]), "E-LIFE-KEY", "rates"),
    ("death without account", changed(death={"date": "2022-12-31"}), "E-LIFE-KEY", "death.account_fen"),
    ("money as text", changed(disbursements=[{"date": "2022-03-01", "fen": "1"}]), "E-LIFE-TYPE", "disbursements[0].fen"),
    ("money as float", changed(disbursements=[{"date": "2022-03-01", "fen": 1.5}]), "E-LIFE-TYPE", "disbursements[0].fen"),
    ("true as money", changed(disbursements=[{"date": "2022-03-01", "fen": True}]), "E-LIFE-TYPE", "disbursements[0].fen"),
    (
        "share of 101",
        changed(repayment=repayment(rule={"type": "max_share", "percent": 101})),
        "E-LIFE-TYPE",
        "repayment.rule.percent",
    ),
    ("day 32", changed(repayment=repayment(day=32)), "E-LIFE-TYPE", "repayment.day"),
    ("settlements not a list", changed(settlements="2022-12-20"), "E-LIFE-TYPE", "settlements"),
    ("capitalise as number", changed(capitalise=1), "E-LIFE-TYPE", "capitalise"),
    ("no such day", changed(settlements=["2022-02-30"]), "E-LIFE-DATE", "settlements[0]"),
    ("day written otherwise", changed(settlements=["20221220"]), "E-LIFE-DATE", "settlements[0]"),
    ("negative tranche", changed(disbursements=[{"date": "2022-03-01", "fen": -1}]), "E-LIFE-MONEY", "disbursements[0].fen"),
    ("negative pension", changed(pension=[{"from": "2023-02-01", "value": -1}]), "E-LIFE-MONEY", "pension[0].value"),
    ("negative account", changed(death={**DEATH, "account_fen": -1}), "E-LIFE-MONEY", "death.account_fen"),
    ("tranches out of order", changed(disbursements=LIFE["disbursements"][::-1]), "E-LIFE-ORDER", "disbursements[1].date"),
    ("settlements out of order", changed(settlements=["2022-12-20", "2022-06-20"]), "E-LIFE-ORDER", "settlements[1]"),
    ("rate twice on a day", changed(rates=LIFE["rates"] * 2), "E-LIFE-ORDER", "rates[1].from"),
    (
        "interval ends before it starts",
        changed(subsidy=[{"from": "2022-03-01", "to": "2022-03-01"}]),
        "E-LIFE-ORDER",
        "subsidy[0].to",
    ),
    (
        "intervals overlap",
        changed(subsidy=[{"from": "2022-03-01", "to": "2022-09-02"}, {"from": "2022-09-01", "to": "2023-01-01"}]),
        "E-LIFE-OVERLAP",
        "subsidy[1]",
    ),
    (
        "open interval before another",
        changed(subsidy=[{"from": "2022-03-01"}, {"from": "2022-09-01"}]),
        "E-LIFE-OVERLAP",
        "subsidy[1]",
    ),
    ("no pension for a rule", changed(pension=...), "E-LIFE-TABLE", "pension"),
    (
        "no floor for the floor rule",
        changed(repayment=repayment(rule={"type": "remaining_at_least"})),
        "E-LIFE-TABLE",
        "floor_fen",
    ),
    ("no basic pension", changed(repayment=repayment(rule={"type": "exclude_basic"})), "E-LIFE-TABLE", "basic_pension_fen"),
    ("pension starts after first use", changed(pension=[{"from": "2023-02-21", "value": 1}]), "E-LOAN-TABLE", "pension"),
    ("rate starts after first tranche", changed(rates=[{"from": "2022-03-02", "value": 1}]), "E-LOAN-RATE", "rates"),
    (
        "tranche after the first deduction",
        changed(disbursements=[*LIFE["disbursements"], {"date": "2023-02-21", "fen": 1}]),
        "E-LOAN-TRANCHE-LATE",
        "disbursements 2023-02-21",
    ),
    (
        "prepayment above the debt",
        changed(prepayments=[{"date": "2022-06-01", "fen": 960_001}], subsidy=[{"from": "2022-03-01"}]),
        "E-LOAN-ABOVE-DEBT",
        "prepayments 2022-06-01",
    ),
    (
        "prepayment before the loan",
        changed(prepayments=[{"date": "2022-02-01", "fen": 1}]),
        "E-LOAN-ABOVE-DEBT",
        "prepayments 2022-02-01",
    ),
    ("prepayment of nothing", changed(prepayments=[{"date": "2022-06-01"}]), "E-LIFE-KEY", "prepayments[0].fen"),
    (
        "prepayment after death",
        changed(death=DEATH, prepayments=[{"date": "2023-01-01", "fen": 1}]),
        "E-LIFE-AFTER",
        "prepayments 2023-01-01",
    ),
    (
        "tranche after death",
        changed(death={**DEATH, "date": "2022-10-01"}, settlements=[]),
        "E-LIFE-AFTER",
        "disbursements 2022-11-14",
    ),
    ("settlement after death", changed(death={**DEATH, "date": "2022-12-01"}), "E-LIFE-AFTER", "settlements 2022-12-20"),
    ("tranche after maturity", changed(maturity="2022-10-01", settlements=[]), "E-LIFE-AFTER", "disbursements 2022-11-14"),
    ("death after maturity", changed(maturity="2022-12-20", death=DEATH), "E-LIFE-AFTER", "death 2022-12-31"),
    ("no such day count", changed(day_count="ACT/ACT"), "E-TERMS-VALUE", "day_count"),
]


@pytest.mark.parametrize(("life", "code", "place"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_refused_naming_the_key(life: dict[str, Any], code: str, place: str) -> None:
    with pytest.raises(ZhubaoError) as refusal:
        replay_life(life)
    assert (refusal.value.code, refusal.value.place) == (code, place)


def test_only_tranches_and_rates_are_needed() -> None:
    result = replay_life({key: LIFE[key] for key in ("disbursements", "rates")})
    assert (result["periods"], result["schedule"]) == ([], [])
    assert (result["principal_outstanding"], result["last_instalment"], result["closed_on"]) == (1_920_000, None, None)


def test_null_is_as_absent() -> None:
    assert replay_life(changed(death=None, prepayments=None, maturity=None, day_count=None)) == replay_life(LIFE)


@pytest.mark.parametrize("words", [("ACT/360", "act360"), ("ACT/365", "act365"), ("MONTH+ODD", "month+odd")])
def test_the_words_of_the_settings_mean_the_same(words: tuple[str, str]) -> None:
    assert replay_life(changed(day_count=words[0])) == replay_life(changed(day_count=words[1]))


def test_tables_and_planned_deductions_may_run_on_after_death() -> None:
    result = replay_life(changed(death=DEATH, rates=[*LIFE["rates"], {"from": "2030-01-01", "value": 1}]))
    assert (result["schedule"], result["deduction_months"]) == ([], 0)
    assert result["death"]["unrecovered"] == 1_920_000 - 1


@pytest.mark.parametrize("row", [{"date": "2022-12-01", "fen": "all"}, {"date": "2022-12-01", "all": True}], ids=["fen", "flag"])
def test_paying_everything_may_be_written_either_way(row: dict[str, Any]) -> None:
    result = replay_life(changed(prepayments=[row]))
    assert (result["closed_on"], result["schedule"][0]["kind"], result["schedule"][0]["amount"]) == (
        "2022-12-01",
        "prepay",
        1_920_000,
    )


def test_a_deduction_of_nothing_is_a_row_and_counts() -> None:
    rule = {"type": "max_share", "percent": 0}
    result = replay_life(changed(repayment=repayment(rule=rule, max_months=3)))
    assert [row["amount"] for row in result["schedule"]] == [0, 0, 0]
    assert (result["deduction_months"], result["last_instalment"]) == (3, 0)
