"""The pages of department lists: handing in, certifying, what the agency sees, settling what differs, events, workbooks."""

from collections.abc import Callable
from datetime import date

import fastexcel
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.rosters.offices import PENGSHUI, certified, number, people, sheet
from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry
from zhubao.people.models import Circumstance, Identity
from zhubao.procedures.roster_certified import enter_version, read_version
from zhubao.rosters.models import Difference, RosterVersion
from zhubao.tasks.models import Task

Offices = dict[str, Actor]
At = Callable[[str], Client]
HEADER = ("姓名", "身份证号", "人员类别", "乡镇", "村")


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch, offices: Offices) -> date:
    """Return the day of these tests."""
    return clock.today()


@pytest.mark.clauses("jx-5.1d", "gz-1a")
def test_a_department_hands_in_looks_certifies_and_the_agency_only_looks(at: At, today: date) -> None:
    client = at("civil")
    sent = SimpleUploadedFile("低保.csv", sheet([*people(3), ("坏行", "123")]))
    given = {"certified": f"{PENGSHUI}/dibao/civil_affairs", "listed_on": str(today), "sent": sent}
    answer = client.post(reverse("department:hand-in"), given)
    version = RosterVersion.objects.get()
    assert answer["Location"] == reverse("department:version", args=[version.pk])
    read_version(version.pk, now=clock.now())
    page = client.get(answer["Location"]).content.decode()
    assert "B5" in page
    assert people(1)[0][1] not in page
    content = client.get(reverse("department:rejected-xlsx", args=[version.pk])).content
    [row] = fastexcel.read_excel(content).load_sheet(0, dtypes="string").to_arrow().to_pylist()
    assert list(row.values())[1:5] == ["B5", "身份证号", "坏行", "***"]
    certify = reverse("department:certify", args=[version.pk])
    assert at("agency").post(certify, {"statement": "x"}).status_code == 403
    assert at("rural").get(answer["Location"]).status_code == 403
    assert at("agency").post(reverse("department:hand-in"), given).status_code == 403
    assert at("civil").post(certify, {"statement": " "}).status_code == 422
    assert at("civil").post(certify, {"statement": "经核对属实"}).status_code == 302
    enter_version(version.pk, now=clock.now())
    assert Identity.objects.count() == 3
    seen = at("agency").get(answer["Location"]).content.decode()
    assert "经核对属实" in seen
    assert certify not in seen
    overview = at("agency").get(reverse("department:overview")).content.decode()
    assert reverse("department:version", args=[version.pk]) in overview
    assert at("agency").get(reverse("department:overview-xlsx")).status_code == 200
    assert at("township").get(reverse("department:overview")).status_code == 403


def test_a_township_settles_what_waits_for_it_from_its_queue(at: At, offices: Offices, today: date) -> None:
    lines = [(*line, "绍庆镇", "文庙村") for line in people(2)]
    certified(offices["civil"], lines, on=today, now=clock.now(), header=HEADER)
    one = Difference.objects.open().get(name="赵一")
    assert Task.objects.open().filter(subject=one.subject, role="township_clerk").exists()
    client = at("township")
    assert reverse("department:difference", args=[one.pk]) in client.get(reverse("department:differences")).content.decode()
    settle = reverse("department:settle", args=[one.pk])
    assert client.post(settle, {"outcome": "refused", "reason": "不愿意"}).status_code == 422
    assert client.post(settle, {"outcome": "enrolled", "reason": "已帮办"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.outcome, one.settled_by_id) == ("settled", "enrolled", offices["township"].user_id)
    assert client.get(reverse("department:differences-xlsx")).status_code == 200
    assert at("civil").post(settle, {"outcome": "enrolled", "reason": "x"}).status_code == 403


def test_a_list_of_events_is_entered_and_matched(at: At, offices: Offices, today: date) -> None:
    certified(offices["civil"], people(3), on=today, now=clock.now())
    name, id_number = people(1)[0]
    content = f"姓名,身份证号,收监日期,释放日期\n{name},{id_number},2021-01-01,2099-01-01\n生人,{number(999)},2021-01-01,\n"
    given = {"region": PENGSHUI, "kind": "prison", "sender": "justice", "listed_on": str(today)}
    client = at("agency")
    for _again in range(2):
        sent = SimpleUploadedFile("服刑.csv", content.encode())
        assert client.post(reverse("department:events"), {**given, "sent": sent}).status_code == 302
    assert (Circumstance.objects.get().kind, Circumstance.objects.get().ends_on) == ("imprisoned", date(2099, 1, 1))
    assert client.post(reverse("department:match")).status_code == 302
    assert Difference.objects.open().get(kind="imprisoned").name == name


def test_one_person_month_by_month(at: At, offices: Offices, today: date) -> None:
    roster = certified(offices["civil"], people(3), on=today, now=clock.now()).roster
    asked = {"person": people(1)[0][1]}
    page = at("agency").post(reverse("department:list", args=[roster.pk]), asked).content.decode()
    assert "赵*" in page
    assert people(1)[0][0] not in page
    assert people(1)[0][0] in at("civil").post(reverse("department:list", args=[roster.pk]), asked).content.decode()
    assert page.count(people(1)[0][1]) == 1
    assert at("rural").get(reverse("department:list", args=[roster.pk])).status_code == 403


def looks() -> list[tuple[str, int]]:
    """Return who read names in full, and how many, in order."""
    found = AuditEntry.objects.filter(action="roster.names_seen").order_by("chain", "number")
    return list(found.values_list("actor_name", "after__rows"))


def test_names_are_whole_for_whoever_keeps_the_list_or_owes_the_answer(at: At, offices: Offices, today: date) -> None:
    """赵一 and 钱一 of 绍庆镇 are on civil affairs' list and not insured: the township has to ask them."""
    lines = [(*line, "绍庆镇", "文庙村") for line in people(2)]
    version = certified(offices["civil"], lines, on=today, now=clock.now(), header=HEADER)
    one = Difference.objects.open().get(name="赵一")
    pages = [reverse("department:version", args=[version.pk]), reverse("department:changes-xlsx", args=[version.pk])]
    difference, workbook = reverse("department:difference", args=[one.pk]), reverse("department:differences-xlsx")

    def shown(who: str, address: str) -> str:
        answer = at(who).get(address)
        if "html" in answer["Content-Type"]:
            return answer.content.decode()
        return str(fastexcel.read_excel(answer.content).load_sheet(0, dtypes="string").to_arrow().to_pylist())

    for who, address in (("bureau", pages[0]), ("agency", pages[1]), ("bureau", difference), ("bureau", workbook)):
        page = shown(who, address)
        assert "赵*" in page
        assert "赵一" not in page
    assert looks() == []
    for who, address in (("civil", pages[0]), ("civil", pages[1]), ("township", difference), ("township", workbook)):
        assert "赵一" in shown(who, address)
    names = {name: actor.name for name, actor in offices.items()}
    assert looks() == [(names["civil"], 2), (names["civil"], 2), (names["township"], 1), (names["township"], 2)]
