"""Receipts of a file taken many at once are what they are one by one: every kind of line, in any order, and after any stop."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.assistance.collection import COUNTY, MAY, ZHONGJING, County, add_row, at, file_of, pengshui, receipt, row
from tests.people.tables import number
from zhubao.access.models import AuditEntry
from zhubao.access.roles import Role
from zhubao.accounts.control import differences
from zhubao.accounts.models import Entry
from zhubao.assistance.collecting import record_receipts
from zhubao.assistance.models import AssistancePlan, PlanDifference, PlanReceipt, PlanRow, PlanStep
from zhubao.errors import ZhubaoError
from zhubao.exchange.files.self_pay_receipts import SelfPayReceipt
from zhubao.exchange.models import Envelope, EnvelopeLine
from zhubao.language import Text
from zhubao.ledger.actions import post_new
from zhubao.ledger.models import Posting
from zhubao.people.models import FormerNumber, Person
from zhubao.people.sealing import open_number
from zhubao.procedures.plan_files import apply_receipts, receive_plan_file
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
UNKNOWN = number("19700305", 888)


@pytest.fixture
def county() -> County:
    """Return Pengshui with those beside the eleven whose payments are out of the ordinary."""
    county, plan = pengshui(), AssistancePlan.objects.get()
    beside: dict[str, dict[str, Any]] = {
        "资助一半": {"self_paid_fen": 1_200},
        "资助全额": {"self_paid_fen": 3_000, "state": "self_paid"},
        "已经身故": {},
        "已满六十": {"born": "19620518"},
        "外县人": {},
        "已被排除": {"state": "excluded"},
        "改过号码": {},
        "没列计划": {},
    }
    for place, (name, more) in enumerate(beside.items()):
        add_row(plan, 40 + place, name, ZHONGJING, "dibao", "civil_affairs", 100, 70, **more)
    PlanRow.objects.filter(person__name="没列计划").delete()
    Person.objects.filter(name="外县人").update(region_code="500240101201")
    Person.objects.filter(name="已经身故").update(died_on=date(2022, 5, 1), died_source="卫健名单")
    # 改过号码 has another number now; tax still writes the former one.
    FormerNumber.objects.create(
        person=row("改过号码").person,
        index=row("改过号码").person.id_number_index,
        masked="500***",
        paper="派出所证明",
        corrected_on=date(2022, 1, 1),
        recorded_at=at(1, 2),
    )
    Person.objects.filter(name="改过号码").update(id_number_index=b"1" * 32)
    county.receive(
        "self_pay_receipts", [receipt("黎明华", 100, 30, date(2022, 3, 30), number="PS22-早缴")], batch="S0", now=at(4, 1)
    )
    AssistancePlan.objects.create(
        region_code=COUNTY, policy_id=plan.policy_id, year=2023, agency=plan.agency, state="drafted", state_since=at(1, 1),
        opened_at=at(1, 1), lowest_tier_fen=10_000,
    )  # fmt: skip
    return county


def lines() -> list[tuple[SelfPayReceipt, str]]:
    """Return one line of every kind with what it is answered."""
    former = open_number(row("改过号码").person)
    return [
        (receipt("冉光荣", 100, 30), "OK"),
        (receipt("向中玉", 200, 130), "OK"),
        (receipt("何世琼", 500, 400), "OK"),
        (receipt("谭贵芳", 100, 100), "OK"),  # everything: a refund is due
        (receipt("罗天才", 500, 500), "OK"),
        (receipt("改过号码", 100, 30, id_number=former), "OK"),
        (receipt("资助一半", 100, 18), "OK"),
        (receipt("资助全额", 100, 30), "E-RECEIPT-AMOUNT"),
        (receipt("任廷芳", 100, 29), "E-RECEIPT-AMOUNT"),
        (receipt("张泽会", 100, 130), "E-RECEIPT-AMOUNT"),  # more than the whole tier
        (receipt("杨胜发", 150, 50), "E-RECEIPT-TIER"),
        (receipt("查无此人", 100, 30, id_number=UNKNOWN), "E-PERSON-UNKNOWN"),
        (receipt("任廷芳", 100, 30, number="PS21", year=2021), "E-LINE-YEAR"),
        (receipt("任廷芳", 100, 30, number="PS23", year=2023), "E-PLAN-NOT-PUBLISHED"),
        (receipt("任廷芳", 100, 30, date(2021, 12, 30), number="PS-12"), "E-LINE-YEAR"),
        (receipt("任廷芳", 100, 30, date(2022, 5, 21), number="PS-明天"), "E-RECEIPT-DAY"),
        (receipt("任芳廷", 100, 30, id_number=open_number(row("任廷芳").person)), "E-LINE-NAME"),
        (receipt("黎明华", 100, 30, date(2022, 3, 30), number="PS22-早缴"), "OK"),  # this very receipt came before
        (receipt("黎明华", 100, 30), "E-RECEIPT-TWICE"),
        (receipt("庹德清", 100, 100, number="PS22-早缴2"), "OK"),
        (receipt("已经身故", 100, 30), "E-RECEIPT-DEAD"),
        (receipt("已满六十", 100, 30), "E-RECEIPT-AGE"),
        (receipt("外县人", 100, 30), "E-PLAN-REGION"),
        (receipt("已被排除", 100, 30), "E-STATE"),
        (receipt("没列计划", 100, 30), "E-PLAN-PERSON"),
    ]


def twice() -> list[SelfPayReceipt]:
    """Return two payments of one person under two numbers: whichever comes first stands."""
    return [receipt("张泽会", 100, 30, number="PS22-甲"), receipt("张泽会", 100, 100, number="PS22-乙")]


def taken_in(county: County, rows: Sequence[SelfPayReceipt]) -> Envelope:
    """Hand the file in, not applied yet."""
    tax = county.at(Role.TAX_CLERK)
    content = file_of("self_pay_receipts", rows, "S1")
    came = receive_plan_file(
        "self_pay_receipts", [content], name="S1.csv", plan=county.plan, sender_id=tax.organisation_id or 0, actor=tax, now=MAY
    )
    assert not came.refused, came.faults
    return came.envelope


def what_stands(envelope: Envelope) -> dict[str, Any]:
    """Return everything that came of a file, without the keys the database gives."""
    postings = Posting.objects.exclude(source="accounts")
    control: Counter[tuple[Any, ...]] = Counter()
    for each in Posting.objects.filter(source="accounts"):
        control[each.party, each.on, each.debit, each.credit, each.kind] += each.amount_fen
    assert differences(COUNTY)[1] == []
    envelope.refresh_from_db()
    person, counted = "row__person__name", ("state", "taken_count", "taken_fen")
    return {
        "lines": list(EnvelopeLine.objects.filter(envelope=envelope).values_list("number", "result_code", "message", "message_en", "applied_key")),
        "rows": list(PlanRow.objects.order_by("pk").values()),
        "steps": sorted(PlanStep.objects.values_list(person, "number", "verb", "start", "end", "at", "on", "actor_name", "key")),
        "receipts": sorted(PlanReceipt.objects.values_list(person, "number", "kind", "tier_fen", "amount_fen", "paid_on", "entered_at")),
        "postings": sorted(postings.values_list("subject", "party", "party_reference", "on", "debit", "credit", "amount_fen", "kind", "entry")),
        "entries": sorted(Entry.objects.values_list("lot__account__person__name", "lot__source", "on", "amount_fen", "subject", "key")),
        "control": control,
        "differences": sorted(PlanDifference.objects.values_list("kind", "subject", "masked_name", "tax_fen", "detail")),
        "tasks": sorted(Task.objects.open().values_list("kind", "subject", "due_on")),
        "envelope": [getattr(envelope, name) for name in counted],
    }  # fmt: skip


def applied(county: County, rows: Sequence[SelfPayReceipt], at_once: int) -> dict[str, Any]:
    """Return what stands after a file was applied so many lines at once, and take it all back."""
    with transaction.atomic():
        envelope = taken_in(county, rows)
        apply_receipts(envelope.pk, clock=lambda: MAY, at_once=at_once)
        found = what_stands(envelope)
        transaction.set_rollback(True)
    return found


def test_every_kind_of_line_is_answered_as_alone(county: County) -> None:
    rows = lines()
    alone = applied(county, [line for line, _code in rows], 1)
    assert [code for _number, code, *_words in alone["lines"]] == [code for _line, code in rows]
    assert alone["envelope"][:2] == ["partly", 9]
    assert applied(county, [line for line, _code in rows], 500) == alone
    for rows_of_one in (twice(), twice()[::-1]):
        found = applied(county, rows_of_one, 2)
        assert [code for _number, code, *_words in found["lines"]] == ["OK", "E-RECEIPT-TWICE"]
        assert found == applied(county, rows_of_one, 1)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.randoms(use_true_random=False), at_once=st.integers(2, 9))
def test_in_any_order_many_at_once_are_what_they_are_one_by_one(county: County, order: Any, at_once: int) -> None:
    rows = [line for line, _code in lines()] + twice()
    order.shuffle(rows)
    assert applied(county, rows, at_once) == applied(county, rows, 1)


@pytest.mark.parametrize("stops_at", [1, 2, 3])
def test_a_worker_that_was_killed_goes_on_where_it_stood(county: County, stops_at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [line for line, _code in lines()]
    whole = applied(county, rows, 10)
    envelope = taken_in(county, rows)
    calls: list[int] = []

    def killed(*given_rows: Any, **named: Any) -> Any:
        calls.append(len(calls))
        outcome = record_receipts(*given_rows, **named)
        if len(calls) == stops_at:
            raise ConnectionError("killed")
        return outcome

    monkeypatch.setattr("zhubao.procedures.plan_files.record_receipts", killed)
    with pytest.raises(ConnectionError):
        apply_receipts(envelope.pk, clock=lambda: MAY, at_once=10)
    assert EnvelopeLine.objects.filter(envelope=envelope).exclude(applied_at=None).count() == (stops_at - 1) * 10
    for _again in range(2):
        apply_receipts(envelope.pk, clock=lambda: MAY, at_once=10)
    assert what_stands(envelope) == whole


def test_one_audit_entry_says_what_a_transaction_took(county: County) -> None:
    envelope = taken_in(county, [line for line, _code in lines()])
    apply_receipts(envelope.pk, clock=lambda: MAY)
    found = AuditEntry.objects.filter(subject=county.plan.subject, after__file=envelope.subject).order_by("number")
    assert list(found.values_list("action", "after")) == [
        ("plan.pay_self", {"rows": 5, "fen": 60_800, "file": envelope.subject}),
        ("plan.report_full", {"rows": 3, "fen": 70_000, "file": envelope.subject}),
    ]


def test_a_line_that_cannot_be_posted_is_refused_alone(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever stops all of them together is found out line by line: the others are taken."""
    faulty = row("向中玉").subject

    def refuse(given_lines: Any, **named: Any) -> int:
        if any(line.subject == faulty for line in given_lines):
            raise ZhubaoError(
                "E-LEDGER-KEY", Text("同一凭证号已记过另一笔", "this key was posted with other content"), place=faulty
            )
        return post_new(given_lines, **named)

    monkeypatch.setattr("zhubao.assistance.collecting.post_new", refuse)
    came = county.receive(
        "self_pay_receipts",
        [receipt("冉光荣", 100, 30), receipt("向中玉", 200, 130), receipt("何世琼", 500, 400)],
        batch="S1",
        now=MAY,
    )
    assert county.results(came) == ["OK", "E-LEDGER-KEY", "OK"]
    assert PlanReceipt.objects.exclude(number="PS22-早缴").count() == 2


def test_a_refused_receipt_leaves_one_open_difference_with_the_latest_figures(county: County) -> None:
    """任廷芳 is short by one yuan, then by two, then right; 张泽会 stays above the whole tier."""
    kept = PlanDifference.objects.filter(kind="receipt_refused").order_by("pk")
    found = ("subject", "masked_name", "tax_fen", "found_at", "closed_at")
    short = ("receipt:PS22-任廷芳", "任**")
    above = ("receipt:PS22-张泽会", "张**", 13_000, MAY, None)
    later, last = at(5, 23), at(5, 24)
    for batch, yuan, now, stands in (
        ("S1", 29, MAY, (*short, 2_900, MAY, None)),
        ("S2", 28, later, (*short, 2_800, MAY, None)),
        ("S3", 30, last, (*short, 2_800, MAY, last)),
    ):
        rows = [receipt("任廷芳", 100, yuan), receipt("张泽会", 100, 130)]
        county.receive("self_pay_receipts", rows, batch=batch, now=now)
        assert list(kept.values_list(*found)) == [stands, above]
        assert kept[1].detail.startswith(f"文件 {batch} 第 2 行")
