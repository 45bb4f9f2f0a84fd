"""The bank's part: terms a policy allows, decisions with their grounds, the signed agreement."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.people.tables import SYSTEM
from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import bank
from zhubao.cases.contract import Terms
from zhubao.cases.models import Agreement, BankOffer, Case
from zhubao.cases.promises import Promises
from zhubao.notices.models import Notice
from zhubao.tasks.models import Task

from . import loan_lives as lives
from .lives import at
from .loan_lives import JIANGXI_PROMISES, JIANGXI_TERMS
from .offices import JIANGXI_COUNTY, Offices, ask, open_offices
from .refusals import denied

pytestmark = pytest.mark.django_db
MONDAY, DAY = lives.MONDAY, lives.DAY
REPORTED = ("access_auditentry", "notices_notice")


@pytest.fixture
def offices() -> Offices:
    lives.figures()
    opened = open_offices(JIANGXI_COUNTY)
    lives.cooperate(lives.the_bank(JIANGXI_COUNTY), lives.JIANGXI)
    return opened


def assess(offices: Offices, case: Case, terms: Terms = JIANGXI_TERMS, **more: Any) -> Case:
    return bank.bank_assess(case.pk, terms, request=ask(), actor=offices.at(Role.BANK_OFFICER), now=at(MONDAY), **more)


def decide(offices: Offices, case: Case, outcome: str, **more: Any) -> Case:
    return bank.bank_decide(case.pk, outcome, request=ask(), actor=offices.at(Role.BANK_REVIEWER), now=at(MONDAY), **more)


@pytest.mark.clauses("jx-2.2b")
def test_the_officer_prepares_terms_and_the_reviewer_approves(offices: Offices) -> None:
    case = assess(offices, lives.pushed(offices, lives.man()))
    offer = BankOffer.objects.get(case=case)
    assert (case.state, offer.amount_fen, offer.rate_ppm, offer.instalment_fen) == ("bank_assessed", 28_800_00, 30_000, 600_00)
    assert offer.snapshot.facts["loan"]["tranche_fen"] == 7_200_00
    assert offer.snapshot.verdict == "met"
    case = decide(offices, case, "approve")
    decision = case.decisions.get(kind="bank")
    assert (case.state, decision.outcome, decision.amount_fen) == ("bank_approved", "granted", 28_800_00)
    task = Task.objects.get(subject=case.subject, closed_at=None)
    assert (task.kind, task.role, task.due_on) == ("case.jiangxi.sign", Role.BANK_OFFICER, date(2026, 10, 26))


@pytest.mark.clauses("jx-2.2b", "jx-annex-3b")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"need_fen": 0}, "need_fen", id="缺需求 no need"),
        pytest.param({"disbursement": ""}, "disbursement", id="缺放款方式 no disbursement"),
        pytest.param({"instalment_fen": None}, "instalment_fen", id="缺还款额 no instalment"),
        pytest.param({"method": ""}, "method", id="缺还款方式 no method"),
        pytest.param({"years": 0}, "years", id="缺年限 no years"),
        pytest.param({"amount_fen": 28_800_01}, "amount_fen", id="超过需求 above the need"),
        pytest.param({"method": "lump_sum"}, "method", id="只能从养老金扣 only from the pension"),
        pytest.param({"disbursement": "fund_account"}, "disbursement", id="应到社保卡 to the card account"),
        pytest.param({"basic_pension_agreed_on": DAY}, "basic_pension_agreed_on", id="没有基础养老金约定 no such consent"),
    ],
)
def test_terms_that_lack_something_are_sent_back_by_the_form(offices: Offices, change: dict[str, Any], field: str) -> None:
    case = lives.pushed(offices, lives.man())
    assert denied("E-TERMS", assess, offices, case, replace(JIANGXI_TERMS, **change)).place == field


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        pytest.param({"rate_ppm": 30_001}, "jx-2.4a/contract", id="高于LPR above the latest LPR"),
        pytest.param({"need_fen": 50_000_00, "amount_fen": 38_400_04}, "jx-annex-4b", id="超过年度上限 above the yearly cap"),
    ],
)
def test_terms_the_policy_forbids_name_the_clause(offices: Offices, change: dict[str, Any], clause: str) -> None:
    case = lives.pushed(offices, lives.man())
    assert clause in denied("E-CONTRACT", assess, offices, case, replace(JIANGXI_TERMS, **change)).problem.zh


def test_the_cap_itself_and_the_ceiling_itself_are_accepted(offices: Offices) -> None:
    case = lives.pushed(offices, lives.man())
    terms = replace(JIANGXI_TERMS, need_fen=38_400_00, amount_fen=38_400_00, rate_ppm=30_000)
    assert assess(offices, case, terms).state == "bank_assessed"


@pytest.mark.clauses("jx-2.2e")
def test_a_further_condition_is_refused_and_the_bureau_is_told(offices: Offices) -> None:
    case = lives.pushed(offices, lives.man())
    denied("E-BANK-CONDITION", assess, offices, case, conditions="须有房产抵押", besides=REPORTED)
    notice = Notice.objects.exclude(kind="case.state").get()
    assert (notice.organisation, notice.role) == (offices.office(OrganisationKind.HRSS), Role.HRSS_SUPERVISOR)
    assert "须有房产抵押" in notice.text
    assert AuditEntry.objects.get(action="case.bank_condition").reason == "须有房产抵押"
    assert assess(offices, case).state == "bank_assessed"


@pytest.mark.clauses("jx-2.2e")
def test_a_jiangxi_bank_refuses_on_a_ground_of_the_list_only(offices: Offices) -> None:
    case = assess(offices, lives.pushed(offices, lives.man()))
    denied("E-BANK-CONDITION", decide, offices, case, "refuse", reason="没有房产抵押", besides=REPORTED)
    assert "没有房产抵押" in Notice.objects.exclude(kind="case.state").get().text
    denied("E-REASON", decide, offices, case, "refuse", ground="not_agreed", reason="")
    denied("E-OUTCOME", decide, offices, case, "perhaps")
    case = decide(offices, case, "refuse", ground="not_agreed", reason="本人希望每月只还200元")
    decision = case.decisions.get(kind="bank")
    assert (case.state, decision.outcome, decision.clause) == ("bank_refused", "refused", "jx-2.2b")
    assert decision.reason.endswith("：本人希望每月只还200元")
    assert not case.offers.filter(superseded_at=None).exists()


def test_where_no_bureau_is_registered_the_condition_is_on_record_all_the_same(offices: Offices) -> None:
    case = lives.pushed(offices, lives.man())
    office = offices.office(OrganisationKind.HRSS)
    office.kind = OrganisationKind.AUDITOR
    office.save()
    denied("E-BANK-CONDITION", assess, offices, case, conditions="须买保险", besides=("access_auditentry",))
    assert AuditEntry.objects.get(action="case.bank_condition").reason == "须买保险"


def test_past_gaps_are_paid_in_one_draw_above_the_yearly_cap(offices: Offices) -> None:
    person = lives.man()
    case = lives.pushed(offices, person, back_payable_months=24)
    Case.objects.filter(pk=case.pk).update(route="back_payment")
    terms = replace(JIANGXI_TERMS, need_fen=19_200_00, amount_fen=19_200_00, years=1)
    case = assess(offices, case, terms)
    assert "tranche_fen" not in BankOffer.objects.get(case=case).snapshot.facts["loan"]


def test_a_condition_asked_by_somebody_who_may_not_act_is_no_report(offices: Offices) -> None:
    case = lives.pushed(offices, lives.man())
    clerk = offices.at(Role.AGENCY_INTAKE)
    denied("E-SCOPE", bank.bank_assess, case.pk, JIANGXI_TERMS, conditions="抵押", request=ask(), actor=clerk, now=at(MONDAY))


def test_sent_back_the_officer_prepares_another_offer(offices: Offices) -> None:
    case = assess(offices, lives.pushed(offices, lives.man()))
    denied("E-REASON", decide, offices, case, "send_back")
    case = decide(offices, case, "send_back", reason="月还款额偏高")
    assert case.state == "bank_review"
    case = assess(offices, case, replace(JIANGXI_TERMS, instalment_fen=500_00))
    assert [(offer.instalment_fen, offer.superseded_at is None) for offer in case.offers.all()] == [
        (600_00, False),
        (500_00, True),
    ]


def test_after_a_refusal_it_goes_to_the_bank_again_or_ends(offices: Offices) -> None:
    case = assess(offices, lives.pushed(offices, lives.man()))
    decide(offices, case, "refuse", ground="identity", reason="证件过期")
    reviewer = offices.at(Role.AGENCY_REVIEWER)
    denied("E-REASON", bank.bank_again, case.pk, reason="", request=ask(), actor=reviewer, now=at(MONDAY))
    case = bank.bank_again(case.pk, reason="已换新证", request=ask(), actor=reviewer, now=at(MONDAY))
    assert (case.state, case.bank) == ("bank_review", lives.the_bank(JIANGXI_COUNTY))
    decide(offices, assess(offices, case), "refuse", ground="not_agreed", reason="不愿再贷")
    case = bank.close(case.pk, reason="本人不再办理", request=ask(), actor=reviewer, now=at(MONDAY))
    assert (case.state, case.closed_at is None) == ("closed", False)


@pytest.mark.clauses("jx-2.2b", "jx-3.2b", "jx-annex-3b")
def test_the_agreement_carries_the_terms_of_the_offer(offices: Offices) -> None:
    case = lives.signed(offices, lives.approved(offices, lives.pushed(offices, lives.man())), "助2026-001", "2026-10-15")
    agreement = Agreement.objects.get(case=case)
    assert (case.state, case.closed_at is None) == ("agreed", False)
    assert (agreement.number, agreement.signed_on, agreement.bank) == ("助2026-001", date(2026, 10, 15), case.bank)
    terms = (agreement.need_fen, agreement.amount_fen, agreement.years, agreement.disbursement, agreement.method)
    assert terms == (28_800_00, 28_800_00, 4, "card_account", "pension_monthly")
    assert (agreement.instalment_fen, agreement.rate_ppm, agreement.repay_months) == (600_00, 30_000, 60)
    assert (agreement.deduction_agreed_on, agreement.account_locked_on) == (DAY, DAY)
    assert agreement.snapshot.facts["loan"]["signed_on"] == "2026-10-15"
    assert not Task.objects.filter(subject=case.subject, closed_at=None).exists()


@pytest.mark.clauses("jx-annex-3b")
@pytest.mark.parametrize(
    ("number", "day", "promises", "code"),
    [
        pytest.param(" ", MONDAY, JIANGXI_PROMISES, "E-AGREEMENT", id="没有编号 no number"),
        pytest.param("A1", "2026-10-11", JIANGXI_PROMISES, "E-SIGN-DAY", id="早于银行同意 before the approval"),
        pytest.param("A1", "2026-10-13", JIANGXI_PROMISES, "E-SIGN-DAY", id="晚于今天 after today"),
        pytest.param("A1", MONDAY, Promises(account_locked_on=DAY), "E-PROMISE", id="没同意扣还 no deduction"),
        pytest.param("A1", MONDAY, Promises(deduction_agreed_on=DAY), "E-PROMISE", id="没同意锁定账户 no lock"),
        pytest.param(
            "A1",
            MONDAY,
            Promises(deduction_agreed_on=date(2026, 10, 13), account_locked_on=DAY),
            "E-PROMISE",
            id="同意晚于签订 promised after the signing",
        ),
    ],
)
def test_an_agreement_that_is_not_whole_is_not_signed(
    offices: Offices, number: str, day: str, promises: Promises, code: str
) -> None:
    case = lives.approved(offices, lives.pushed(offices, lives.man()))
    officer = offices.at(Role.BANK_OFFICER)
    signed_on = date.fromisoformat(day)
    denied(code, bank.sign, case.pk, number, signed_on, promises, request=ask(), actor=officer, now=at(MONDAY))


def test_a_number_of_agreement_is_used_once_in_a_bank(offices: Offices) -> None:
    case = lives.approved(offices, lives.pushed(offices, lives.man()))
    other = Case.objects.get(pk=case.pk)
    earlier = Agreement(case=another_case(case), number="A1", bank=other.bank, signed_on=DAY, snapshot=offer_of(case).snapshot)
    for name, value in JIANGXI_TERMS.columns().items():
        setattr(earlier, name, value)
    earlier.recorded_at = at(MONDAY)
    earlier.save(force_insert=True)
    officer = offices.at(Role.BANK_OFFICER)
    denied("E-AGREEMENT", bank.sign, case.pk, " A1 ", DAY, JIANGXI_PROMISES, request=ask(), actor=officer, now=at(MONDAY))


def offer_of(case: Case) -> BankOffer:
    return BankOffer.objects.get(case=case)


def another_case(case: Case) -> Case:
    """Return an ended case of the same person."""
    now = at(MONDAY)
    return Case.objects.create(
        region_code=case.region_code, number="JX360281-2025-000001", policy_id=case.policy_id, person=case.person, state="agreed",
        state_since=DAY, channel="counter", opened_at=now, closed_at=now,
    )  # fmt: skip


def test_a_rate_above_a_newer_lpr_is_not_signed(offices: Offices) -> None:
    from zhubao.parameters import Parameter
    from zhubao.programmes.actions import enter_figures

    case = lives.approved(offices, lives.pushed(offices, lives.man()))
    lower = Parameter("lpr_1y_ppm", 29_000, "ppm", "CN", date(2026, 10, 20), None, "2026年10月LPR", decided_by="测试")
    enter_figures([lower], actor=SYSTEM, now=at("2026-10-20", 8))
    officer = offices.at(Role.BANK_OFFICER)
    day, now = date(2026, 10, 20), at("2026-10-20")
    assert (
        "jx-2.4a"
        in denied("E-CONTRACT", bank.sign, case.pk, "A1", day, JIANGXI_PROMISES, request=ask(), actor=officer, now=now).problem.zh
    )
    agreed = bank.sign(case.pk, "A1", date(2026, 10, 19), JIANGXI_PROMISES, request=ask(), actor=officer, now=now)
    assert agreed.state == "agreed"


def test_one_person_does_not_assess_and_approve(offices: Offices) -> None:
    from zhubao.access.models import Post

    case = assess(offices, lives.pushed(offices, lives.man()))
    officer = offices.post(Role.BANK_OFFICER)
    both = Post.objects.create(
        user=officer.user, organisation=officer.organisation, role=Role.BANK_REVIEWER, scope=officer.scope, opened_at=at(MONDAY)
    )
    denied("E-SAME-PERSON", bank.bank_decide, case.pk, "approve", request=ask(), actor=both.actor(), now=at(MONDAY))


def test_the_same_request_twice_signs_once(offices: Offices) -> None:
    case = lives.approved(offices, lives.pushed(offices, lives.man()))
    request, officer = ask(), offices.at(Role.BANK_OFFICER)
    for _ in range(2):
        case = bank.sign(case.pk, "A1", DAY, JIANGXI_PROMISES, request=request, actor=officer, now=at(MONDAY))
    assert (case.state, Agreement.objects.count(), case.steps.filter(verb="sign").count()) == ("agreed", 1, 1)
