"""Answers become a record that says nothing unanswered; the clauses that decide are those not met, else the first that help."""

from datetime import date

import pytest

from zhubao.policies import judge_of
from zhubao.policies.answers import Answers, decisive, record_of
from zhubao.rules.verdicts import Verdict

ON, GANZHOU = date(2026, 11, 20), "360702"


def test_what_was_not_answered_is_not_in_the_record() -> None:
    assert record_of(Answers("1988-06"), GANZHOU, ["dibao"]) == {
        "birth": "1988-06",
        "identities": {"dibao": False},
        "receiving_pension": False,
    }
    unsure = Answers("1988-06", scheme="none", unsure=True, lists=frozenset({"dibao"}), local=False, subsidy=True)
    record = record_of(unsure, GANZHOU, ["dibao", "tekun"])
    assert (record["scheme"], record["hukou"], record["social_insurance_subsidy"]) == ("none", "110101", True)
    assert record["identities"] == {"dibao": True, "tekun": None}
    assert "insured_locality" not in record


@pytest.mark.parametrize("county", ["360702", "500243", "110101", "110229", "310101", "310151", "110100"])
def test_elsewhere_is_never_in_the_province_of_the_county(county: str) -> None:
    hukou = record_of(Answers("1988-06", local=False), county, [])["hukou"]
    assert hukou[:2] != county[:2]
    assert record_of(Answers("1988-06", local=True), county, [])["hukou"] == county


def test_a_clause_not_met_decides_before_those_that_help() -> None:
    judge = judge_of("ganzhou-2021-7")
    codes = list(judge.policy.identities)
    helped = Answers("1988-06", "female55", "resident", 0, frozenset({"dibao"}))
    in_another = Answers("1988-06", "female55", "employee", 60, frozenset({"dibao"}))
    found = {
        answers: {row.verdict for row in decisive(judge(record_of(answers, GANZHOU, codes), on=date(2022, 3, 1)))}
        for answers in (helped, in_another)
    }
    assert found == {helped: {Verdict.MET}, in_another: {Verdict.NOT_MET}}
