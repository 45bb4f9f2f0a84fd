"""What the bank answers to an order: what was not taken is told at once, a wrong line changes nothing, a failure waits for the borrower."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.loans.endings import paid_part
from tests.loans.lives import PostOf, at, rows_of_everything
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import EnvelopeState
from zhubao.loans.deductions.ordering import hold_of
from zhubao.loans.deductions.returning import SAID, follow_up, record_deduction
from zhubao.loans.deductions.waiting import FAILED, MOVED
from zhubao.loans.endings.early import ask_quote, confirm_part, pay_all, settle_early
from zhubao.loans.models import DeductionInstruction, DeductionOrder, DeductionReturn, Loan, LoanEvent, PensionCredit
from zhubao.loans.states import RUGAO
from zhubao.notices.models import Notice
from zhubao.tasks.models import Task

from . import deductions as bank
from .retirements import JULY, close, ordered, retiring

pytestmark = pytest.mark.django_db

# What the bank says, and what becomes of it: arrears, the tasks, what the borrower is told.
FAILURES = [
    pytest.param("insufficient", 0, True, [FAILED], id="余额不足"),
    pytest.param("insufficient", 40_000, True, [FAILED], id="只扣到一部分"),
    pytest.param("closed", 0, True, [FAILED], id="账户注销"),
    pytest.param("moved", 0, True, [FAILED, MOVED], id="还款部分被转出"),
    pytest.param("protected", 10_000, False, [], id="低于应保留金额，不算欠款"),
]


@pytest.mark.clauses("jx-annex-6b", "jx-4.1b", "tl-4.3a")
@pytest.mark.parametrize(("result", "fen", "failed", "kinds"), FAILURES)
def test_a_failure_is_told_at_once_and_not_tried_again(
    result: str, fen: int, failed: bool, kinds: list[str], post_of: PostOf
) -> None:
    life = retiring(RUGAO, post_of)
    envelope, on = ordered(life), date(2022, 8, 5)
    assert hold_of(PensionCredit.objects.get()) == 90_000
    why = SAID[result].zh
    bank.load_return(life, bank.answers(envelope, on, result=result, amount_fen=fen, reason=why), "R1", on, to=envelope)
    answer = DeductionReturn.objects.get()
    assert (answer.missing_fen, answer.failed) == (90_000 - fen, failed)
    event = LoanEvent.objects.get(key="deducted:2022-07")
    assert (event.day, event.amount) == (on, fen)
    notice = Notice.objects.get(kind="deduction_failed")
    assert notice.person_id == life.loan.person_id
    assert f"原因：{why}。" in notice.text
    assert ("还清" in notice.text) == failed
    assert sorted(Task.objects.open().filter(kind__in=[FAILED, MOVED]).values_list("kind", flat=True)) == sorted(kinds)
    # Nothing is ordered for July a second time, not even by the next month-end.
    assert bank.order(life, "O2", date(2022, 8, 6)) == (None, [])
    assert hold_of(PensionCredit.objects.get()) == 0
    close(date(2022, 8, 1))
    assert list(DeductionOrder.objects.values_list("month", "amount_fen")) == [(JULY, 90_000), (date(2022, 8, 1), 90_000)]


def test_what_came_of_the_talk_closes_the_task_and_not_the_debt(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    envelope, on = ordered(life), date(2022, 8, 5)
    bank.load_return(life, bank.answers(envelope, on, result="insufficient", amount_fen=0), "R1", on)
    answer, officer = DeductionReturn.objects.get(), life.by(Role.BANK_OFFICER)
    for actor, said, code in (
        (officer, "  ", "E-REASON"),
        (replace(officer, organisation_id=0), "x", "E-SCOPE"),
        (life.by(Role.TAX_CLERK), "x", "E-SCOPE"),
    ):
        before = rows_of_everything()
        with pytest.raises(ZhubaoError, match=code):
            follow_up(answer.pk, said, actor=actor, now=at(2022, 8, 8))
        assert rows_of_everything() == before
    first = follow_up(answer.pk, "下周来还", actor=officer, now=at(2022, 8, 8))
    assert follow_up(answer.pk, "下周来还", actor=officer, now=at(2022, 8, 9)) == first
    assert not Task.objects.open().filter(kind=FAILED).exists()
    assert answer.failed


def test_nobody_is_to_speak_to_a_borrower_whose_loan_has_ended(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    envelope, on = ordered(life), date(2022, 8, 5)
    bank.load_return(life, bank.answers(envelope, on, result="insufficient", amount_fen=0), "R1", on)
    officer, reviewer = life.by(Role.BANK_OFFICER), life.by(Role.BANK_REVIEWER)
    quote = ask_quote(life.loan.pk, on, actor=officer, now=at(2022, 8, 5))
    paid = pay_all(quote.pk, on, quote.total_fen, "G1", actor=officer, now=at(2022, 8, 5))
    assert Task.objects.open().filter(kind=FAILED).count() == 1
    settle_early(paid.pk, actor=reviewer, now=at(2022, 8, 6))
    assert Loan.objects.get(pk=life.loan.pk).state == "settled"
    assert not Task.objects.open().filter(kind=FAILED).exists()


def test_arrears_made_good_close_the_talk_and_leave_what_the_agency_looks_into(post_of: PostOf) -> None:
    """600 of the 900 yuan were not taken in July: 500 paid at the counter leave 100 to talk about, another 100 nothing."""
    life = retiring(RUGAO, post_of)
    envelope, on = ordered(life), date(2022, 8, 5)
    bank.load_return(life, bank.answers(envelope, on, result="moved", amount_fen=30_000), "R1", on)
    waiting = Task.objects.open().filter(subject=life.loan.subject, kind__in=[FAILED, MOVED])
    for day, fen, left in ((8, 50_000, [FAILED, MOVED]), (9, 10_000, [MOVED])):
        paid_on = date(2022, 8, day)
        part = paid_part(life, fen, on=paid_on, reference=f"G{day}")
        assert waiting.count() == 2
        confirm_part(part.pk, actor=life.by(Role.BANK_REVIEWER), now=at(2022, 8, day))
        assert sorted(waiting.values_list("kind", flat=True)) == sorted(left)
    assert Loan.objects.get(pk=life.loan.pk).state == "repaying"
    # The instalment of August fails too: there is something to talk about again.
    august = date(2022, 8, 1)
    second, later = ordered(life, august), date(2022, 9, 5)
    bank.load_return(life, bank.answers(second, later, result="insufficient", amount_fen=0), "R2", later)
    assert sorted(waiting.values_list("kind", flat=True)) == sorted([FAILED, MOVED])


WRONG = [
    pytest.param({"amount_fen": 90_001}, "E-RETURN-ABOVE", id="超过应扣"),
    pytest.param({"ordered_fen": 95_000, "amount_fen": 95_000}, "E-RETURN-ORDER", id="应扣金额改过"),
    pytest.param({"month": date(2022, 6, 1)}, "E-RETURN-FILE", id="别的月份的回盘"),
    pytest.param({"loan_number": "L9"}, "E-LOAN-UNKNOWN", id="没有的贷款"),
    pytest.param({"amount_fen": 0}, "E-RETURN-RESULT", id="写全额却没扣"),
    pytest.param({"result": "insufficient"}, "E-RETURN-RESULT", id="写不足却全扣"),
    pytest.param({"taken_on": date(2022, 7, 14)}, "E-RETURN-DAY", id="入账之前扣款"),
    pytest.param({"taken_on": date(2022, 9, 14)}, "E-RETURN-DAY", id="将来扣款"),
]


@pytest.mark.parametrize(("change", "code"), WRONG)
def test_a_wrong_line_is_answered_and_changes_nothing(change: dict[str, Any], code: str, post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    envelope, on = ordered(life), date(2022, 8, 5)
    before = {name: rows for name, rows in rows_of_everything().items() if name != "access_auditentry"}
    done = bank.load_return(life, bank.answers(envelope, on, **change), "R1", on, to=envelope)
    assert (done.state, done.lines.get().result_code) == (EnvelopeState.REFUSED, code)
    assert {name: rows for name, rows in rows_of_everything().items() if name != "access_auditentry"} == before
    # The right line under a batch of its own is taken.
    assert bank.load_return(life, bank.answers(envelope, on), "R2", on, to=envelope).state == EnvelopeState.ACCEPTED


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        pytest.param(lambda content: content.replace(b"900.00", b"910.00", 1), "E-EXCHANGE-TOTAL", id="合计改过"),
        pytest.param(lambda content: content.replace(b",900.00,", b",-900.00,"), "E-LINE-CELL", id="负数"),
        pytest.param(lambda content: content.decode("utf-8-sig").encode("big5", "replace"), "E-", id="编码不对"),
        pytest.param(lambda content: content.replace("全额扣划".encode(), "已扣".encode()), "E-LINE-CELL", id="没有的结果"),
        pytest.param(lambda content: content.replace(b"2022-07,", b"2022-07-09,"), "E-LINE-CELL", id="月份写成日期"),
        pytest.param(
            lambda content: content.replace("演示合作银行".encode(), "另一银行".encode()), "E-EXCHANGE-OFFICE", id="别的银行"
        ),
    ],
)
def test_a_spoiled_file_is_refused_whole(spoil: Any, code: str, post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    envelope, on = ordered(life), date(2022, 8, 5)
    content = bank.return_content(life, bank.answers(envelope, on), "R1")
    spoiled = spoil(content)
    assert spoiled != content
    receipt = bank.hand_in(life, spoiled, on, to=envelope)
    assert receipt.refused
    assert any(fault.code.startswith(code) for fault in receipt.faults), receipt.faults
    assert all(fault.place for fault in receipt.faults)
    assert not DeductionReturn.objects.exists()


def test_a_line_twice_and_a_second_answer(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    envelope, on = ordered(life), date(2022, 8, 5)
    (row,) = bank.answers(envelope, on)
    receipt = bank.hand_in(life, bank.return_content(life, [row, row], "R0"), on)
    assert {fault.code for fault in receipt.faults} == {"E-LINE-TWICE"}
    bank.load_return(life, [row], "R1", on)
    # The same again under another batch is the same; another answer is refused.
    assert bank.load_return(life, [row], "R2", on).state == EnvelopeState.ACCEPTED
    other = replace(row, amount_fen=0, result="insufficient")
    assert bank.load_return(life, [other], "R3", on).lines.get().result_code == "E-RETURN-AGAIN"
    assert DeductionReturn.objects.count() == LoanEvent.objects.filter(key__startswith="deducted:").count() == 1


def test_the_database_refuses_an_instalment_above_the_order_before_the_credit_or_twice(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    ordered(life)
    values: dict[str, Any] = {
        "instruction": DeductionInstruction.objects.get(), "instructed_fen": 90_000, "credited_on": date(2022, 7, 15),
        "taken_on": date(2022, 8, 5), "taken_fen": 90_000, "result": "taken", "entered_at": at(2022, 8, 5),
    }  # fmt: skip
    for change in (
        {"taken_fen": 90_001},
        {"instructed_fen": 99_000, "taken_fen": 99_000},
        {"taken_on": date(2022, 7, 14)},
        {"taken_on": date(2022, 7, 14), "credited_on": date(2022, 7, 1)},
        {"taken_fen": -1, "result": "other"},
        {"taken_fen": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeductionReturn.objects.create(**{**values, **change})
    kept = DeductionReturn.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeductionReturn.objects.create(**values)
    with pytest.raises(IntegrityError, match="new rows only"), transaction.atomic():
        DeductionReturn.objects.filter(pk=kept.pk).update(taken_fen=0)


def test_a_bank_officer_records_one_instalment_by_hand(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    ordered(life)
    officer, now = life.by(Role.BANK_OFFICER), at(2022, 8, 5)
    with pytest.raises(ZhubaoError, match="E-ORDER-UNKNOWN"):
        record_deduction(life.loan.pk, date(2022, 8, 1), 90_000, date(2022, 8, 5), "taken", actor=officer, now=now)
    first = record_deduction(life.loan.pk, JULY, 90_000, date(2022, 8, 5), "taken", actor=officer, now=now)
    assert first.entered_by_id == officer.post_id
    assert record_deduction(life.loan.pk, JULY, 90_000, date(2022, 8, 5), "taken", actor=officer, now=now) == first
