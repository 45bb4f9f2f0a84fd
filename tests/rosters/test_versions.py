"""Lists as versions: who may hand one in, what changed by person, who answers for it, what is asked before anybody loses help."""

from datetime import date
from typing import Any

import pytest

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import AuditEntry
from zhubao.errors import ZhubaoError
from zhubao.people.models import CategoryList, Identity, Person
from zhubao.procedures.roster_certified import enter_version
from zhubao.procedures.roster_entered import enter_roster
from zhubao.rosters.models import RosterVersion, VersionState
from zhubao.rosters.versions import certify_version, confirm_loss, hand_in_version, withdraw_version

from .offices import APRIL, MARCH, PENGSHUI, certified, hand_in, number, people, sheet

Offices = dict[str, Actor]
STATEMENT = "经核对，与本部门台账一致"


def kinds(version: RosterVersion) -> dict[str, list[str]]:
    """Return the names of a version's changes by kind."""
    found: dict[str, list[str]] = {}
    for change in version.changes.select_related("row", "before").order_by("id"):
        row = change.row or change.before
        assert row is not None
        found.setdefault(change.kind, []).append(row.name)
    return found


@pytest.mark.clauses("jx-5.1d", "gz-1a", "ps-2.2a")
@pytest.mark.parametrize("who", ["agency", "rural", "township"], ids=["经办机构", "其他部门", "乡镇"])
def test_only_the_department_hands_in_its_list(offices: Offices, who: str) -> None:
    with pytest.raises(OutOfScope):
        hand_in(offices[who], people(3))
    assert not RosterVersion.objects.exists()


@pytest.mark.clauses("jx-5.1d", "jx-2.5b")
def test_nothing_counts_before_the_department_answers_for_it(offices: Offices) -> None:
    civil = offices["civil"]
    version = hand_in(civil, people(3))
    assert (version.state, version.rows_count, version.entered_count) == ("draft", 3, 3)
    assert not Identity.objects.exists()
    for other in ("agency", "rural"):
        with pytest.raises(OutOfScope):
            certify_version(version.pk, STATEMENT, actor=offices[other], now=MARCH)
    with pytest.raises(ZhubaoError) as refused:
        certify_version(version.pk, "  ", actor=civil, now=MARCH)
    assert refused.value.code == "E-STATEMENT"
    certify_version(version.pk, STATEMENT, actor=civil, now=MARCH)
    version = enter_version(version.pk, now=MARCH)
    assert (version.statement, version.certified_by_id, version.certified_at) == (STATEMENT, civil.user_id, MARCH)
    assert Identity.objects.in_force(date(2022, 3, 5)).count() == 3
    assert CategoryList.objects.get().listed_on == date(2022, 3, 5)
    entries = AuditEntry.objects.count()
    assert enter_version(version.pk, now=APRIL).entered_at == MARCH
    assert (AuditEntry.objects.count(), Identity.objects.count()) == (entries, 3)


@pytest.mark.clauses("gz-12a")
def test_what_changed_by_person(offices: Offices) -> None:
    civil, header = offices["civil"], ("姓名", "身份证号", "人员类别", "乡镇", "村", "银行账号")
    first = [(name, id_number, "绍庆镇", "文庙村", f"62220000{at:08d}") for at, (name, id_number) in enumerate(people(10))]
    certified(civil, first, header=header)
    row = RosterVersion.objects.get().rows.order_by("row").first()
    assert row is not None
    assert (row.region_code, row.account_last_four, bytes(row.account_sealed or b"").find(b"62220000")) == (
        "500243101201",
        "0000",
        -1,
    )
    april = [(*first[0][:4], "6222111100000000"), (first[1][0], first[1][1], "绍庆镇", "别村", first[1][4]), *first[2:9]]
    april.append(("新来", number(900), "绍庆镇", "文庙村", ""))
    version = hand_in(civil, april, on=date(2022, 4, 5), now=APRIL, header=header)
    assert kinds(version) == {"changed": [first[0][0], first[1][0]], "entered": ["新来"], "left": [first[9][0]]}
    assert [change.fields for change in version.changes.filter(kind="changed")] == [["account"], ["village"]]
    assert (version.entered_count, version.left_count, version.changed_count) == (1, 1, 2)


@pytest.mark.clauses("gz-12a")
def test_from_one_list_of_the_department_to_another_is_a_change_of_category(offices: Offices) -> None:
    civil, listed = offices["civil"], people(8)
    tekun: dict[str, Any] = {"category": "tekun", "title": "特困人员"}
    certified(civil, listed)
    certified(civil, people(4, 500), **tekun)
    certified(civil, listed[:7], on=date(2022, 4, 5), now=APRIL)
    version = hand_in(civil, [*people(4, 500), listed[7]], on=date(2022, 4, 5), now=APRIL, **tekun)
    change = version.changes.get()
    assert (change.kind, change.other_category) == ("moved_in", "dibao")


def test_the_same_file_twice_does_nothing_and_next_month_says_nobody_has_changed(offices: Offices) -> None:
    civil, lines = offices["civil"], people(3)
    first = certified(civil, lines)
    again = hand_in(civil, lines)
    assert (again.pk, RosterVersion.objects.count()) == (first.pk, 1)
    april = certified(civil, lines, on=date(2022, 4, 2), now=APRIL)
    assert (april.number, april.changes.count(), Identity.objects.filter(ends_on=None).count()) == (2, 0, 3)


@pytest.mark.clauses("ps-2.2c")
def test_rows_that_cannot_be_used_are_kept_with_cell_and_reason_and_end_nothing(offices: Offices) -> None:
    civil, lines = offices["civil"], people(10)
    certified(civil, lines)
    broken = [*lines[:8], (lines[8][0], lines[8][1][:-1] + "?"), ("年少", number(901, date(2007, 3, 6)))]
    version = certified(civil, broken, on=date(2022, 4, 5), now=APRIL)
    rejected = {(row.code.split("-")[1], row.cell, row.name) for row in version.rejected_rows.all()}
    assert rejected == {("ID", "B10", lines[8][0]), ("ROW", "11", "年少")}
    assert kinds(version) == {"held": [lines[8][0]], "left": [lines[9][0]]}
    ended = Identity.objects.get(ends_on__isnull=False)
    assert (ended.person.name, ended.ends_on) == (lines[9][0], date(2022, 4, 4))
    assert lines[8][1] not in " ".join(version.rejected_rows.values_list("content", flat=True))


@pytest.mark.parametrize(("gone", "asks"), [(3, True), (2, False)], ids=["少三成", "少两成"])
def test_a_list_that_drops_asks_before_anybody_loses_help(offices: Offices, gone: int, asks: bool) -> None:
    civil, lines = offices["civil"], people(10)
    certified(civil, lines)
    version = hand_in(civil, lines[gone:], on=date(2022, 4, 5), now=APRIL)
    if not asks:
        assert certify_version(version.pk, STATEMENT, actor=civil, now=APRIL).state == VersionState.CERTIFIED
        return
    with pytest.raises(ZhubaoError) as refused:
        certify_version(version.pk, STATEMENT, actor=civil, now=APRIL)
    assert refused.value.code == "E-VERSION-LOSS"
    certify_version(version.pk, STATEMENT, loss_reason="三户迁出", actor=civil, now=APRIL)
    assert enter_version(version.pk, now=APRIL).entered_at is None
    assert Identity.objects.filter(ends_on=None).count() == 10
    with pytest.raises(ZhubaoError) as refused:
        confirm_loss(version.pk, actor=civil, now=APRIL)
    assert refused.value.code == "E-SECOND-PERSON"
    with pytest.raises(OutOfScope):
        confirm_loss(version.pk, actor=offices["agency"], now=APRIL)
    confirm_loss(version.pk, actor=offices["civil-second"], now=APRIL)
    enter_version(version.pk, now=APRIL)
    assert Identity.objects.filter(ends_on=date(2022, 4, 4)).count() == gone


def test_leaving_and_coming_back_within_a_month(offices: Offices) -> None:
    civil, lines = offices["civil"], people(10)
    certified(civil, lines)
    certified(civil, lines[1:], on=date(2022, 4, 2), now=APRIL)
    back = certified(civil, lines, on=date(2022, 4, 8), now=APRIL)
    assert kinds(back) == {"returned": [lines[0][0]]}
    days = Identity.objects.filter(person__name=lines[0][0]).order_by("pk").values_list("starts_on", "ends_on")
    assert list(days) == [(None, date(2022, 4, 1)), (date(2022, 4, 8), None)]


@pytest.mark.parametrize(
    ("lines", "more", "code"),
    [
        pytest.param([("外人", number(1, area="320682"))], {}, "E-REGION", id="外地名册"),
        pytest.param([("甲", number(1))], {"title": "特困人员"}, "E-VERSION-CATEGORY", id="别的类别"),
        pytest.param([], {}, "E-ROSTER-EMPTY", id="空名册"),
        pytest.param([("甲", "123")], {}, "E-VERSION-NONE", id="没有能用的行"),
    ],
)
def test_a_wrong_file_is_refused_and_nobody_loses_help(
    offices: Offices, lines: list[tuple[str, str]], more: dict[str, Any], code: str
) -> None:
    civil = offices["civil"]
    certified(civil, people(3))
    version = hand_in(civil, lines, on=date(2022, 4, 5), now=APRIL, **more)
    assert (version.state, version.fault.split(":")[0]) == ("refused", code)
    assert Identity.objects.filter(ends_on=None).count() == 3


@pytest.mark.parametrize(
    ("more", "code"),
    [
        pytest.param({"category": "return_to_poverty"}, "E-CERTIFIER", id="不归本部门认定"),
        pytest.param({"listed_on": date(2022, 3, 11)}, "E-ROSTER-DAY", id="将来的日期"),
        pytest.param({"listed_on": date(2022, 3, 4)}, "E-LIST-OLDER", id="比现有名册早"),
    ],
)
def test_a_version_that_cannot_be_is_refused(offices: Offices, more: dict[str, object], code: str) -> None:
    civil = offices["civil"]
    certified(civil, people(3))
    given: dict[str, object] = {"category": "dibao", "listed_on": date(2022, 3, 10), **more}
    with pytest.raises(ZhubaoError) as refused:
        hand_in_version(
            [sheet(people(4))],
            name="低保.csv",
            certifier="civil_affairs",
            region_code=PENGSHUI,
            actor=civil,
            now=MARCH,
            **given,  # type: ignore[arg-type]
        )
    assert refused.value.code == code


def test_one_version_waits_at_a_time_and_may_be_taken_back(offices: Offices) -> None:
    civil = offices["civil"]
    version = hand_in(civil, people(3))
    with pytest.raises(ZhubaoError) as refused:
        hand_in(civil, people(4))
    assert refused.value.code == "E-VERSION-OPEN"
    withdraw_version(version.pk, "发错文件", actor=civil, now=MARCH)
    assert hand_in(civil, people(4)).number == 2
    with pytest.raises(ZhubaoError) as refused:
        certify_version(version.pk, STATEMENT, actor=civil, now=MARCH)
    assert refused.value.code == "E-VERSION-STATE"


def test_a_number_under_another_name_takes_nothing_from_anybody(offices: Offices) -> None:
    civil, lines = offices["civil"], people(4)
    certified(civil, lines)
    version = certified(civil, [("改了名", lines[0][1]), *lines[1:]], on=date(2022, 4, 5), now=APRIL)
    assert Person.objects.count() == 4
    assert Identity.objects.filter(ends_on=None).count() == 4
    assert version.differences.get(kind="name").role == "certifier"


@pytest.mark.clauses("jx-5.1d")
def test_nobody_enters_a_list_past_the_department_that_keeps_it_in_versions(offices: Offices) -> None:
    version = certified(offices["civil"], people(3))
    with pytest.raises(ZhubaoError) as refused:
        enter_roster(
            version.file_id,
            "dibao",
            "civil_affairs",
            date(2022, 3, 6),
            complete=True,
            actor=offices["agency"],
            now=MARCH,
        )
    assert refused.value.code == "E-ROSTER-VERSIONS"
    assert CategoryList.objects.count() == 1
