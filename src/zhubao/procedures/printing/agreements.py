"""Sheets signed at the bank: the summary of the agreement, and the confirmation of a draw."""

from datetime import datetime

from zhubao.access.actors import Actor
from zhubao.cases.contract import DISBURSEMENTS, METHODS, TONGLING
from zhubao.cases.models import Agreement, Application, Case
from zhubao.documents.agreements import DrawConfirmation, LoanAgreementSummary
from zhubao.language import Text
from zhubao.loans.draws import PAYEES
from zhubao.loans.models import Tranche
from zhubao.loans.states.claim import bears_interest
from zhubao.people.actions import account_for_print, number_for_print
from zhubao.people.selectors import card_account
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.procedures.agreement_signed import subsidised_from

LIMITS = {
    "jiangxi-2020-7": "扣划后养老金不低于当年城镇最低生活保障标准",
    "rugao-draft": "每月扣划不超过当月养老金的 50%",
    "tongling-2022-13": "只扣个人账户养老金",
}
WITH_BASIC = "个人账户养老金和事先约定的基础养老金"
RATE_BASES = {
    "jiangxi-2020-7": "不高于放款时最近一期 LPR",
    "rugao-draft": "办理时同期贷款基准利率",
    "tongling-2022-13": "不高于同期贷款基准利率",
}
DAY_COUNTS = {"act360": "实际天数/360", "act365": "实际天数/365", "month+odd": "整月加零头天"}


@implements("jx-2.2b", "jx-annex-3b", "tl-3.2b", as_="feature")
def agreement(case: Case, *, actor: Actor, now: datetime) -> LoanAgreementSummary:
    """Return what both sides agreed, on one sheet."""
    agreed = Agreement.objects.select_related("bank").get(case=case)
    form = Application.objects.get(case=case)
    card = card_account(case.person, agreed.bank_id)
    signers = {each.relation: each.person.name for each in case.co_borrowers.select_related("person") if each.consented_on}
    basic = case.policy_id == TONGLING and agreed.basic_pension_agreed_on is not None
    return LoanAgreementSummary(
        date=agreed.signed_on,
        number=agreed.number,
        programme=judge_of(case.policy_id).policy.title.zh,
        borrower=case.person.name,
        citizen_number=number_for_print(case.person, "协议要点", actor=actor, now=now),
        phone=form.phone,
        address=form.address,
        bank=agreed.bank.name,
        card_account=account_for_print(card, "协议要点", actor=actor, now=now) if card else "",
        need_fen=agreed.need_fen,
        amount_fen=agreed.amount_fen,
        years=agreed.years,
        disbursement=DISBURSEMENTS[case.policy_id][1].zh,
        rate_ppm=agreed.rate_ppm,
        rate_basis=RATE_BASES[case.policy_id],
        day_count=DAY_COUNTS.get(agreed.day_count, agreed.day_count),
        method=METHODS.get(agreed.method, Text(agreed.method, agreed.method)).zh,
        instalment_fen=agreed.instalment_fen,
        limit=WITH_BASIC if basic else LIMITS[case.policy_id],
        subsidised=subsidised_from(case, agreed) is not None if bears_interest(case.policy_id) else None,
        co_borrower=signers.get("child", ""),
        guarantor=signers.get("guarantor", ""),
        signed=agreed.signed_on,
    )


@implements("jx-annex-4c", as_="feature")
def draw_confirmation(draw: Tranche, *, actor: Actor, now: datetime) -> DrawConfirmation:
    """Return the sheet a borrower signs for a draw; before the draw it carries the day of the confirmation."""
    loan = draw.loan
    payee = PAYEES[draw.payee].zh if draw.payee else "社会保障卡金融账户"
    receipt = draw.receipts.order_by("on").first()
    on = draw.drawn_on or draw.confirmed_on
    assert on is not None, draw
    return DrawConfirmation(
        date=draw.confirmed_on or on,
        number=f"{loan.number}-{draw.year}-{draw.sequence}",
        loan_number=loan.number,
        borrower=loan.person.name,
        citizen_number=number_for_print(loan.person, "放款确认书", actor=actor, now=now),
        year=draw.year,
        sequence=draw.sequence,
        months=draw.months,
        cap_fen=draw.cap_fen,
        amount_fen=draw.amount_fen,
        rate_ppm=loan.rate_ppm,
        payee=payee,
        payee_account=account_for_print(loan.card_account, "放款确认书", actor=actor, now=now) if loan.card_account else "",
        bank=loan.bank.name,
        drawn=on,
        receipt_number=receipt.number if receipt else "",
    )


__all__ = ["agreement", "draw_confirmation"]
