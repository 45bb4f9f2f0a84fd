"""The pages of the ledger: what each post sees and does, what is refused, what leaves as paper and workbook."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.assistance.ledger_people import SHUIJIN, YUSHAN, named, plan_of
from tests.assistance.test_closing_out_months import AGREEING, line
from tests.cases.offices import Offices
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance.models import CloseOut, LedgerDifference, PlanRow
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.township_ledger import LAYOUT
from zhubao.exchange.files.writing import write
from zhubao.tasks.models import Task

from .conftest import desk

pytestmark = pytest.mark.django_db
CLOSE = {"key": "k", "on": "2022-08-20", "note": ""}


def page(client: Any, address: str) -> str:
    """Return a page that opens."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


@pytest.mark.clauses("ps-3.1b", "ps-3.2d")
def test_what_each_level_sees(offices: Offices) -> None:
    village = page(desk(offices, Role.COMMITTEE_MEMBER), "/closing_out/")
    assert "7 people are not closed out yet" in village
    assert village.count("/closing_out/people/") >= 7
    assert ("冉**" in village, "谭**" in village, "冉光荣" in village) == (True, False, False)
    township = page(desk(offices, Role.TOWNSHIP_CLERK), "/closing_out/")
    assert "12 people are not closed out yet" in township
    assert ("中井村" in township, "水井村" in township) == (True, True)
    county = page(desk(offices, Role.AGENCY_REVIEWER), "/closing_out/coverage/")
    assert ("郁山镇" in county, "30.0%" in county, "<svg" in county) == (True, True, True)
    assert desk(offices, Role.COMMITTEE_MEMBER).get(f"/closing_out/?place={SHUIJIN}").status_code == 403
    assert desk(offices, Role.BANK_OFFICER).get("/closing_out/").status_code == 403


def test_before_a_plan_is_published_nothing_shows(offices: Offices) -> None:
    plan = plan_of()
    type(plan).objects.update(state="drafted")
    clerk = desk(offices, Role.TOWNSHIP_CLERK)
    assert "No plan is published yet" in page(clerk, "/closing_out/")
    assert clerk.get(f"/closing_out/people/{named('冉光荣').pk}/").status_code == 404


@pytest.mark.clauses("ps-3.2d")
def test_closed_out_on_the_page_and_taken_back(offices: Offices) -> None:
    row = named("黎明华")
    address = f"/closing_out/people/{row.pk}/"
    village, centre = desk(offices, Role.COMMITTEE_MEMBER), desk(offices, Role.AGENCY_REVIEWER)
    refused = village.post(f"{address}close/", {**CLOSE, "reference": ""})
    assert (refused.status_code, named("黎明华").state) == (422, "excluded")
    assert "Paper that shows the exclusion: Nothing is closed out without its proof." in refused.content.decode()
    assert village.post(f"{address}close/", {**CLOSE, "reference": "证明", "on": "2022-08-21"}).status_code == 422
    paper = SimpleUploadedFile("证明.jpg", b"\xff\xd8\xff a photograph", "image/jpeg")
    done = village.post(f"{address}close/", {**CLOSE, "reference": "市外参保证明", "paper": paper}, follow=True)
    assert "市外参保证明" in done.content.decode()
    assert CloseOut.objects.get().kept_as.endswith(".jpg")
    assert b"".join(village.get(f"{address}proof/").streaming_content).startswith(b"\xff\xd8\xff")
    assert "6 people are not closed out yet" in page(village, "/closing_out/")
    assert village.post(f"{address}reopen/", {"reason": "x"}).status_code == 403
    centre.post(f"{address}reopen/", {"reason": "证明过期"})
    assert "证明过期" in page(village, address)
    assert named("黎明华").state == "excluded"


@pytest.mark.clauses("ps-3.2b")
def test_calls_from_the_queue_to_the_household(offices: Offices) -> None:
    township, village = desk(offices, Role.TOWNSHIP_CLERK), desk(offices, Role.COMMITTEE_MEMBER)
    township.post("/closing_out/calls/", {"plan": plan_of().pk, "place": YUSHAN})
    queue = page(village, "/cases/")
    address = f"/closing_out/people/{named('冉光荣').pk}/"
    assert address in queue
    call = {"key": "c", "on": "2022-08-20", "way": "phone", "said": "月底缴", "promised_on": "2022-08-30"}
    assert "月底缴" in village.post(f"{address}call/", call, follow=True).content.decode()
    assert village.post(f"{address}call/", {**call, "key": "d", "said": ""}).status_code == 422
    assert Task.objects.open().filter(kind="assistance.call").count() == 2


@pytest.mark.clauses("ps-3.2a")
def test_a_ledger_handed_in_becomes_differences_that_are_settled(offices: Offices) -> None:
    township = offices.office(OrganisationKind.TOWNSHIP)
    head = Head("TZ-08", township.name, offices.office(OrganisationKind.AGENCY).name, "月度比对")
    content = write(LAYOUT, head, [line("冉光荣", "yes"), *AGREEING[1:]])
    clerk = desk(offices, Role.TOWNSHIP_CLERK)
    assert "has not handed in" in page(clerk, "/closing_out/months/?month=2022-08")
    given = {"plan": plan_of().pk, "place": YUSHAN, "month": "2022-08", "township": township.pk}
    sent = SimpleUploadedFile("tz.xlsx", content)
    shown = clerk.post("/closing_out/months/hand-in/", {**given, "sent": sent}, follow=True).content.decode()
    assert "10 people compared, 9 agree; 2 new tasks for the villages." in shown
    found = LedgerDifference.objects.get()
    address = f"/closing_out/differences/{found.pk}/"
    assert address in page(clerk, "/cases/")
    assert clerk.post(address, {"outcome": " "}).status_code == 422
    assert "村里误记" in clerk.post(address, {"outcome": "村里误记"}, follow=True).content.decode()
    broken = SimpleUploadedFile("tz.csv", "什么都不是".encode())
    assert clerk.post("/closing_out/months/hand-in/", {**given, "sent": broken}).status_code == 422


@pytest.mark.clauses("ps-0.3")
def test_every_number_leads_to_its_names(offices: Offices) -> None:
    centre = desk(offices, Role.AGENCY_REVIEWER)
    row = named("向中玉")
    centre.post(f"/closing_out/people/{row.pk}/refusal/", {"paper": "不参保声明 2022-08-19"})
    names = {
        "missing": ["何**", "冉**", "向**", "庹**", "廖**", "杨**", "龚**"],
        "refused": ["向**"],
        "own_part": ["冉**"],
        "excluded": ["黎**"],
        "open": ["任**"],
    }
    for which, expected in names.items():
        shown = page(centre, f"/closing_out/people/?which={which}")
        assert all(name in shown for name in expected), which
    assert "黎**" not in page(centre, "/closing_out/people/?which=missing")
    assert centre.get("/closing_out/people/?which=nonsense").status_code == 404


def test_many_closed_by_receipts_and_the_year_refused(offices: Offices) -> None:
    clerk, approver = desk(offices, Role.TOWNSHIP_CLERK), desk(offices, Role.AGENCY_APPROVER)
    given = {"plan": plan_of().pk, "place": YUSHAN, "key": "b"}
    shown = clerk.post("/closing_out/receipts/", given, follow=True).content.decode()
    assert "2 people are closed out." in shown
    assert PlanRow.objects.filter(state="closed_out").count() == 2
    year = approver.post("/closing_out/close-year/", {"plan": plan_of().pk}, follow=True).content.decode()
    assert "10 rows are not closed out" in year


@pytest.mark.parametrize(
    ("role", "address", "kind"),
    [
        (Role.COMMITTEE_MEMBER, "papers/notices.pdf", b"%PDF"),
        (Role.TOWNSHIP_CLERK, "papers/ledger.pdf", b"%PDF"),
        (Role.TOWNSHIP_CLERK, "papers/ledger.xlsx", b"PK"),
        (Role.TOWNSHIP_CLERK, "papers/plan.pdf", b"%PDF"),
        (Role.AGENCY_REVIEWER, "papers/plan.xlsx", b"PK"),
        (Role.AGENCY_REVIEWER, "papers/claim.pdf?payer=civil_affairs", b"%PDF"),
        (Role.AGENCY_REVIEWER, "papers/refunds.xlsx?payer=civil_affairs", b"PK"),
        (Role.AGENCY_REVIEWER, "people/list.xlsx?which=missing", b"PK"),
        (Role.AGENCY_REVIEWER, "coverage/list.xlsx", b"PK"),
        (Role.AGENCY_REVIEWER, "differences/list.xlsx", b"PK"),
    ],
)
def test_papers_and_workbooks(offices: Offices, role: str, address: str, kind: bytes) -> None:
    answer: Any = desk(offices, role).get(f"/closing_out/{address}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (answer.status_code, content[: len(kind)]) == (200, kind)


def test_a_department_prints_its_own_claim_and_refunds_and_nothing_else(offices: Offices) -> None:
    department, finance = desk(offices, Role.CERTIFIER), desk(offices, Role.FINANCE_CLERK)
    own, other = "papers/claim.pdf?payer=civil_affairs", "papers/claim.pdf?payer=rural_revitalisation"
    assert [client.get(f"/closing_out/{own}").status_code for client in (department, finance)] == [200, 200]
    assert [client.get(f"/closing_out/{other}").status_code for client in (department, finance)] == [403, 404]
    assert department.get("/closing_out/papers/refunds.xlsx?payer=civil_affairs").status_code == 200
    assert department.get("/closing_out/papers/ledger.pdf").status_code == 404
    assert department.get("/closing_out/").status_code == 403


def test_papers_that_do_not_exist(offices: Offices) -> None:
    centre = desk(offices, Role.AGENCY_REVIEWER)
    for name in ("nothing.pdf", "notices.xlsx", "claim.pdf?payer=federation", "refunds.pdf", f"notices.pdf?place={SHUIJIN}"):
        assert centre.get(f"/closing_out/papers/{name}").status_code == 404, name
