"""Rugao at the bank: the borrower's credit report, the benchmark itself as the rate, four promises, another designated bank."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from zhubao.access.roles import Role
from zhubao.cases.actions import bank, rugao
from zhubao.cases.contract import Terms
from zhubao.cases.models import Agreement, BankOffer, Case
from zhubao.cases.promises import Promises

from . import lives
from .lives import at
from .loan_lives import cooperate, second_bank, the_bank
from .offices import RUGAO_COUNTY, Offices, ask, open_offices
from .refusals import denied

pytestmark = pytest.mark.django_db
DAY = "2026-10-26"
TODAY, REPORT = date(2026, 10, 26), date(2026, 10, 22)
RUGAO = "rugao-draft"


@pytest.fixture
def offices() -> Offices:
    lives.figures()
    opened = open_offices()
    cooperate(the_bank(RUGAO_COUNTY), RUGAO)
    return opened


@pytest.fixture
def case(offices: Offices) -> Case:
    """Return a case the agency approved on 20 October."""
    proposed = lives.proposed(offices, lives.applicant())
    approver = offices.at(Role.AGENCY_APPROVER)
    return rugao.decide(proposed.pk, "granted", request=ask(), actor=approver, now=at("2026-10-20"))


@pytest.fixture
def terms(case: Case) -> Terms:
    """Return terms at the approved line, the benchmark over five years and both longest terms."""
    approved = case.decisions.filter(kind="loan").get().amount_fen
    assert approved is not None
    return Terms(
        need_fen=approved, amount_fen=approved, years=3, rate_ppm=49_000, disbursement="fund_account", method="pension_monthly",
        grace_months=31, repay_months=120,
    )  # fmt: skip


PROMISES = Promises(honest_use_on=TODAY, own_interest_on=TODAY, deduction_agreed_on=TODAY, account_first_on=TODAY)


def assess(offices: Offices, case: Case, terms: Terms, report: date | None = REPORT) -> Case:
    officer = offices.at(Role.BANK_OFFICER)
    return bank.bank_assess(case.pk, terms, credit_report_on=report, request=ask(), actor=officer, now=at(DAY))


def decide(offices: Offices, case: Case, outcome: str, reason: str = "") -> Case:
    reviewer = offices.at(Role.BANK_REVIEWER)
    return bank.bank_decide(case.pk, outcome, reason=reason, request=ask(), actor=reviewer, now=at(DAY))


def sign(offices: Offices, case: Case, promises: Promises = PROMISES) -> Case:
    officer = offices.at(Role.BANK_OFFICER)
    return bank.sign(case.pk, "皋2026-1", TODAY, promises, request=ask(), actor=officer, now=at(DAY))


@pytest.mark.clauses("rg-12.2e")
def test_without_the_borrower_s_credit_report_nothing_goes_on(offices: Offices, case: Case, terms: Terms) -> None:
    denied("E-CREDIT-REPORT", assess, offices, case, terms, None)
    denied("E-DAY", assess, offices, case, terms, date(2026, 10, 27))
    case = assess(offices, case, terms)
    assert (case.state, BankOffer.objects.get(case=case).credit_report_on) == ("bank_assessed", REPORT)


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        pytest.param({"rate_ppm": 49_500}, "rg-10a", id="高于基准 above the benchmark"),
        pytest.param({"rate_ppm": 48_000}, "rg-10a", id="低于基准 below the benchmark"),
        pytest.param({"grace_months": 61}, "rg-9b", id="宽限期61个月 grace of 61 months"),
        pytest.param({"repay_months": 121}, "rg-9c", id="偿还期121个月 121 instalments"),
        pytest.param({"grace_months": 61, "repay_months": 120}, "rg-9a", id="期限181个月 181 months in all"),
    ],
)
def test_terms_the_policy_forbids(offices: Offices, case: Case, terms: Terms, change: dict[str, Any], clause: str) -> None:
    assert clause in denied("E-CONTRACT", assess, offices, case, replace(terms, **change)).problem.zh


def test_a_fen_above_the_approved_line(offices: Offices, case: Case, terms: Terms) -> None:
    above = replace(terms, need_fen=terms.need_fen + 1, amount_fen=terms.amount_fen + 1)
    assert "rg-8a" in denied("E-CONTRACT", assess, offices, case, above).problem.zh


@pytest.mark.clauses("rg-12.2e")
def test_a_bank_may_refuse_with_a_reason_and_another_designated_bank_be_tried(offices: Offices, case: Case, terms: Terms) -> None:
    assess(offices, case, terms)
    denied("E-REASON", decide, offices, case, "refuse")
    case = decide(offices, case, "refuse", "征信有当前逾期")
    assert (case.state, case.decisions.get(kind="bank").reason) == ("bank_refused", "征信有当前逾期")
    other, reviewer = second_bank(RUGAO_COUNTY), offices.at(Role.AGENCY_REVIEWER)
    ways: dict[str, Any] = {"reason": "改送另一家", "request": ask(), "actor": reviewer, "now": at(DAY)}
    denied("E-BANK", bank.bank_again, case.pk, bank_id=case.bank_id, **ways)
    denied("E-BANK-COOPERATION", bank.bank_again, case.pk, bank_id=other.pk, **ways)
    cooperate(other, RUGAO)
    case = bank.bank_again(case.pk, bank_id=other.pk, **ways)
    assert (case.state, case.bank) == ("agency_approved", other)


@pytest.mark.clauses("rg-annex1-c1", "rg-annex1-c2", "rg-annex1-c3", "rg-annex1-c4")
def test_all_four_promises_are_wanted_and_kept(offices: Offices, case: Case, terms: Terms) -> None:
    decide(offices, assess(offices, case, terms), "approve")
    for name in ("honest_use_on", "own_interest_on", "deduction_agreed_on", "account_first_on"):
        denied("E-PROMISE", sign, offices, case, replace(PROMISES, **{name: None}))
    case = sign(offices, case)
    agreement = Agreement.objects.get(case=case)
    assert case.state == "agreed"
    kept = {each.name: getattr(agreement, each.name) for each in fields(Promises)}
    assert kept == PROMISES.columns()
