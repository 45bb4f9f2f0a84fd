"""Tongling: the agency's estimate, the bank's free decision, who signs beside the borrower."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from zhubao.access.roles import Role
from zhubao.cases.actions import bank, tongling
from zhubao.cases.models import Agreement, Case, CoBorrower, Estimate
from zhubao.cases.promises import Promises
from zhubao.cases.selectors import decided_by_banks
from zhubao.people.models import Person
from zhubao.tasks.models import Task

from . import loan_lives as lives
from .lives import at
from .loan_lives import TONGLING_PROMISES, TONGLING_TERMS, beside, child
from .offices import TONGLING_COUNTY, Offices, ask, citizen, open_offices
from .refusals import denied

pytestmark = pytest.mark.django_db
MONDAY, DAY = lives.MONDAY, lives.DAY


@pytest.fixture
def offices() -> Offices:
    lives.figures()
    opened = open_offices(TONGLING_COUNTY)
    lives.cooperate(lives.the_bank(TONGLING_COUNTY), lives.TONGLING)
    return opened


def sign(offices: Offices, case: Case, promises: Promises = TONGLING_PROMISES, number: str = "铜2026-1") -> Case:
    officer = offices.at(Role.BANK_OFFICER)
    return bank.sign(case.pk, number, DAY, promises, request=ask(), actor=officer, now=at(MONDAY))


@pytest.mark.clauses("tl-3.2a")
def test_the_agency_gives_the_four_figures(offices: Offices) -> None:
    case = lives.estimated(offices, lives.resident())
    estimate = Estimate.objects.get(case=case)
    assert case.state == "applied"
    # 55 years and 7 months old; sixty in March 2031, the pension begins in April.
    assert (estimate.age_months, estimate.paid_months, estimate.contribution_fen) == (55 * 12 + 7, 120, 3000_00)
    assert (estimate.pension_month, estimate.basic_fen) == (date(2031, 4, 1), 220_00)
    assert estimate.pension_fen == estimate.basic_fen + estimate.account_pension_fen
    kinds = set(Task.objects.filter(subject=case.subject, closed_at=None).values_list("kind", flat=True))
    assert kinds == {"case.tongling.bank_assess"}


@pytest.mark.clauses("tl-3.2a")
def test_without_the_balance_of_the_account_there_is_no_estimate(offices: Offices) -> None:
    person = lives.resident()
    lives.insured(person, "resident_pension", TONGLING_COUNTY, 120, account_fen=None)
    case = lives.handed_in(offices, person, lives.TONGLING)
    reviewer = offices.at(Role.AGENCY_REVIEWER)
    error = denied("E-ESTIMATE", tongling.estimate, case.pk, request=ask(), actor=reviewer, now=at(MONDAY))
    assert "account_fen" in error.place


@pytest.mark.clauses("tl-3.2a")
def test_the_bank_sets_no_terms_before_the_estimate(offices: Offices) -> None:
    denied("E-ESTIMATE", lives.assessed, offices, lives.handed_in(offices, lives.resident(), lives.TONGLING))


@pytest.mark.clauses("tl-2b", "tl-5.1k")
def test_the_bank_refuses_for_credit_with_its_reason_and_another_may_be_asked(offices: Offices) -> None:
    case = lives.assessed(offices, lives.estimated(offices, lives.resident()))
    reviewer = offices.at(Role.BANK_REVIEWER)
    denied("E-REASON", bank.bank_decide, case.pk, "refuse", request=ask(), actor=reviewer, now=at(MONDAY))
    case = bank.bank_decide(case.pk, "refuse", reason="征信有逾期", request=ask(), actor=reviewer, now=at(MONDAY))
    assert (case.state, case.decisions.get().reason) == ("bank_refused", "征信有逾期")
    other, own = lives.second_bank(TONGLING_COUNTY), citizen(case.person)
    denied("E-BANK", bank.bank_again, case.pk, reason="换一家", request=ask(), actor=own, now=at(MONDAY))
    denied("E-BANK", bank.bank_again, case.pk, reason="换一家", bank_id=case.bank_id, request=ask(), actor=own, now=at(MONDAY))
    ways: dict[str, Any] = {"reason": "换一家", "bank_id": other.pk, "request": ask(), "actor": own, "now": at(MONDAY)}
    denied("E-BANK-COOPERATION", bank.bank_again, case.pk, **ways)
    lives.cooperate(other, lives.TONGLING)
    case = bank.bank_again(case.pk, **ways)
    assert (case.state, case.bank) == ("applied", other)
    denied("E-SCOPE", lives.assessed, offices, case)


@pytest.mark.clauses("tl-5.1k")
def test_the_agency_sees_whom_the_bank_lends_to(offices: Offices) -> None:
    lent = lives.approved(offices, lives.estimated(offices, lives.resident()))
    refused = lives.assessed(offices, lives.estimated(offices, lives.resident(33)))
    reviewer = offices.at(Role.BANK_REVIEWER)
    bank.bank_decide(refused.pk, "refuse", reason="收入不足以还款", request=ask(), actor=reviewer, now=at(MONDAY))
    rows = decided_by_banks(offices.at(Role.AGENCY_REVIEWER), lives.TONGLING)
    told = [(row.case.number, row.outcome, row.amount_fen, row.reason) for row in rows]
    assert told == [(refused.number, "refused", None, "收入不足以还款"), (lent.number, "granted", 15_000_00, "")]
    elsewhere = replace(offices.at(Role.BANK_OFFICER), organisation_id=lives.second_bank(TONGLING_COUNTY).pk)
    assert not decided_by_banks(elsewhere, lives.TONGLING).exists()


@pytest.mark.clauses("tl-5.1d", "tl-5.1e", "tl-5.2d")
@pytest.mark.parametrize(
    "lacking",
    [
        pytest.param({"agreement": "", "agreed_on": None}, id="没有合作协议 no cooperation agreement"),
        pytest.param({"confidentiality": "", "confidential_from": None}, id="没有保密协议 no confidentiality agreement"),
        pytest.param({"pension_account": ""}, id="没有代发账户 no pension-payment account"),
    ],
)
def test_a_bank_that_lacks_a_paper_deals_with_no_case(offices: Offices, lacking: dict[str, Any]) -> None:
    case = lives.estimated(offices, lives.resident())
    lives.cooperate(lives.the_bank(TONGLING_COUNTY), lives.TONGLING, **lacking)
    denied("E-BANK-COOPERATION", lives.assessed, offices, case)


@pytest.mark.clauses("tl-2a")
def test_only_a_resident_participant(offices: Offices) -> None:
    case = lives.estimated(offices, lives.resident())
    lives.insured(case.person, "employee_pension", TONGLING_COUNTY, 12, account_fen=0)
    assert "tl-2a" in denied("E-CONTRACT", lives.assessed, offices, case).problem.zh


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        pytest.param({"rate_ppm": 49_001}, "E-CONTRACT", "tl-3.3b", id="高于基准 above the benchmark"),
        pytest.param({"instalment_fen": None}, "E-TERMS", "instalment_fen", id="缺还款额 no instalment"),
        pytest.param({"method": ""}, "E-TERMS", "method", id="缺还款方式 no method"),
        pytest.param({"method": "by_song"}, "E-TERMS", "method", id="没有这种方式 no such method"),
        pytest.param({"years": 0}, "E-TERMS", "years", id="缺年限 no years"),
        pytest.param({"amount_fen": 0}, "E-TERMS", "amount_fen", id="缺金额 no amount"),
    ],
)
@pytest.mark.clauses("tl-3.2b")
def test_terms_beyond_the_text(offices: Offices, change: dict[str, Any], code: str, place: str) -> None:
    case = lives.estimated(offices, lives.resident())
    assert place in str(denied(code, lives.assessed, offices, case, replace(TONGLING_TERMS, **change)))


@pytest.mark.clauses("tl-4.1a")
@pytest.mark.parametrize("method", ["lump_sum", "early", "pension_monthly", "equal_instalment", "interest_first"])
def test_the_contract_chooses_the_way_of_repaying(offices: Offices, method: str) -> None:
    case = lives.assessed(offices, lives.estimated(offices, lives.resident()), replace(TONGLING_TERMS, method=method))
    assert case.offers.get().method == method


@pytest.mark.clauses("tl-3.1b")
def test_a_borrower_with_children_needs_one_of_them(offices: Offices) -> None:
    case = lives.approved(offices, lives.estimated(offices, lives.resident(), children=2))
    assert "tl-3.1b" in denied("E-CONTRACT", sign, offices, case).problem.zh
    beside(offices, case, child(), consents=False)
    denied("E-CONTRACT", sign, offices, case)
    tongling.record_consent(
        case.pk, CoBorrower.objects.get().person_id, DAY, request=ask(), actor=offices.at(Role.BANK_OFFICER), now=at(MONDAY)
    )
    case = sign(offices, case)
    agreement = Agreement.objects.get(case=case)
    assert (case.state, agreement.snapshot.facts["loan"]["coborrower_children"]) == ("contracted", 1)


@pytest.mark.clauses("tl-3.1c")
def test_a_childless_borrower_needs_a_guarantor(offices: Offices) -> None:
    case = lives.approved(offices, lives.estimated(offices, lives.resident(), children=0))
    assert "tl-3.1c" in denied("E-CONTRACT", sign, offices, case).problem.zh
    beside(offices, case, child("赵保中", "19750101", 13), "guarantor")
    assert sign(offices, case).state == "contracted"


def test_a_guarantor_does_not_stand_in_for_a_child(offices: Offices) -> None:
    case = lives.approved(offices, lives.estimated(offices, lives.resident(), children=1))
    beside(offices, case, child("赵保中", "19750101", 13), "guarantor")
    assert "tl-3.1b" in denied("E-CONTRACT", sign, offices, case).problem.zh


def test_where_the_children_are_not_known_nothing_is_signed(offices: Offices) -> None:
    case = lives.approved(offices, lives.estimated(offices, lives.resident(), children=None))
    assert "tl-3.1c" in denied("E-CONTRACT", sign, offices, case).problem.zh


@pytest.mark.clauses("tl-3.1b")
def test_when_all_children_refuse_the_reasons_are_on_record_and_shown(offices: Offices) -> None:
    case = lives.approved(offices, lives.estimated(offices, lives.resident(), children=1))
    son, officer = child(), offices.at(Role.BANK_OFFICER)
    beside(offices, case, son, consents=False)
    ways: dict[str, Any] = {"request": ask(), "actor": officer, "now": at(MONDAY)}
    denied("E-REASON", tongling.record_consent, case.pk, son.pk, None, **ways)
    denied("E-REASON", tongling.record_consent, case.pk, son.pk, DAY, refused_because="自己有房贷", **ways)
    denied("E-DAY", tongling.record_consent, case.pk, son.pk, date(2026, 10, 13), **ways)
    tongling.record_consent(case.pk, son.pk, None, refused_because="自己有房贷", **ways)
    error = denied("E-CONTRACT", sign, offices, case)
    assert "吴小军不同意：自己有房贷" in error.problem.zh
    assert CoBorrower.objects.get().refused_because == "自己有房贷"


def test_a_child_not_of_full_capacity_does_not_count(offices: Offices) -> None:
    case = lives.approved(offices, lives.estimated(offices, lives.resident(), children=1))
    son, officer = child(), offices.at(Role.BANK_OFFICER)
    tongling.add_co_borrower(case.pk, son, "child", capable=False, request=ask(), actor=officer, now=at(MONDAY))
    tongling.record_consent(case.pk, son.pk, DAY, request=ask(), actor=officer, now=at(MONDAY))
    denied("E-CONTRACT", sign, offices, case)


@pytest.mark.parametrize(
    ("who", "relation", "code"),
    [
        pytest.param("self", "child", "E-CO-BORROWER", id="本人 the borrower"),
        pytest.param("minor", "child", "E-CO-BORROWER", id="差一天十八岁 a day short of eighteen"),
        pytest.param("again", "child", "E-CO-BORROWER", id="已登记 named already"),
        pytest.param("child", "friend", "E-RELATION", id="关系不对 another relation"),
    ],
)
def test_who_cannot_sign_beside_the_borrower(offices: Offices, who: str, relation: str, code: str) -> None:
    case = lives.estimated(offices, lives.resident())
    son = child()
    if who == "again":
        beside(offices, case, son)
    chosen: dict[str, Person] = {"self": case.person, "minor": child("吴小小", "20081013", 15)}
    named = chosen.get(who, son)
    officer = offices.at(Role.BANK_OFFICER)
    denied(code, tongling.add_co_borrower, case.pk, named, relation, request=ask(), actor=officer, now=at(MONDAY))


def test_a_consent_of_somebody_not_named(offices: Offices) -> None:
    case = lives.estimated(offices, lives.resident())
    officer, stranger = offices.at(Role.BANK_OFFICER), child()
    ways: dict[str, Any] = {"request": ask(), "actor": officer, "now": at(MONDAY)}
    denied("E-CO-BORROWER", tongling.record_consent, case.pk, stranger.pk, DAY, **ways)


@pytest.mark.clauses("tl-4.2c")
@pytest.mark.parametrize(
    ("agreed_on", "signs"),
    [
        pytest.param(None, True, id="不动用 untouched"),
        pytest.param(DAY, True, id="签订当天 on the day of signing"),
        pytest.param(date(2026, 10, 13), False, id="签订之后 after the signing"),
    ],
)
def test_the_basic_pension_is_given_in_no_later_than_the_signing(offices: Offices, agreed_on: date | None, signs: bool) -> None:
    terms = replace(TONGLING_TERMS, basic_pension_agreed_on=agreed_on)
    case = lives.approved(offices, lives.estimated(offices, lives.resident()), terms)
    beside(offices, case, child())
    if signs:
        assert Agreement.objects.get(case=sign(offices, case)).basic_pension_agreed_on == agreed_on
    else:
        denied("E-PROMISE", sign, offices, case)


def test_the_deduction_is_agreed_only_where_the_contract_repays_from_the_pension(offices: Offices) -> None:
    locked = Promises(account_locked_on=DAY)
    case = lives.approved(offices, lives.estimated(offices, lives.resident()))
    beside(offices, case, child())
    denied("E-PROMISE", sign, offices, case, locked)
    denied("E-PROMISE", sign, offices, case, Promises(deduction_agreed_on=DAY))


@pytest.mark.clauses("tl-3.4a")
def test_the_contract_is_signed_at_the_bank_of_the_card_account(offices: Offices) -> None:
    case = lives.approved(offices, lives.estimated(offices, lives.resident()))
    beside(offices, case, child())
    case.person.card_accounts.update(ends_on=date(2026, 10, 1))
    assert "tl-3.4a" in denied("E-CARD-BANK", sign, offices, case).problem.zh


def test_repaid_at_the_end_no_deduction_is_agreed(offices: Offices) -> None:
    terms = replace(TONGLING_TERMS, method="lump_sum")
    case = lives.approved(offices, lives.estimated(offices, lives.resident()), terms)
    beside(offices, case, child())
    assert sign(offices, case, Promises(account_locked_on=DAY)).state == "contracted"
