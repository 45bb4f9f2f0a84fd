"""Objections against a notice: posted on Friday 2026-10-09, over on 10-16, signed from 10-17 and not before every objection is decided."""

from datetime import date
from typing import Any

import pytest

from zhubao.access.actors import OutOfScope
from zhubao.access.roles import Role
from zhubao.cases.actions import committee, notice_objections
from zhubao.cases.models import Case, Decision, Objection
from zhubao.tasks.models import Task

from .lives import applicant, at, figures, post, reviewed, sign
from .offices import Offices, ask, open_offices
from .test_committee import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def offices() -> Offices:
    figures()
    return open_offices()


@pytest.fixture
def posted(offices: Offices) -> Case:
    case = reviewed(offices, applicant())
    post(offices, case)
    return case


def speak(offices: Offices, case: Case, day: str = "2026-10-12", **values: Any) -> Objection:
    """Have a neighbour object at the committee."""
    given = {"by_name": "钱某", "said": "此人在镇上开店", "actor": offices.at(Role.COMMITTEE_MEMBER), **values}
    notice_objections.object_to_notice(case.pk, request=ask(), now=at(day), **given)
    return Objection.objects.latest("pk")


def look_into(offices: Offices, case: Case, objection: Objection, day: str = "2026-10-13") -> Case:
    member = offices.at(Role.COMMITTEE_MEMBER, other=True)
    return notice_objections.investigate(
        case.pk, objection.pk, finding="店铺2024年已注销", request=ask(), actor=member, now=at(day)
    )


def hear(offices: Offices, case: Case, objection: Objection, day: str = "2026-10-14", **values: Any) -> Case:
    reviewer = offices.at(Role.AGENCY_REVIEWER)
    given = {"heard": "店已关闭，无收入", "request": ask(), "actor": reviewer, "now": at(day), **values}
    return notice_objections.hear_applicant(case.pk, objection.pk, **given)


def rule(offices: Offices, case: Case, objection: Objection, day: str = "2026-10-15", **values: Any) -> Case:
    given = {"upheld": False, "reason": "查明店铺已注销", "actor": offices.at(Role.AGENCY_APPROVER), **values}
    return notice_objections.decide_notice_objection(case.pk, objection.pk, request=ask(), now=at(day), **given)


@pytest.mark.clauses("rg-12.1e")
def test_an_unfounded_objection_neither_shortens_nor_restarts_the_seven_days(offices: Offices, posted: Case) -> None:
    objection = speak(offices, posted)
    tasks = set(Task.objects.filter(subject=posted.subject, closed_at=None).values_list("kind", flat=True))
    assert tasks == {"case.rugao.investigate", "case.rugao.decide_objection"}
    look_into(offices, posted, objection)
    assert rule(offices, posted, objection).state == "public_notice"
    refused("E-NOTICE", sign, offices, posted, "2026-10-16")
    assert sign(offices, posted, "2026-10-17").state == "committee_approved"


@pytest.mark.clauses("rg-12.1e")
def test_an_open_objection_holds_the_signature_back_after_the_seven_days(offices: Offices, posted: Case) -> None:
    objection = speak(offices, posted, "2026-10-16")
    refused("E-STATE", sign, offices, posted, "2026-10-19")
    look_into(offices, posted, objection, "2026-10-19")
    rule(offices, posted, objection, "2026-10-20")
    assert sign(offices, posted, "2026-10-20").state == "committee_approved"


@pytest.mark.clauses("rg-12.1e")
def test_an_objection_upheld_ends_the_application(offices: Offices, posted: Case) -> None:
    objection = speak(offices, posted)
    look_into(offices, posted, objection)
    hear(offices, posted, objection)
    case = rule(offices, posted, objection, upheld=True, reason="仍在经营")
    objection.refresh_from_db()
    assert (case.state, objection.upheld, objection.decided_on) == ("rejected", True, date(2026, 10, 15))
    decision = Decision.objects.filter(case=case).latest("pk")
    assert (decision.kind, decision.outcome, decision.reason) == ("objection", "refused", "仍在经营")


def test_nobody_is_rejected_unheard_or_without_a_finding(offices: Offices, posted: Case) -> None:
    objection = speak(offices, posted)
    refused("E-OBJECTION-FINDING", rule, offices, posted, objection)
    look_into(offices, posted, objection)
    refused("E-OBJECTION-HEARING", rule, offices, posted, objection, upheld=True)
    refused("E-REASON", rule, offices, posted, objection, reason=" ")
    refused("E-OBJECTION", hear, offices, posted, objection, heard="")
    refused("E-OBJECTION-DAY", hear, offices, posted, objection, heard_on=date(2026, 10, 11))


def test_every_one_of_several_objections_is_decided(offices: Offices, posted: Case) -> None:
    first = speak(offices, posted)
    second = speak(offices, posted, "2026-10-13", by_name="孙某")
    for objection in (first, second):
        look_into(offices, posted, objection)
    assert rule(offices, posted, first).state == "objection"
    refused("E-OBJECTION-DECIDED", rule, offices, posted, first)
    assert rule(offices, posted, second).state == "public_notice"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        pytest.param({"said": " "}, "E-OBJECTION", id="没有内容 no words"),
        pytest.param({"by_name": ""}, "E-OBJECTION", id="没有姓名 no name"),
        pytest.param({"filed_on": date(2026, 10, 8)}, "E-OBJECTION-DAY", id="张贴前 before it hung"),
        pytest.param({"filed_on": date(2026, 10, 13)}, "E-OBJECTION-DAY", id="未来 in the future"),
    ],
)
def test_an_objection_that_is_none(offices: Offices, posted: Case, values: dict[str, Any], code: str) -> None:
    refused(code, speak, offices, posted, **values)


def test_after_the_notice_is_down_only_what_was_said_before_counts(offices: Offices, posted: Case) -> None:
    member = offices.at(Role.COMMITTEE_MEMBER)
    committee.take_down(posted.notice_lines.get().notice_id, actor=member, now=at("2026-10-17"))
    refused("E-OBJECTION-DAY", speak, offices, posted, "2026-10-18")
    assert speak(offices, posted, "2026-10-18", filed_on=date(2026, 10, 17)).filed_on == date(2026, 10, 17)


def test_the_committee_looks_into_it_and_the_agency_decides(offices: Offices, posted: Case) -> None:
    objection = speak(offices, posted)
    look_into(offices, posted, objection)
    with pytest.raises(OutOfScope):
        rule(offices, posted, objection, actor=offices.at(Role.COMMITTEE_MEMBER))
    with pytest.raises(OutOfScope):
        hear(offices, posted, objection, actor=offices.at(Role.TOWNSHIP_CLERK))
