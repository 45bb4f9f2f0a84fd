"""A roster entered as a department's list: evidence with file, sheet and row; what does not hold changes nothing."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from zhubao.people.models import CategoryList, Identity
from zhubao.rosters.models import RosterFile

from .conftest import BOTH, Office

Rosters = dict[str, tuple[str, bytes]]
SENT = {"certified": "tekun/civil_affairs", "listed_on": "2022-10-15", "complete": "1"}


@pytest.fixture
def file(offices: dict[str, Office], rosters: Rosters, work: Callable[[], int]) -> RosterFile:
    """The tekun roster of two people, read."""
    offices["civil"].hand_in(rosters["tekun"])
    work()
    return RosterFile.objects.get()


def entered() -> list[tuple[Any, ...]]:
    return list(Identity.objects.order_by("row").values_list("category", "roster_file", "row", "starts_on", "ends_on"))


@pytest.mark.clauses("jx-2.5b")
def test_a_list_is_evidence_with_its_row(offices: dict[str, Office], file: RosterFile) -> None:
    address = f"/clerk/rosters/{file.pk}/"
    page = offices["civil"].client.post(f"{address}enter/", SENT, follow=True).content.decode()
    assert "2022-10-15" in page
    name = f"file:{file.pk}"
    assert entered() == [("tekun", name, 2, None, None), ("tekun", name, 3, None, None)]
    assert CategoryList.objects.get().listed_on == date(2022, 10, 15)
    before = entered()
    offices["civil"].client.post(f"{address}enter/", SENT)
    assert (entered(), CategoryList.objects.count()) == (before, 1)


def test_whoever_is_missing_from_the_next_whole_list_is_no_longer_listed(
    offices: dict[str, Office], file: RosterFile, work: Callable[[], int]
) -> None:
    civil = offices["civil"]
    civil.client.post(f"/clerk/rosters/{file.pk}/enter/", SENT)
    civil.hand_in(("特困人员十一月.csv", f"姓名,身份证号,乡镇\r\n庹兰,{BOTH},郁水镇\r\n".encode()))
    work()
    later = RosterFile.objects.exclude(pk=file.pk).get()
    civil.client.post(f"/clerk/rosters/{later.pk}/enter/", {**SENT, "listed_on": "2022-11-15"})
    assert [(row[1], row[4]) for row in entered()] == [
        (f"file:{file.pk}", date(2022, 11, 14)) if each == "gone" else (f"file:{later.pk}", None) for each in ("gone", "stays")
    ]
    older = civil.client.post(f"/clerk/rosters/{file.pk}/enter/", SENT, follow=True).content.decode()
    assert "message error" in older


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param({**SENT, "listed_on": ""}, id="没有日期 no day"),
        pytest.param({**SENT, "listed_on": "2999-01-01"}, id="未来的日期 a day to come"),
        pytest.param({**SENT, "certified": "tekun/federation"}, id="别的部门 another department"),
        pytest.param({**SENT, "certified": ""}, id="没有类别 no category"),
        pytest.param({**SENT, "certified": "dibao/civil_affairs"}, id="名册不是这一类 a roster of another kind"),
    ],
)
def test_what_does_not_hold_is_refused_in_words(offices: dict[str, Office], file: RosterFile, sent: dict[str, str]) -> None:
    answer = offices["civil"].client.post(f"/clerk/rosters/{file.pk}/enter/", sent, follow=True)
    assert "message error" in answer.content.decode()
    assert not Identity.objects.exists()


def test_the_form_proposes_what_the_roster_was_read_as(
    offices: dict[str, Office], rosters: Rosters, work: Callable[[], int]
) -> None:
    offices["civil"].hand_in(rosters["dibao"])
    work()
    page = offices["civil"].client.get(f"/clerk/rosters/{RosterFile.objects.get().pk}/").content.decode()
    assert re.findall(r'<option value="(\w+/civil_affairs)"', page) == ["dibao/civil_affairs", "tekun/civil_affairs"]


def test_a_whole_list_with_a_row_that_cannot_be_used_is_refused(
    offices: dict[str, Office], rosters: Rosters, work: Callable[[], int]
) -> None:
    civil = offices["civil"]
    civil.hand_in(rosters["dibao"])
    work()
    address = f"/clerk/rosters/{RosterFile.objects.get().pk}/enter/"
    sent = {"certified": "dibao/civil_affairs", "listed_on": timezone.localdate().isoformat(), "complete": "1"}
    assert "message error" in civil.client.post(address, sent, follow=True).content.decode()
    assert not Identity.objects.exists()
    del sent["complete"]
    civil.client.post(address, sent)
    assert (Identity.objects.count(), CategoryList.objects.count()) == (3, 0)


def test_another_department_and_finance_enter_nothing(offices: dict[str, Office], file: RosterFile) -> None:
    for name in ("federation", "finance"):
        answer = offices[name].client.post(f"/clerk/rosters/{file.pk}/enter/", SENT)
        assert answer.status_code in (302, 403, 404), name
    assert not Identity.objects.exists()
