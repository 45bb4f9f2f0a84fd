"""What people paid themselves: own parts, whole tiers, and lines of tax that do not fit the plan."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.assistance.collection import (
    COUNTY,
    MAY,
    SYSTEM,
    YUSHAN,
    ZHONGJING,
    County,
    actual,
    add_row,
    at,
    collected,
    id_of,
    listed,
    pengshui,
    receipt,
    row,
)
from zhubao.access.roles import Role
from zhubao.accounts.models import Entry
from zhubao.assistance.claiming import LETTERS
from zhubao.assistance.collecting_differences import explain_difference
from zhubao.assistance.collecting_tasks import COLLECT, LIST, REFUNDS, VERIFY, renew_published
from zhubao.assistance.models import AssistancePlan, PlanDifference, PlanReceipt, PlanRow, PlanStep
from zhubao.assistance.verifying import verify_rows
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import rows_of
from zhubao.ledger.models import Posting
from zhubao.people.models import Person
from zhubao.procedures.plan_files import APPLY, hand_out_plan, receive_plan_file
from zhubao.tasks.models import Task
from zhubao.tasks.selectors import late

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return pengshui()


# Who pays what for which tier (yuan) · where the row stands then · the own part and the part on behalf (fen).
PAYMENTS = (
    ("冉光荣", 100, 30, "self_paid", 3_000, 7_000),
    ("向中玉", 200, 130, "self_paid", 13_000, 7_000),
    ("黎明华", 200, 130, "self_paid", 13_000, 7_000),  # planned at 100, he chose 200 when he paid
    ("何世琼", 500, 400, "self_paid", 40_000, 10_000),
    ("谭贵芳", 100, 100, "self_full", 3_000, 7_000),
    ("罗天才", 500, 500, "self_full", 40_000, 10_000),
    ("杨胜发", 200, 100, "self_paid", 10_000, 10_000),
)


@pytest.mark.clauses("ps-2.1d", "ps-2.2e", "ps-2.2i")
def test_what_a_payment_is(county: County) -> None:
    came = county.receive("self_pay_receipts", [receipt(*each[:3]) for each in PAYMENTS], batch="S1", now=MAY)
    assert set(county.results(came)) == {"OK"}
    for name, tier, paid, state, own_fen, on_behalf_fen in PAYMENTS:
        of = row(name)
        assert (of.state, of.self_pay_fen, of.on_behalf_fen, of.self_paid_fen) == (state, own_fen, on_behalf_fen, paid * 100)
        assert (of.tier_fen, of.tier_paid_fen, of.self_paid_on) == (tier * 100, tier * 100, date(2022, 5, 18))


def others(plan: AssistancePlan) -> None:
    """Put beside the eleven those whose payments do not fit."""
    add_row(plan, 20, "外县人", ZHONGJING, "dibao", "civil_affairs", 100, 70).delete()
    Person.objects.filter(name="外县人").update(region_code="500240101201")
    add_row(plan, 21, "没列计划", ZHONGJING, "dibao", "civil_affairs", 100, 70).delete()
    add_row(plan, 22, "已满六十", ZHONGJING, "dibao", "civil_affairs", 100, 70, born="19620518")
    add_row(plan, 23, "已经身故", ZHONGJING, "dibao", "civil_affairs", 100, 70)
    Person.objects.filter(name="已经身故").update(died_on=date(2022, 5, 1), died_source="卫健名单")
    add_row(plan, 24, "已被排除", ZHONGJING, "dibao", "civil_affairs", 100, 70, state="excluded")


def test_lines_that_do_not_fit_are_kept_and_change_nothing(county: County) -> None:
    others(county.plan)
    wrong = [
        (receipt("冉光荣", 100, 29, number="1"), "E-RECEIPT-AMOUNT"),
        (receipt("冉光荣", 150, 80, number="2"), "E-RECEIPT-TIER"),
        (receipt("冉光荣", 100, 30, number="3", year=2021), "E-LINE-YEAR"),
        (receipt("冉光荣", 100, 30, date(2021, 12, 30), number="4"), "E-LINE-YEAR"),
        (receipt("冉光荣", 100, 30, number="5", name="冉光明"), "E-LINE-NAME"),
        (receipt("外县人", 100, 30), "E-PLAN-REGION"),
        (receipt("没列计划", 100, 30), "E-PLAN-PERSON"),
        (receipt("已满六十", 100, 30), "E-RECEIPT-AGE"),
        (receipt("已经身故", 100, 30), "E-RECEIPT-DEAD"),
        (receipt("已被排除", 100, 30), "E-STATE"),
    ]
    good = receipt("任廷芳", 100, 30)
    keep = PlanRow.objects.exclude(pk=row("任廷芳").pk).order_by("pk")
    before, steps = list(keep.values()), PlanStep.objects.count()
    came = county.receive("self_pay_receipts", [*(line for line, _code in wrong), good], batch="S1", now=MAY)
    assert county.results(came) == [*(code for _line, code in wrong), "OK"]
    assert (PlanReceipt.objects.count(), PlanStep.objects.count(), Posting.objects.count()) == (1, steps + 1, 3)
    assert list(keep.values()) == before
    kept = PlanDifference.objects.open().filter(kind="receipt_refused").order_by("pk")
    assert [(each.subject, each.tax_fen) for each in kept] == [
        (f"receipt:{line.receipt_number}", line.amount_fen) for line, _code in wrong
    ]
    assert "第 1 行　缴费金额：应为自付 30.00 元或全额 100.00 元" in kept[0].detail
    assert Task.objects.open().filter(kind="collection.differences").count() == 1


def test_the_same_file_twice_and_in_two_uploads_does_nothing(county: County) -> None:
    lines = [receipt("冉光荣", 100, 30)]
    first = county.receive("self_pay_receipts", lines, batch="S1", now=MAY)
    again = county.receive("self_pay_receipts", lines, batch="S1", now=at(6, 1))
    assert (first.new, again.new, again.envelope) == (True, False, first.envelope)
    # The same receipt in a file of another batch: the payment is known already, the line is taken without a second payment.
    other = county.receive("self_pay_receipts", [*lines, receipt("任廷芳", 100, 30)], batch="S2", now=at(6, 1))
    assert county.results(other) == ["OK", "OK"]
    assert Posting.objects.filter(subject=row("冉光荣").subject).count() == 3
    assert PlanReceipt.objects.count() == 2
    # A second payment of the same person under another number is not.
    twice = county.receive("self_pay_receipts", [receipt("冉光荣", 100, 30, number="X9")], batch="S3", now=at(6, 1))
    assert county.results(twice) == ["E-RECEIPT-TWICE"]


@pytest.mark.clauses("ps-2.2e")
def test_what_each_party_books_for_payments(county: County) -> None:
    """Own parts 30 + 130 + 400 + 30 + 30 = 620, whole tiers 100 + 500 = 600: 1,220 yuan in three books; 600 are on accounts at once."""
    collected(county)
    sums: Counter[tuple[str, str, str]] = Counter()
    for posting in Posting.objects.filter(source="assistance"):
        sums[posting.party, posting.debit, posting.credit] += posting.amount_fen
    assert sums == {
        ("person", "contribution", "cash"): 122_000,
        ("tax", "collection_account", "contributions_collected"): 122_000,
        ("fund", "collection_account", "contributions"): 122_000,
    }
    entries = Entry.objects.values_list("lot__account__person__name", "lot__source", "amount_fen").order_by("amount_fen")
    assert list(entries) == [("谭贵芳", "own", 10_000), ("罗天才", "own", 50_000)]


@pytest.mark.clauses("ps-2.2e")
def test_on_the_first_of_september_unpaid_own_parts_are_overdue_by_township(county: County) -> None:
    """Paid on 31 August is in time; two townships owe until then, one of them still on 1 September."""
    reviewer = county.at(Role.AGENCY_REVIEWER)
    made = hand_out_plan(county.plan, actor=reviewer, now=at(2, 1))
    assert [(each.receiver.kind, each.count, each.total_fen) for each in made] == [
        ("tax", 11, 3_000 * 5 + 13_000 + 40_000 * 2 + 10_000),
        ("township", 6, 3_000 * 3 + 13_000 + 10_000),
        ("township", 5, 3_000 * 2 + 40_000 * 2),
    ]
    assert hand_out_plan(county.plan, actor=reviewer, now=at(2, 2)) == []
    waits = Task.objects.open().filter(kind=COLLECT).order_by("region_code")
    assert [(task.region_code, task.due_on) for task in waits] == [
        (COUNTY + "101", date(2022, 8, 31)),
        (YUSHAN, date(2022, 8, 31)),
    ]
    lines = [receipt(*each, date(2022, 8, 31)) for each in (("何世琼", 500, 400), ("任廷芳", 100, 30), ("张泽会", 100, 30))]
    county.receive("self_pay_receipts", [*lines, receipt("罗天才", 500, 500)], batch="S1", now=at(9, 1))
    assert not late(SYSTEM, date(2022, 8, 31)).filter(kind=COLLECT).exists()
    overdue = late(SYSTEM, date(2022, 9, 1)).filter(kind=COLLECT)
    assert [task.region_code for task in overdue] == [YUSHAN]


@pytest.mark.clauses("ps-2.2f", "ps-2.1c")
def test_only_those_whose_own_part_is_there_are_in_the_actual_data(county: County) -> None:
    """Without his 30 nothing is paid for Li (A-PS-11); the severely disabled are never in it; a wrong sum is refused."""
    collected(county)
    lines = [
        actual("冉光荣"),
        actual("黎明华"),
        actual("廖永碧"),
        actual("向中玉", on_behalf_fen=10_000),
        actual("任廷芳", category="dibao"),
        actual("庹德清"),
        actual("张泽会", id_number=id_of("任廷芳"), name="任廷芳"),
    ]
    came = county.receive("actual_on_behalf", lines, batch="A1", now=at(9, 5))
    assert county.results(came) == [
        "OK", "E-ACTUAL-OWN-PART", "E-ACTUAL-CHANNEL", "E-ACTUAL-AMOUNT", "E-ACTUAL-CATEGORY", "OK", "E-LINE-PERSON",
    ]  # fmt: skip
    listed_now = {name for name, state in county.states().items() if state == "actual_listed"}
    assert listed_now == {"冉光荣", "庹德清"}
    missing = PlanDifference.objects.open().filter(kind="actual_missing")
    assert {each.row.person.name for each in missing if each.row} == {"向中玉", "何世琼", "任廷芳", "张泽会"}
    # Each department gets its own lines under tax's batch, with the same count as the rows on record.
    copies = Envelope.objects.filter(kind="actual_on_behalf", direction="out")
    assert [(each.receiver.kind, each.batch, each.count, each.total_fen) for each in copies] == [
        ("civil_affairs", f"A1-{came.envelope.pk}-{LETTERS['civil_affairs']}", 2, 17_000)
    ]
    # The worker stopped after its work and begins again when one of the rows has moved on: nothing is written twice.
    verify_rows(county.plan, [row("冉光荣").pk], key="v", actor=county.department("civil_affairs"), now=at(9, 6))
    APPLY["actual_on_behalf"](came.envelope.pk, clock=lambda: at(9, 7))
    assert copies.count() == 1


@pytest.mark.clauses("ps-2.2f")
def test_a_later_list_closes_what_was_missing(county: County) -> None:
    collected(county)
    county.receive("actual_on_behalf", [actual("冉光荣"), actual("向中玉", on_behalf_fen=10_000)], batch="A1", now=at(9, 5))
    assert PlanDifference.objects.open().filter(row=row("向中玉")).count() == 2
    county.receive("actual_on_behalf", [actual("向中玉")], batch="A2", now=at(9, 12))
    assert not PlanDifference.objects.open().filter(row=row("向中玉")).exists()
    # Who pays after 31 August belongs to the next list: no difference (A-PS-7).
    county.receive("self_pay_receipts", [receipt("黎明华", 100, 30, date(2022, 9, 3))], batch="S2", now=at(9, 12))
    county.receive("actual_on_behalf", [actual("任廷芳")], batch="A3", now=at(9, 13))
    assert not PlanDifference.objects.open().filter(row=row("黎明华")).exists()


def test_who_waits_for_what_in_the_year(county: County) -> None:
    listed(county)
    due = {task.kind: task.due_on for task in Task.objects.open().filter(kind__startswith="collection.")}
    assert due[VERIFY] == date(2022, 9, 20)
    assert due[REFUNDS] == date(2022, 5, 18) + timedelta(30)
    assert LIST not in due
    # After 20 September the department's task counts to the end of the year only where it opens then.
    Task.objects.filter(kind=VERIFY).delete()
    assert renew_published(actor=SYSTEM, now=at(9, 21)) == 1
    assert set(Task.objects.open().filter(kind=VERIFY).values_list("due_on", flat=True)) == {date(2022, 12, 31)}


@pytest.mark.clauses("ps-2.2l")
def test_a_late_entrant_is_due_on_the_last_day_of_the_year(county: County) -> None:
    """Entered on 15 October: paid on 31 December is in time, unpaid on 1 January overdue."""
    PlanRow.objects.exclude(person__name__in=("冉光荣", "黎明华")).delete()
    PlanRow.objects.update(entered_on=date(2022, 10, 15), due_on=date(2022, 12, 31))
    renew_published(actor=SYSTEM, now=at(10, 16))
    assert Task.objects.open().get(kind=COLLECT).due_on == date(2022, 12, 31)
    county.receive("self_pay_receipts", [receipt("冉光荣", 100, 30, date(2022, 12, 31))], batch="S1", now=at(12, 31))
    [list_due] = Task.objects.open().filter(kind=LIST).values_list("due_on", flat=True)
    assert list_due == date(2022, 12, 31)
    assert not late(SYSTEM, date(2022, 12, 31)).exists()
    assert late(SYSTEM, date(2023, 1, 1)).filter(kind=COLLECT).count() == 1
    county.receive("self_pay_receipts", [receipt("黎明华", 100, 30, date(2022, 12, 31))], batch="S2", now=at(1, 2, year=2023))
    assert not late(SYSTEM, date(2023, 1, 3)).filter(kind=COLLECT).exists()


def test_a_difference_is_explained_by_the_centre_and_finance_alone(county: County) -> None:
    others(county.plan)
    county.receive("self_pay_receipts", [receipt("没列计划", 100, 30)], batch="S1", now=MAY)
    [difference] = PlanDifference.objects.open()
    for role, words, code in (
        (Role.TAX_CLERK, "税务已退", "E-SCOPE"),
        (Role.AGENCY_ACCOUNTANT, "  ", "E-REASON"),
    ):
        with pytest.raises(ZhubaoError) as error:
            explain_difference(difference.pk, words, actor=county.at(role), now=MAY)
        assert error.value.code == code
    assert PlanDifference.objects.open().count() == 1
    explain_difference(difference.pk, "税务已退还本人", actor=county.at(Role.AGENCY_ACCOUNTANT), now=MAY)
    assert not PlanDifference.objects.open().exists()


def test_files_wait_until_the_plan_is_published(county: County) -> None:
    AssistancePlan.objects.update(state="drafted")
    plan = AssistancePlan.objects.get()
    tax = county.at(Role.TAX_CLERK)
    with pytest.raises(ZhubaoError, match="E-PLAN-NOT-PUBLISHED"):
        receive_plan_file(
            "self_pay_receipts", [b"x"], name="a.csv", plan=plan, sender_id=tax.organisation_id or 0, actor=tax, now=MAY
        )
    with pytest.raises(ZhubaoError, match="E-PLAN-NOT-PUBLISHED"):
        hand_out_plan(plan, actor=county.at(Role.AGENCY_REVIEWER), now=MAY)


def test_the_plan_file_says_what_the_plan_says(county: County) -> None:
    [to_tax, *_others] = hand_out_plan(county.plan, actor=county.at(Role.AGENCY_REVIEWER), now=at(2, 1))
    first = next(line for line in rows_of(to_tax, today=date(2022, 2, 1)) if line.name == "向中玉")
    assert replace(first, id_number="", plan_number="") == replace(
        first, id_number="", plan_number="", tier_fen=20_000, on_behalf_fen=7_000, self_pay_fen=13_000, channel="county"
    )
