"""The clause register: complete, well formed, in our own words for a clerk."""

import re
from datetime import date
from importlib import import_module

import pytest

from zhubao.errors import ZhubaoError
from zhubao.policies.register import Document, bases, clause, clauses, document, documents, not_computable

# Capabilities of the product; a clause asks for at least one of them.
CAPABILITIES = set(
    """programme_config rate_table tier_table window_calendar retirement_calendar person_registry identity_roster roster_matching
    identity_priority insured_status_check deemed_period eligibility_engine category_engine application_intake evidence_checklist
    form_render workflow_engine committee_review public_notice agency_review bank_registry credit_review loan_agreement
    amount_calculator yearly_draw contribution_payment contribution_default bank_account_lock loan_archive interest_engine
    subsidy_engine subsidy_claim annual_verification renewal statements pension_deduction early_repayment death_settlement
    transfer_lock assistance_plan assistance_calculator selfpay_collection assistance_claim after_the_fact_refund dynamic_entrants
    ledger_closeout sponsor_contribution personal_account account_interest contribution_subsidy pension_estimator benefit_start
    ledger budget_planner fund_metrics data_exchange role_access privacy_security audit_trail deadline_monitor notifications
    oversight fraud_recovery dishonesty_list reports coverage_dashboard measures_tracker publicity_calculator scheme_guidance
    accessibility""".split()
)
ACTORS = set(
    """issuer borrower hardship_borrower agency bank finance civil_affairs rural_revitalisation hrss tax central_bank locality
    committee trade_union federation auditor anyone assisted_contributor certifying_departments affairs_centre township
    sponsor""".split()
)
KINDS = set(
    """amount category data_sharing deadline form eligibility exclusion money_flow notice organisation principle publicity rate
    record sanction supervision term step""".split()
)


@pytest.mark.parametrize(
    ("policy", "prefix", "number"),
    [
        ("jiangxi-2020-7", "jx", 95),
        ("rugao-draft", "rg", 102),
        ("tongling-2022-13", "tl", 52),
        ("pengshui-2022", "ps", 40),
        ("ganzhou-2021-7", "gz", 52),
    ],
)
def test_every_document_is_registered_in_full(policy: str, prefix: str, number: int) -> None:
    ids = [each.id for each in clauses(policy)]
    assert len(ids) == len(set(ids)) == number
    assert {each.partition("-")[0] for each in ids} == {prefix} == {document(policy).prefix}


def test_the_register_has_341_clauses_each_with_its_own_id() -> None:
    assert len(clauses()) == len({each.id for each in clauses()}) == 341


def test_every_clause_uses_the_words_of_the_register() -> None:
    for each in clauses():
        assert set(each.actors) <= ACTORS, each.id
        assert set(each.features) <= CAPABILITIES, each.id
        assert each.kind in KINDS, each.id
        assert each.computable in {"yes", "partly", "no"}, each.id
        assert each.article, each.id
        assert all(re.fullmatch(r"[a-z0-9_]+", key) and value for key, value in each.parameters), each.id


def test_every_capability_of_the_product_is_asked_for_by_a_clause() -> None:
    assert {feature for each in clauses() for feature in each.features} == CAPABILITIES


def test_labels_are_short_and_distinct_statements_are_one_sentence() -> None:
    for policy in (each.policy for each in documents()):
        labels = [each.label.zh for each in clauses(policy)]
        assert len(labels) == len(set(labels))
    for each in clauses():
        assert 2 <= len(each.label.zh) <= 25, each.id
        assert re.search(r"[\u4e00-\u9fff]", each.label.zh), each.id
        assert not each.label.zh.endswith("。"), each.id
        assert 3 <= len(each.label.en) <= 48, each.id
        assert each.statement.endswith("."), each.id
        assert ". " not in each.statement, each.id


def test_what_cannot_be_computed_says_why_in_both_languages() -> None:
    assert [each.id for each in not_computable()] == ["jx-5.1a", "tl-5.1a", "tl-5.1j", "tl-5.1m", "tl-5.3c", "ps-3.1a"]
    for each in clauses():
        assert (each.computable == "no") == (each.not_computable is not None), each.id
        assert each.not_computable is None or (each.not_computable.zh and each.not_computable.en), each.id


def test_a_clause_is_found_by_its_id() -> None:
    found = clause("rg-4.0a")
    assert (found.policy, found.article, found.label.zh) == ("rugao-draft", "第四条", "户籍在如皋")
    assert found.actors == ("borrower",)
    assert found.features == ("eligibility_engine",)
    assert found.parameters == (("hukou", "320682"),)


@pytest.mark.parametrize(
    ("policy", "first", "last"),
    [
        pytest.param("jiangxi-2020-7", date(2020, 12, 30), None, id="江西"),
        pytest.param("tongling-2022-13", date(2022, 1, 25), None, id="铜陵"),
        pytest.param("pengshui-2022", date(2022, 1, 1), date(2022, 12, 31), id="彭水"),
        pytest.param("ganzhou-2021-7", date(2021, 12, 17), date(2025, 12, 31), id="赣州"),
        pytest.param("rugao-draft", None, None, id="如皋"),
    ],
)
def test_time_in_force(policy: str, first: date | None, last: date | None) -> None:
    found = document(policy)
    assert (found.in_force_from, found.in_force_to) == (first, last)
    assert found.trial is (first is None)


@pytest.mark.clauses("gz-0.1")
def test_ganzhou_has_its_number_day_and_six_issuers_and_is_open_to_everyone() -> None:
    found = document("ganzhou-2021-7")
    assert (found.number, found.published, len(found.issuers)) == ("赣市人社发〔2021〕7号", date(2021, 12, 17), 6)
    assert (found.open, dict(clause("gz-0.1").parameters)["public"]) == (True, "true")
    assert [each.policy for each in documents() if each.open] == [found.policy]


@pytest.mark.clauses("ps-0.2")
def test_every_basis_of_a_document_is_cited_by_clauses_of_it() -> None:
    assert [one.number for one in bases("pengshui-2022")] == ["渝人社发〔2018〕82号", "渝人社发〔2021〕39号"]
    assert dict(clause("ps-0.2").parameters)["basis"].split("/") == [one.number for one in bases("pengshui-2022")]
    assert [clause(cited).policy for each in documents() for one in bases(each.policy) for cited in one.clauses] == (
        ["jiangxi-2020-7"] * 4 + ["pengshui-2022"] * 8
    )


def test_pengshui_was_published_before_its_year_began() -> None:
    assert document("pengshui-2022").published == date(2021, 11, 22)


@pytest.mark.parametrize("known", documents(), ids=lambda known: known.policy)
def test_every_document_has_the_area_and_scheme_of_its_kind(known: Document) -> None:
    assert known.kind == ("loan" if known.prefix in {"jx", "rg", "tl"} else "assistance")
    assert known.scheme == ("employee_pension" if known.prefix in {"jx", "rg"} else "resident_pension")
    assert known.region[:2] == {"jx": "36", "rg": "32", "tl": "34", "ps": "50", "gz": "36"}[known.prefix]


def test_an_unknown_clause_or_policy_is_named() -> None:
    with pytest.raises(ZhubaoError, match="E-CLAUSE-UNKNOWN: jx-9"):
        clause("jx-9")
    with pytest.raises(ZhubaoError, match=r"E-POLICY-UNKNOWN: jiangxi: .*jiangxi-2020-7"):
        clauses("jiangxi")


@pytest.mark.parametrize("known", documents(), ids=lambda known: known.policy)
def test_the_policy_module_and_the_register_speak_of_the_same_document(known: Document) -> None:
    law = import_module(known.module).law
    assert (law.id, law.kind, law.scheme, law.region) == (known.policy, known.kind, known.scheme, known.region)
    assert (law.in_force, law.trial) == ((known.in_force_from, known.in_force_to), known.trial)
