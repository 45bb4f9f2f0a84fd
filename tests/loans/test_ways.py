"""The table that says where the documents deal with loans differently fits the courses, the clauses and the accounts it names."""

import pytest

from zhubao.errors import ZhubaoError
from zhubao.loans.draws import PAYEES
from zhubao.loans.states import PROCESSES, WAYS, only_tax_records, ways_of
from zhubao.loans.states.claim import CLAIM_COURSES
from zhubao.policies import judge_of


def test_every_programme_that_lends_says_its_ways() -> None:
    assert WAYS.keys() == PROCESSES.keys()
    for policy_id, ways in WAYS.items():
        states = {state.name for state in PROCESSES[policy_id].states}
        clauses = {clause.id for clause in judge_of(policy_id).policy.clauses}
        assert ways.payee in PAYEES
        assert set(ways.verified_in) <= states
        assert bool(ways.verifies) == bool(ways.verified_in) == (ways.hardship in clauses)
        assert bool(ways.verifies) == (policy_id in CLAIM_COURSES)
        assert 1 <= ways.statement_from <= 12
        assert ways.resident == (judge_of(policy_id).policy.scheme == "resident_pension")
        assert ways.matched == any(row.verb == "match_subsidy" for row in PROCESSES[policy_id].transitions)


def test_the_course_says_who_records_contributions() -> None:
    assert [policy_id for policy_id in PROCESSES if only_tax_records(policy_id)] == ["jiangxi-2020-7"]


def test_a_document_without_loans_is_refused_by_name() -> None:
    with pytest.raises(ZhubaoError, match="E-LOAN-POLICY: pengshui-2022"):
        ways_of("pengshui-2022")
