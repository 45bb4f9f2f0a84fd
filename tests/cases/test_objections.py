"""An applicant objects to a refusal: heard by the bureau, decided by it, reviewed anew when upheld."""

from datetime import date
from typing import Any

import pytest

from zhubao.access.roles import Role
from zhubao.cases.actions import agency, intake, objections
from zhubao.cases.models import Case, Objection
from zhubao.tasks.models import Task

from . import loan_lives as lives
from .lives import at
from .offices import JIANGXI_COUNTY, Offices, ask, citizen, open_offices
from .refusals import denied

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY = "2026-10-13", "2026-10-14"


@pytest.fixture
def offices() -> Offices:
    lives.figures()
    return open_offices(JIANGXI_COUNTY)


@pytest.fixture
def case(offices: Offices) -> Case:
    """Return a case refused because the person is in the residents' scheme."""
    proposed = lives.proposed(offices, lives.man(scheme="resident_pension"))
    return agency.decide(
        proposed.pk, "refused", clause="jx-1.1b", reason="险种不符", request=ask(), actor=offices.at(Role.AGENCY_APPROVER),
        now=at(lives.MONDAY),
    )  # fmt: skip


def object_(offices: Offices, case: Case, said: str = "9月已转回职工养老保险") -> Case:
    own = citizen(case.person)
    return objections.object_to_refusal(case.pk, said, request=ask(), actor=own, now=at(TUESDAY))


def hear(offices: Offices, case: Case, heard: str = "本人陈述并出示转移凭证", **more: Any) -> Case:
    supervisor = offices.at(Role.HRSS_SUPERVISOR)
    return objections.hear_objection(case.pk, heard, request=ask(), actor=supervisor, now=at(WEDNESDAY), **more)


def decide(offices: Offices, case: Case, *, upheld: bool, reason: str = "转移凭证属实") -> Case:
    supervisor = offices.at(Role.HRSS_SUPERVISOR, other=True)
    return objections.decide_objection(case.pk, upheld=upheld, reason=reason, request=ask(), actor=supervisor, now=at(WEDNESDAY))


def test_an_upheld_objection_brings_the_case_back_to_the_reviewer(offices: Offices, case: Case) -> None:
    assert case.closed_at is not None
    case = object_(offices, case)
    assert (case.state, case.closed_at) == ("objection", None)
    kinds = set(Task.objects.filter(subject=case.subject, closed_at=None).values_list("kind", "role"))
    assert kinds == {("case.jiangxi.hear", "hrss_supervisor"), ("case.jiangxi.decide_objection", "hrss_supervisor")}
    case = decide(offices, hear(offices, case), upheld=True)
    objection = Objection.objects.get(case=case)
    assert (case.state, objection.upheld, objection.hearing_on) == ("submitted", True, date(2026, 10, 14))
    assert case.decisions.get(kind="objection").outcome == "granted"
    assert Task.objects.get(subject=case.subject, closed_at=None).kind == "case.jiangxi.propose"


def test_a_refusal_that_stands_ends_the_case_with_its_reason(offices: Offices, case: Case) -> None:
    case = decide(offices, hear(offices, object_(offices, case)), upheld=False, reason="转移尚未办结")
    decision = case.decisions.get(kind="objection")
    assert (case.state, case.closed_at is None, decision.reason) == ("rejected", False, "转移尚未办结")


def test_what_does_not_pass(offices: Offices, case: Case) -> None:
    own = citizen(case.person)
    denied("E-OBJECTION", objections.object_to_refusal, case.pk, " ", request=ask(), actor=own, now=at(TUESDAY))
    case = objections.object_to_refusal(case.pk, "不服", request=ask(), actor=own, now=at(TUESDAY))
    denied("E-OBJECTION", decide, offices, case, upheld=True)
    denied("E-OBJECTION", hear, offices, case, " ")
    denied("E-DAY", hear, offices, case, hearing_on=date(2026, 10, 12))
    denied("E-DAY", hear, offices, case, hearing_on=date(2026, 10, 15))
    hear(offices, case)
    denied("E-REASON", decide, offices, case, upheld=True, reason=" ")


def test_who_has_applied_anew_no_longer_objects(offices: Offices, case: Case) -> None:
    clerk = offices.at(Role.AGENCY_INTAKE)
    newer = intake.open_case(case.person, lives.JIANGXI, channel="counter", request=ask(), actor=clerk, now=at(TUESDAY))
    ways: dict[str, Any] = {"request": ask(), "actor": clerk, "now": at(TUESDAY)}
    assert denied("E-CASE-OPEN", objections.object_to_refusal, case.pk, "不服", **ways).place == newer.number


def test_whoever_decided_does_not_hear_the_objection(offices: Offices, case: Case) -> None:
    case = object_(offices, case)
    denied(
        "E-SCOPE", objections.hear_objection, case.pk, "听取", request=ask(), actor=offices.at(Role.AGENCY_APPROVER), now=at(WEDNESDAY)
    )  # fmt: skip
