"""After a borrower's death: the check-list, the finding of the bank's own fault, and who pays what of the debt.

Interest stops with the day of death, whenever that is told; what was deducted after it goes back.
"""

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.lending import DeathSettlement as Division
from zhubao.lending import Event, Kind, Outcome, Terms
from zhubao.lending.events import died
from zhubao.lending.outcome import DEDUCTION_RETURNED
from zhubao.loans.books import book
from zhubao.loans.drawing import cancel_open_draws
from zhubao.loans.models import DeathCheck, DeathPayer, DeathSettlement, Loan, Prepayment
from zhubao.loans.personal_account import balance_on
from zhubao.loans.repaying import standing
from zhubao.loans.replaying import record_of, terms_of
from zhubao.loans.states import ways_of
from zhubao.loans.stepping import Step, add_event, begin, finish
from zhubao.notices.actions import tell
from zhubao.notices.models import Channel
from zhubao.people.actions import record_death
from zhubao.policies.claims import implements

from .early import require_answered
from .waiting import (
    ANSWER_FAULT,
    APPROVE_BACKSTOP,
    CLOSE_DEATH,
    CONFIRM_PAYMENT,
    DIVIDE_DEBT,
    ENTER_BALANCE,
    INFORM_HEIRS,
    OF_DEATH,
    RECEIVE_MONEY,
    RETURN_DEDUCTIONS,
    STOP_DEDUCTIONS,
    put_in_queues,
)

PROOF, BALANCE, DEDUCTIONS, HEIRS = "proof", "balance", "deductions", "heirs"
WAITS_FOR = {BALANCE: ENTER_BALANCE, DEDUCTIONS: STOP_DEDUCTIONS, HEIRS: INFORM_HEIRS}
WHO_PAYS = 18
"""The convention on who pays after a death: A-JX-9, A-RG-15, A-TL-7."""
CHECK_LABELS = {
    PROOF: Text("死亡证明", "proof of death"),
    BALANCE: Text("个人账户余额", "balance of the personal account"),
    DEDUCTIONS: Text("停止扣款", "deductions stopped"),
    HEIRS: Text("告知继承人或共同借款人", "heirs or co-borrower told"),
}


@implements("jx-3.4a", "rg-15.1", "rg-15.2", "tl-4.3b", "rg-annex1-c4", as_="action")
@transaction.atomic
def open_death(
    loan_id: int, died_on: date, proof: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> DeathSettlement:
    """Begin the settlement of a dead borrower's loan; draws not paid out are cancelled. `proof`: the paper and its number.

    The personal account is touched only after this: while the borrower lives nothing is taken from it. Raise E-DEATH-DAY for a day
    after today, before the birth, or other than the register's; E-SOURCE without a proof; E-LOAN-UNDRAWN where nothing was lent.
    """
    step = begin(loan_id, "open_death", seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return DeathSettlement.objects.get(loan=loan)
    if not proof.strip():
        raise ZhubaoError("E-SOURCE", Text("请写明死亡证明", "name the proof of death"), place=loan.number)
    if not any(event.kind == Kind.TRANCHE_PAID for event in standing(record_of(loan).events)):
        raise ZhubaoError(
            "E-LOAN-UNDRAWN",
            Text("没有放过款，不用清偿", "nothing was lent, nothing is to be settled"),
            place=loan.number,
            remedy=Text("撤回贷款即可", "withdraw the loan instead"),
        )
    _record_death(loan, died_on, proof, actor=actor, now=now)
    settlement = DeathSettlement.objects.create(loan=loan, died_on=died_on, proof=proof.strip()[:200], opened_at=now)
    cancel_open_draws(loan)
    reported = Prepayment.objects.filter(loan=loan, state="reported")
    if reported.filter(paid_on__lte=died_on).exists():
        raise ZhubaoError(
            "E-PAYMENT-STATE",
            Text("生前的一笔提前还款尚未确认，请先确认或撤销", "confirm or drop the early payment made before the death first"),
            place=loan.number,
        )
    reported.update(state="dropped")
    put_in_queues(loan, [], [CONFIRM_PAYMENT], actor=actor, now=now)
    _check(step, settlement, PROOF, proof)
    finish(step, on=died_on)
    return settlement


@implements("jx-3.4a", "rg-15.1", "rg-15.2", "tl-4.3b", as_="action")
@transaction.atomic
def enter_balance(
    loan_id: int,
    account_fen: int,
    source: str,
    *,
    loan_formed_fen: int | None = None,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> DeathSettlement:
    """Enter what stood on the personal account on the day of death, and in Tongling the part the loan formed (A-TL-6), with the source.

    Once; E-DEATH-CHECKED after that. Raise E-BALANCE for less than nothing, a part above the whole, or a part that is missing, and
    E-BALANCE-ENTRIES for a part above what the account's entries hold of this loan on that day, where the county keeps them.
    """
    step, settlement = _at_work(loan_id, "enter_balance", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return settlement
    if not source.strip():
        raise ZhubaoError("E-SOURCE", Text("请写明余额来源", "say where the balance comes from"), place=step.loan.number)
    needs_part = ways_of(step.loan.policy_id).loan_formed
    if account_fen < 0 or (needs_part and loan_formed_fen is None) or not 0 <= (loan_formed_fen or 0) <= account_fen:
        raise ZhubaoError(
            "E-BALANCE",
            Text("余额不小于 0；贷款形成部分不超过余额", "a balance is not below 0, the part formed by the loan not above it"),
            place=step.loan.number,
        )
    kept = balance_on(step.loan, settlement.died_on)
    if kept is not None and (loan_formed_fen or 0) > kept[1]:
        yuan = amount_in_yuan(kept[1])
        raise ZhubaoError(
            "E-BALANCE-ENTRIES",
            Text(
                f"个人账户中本笔贷款形成的余额只有 {yuan} 元",
                f"the entries of the account hold only {yuan} yuan formed by this loan",
            ),
            place=step.loan.number,
            remedy=Text("先核对个人账户分录和当年计息，再登记", "look at the account's entries and its yearly interest first"),
        )
    settlement.account_fen, settlement.account_source = account_fen, source.strip()[:200]
    settlement.loan_formed_fen = loan_formed_fen if needs_part else None
    settlement.save()
    _check(step, settlement, BALANCE, source)
    finish(step, account_fen=account_fen, loan_formed_fen=settlement.loan_formed_fen)
    return settlement


@transaction.atomic
def stop_deductions(
    loan_id: int, note: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> DeathSettlement:
    """Record that the bank takes nothing more; what it took after the death was reported as any deduction and goes back.

    Raise E-ORDER-OPEN while the bank has not answered an instalment it was told of.
    """
    step, settlement = _at_work(loan_id, "stop_deductions", seen=seen, key=key, actor=actor, now=now)
    if not step.done:
        require_answered(step.loan)
        _check(step, settlement, DEDUCTIONS, note)
        finish(step)
    return settlement


@transaction.atomic
def inform_heirs(
    loan_id: int, told: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> DeathSettlement:
    """Record who of the heirs was told, and how; who signed beside the borrower gets a notice as well."""
    step, settlement = _at_work(loan_id, "inform_heirs", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return settlement
    _check(step, settlement, HEIRS, told)
    for signer in step.loan.signers.all():
        tell(
            step.loan.subject,
            f"借款人已于{settlement.died_on}去世，贷款 {step.loan.number} 停止计息，先由个人账户清偿，不足部分另行告知。",
            kind="loan.death",
            channel=Channel.POST,
            region_code=step.loan.region_code,
            person_id=signer.person_id,
            actor=actor,
            now=now,
        )
    finish(step)
    return settlement


@implements("rg-15.3", as_="action")
@transaction.atomic
def find_fault(
    loan_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> DeathSettlement:
    """Propose that the loss is the bank's own, with the finding in writing; it counts when finance agrees (A-RG-15)."""
    step, settlement = _at_work(loan_id, "find_fault", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return settlement
    settlement.fault, settlement.fault_found_at, settlement.fault_agreed_at = step.reason, now, None
    settlement.save()
    finish(step)
    renew_death_tasks(step, settlement)
    return settlement


@implements("rg-15.3", as_="action")
@transaction.atomic
def agree_fault(
    loan_id: int, reason: str, *, agree: bool = True, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> DeathSettlement:
    """Answer for finance the finding that the loss is the bank's own: agreed, or not, and then it does not count.

    Raise E-FAULT without a finding that waits for its answer.
    """
    step, settlement = _at_work(loan_id, "agree_fault", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return settlement
    if settlement.fault_found_at is None or settlement.fault_agreed_at is not None:
        raise ZhubaoError("E-FAULT", Text("没有待答复的认定", "no finding waits for an answer"), place=step.loan.number)
    if agree:
        settlement.fault_agreed_at = now
    else:
        settlement.fault, settlement.fault_found_at = "", None
    settlement.save()
    finish(step, agreed=agree)
    renew_death_tasks(step, settlement)
    return settlement


@implements("jx-3.4a", "jx-3.4b", "rg-15.1", "rg-15.2", "rg-15.3", "tl-4.3b", as_="action")
@transaction.atomic
def divide_debt(loan_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> DeathSettlement:
    """Fix who pays what: the account first, then whom the document names, the rest a claim; each payer's part is claimed.

    Raise E-DEATH-OPEN naming what of the check-list is missing, E-FAULT for a finding finance has not answered, E-LOAN-CLOSED when
    something happened after the death that must be taken back first.
    """
    step, settlement = _at_work(loan_id, "divide_debt", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return settlement
    loan = step.loan
    _require_checked(settlement)
    if settlement.fault_found_at is not None and not settlement.bank_at_fault:
        raise ZhubaoError("E-FAULT", Text("财政尚未答复认定", "finance has not answered the finding"), place=loan.number)
    terms = terms_of(loan)
    event = _died(settlement, terms.terms, step.today)
    add_event(loan, "died", event, settlement.proof, actor=actor, now=now)
    known = record_of(loan)
    outcome = known.outcome(step.today)
    assert outcome.death is not None, loan
    settlement.certified = certified_on(known.events, settlement.died_on)
    settlement.unconfirmed = any(point.number == WHO_PAYS for point in terms.unconfirmed)
    settlement.divided_at = now
    _write_division(settlement, outcome.death, returned_in(outcome))
    _claim(step, settlement)
    book(loan, step.today, actor=actor, now=now)
    finish(step, debt_fen=settlement.debt_fen, account_fen=settlement.from_account_fen, finance_fen=settlement.finance_fen)
    renew_death_tasks(step, settlement)
    return settlement


def division_on(settlement: DeathSettlement, on: date) -> tuple[Division, int]:
    """Return who would pay what if the debt were divided on a day, and what goes back, fen; nothing is written.

    Raise what a replay raises, such as E-LOAN-CLOSED for something that happened after the death.
    """
    known = record_of(settlement.loan)
    event = _died(settlement, known.terms, on)._replace(entry=len(known.events) + 1)
    outcome = replace(known, events=[*known.events, event]).outcome(on)
    assert outcome.death is not None, settlement
    return outcome.death, returned_in(outcome)


def certified_on(events: "list[Event] | tuple[Event, ...] | object", on: date) -> bool:
    """Tell whether the hardship status held on a day, as found by the last check before it."""
    told = [event for event in standing(events) if event.kind in (Kind.CERTIFIED, Kind.CERTIFICATION_LOST) and event.on <= on]  # type: ignore[arg-type]
    return bool(told) and told[-1].kind == Kind.CERTIFIED


def returned_in(outcome: Outcome) -> int:
    """Return what was deducted after the death and goes back, fen."""
    return sum(row[2] for row in outcome.journal if row[0] == DEDUCTION_RETURNED)


def renew_death_tasks(step: Step, settlement: DeathSettlement) -> None:
    """Put what the settlement now waits for into the queues of its posts."""
    put_in_queues(step.loan, _waits(settlement), OF_DEATH, actor=step.actor, now=step.now)


def missing_checks(settlement: DeathSettlement) -> list[str]:
    """Return the items of the check-list that are still open."""
    done = set(settlement.checks.values_list("item", flat=True))
    return [item for item in CHECK_LABELS if item not in done]


def _died(settlement: DeathSettlement, terms: Terms, on: date) -> Event:
    assert settlement.account_fen is not None, settlement
    return died(
        settlement.died_on,
        settlement.account_fen,
        loan_formed_fen=settlement.loan_formed_fen,
        settled_on=on if terms.death_interest == "settlement_day" else None,
        bank_at_fault=settlement.bank_at_fault,
    )


def _waits(settlement: DeathSettlement) -> list[str]:
    open_checks = missing_checks(settlement)
    asked = settlement.divided_at is None and settlement.fault_found_at is not None and not settlement.bank_at_fault
    if open_checks or asked:
        return [*(WAITS_FOR[item] for item in open_checks if item in WAITS_FOR), *([ANSWER_FAULT] if asked else [])]
    if settlement.divided_at is None:
        return [DIVIDE_DEBT]
    payers = list(settlement.payers.filter(paid_on=None))
    wanted = [APPROVE_BACKSTOP if each.payer == "finance" and each.approved_at is None else RECEIVE_MONEY for each in payers]
    if settlement.returned_fen and settlement.returned_on is None:
        wanted.append(RETURN_DEDUCTIONS)
    return wanted or [CLOSE_DEATH]


def _at_work(
    loan_id: int, verb: str, *, reason: str = "", seen: str | None, key: str, actor: Actor, now: datetime
) -> tuple[Step, DeathSettlement]:
    """Begin a step before the debt is divided."""
    step = begin(loan_id, verb, reason=reason, seen=seen, key=key, actor=actor, now=now)
    settlement = DeathSettlement.objects.get(loan=step.loan)
    if not step.done and settlement.divided_at is not None:
        raise ZhubaoError("E-DEATH-DIVIDED", Text("清偿金额已核定", "who pays what is fixed already"), place=step.loan.number)
    return step, settlement


def _check(step: Step, settlement: DeathSettlement, item: str, note: str) -> None:
    if not note.strip():
        raise ZhubaoError("E-SOURCE", Text("请写明情况", "say what was found"), place=step.loan.number)
    if settlement.checks.filter(item=item).exists():
        label = CHECK_LABELS[item]
        raise ZhubaoError("E-DEATH-CHECKED", Text(f"“{label.zh}”已办", f"“{label.en}” is done"), place=step.loan.number)
    DeathCheck.objects.create(
        settlement=settlement,
        item=item,
        note=note.strip()[:200],
        done_at=step.now,
        done_by_id=step.actor.post_id,
        done_by_name=step.actor.name,
    )
    renew_death_tasks(step, settlement)


def _require_checked(settlement: DeathSettlement) -> None:
    missing = [CHECK_LABELS[item] for item in missing_checks(settlement)]
    if missing:
        raise ZhubaoError(
            "E-DEATH-OPEN",
            Text(f"尚缺：{'、'.join(label.zh for label in missing)}", f"still open: {', '.join(label.en for label in missing)}"),
            place=settlement.loan.number,
        )


def _record_death(loan: Loan, died_on: date, proof: str, *, actor: Actor, now: datetime) -> None:
    """Keep the day of death in the register; a day that stands there already must be the same."""
    known = loan.person.died_on
    if known is not None and known != died_on:
        raise ZhubaoError(
            "E-DEATH-DAY",
            Text(f"人员登记的死亡日期是 {known}", f"the register says {known}"),
            place=loan.number,
            remedy=Text("先核对并更正人员登记", "put the register right first"),
        )
    if known is None:
        of_register = actor if actor.covers(loan.person.region_code) else Actor.system("loans")
        record_death(loan.person_id, died_on, proof.strip()[:200], actor=of_register, now=now)


def _write_division(settlement: DeathSettlement, found: Division, returned: int) -> None:
    settlement.debt_fen, settlement.from_account_fen = found.debt, found.from_account
    settlement.finance_fen, settlement.bank_fen = found.government, found.bank
    settlement.unrecovered_fen, settlement.heirs_fen = found.unrecovered, found.heirs
    settlement.returned_fen = returned
    settlement.save()


def _claim(step: Step, settlement: DeathSettlement) -> None:
    """Claim each payer's part; the bank's own is borne at once."""
    parts = {"account": settlement.from_account_fen, "finance": settlement.finance_fen, "bank": settlement.bank_fen}
    for payer, fen in parts.items():
        if fen:
            borne = step.today if payer == "bank" else None
            DeathPayer.objects.create(settlement=settlement, payer=payer, amount_fen=fen, claimed_at=step.now, paid_on=borne)
