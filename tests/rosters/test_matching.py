"""Matching a list with everything on record: one difference a person and kind, whose turn it is, by when, and how it is settled."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from zhubao.access.actors import Actor, OutOfScope
from zhubao.accounts.helping.actions import find_uninsured
from zhubao.errors import ZhubaoError
from zhubao.people.models import Circumstance, FormerNumber, Identity, InsuredRecord, Person
from zhubao.people.selectors import find
from zhubao.procedures.roster_certified import enter_people
from zhubao.rosters.due import ask_for_month, due_of
from zhubao.rosters.events import Event, enter_events
from zhubao.rosters.matching import match_region, match_version, order_of
from zhubao.rosters.models import Difference, RosterFile, RosterVersion
from zhubao.rosters.settling import settle_by_correction, settle_difference
from zhubao.tasks.models import Task

from .offices import APRIL, MARCH, PENGSHUI, TOWN, certified, hand_in, number, people

Offices = dict[str, Actor]
ON = date(2022, 3, 10)
HEADER = ("姓名", "身份证号", "人员类别", "乡镇", "村")
SYSTEM = Actor.system("test", PENGSHUI)


def insure(name: str, scheme: str, area: str = PENGSHUI, **flags: Any) -> None:
    """Say what the insurance register says of somebody on the list."""
    person = Person.objects.get(name=name)
    InsuredRecord.objects.create(
        person=person, scheme=scheme, insured_area=area, recorded_on=ON, source="参保登记", recorded_at=MARCH, **flags
    )


def in_town(lines: list[tuple[str, str]]) -> list[tuple[str, ...]]:
    return [(*line, "绍庆镇", "文庙村") for line in lines]


def events(offices: Offices, kind: str, lines: list[Event], uploads: Path) -> bool:
    """Enter a list of events of these people, from a file of its own."""
    agency = offices["agency"]
    assert agency.organisation_id is not None
    assert agency.user_id is not None
    file, _ = RosterFile.objects.get_or_create(
        region_code=PENGSHUI,
        sha256=f"{kind:0>64}",
        defaults={
            "organisation_id": agency.organisation_id,
            "name": f"{kind}.csv",
            "size": 1,
            "stored_as": "rosters/x",
            "received_at": MARCH,
            "received_by_id": agency.user_id,
        },
    )
    sender = {"death": "health", "prison": "justice", "study": "education", "service": "veterans"}[kind]
    return enter_events(file, kind, sender, lines, listed_on=ON, actor=agency, now=MARCH)[1]


@pytest.mark.clauses("gz-1a", "gz-12a", "gz-12b", "gz-10c", "ps-3.2a")
def test_everybody_is_matched_with_everything(offices: Offices, uploads_in: Path) -> None:
    civil = offices["civil"]
    names = ["本县", "邻县", "外省", "职工", "学生", "军人", "服刑", "亡者", "未参保", "没记录"]
    lines = [(name, number(200 + at)) for at, name in enumerate(names)] + [("花甲", number(300, date(1962, 3, 1)))]
    version = certified(civil, in_town(lines), header=HEADER)
    insure("本县", "resident_pension")
    insure("邻县", "resident_pension", "500242")
    insure("外省", "resident_pension", "520123")
    insure("职工", "employee_pension", "440300")
    for name in ("学生", "军人", "服刑", "亡者"):
        insure(name, "resident_pension")
    insure("未参保", "none", "")
    by_name = dict(lines)
    assert events(offices, "study", [Event(by_name["学生"], "学生", 2, date(2021, 9, 1), None)], uploads_in)
    assert events(offices, "service", [Event(by_name["军人"], "军人", 2, date(2021, 3, 1), None)], uploads_in)
    assert events(offices, "prison", [Event(by_name["服刑"], "服刑", 2, date(2020, 1, 1), date(2023, 1, 1))], uploads_in)
    dead = [Event(by_name["亡者"], "亡者", 2, date(2022, 2, 1), None), Event(number(999), "别人", 3, date(2022, 2, 2), None)]
    assert events(offices, "death", dead, uploads_in)
    assert not events(offices, "death", dead, uploads_in)
    match_version(version, ON, actor=SYSTEM, now=MARCH)
    found = {(each.name, each.kind): each for each in Difference.objects.open()}
    assert dict(found.keys()) == {
        "邻县": "in_city",
        "外省": "elsewhere",
        "职工": "employee",
        "学生": "student",
        "军人": "military",
        "服刑": "imprisoned",
        "亡者": "deceased",
        "未参保": "not_enrolled",
        "没记录": "not_enrolled",
        "花甲": "aged",
    }
    helped, dead_one = found["未参保", "not_enrolled"], found["亡者", "deceased"]
    assert (helped.role, helped.region_code[:9], helped.due_on) == ("township_clerk", TOWN, date(2022, 3, 20))
    assert (dead_one.role, dead_one.organisation_id, dead_one.detail) == ("certifier", civil.organisation_id, "2022-02-01")
    assert Task.objects.open().filter(subject=helped.subject, kind="roster-help", due_on=helped.due_on).count() == 1
    counts = {row.enrolment: 0 for row in version.rows.all()}
    for row in version.rows.all():
        counts[row.enrolment] += 1
    assert counts == {"here": 5, "in_city": 1, "elsewhere": 1, "employee": 1, "none": 1, "no_record": 1, "aged": 1}
    again = match_version(version, ON, actor=SYSTEM, now=MARCH)
    assert (again.opened, again.gone) == ({}, 0)
    insure("没记录", "resident_pension")
    later = match_region(PENGSHUI, ON, actor=offices["agency"], now=MARCH)[version.pk]
    assert (later.opened, later.gone) == ({}, 1)
    assert not Task.objects.open().filter(subject=found["没记录", "not_enrolled"].subject).exists()


def test_two_departments_name_one_person(offices: Offices) -> None:
    lines = people(5)
    certified(offices["civil"], lines)
    severe: dict[str, Any] = {"category": "severe_disability", "certifier": "federation", "title": "残疾人"}
    certified(offices["federation"], [lines[0], ("重残", number(800))], **severe)
    for version in RosterVersion.objects.all():
        match_version(version, ON, actor=SYSTEM, now=MARCH)
    overlaps = Difference.objects.open().filter(kind="overlap").order_by("roster_id")
    told = [(each.roster.certifier, each.detail, each.prevailing, each.prevailing_by) for each in overlaps]
    assert told == [
        ("civil_affairs", "severe_disability", "severe_disability", "ps-2.1e"),
        ("federation", "dibao", "severe_disability", "ps-2.1e"),
    ]
    assert order_of(PENGSHUI)[0] == ("severe_disability", "tekun", "dibao", "return_to_poverty")
    assert order_of("360703")[0] == ("tekun", "dibao", "severe_disability", "monitored", "escaped_poverty")


@pytest.mark.clauses("gz-12b")
def test_whom_somebody_helps_to_enrol_already_is_no_second_task(offices: Offices) -> None:
    certified(offices["civil"], in_town(people(2)), header=HEADER)
    Difference.objects.all().delete()
    Task.objects.all().delete()
    assert find_uninsured(PENGSHUI, actor=offices["agency"], now=MARCH) == 2
    version = certified(offices["civil"], in_town(people(3)), header=HEADER, on=date(2022, 4, 5), now=APRIL)
    assert [each.name for each in Difference.objects.open().filter(kind="not_enrolled")] == [people(3)[2][0]]
    assert find_uninsured(PENGSHUI, actor=offices["agency"], now=APRIL) == 0
    assert match_version(version, ON, helped=[], actor=SYSTEM, now=APRIL).opened == {"not_enrolled": 2}


@pytest.mark.clauses("gz-12b")
def test_a_difference_is_settled_by_whoever_owes_it_with_reason_and_paper(offices: Offices) -> None:
    version = certified(offices["civil"], in_town(people(3)), header=HEADER)
    match_version(version, ON, actor=SYSTEM, now=MARCH)
    one, two, three = Difference.objects.open().order_by("id")
    with pytest.raises(OutOfScope):
        settle_difference(one.pk, "enrolled", "已办", actor=offices["civil"], now=MARCH)
    township = offices["township"]
    for outcome, reason, code in (
        ("benefit", "x", "E-DIFFERENCE-OUTCOME"),
        ("enrolled", "", "E-REASON"),
        ("refused", "本人不愿意", "E-PAPER"),
    ):
        with pytest.raises(ZhubaoError) as refused:
            settle_difference(one.pk, outcome, reason, actor=township, now=MARCH)
        assert refused.value.code == code
    settle_difference(one.pk, "enrolled", "已帮办参保", actor=township, now=MARCH)
    settle_difference(two.pk, "refused", "本人不愿意", evidence="书面说明 2022-3", actor=township, now=MARCH)
    assert not Task.objects.open().filter(subject__in=[one.subject, two.subject]).exists()
    # Nobody is enrolled yet by the register: who was helped is asked again, who refused is not, who waits goes on waiting.
    again = match_version(version, date(2022, 4, 10), actor=SYSTEM, now=APRIL)
    assert (again.opened, again.gone) == ({"not_enrolled": 1}, 0)
    assert Difference.objects.open().filter(pk=three.pk).exists()


def test_history_follows_the_person_when_the_number_is_corrected(offices: Offices) -> None:
    civil, lines = offices["civil"], people(6)
    certified(civil, lines)
    person, right = Person.objects.get(name=lines[0][0]), number(777)
    version = certified(civil, [(lines[0][0], right), *lines[1:]], on=date(2022, 4, 5), now=APRIL)
    difference = version.differences.get(kind="number")
    assert (Person.objects.count(), Identity.objects.filter(ends_on=None).count()) == (6, 6)
    with pytest.raises(ZhubaoError) as refused:
        settle_by_correction(difference.pk, right, "", corrected_on=ON, actor=offices["agency"], now=APRIL)
    assert refused.value.code == "E-PAPER"
    settle_by_correction(difference.pk, right, "公安变更证明 12 号", corrected_on=ON, actor=offices["agency"], now=APRIL)
    enter_people(version, now=APRIL)
    person.refresh_from_db()
    assert find(right) == person
    assert find(lines[0][1]) == person
    assert (FormerNumber.objects.get().paper, Person.objects.count()) == ("公安变更证明 12 号", 6)
    assert Identity.objects.filter(person=person, ends_on=None).count() == 1
    # The old number on a later list still means the same person.
    april = hand_in(civil, lines, on=date(2022, 4, 6), now=APRIL)
    assert [(change.kind, change.fields, change.person_id) for change in april.changes.all()] == [
        ("changed", ["number"], person.pk)
    ]


def test_two_people_of_one_name_are_two_people(offices: Offices) -> None:
    civil, lines = offices["civil"], people(6)
    certified(civil, lines)
    version = certified(civil, [(lines[0][0], number(777)), *lines[1:]], on=date(2022, 4, 5), now=APRIL)
    difference = version.differences.get(kind="number")
    settle_difference(difference.pk, "other_person", "两人都在", evidence="户籍查询", actor=offices["agency"], now=APRIL)
    enter_people(version, now=APRIL)
    assert Person.objects.filter(name=lines[0][0]).count() == 2
    assert Identity.objects.filter(ends_on=date(2022, 4, 4)).count() == 1


@pytest.mark.clauses("ps-2.2c", "gz-12a")
def test_a_department_that_does_not_hand_in_is_late(offices: Offices) -> None:
    from zhubao.programmes.selectors import parameter_book

    civil = offices["civil"]
    certified(civil, people(3))
    assert ask_for_month(date(2022, 3, 11), actor=SYSTEM, now=MARCH) == 0
    assert ask_for_month(date(2022, 4, 1), actor=SYSTEM, now=APRIL) == 1
    task = Task.objects.open().get(kind="roster-hand-in")
    assert (task.due_on, task.organisation_id, task.provisional) == (date(2022, 4, 10), civil.organisation_id, "A-ALL-9")
    assert due_of(date(2022, 2, 1), PENGSHUI, parameter_book()).due_on == date(2022, 2, 10)
    ask_for_month(date(2022, 5, 1), actor=SYSTEM, now=datetime(2022, 5, 1, tzinfo=UTC))
    assert Task.objects.open().get(kind="roster-hand-in").due_on == date(2022, 4, 10)
    certified(civil, people(3), on=date(2022, 4, 12), now=datetime(2022, 4, 12, 3, tzinfo=UTC))
    assert not Task.objects.open().filter(kind="roster-hand-in").exists()
    assert Circumstance.objects.count() == 0
