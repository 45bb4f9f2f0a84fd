"""A township's ledger of a month beside the plan, and the calls that follow it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.cases.offices import Offices
from tests.people.tables import number
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance.closing_out_calls import note_call, share_out_calls
from zhubao.assistance.closing_out_months import settle_difference, townships_of_month
from zhubao.assistance.models import LedgerDifference, LedgerMonth, PlanRow
from zhubao.errors import ZhubaoError
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.township_ledger import LAYOUT, LedgerPerson
from zhubao.exchange.files.writing import write
from zhubao.notices.models import Notice
from zhubao.procedures.township_ledger_received import Received, receive_township_ledger
from zhubao.tasks.models import Task

from .ledger_people import AUGUST, PEOPLE, YUSHAN, ZHONGJING, named, pengshui, plan_of

pytestmark = pytest.mark.django_db
SEPTEMBER = datetime(2022, 9, 20, 2, tzinfo=UTC)
NAMES = [each[0] for each in PEOPLE]


@pytest.fixture
def offices() -> Offices:
    return pengshui()


def line(name: str, paid: str, *, category: str = "", place: int | None = None) -> LedgerPerson:
    """Return a person as the township's ledger has it; `place` for somebody who is not one of the twelve."""
    at = NAMES.index(name) if place is None else place
    said = category or PEOPLE[at][2]
    return LedgerPerson(name, number("19700305", 100 + at), said, "中井村", "yes", paid, 3_000 if paid == "yes" else 0)


# As the plan has it: 冉 and 向 unpaid, 何 任 paid, 庹 张 have nothing to pay, 黎 is excluded; Shuijin: 谭 龚 paid, 廖, 杨 being checked.
AGREEING = [
    line("冉光荣", "no"), line("向中玉", "no"), line("庹德清", "no"), line("何世琼", "yes"), line("任廷芳", "yes"),
    line("张泽会", "yes"), line("谭贵芳", "yes"), line("龚成菊", "yes"), line("廖永碧", "no"), line("杨胜发", "no"),
]  # fmt: skip


def hand_in(offices: Offices, lines: list[LedgerPerson], month: date, *, batch: str, now: datetime = AUGUST) -> Received:
    township, agency = offices.office(OrganisationKind.TOWNSHIP), offices.office(OrganisationKind.AGENCY)
    content = write(LAYOUT, Head(batch, township.name, agency.name, "月度比对"), lines)
    given: dict[str, Any] = {"plan_id": plan_of().pk, "township_id": township.pk, "month": month, "now": now}
    return receive_township_ledger([content], name=f"{batch}.xlsx", actor=offices.at(Role.TOWNSHIP_CLERK), **given)


def said(kind: str = "") -> list[tuple[str, str, str, str, str]]:
    found = LedgerDifference.objects.open().filter(kind__startswith=kind).order_by("kind", "line")
    return [(each.kind, each.masked_name, each.theirs, each.ours, each.role) for each in found]


@pytest.mark.clauses("ps-3.2a", "ps-3.2b")
def test_a_ledger_that_agrees_leaves_no_difference_and_a_call_for_each_unpaid(offices: Offices) -> None:
    done = hand_in(offices, AGREEING, date(2022, 8, 1), batch="TZ-08")
    assert done.month is not None
    assert (done.month.persons, done.month.paid, done.month.unpaid, done.month.agreeing) == (10, 5, 5, 10)
    assert (said(), done.opened, done.closed) == ([], 2, 0)
    tasks = {task.subject: (task.role, task.region_code, task.due_on) for task in Task.objects.open()}
    due = (Role.COMMITTEE_MEMBER, ZHONGJING, date(2022, 8, 31))
    assert tasks == {f"plan-call:{named(name).pk}": due for name in ("冉光荣", "向中玉")}
    assert hand_in(offices, AGREEING, date(2022, 8, 1), batch="TZ-08").opened == 0
    assert LedgerMonth.objects.count() == 1


@pytest.mark.clauses("ps-3.2a")
def test_every_difference_has_an_owner_and_a_day(offices: Offices) -> None:
    lines = [
        line("冉光荣", "yes"),  # paid, they say
        line("何世琼", "no"),  # paid, we say
        line("任廷芳", "yes", category="tekun"),
        line("黎明华", "no"),  # excluded in the plan: nothing to compare
        line("陈外来", "no", category="dibao", place=90),
        *AGREEING[1:3],
        *AGREEING[5:9],
    ]
    done = hand_in(offices, lines, date(2022, 8, 1), batch="TZ-08")
    clerk, centre = Role.TOWNSHIP_CLERK, Role.AGENCY_REVIEWER
    assert said() == [
        ("category", "任**", "tekun", "dibao", centre),
        ("only_ours", "杨**", "", "水井村", clerk),
        ("only_theirs", "陈**", "中井村", "", centre),
        ("paid_here", "何**", "no", "yes", clerk),
        ("paid_there", "冉**", "yes", "no", clerk),
    ]
    assert done.month is not None
    assert done.month.agreeing == len(lines) - 4
    assert {task.due_on for task in Task.objects.filter(kind="assistance.ledger_difference")} == {date(2022, 8, 30)}


@pytest.mark.clauses("ps-3.2a")
def test_the_next_month_keeps_the_day_of_what_stays_and_settles_what_is_gone(offices: Offices) -> None:
    hand_in(
        offices, [line("冉光荣", "yes"), line("何世琼", "no"), *AGREEING[1:3], *AGREEING[4:]], date(2022, 8, 1), batch="TZ-08"
    )
    hand_in(offices, [line("冉光荣", "yes"), *AGREEING[1:]], date(2022, 9, 1), batch="TZ-09", now=SEPTEMBER)
    assert said() == [("paid_there", "冉**", "yes", "no", Role.TOWNSHIP_CLERK)]
    assert LedgerDifference.objects.open().get().due_on == date(2022, 8, 30)
    gone = LedgerDifference.objects.get(kind="paid_here")
    assert gone.outcome == "2022-09 台账比对已一致"
    assert Task.objects.open().filter(kind="assistance.ledger_difference").count() == 1


def test_a_corrected_file_replaces_that_of_the_month(offices: Offices) -> None:
    hand_in(offices, AGREEING[:-1], date(2022, 8, 1), batch="TZ-08")
    assert [kind for kind, *_rest in said()] == ["only_ours"]
    hand_in(offices, AGREEING, date(2022, 8, 1), batch="TZ-08b")
    assert said() == []
    assert LedgerMonth.objects.standing().get().persons == 10


@pytest.mark.clauses("ps-3.2a")
def test_who_handed_nothing_in_is_listed(offices: Offices) -> None:
    office = offices.office(OrganisationKind.TOWNSHIP)
    assert townships_of_month(plan_of(), date(2022, 8, 31), YUSHAN) == [(office, None)]
    done = hand_in(offices, AGREEING, date(2022, 8, 1), batch="TZ-08")
    assert townships_of_month(plan_of(), date(2022, 8, 31), YUSHAN) == [(office, done.month)]
    assert townships_of_month(plan_of(), date(2022, 9, 30), YUSHAN) == [(office, None)]


def test_a_difference_is_settled_by_its_owner_with_words(offices: Offices) -> None:
    hand_in(offices, [line("冉光荣", "yes"), *AGREEING[1:]], date(2022, 8, 1), batch="TZ-08")
    found = LedgerDifference.objects.get()
    clerk = offices.at(Role.TOWNSHIP_CLERK)
    with pytest.raises(OutOfScope):
        settle_difference(found.pk, "已核", actor=offices.at(Role.AGENCY_REVIEWER), now=AUGUST)
    with pytest.raises(ZhubaoError, match="E-DIFFERENCE-WORDS"):
        settle_difference(found.pk, " ", actor=clerk, now=AUGUST)
    settle_difference(found.pk, "村里误记，尚未缴费", actor=clerk, now=AUGUST)
    assert settle_difference(found.pk, "再来一次", actor=clerk, now=SEPTEMBER).outcome == "村里误记，尚未缴费"
    assert not Task.objects.open().filter(subject=found.subject).exists()


@pytest.mark.clauses("ps-3.2b", "ps-2.2e")
def test_calls_are_shared_out_noted_and_done_when_paid(offices: Offices) -> None:
    clerk, village = offices.at(Role.TOWNSHIP_CLERK), offices.at(Role.COMMITTEE_MEMBER)
    assert share_out_calls(plan_of().pk, YUSHAN, actor=clerk, now=AUGUST) == (2, 0)
    assert share_out_calls(plan_of().pk, YUSHAN, actor=clerk, now=AUGUST) == (0, 0)
    row = named("冉光荣")
    given: dict[str, Any] = {"on": date(2022, 8, 20), "way": "visit", "key": "a", "actor": village, "now": AUGUST}
    call = note_call(row.pk, said="月底赶场时去缴", promised_on=date(2022, 8, 30), **given)
    assert note_call(row.pk, said="月底赶场时去缴", promised_on=date(2022, 8, 30), **given).pk == call.pk
    notice = Notice.objects.get()
    assert (notice.person_id, notice.subject) == (row.person_id, row.subject)
    assert notice.text == "2022 年居民养老保险：政府代缴 70.00 元，您还要缴 30.00 元，请在 2022 年 8 月 31 日前缴清。"
    PlanRow.objects.filter(pk=row.pk).update(state="self_paid", self_paid_fen=3_000)
    assert share_out_calls(plan_of().pk, YUSHAN, actor=clerk, now=SEPTEMBER) == (0, 1)
    with pytest.raises(ZhubaoError, match="E-CALL-DONE"):
        note_call(row.pk, said="又来", **(given | {"key": "b"}))


@pytest.mark.parametrize(
    ("name", "changed", "code"),
    [
        ("庹德清", {}, "E-CALL-DONE"),
        ("冉光荣", {"said": " "}, "E-CALL-EMPTY"),
        ("冉光荣", {"way": "smoke"}, "E-CALL-WAY"),
        ("冉光荣", {"on": date(2022, 8, 21)}, "E-CALL-DAY"),
        ("冉光荣", {"promised_on": date(2022, 8, 1)}, "E-CALL-DAY"),
    ],
    ids=["不用自付 owes nothing", "没写 no words", "方式 way", "明天 tomorrow", "承诺在前 promise before"],
)
def test_calls_that_are_not_kept(offices: Offices, name: str, changed: dict[str, Any], code: str) -> None:
    given: dict[str, Any] = {"on": date(2022, 8, 20), "way": "visit", "said": "缴", "key": "a", "now": AUGUST}
    with pytest.raises(ZhubaoError, match=code):
        note_call(named(name).pk, actor=offices.at(Role.COMMITTEE_MEMBER), **(given | changed))
