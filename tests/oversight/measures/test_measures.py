"""Measures as a county tracks them: taken up, reported, late, supervised, waiting for the superior, closed with evidence."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from tests.cases.offices import Offices
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry, Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.notices.models import Notice
from zhubao.oversight.measures import actions
from zhubao.oversight.measures.course import MEASURE
from zhubao.oversight.measures.models import Measure, MeasureEvent, MeasureEvidence
from zhubao.oversight.measures.selectors import measures_for
from zhubao.oversight.measures.stepping import steps_open_to
from zhubao.oversight.measures.supervising import remind_measures, supervise_measures
from zhubao.policies.measures import measures
from zhubao.programmes.models import LocalFigure
from zhubao.tasks.models import Task

from .counties import COUNTY, GANZHOU, SYSTEM, TAKEN_UP, a_county, at, post_at, taken_up

pytestmark = pytest.mark.django_db
HRSS, FINANCE, TAX = OrganisationKind.HRSS, OrganisationKind.FINANCE, OrganisationKind.TAX
CIVIL, RURAL, FEDERATION = OrganisationKind.CIVIL_AFFAIRS, OrganisationKind.RURAL_AFFAIRS, OrganisationKind.DISABLED_FEDERATION
UNITS = {
    "1": {HRSS, CIVIL, RURAL, FEDERATION, FINANCE, TAX},
    "2": {HRSS, TAX},
    "5": {HRSS, FINANCE},
    "6": {HRSS, RURAL, FINANCE},
    "7": {HRSS},
    "8": {HRSS, FINANCE},
    "9": {HRSS, FINANCE, TAX},
    "11": {HRSS, TAX},
    "12": {HRSS, CIVIL, TAX, RURAL, FEDERATION},
    "13": {HRSS, CIVIL, RURAL, FEDERATION, FINANCE, TAX},
}


@pytest.fixture
def county() -> Offices:
    return a_county()


def refusal(act: Callable[[], Any]) -> str:
    """Return "taken" or the code of the refusal, and undo whatever was written."""
    with transaction.atomic():
        try:
            act()
        except ZhubaoError as error:
            return error.code
        finally:
            transaction.set_rollback(True)
    return "taken"


def step(measure: Measure, verb: str, actor: Actor, reason: str = "说明") -> Any:
    """Take a step the way the pages do."""
    named: dict[str, Any] = {"actor": actor, "now": TAKEN_UP}
    match verb:
        case "start" | "report" | "catch_up":
            return actions.report(measure.pk, reason, **named)
        case "assign":
            return actions.assign(measure.pk, measure.lead_id or 0, measure.due_on, None, reason, **named)
        case "superior_plan":
            return actions.superior_plan(measure.pk, reason, date(2022, 6, 30), **named)
        case "close":
            MeasureEvidence.objects.get_or_create(measure=measure, note="会议纪要", defaults={"added_at": TAKEN_UP})
            return actions.close(measure.pk, reason, **named)
        case _:
            return getattr(actions, verb)(measure.pk, reason, **named)


@pytest.mark.clauses("gz-1g", "gz-2c", "gz-5d", "gz-6c", "gz-7c", "gz-8c", "gz-9d", "gz-11g", "gz-12c", "gz-13c")
def test_thirteen_measures_with_the_units_the_text_names(county: Offices) -> None:
    taken_up()
    found: dict[str, set[str]] = {}
    for row in Measure.objects.prefetch_related("units"):
        found.setdefault(row.known.number, set()).update(unit.kind for unit in row.units.all())
    assert len(found) == 13
    assert {number: kinds for number, kinds in found.items() if number in UNITS} == UNITS
    federation = Organisation.objects.get(kind=FEDERATION, region_id=COUNTY)
    assert {row.known.number for row in Measure.objects.of_unit(federation.pk)} == {"1", "12", "13"}
    assert {row.lead.kind for row in Measure.objects.select_related("lead") if row.lead} == {HRSS}
    assert taken_up() == {}, "taken up twice"


def test_what_is_taken_up_is_due_and_waits_in_the_queue(county: Offices) -> None:
    rows = taken_up()
    days = {name: (str(row.period_to), str(row.due_on)) for name, row in rows.items()}
    assert days["gz-1"] == ("2022-03-31", "2022-04-10")
    assert days["gz-12"] == ("2022-01-31", "2022-02-10")
    assert days["gz-7"] == ("2022-12-31", "2023-01-10")
    assert (rows["gz-5-pilot"].state, rows["gz-5-pilot"].due_on) == ("waiting_superior", None)
    assert str(rows["gz-1"].ends_on) == "2025-12-31"
    assert set(Task.objects.open().values_list("subject", flat=True)) == {row.subject for row in rows.values() if row.due_on}


@pytest.mark.parametrize(
    ("county_code", "policy", "code"),
    [("3607", GANZHOU, "E-MEASURE-COUNTY"), (COUNTY, "rugao-draft", "E-MEASURE-REGION"), (COUNTY, "none", "E-POLICY-UNKNOWN")],
)
def test_what_cannot_be_taken_up(county: Offices, county_code: str, policy: str, code: str) -> None:
    assert refusal(lambda: actions.take_up(county_code, policy, actor=SYSTEM, now=TAKEN_UP)) == code
    assert not Measure.objects.exists()


def test_every_step_tried_by_every_post_in_every_state(county: Offices) -> None:
    row = taken_up()["gz-1"]
    lead = post_at(FINANCE)
    people = {role: county.at(role) for role in Role} | {"nobody": Actor("无岗位", COUNTY, user_id=lead.user_id)}
    for transition in MEASURE.transitions:
        if transition.verb in ("take_up", "miss"):
            continue
        for state in MEASURE.states:
            due = None if state.name == "waiting_superior" else date(2022, 4, 10)
            Measure.objects.filter(pk=row.pk).update(state=state.name, lead_id=lead.organisation_id, due_on=due)
            row.refresh_from_db()
            reporting = transition.verb in ("start", "report", "catch_up")
            open_in = state.name in (("planned", "active", "overdue") if reporting else transition.start)
            for name, actor in people.items():
                leads = (
                    name == Role.FINANCE_CLERK
                    if transition.posts[0] != Role.HRSS_SUPERVISOR or len(transition.posts) > 1
                    else None
                )
                allowed = leads if leads is not None else name == Role.HRSS_SUPERVISOR
                expected = ("taken" if open_in else "E-STATE") if allowed else "E-SCOPE"
                assert refusal(partial(step, row, transition.verb, actor)) == expected, (
                    transition.verb,
                    state.name,
                    name,
                )
                offered = {each.verb for each in steps_open_to(row, actor)}
                assert (transition.verb in offered) == (allowed and state.name in transition.start), (transition.verb, name)


@pytest.mark.parametrize("verb", ["assign", "wait", "close", "reopen", "superior_plan"])
def test_a_step_that_wants_a_reason_is_not_taken_without(county: Offices, verb: str) -> None:
    row = taken_up()["gz-2"]
    start = MEASURE.transition(verb).start[0]
    Measure.objects.filter(pk=row.pk).update(state=start, due_on=None)
    assert refusal(lambda: step(row, verb, post_at(HRSS), "  ")) == "E-REASON"
    assert refusal(lambda: step(row, verb, post_at(HRSS))) == "taken"


def test_nobody_of_another_county_and_no_unit_that_does_not_lead(county: Offices) -> None:
    row = taken_up()["gz-1"]
    a_county("360703")
    before = AuditEntry.objects.count()
    assert refusal(lambda: step(row, "report", post_at(HRSS, "360703"))) == "E-SCOPE"
    assert refusal(lambda: step(row, "assign", post_at(HRSS, "360703"))) == "E-SCOPE"
    assert refusal(lambda: step(row, "report", post_at(TAX))) == "E-SCOPE"
    assert refusal(lambda: actions.add_evidence(row.pk, "记录", actor=post_at(HRSS, "360703"), now=TAKEN_UP)) == "E-SCOPE"
    assert AuditEntry.objects.count() == before
    assert list(measures_for(post_at(HRSS, "360703"))) == []


@pytest.mark.clauses("gz-11d", "gz-2c")
def test_a_missed_report_is_supervised_once_the_second_one_reaches_the_manager(county: Offices) -> None:
    row = taken_up()["gz-2"]
    actor = post_at(HRSS)
    assert remind_measures(date(2022, 4, 4), actor=SYSTEM, now=at(2022, 4, 4)) == 0
    assert remind_measures(date(2022, 4, 5), actor=SYSTEM, now=at(2022, 4, 5)) > 0
    assert remind_measures(date(2022, 4, 6), actor=SYSTEM, now=at(2022, 4, 6)) == 0

    def about(kind: str) -> set[str]:
        found = Notice.objects.filter(subject=row.subject, kind=kind).select_related("organisation")
        return {notice.organisation.kind for notice in found if notice.organisation}

    supervise_measures(date(2022, 4, 10), actor=SYSTEM, now=at(2022, 4, 10))
    row.refresh_from_db()
    assert (row.state, about("measure.overdue")) == ("planned", set())
    for _again in range(2):
        supervise_measures(date(2022, 4, 11), actor=SYSTEM, now=at(2022, 4, 11))
    row.refresh_from_db()
    assert (row.state, row.missed, about("measure.overdue"), about("measure.second_miss")) == ("overdue", 1, {HRSS, TAX}, set())
    supervise_measures(date(2022, 7, 11), actor=SYSTEM, now=at(2022, 7, 11))
    row.refresh_from_db()
    assert (row.missed, about("measure.second_miss")) == (2, {HRSS})
    assert Notice.objects.filter(subject=row.subject, kind="measure.overdue").count() == 4
    actions.report(row.pk, "两期一并补报", actor=actor, now=at(2022, 7, 12))
    row.refresh_from_db()
    assert (row.state, row.missed, str(row.period_to), str(row.due_on)) == ("active", 0, "2022-09-30", "2022-10-10")


def test_reports_go_on_period_by_period(county: Offices) -> None:
    row = taken_up()["gz-12"]
    actor = post_at(HRSS)
    actions.report(row.pk, "一月已比对", key="page-1", actor=actor, now=at(2022, 1, 31))
    actions.report(row.pk, "一月已比对", key="page-1", actor=actor, now=at(2022, 1, 31))
    row.refresh_from_db()
    assert (row.state, str(row.period_from), str(row.due_on), row.steps.count()) == ("active", "2022-02-01", "2022-03-10", 2)
    assert refusal(lambda: actions.report(row.pk, "二月", actor=actor, now=at(2022, 1, 31))) == "E-REPORT-EARLY"
    assert refusal(lambda: actions.report(row.pk, " ", actor=actor, now=at(2022, 2, 20))) == "E-REPORT-EMPTY"
    (task,) = Task.objects.open().filter(subject=row.subject)
    assert (str(task.due_on), task.role) == ("2022-03-10", Role.HRSS_SUPERVISOR)


@pytest.mark.clauses("gz-5a", "gz-9b")
def test_what_waits_for_the_superior_is_never_late_and_gets_its_day_from_the_plan(county: Offices) -> None:
    row = taken_up()["gz-9-province"]
    actor = post_at(HRSS)
    supervise_measures(date(2025, 1, 1), actor=SYSTEM, now=at(2025, 1, 1))
    row.refresh_from_db()
    assert (row.state, row.due_on) == ("waiting_superior", None)

    def plan(day: date) -> Measure:
        return actions.superior_plan(row.pk, "省级统筹实施方案", day, actor=actor, now=at(2025, 1, 2))

    assert refusal(lambda: plan(date(2025, 1, 1))) == "E-MEASURE-DAY"
    plan(date(2025, 6, 30))
    row.refresh_from_db()
    assert (row.state, str(row.due_on), row.superior_plan) == ("active", "2025-06-30", "省级统筹实施方案")
    supervise_measures(date(2025, 7, 1), actor=SYSTEM, now=at(2025, 7, 1))
    row.refresh_from_db()
    assert row.state == "overdue"
    assert [each.verb for each in row.steps.all()] == ["take_up", "superior_plan", "miss"]


def test_without_evidence_a_measure_stays_open(county: Offices) -> None:
    row = taken_up()["gz-13"]
    bureau = post_at(HRSS)
    actions.report(row.pk, "已宣传", actor=bureau, now=at(2022, 2, 1))
    assert refusal(lambda: actions.close(row.pk, "完成", actor=bureau, now=at(2022, 2, 2))) == "E-NO-EVIDENCE"
    assert refusal(lambda: actions.add_evidence(row.pk, "", actor=bureau, now=at(2022, 2, 2))) == "E-EVIDENCE-EMPTY"
    for _again in range(2):
        actions.add_evidence(
            row.pk, "总结", content=b"%PDF-1.7 x", name="总结.pdf", actor=post_at(FEDERATION), now=at(2022, 2, 2)
        )
    assert MeasureEvidence.objects.count() == 1
    actions.close(row.pk, "完成", actor=bureau, now=at(2022, 2, 3))
    row.refresh_from_db()
    assert (row.state, Task.objects.open().filter(subject=row.subject).count()) == ("closed", 0)
    assert refusal(lambda: actions.add_evidence(row.pk, "再补", actor=bureau, now=at(2022, 2, 4))) == "E-STATE"


def test_a_row_without_a_lead_is_incomplete_until_one_is_named(county: Offices) -> None:
    row = taken_up()["gz-2"]
    Measure.objects.filter(pk=row.pk).update(lead=None)
    assert refusal(lambda: step(row, "report", SYSTEM)) == "E-MEASURE-LEAD"
    bureau, finance = post_at(HRSS), post_at(FINANCE)
    named: dict[str, Any] = {"actor": bureau, "now": TAKEN_UP}
    assert refusal(lambda: actions.assign(row.pk, finance.organisation_id or 0, None, None, "换", **named)) == "E-MEASURE-UNIT"
    tax = post_at(TAX)
    actions.assign(row.pk, tax.organisation_id or 0, date(2022, 3, 1), date(2022, 12, 31), "税务牵头", **named)
    actions.report(row.pk, "首次报告", actor=tax, now=TAKEN_UP)
    row.refresh_from_db()
    assert (row.state, row.lead_id) == ("active", tax.organisation_id)


@pytest.mark.clauses("jx-5.1a", "jx-5.2b", "rg-22", "tl-5.1a", "tl-5.1m", "ps-3.1a")
@pytest.mark.parametrize(
    ("policy", "area", "rows"),
    [
        ("jiangxi-2020-7", "360702", {"jx-5.1", "jx-5.2-coordination", "jx-5.2-publicity"}),
        ("rugao-draft", "320682", {"rg-22"}),
        (
            "tongling-2022-13",
            "340705",
            {each.id for each in measures("tongling-2022-13")},
        ),
        ("pengshui-2022", "500243", {"ps-3.1"}),
    ],
)
def test_the_organisational_clauses_of_the_other_documents(policy: str, area: str, rows: set[str]) -> None:
    a_county(area)
    found = taken_up(area, policy)
    assert set(found) == rows
    assert all(row.lead is not None and row.units.exclude(organisation=None).exists() for row in found.values())
    for row in found.values():
        if row.known.per != "county":
            assert row.lead_id == row.subject_of_id


@pytest.mark.clauses("tl-5.3a")
def test_the_campaign_is_due_twenty_days_before_the_spring_festival_holiday() -> None:
    a_county("340705")
    row = taken_up("340705", "tongling-2022-13", at(2025, 3, 1))["tl-5.3-campaign"]
    assert str(row.due_on) == "2026-01-26"  # the holiday of 2026 begins on 15 February
    (task,) = Task.objects.open().filter(subject=row.subject)
    assert (str(task.due_on), task.organisation_id) == ("2026-01-26", row.lead_id)


@pytest.mark.clauses("tl-5.3c", "jx-5.2c")
def test_an_event_on_site_in_a_time_of_epidemic_control_says_how_it_was_kept_safe() -> None:
    a_county("340705")
    row = taken_up("340705", "tongling-2022-13", at(2022, 3, 1))["tl-5.3-campaign"]
    LocalFigure.objects.create(
        area_code="340705",
        name="setting.epidemic_control",
        value="yes",
        unit="text",
        effective_from=date(2022, 1, 1),
        effective_to=date(2022, 12, 31),
        source="疫情防控工作通知",
        decided_by="区人社局",
        entered_at=at(2022, 1, 1),
    )
    bureau = post_at(HRSS, "340705")

    def logged(day: date, online: bool, note: str) -> str:
        now = at(2023, 2, 1)
        return refusal(
            lambda: actions.log_event(
                row.pk, day, "集市", "算明白账", online=online, people=80, safety_note=note, actor=bureau, now=now
            )
        )

    assert logged(date(2022, 1, 20), False, " ") == "E-EVENT-SAFETY"
    assert logged(date(2022, 1, 20), False, "测温、限流") == "taken"
    assert logged(date(2022, 1, 20), True, "") == "taken"
    assert logged(date(2023, 1, 10), False, "") == "taken"
    assert logged(date(2023, 2, 2), True, "") == "E-EVENT"
    assert not MeasureEvent.objects.exists()
