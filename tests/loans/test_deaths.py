"""A borrower dies in debt, as bank, agency and finance would check it: who pays, who is never asked to, and the replay of the exported life."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.loans.endings import (
    DIED_ON,
    NOW,
    PAID_ON,
    agrees,
    checked,
    dead,
    divided,
    lent,
    paid_up,
    refusal,
)
from tests.loans.lives import SYSTEM, PostOf, at, life_of
from zhubao.access.roles import Role
from zhubao.accounts.actions import Credit, credit_many
from zhubao.accounts.after_death.actions import claim, find
from zhubao.accounts.control import differences
from zhubao.accounts.selectors import balance as held
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.ledger.selectors import balance
from zhubao.lending.events import deducted
from zhubao.loans.books import book
from zhubao.loans.endings.clearing import (
    approve_backstop,
    claim_paid_in,
    close_death,
    keep_claim,
    propose_write_off,
    receive_money,
    settle_claim,
    write_off,
)
from zhubao.loans.endings.death import agree_fault, divide_debt, enter_balance, find_fault, open_death
from zhubao.loans.models import (
    DeathSettlement,
    Loan,
    SettlementCertificate,
)
from zhubao.loans.repaying import begin_repaying, record_pension
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.stepping import add_event
from zhubao.procedures.heirs_paid import pay_heirs
from zhubao.tasks.models import Task

pytestmark = pytest.mark.django_db
OFFICER, REVIEWER = Role.BANK_OFFICER, Role.BANK_REVIEWER


@pytest.mark.clauses("jx-3.4a", "jx-3.4b", "rg-15.1")
@pytest.mark.parametrize("policy_id", [JIANGXI, RUGAO], ids=["江西", "如皋"])
@pytest.mark.parametrize(
    ("account", "by_account", "by_finance", "heirs"),
    [(500_000, 500_000, 340_000, 0), (1_000_000, 840_000, 0, 160_000), (0, 0, 840_000, 0)],
    ids=["账户不足", "账户有余", "账户为零"],
)
def test_account_and_finance_pay_for_a_dead_borrower(
    policy_id: str, account: int, by_account: int, by_finance: int, heirs: int, post_of: PostOf
) -> None:
    life = lent(policy_id, post_of)
    settlement = divided(life, account)
    assert (settlement.debt_fen, settlement.from_account_fen, settlement.finance_fen) == (840_000, by_account, by_finance)
    assert (settlement.unrecovered_fen, settlement.heirs_fen, settlement.certified) == (0, heirs, policy_id == JIANGXI)
    if by_finance:
        assert refusal(lambda: close_death(life.loan.pk, actor=life.by(REVIEWER), now=NOW)) == "E-PAYER"
        take = lambda: receive_money(  # noqa: E731
            life.loan.pk, "finance", DIED_ON, by_finance, "兜底", actor=life.by(OFFICER), now=NOW
        )
        assert refusal(take) == "E-PAYER-AGREE"
    paid_up(life)
    close_death(life.loan.pk, actor=life.by(REVIEWER), now=NOW)
    assert life.fresh().state == "settled"
    assert SettlementCertificate.objects.get().settled_on == DIED_ON
    assert balance(Party.FINANCE, "backstop_expense") == by_finance
    agrees(life, date(2021, 12, 31))


@pytest.mark.clauses("jx-3.4a", "jx-3.4b")
def test_nobody_pays_for_a_borrower_without_hardship_so_the_bank_claims_it_of_the_estate(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of, subsidised_from=None)
    settlement = divided(life, 500_000)
    assert (settlement.debt_fen, settlement.finance_fen, settlement.unrecovered_fen) == (848_983, 0, 348_983)
    # That nobody else pays is a default the locality has not confirmed (A-JX-9).
    assert settlement.unconfirmed
    paid_up(life)
    close_death(life.loan.pk, actor=life.by(REVIEWER), now=NOW)
    claim = DeathSettlement.objects.get().claim
    assert (life.fresh().state, claim.claimed_on, claim.amount_fen) == ("estate_claim", "estate", 348_983)
    assert balance(Party.BANK, "receivable_estate") == 348_983
    assert not SettlementCertificate.objects.exists()
    officer = life.by(OFFICER)

    def pay(fen: int, reference: str = "追偿1") -> Any:
        return claim_paid_in(life.loan.pk, DIED_ON, fen, "女儿", reference, actor=officer, now=NOW)

    for fen in (0, -5, 348_984):
        assert refusal(lambda fen=fen: pay(fen)) == "E-PAYMENT"  # type: ignore[misc]
    pay(48_983)
    assert refusal(lambda: pay(1_000)) == "E-PAYMENT-TWICE"
    assert refusal(lambda: settle_claim(life.loan.pk, actor=life.by(REVIEWER), now=NOW)) == "E-LOAN-OWED"
    assert refusal(lambda: write_off(life.loan.pk, "无遗产", actor=life.by(REVIEWER), now=NOW)) == "E-WRITE-OFF"
    agrees(life, date(2021, 12, 31))
    propose_write_off(life.loan.pk, "无遗产", actor=officer, now=NOW)
    keep_claim(life.loan.pk, "尚有房产", actor=life.by(REVIEWER), now=NOW)
    assert refusal(lambda: write_off(life.loan.pk, "无遗产", actor=life.by(REVIEWER), now=NOW)) == "E-WRITE-OFF"
    assert {task.kind for task in Task.objects.open()} == {"loan.ending.pursue_claim"}
    propose_write_off(life.loan.pk, "房产已抵债，无其他遗产", actor=officer, now=NOW)
    write_off(life.loan.pk, "同意核销", actor=life.by(REVIEWER), now=NOW)
    assert life.fresh().state == "written_off"
    assert (balance(Party.BANK, "bank_loss"), balance(Party.BANK, "receivable_estate")) == (300_000, 0)
    assert balance(Party.FINANCE, "backstop_expense") == 0


def test_nothing_is_divided_before_the_check_list_is_done(post_of: PostOf) -> None:
    life = lent(RUGAO, post_of)
    dead(life)
    pk, approver = life.loan.pk, life.by(Role.AGENCY_APPROVER)
    assert refusal(lambda: divide_debt(pk, actor=approver, now=NOW)) == "E-DEATH-OPEN"
    assert refusal(lambda: enter_balance(pk, -1, "系统", actor=life.by(Role.AGENCY_ACCOUNTANT), now=NOW)) == "E-BALANCE"
    assert {task.kind.rpartition(".")[2] for task in Task.objects.open()} == {"enter_balance", "stop_deductions", "inform_heirs"}
    with pytest.raises(ZhubaoError, match="E-STATE"):
        checked(life, 1)


@pytest.mark.clauses("rg-15.2")
def test_a_pensioner_dies_and_what_was_deducted_after_it_goes_back(post_of: PostOf) -> None:
    life = lent(RUGAO, post_of, pension_month=date(2022, 7, 1))
    record_pension(life.loan.pk, date(2022, 7, 1), 180_000, "待遇发放文件", actor=SYSTEM, now=at(2022, 7, 5))
    begin_repaying(life.loan.pk, date(2022, 7, 31), actor=SYSTEM, now=at(2022, 7, 31))
    for month, day in ((7, date(2022, 8, 5)), (8, date(2022, 9, 5)), (9, date(2022, 10, 5))):
        event = deducted(day, 90_000, [date(2022, month, 1)])
        add_event(life.loan, f"deducted:2022-{month:02}", event, "回盘", actor=SYSTEM, now=at(2022, day.month, 5))
        book(life.fresh(), day, actor=SYSTEM, now=at(2022, day.month, 5))
    before = balance(Party.BANK, "loan_principal")
    now = at(2022, 10, 20)
    settlement = divided(life, 500_000, on=date(2022, 9, 10), now=now)
    # Told on 20 October: the deduction of 5 October is no repayment any more.
    assert settlement.returned_fen == 90_000
    assert settlement.debt_fen == 500_000 + (settlement.finance_fen or 0)
    assert before + 80_000 < settlement.debt_fen < before + 95_000
    assert refusal(lambda: close_death(life.loan.pk, actor=life.by(REVIEWER), now=now)) == "E-PAYER"
    paid_up(life, on=date(2022, 10, 20), now=now)
    assert balance(Party.BANK, "returnable_deductions") == 0
    close_death(life.loan.pk, actor=life.by(REVIEWER), now=now)
    assert life.fresh().state == "settled"
    agrees(life, date(2022, 12, 31))


@pytest.mark.clauses("rg-15.3")
def test_the_banks_own_fault_is_found_by_agency_and_finance_together_and_never_finances(post_of: PostOf) -> None:
    life = lent(RUGAO, post_of)
    checked(life, 500_000)
    pk = life.loan.pk
    assert refusal(lambda: agree_fault(pk, "同意", actor=life.by(Role.FINANCE_CLERK), now=NOW)) == "E-FAULT"
    find_fault(pk, "银行漏扣一期", actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    assert {task.kind for task in Task.objects.open()} == {"loan.ending.answer_fault"}
    agree_fault(pk, "漏扣与损失无关", agree=False, actor=life.by(Role.FINANCE_CLERK), now=NOW)
    assert {task.kind for task in Task.objects.open()} == {"loan.ending.divide_debt"}
    find_fault(pk, "银行未按协议扣款，书面认定第3号", actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    assert refusal(lambda: divide_debt(pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)) == "E-FAULT"
    agree_fault(pk, "同意认定", actor=life.by(Role.FINANCE_CLERK), now=NOW)
    settlement = divide_debt(pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    assert (settlement.bank_fen, settlement.finance_fen) == (340_000, 0)
    assert refusal(lambda: approve_backstop(pk, actor=life.by(Role.FINANCE_CLERK), now=NOW)) == "E-PAYER"
    paid_up(life)
    close_death(pk, actor=life.by(REVIEWER), now=NOW)
    assert balance(Party.BANK, "bank_loss") == 340_000
    agrees(life, date(2021, 12, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        DeathSettlement.objects.update(finance_fen=340_000, bank_fen=0)


@pytest.mark.clauses("tl-4.3b")
def test_in_tongling_only_what_the_loan_formed_pays_and_the_child_who_signed_owes_the_rest(post_of: PostOf) -> None:
    life = lent(TONGLING, post_of)
    checked(life, 300_000, 120_000)
    settlement = divide_debt(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    assert (settlement.debt_fen, settlement.from_account_fen, settlement.heirs_fen) == (303_958, 120_000, 180_000)
    assert (settlement.finance_fen, settlement.unrecovered_fen) == (0, 183_958)
    paid_up(life)
    close_death(life.loan.pk, actor=life.by(REVIEWER), now=NOW)
    claim = DeathSettlement.objects.get().claim
    assert (claim.claimed_on, claim.amount_fen) == ("co_borrower", 183_958)
    claim_paid_in(life.loan.pk, DIED_ON, 183_958, "王小明", "追偿1", actor=life.by(OFFICER), now=NOW)
    settle_claim(life.loan.pk, actor=life.by(REVIEWER), now=NOW)
    assert life.fresh().state == "settled"
    assert not Posting.objects.filter(party=Party.FINANCE).exists()
    agrees(life, date(2021, 12, 31))


@pytest.mark.clauses("tl-4.3b")
def test_the_accounts_part_leaves_the_lot_of_the_loan_and_the_heirs_get_the_rest(post_of: PostOf) -> None:
    life = lent(TONGLING, post_of)
    person, county = life.loan.person, life.loan.region_code
    lots = (("own", 150_001), ("subsidy", 29_999))
    lines = [Credit(person.pk, source, fen, PAID_ON, source, "1", region_code=county) for source, fen in lots]
    credit_many(lines, actor=SYSTEM, now=NOW)
    assert held(person, region_code=county).of("loan", life.loan.number) == 300_000
    dead(life)
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    too_much = partial(enter_balance, life.loan.pk, 480_000, "系统", loan_formed_fen=300_001, actor=accountant, now=NOW)
    assert refusal(too_much) == "E-BALANCE-ENTRIES"
    checked(life, 480_000, 300_000, opened=True)
    divide_debt(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    person.refresh_from_db()
    record = find(person, actor=SYSTEM, now=NOW)
    claim(record.pk, "王小明", "长子", "公证书", actor=life.by(Role.AGENCY_INTAKE), now=NOW)
    approver = life.by(Role.AGENCY_APPROVER)
    assert refusal(lambda: pay_heirs(record.pk, PAID_ON, "F1", actor=approver, now=NOW)) == "E-LOAN-OPEN"
    paid_up(life)
    assert held(person, region_code=county).by_source == {"loan": 0, "own": 150_001, "subsidy": 29_999}
    assert pay_heirs(record.pk, DIED_ON, "F1", actor=approver, now=NOW).paid_fen == 180_000
    assert held(person, region_code=county).fen == 0
    assert differences(county)[1] == []


@pytest.mark.clauses("rg-annex1-c4", "jx-3.4a")
def test_the_account_is_touched_only_after_a_proven_death(post_of: PostOf) -> None:
    life = lent(RUGAO, post_of)
    clerk = life.by(Role.AGENCY_INTAKE)
    accountant = life.by(Role.AGENCY_ACCOUNTANT)
    assert refusal(lambda: enter_balance(life.loan.pk, 1, "系统", actor=accountant, now=NOW)) == "E-STATE"
    assert refusal(lambda: open_death(life.loan.pk, DIED_ON, " ", actor=clerk, now=NOW)) == "E-SOURCE"
    assert refusal(lambda: open_death(life.loan.pk, date(2021, 6, 19), "证明", actor=clerk, now=NOW)) == "E-DEATH-DAY"
    undrawn = life_of(RUGAO, post_of, name="L2", sequence=46)
    Loan.objects.filter(pk=undrawn.loan.pk).update(state="recorded")
    assert refusal(lambda: open_death(undrawn.loan.pk, DIED_ON, "证明", actor=clerk, now=NOW)) == "E-LOAN-UNDRAWN"
