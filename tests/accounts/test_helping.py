"""Who is in no pension scheme is found, helped, and the outcome checked."""

from datetime import date

import pytest

from tests.accounts.hands import COUNTY, SYSTEM, VILLAGE, at, by, insured, listed, resident
from zhubao.access.actors import OutOfScope
from zhubao.accounts.helping.actions import close, contact, find_uninsured, settle
from zhubao.accounts.helping.models import EnrolmentHelp
from zhubao.accounts.helping.registering import by_village, registration_list
from zhubao.errors import ZhubaoError
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
DAY = at(2022, 3, 10)
NEXT = "360702102202"


@pytest.mark.clauses("gz-12b")
def test_twenty_uninsured_are_twenty_tasks() -> None:
    for serial in range(20):
        listed(resident("19800310", serial + 21, scheme=""))
    listed(resident("19800310", 60, "已参保"))
    listed(resident("19600310", 61, "六十以上", scheme=""))
    listed(resident("20040910", 62, "学生", scheme="none", student=True))
    resident("19850101", 63, "不在名册", scheme="")
    assert find_uninsured(COUNTY, actor=by("agency_reviewer"), now=DAY) == 20
    assert find_uninsured(COUNTY, actor=by("agency_reviewer"), now=DAY) == 0
    tasks = Task.objects.filter(kind="enrolment-help.settle", closed_at=None)
    assert set(tasks.values_list("role", "due_on")) == {("township_clerk", date(2022, 4, 9))}
    assert tasks.count() == 20
    with pytest.raises(OutOfScope):
        find_uninsured("320682", actor=by("agency_reviewer"), now=DAY)


@pytest.mark.clauses("gz-3c")
def test_flexible_workers_in_no_scheme_are_on_the_list_and_each_contact_is_kept() -> None:
    resident("19900310", 21, scheme="none", participation_type="flexible")
    find_uninsured(COUNTY, actor=SYSTEM, now=DAY)
    help_ = EnrolmentHelp.objects.get()
    assert (help_.ground, help_.category) == ("flexible", "")
    contact(help_.pk, "电话：愿意了解居民养老", actor=by("township_clerk"), now=DAY)
    assert contact(help_.pk, "上门", actor=by("committee_member"), now=DAY).contacts == 2
    assert list(help_.steps.filter(verb="contact").values_list("reason", flat=True)) == ["电话：愿意了解居民养老", "上门"]


@pytest.mark.parametrize(
    ("outcome", "more"),
    [
        pytest.param("gone", {}, id="no such outcome"),
        pytest.param("enrolled", {}, id="enrolled, in no scheme"),
        pytest.param("elsewhere", {}, id="elsewhere, nowhere"),
    ],
)
def test_an_outcome_says_what_it_must(outcome: str, more: dict[str, str]) -> None:
    listed(resident("19800310", 21, scheme=""))
    find_uninsured(COUNTY, actor=SYSTEM, now=DAY)
    with pytest.raises(ZhubaoError, match="E-OUTCOME"):
        settle(EnrolmentHelp.objects.get().pk, outcome, "已办", actor=by("township_clerk"), now=DAY, **more)


def test_enrolled_is_closed_once_the_record_shows_it() -> None:
    person = resident("19800310", 21, scheme="")
    listed(person)
    find_uninsured(COUNTY, actor=SYSTEM, now=DAY)
    help_ = settle(
        EnrolmentHelp.objects.get().pk, "enrolled", "村里代办", scheme="resident_pension", actor=by("township_clerk"), now=DAY
    )
    with pytest.raises(ZhubaoError, match="E-NOT-ENROLLED"):
        close(help_.pk, actor=by("agency_reviewer"), now=DAY)
    insured(person, scheme="resident_pension")
    assert close(help_.pk, actor=by("agency_reviewer"), now=DAY).state == "closed"


@pytest.mark.clauses("gz-3a")
def test_everybody_of_16_not_insured_is_on_the_list_by_village_and_each_has_an_outcome() -> None:
    """Six in one village, two in the next; whoever is insured, dead or 15 is not on the list."""
    people = {
        "在名册": resident("19800310", 21, "在名册", scheme=""),
        "灵活就业": resident("19900310", 22, "灵活就业", scheme="none", participation_type="flexible"),
        "居民": resident("19850310", 23, "居民", scheme="none"),
        "刚满十六": resident("20060310", 24, "刚满十六", scheme="none"),
        "学生": resident("20040910", 25, "学生", scheme="none", student=True),
        "六十以上": resident("19600310", 26, "六十以上", scheme="none"),
        "外地": resident("19870310", 27, "外地", scheme="none", region=NEXT),
        "不参保": resident("19880310", 28, "不参保", scheme="none", region=NEXT),
    }
    listed(people["在名册"])
    resident("20060311", 31, "差一天", scheme="none")
    resident("19800310", 32, "已参保")
    resident("19800310", 33, "没有登记", scheme="")
    clerk, reviewer = by("township_clerk"), by("agency_reviewer")
    before = {each.name: each.outcome for each in registration_list(clerk, DAY.date())}
    assert before == dict.fromkeys(people, "none") | {"学生": "exempt", "六十以上": "pensionable"}

    assert find_uninsured(COUNTY, actor=reviewer, now=DAY) == 6
    grounds = dict(EnrolmentHelp.objects.values_list("person__name", "ground"))
    assert [grounds[name] for name in ("在名册", "灵活就业", "居民")] == ["roster", "flexible", "resident"]
    for name, outcome, more in (
        ("灵活就业", "enrolled", {"scheme": "employee_pension"}),
        ("居民", "enrolled", {"scheme": "resident_pension"}),
        ("外地", "elsewhere", {"place": "广东省东莞市"}),
        ("不参保", "refused", {}),
    ):
        settle(EnrolmentHelp.objects.get(person=people[name]).pk, outcome, "上门", actor=clerk, now=DAY, **more)
    insured(people["居民"], scheme="resident_pension", on=date(2022, 3, 9))
    for name in ("居民", "外地", "不参保"):
        close(EnrolmentHelp.objects.get(person=people[name]).pk, actor=reviewer, now=DAY)
    found = registration_list(clerk, DAY.date())
    assert {each.name: each.outcome for each in found} == {
        "在名册": "open",
        "灵活就业": "enrolled",
        "居民": "enrolled",
        "刚满十六": "open",
        "学生": "exempt",
        "六十以上": "pensionable",
        "外地": "elsewhere",
        "不参保": "refused",
    }
    assert [(each.code, each.people, each.outcomes["none"]) for each in by_village(found)] == [(VILLAGE, 6, 0), (NEXT, 2, 0)]
    assert not registration_list(by("township_clerk", scope="320682"), DAY.date()).exists()
