"""Deductions as bank and agency live them: pensions credited, orders told, answers handed in, month after month."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.loans.lives import COUNTY, SYSTEM, Life, at
from zhubao.access.roles import Role
from zhubao.exchange.actions import Receipt
from zhubao.exchange.files import layout_of
from zhubao.exchange.files.deduction_return import DeductionAnswer
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.pension_credit import PensionCredited
from zhubao.exchange.files.writing import write
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import rows_of
from zhubao.loans.states import JIANGXI
from zhubao.people.sealing import open_number
from zhubao.procedures.deduction_returned import apply_deduction_return, receive_deduction_return
from zhubao.procedures.deductions_ordered import Ordered, send_orders
from zhubao.procedures.pension_credited import apply_pension_credits, receive_pension_credits
from zhubao.programmes.bank_actions import Bid, record_cooperation, record_selection


def cooperating(life: Life) -> None:
    """Register the lending bank for the programme: files go to no other."""
    first, policy_id, at_bank = date(2021, 1, 1), life.loan.policy_id, life.loan.bank
    record_cooperation(
        at_bank.pk, [policy_id], region_code=COUNTY, starts_on=first, card_partner=True, agreement="合〔2021〕1号", agreed_on=first,
        confidentiality="密〔2021〕1号", confidential_from=first, pension_account="32060001000123", actor=SYSTEM, now=at(2021, 1, 2),
    )  # fmt: skip
    if policy_id != JIANGXI:
        record_selection(
            policy_id, [Bid(at_bank.pk, 90, chosen=True)], region_code=COUNTY, decided_on=first, document="选〔2021〕1号",
            reason="评分最高", actor=SYSTEM, now=at(2021, 1, 2),
        )  # fmt: skip


def credited(life: Life, month: date, fen: int, on: date, basic_fen: int | None = None) -> PensionCredited:
    """Return the line of a pension credited."""
    person = life.loan.person
    return PensionCredited(life.loan.number, person.name, open_number(person), month, fen, basic_fen, on)


def credit_content(life: Life, rows: Iterable[PensionCredited], batch: str) -> bytes:
    """Return the bank's file of pensions credited."""
    head = Head(batch, life.loan.bank.name, life.loan.agency.name, "入账")
    return write(layout_of("pension_credit"), head, list(rows), "csv")


def load_credits(life: Life, rows: list[PensionCredited], batch: str, on: date, *, by_agency: bool = False) -> Envelope:
    """Hand a file of pensions credited in, the bank's unless told otherwise, and have it applied."""
    sender, receiver = (life.loan.agency, life.loan.bank) if by_agency else (life.loan.bank, life.loan.agency)
    content = write(layout_of("pension_credit"), Head(batch, sender.name, receiver.name, "入账"), rows, "csv")
    now = at(on.year, on.month, on.day)
    receipt = receive_pension_credits(
        [content], name="养老金入账明细.csv", policy_id=life.loan.policy_id, region_code=COUNTY, sender_id=sender.pk,
        receiver_id=receiver.pk, actor=life.by(Role.AGENCY_ACCOUNTANT), now=now,
    )  # fmt: skip
    assert not receipt.refused, receipt.faults
    return apply_pension_credits(receipt.envelope.pk, clock=lambda: now)


def order(life: Life, batch: str, on: date) -> Ordered:
    """Have the agency's accountant write the order file for the bank."""
    now = at(on.year, on.month, on.day)
    return send_orders(life.loan.bank_id, life.loan.policy_id, batch, actor=life.by(Role.AGENCY_ACCOUNTANT), now=now)


def answers(envelope: Envelope, on: date, **more: Any) -> list[DeductionAnswer]:
    """Answer an order file as a bank that took every instalment in full, or as told."""
    return [
        DeductionAnswer(**{
            "loan_number": row.loan_number, "month": row.month, "ordered_fen": row.amount_fen, "amount_fen": row.amount_fen,
            "taken_on": on, "result": "taken", "reason": "", "bank_reference": f"LS{number}", **more,
        })
        for number, row in enumerate(rows_of(envelope, today=on), 1)
    ]  # fmt: skip


def return_content(life: Life, rows: Iterable[DeductionAnswer], batch: str) -> bytes:
    """Return the bank's return file."""
    head = Head(batch, life.loan.bank.name, life.loan.agency.name, "登记扣款结果")
    return write(layout_of("deduction_return"), head, list(rows), "csv")


def hand_in(life: Life, content: bytes, on: date, *, to: Envelope | None = None) -> Receipt:
    """Hand the bank's return file in."""
    return receive_deduction_return(
        [content], name="扣划回盘.csv", policy_id=life.loan.policy_id, region_code=COUNTY, bank_id=life.loan.bank_id,
        agency_id=life.loan.agency_id, answers=to, actor=life.by(Role.BANK_OFFICER), now=at(on.year, on.month, on.day),
    )  # fmt: skip


def load_return(life: Life, rows: list[DeductionAnswer], batch: str, on: date, *, to: Envelope | None = None) -> Envelope:
    """Hand the bank's return file in and have it applied."""
    receipt = hand_in(life, return_content(life, rows, batch), on, to=to)
    assert not receipt.refused, receipt.faults
    return apply_deduction_return(receipt.envelope.pk, clock=lambda: at(on.year, on.month, on.day))
