"""What is particular to each document's plan stands in its own module, and speaks of clauses and categories it has."""

import pytest

from zhubao.policies import MODULES, judge_of
from zhubao.policies.yearly_plan import yearly_plan_of, yearly_plans


def test_only_documents_that_pay_on_behalf_plan_a_year():
    assert set(yearly_plans()) == {policy_id for policy_id in MODULES if judge_of(policy_id).policy.kind == "assistance"}
    assert yearly_plan_of("jiangxi-2020-7") is None
    assert yearly_plan_of("no-such-document") is None


@pytest.mark.parametrize("policy_id", ["pengshui-2022", "ganzhou-2021-7"])
def test_a_plan_speaks_of_clauses_and_categories_of_its_document(policy_id):
    plan, policy = yearly_plans()[policy_id], judge_of(policy_id).policy
    judged = {clause.id for clause in policy.judged(with_contract=False)}
    assert {*plan.lost, *plan.gone, *plan.stops} <= judged
    assert set(plan.lost) <= set(plan.gone)
    assert set(plan.own_channel) <= set(policy.identities)


def test_every_document_has_a_mark_of_its_own_for_numbers_of_papers():
    tags = [judge_of(policy_id).policy.tag for policy_id in MODULES]
    assert sorted(tags) == ["GZ", "JX", "PS", "RG", "TL"]
