"""The committee's part, with the days a clerk counts on the wall calendar: posted on Friday 2026-10-09, seven full days, the eighth."""

from datetime import date
from typing import Any

import pytest

from tests.people.tables import SYSTEM
from zhubao.access.actors import OutOfScope
from zhubao.access.models import AuditEntry
from zhubao.access.roles import OrganisationKind, Role
from zhubao.cases.actions import committee, intake
from zhubao.cases.actions.signatures import Signature
from zhubao.cases.models import Case, Decision, NoticeLine, PublicNotice, Step
from zhubao.cases.selectors import cases_for
from zhubao.errors import ZhubaoError
from zhubao.parameters import Parameter
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task

from .lives import FORM, applicant, at, figures, handed_in, post, reviewed, sign
from .offices import Offices, ask, citizen, open_offices

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices() -> Offices:
    figures()
    return open_offices()


def refused(code: str, action: Any, *arguments: Any, **named: Any) -> ZhubaoError:
    """Check that an action is refused and that it left no step, decision, notice or audit entry behind."""
    before = _counted()
    with pytest.raises(ZhubaoError) as refusal:
        action(*arguments, **named)
    assert (refusal.value.code, _counted()) == (code, before)
    return refusal.value


def _counted() -> list[Any]:
    tables = [model.objects.count() for model in (Step, Decision, PublicNotice, NoticeLine, AuditEntry)]
    return [tables, sorted(Case.objects.values_list("pk", "state", "steps_taken"))]


def review(offices: Offices, case: Case, **values: Any) -> Case:
    member = offices.at(Role.COMMITTEE_MEMBER)
    given = {"passed": True, "request": ask(), "actor": member, "now": at("2026-10-08"), **values}
    return committee.first_review(case.pk, **given)


@pytest.mark.clauses("rg-12.1c")
def test_the_first_review_keeps_what_it_rests_on(offices: Offices) -> None:
    case = review(offices, handed_in(offices, applicant()))
    decision = Decision.objects.get(case=case)
    assert (case.state, decision.kind, decision.outcome, decision.category) == ("first_reviewed", "committee", "granted", "dibao")
    assert decision.snapshot is not None
    assert decision.snapshot.facts["identities"]["dibao"]["certificate"] == "皋低保0017"
    task = Task.objects.get(subject=case.subject, closed_at=None)
    # 2026-10-08 is a Thursday; the Saturday after is worked, in exchange for the holiday.
    assert (task.kind, task.due_on) == ("case.rugao.post_notice", date(2026, 10, 14))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        pytest.param({"lives_here": False}, "E-COMMITTEE", id="不住本村 lives elsewhere"),
        pytest.param({"category": "laid_off"}, "E-CATEGORY", id="无名册无证件 nothing shows it"),
        pytest.param({"passed": False}, "E-REFUSAL", id="不予通过无条款 no clause"),
        pytest.param({"passed": False, "clause": "rg-4.0f"}, "E-REFUSAL", id="不予通过无理由 no reason"),
        pytest.param({"passed": False, "clause": "rg-99", "reason": "x"}, "E-REFUSAL", id="没有这一条 no such clause"),
    ],
)
def test_a_first_review_that_is_refused(offices: Offices, values: dict[str, Any], code: str) -> None:
    refused(code, review, offices, handed_in(offices, applicant()), **values)


@pytest.mark.clauses("rg-12.1c")
def test_the_wrong_committee_returns_the_form_with_the_reason(offices: Offices) -> None:
    person = applicant()
    type(person).objects.filter(pk=person.pk).update(residence_code="320681")
    case = handed_in(offices, person)
    refused("E-COMMITTEE", review, offices, case)
    member = offices.at(Role.COMMITTEE_MEMBER)
    case = intake.return_for_correction(
        case.pk, reason="现住启东市，请到居住地社区办理", request=ask(), actor=member, now=at("2026-10-09")
    )
    assert (case.state, case.filed_on) == ("returned", date(2026, 10, 8))


@pytest.mark.clauses("rg-12.1c")
@pytest.mark.parametrize(
    "insured_under", ["320682", "320682108202"], ids=["只登记到县 known to the county only", "登记在邻村 under the next village"]
)
def test_the_committee_of_residence_gets_the_case_wherever_the_insurance_is_kept(offices: Offices, insured_under: str) -> None:
    person = applicant(region_code=insured_under)
    own, member = citizen(person), offices.at(Role.COMMITTEE_MEMBER)
    case = intake.open_case(person, "rugao-draft", channel="online", request=ask(), actor=own, now=at("2026-10-08", 7))
    here = offices.office(OrganisationKind.COMMITTEE).pk
    intake.fill_application(case.pk, {**FORM, "committee": here}, actor=own, now=at("2026-10-08", 7))
    intake.submit(case.pk, request=ask(), actor=own, now=at("2026-10-08", 8))
    assert [each.number for each in cases_for(member)] == [case.number]
    assert review(offices, case).state == "first_reviewed"


def test_a_certificate_seen_at_the_counter_stands_where_there_is_no_list(offices: Offices) -> None:
    case = handed_in(offices, applicant(listed=False), certificate="皋低保0099")
    refused("E-CATEGORY", review, offices, case)
    intake.see_original(case.pk, "dibao_certificate", actor=offices.at(Role.COMMITTEE_MEMBER), now=at("2026-10-08"))
    assert review(offices, case).state == "first_reviewed"


def test_a_rejection_names_its_clause(offices: Offices) -> None:
    case = handed_in(offices, applicant(listed=False))
    case = review(offices, case, passed=False, clause="rg-4.0f", reason="低保已于2025年停发")
    assert (case.state, case.closed_at is not None) == ("rejected", True)
    assert Decision.objects.get(case=case).clause == "rg-4.0f"


@pytest.mark.clauses("rg-12.1d")
def test_one_notice_carries_several_people_masked(offices: Offices) -> None:
    cases = [reviewed(offices, applicant(serial)) for serial in (42, 44)]
    notice = post(offices, *cases)
    assert (notice.posted_on, notice.first_day, notice.last_day) == (date(2026, 10, 9), date(2026, 10, 10), date(2026, 10, 16))
    assert sorted(notice.lines.values_list("case_id", "name", "number", "category")) == [
        (case.pk, "陈**", case.person.id_number_masked, "dibao") for case in cases
    ]
    assert "19730516" not in notice.lines.all()[0].number
    assert {Case.objects.get(pk=case.pk).state for case in cases} == {"public_notice"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        pytest.param({"posted_on": date(2026, 10, 7)}, "E-NOTICE-DAY", id="早于初审 before the review"),
        pytest.param({"posted_on": date(2026, 10, 10)}, "E-NOTICE-DAY", id="未来日期 in the future"),
        pytest.param({"place": " "}, "E-NOTICE-PLACE", id="没有地点 no place"),
        pytest.param({"phone": ""}, "E-NOTICE-PLACE", id="没有电话 no telephone"),
    ],
)
def test_a_notice_that_is_refused_posts_nobody(offices: Offices, values: dict[str, Any], code: str) -> None:
    cases = [reviewed(offices, applicant(serial)).pk for serial in (42, 44)]
    given = {"place": "公示栏", "phone": "0513-80000001", "now": at("2026-10-09"), **values}
    refused(code, committee.post_notice, cases, request=ask(), actor=offices.at(Role.COMMITTEE_MEMBER), **given)


def test_one_case_not_yet_reviewed_holds_the_whole_notice_back(offices: Offices) -> None:
    cases = [reviewed(offices, applicant(42)), handed_in(offices, applicant(44))]
    refused("E-STATE", post, offices, *cases)


def test_an_empty_notice_is_none(offices: Offices) -> None:
    refused("E-NOTICE-CASES", post, offices)


def test_the_same_request_posts_once(offices: Offices) -> None:
    case, request = reviewed(offices, applicant()), ask()
    given: dict[str, Any] = {
        "place": "公示栏",
        "phone": "0513-80000001",
        "request": request,
        "actor": offices.at(Role.COMMITTEE_MEMBER),
    }
    first = committee.post_notice([case.pk], now=at("2026-10-09"), **given)
    assert committee.post_notice([case.pk], now=at("2026-10-10"), **given) == first
    assert (PublicNotice.objects.count(), Step.objects.filter(verb="post_notice").count()) == (1, 1)


@pytest.mark.clauses("rg-12.1d", "rg-12.1e")
@pytest.mark.parametrize(
    ("posted", "day", "possible"),
    [
        pytest.param("2026-10-09", "2026-10-16", "2026-10-17", id="周五张贴，第七天 seventh day"),
        pytest.param("2026-10-09", "2026-10-10", "2026-10-17", id="周五张贴，次日 next day"),
        pytest.param("2026-10-11", "2026-10-18", "2026-10-19", id="周日张贴，第七天 posted on a Sunday"),
        pytest.param("2026-12-28", "2027-01-04", "2027-01-05", id="跨年 over the turn of the year"),
    ],
)
def test_the_opinion_waits_for_seven_full_days(offices: Offices, posted: str, day: str, possible: str) -> None:
    case = reviewed(offices, applicant())
    post(offices, case, day=posted)
    refusal = refused("E-NOTICE", sign, offices, case, day)
    assert f"{possible}起方可" in refusal.problem.zh
    assert f"{posted}张贴（当天不计）" in refusal.problem.zh
    assert sign(offices, case, possible).state == "committee_approved"


@pytest.mark.clauses("rg-12.1d")
def test_a_place_may_count_working_days(offices: Offices) -> None:
    case = reviewed(offices, applicant())
    own = Parameter(
        "setting.A-ALL-10", "working_days", "", "320682", date(2026, 1, 1), None, "市人社局答复", decided_by="市人社局"
    )
    enter_figures([own], actor=SYSTEM, now=at("2026-10-01"))
    notice = post(offices, case)
    # Saturday 10-10 is worked in exchange for the holiday, Sunday 10-11 is not.
    assert (notice.first_day, notice.last_day) == (date(2026, 10, 10), date(2026, 10, 19))


@pytest.mark.clauses("rg-annex1-committee")
def test_the_signed_opinion_has_its_four_fields(offices: Offices) -> None:
    case = reviewed(offices, applicant())
    post(offices, case)
    case = sign(offices, case, "2026-10-17")
    decision = Decision.objects.filter(case=case).latest("pk")
    assert (decision.category, decision.certified_by, decision.effective_from) == ("dibao", "丁桂兰", date(2026, 10, 17))
    steps = {step.verb: step.on for step in case.steps.all()}
    assert (steps["first_review"], steps["post_notice"], steps["sign_opinion"]) == (
        date(2026, 10, 8),
        date(2026, 10, 9),
        date(2026, 10, 17),
    )


@pytest.mark.clauses("rg-annex1-committee")
@pytest.mark.parametrize(
    ("values", "missing"),
    [
        pytest.param({"category": ""}, "困难类型", id="类型 kind"),
        pytest.param({"signature": Signature(" ", True, date(2026, 10, 17))}, "经办人", id="经办人 handler"),
        pytest.param({"signature": Signature("丁桂兰", False, date(2026, 10, 17))}, "公章", id="公章 seal"),
        pytest.param({"signature": Signature("丁桂兰", True, None)}, "日期", id="日期 date"),
        pytest.param({"signature": Signature("丁桂兰", True, date(2026, 10, 18))}, "晚于今天", id="未来 in the future"),
    ],
)
def test_an_opinion_with_a_gap_is_refused_by_name(offices: Offices, values: dict[str, Any], missing: str) -> None:
    case = reviewed(offices, applicant())
    post(offices, case)
    assert missing in refused("E-OPINION", sign, offices, case, "2026-10-17", **values).problem.zh


def test_only_what_was_posted_is_signed(offices: Offices) -> None:
    case = reviewed(offices, applicant())
    post(offices, case)
    refused("E-CATEGORY", sign, offices, case, "2026-10-17", category="childless")


def test_a_notice_hangs_until_its_days_are_over(offices: Offices) -> None:
    case = reviewed(offices, applicant())
    notice, member = post(offices, case), offices.at(Role.COMMITTEE_MEMBER)
    refused("E-NOTICE", committee.take_down, notice.pk, actor=member, now=at("2026-10-16"))
    refused("E-NOTICE-DAY", committee.take_down, notice.pk, on=date(2026, 10, 18), actor=member, now=at("2026-10-17"))
    taken = committee.take_down(notice.pk, actor=member, now=at("2026-10-17"))
    again = committee.take_down(notice.pk, actor=member, now=at("2026-10-20"))
    assert (taken.taken_down_on, again.taken_down_on) == (date(2026, 10, 17), date(2026, 10, 17))
    assert AuditEntry.objects.filter(action="notice.taken_down").count() == 1
    with pytest.raises(OutOfScope):
        committee.take_down(notice.pk, actor=offices.at(Role.AGENCY_INTAKE), now=at("2026-10-20"))


@pytest.mark.clauses("rg-12.1c")
@pytest.mark.parametrize(
    ("clause", "code"),
    [
        pytest.param("rg-4.0a", "E-REFUSAL", id="户籍符合，不能以此不予通过"),
        pytest.param("rg-5a", "E-REFUSAL", id="没有这一条的反证"),
        pytest.param("rg-99", "E-REFUSAL", id="没有这一条"),
    ],
)
def test_what_the_facts_meet_is_no_ground_for_the_committee(offices: Offices, clause: str, code: str) -> None:
    case = handed_in(offices, applicant())
    refused(code, review, offices, case, passed=False, clause=clause, reason="不符合")
