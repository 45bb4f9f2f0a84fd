"""Loans on their way to an end: what brings each step of an ending within reach."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from tests.loans.lives import COUNTY, SYSTEM, TERMS, Life, PostOf, at, life_of, rows_of_everything
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.selectors import trial_balance
from zhubao.lending import replay_life
from zhubao.lending.events import deducted
from zhubao.loans.endings.card import change_card, decide_card
from zhubao.loans.endings.clearing import (
    approve_backstop,
    claim_paid_in,
    close_death,
    keep_claim,
    propose_write_off,
    receive_money,
    return_deductions,
    settle_claim,
    write_off,
)
from zhubao.loans.endings.death import (
    agree_fault,
    divide_debt,
    enter_balance,
    find_fault,
    inform_heirs,
    open_death,
    stop_deductions,
)
from zhubao.loans.endings.early import ask_quote, confirm_part, drop_payment, pay_all, pay_part, settle_early
from zhubao.loans.exporting import life_json
from zhubao.loans.models import CardChange, DeathSettlement, PayoffQuote, Prepayment
from zhubao.loans.replaying import record_of
from zhubao.loans.states import TONGLING
from zhubao.loans.states.endings import card_change, death, early_payment
from zhubao.loans.stepping import add_event
from zhubao.loans.verifying import books_beside_replay

ENDING_VERBS = frozenset(
    row.verb
    for rows in (early_payment("", (), (), ()), death("", (), (), finance=True, fault="x"), card_change("", (), ()))
    for row in rows
)
Take = Callable[[Actor, datetime], Any]
PAID_ON, DIED_ON = date(2021, 6, 18), date(2021, 6, 18)
NOW = at(2021, 6, 18)


def quoted(life: Life, on: date = PAID_ON, now: datetime = NOW) -> PayoffQuote:
    """Have the bank reckon what pays the loan off on a day."""
    return ask_quote(life.loan.pk, on, actor=life.by(Role.BANK_OFFICER), now=now)


def paid_all(life: Life, on: date = PAID_ON, now: datetime = NOW, reference: str = "流水1") -> Prepayment:
    """Report that the borrower paid all on a day."""
    quote = quoted(life, on, now)
    return pay_all(quote.pk, on, quote.total_fen, reference, actor=life.by(Role.BANK_OFFICER), now=now)


def paid_part(
    life: Life, fen: int, choice: str = "shorter_term", on: date = PAID_ON, reference: str = "流水1", **more: Any
) -> Prepayment:
    """Report that the borrower paid a part on a day."""
    now = at(on.year, on.month, on.day)
    return pay_part(life.loan.pk, on, fen, reference, choice, actor=life.by(Role.BANK_OFFICER), now=now, **more)


def dead(life: Life, on: date = DIED_ON, now: datetime = NOW) -> DeathSettlement:
    """Record the borrower's death."""
    return open_death(life.loan.pk, on, "死亡证明 第7号", actor=life.by(Role.AGENCY_INTAKE), now=now)


def checked(
    life: Life,
    account_fen: int,
    loan_formed_fen: int | None = None,
    on: date = DIED_ON,
    now: datetime = NOW,
    *,
    opened: bool = False,
) -> DeathSettlement:
    """Record the death, unless it was, and do the whole check-list."""
    if not opened:
        dead(life, on, now)
    pk = life.loan.pk
    part = loan_formed_fen if loan_formed_fen is not None or life.loan.policy_id != TONGLING else account_fen
    enter_balance(pk, account_fen, "个人账户系统", loan_formed_fen=part, actor=life.by(Role.AGENCY_ACCOUNTANT), now=now)
    stop_deductions(pk, "已停扣", actor=life.by(Role.BANK_OFFICER), now=now)
    inform_heirs(pk, "女儿，上门告知", actor=life.by(Role.AGENCY_INTAKE), now=now)
    return DeathSettlement.objects.get(loan=life.loan)


def divided(
    life: Life, account_fen: int, loan_formed_fen: int | None = None, on: date = DIED_ON, now: datetime = NOW
) -> DeathSettlement:
    """Bring a death to where everybody's part is fixed."""
    checked(life, account_fen, loan_formed_fen, on, now)
    return divide_debt(life.loan.pk, actor=life.by(Role.AGENCY_APPROVER), now=now)


def paid_up(life: Life, on: date = DIED_ON, now: datetime = NOW) -> None:
    """Have everybody pay their part."""
    officer = life.by(Role.BANK_OFFICER)
    settlement = DeathSettlement.objects.get(loan=life.loan)
    for payer in settlement.payers.filter(paid_on=None):
        if payer.payer == "finance":
            approve_backstop(life.loan.pk, actor=life.by(Role.FINANCE_CLERK), now=now)
        receive_money(life.loan.pk, payer.payer, on, payer.amount_fen, f"清偿 {payer.payer}", actor=officer, now=now)
    if settlement.returned_fen:
        return_deductions(life.loan.pk, on, "退回1", actor=officer, now=now)


def claimed(life: Life) -> None:
    """Bring a death to where the bank claims what nobody paid, whichever the programme."""
    unsubsidised(life)
    divided(life, 100)
    paid_up(life)
    close_death(life.loan.pk, actor=life.by(Role.BANK_REVIEWER), now=NOW)
    # In Rugao finance pays all the rest: the state is set by hand, so that the step's posts can be tried there too.
    settlement = DeathSettlement.objects.get(loan=life.loan)
    if life.fresh().state != "estate_claim":
        from zhubao.loans.models import EstateClaim, Loan

        Loan.objects.filter(pk=life.loan.pk).update(state="estate_claim")
        EstateClaim.objects.create(settlement=settlement, claimed_on="estate", amount_fen=1_000, opened_at=NOW)


def unsubsidised(life: Life) -> None:
    """End the hardship status before the death, so that no government pays."""
    from zhubao.lending.events import certification_lost

    if life.loan.subsidised_from is not None:
        add_event(life.loan, "lost", certification_lost(date(2021, 6, 1)), "核验", actor=Actor.system("test"), now=NOW)


def ready_to_end(life: Life, verb: str) -> tuple[Take, datetime]:
    """Bring a loan to where a step of its ending may be taken, and return how to take it and when."""
    pk = life.loan.pk
    life.year(2021)
    by_payment: dict[str, Callable[..., Any]] = {"confirm_part": confirm_part, "settle_early": settle_early}
    if verb == "pay_early":
        quote = quoted(life)
        return lambda actor, now: pay_all(quote.pk, PAID_ON, quote.total_fen, "流水1", actor=actor, now=now), NOW
    if verb in by_payment or verb == "drop_payment":
        payment = paid_part(life, 100_000) if verb == "confirm_part" else paid_all(life)
        if verb == "drop_payment":
            return lambda actor, now: drop_payment(payment.pk, "款未到", actor=actor, now=now), NOW
        return lambda actor, now: by_payment[verb](payment.pk, actor=actor, now=now), NOW
    if verb in {"change_card", "decide_card"}:
        return _card(life, verb)
    if verb == "open_death":
        return lambda actor, now: open_death(pk, DIED_ON, "死亡证明", actor=actor, now=now), NOW
    if verb in {"claim_paid_in", "settle_claim", "propose_write_off", "keep_claim", "write_off"}:
        return _claim(life, verb)
    if verb in {"approve_backstop", "receive_money", "return_deductions", "close_death"}:
        return _paying(life, verb)
    return _checking(life, verb)


def _checking(life: Life, verb: str) -> tuple[Take, datetime]:
    pk = life.loan.pk
    if verb == "divide_debt":
        checked(life, 100_000)
        return lambda actor, now: divide_debt(pk, actor=actor, now=now), NOW
    dead(life)
    if verb == "agree_fault":
        find_fault(pk, "银行漏扣", actor=life.by(Role.AGENCY_APPROVER), now=NOW)
    steps: dict[str, Take] = {
        "enter_balance": lambda actor, now: enter_balance(pk, 100, "系统", loan_formed_fen=50, actor=actor, now=now),
        "stop_deductions": lambda actor, now: stop_deductions(pk, "已停扣", actor=actor, now=now),
        "inform_heirs": lambda actor, now: inform_heirs(pk, "女儿", actor=actor, now=now),
        "find_fault": lambda actor, now: find_fault(pk, "银行漏扣", actor=actor, now=now),
        "agree_fault": lambda actor, now: agree_fault(pk, "同意", actor=actor, now=now),
    }
    return steps[verb], NOW


def _paying(life: Life, verb: str) -> tuple[Take, datetime]:
    pk = life.loan.pk
    if verb == "return_deductions":
        return _returning(life)
    settlement = divided(life, 100_000)
    if verb == "approve_backstop":
        return lambda actor, now: approve_backstop(pk, actor=actor, now=now), NOW
    if verb == "close_death":
        paid_up(life)
        return lambda actor, now: close_death(pk, actor=actor, now=now), NOW
    fen = settlement.payers.get(payer="account").amount_fen
    return lambda actor, now: receive_money(pk, "account", DIED_ON, fen, "清偿", actor=actor, now=now), NOW


def _returning(life: Life) -> tuple[Take, datetime]:
    """A deduction was taken after the death and before anybody told of it."""
    from zhubao.lending.events import basic_pension_set, floor_set, pension_set
    from zhubao.loans.stepping import add_event

    on = date(2021, 6, 20)
    for name, event in {
        "pension": pension_set(DIED_ON, 200_000),
        "basic": basic_pension_set(DIED_ON, 10_000),
        "floor": floor_set(DIED_ON, 50_000),
        "deducted": deducted(on, 10_000),
    }.items():
        add_event(life.loan, name, event, "回盘", actor=Actor.system("test"), now=at(2021, 6, 21))
    divided(life, 100_000, now=at(2021, 6, 21))
    pk = life.loan.pk
    return lambda actor, now: return_deductions(pk, date(2021, 6, 21), "退回1", actor=actor, now=now), at(2021, 6, 21)


def _claim(life: Life, verb: str) -> tuple[Take, datetime]:
    pk, officer = life.loan.pk, life.by(Role.BANK_OFFICER)
    claimed(life)
    left = DeathSettlement.objects.get(loan=life.loan).claim.amount_fen
    if verb == "claim_paid_in":
        return lambda actor, now: claim_paid_in(pk, DIED_ON, 500, "女儿", "追偿1", actor=actor, now=now), NOW
    if verb == "settle_claim":
        claim_paid_in(pk, DIED_ON, left, "女儿", "追偿1", actor=officer, now=NOW)
        return lambda actor, now: settle_claim(pk, actor=actor, now=now), NOW
    if verb == "propose_write_off":
        return lambda actor, now: propose_write_off(pk, "无遗产", actor=actor, now=now), NOW
    propose_write_off(pk, "无遗产", actor=officer, now=NOW)
    if verb == "keep_claim":
        return lambda actor, now: keep_claim(pk, "尚有遗产", actor=actor, now=now), NOW
    return lambda actor, now: write_off(pk, "同意", actor=actor, now=now), NOW


def _card(life: Life, verb: str) -> tuple[Take, datetime]:
    pk, bank = life.loan.pk, life.loan.bank_id
    reason = "lost" if verb == "change_card" else "other"
    if verb == "change_card":
        return lambda actor, now: change_card(pk, bank, "6217000099990000", PAID_ON, reason, actor=actor, now=now), NOW
    change_card(pk, bank, "6217000099990000", PAID_ON, reason, told="改名换卡", actor=life.by(Role.BANK_OFFICER), now=NOW)
    change = CardChange.objects.get()
    return lambda actor, now: decide_card(change.pk, "同意", allow=True, actor=actor, now=now), NOW


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
