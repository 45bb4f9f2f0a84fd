"""Deductions from pensions: a year to the last instalment through the files, what must wait, and what is refused."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.loans.lives import COUNTY, SYSTEM, TERMS, VILLAGE, Life, PostOf, at, figure, life_of, rows_of_everything
from zhubao.access.roles import OrganisationKind, Role
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import EnvelopeState
from zhubao.exchange.selectors import rows_of
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import balance, trial_balance
from zhubao.lending.events import prepaid
from zhubao.loans.deductions.ordering import examine_open, untold_orders
from zhubao.loans.drawing import confirm_draw, plan_back_payment
from zhubao.loans.endings.waiting import ISSUE_CERTIFICATE
from zhubao.loans.models import DeductionInstruction, DeductionOrder, Loan, PensionCredit
from zhubao.loans.opening import open_loan
from zhubao.loans.repaying import record_pension
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.stepping import add_event
from zhubao.notices.models import Notice
from zhubao.procedures.deductions_ordered import open_orders, pensions_left, send_net_pensions, send_orders
from zhubao.procedures.verification import loan_books
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task

from . import deductions as bank
from .retirements import JULY, PENSION, close, ordered, retiring, through_the_year

pytestmark = pytest.mark.django_db


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
