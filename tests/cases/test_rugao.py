"""The Rugao agency's part. The applicant is born 1973-05-16 and retires at 55 years 11 months: her pension begins in 2029-05."""

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from django.db.models import ProtectedError

from tests.people.tables import SYSTEM
from zhubao.access.actors import OutOfScope
from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import agency, copies, intake, rugao
from zhubao.cases.models import Application, Case, Decision, FormCopy, Proposal
from zhubao.cases.models.case import Route
from zhubao.cases.states import process_of
from zhubao.parameters import Parameter
from zhubao.people.models import Circumstance, Identity
from zhubao.people.recording import end_identity
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task

from .lives import FORM, applicant, at, figures, handed_in, proposed, signed
from .offices import Offices, ask, open_offices
from .test_committee import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices() -> Offices:
    figures()
    return open_offices()


def propose(offices: Offices, case: Case, day: str = "2026-10-19") -> Case:
    return rugao.propose(case.pk, request=ask(), actor=offices.at(Role.AGENCY_REVIEWER), now=at(day))


def decide(offices: Offices, case: Case, outcome: str, day: str = "2026-10-20", **more: Any) -> Case:
    given = {"actor": offices.at(Role.AGENCY_APPROVER), **more}
    return rugao.decide(case.pk, outcome, request=ask(), now=at(day), **given)


# ── the window ──


def drafted(
    offices: Offices, *, route: str = Route.ORDINARY, day: str = "2026-09-10", born: str = "19730516", **form: Any
) -> Case:
    """Have a form filled at the committee, not yet handed in."""
    member, now = offices.at(Role.COMMITTEE_MEMBER), at(day)
    person = applicant(born=born)
    case = intake.open_case(person, "rugao-draft", channel="village", route=route, request=ask(), actor=member, now=now)
    committee = offices.office(OrganisationKind.COMMITTEE).pk
    intake.fill_application(case.pk, {**FORM, "committee": committee, **form}, actor=member, now=now)
    return case


def hand_in(offices: Offices, case: Case, day: str) -> Case:
    return intake.submit(case.pk, request=ask(), actor=offices.at(Role.COMMITTEE_MEMBER), now=at(day))


@pytest.mark.clauses("rg-11")
@pytest.mark.parametrize(
    ("day", "taken"),
    [("2026-09-30", False), ("2026-10-01", True), ("2026-12-31", True), ("2027-01-01", False)],
    ids=["九月三十日", "十月一日", "十二月三十一日", "次年一月一日"],
)
def test_the_day_of_handing_in_counts(offices: Offices, day: str, taken: bool) -> None:
    case = drafted(offices)
    if taken:
        assert hand_in(offices, case, day).state == "submitted"
    else:
        refusal = refused("E-WINDOW", hand_in, offices, case, day)
        assert ("2026-10-01" if day < "2026-10" else "2027-10-01") in refusal.problem.zh


@pytest.mark.clauses("rg-annex1-sign", "rg-annex1-truth", "rg-3")
@pytest.mark.parametrize(("field", "words"), [("signed_on", "本人签字"), ("truth_declared_on", "情况属实的承诺")])
def test_an_unsigned_form_is_not_handed_in(offices: Offices, field: str, words: str) -> None:
    case = drafted(offices)
    Application.objects.filter(case=case).update(**{field: None})
    assert words in refused("E-APPLICATION", hand_in, offices, case, "2026-10-12").problem.zh
    assert Case.objects.get(pk=case.pk).state == "draft"


@pytest.mark.clauses("rg-3")
def test_no_office_does_anything_with_an_application_before_it_is_handed_in_signed() -> None:
    """A draft is the applicant's own: from it nothing leads on but handing it in, and nothing ends it but the applicant's wish or time."""
    process = process_of("rugao-draft")
    leaving = {(row.verb, end) for row in process.transitions if process.first in row.start for end in row.ends}
    assert {verb for verb, end in leaving if end != process.first and not process.state(end).final} == {"submit"}


@pytest.mark.clauses("rg-annex1-n3")
def test_the_signed_form_is_kept_with_its_digest_once_handed_in(offices: Offices) -> None:
    case, member = drafted(offices), offices.at(Role.COMMITTEE_MEMBER)
    scan = b"%PDF-1.7 signed form"
    form = intake.add_attachment(case.pk, "signed_form", "申请表.pdf", scan, actor=member, now=at("2026-10-11"))
    hand_in(offices, case, "2026-10-12")
    refused("E-STATE", intake.remove_attachment, form.pk, actor=member, now=at("2026-10-13"))
    with pytest.raises(ProtectedError):
        Case.objects.get(pk=case.pk).delete()
    form.refresh_from_db()
    assert (form.removed_at, form.sha256) == (None, sha256(scan).hexdigest())
    assert form.path.read_bytes() == scan


@pytest.mark.clauses("rg-11")
def test_a_late_case_needs_a_reason_and_a_named_official(offices: Offices) -> None:
    case, approver = drafted(offices), offices.at(Role.AGENCY_APPROVER)
    allow: dict[str, Any] = {"reason": "住院属实", "actor": approver, "now": at("2027-01-04")}
    refused("E-REASON", rugao.allow_late, case.pk, request=ask(), **allow)
    member = offices.at(Role.COMMITTEE_MEMBER)
    intake.fill_application(case.pk, {"late_reason": "十二月住院"}, actor=member, now=at("2027-01-04"))
    refused("E-WINDOW", hand_in, offices, case, "2027-01-04")
    with pytest.raises(OutOfScope):
        rugao.allow_late(case.pk, request=ask(), reason="x", actor=offices.at(Role.AGENCY_REVIEWER), now=at("2027-01-04"))
    rugao.allow_late(case.pk, request=ask(), **allow)
    assert Application.objects.get(case=case).late_allowed_by_id == approver.user_id
    assert AuditEntry.objects.filter(action="case.allow_late", reason="住院属实").count() == 1
    assert hand_in(offices, case, "2027-01-05").filed_on == date(2027, 1, 5)


def test_a_place_may_rule_late_cases_out(offices: Offices) -> None:
    case = drafted(offices, late_reason="住院")
    own = Parameter("setting.A-ALL-12", "strict", "", "320682", date(2026, 1, 1), None, "局发文", decided_by="市人社局")
    enter_figures([own], actor=SYSTEM, now=at("2026-09-02"))
    approver = offices.at(Role.AGENCY_APPROVER)
    refused("E-WINDOW-STRICT", rugao.allow_late, case.pk, reason="x", request=ask(), actor=approver, now=at("2026-09-10"))


@pytest.mark.clauses("rg-12.4d")
@pytest.mark.parametrize(
    ("born", "day", "taken"),
    [
        # female55: born 1970-12 → +3 months → 2026-03, pension from 2026-04; born 1971-06 → +5 → 2026-11, from 2026-12.
        pytest.param("19710610", "2026-09-10", True, id="十二月起领 from December"),
        pytest.param("19710710", "2026-09-10", False, id="次年一月起领 from next January"),
        pytest.param("19701210", "2026-09-10", False, id="已到龄 already drawing"),
    ],
)
def test_the_final_year_route_is_open_all_year(offices: Offices, born: str, day: str, taken: bool) -> None:
    case = drafted(offices, route=Route.FINAL_YEAR, born=born)
    if taken:
        assert hand_in(offices, case, day).state == "submitted"
    else:
        refused("E-ROUTE", hand_in, offices, case, day)


def test_a_correction_keeps_its_first_day(offices: Offices) -> None:
    case = handed_in(offices, applicant(), "2026-12-30")
    member = offices.at(Role.COMMITTEE_MEMBER)
    intake.return_for_correction(case.pk, reason="缺户口簿", request=ask(), actor=member, now=at("2026-12-31"))
    assert hand_in(offices, case, "2027-01-05").filed_on == date(2026, 12, 30)


# ── the deemed period ──


@pytest.mark.clauses("rg-12.2c", "rg-4.0d")
@pytest.mark.parametrize(
    ("paid", "deemed", "confirmed", "verdict"),
    [
        pytest.param(126, 24, 24, "met", id="126＋24 全认定 all confirmed"),
        pytest.param(126, 24, 10, "not_met", id="126＋10 差13月 short at the end"),
        pytest.param(110, 40, 0, "not_met", id="110 未认定不满十年 not ten years"),
    ],
)
def test_what_is_confirmed_decides_the_ten_years(offices: Offices, paid: int, deemed: int, confirmed: int, verdict: str) -> None:
    case = signed(offices, applicant(paid=paid, deemed=deemed))
    refused("E-DEEMED-OPEN", propose, offices, case)
    reviewer, section = offices.at(Role.AGENCY_REVIEWER), offices.at(Role.HRSS_SUPERVISOR)
    case = rugao.send_deemed(case.pk, request=ask(), actor=reviewer, now=at("2026-10-19"))
    assert case.state == "deemed_review"
    assert Task.objects.get(subject=case.subject, closed_at=None).due_on == date(2026, 11, 2)
    reason = "" if confirmed == deemed else "档案缺失"
    case = rugao.confirm_deemed(case.pk, confirmed, reason=reason, request=ask(), actor=section, now=at("2026-10-26"))
    decision = Decision.objects.get(case=case, kind="deemed")
    assert (case.state, decision.months_confirmed) == ("committee_approved", confirmed)
    assert decision.snapshot is not None
    assert decision.snapshot.verdict == verdict
    case = propose(offices, case, "2026-10-27")
    assert Proposal.objects.get(case=case).outcome == ("granted" if verdict == "met" else "refused")


def test_a_deemed_decision_that_is_refused(offices: Offices) -> None:
    case = signed(offices, applicant(paid=126, deemed=24))
    section = {"actor": offices.at(Role.HRSS_SUPERVISOR), "now": at("2026-10-20")}
    rugao.send_deemed(case.pk, request=ask(), actor=offices.at(Role.AGENCY_REVIEWER), now=at("2026-10-19"))
    refused("E-DEEMED-MONTHS", rugao.confirm_deemed, case.pk, 25, request=ask(), **section)
    refused("E-DEEMED-MONTHS", rugao.confirm_deemed, case.pk, -1, reason="x", request=ask(), **section)
    refused("E-REASON", rugao.confirm_deemed, case.pk, 23, request=ask(), **section)
    refused("E-REASON", rugao.confirm_deemed, case.pk, 0, request=ask(), **section)


def test_nobody_is_sent_without_a_deemed_period(offices: Offices) -> None:
    case = signed(offices, applicant())
    reviewer = offices.at(Role.AGENCY_REVIEWER)
    refused("E-DEEMED", rugao.send_deemed, case.pk, request=ask(), actor=reviewer, now=at("2026-10-19"))


# ── the opinion ──


@pytest.mark.clauses("rg-12.2b", "rg-12.2d", "rg-annex1-agency-a", "rg-annex1-agency-b")
def test_the_opinion_names_month_months_and_amount(offices: Offices) -> None:
    case = proposed(offices, applicant())
    proposal = Proposal.objects.get(case=case)
    # 180 − 150 = 30 months at 1 020 yuan: 30 600 yuan, 3.06 万元.
    assert (proposal.outcome, proposal.pension_month, proposal.months_left, proposal.amount_fen) == (
        "granted",
        date(2029, 5, 1),
        30,
        3_060_000,
    )
    case = decide(offices, case, "granted")
    decision = Decision.objects.get(case=case, kind="loan")
    assert (case.state, decision.amount_fen, decision.category, decision.certifier, decision.certified_by) == (
        "agency_approved",
        3_060_000,
        "dibao",
        "civil_affairs",
        "低保名册",
    )
    assert decision.snapshot == proposal.snapshot


@pytest.mark.clauses("rg-12.2a")
def test_the_approver_sends_back_and_only_another_person_decides(offices: Offices) -> None:
    case = proposed(offices, applicant())
    approver = offices.at(Role.AGENCY_APPROVER)
    case = agency.send_back(case.pk, reason="年限再核", request=ask(), actor=approver, now=at("2026-10-20"))
    assert (case.state, case.state_since) == ("committee_approved", date(2026, 10, 20))
    case = propose(offices, case, "2026-10-21")
    with pytest.raises(OutOfScope):
        decide(offices, case, "granted", "2026-10-21", actor=offices.at(Role.AGENCY_REVIEWER))
    assert decide(offices, case, "granted", "2026-10-22").state == "agency_approved"


@pytest.mark.parametrize(
    ("life", "clauses"),
    [
        pytest.param({"paid": 145}, ["rg-4.0e"], id="145＋31=176 到龄不满15年 176 months"),
        pytest.param({"paid": 180}, ["rg-4.0d"], id="已满15年 fifteen years paid"),
        pytest.param({"subsidised": ("2026-01-01", "2026-12-31")}, ["rg-5a"], id="享受社保补贴 subsidy drawn"),
    ],
)
@pytest.mark.clauses("rg-12.2a")
def test_what_is_not_met_is_not_granted(offices: Offices, life: dict[str, Any], clauses: list[str]) -> None:
    case = proposed(offices, applicant(**life))
    refusal = refused("E-VERDICT", decide, offices, case, "granted")
    assert [clause for clause in clauses if clause not in refusal.problem.zh] == []
    case = decide(offices, case, "refused", clause=clauses[0], reason="不符合该条")
    assert (case.state, Decision.objects.get(case=case, kind="loan").clause) == ("rejected", clauses[0])


def test_missing_evidence_is_neither_granted_nor_a_ground_for_refusal(offices: Offices) -> None:
    person = applicant()
    Circumstance.objects.filter(person=person).update(withdrawn_at=at("2026-10-01"))
    case = proposed(offices, person)
    assert Proposal.objects.get(case=case).outcome == "pending"
    assert "rg-5a" in refused("E-VERDICT", decide, offices, case, "granted").problem.zh
    refused("E-REFUSAL", decide, offices, case, "refused", clause="rg-5a", reason="查不到")
    refused("E-OUTCOME", decide, offices, case, "blocked")


@pytest.mark.parametrize(
    ("outcome", "more", "code"),
    [
        pytest.param("refused", {"clause": "rg-4.0e", "reason": ""}, "E-REFUSAL", id="没有理由 no reason"),
        pytest.param("refused", {"clause": "", "reason": "x"}, "E-REFUSAL", id="没有条款 no clause"),
        pytest.param("refused", {"clause": "rg-4.0a", "reason": "x"}, "E-REFUSAL", id="该条符合 clause is met"),
        pytest.param("blocked", {}, "E-OUTCOME", id="没有补贴 no subsidy"),
        pytest.param("perhaps", {}, "E-OUTCOME", id="没有这种决定 no such word"),
    ],
)
def test_a_decision_that_is_refused(offices: Offices, outcome: str, more: dict[str, Any], code: str) -> None:
    refused(code, decide, offices, proposed(offices, applicant()), outcome, **more)


def test_what_changed_since_the_proposal_is_looked_at_again(offices: Offices) -> None:
    person = applicant()
    case = proposed(offices, person)
    end_identity(Identity.objects.get(person=person).pk, date(2026, 10, 19), "低保停发", actor=SYSTEM, now=at("2026-10-20"))
    assert "城乡低保" in refused("E-STALE", decide, offices, case, "granted").problem.zh


def test_five_years_are_measured_on_the_day_of_filing(offices: Offices) -> None:
    # Born 1975-05 she retires 55 years and 17 months old, the pension begins on 2031-11-01: five years and 24 days after filing on
    # 2026-10-08, less than five when decided on 2026-11-09. Her fifteen years are capped by decision, the law then asks for sixteen.
    cap = Parameter("setting.A-RG-8", "180", "", "320682", date(2026, 1, 1), None, "局发文", decided_by="市人社局")
    enter_figures([cap], actor=SYSTEM, now=at("2026-09-02"))
    case = proposed(offices, applicant(born="19750510"), "2026-11-09")
    assert Proposal.objects.get(case=case).outcome == "granted"
    assert "申请日2026-10-08" in refused("E-VERDICT", decide, offices, case, "granted", "2026-11-09").problem.zh


# ── blocked by the social insurance subsidy ──


@pytest.mark.clauses("rg-5a")
def test_a_running_subsidy_blocks_until_it_ends(offices: Offices) -> None:
    case = proposed(offices, applicant(paid=152, subsidised=("2026-01-01", "2026-11-30")), months_asked=28)
    assert Proposal.objects.get(case=case).outcome == "blocked"
    case = decide(offices, case, "blocked")
    assert (case.state, case.closed_at) == ("blocked", None)
    reviewer = offices.at(Role.AGENCY_REVIEWER)
    given: dict[str, Any] = {"reason": "补贴停发", "actor": reviewer}
    refused("E-SUBSIDY", rugao.unblock, case.pk, request=ask(), now=at("2026-11-30"), **given)
    case = rugao.unblock(case.pk, request=ask(), now=at("2026-12-01"), **given)
    assert case.state == "committee_approved"
    assert decide(offices, propose(offices, case, "2026-12-02"), "granted", "2026-12-03").state == "agency_approved"


@pytest.mark.clauses("rg-5a")
def test_a_signed_choice_gives_the_subsidy_up(offices: Offices) -> None:
    case = decide(offices, proposed(offices, applicant(subsidised=("2026-01-01", "2027-12-31"))), "blocked")
    given: dict[str, Any] = {"reason": "本人选择贷款", "actor": offices.at(Role.AGENCY_REVIEWER), "now": at("2026-10-21")}
    refused("E-DAY", rugao.unblock, case.pk, waived_on=date(2026, 10, 22), request=ask(), **given)
    case = rugao.unblock(case.pk, waived_on=date(2026, 10, 21), request=ask(), **given)
    assert (case.state, Application.objects.get(case=case).subsidy_waived_on) == ("committee_approved", date(2026, 10, 21))
    assert decide(offices, propose(offices, case, "2026-10-22"), "granted", "2026-10-23").state == "agency_approved"


# ── the five copies ──


@pytest.mark.clauses("rg-annex1-n2")
def test_five_copies_each_to_one_recipient(offices: Offices) -> None:
    case = decide(offices, proposed(offices, applicant()), "granted")
    clerk, now = offices.at(Role.AGENCY_INTAKE), at("2026-11-03")
    with pytest.raises(Exception, match="E-STATE"):
        copies.hand_over_copy(case.pk, "bank", "冯丽娜", actor=clerk, now=now)
    Case.objects.filter(pk=case.pk).update(state="agreed", bank=offices.office(OrganisationKind.BANK))
    for recipient in ("committee", "agency", "finance", "bank"):
        copies.hand_over_copy(case.pk, recipient, "收件人", actor=clerk, now=now)
    assert list(copies.copies_outstanding(case)) == ["borrower"]
    copies.hand_over_copy(case.pk, "bank", "另一人", actor=offices.at(Role.BANK_OFFICER), now=now)
    assert (FormCopy.objects.count(), FormCopy.objects.get(recipient="bank").received_by) == (4, "收件人")
    copies.hand_over_copy(case.pk, "borrower", "陈桂芳", actor=clerk, now=now)
    assert copies.copies_outstanding(case) == {}
    refused("E-COPY", copies.hand_over_copy, case.pk, "auditor", "某人", actor=clerk, now=now)
    with pytest.raises(OutOfScope):
        copies.hand_over_copy(case.pk, "bank", "某人", actor=offices.at(Role.FINANCE_CLERK), now=now)


def test_the_same_request_decides_once(offices: Offices) -> None:
    case, request = proposed(offices, applicant()), ask()
    approver = offices.at(Role.AGENCY_APPROVER)
    for day in ("2026-10-20", "2026-10-21"):
        rugao.decide(case.pk, "granted", request=request, actor=approver, now=at(day))
    assert Decision.objects.filter(case=case, kind="loan").count() == 1
