"""Nobody missed: every row in one group, the share of those who should be insured, and the names behind each number."""

from datetime import UTC, date, datetime

import pytest

from tests.cases.offices import Offices
from zhubao.access.roles import Role
from zhubao.assistance.closing_out import close_by_receipts, close_out, note_refusal
from zhubao.assistance.coverage import Covered, coverage, late_entrants, people_in, together
from zhubao.assistance.stepping import take

from .ledger_people import AUGUST, COUNTY, NOVEMBER, SHUIJIN, YUSHAN, ZHONGJING, named, pengshui, plan_of

pytestmark = pytest.mark.django_db
TABLE = ("complete", "under_way", "owing", "checking", "refused", "gone", "excluded", "closed", "to_close")


@pytest.fixture
def offices() -> Offices:
    return pengshui()


def line(place: Covered) -> tuple[int, ...]:
    return tuple(getattr(place, name) for name in TABLE)


@pytest.mark.clauses("ps-0.3", "gz-12b")
def test_by_village(offices: Offices) -> None:
    note_refusal(named("向中玉").pk, "不参保声明", on=date(2022, 11, 15), actor=offices.at(Role.AGENCY_REVIEWER), now=NOVEMBER)
    zhongjing, shuijin = coverage(plan_of(), YUSHAN, digits=12)
    #                                  缴清 在途 自付 核对 不参保 离开 排除 销号 待销
    assert (zhongjing.name, line(zhongjing)) == ("中井村", (2, 2, 1, 0, 1, 0, 1, 0, 4))
    assert (shuijin.name, line(shuijin)) == ("水井村", (1, 2, 0, 1, 0, 1, 0, 0, 2))
    assert [(each.rows, each.due, each.missing, each.share) for each in (zhongjing, shuijin)] == [
        (7, 6, 4, "33.3%"),
        (5, 4, 3, "25.0%"),
    ]
    whole = together([zhongjing, shuijin], YUSHAN, "郁山镇")
    assert [line(whole)] == [line(each) for each in coverage(plan_of(), COUNTY, digits=9)]


@pytest.mark.clauses("ps-0.3")
def test_a_refusal_noted_with_the_step_alone_stays_in_too(offices: Offices) -> None:
    row, centre = named("向中玉"), offices.at(Role.AGENCY_REVIEWER)
    rows = type(row).objects.filter(pk=row.pk)
    take(plan_of(), rows, "cancel", key="said", reason="本人书面不参保", actor=centre, now=NOVEMBER)
    assert [each.refused for each in coverage(plan_of(), YUSHAN, digits=12)] == [1, 0]


@pytest.mark.clauses("ps-3.2c")
@pytest.mark.parametrize(
    ("entered", "late"),
    [("2022-08-09", ["冉光荣"]), ("2022-08-10", []), ("2022-01-10", [])],
    ids=["第11天 day eleven", "第10天 day ten", "发布时已在册 there when it was published"],
)
def test_who_came_onto_a_list_and_is_not_insured_in_time(offices: Offices, entered: str, late: list[str]) -> None:
    plan = plan_of()
    plan.published_at = datetime(2022, 1, 20, tzinfo=UTC)
    plan.save()
    type(named("冉光荣")).objects.filter(person__name__in=["冉光荣", "任廷芳"]).update(entered_on=date.fromisoformat(entered))
    assert [row.person.name for row in late_entrants(plan, YUSHAN, AUGUST)] == late


@pytest.mark.clauses("ps-3.2d", "ps-3.1b")
def test_closing_out_moves_nobody_to_another_group(offices: Offices) -> None:
    before = [line(each)[:7] for each in coverage(plan_of(), YUSHAN, digits=12)]
    clerk = offices.at(Role.TOWNSHIP_CLERK)
    close_by_receipts(plan_of().pk, YUSHAN, on=date(2022, 11, 15), key="bulk", actor=clerk, now=NOVEMBER)
    close_out(named("黎明华").pk, "exclusion", "证明", on=date(2022, 11, 15), key="one", actor=clerk, now=NOVEMBER)
    after = coverage(plan_of(), YUSHAN, digits=12)
    assert [line(each)[:7] for each in after] == before
    assert [(each.closed, each.open, each.closed + each.open == each.rows) for each in after] == [(3, 4, True), (0, 5, True)]


@pytest.mark.clauses("ps-0.3", "gz-3d")
@pytest.mark.parametrize(
    ("place", "group", "names"),
    [
        (ZHONGJING, "missing", ["何世琼", "冉光荣", "向中玉", "庹德清"]),
        (ZHONGJING, "owing", ["冉光荣", "向中玉"]),
        (SHUIJIN, "missing", ["廖永碧", "杨胜发", "龚成菊"]),
        (SHUIJIN, "gone", ["罗天才"]),
        (YUSHAN, "excluded", ["黎明华"]),
    ],
)
def test_down_to_the_name(offices: Offices, place: str, group: str, names: list[str]) -> None:
    assert sorted(row.person.name for row in people_in(plan_of(), place, group)) == names


@pytest.mark.clauses("ps-0.3", "gz-3d")
@pytest.mark.parametrize(("complete", "share"), [(997, "99.7%"), (950, "95.0%"), (1000, "100.0%"), (999, "99.9%"), (0, "0.0%")])
def test_the_share_of_a_thousand(complete: int, share: str) -> None:
    place = Covered("500243", "彭水", complete=complete, owing=1000 - complete, excluded=40)
    assert (place.share, place.missing) == (share, 1000 - complete)


def test_ninety_nine_and_more_is_never_called_all() -> None:
    assert Covered("500243", "彭水", complete=99_999, owing=1).share == "99.9%"
    assert Covered("500243", "彭水", excluded=3).share == "—"
