"""How loans end early, as bank, agency and finance would check it: every fen, every refusal, and the replay of the exported life."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction

from tests.loans.endings import DIED_ON, NOW, PAID_ON, checked, dead, divided, paid_all, paid_part, paid_up, quoted
from tests.loans.lives import COUNTY, SYSTEM, TERMS, Life, PostOf, at, life_of, rows_of_everything
from zhubao.access.roles import Role
from zhubao.accounts.actions import Credit, credit_many
from zhubao.accounts.after_death.actions import claim, find
from zhubao.accounts.control import differences
from zhubao.accounts.selectors import balance as held
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.ledger.selectors import balance, trial_balance
from zhubao.lending import payoff, replay_life
from zhubao.lending.events import deducted, settled
from zhubao.loans.books import book
from zhubao.loans.endings.card import change_card, decide_card
from zhubao.loans.endings.certificates import issue_certificate
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
from zhubao.loans.endings.early import ask_quote, confirm_part, drop_payment, pay_all, settle_early
from zhubao.loans.endings.transfer import release_transfer, request_transfer
from zhubao.loans.exporting import life_json
from zhubao.loans.models import (
    CardChange,
    DeathSettlement,
    Loan,
    PayoffQuote,
    SettlementCertificate,
    Tranche,
    TransferRequest,
)
from zhubao.loans.register import open_loans
from zhubao.loans.repaying import begin_repaying, record_pension
from zhubao.loans.replaying import record_of
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING
from zhubao.loans.stepping import add_event
from zhubao.loans.verifying import books_beside_replay
from zhubao.parameters import Parameter
from zhubao.people.models import CardAccount
from zhubao.procedures.heirs_paid import pay_heirs
from zhubao.procedures.month_end import close_month
from zhubao.programmes.actions import enter_figures
from zhubao.tasks.models import Task
from zhubao.workflow import CITIZEN

pytestmark = pytest.mark.django_db
OFFICER, REVIEWER = Role.BANK_OFFICER, Role.BANK_REVIEWER


def lent(policy_id: str, post_of: PostOf, **more: Any) -> Life:
    """Return a loan with one draw of 10 March 2021, paid in; 100 days later it is 18 June."""
    life = life_of(policy_id, post_of, terms=replace(TERMS[policy_id], settlement="yearly-12-20", **more))
    life.year(2021)
    return life


def refusal(take: Callable[[], Any]) -> str:
    """Return the code of a refusal, after making sure that it changed no row."""
    before = rows_of_everything()
    with pytest.raises(ZhubaoError) as error, transaction.atomic():
        take()
    assert rows_of_everything() == before
    return error.value.code


def agrees(life: Life, up_to: date) -> dict[str, Any]:
    """Make sure that books balance and are the replay, and that the exported life comes to the same; return what it comes to."""
    assert [faults for _number, faults in books_beside_replay() if faults] == []
    for party in Party:
        assert sum(row.fen for row in trial_balance(SYSTEM, COUNTY, party=party)) == 0, party
    found, data = record_of(life.fresh()).outcome(up_to), life_json(life.fresh(), up_to)
    result = replay_life(json.loads(json.dumps(data)))
    assert [tuple(row.values()) for row in result["periods"]] == [
        (each.start.isoformat(), each.end.isoformat(), each.interest, each.government, each.borrower) for each in found.periods
    ]
    assert [(row["date"], row["amount"], row["principal_after"]) for row in result["schedule"]] == [
        (each.on.isoformat(), each.amount, each.principal_after) for each in found.schedule if each.amount
    ]
    assert result["closed_on"] == (found.closed_on.isoformat() if found.closed_on else None)
    if found.death is None:
        assert (result["principal_outstanding"], result["interest_outstanding"]) == (found.principal, found.interest_due)
    else:
        death = result["death"]
        assert (death["debt"], death["from_account"]) == (found.death.debt, found.death.from_account)
        assert (death["government"], death["unrecovered"]) == (
            found.death.government,
            found.death.unrecovered + found.death.bank,
        )
    return result


# 8 400 yuan for 100 days: 89.83 at 3.85 %, 114.33 at 4.90 %; 3 000 yuan at 4.75 %: 39.58. Finance bears it where it subsidises.
EARLY = [
    pytest.param(JIANGXI, {"subsidised_from": None}, 840_000, 8_983, 0, id="江西-不贴息"),
    pytest.param(JIANGXI, {}, 840_000, 0, 8_983, id="江西-贴息"),
    pytest.param(RUGAO, {}, 840_000, 0, 11_433, id="如皋-宽限期"),
    pytest.param(TONGLING, {}, 300_000, 3_958, 0, id="铜陵"),
]


@pytest.mark.clauses("jx-3.3a", "jx-3.3b", "rg-14.2a", "rg-14.2b", "tl-4.1b", "tl-4.1c")
@pytest.mark.parametrize(("policy_id", "more", "principal", "interest", "government"), EARLY)
def test_all_of_it_is_paid_early(
    policy_id: str, more: dict[str, Any], principal: int, interest: int, government: int, post_of: PostOf
) -> None:
    life = lent(policy_id, post_of, **more)
    if policy_id == JIANGXI:
        life.plan(2022, now=at(2021, 6, 1))
    quote = quoted(life)
    assert (quote.principal_fen, quote.interest_fen, quote.government_fen) == (principal, interest, government)
    known = record_of(life.loan)
    pure = payoff(known.terms, [*known.events, settled(date(2021, 12, 20))], PAID_ON)
    assert (pure.principal, pure.interest, pure.government) == (principal, interest, government)
    payment = pay_all(quote.pk, PAID_ON, quote.total_fen, "流水1", actor=life.by(OFFICER), now=NOW)
    assert life.fresh().state != "settled"
    assert Task.objects.open().filter(kind="loan.ending.confirm_payment").exists()
    settle_early(payment.pk, actor=life.by(REVIEWER), now=NOW)
    assert life.fresh().state == "settled"
    certificate = SettlementCertificate.objects.get()
    assert (certificate.number, certificate.settled_on) == ("L1-JQ", PAID_ON)
    assert not Tranche.objects.filter(state__in=("planned", "released")).exists()
    assert not Task.objects.open().exists()
    assert balance(Party.BANK, "loan_principal") == 0
    assert balance(Party.BANK, "interest_receivable_borrower") == 0
    assert balance(Party.BANK, "interest_receivable_government") == government
    assert agrees(life, date(2021, 12, 31))["closed_on"] == "2021-06-18"
    assert open_loans([life.loan.person_id], date(2021, 7, 1))[life.loan.person_id].value is False


@pytest.mark.clauses("jx-3.3b", "rg-14.2b", "tl-4.1c")
def test_a_quote_is_of_its_day_alone_and_nothing_is_charged_beside_it(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of, subsidised_from=None)
    officer = life.by(OFFICER)
    quote = quoted(life)
    assert quoted(life).pk == quote.pk
    assert refusal(lambda: quoted(life, date(2021, 6, 17))) == "E-QUOTE-DAY"
    assert refusal(lambda: quoted(life, date(2021, 7, 4))) == "E-QUOTE-DAY"
    shorter = Parameter(
        "setting.payoff_quote_days", "3", "", COUNTY, date(2021, 1, 1), None, source="合作协议", decided_by="银行"
    )
    with transaction.atomic():
        enter_figures([shorter], actor=SYSTEM, now=NOW)
        assert quoted(life, date(2021, 6, 21)).valid_on == date(2021, 6, 21)
        assert refusal(lambda: quoted(life, date(2021, 6, 22))) == "E-QUOTE-DAY"
        transaction.set_rollback(True)

    def pay(on: date, fen: int, **more: Any) -> Any:
        return pay_all(quote.pk, on, fen, "流水1", actor=officer, now=at(2021, 6, 20), **more)

    assert refusal(lambda: pay(date(2021, 6, 19), quote.total_fen)) == "E-QUOTE-EXPIRED"
    assert refusal(lambda: pay(PAID_ON, quote.total_fen + 100)) == "E-FEE"
    paid = pay(PAID_ON, quote.total_fen, key="k1")
    assert pay(PAID_ON, quote.total_fen, key="k1").pk == paid.pk
    assert refusal(lambda: pay(PAID_ON, quote.total_fen)) == "E-QUOTE-USED"
    assert refusal(lambda: paid_part(life, 1_000, on=date(2021, 6, 20), reference="流水2")) == "E-PAYMENT-TWICE"
    assert refusal(lambda: confirm_part(paid.pk, actor=life.by(REVIEWER), now=NOW)) == "E-PAYMENT-STATE"
    drop_payment(paid.pk, "款未到", actor=officer, now=at(2021, 6, 20))
    assert refusal(lambda: settle_early(paid.pk, actor=life.by(REVIEWER), now=NOW)) == "E-PAYMENT-STATE"
    assert record_of(life.loan).outcome(date(2021, 6, 20)).principal == 840_000
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoffQuote.objects.create(
            loan=life.loan, number="x", valid_on=PAID_ON, principal_fen=1, interest_fen=1, total_fen=3, government_fen=0,
            asked_at=NOW, asked_by_name="x",
        )  # fmt: skip


def test_a_debt_that_changed_since_the_quote_is_found_out(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of)
    quote = quoted(life, date(2021, 6, 30))
    confirm_part(paid_part(life, 100_000).pk, actor=life.by(REVIEWER), now=NOW)
    overtaken = lambda: pay_all(  # noqa: E731
        quote.pk, date(2021, 6, 30), quote.total_fen, "流水2", actor=life.by(OFFICER), now=at(2021, 6, 30)
    )
    assert refusal(overtaken) == "E-QUOTE-OVERTAKEN"


def test_the_borrower_asks_what_it_takes_and_nobody_elses(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of)
    citizen = life.by(CITIZEN)
    assert ask_quote(life.loan.pk, PAID_ON, actor=citizen, now=NOW).total_fen == 840_000
    stranger = replace(citizen, person_id=0)
    assert refusal(lambda: ask_quote(life.loan.pk, PAID_ON, actor=stranger, now=NOW)) == "E-SCOPE"
    elsewhere = replace(life.by(OFFICER), organisation_id=0)
    assert refusal(lambda: ask_quote(life.loan.pk, PAID_ON, actor=elsewhere, now=NOW)) == "E-SCOPE"
    assert refusal(lambda: issue_certificate(life.loan.pk, actor=life.by(OFFICER), now=NOW)) == "E-STATE"


@pytest.mark.clauses("rg-14.2a", "rg-14.2b")
def test_a_part_is_paid_early_for_a_shorter_term_or_a_lower_instalment(post_of: PostOf) -> None:
    life = lent(RUGAO, post_of, instalment_fen=53_500)
    for fen in (0, -1, 840_000, 900_000):
        assert refusal(lambda fen=fen: paid_part(life, fen)) == "E-PAYMENT"  # type: ignore[misc]
    assert refusal(lambda: paid_part(life, 1_000, "whatever")) == "E-PAYMENT"
    assert refusal(lambda: paid_part(life, 1_000, "lower_instalment", instalment_fen=53_500)) == "E-INSTALMENT"
    shorter = confirm_part(paid_part(life, 500_000).pk, actor=life.by(Role.AGENCY_ACCOUNTANT), now=NOW)
    assert (shorter.interest_fen, shorter.principal_fen, shorter.instalment_fen) == (0, 500_000, None)
    assert balance(Party.BANK, "loan_principal") == 340_000
    assert not life.loan.events.filter(key__startswith="agreed").exists()
    july = date(2021, 7, 18)
    lower = paid_part(life, 170_000, "lower_instalment", on=july, reference="流水2")
    confirm_part(lower.pk, actor=life.by(REVIEWER), now=at(2021, 7, 18))
    # Half of the debt is paid, so half of the instalment is left, from the next month on.
    agreed = life.loan.events.get(key__startswith="agreed")
    assert (agreed.amount, agreed.day) == (26_750, date(2021, 8, 1))
    assert life.fresh().state == "recorded"
    assert agrees(life, july)["principal_outstanding"] == 170_000


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


@pytest.mark.clauses("rg-14.3", "jx-3.5d")
@pytest.mark.parametrize(("policy_id", "kind"), [(RUGAO, "transfer"), (JIANGXI, "pension_elsewhere")], ids=["转移", "外地申领"])
def test_a_pension_relation_stays_until_the_bank_certifies_that_nothing_is_owed(
    policy_id: str, kind: str, post_of: PostOf
) -> None:
    life = lent(policy_id, post_of)
    clerk, approver = life.by(Role.AGENCY_INTAKE), life.by(Role.AGENCY_APPROVER)
    request = request_transfer(life.loan.pk, kind, "苏州市", PAID_ON, actor=clerk, now=NOW)
    assert (request.state, request.owed_fen) == ("blocked", 840_000)
    assert "8,400.00" in request.reason_zh
    assert refusal(lambda: release_transfer(request.pk, actor=approver, now=NOW)) == "E-LOAN-OWED"
    assert refusal(lambda: request_transfer(life.loan.pk, kind, " ", PAID_ON, actor=clerk, now=NOW)) == "E-TRANSFER"
    settle_early(paid_all(life).pk, actor=life.by(REVIEWER), now=NOW)
    assert Task.objects.open().filter(kind="loan.ending.release_transfer").exists()
    same_hands = replace(approver, user_id=clerk.user_id)
    assert refusal(lambda: release_transfer(request.pk, actor=same_hands, now=NOW)) == "E-SAME-PERSON"
    released = release_transfer(request.pk, actor=approver, now=NOW)
    assert release_transfer(request.pk, actor=approver, now=NOW) == released
    assert released.certificate == SettlementCertificate.objects.get()
    assert life.loan.events.filter(key="transferred").exists() is (kind == "transfer")
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferRequest.objects.update(certificate=None)


@pytest.mark.clauses("jx-3.5a", "jx-3.5b", "jx-3.5c", "tl-3.4b", "tl-3.4c")
@pytest.mark.parametrize("policy_id", [JIANGXI, TONGLING], ids=["江西", "铜陵"])
def test_the_card_account_stays_at_the_lending_bank(policy_id: str, post_of: PostOf) -> None:
    life = lent(policy_id, post_of)
    officer, bank = life.by(OFFICER), life.loan.bank_id

    def change(reason: str, number: str = "6217000099990001", bank_id: int = bank, told: str = "") -> CardChange:
        return change_card(life.loan.pk, bank_id, number, PAID_ON, reason, told=told, actor=officer, now=NOW)

    first = life.fresh().card_account
    assert refusal(lambda: change("lost", bank_id=bank + 1)) == "E-CARD-OTHER-BANK"
    assert refusal(lambda: change("other")) == "E-CARD-REASON"
    assert refusal(lambda: change("lost", number="12")) == "E-CARD"
    assert change("lost").state == "applied"
    second = life.fresh().card_account
    assert second is not None
    assert (second != first, second.last_four) == (True, "0001")
    waits = change_card(
        life.loan.pk, bank, "6217000099990002", date(2021, 6, 25), "other", told="改名", actor=officer, now=at(2021, 6, 25)
    )
    assert (waits.state, life.fresh().card_account) == ("pending", second)
    assert CardAccount.objects.get(pk=second.pk).ends_on is None
    assert refusal(lambda: change("lost", number="6217000099990003")) == "E-CARD-WAITS"
    decide_card(waits.pk, "公安机关证明属实", allow=True, actor=life.by(Role.AGENCY_APPROVER), now=at(2021, 6, 28))
    third = life.fresh().card_account
    assert third is not None
    assert third.last_four == "0002"
    more = change_card(
        life.loan.pk, bank, "6217000099990004", date(2021, 7, 2), "other", told="想换", actor=officer, now=at(2021, 7, 2)
    )
    decide_card(more.pk, "理由不足", allow=False, actor=life.by(Role.AGENCY_APPROVER), now=at(2021, 7, 2))
    assert (CardChange.objects.get(pk=more.pk).state, life.fresh().card_account) == ("refused", third)


def test_a_card_the_borrower_reports_lost_waits_until_the_agency_has_looked(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of)
    first, bank = life.fresh().card_account, life.loan.bank_id
    reported = change_card(life.loan.pk, bank, "6217000099990009", PAID_ON, "lost", actor=life.by(CITIZEN), now=NOW)
    assert (reported.state, life.fresh().card_account) == ("pending", first)
    stranger = replace(life.by(CITIZEN), person_id=0)
    ask = lambda: request_transfer(life.loan.pk, "transfer", "苏州市", PAID_ON, actor=stranger, now=NOW)  # noqa: E731
    assert refusal(ask) == "E-SCOPE"
    decide_card(reported.pk, "已在银行换卡，核对无误", allow=True, actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    assert life.fresh().card_account != first


def test_a_month_end_that_came_first_and_an_early_payment_dated_before_it_leave_the_same_books(post_of: PostOf) -> None:
    life = lent(JIANGXI, post_of, subsidised_from=None)
    payment = paid_all(life)
    close_month(COUNTY, date(2021, 6, 30), actor=SYSTEM, clock=lambda: at(2021, 6, 30))
    settle_early(payment.pk, actor=life.by(REVIEWER), now=at(2021, 7, 1))
    assert balance(Party.BANK, "interest_income") == -8_983
    again = close_month(COUNTY, date(2021, 7, 31), actor=SYSTEM, clock=lambda: at(2021, 7, 31))
    assert again.run.postings == 0
    agrees(life, date(2021, 7, 31))


def test_the_command_prints_a_life_that_replays(post_of: PostOf, tmp_path: Path) -> None:
    from zhubao.cli.loan import loan as command

    life = lent(JIANGXI, post_of, subsidised_from=None)
    settle_early(paid_all(life).pk, actor=life.by(REVIEWER), now=NOW)
    printed = CliRunner().invoke(command, ["export", "L1", "--up-to", "2021-12-31"], standalone_mode=False)
    assert printed.exception is None, printed.exception
    (tmp_path / "life.json").write_text(printed.stdout, encoding="utf-8")
    replayed = CliRunner().invoke(command, ["replay", str(tmp_path / "life.json"), "--json"], standalone_mode=False)
    result = json.loads(replayed.stdout)
    assert (result["closed_on"], result["total_interest"]) == ("2021-06-18", 8_983)
    assert "王芳" not in printed.stdout
    unknown = CliRunner().invoke(command, ["export", "L9"], standalone_mode=False)
    assert isinstance(unknown.exception, ZhubaoError)
    assert unknown.exception.code == "E-LOAN-UNKNOWN"
