"""Deductions from pensions: a year to the last instalment through the files, what must wait, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.loans.lives import COUNTY, SYSTEM, TERMS, VILLAGE, Life, PostOf, at, figure, life_of, rows_of_everything
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope, EnvelopeState
from zhubao.exchange.selectors import rows_of
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance, trial_balance
from zhubao.lending.events import prepaid
from zhubao.loans.deductions.ordering import examine_open, hold_of, untold_orders
from zhubao.loans.deductions.returning import follow_up, record_deduction
from zhubao.loans.deductions.waiting import FAILED, MOVED
from zhubao.loans.drawing import confirm_draw, plan_back_payment
from zhubao.loans.endings.early import ask_quote, pay_all, settle_early
from zhubao.loans.endings.waiting import ISSUE_CERTIFICATE
from zhubao.loans.models import DeductionInstruction, DeductionOrder, DeductionReturn, Loan, LoanEvent, PensionCredit
from zhubao.loans.opening import LoanTerms, open_loan
from zhubao.loans.repaying import record_pension
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.stepping import add_event
from zhubao.notices.models import Notice
from zhubao.procedures.deductions_ordered import open_orders, pensions_left, send_net_pensions, send_orders
from zhubao.procedures.month_end import close_month
from zhubao.procedures.verification import loan_books
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task

from . import deductions as bank

pytestmark = pytest.mark.django_db
PENSION, JULY = date(2022, 7, 1), date(2022, 7, 1)


def last(month: date) -> date:
    """The last day of a month."""
    return (month.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)


def following(month: date) -> date:
    """The first of the month after."""
    return last(month) + timedelta(1)


def close(month: date) -> Any:
    """Close the county at the end of a month."""
    day = last(month)
    return close_month(COUNTY, day, actor=SYSTEM, clock=lambda: at(day.year, day.month, day.day))


def retiring(policy_id: str, post_of: PostOf, pension_fen: int = 180_000, **more: Any) -> Life:
    """Return a loan with one draw of 8 400 yuan of 10 March 2021 and the pension from July 2022 on record."""
    terms: LoanTerms = replace(TERMS[policy_id], pension_month=PENSION, **more)
    life = life_of(policy_id, post_of, terms=terms)
    bank.cooperating(life)
    life.year(2021)
    for year in (2022, 2023, 2024):
        enter_figures([figure("floor_fen", 76_500, year)], actor=SYSTEM, now=at(2021, 1, 5))
    basic = 18_000 if policy_id == TONGLING else None
    record_pension(life.loan.pk, PENSION, pension_fen, "核定表", basic_fen=basic, actor=SYSTEM, now=at(2022, 7, 5))
    return life


def ordered(life: Life, month: date = JULY, pension_fen: int = 180_000) -> Envelope:
    """Credit a month's pension on the 15th, close the month and tell the bank on the first of the next."""
    bank.load_credits(
        life, [bank.credited(life, month, pension_fen, month.replace(day=15))], f"C{month:%Y%m}", month.replace(day=16)
    )
    close(month)
    envelope = bank.order(life, f"O{month:%Y%m}", following(month)).envelope
    assert envelope is not None
    return envelope


def through_the_year(life: Life, pension_fen: int) -> list[int]:
    """Live month after month through the files until the loan is settled, and return what was taken each month."""
    month = JULY
    taken: list[int] = []
    while life.fresh().state != "settled":
        assert month.year < 2025, taken
        envelope, on = ordered(life, month, pension_fen), following(month).replace(day=5)
        done = bank.load_return(life, bank.answers(envelope, on), f"R{month:%Y%m}", on, to=envelope)
        assert done.state == EnvelopeState.ACCEPTED, list(done.lines.values_list("result_code", "message"))
        taken.append(DeductionReturn.objects.latest("pk").taken_fen)
        month = following(month)
    return taken


@pytest.mark.clauses("jx-3.2a", "jx-3.2b", "jx-3.2c", "jx-annex-6a", "rg-14.1a", "rg-14.1c")
@pytest.mark.parametrize(
    ("policy_id", "pension_fen", "each"),
    [
        # 8 400 yuan and what of the interest is the borrower's, in halves of 1 800.
        pytest.param(RUGAO, 180_000, 90_000, id="如皋：每月一半，到最后一期"),
        # 1 300 less the floor of 765 is exactly the instalment agreed.
        pytest.param(JIANGXI, 130_000, 53_500, id="江西：约定额与低保线，到最后一期"),
        # 1 200 less the floor leaves 435: the agreed 535 are never taken.
        pytest.param(JIANGXI, 120_000, 43_500, id="江西：低保线压低每期，期数顺延"),
    ],
)
def test_month_after_month_to_the_last_instalment(policy_id: str, pension_fen: int, each: int, post_of: PostOf) -> None:
    life = retiring(policy_id, post_of, pension_fen)
    taken = through_the_year(life, pension_fen)
    # The last order is what was owed at the month-end; the interest of the days until it was taken comes a month later.
    assert set(taken[:-2]) == {each}
    assert 0 < taken[-1] < 100 < taken[-2] < each
    assert sum(taken) > 840_000
    assert balance(Party.BANK, "loan_principal") == 0
    assert balance(Party.BANK, "interest_receivable_borrower") == 0
    assert balance(Party.BORROWER, "loan_payable") == 0
    for party in Party:
        assert sum(row.fen for row in trial_balance(life.by(Role.AGENCY_ACCOUNTANT), COUNTY, party=party)) == 0, party
    assert loan_books(COUNTY)["differences"] == []
    certificate = Task.objects.open().get(subject=life.loan.subject)
    assert (certificate.kind, certificate.organisation_id) == (ISSUE_CERTIFICATE, life.loan.bank_id)
    assert not Notice.objects.filter(kind="deduction_failed").exists()


@pytest.mark.clauses("rg-14.1c")
def test_no_order_goes_to_the_bank_before_the_pension_is_seen_credited(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    close(JULY)
    told = bank.order(life, "O1", date(2022, 8, 1))
    assert (told.envelope, [each.waits.code for each in told.waiting if each.waits]) == (None, ["E-CREDIT-MISSING"])
    assert not DeductionInstruction.objects.exists()
    bank.load_credits(life, [bank.credited(life, JULY, 180_000, date(2022, 8, 2))], "C1", date(2022, 8, 2))
    envelope = bank.order(life, "O2", date(2022, 8, 3)).envelope
    assert envelope is not None
    (row,) = rows_of(envelope, today=date(2022, 8, 3))
    assert (row.month, row.pension_fen, row.protected_fen, row.amount_fen) == (JULY, 180_000, 90_000, 90_000)
    assert bank.order(life, "O3", date(2022, 8, 4)) == (None, [])
    assert bank.order(life, "O2", date(2022, 8, 4)).envelope == envelope


@pytest.mark.clauses("rg-14.1c", "rg-14.1b")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"gross_fen": 90_000}, "E-CREDIT-NOT-FULL", id="轧差后入账"),
        pytest.param({"month": date(2022, 9, 1)}, "E-CREDIT-MONTH", id="还没到的月份"),
        pytest.param({"credited_on": date(2023, 7, 15)}, "E-CREDIT-MONTH", id="将来的日期"),
        pytest.param({"loan_number": "L9"}, "E-LOAN-UNKNOWN", id="没有的贷款"),
        pytest.param({"basic_fen": 180_001}, "E-PENSION", id="基础养老金超过全额"),
    ],
)
def test_a_credit_that_cannot_be_is_answered_with_the_reason(change: dict[str, Any], code: str, post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    row = replace(bank.credited(life, JULY, 180_000, date(2022, 7, 15)), **change)
    done = bank.load_credits(life, [row], "C1", date(2022, 7, 20))
    assert (done.state, done.lines.get().result_code) == (EnvelopeState.REFUSED, code)
    assert done.lines.get().message
    assert not PensionCredit.objects.exists()


@pytest.mark.clauses("rg-14.1b")
def test_a_pension_paid_by_another_bank_or_to_another_person_is_refused(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    other = life_of(RUGAO, post_of, name="L2", sequence=46)
    wrong = replace(
        bank.credited(life, JULY, 180_000, date(2022, 7, 15)), id_number=bank.credited(other, JULY, 1, JULY).id_number
    )
    assert bank.load_credits(life, [wrong], "C1", date(2022, 7, 20)).lines.get().result_code == "E-CREDIT-PERSON"
    row = bank.credited(life, JULY, 180_000, date(2022, 7, 15))
    stranger = Organisation.objects.create(kind=OrganisationKind.BANK, name="别的银行", region_id=COUNTY)
    Loan.objects.filter(pk=life.loan.pk).update(bank=stranger)
    assert bank.load_credits(life, [row], "C2", date(2022, 7, 20)).lines.get().result_code == "E-CREDIT-BANK"
    assert not PensionCredit.objects.exists()


def test_the_same_month_is_credited_once(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    row = bank.credited(life, JULY, 180_000, date(2022, 7, 15))
    assert bank.load_credits(life, [row], "C1", date(2022, 7, 20)).state == EnvelopeState.ACCEPTED
    assert bank.load_credits(life, [row], "C2", date(2022, 7, 21)).state == EnvelopeState.ACCEPTED
    again = bank.load_credits(life, [replace(row, gross_fen=190_000)], "C3", date(2022, 7, 22))
    assert again.lines.get().result_code == "E-CREDIT-AGAIN"
    assert PensionCredit.objects.get().gross_fen == 180_000


def test_the_agencys_figures_are_the_pension_itself_a_banks_are_only_compared(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    august = date(2022, 8, 1)
    bank.load_credits(life, [bank.credited(life, JULY, 185_000, date(2022, 7, 15))], "C1", date(2022, 7, 20))
    assert not LoanEvent.objects.filter(key="pension:2022-08-01").exists()
    row = bank.credited(life, august, 190_000, date(2022, 8, 15))
    bank.load_credits(life, [row], "C2", date(2022, 8, 20), by_agency=True)
    assert LoanEvent.objects.get(key="pension:2022-08-01").amount == 190_000


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
    bank.load_return(life, bank.answers(envelope, on, result=result, amount_fen=fen), "R1", on, to=envelope)
    answer = DeductionReturn.objects.get()
    assert (answer.missing_fen, answer.failed) == (90_000 - fen, failed)
    event = LoanEvent.objects.get(key="deducted:2022-07")
    assert (event.day, event.amount) == (on, fen)
    notice = Notice.objects.get(kind="deduction_failed")
    assert notice.person_id == life.loan.person_id
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


@pytest.mark.clauses("jx-3.2a", "jx-annex-6a")
def test_a_pension_paid_late_for_several_months_is_capped_month_by_month(post_of: PostOf) -> None:
    terms = replace(TERMS[JIANGXI], pension_month=PENSION)
    life = life_of(JIANGXI, post_of, terms=terms)
    bank.cooperating(life)
    life.year(2021)
    months = [JULY, date(2022, 8, 1), date(2022, 9, 1)]
    for start, end, fen in ((date(2022, 1, 1), date(2022, 8, 31), 76_500), (date(2022, 9, 1), None, 80_000)):
        entry = replace(figure("floor_fen", fen, 2022), effective_from=start, effective_to=end)
        enter_figures([entry], actor=SYSTEM, now=at(2022, 1, 5))
    assert [len(close(month).held) for month in months[:2]] == [1, 1]
    rows = [bank.credited(life, month, 120_000, date(2022, 9, 15)) for month in months]
    bank.load_credits(life, rows, "C1", date(2022, 9, 16), by_agency=True)
    close(months[2])
    envelope = bank.order(life, "O1", date(2022, 10, 1)).envelope
    assert envelope is not None
    told = [(row.month, row.protected_fen, row.amount_fen) for row in rows_of(envelope, today=date(2022, 10, 1))]
    assert told == [(months[0], 76_500, 43_500), (months[1], 76_500, 43_500), (months[2], 80_000, 40_000)]
    on = date(2022, 10, 8)
    done = bank.load_return(life, bank.answers(envelope, on), "R1", on, to=envelope)
    assert done.state == EnvelopeState.ACCEPTED
    assert balance(Party.BORROWER, "card_deposit") == -127_000
    assert loan_books(COUNTY)["differences"] == []


@pytest.mark.clauses("jx-3.2c")
def test_two_loans_of_one_pension_leave_the_floor_together(post_of: PostOf) -> None:
    life = retiring(JIANGXI, post_of, 120_000, instalment_fen=30_000)
    terms = replace(TERMS[JIANGXI], pension_month=PENSION, back_payment=True, instalment_fen=30_000)
    loan = life.loan
    second = open_loan(
        "L2", terms, region_code=VILLAGE, policy_id=JIANGXI, case_number=loan.case_number, person_id=loan.person_id,
        bank_id=loan.bank_id, agency_id=loan.agency_id, card_account_id=loan.card_account_id,
        actor=life.by(Role.BANK_OFFICER), now=at(2021, 3, 1),
    )  # fmt: skip
    tranche = plan_back_payment(second.pk, {2020: 12}, actor=life.by(Role.AGENCY_ACCOUNTANT), now=at(2021, 3, 1))
    Life(second, life.by).release(tranche)
    confirm_draw(tranche.pk, date(2021, 3, 10), actor=life.by(Role.BANK_OFFICER), now=at(2021, 3, 10))
    Life(second, life.by).pay_in(Life(second, life.by).draw(tranche))
    record_pension(second.pk, PENSION, 120_000, "核定表", actor=SYSTEM, now=at(2022, 7, 5))
    envelope = ordered(life, JULY, 120_000)
    # 1 200 less the floor of 765 leaves 435 for both: 300 for the one, 135 for the other.
    amounts = DeductionInstruction.objects.order_by("order__loan__number").values_list("ordered_fen", "others_fen", "amount_fen")
    assert list(amounts) == [(30_000, 0, 30_000), (30_000, 30_000, 13_500)]
    on = date(2022, 8, 5)
    assert bank.load_return(life, bank.answers(envelope, on), "R1", on).state == EnvelopeState.ACCEPTED
    assert balance(Party.BORROWER, "card_deposit") == -43_500


@pytest.mark.clauses("tl-4.2a", "tl-4.2b", "tl-5.1g")
def test_tongling_takes_the_account_pension_and_only_with_consent(post_of: PostOf) -> None:
    life = retiring(TONGLING, post_of, 40_000, method="pension_monthly", instalment_fen=30_000)
    bank.load_credits(life, [bank.credited(life, JULY, 40_000, date(2022, 7, 15), 18_000)], "C1", date(2022, 7, 16))
    close(JULY)
    told = bank.order(life, "O1", date(2022, 8, 1))
    assert (told.envelope, [each.waits.code for each in told.waiting if each.waits]) == (None, ["E-CONSENT-MISSING"])
    assert not DeductionInstruction.objects.exists()
    orders = list(untold_orders(Loan.objects.all()))
    (consented,) = examine_open(orders, date(2022, 8, 1), {life.loan.case_number})
    assert (consented.waits, consented.amount_fen) == (None, 22_000)


def test_an_early_payment_after_the_order_makes_the_instalment_smaller(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    bank.load_credits(life, [bank.credited(life, JULY, 180_000, date(2022, 7, 15))], "C1", date(2022, 7, 16))
    close(JULY)
    add_event(life.loan, "prepaid:1", prepaid(date(2022, 8, 1), 820_000), "柜面", actor=SYSTEM, now=at(2022, 8, 1))
    (each,) = open_orders(life.by(Role.AGENCY_ACCOUNTANT), life.loan.bank_id, RUGAO, date(2022, 8, 2))
    # To 1 August 25 611 of interest, 22 066 of it the government's: 843 545 less 820 000, and a day's interest of the rest, 3 fen.
    assert (each.order.amount_fen, each.amount_fen) == (90_000, 23_548)


@pytest.mark.clauses("rg-14.1d")
def test_civil_affairs_is_told_what_is_left_once_the_bank_has_answered(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    bank.load_credits(life, [bank.credited(life, JULY, 180_000, date(2022, 7, 15))], "C1", date(2022, 7, 16))
    assert [each.waits for each in pensions_left(accountant, JULY)] == [True]
    envelope, on = ordered(life, JULY), date(2022, 8, 5)
    assert [each.waits for each in pensions_left(accountant, JULY)] == [True]
    with pytest.raises(ZhubaoError, match="E-EXCHANGE-EMPTY"):
        send_net_pensions(JULY, "N1", actor=accountant, now=at(2022, 8, 5))
    bank.load_return(life, bank.answers(envelope, on), "R1", on, to=envelope)
    sent = send_net_pensions(JULY, "N1", actor=accountant, now=at(2022, 8, 6))
    (row,) = rows_of(sent, today=date(2022, 8, 6))
    assert (row.gross_fen, row.deducted_fen, row.net_fen) == (180_000, 90_000, 90_000)
    assert sent.receiver.kind == OrganisationKind.CIVIL_AFFAIRS
    assert send_net_pensions(JULY, "N1", actor=accountant, now=at(2022, 8, 7)) == sent
    with pytest.raises(ZhubaoError, match="E-EXCHANGE-EMPTY"):
        send_net_pensions(JULY, "N2", actor=accountant, now=at(2022, 8, 7))


def test_only_their_posts_write_the_files(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    for role in (Role.BANK_OFFICER, Role.AGENCY_APPROVER, Role.AUDITOR):
        before = rows_of_everything()
        with pytest.raises(ZhubaoError, match="E-SCOPE"):
            send_orders(life.loan.bank_id, RUGAO, "O1", actor=life.by(role), now=at(2022, 8, 1))
        with pytest.raises(ZhubaoError, match="E-SCOPE"):
            send_net_pensions(JULY, "N1", actor=life.by(role), now=at(2022, 8, 1))
        assert rows_of_everything() == before


def test_a_dead_borrowers_order_waits(post_of: PostOf) -> None:
    life = retiring(RUGAO, post_of)
    bank.load_credits(life, [bank.credited(life, JULY, 180_000, date(2022, 7, 15))], "C1", date(2022, 7, 16))
    close(JULY)
    person = life.loan.person
    person.died_on, person.died_source = date(2022, 8, 1), "火化证明"
    person.save()
    assert [each.waits.code for each in bank.order(life, "O1", date(2022, 8, 3)).waiting if each.waits] == ["E-ORDER-STATE"]


# Column → a value the database refuses, whoever writes it.
FORBIDDEN = [
    pytest.param({"amount_fen": 90_001, "ordered_fen": 90_001}, "does not carry the numbers", id="抬高应扣额"),
    pytest.param({"amount_fen": 90_001}, "deduction_told_", id="超过应扣额"),
    pytest.param({"protected_fen": 0}, "does not carry the numbers", id="抹去保留额"),
    pytest.param({"pension_fen": 300_000}, "does not carry the numbers", id="抬高养老金"),
    pytest.param({"amount_fen": 0}, "deduction_told_within_order", id="零元"),
]


@pytest.mark.clauses("rg-14.1a", "jx-3.2c")
@pytest.mark.parametrize(("change", "message"), FORBIDDEN)
def test_the_database_refuses_a_line_its_order_and_credit_do_not_bear(
    change: dict[str, Any], message: str, post_of: PostOf
) -> None:
    life = retiring(RUGAO, post_of)
    envelope = bank.load_credits(life, [bank.credited(life, JULY, 180_000, date(2022, 7, 15))], "C1", date(2022, 7, 16))
    close(JULY)
    values: dict[str, Any] = {
        "order": DeductionOrder.objects.get(), "credit": PensionCredit.objects.get(), "envelope": envelope,
        "instructed_on": date(2022, 8, 1), "pension_fen": 180_000, "others_fen": 0, "protected_fen": 90_000,
        "ordered_fen": 90_000, "amount_fen": 90_000,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=message), transaction.atomic():
        DeductionInstruction.objects.create(**{**values, **change})
    assert DeductionInstruction.objects.create(**values).amount_fen == 90_000


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
