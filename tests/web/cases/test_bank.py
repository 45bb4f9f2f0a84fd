"""The bank's steps, as its officer and its reviewer meet them."""

from typing import Any

import pytest
from django.test import Client

from tests.cases import loan_lives
from tests.cases.offices import TONGLING_COUNTY, Offices
from tests.people.tables import number
from zhubao.access.roles import Role
from zhubao.cases.contract import JIANGXI, TONGLING
from zhubao.cases.models import Case
from zhubao.loans.models import Loan
from zhubao.notices.models import Notice

from .conftest import desk
from .test_pages import opened

DAY = "2026-10-12"
TERMS = {
    "need_fen": "28800", "amount_fen": "28,800.00", "years": "4", "rate_ppm": "3", "grace_months": "36", "repay_months": "60",
    "method": "pension_monthly", "instalment_fen": "600", "day_count": "act360", "settlement": "yearly-12-20",
}  # fmt: skip
TONGLING_TERMS = TERMS | {
    "need_fen": "15000", "amount_fen": "15000", "years": "5", "rate_ppm": "4.5", "grace_months": "53", "repay_months": "120",
    "instalment_fen": "150",
}  # fmt: skip


@pytest.fixture
def at_the_bank(jiangxi: Offices) -> Case:
    """Return a Jiangxi case that was sent to its bank."""
    loan_lives.figures()
    loan_lives.cooperate(loan_lives.the_bank(jiangxi.area), JIANGXI)
    return loan_lives.pushed(jiangxi, loan_lives.man())


def take(client: Client, case: Case, verb: str, **values: Any) -> Any:
    """Open the form of a step and send it."""
    return client.post(f"/cases/{case.number}/steps/{verb}/", {**opened(client, case, verb), **values})


def test_terms_decision_and_agreement_lead_to_the_loan(jiangxi: Offices, at_the_bank: Case) -> None:
    officer, reviewer = desk(jiangxi, Role.BANK_OFFICER), desk(jiangxi, Role.BANK_REVIEWER)
    assert take(officer, at_the_bank, "bank_assess", **TERMS).status_code == 302
    page = reviewer.get(f"/cases/{at_the_bank.number}/steps/bank_decide/").content.decode()
    assert "28,800.00" in page
    assert "3%" in page
    assert take(reviewer, at_the_bank, "bank_decide", outcome="approve").status_code == 302
    signed = {"number": "助2026-001", "signed_on": DAY, "deduction_agreed_on": DAY, "account_locked_on": DAY}
    assert take(officer, at_the_bank, "sign", **signed).status_code == 302
    loan = Loan.objects.get(case_number=at_the_bank.number)
    assert (loan.state, loan.rate_ppm, loan.principal_cap_fen) == ("agreed", 30_000, 28_800_00)


def test_terms_that_break_a_clause_stay_in_the_form_with_what_was_typed(jiangxi: Offices, at_the_bank: Case) -> None:
    answer = take(desk(jiangxi, Role.BANK_OFFICER), at_the_bank, "bank_assess", **TERMS | {"rate_ppm": "9.9"})
    assert answer.status_code == 422
    assert "合同条件不符合" in answer.content.decode()
    assert 'value="9.9"' in answer.content.decode()
    assert not at_the_bank.offers.exists()


def test_a_condition_is_refused_and_its_report_stays(jiangxi: Offices, at_the_bank: Case) -> None:
    answer = take(desk(jiangxi, Role.BANK_OFFICER), at_the_bank, "bank_assess", **TERMS, conditions="另购理财")
    assert answer.status_code == 422
    assert "不得另设附加条件" in answer.content.decode()
    told = Notice.objects.get(role=Role.HRSS_SUPERVISOR, subject=at_the_bank.subject)
    assert "另购理财" in told.text
    assert not at_the_bank.offers.exists()


def test_a_refusal_asks_for_its_ground_before_anybody_is_told(jiangxi: Offices, at_the_bank: Case) -> None:
    loan_lives.assessed(jiangxi, at_the_bank)
    reviewer = desk(jiangxi, Role.BANK_REVIEWER)
    answer = take(reviewer, at_the_bank, "bank_decide", outcome="refuse", reason="其他")
    assert answer.status_code == 422
    assert "请选择拒贷所依据的理由" in answer.content.decode()
    assert not Notice.objects.filter(role=Role.HRSS_SUPERVISOR).exists()
    assert take(reviewer, at_the_bank, "bank_decide", outcome="refuse", ground="not_agreed", reason="谈不拢").status_code == 302
    at_the_bank.refresh_from_db()
    assert at_the_bank.state == "bank_refused"


def test_only_the_bank_of_the_case_prepares_terms(jiangxi: Offices, at_the_bank: Case) -> None:
    for role in (Role.AGENCY_APPROVER, Role.BANK_REVIEWER, Role.FINANCE_CLERK):
        answer = desk(jiangxi, role).post(f"/cases/{at_the_bank.number}/steps/bank_assess/", {**TERMS, "seen": "9", "key": "x"})
        assert answer.status_code in (403, 409), role
    assert not at_the_bank.offers.exists()


def test_a_son_is_named_consents_and_the_tongling_contract_is_signed(tongling: Offices) -> None:
    loan_lives.figures()
    loan_lives.cooperate(loan_lives.the_bank(tongling.area), TONGLING)
    case = loan_lives.estimated(tongling, loan_lives.resident())
    officer, reviewer = desk(tongling, Role.BANK_OFFICER), desk(tongling, Role.BANK_REVIEWER)
    son = {"name": "吴小军", "id_number": number("19960502", 11, TONGLING_COUNTY), "relation": "child", "capable": "yes"}
    assert take(officer, case, "add_co_borrower", **son | {"id_number": "123"}).status_code == 422
    assert take(officer, case, "add_co_borrower", **son).status_code == 302
    person = case.co_borrowers.get().person_id
    assert take(officer, case, "record_consent", person=person, refused_because="不愿担责").status_code == 302
    assert take(officer, case, "bank_assess", **TONGLING_TERMS, basic_pension_agreed_on="").status_code == 302
    assert take(reviewer, case, "bank_decide", outcome="approve").status_code == 302
    signed = {"number": "铜助2026-001", "signed_on": DAY, "account_locked_on": DAY, "deduction_agreed_on": DAY}
    answer = take(officer, case, "sign", **signed)
    assert answer.status_code == 422
    assert "不愿担责" in answer.content.decode()
    assert take(officer, case, "record_consent", person=person, consented_on=DAY).status_code == 302
    assert take(officer, case, "sign", **signed).status_code == 302
    assert Loan.objects.get(case_number=case.number).signers.get().person_id == person
