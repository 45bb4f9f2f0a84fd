"""The ways side by side: what each costs and pays with every input, what helps, and what is missing is never a no."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from tests.accounts.hands import SYSTEM
from tests.people.tables import number
from zhubao.access import clock
from zhubao.access.models import Post
from zhubao.access.roles import Role
from zhubao.accounts.helping.models import EnrolmentHelp
from zhubao.demonstration.parameters import demonstration_parameters
from zhubao.parameters import ParameterBook
from zhubao.people.actions import register_person
from zhubao.people.recording import certify, record_insured
from zhubao.people.statements import IdentityStatement, InsuredStatement, Origin
from zhubao.web.guidance.forms import GuidanceForm
from zhubao.web.guidance.places import PLACES
from zhubao.web.guidance.ways import Guidance, Way, guidance

SignedIn = Callable[[str], Client]
BOOK = ParameterBook.built_in().over(demonstration_parameters())
ON = "2026-11-20"


def asked(place: str, **values: Any) -> Guidance:
    """Return the ways of some answers; what is not given is left open."""
    data = QueryDict(mutable=True)
    for name, value in {"birth": "1988-06", "on": ON, **values}.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    form = GuidanceForm(PLACES[place], data)
    assert form.is_valid(), form.errors
    return guidance(PLACES[place], form.cleaned_data, BOOK)


def way(found: Guidance, name: str) -> Way:
    return next(each for each in found.ways if each.name == name)


@pytest.mark.clauses("ps-3.3b")
def test_a_flexible_worker_of_38_sees_both_schemes_pensions_with_every_input() -> None:
    found = asked("pengshui", category="male60", scheme="none", income="4000", local="yes")
    employee, resident = way(found, "employee"), way(found, "resident-200")
    assert (employee.cost_fen, employee.share) == (12 * 92_000, "占收入 23.0%")
    assert dict(employee.inputs)["计发基数（月）"] == "8,400.00 元"
    # A man born in June 1988 retires at 63: 320 months from November 2026 on, 240 are needed.
    assert dict(employee.inputs)["领取所需月数"] == "240 个月"
    assert employee.pension_fen is not None
    assert resident.pension_fen is not None
    assert employee.pension_fen > resident.pension_fen
    assert resident.cost_fen == 20_000
    assert [law.id for law in found.guides] == ["ps-3.3b"]


@pytest.mark.clauses("gz-1e", "gz-3b", "gz-3c")
def test_a_household_registered_elsewhere_does_not_stand_in_the_way() -> None:
    found = asked("ganzhou", birth="1992-06", category="female55", scheme="resident", paid_years="5", local="no")
    employee = way(found, "employee")
    assert (employee.tone, [law.id for law in employee.laws]) == ("ok", ["gz-3b"])
    assert "gz-3c" in [law.id for law in way(found, "resident-200").laws]
    assert {law.id for law in found.guides} == {"gz-1e", "gz-3b", "gz-3c"}


@pytest.mark.clauses("gz-1f")
@pytest.mark.parametrize(
    ("answer", "tone"),
    [pytest.param("yes", "ok", id="recognised"), pytest.param("no", "bad", id="not"), pytest.param("", "wait", id="not known")],
)
def test_the_subsidy_goes_to_whoever_is_recognised(answer: str, tone: str) -> None:
    subsidy = way(asked("ganzhou", hard_to_place=answer), "subsidy")
    assert (subsidy.tone, [law.id for law in subsidy.laws]) == (tone, ["gz-1f"])
    assert bool(subsidy.missing) == (answer != "no")


def test_in_rugao_the_subsidy_and_the_loan_exclude_each_other() -> None:
    assert "rg-5a" in [law.id for law in way(asked("rugao", hard_to_place="yes"), "subsidy").laws]


def test_what_is_paid_on_behalf_lowers_the_residents_tier() -> None:
    found = asked("ganzhou", scheme="none", lists=["dibao"], category="female55")
    assert way(found, "on-behalf").helps[0].fen == 10_000
    assert way(found, "resident-100").cost_fen == 0
    assert "resident-100" not in {each.name for each in asked("ganzhou", scheme="none").ways}


def test_whoever_is_in_the_employees_scheme_is_told_why_nothing_is_paid_on_behalf() -> None:
    column = way(asked("ganzhou", category="female55", scheme="employee", paid_years="5", lists=["dibao"]), "on-behalf")
    assert (column.tone, column.cost_fen) == ("bad", None)
    assert column.laws
    assert "gz-1a" not in [law.id for law in column.laws]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_answered_is_evidence_missing_and_never_a_no(place: str) -> None:
    found = asked(place, lists=["unsure"])
    assert "bad" not in {each.tone for each in found.ways}
    employee = way(found, "employee")
    assert employee.missing
    assert employee.pension_fen is None


def test_the_page_answers_htmx_with_the_answer_alone_and_prints_a_leaflet(client: Client, db: None) -> None:
    assert client.get("/guidance/").status_code == 302
    page = client.get("/guidance/ganzhou/")
    assert "no-store" in page["Cache-Control"]
    part = client.get("/guidance/ganzhou/", {"birth": "1988-06", "on": ON}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    faulty = client.get("/guidance/ganzhou/", {"birth": "1988-16", "on": ON}).content.decode()
    assert "fault-birth" in faulty
    assert 'class="side"' not in faulty
    sheet = client.get("/guidance/ganzhou/leaflet.pdf", {"birth": "1988-06", "category": "male60", "scheme": "none", "on": ON})
    assert sheet.content[:4] == b"%PDF"
    assert client.get("/guidance/nowhere/").status_code == 404


@pytest.mark.clauses("gz-12b", "gz-3c")
def test_the_uninsured_are_found_helped_and_the_outcome_recorded(signed_in: SignedIn, county: list[Post]) -> None:
    today = clock.today()
    person = register_person(number("19850310", 22), "何玉莲", region_code="320682108201", actor=SYSTEM, now=clock.now())
    certify(person.pk, IdentityStatement("dibao", "civil_affairs", Origin("名册")), actor=SYSTEM, now=clock.now())
    client = signed_in(Role.AGENCY_REVIEWER)
    assert client.post("/guidance/help/find/", {"county": "320682"}).status_code == 302
    help_ = EnrolmentHelp.objects.get()
    township = signed_in(Role.TOWNSHIP_CLERK)
    page = township.get(f"/guidance/help/{help_.pk}/").content.decode()
    assert "/guidance/rugao/?birth=1985-03&amp;category=female55&amp;scheme=none&amp;lists=dibao" in page
    steps = f"/guidance/help/{help_.pk}/steps/"
    assert township.post(steps + "contact/", {"reason": "电话说明"}).status_code == 302
    assert township.post(steps + "settle/", {"outcome": "elsewhere", "reason": "在苏州参保"}).status_code == 422
    answer = {"outcome": "elsewhere", "place": "江苏省苏州市", "reason": "在苏州参保"}
    assert township.post(steps + "settle/", answer).status_code == 302
    help_.refresh_from_db()
    assert (help_.state, help_.place, help_.contacts, help_.found_on) == ("elsewhere", "江苏省苏州市", 1, today)
    assert township.get("/guidance/help/?state=elsewhere").content.decode().count(f"/guidance/help/{help_.pk}/") == 1
    assert township.get("/guidance/help/list.xlsx").content[:2] == b"PK"


@pytest.mark.clauses("gz-1e")
def test_flexible_workers_from_elsewhere_are_listed_with_their_comparison(signed_in: SignedIn, county: list[Post]) -> None:
    person = register_person(
        number("19880310", 22, "500243"),
        "冉启明",
        region_code="320682",
        hukou_code="500243",
        hukou_source="户口簿",
        actor=SYSTEM,
        now=clock.now(),
    )
    stated = InsuredStatement("resident_pension", date(2026, 1, 1), Origin("参保登记"), participation_type="flexible")
    record_insured(person.pk, stated, actor=SYSTEM, now=clock.now())
    page = signed_in(Role.AGENCY_REVIEWER).get("/guidance/flexible/").content.decode()
    assert "scheme=resident&amp;local=no" in page
    assert signed_in(Role.AGENCY_REVIEWER).get("/guidance/flexible/list.xlsx").content[:2] == b"PK"


@pytest.mark.clauses("gz-3a")
def test_the_registration_list_stands_by_village_with_everybodys_outcome(signed_in: SignedIn, county: list[Post]) -> None:
    person = register_person(number("19850310", 22), "何玉莲", region_code="320682108201", actor=SYSTEM, now=clock.now())
    record_insured(person.pk, InsuredStatement("none", date(2026, 1, 1), Origin("全民参保登记")), actor=SYSTEM, now=clock.now())
    client = signed_in(Role.AGENCY_REVIEWER)
    page = client.get("/guidance/registration/").content.decode()
    assert "尚未比对" in page
    client.post("/guidance/help/find/", {"county": "320682"})
    help_ = EnrolmentHelp.objects.get()
    assert help_.ground == "resident"
    page = client.get("/guidance/registration/?village=320682108201&outcome=open").content.decode()
    assert "尚未比对" not in page
    assert f'<a href="/guidance/help/{help_.pk}/">何**</a>' in page
    assert "帮办中" in page
    assert "/guidance/registration/" in client.get("/guidance/help/").content.decode()
    assert client.get("/guidance/registration/list.xlsx").content[:2] == b"PK"
    assert "何**" not in client.get("/guidance/registration/?outcome=refused").content.decode()
