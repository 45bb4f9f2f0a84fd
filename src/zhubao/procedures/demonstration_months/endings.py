"""How the named borrowers end their loans, and what the posts do with every early payment, death, claim and finding under way."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import QuerySet

from zhubao.access.roles import Role
from zhubao.loans.endings.clearing import (
    approve_backstop,
    claim_paid_in,
    close_death,
    left_of,
    propose_write_off,
    receive_money,
    return_deductions,
    settle_claim,
    write_off,
)
from zhubao.loans.endings.death import (
    BALANCE,
    DEDUCTIONS,
    HEIRS,
    agree_fault,
    divide_debt,
    enter_balance,
    find_fault,
    inform_heirs,
    missing_checks,
    open_death,
    stop_deductions,
)
from zhubao.loans.endings.early import SHORTER, ask_quote, confirm_part, pay_all, pay_part, payoff_on, settle_early
from zhubao.loans.endings.transfer import TRANSFER as MOVES_AWAY
from zhubao.loans.endings.transfer import release_transfer, request_transfer
from zhubao.loans.fraud import actions as fraud
from zhubao.loans.fraud.claiming import open_of
from zhubao.loans.models import DeathSettlement, EstateClaim, FraudFinding, Loan, Prepayment, TransferRequest
from zhubao.loans.personal_account import balance_on
from zhubao.loans.replaying import record_of
from zhubao.loans.states import TONGLING, process_of
from zhubao.loans.states.fraud import FRAUD as FRAUD_COURSE

from ..demonstration_cases.endings import ACCOUNT, CLAIM, EARLY, FAULT, FINANCE, FRAUD, PART, TRANSFER, WRITTEN_OFF
from .county import County

DEATHS = frozenset({ACCOUNT, FINANCE, FAULT, CLAIM, WRITTEN_OFF})
# What stood on the account: enough for any debt of the demonstration, or next to nothing.
FULL_FEN, LITTLE_FEN = 90_000_00, 350_00


def begin_endings(county: County, now: datetime) -> None:
    """Have every named borrower whose month has come take the first step of their ending."""
    for loan, ending in county.planned_endings():
        if not ending.after or _months(loan.signed_on, county.month) < ending.after:
            continue
        if ending.word in (EARLY, TRANSFER, PART):
            _repay_early(county, loan, ending.word, now)
        elif ending.word in DEATHS:
            _die(county, loan, now)
        elif ending.word == FRAUD and not loan.findings.exists() and not process_of(county.policy).state(loan.state).final:
            told = "复核时发现困难证明系伪造（演示）"
            examiner = county.at(Role.AGENCY_REVIEWER)
            take = partial(fraud.open_finding, loan.pk, "false_proof", told, now.date(), key=_key(loan), actor=examiner, now=now)
            county.attempt(loan.number, take)


def _repay_early(county: County, loan: Loan, word: str, now: datetime) -> None:
    if loan.state not in process_of(county.policy).transition("pay_early").start or loan.prepayments.exists():
        return
    officer, today, reference = county.at(Role.BANK_OFFICER, loan.bank), now.date(), f"TH{county.month:%Y%m}{loan.pk}"
    if word == PART:
        half = payoff_on(record_of(loan), today).total // 2
        take: Callable[[], object] = partial(pay_part, loan.pk, today, half, reference, SHORTER, actor=officer, now=now)
    else:

        def take() -> object:
            quote = ask_quote(loan.pk, today, actor=officer, now=now)
            return pay_all(quote.pk, today, quote.total_fen, reference, actor=officer, now=now)

    if word == TRANSFER:
        clerk = county.at(Role.AGENCY_INTAKE)
        county.attempt(loan.number, partial(request_transfer, loan.pk, MOVES_AWAY, "苏州市", today, actor=clerk, now=now))
    county.attempt(loan.number, take)


def _die(county: County, loan: Loan, now: datetime) -> None:
    if loan.state not in process_of(county.policy).transition("open_death").start:
        return
    died_on, clerk = now.date() - timedelta(days=3), county.at(Role.AGENCY_INTAKE)
    take = partial(open_death, loan.pk, died_on, f"死亡医学证明 {loan.number[-6:]}号（演示）", actor=clerk, now=now)
    county.attempt(loan.number, take)


def confirm_payments(county: County, now: datetime) -> None:
    """Have the banks' reviewers confirm early payments, and the agency release relations whose loan is settled."""
    for payment in Prepayment.objects.filter(loan__in=county.loans.order_by(), state="reported").select_related("loan__bank"):
        reviewer = county.at(Role.BANK_REVIEWER, payment.loan.bank)
        confirm = settle_early if payment.quote_id else confirm_part
        county.attempt(payment.loan.number, partial(confirm, payment.pk, actor=reviewer, now=now))
    blocked = TransferRequest.objects.filter(loan__in=county.loans.order_by(), state="blocked", loan__state="settled")
    for request in blocked.select_related("loan"):
        approver = county.at(Role.AGENCY_APPROVER)
        county.attempt(request.loan.number, partial(release_transfer, request.pk, actor=approver, now=now))


def check_deaths(county: County, now: datetime) -> None:
    """Have the check-list of every death done, and in Rugao the bank's fault found where it is to be found."""
    words = {loan.pk: ending.word for loan, ending in county.planned_endings()}
    for settlement in _deaths(county).filter(divided_at=None):
        loan, word = settlement.loan, words.get(settlement.loan_id, "")
        balance = FULL_FEN if word == ACCOUNT else LITTLE_FEN
        kept, part = balance_on(loan, settlement.died_on), None
        if county.policy == TONGLING:
            # Only what the loan formed repays; the bank's interest above it is the heirs'.
            balance, part = kept or (balance, balance)
        accountant, clerk = county.at(Role.AGENCY_ACCOUNTANT), county.at(Role.AGENCY_INTAKE)
        officer = county.at(Role.BANK_OFFICER, loan.bank)
        steps: dict[str, Callable[[], object]] = {
            BALANCE: partial(
                enter_balance, loan.pk, balance, "个人账户系统（演示）", loan_formed_fen=part, actor=accountant, now=now
            ),
            DEDUCTIONS: partial(stop_deductions, loan.pk, "已停扣", actor=officer, now=now),
            HEIRS: partial(inform_heirs, loan.pk, "上门告知子女", actor=clerk, now=now),
        }
        for item in missing_checks(settlement):
            county.attempt(loan.number, steps[item])
        if word == FAULT and settlement.fault_found_at is None:
            approver = county.at(Role.AGENCY_APPROVER)
            found = partial(find_fault, loan.pk, "银行未按协议办理，书面认定（演示）", actor=approver, now=now)
            agreed = partial(agree_fault, loan.pk, "同意认定", actor=county.at(Role.FINANCE_CLERK), now=now)
            county.attempt(loan.number, found)
            county.attempt(loan.number, agreed)


def divide_debts(county: County, now: datetime) -> None:
    """Have the agency fix who pays what."""
    for settlement in _deaths(county).filter(divided_at=None):
        approver = county.at(Role.AGENCY_APPROVER)
        county.attempt(settlement.loan.number, partial(divide_debt, settlement.loan_id, actor=approver, now=now))


def receive_payers(county: County, now: datetime) -> None:
    """Have finance agree, everybody pay their part, and deductions go back."""
    for settlement in _deaths(county).exclude(divided_at=None):
        loan, today = settlement.loan, now.date()
        officer = county.at(Role.BANK_OFFICER, loan.bank)
        for payer in settlement.payers.filter(paid_on=None).order_by("pk"):
            if payer.payer == "finance" and payer.approved_at is None:
                finance = county.at(Role.FINANCE_CLERK)
                county.attempt(loan.number, partial(approve_backstop, loan.pk, actor=finance, now=now))
            reference = f"QC{loan.pk}{payer.payer}"
            take = partial(receive_money, loan.pk, payer.payer, today, payer.amount_fen, reference, actor=officer, now=now)
            county.attempt(loan.number, take)
        if settlement.returned_fen and settlement.returned_on is None:
            county.attempt(loan.number, partial(return_deductions, loan.pk, today, f"TH{loan.pk}", actor=officer, now=now))


def close_deaths(county: County, now: datetime) -> None:
    """Have the banks close the settlements."""
    for settlement in _deaths(county).exclude(divided_at=None):
        reviewer = county.at(Role.BANK_REVIEWER, settlement.loan.bank)
        county.attempt(settlement.loan.number, partial(close_death, settlement.loan_id, actor=reviewer, now=now))


def pursue_claims(county: County, now: datetime) -> None:
    """Have the banks' claims on estates and signers come in, a part a month, or be written off in the end."""
    words = {loan.pk: ending.word for loan, ending in county.planned_endings()}
    claims = EstateClaim.objects.filter(settlement__loan__in=county.loans.filter(state="estate_claim").order_by())
    for claim in claims.select_related("settlement__loan__bank").order_by("pk"):
        loan, paid = claim.settlement.loan, claim.payments.count()
        officer, reviewer = county.at(Role.BANK_OFFICER, loan.bank), county.at(Role.BANK_REVIEWER, loan.bank)
        reference, left, today = f"ZC{county.month:%Y%m}{loan.pk}", left_of(claim), now.date()
        if words.get(loan.pk) == WRITTEN_OFF and paid:
            why = "已无遗产可供清偿，无其他义务人（演示）"
            if not loan.steps.filter(verb="propose_write_off").exists():
                county.attempt(loan.number, partial(propose_write_off, loan.pk, why, actor=officer, now=now))
            else:
                county.attempt(loan.number, partial(write_off, loan.pk, "同意核销", actor=reviewer, now=now))
            continue
        if left:
            fen = left if paid else -(-left // 2)
            take = partial(claim_paid_in, loan.pk, today, fen, "继承人或共同借款人", reference, actor=officer, now=now)
            county.attempt(loan.number, take)
        if not left_of(claim):
            county.attempt(loan.number, partial(settle_claim, loan.pk, actor=reviewer, now=now))


def carry_findings(county: County, now: datetime) -> None:
    """Have every finding of fraud take its next step: notice, statement, decision, finance's agreement, recovery."""
    findings = FraudFinding.objects.filter(loan__in=county.loans.order_by()).exclude(state__in=FRAUD_COURSE.final)
    for finding in findings.select_related("loan__bank").order_by("pk"):
        county.attempt(finding.number, partial(_carry, county, finding, now))


def _carry(county: County, finding: FraudFinding, now: datetime) -> None:
    today, key = now.date(), finding.pk
    if finding.state == "opened":
        accountant = county.at(Role.AGENCY_ACCOUNTANT)
        fraud.serve_notice(key, today, "送达回证（演示）", actor=accountant, now=now)
    elif finding.state == "notified" and finding.stated_on is None:
        said, clerk = "本人到场陈述：证明由他人代办，本人不知情（演示）", county.at(Role.AGENCY_INTAKE)
        fraud.take_statement(key, said, actor=clerk, now=now)
    elif finding.state == "notified":
        fraud.decide_finding(key, "证明经发证单位核实系伪造", actor=county.at(Role.AGENCY_APPROVER), now=now)
    elif finding.state == "agency_decided":
        fraud.agree_finding(key, actor=county.at(Role.FINANCE_CLERK), now=now)
    elif finding.state == "recovering":
        left, officer = open_of(finding, today), county.at(Role.BANK_OFFICER, finding.loan.bank)
        if left.bank_fen:
            fraud.record_repayment(key, f"ZH{county.month:%Y%m}-1", today, left.bank_fen, actor=officer, now=now)
        if left.subsidy_fen:
            finance = county.at(Role.FINANCE_CLERK)
            fraud.record_refund(key, f"ZH{county.month:%Y%m}-2", today, left.subsidy_fen, actor=finance, now=now)


def _deaths(county: County) -> QuerySet[DeathSettlement]:
    loans = county.loans.filter(state="death_settlement").order_by()
    return DeathSettlement.objects.filter(loan__in=loans).select_related("loan__bank").order_by("pk")


def _months(day: date, month: date) -> int:
    return (month.year - day.year) * 12 + month.month - day.month


def _key(loan: Loan) -> str:
    return f"demonstration/{loan.number}"
