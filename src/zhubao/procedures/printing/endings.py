"""Papers of a loan's end, filled from what is on record."""

from datetime import datetime

from django.db.models import Sum
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.documents.endings import DeathSheet, LetterAfterDeath, PayoffSheet, SettlementCertificateSheet
from zhubao.loans.draws import PAID_OUT
from zhubao.loans.endings.clearing import CLAIM_LABELS, claimed_on_whom
from zhubao.loans.endings.death import CHECK_LABELS
from zhubao.loans.models import DeathSettlement, Loan, PayoffQuote, SettlementCertificate
from zhubao.loans.states import JIANGXI, RUGAO, TONGLING, ways_of
from zhubao.loans.states.claim import bears_interest
from zhubao.people.actions import number_for_print
from zhubao.policies import judge_of
from zhubao.policies.claims import implements

BASIS = {
    JIANGXI: (
        "借款人身故，先以养老保险个人账户余额还贷（第三条第四项）。",
        "困难助保对象账户不足的，由当地政府负担；其他借款人的不足部分，文件没有写明由谁负担。",
    ),
    RUGAO: (
        "无论领取养老金前后身故，先以个人账户余额还贷，不足部分由同级财政负担（第十五条）。",
        "因银行自身原因造成的损失由银行承担（第十五条第三项）。",
        "借款人签有承诺：无力还清时，同意先以个人账户余额还贷（附件1承诺4）。",
    ),
    TONGLING: (
        "只以个人账户中由贷款形成的余额还贷（第四条第三项），其余归继承人。",
        "仍不足的由共同借款人或担保人偿还，不使用财政资金。",
    ),
}
UNCONFIRMED = "由谁负担账户不足的部分，系统按默认做法处理，尚未经有权部门确认。"


@implements("jx-3.3b", "rg-14.2b", "tl-4.1c", as_="feature")
def payoff_sheet(quote: PayoffQuote, *, actor: Actor, now: datetime) -> PayoffSheet:
    """Return what pays a loan off on the day of a quote."""
    loan = quote.loan
    return PayoffSheet(
        date=localdate(quote.asked_at),
        number=quote.number,
        loan_number=loan.number,
        borrower=loan.person.name,
        citizen_number=number_for_print(loan.person, "提前结清金额单", actor=actor, now=now),
        bank=loan.bank.name,
        valid_on=quote.valid_on,
        principal_fen=quote.principal_fen,
        interest_fen=quote.interest_fen,
        government_fen=quote.government_fen if bears_interest(loan.policy_id) else None,
    )


@implements("rg-14.3", as_="feature")
def certificate_sheet(loan: Loan, *, actor: Actor, now: datetime) -> SettlementCertificateSheet:
    """Return the settlement certificate."""
    certificate = SettlementCertificate.objects.get(loan=loan)
    lent = loan.tranches.filter(state__in=PAID_OUT).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return SettlementCertificateSheet(
        date=localdate(certificate.issued_at),
        number=certificate.number,
        loan_number=loan.number,
        programme=judge_of(loan.policy_id).policy.title.zh,
        borrower=loan.person.name,
        citizen_number=number_for_print(loan.person, "结清证明", actor=actor, now=now),
        bank=loan.bank.name,
        signed=loan.signed_on,
        lent_fen=lent,
        settled=certificate.settled_on,
    )


@implements("jx-3.4a", "jx-3.4b", "rg-15.1", "rg-15.2", "rg-15.3", "rg-annex1-c4", "tl-4.3b", as_="feature")
def death_sheet(settlement: DeathSettlement, *, actor: Actor, now: datetime) -> DeathSheet:
    """Return the settlement sheet of a death whose debt is divided."""
    loan = settlement.loan
    assert settlement.divided_at is not None, settlement
    return DeathSheet(
        date=localdate(settlement.divided_at),
        number=f"{loan.number}-SG",
        loan_number=loan.number,
        programme=judge_of(loan.policy_id).policy.title.zh,
        borrower=loan.person.name,
        citizen_number=number_for_print(loan.person, "身故清偿单", actor=actor, now=now),
        bank=loan.bank.name,
        agency=loan.agency.name,
        died=settlement.died_on,
        proof=settlement.proof,
        account_fen=settlement.account_fen or 0,
        account_source=settlement.account_source,
        loan_formed_fen=settlement.loan_formed_fen,
        debt_fen=settlement.debt_fen or 0,
        from_account_fen=settlement.from_account_fen or 0,
        finance_fen=settlement.finance_fen or 0,
        bank_fen=settlement.bank_fen or 0,
        unrecovered_fen=settlement.unrecovered_fen or 0,
        heirs_fen=settlement.heirs_fen or 0,
        returned_fen=settlement.returned_fen or 0,
        claimed_on=CLAIM_LABELS[claimed_on_whom(loan)].zh,
        fault=settlement.fault if settlement.bank_at_fault else "",
        provisional=UNCONFIRMED if settlement.unconfirmed else "",
        basis=BASIS[loan.policy_id],
        checks=tuple(f"{CHECK_LABELS[check.item].zh}：{check.note}（{check.done_by_name}）" for check in settlement.checks.all()),
        with_finance=ways_of(loan.policy_id).finance_covers,
    )


@implements("jx-3.4a", "tl-4.3b", as_="feature")
def letter_after_death(settlement: DeathSettlement) -> LetterAfterDeath:
    """Return the letter to heirs, or to who signed beside the borrower; the borrower's number stays masked."""
    loan = settlement.loan
    assert settlement.divided_at is not None, settlement
    signers = [each.person.name for each in loan.signers.select_related("person")]
    return LetterAfterDeath(
        date=localdate(settlement.divided_at),
        number=f"{loan.number}-GZ",
        addressee="、".join(signers) or f"{loan.person.name}的继承人",
        borrower=loan.person.name,
        citizen_number=loan.person.masked_number,
        loan_number=loan.number,
        died=settlement.died_on,
        debt_fen=settlement.debt_fen or 0,
        from_account_fen=settlement.from_account_fen or 0,
        others_fen=(settlement.finance_fen or 0) + (settlement.bank_fen or 0),
        claim_fen=settlement.unrecovered_fen or 0,
        heirs_fen=settlement.heirs_fen or 0,
        returned_fen=settlement.returned_fen or 0,
        office=loan.agency.name,
    )
