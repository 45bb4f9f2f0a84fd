"""The only writers of findings of fraud. The loan goes on by its own rows; what the finding changes in it are events like any other."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from zhubao.access.actors import Actor
from zhubao.documents.amounts import amount_in_yuan
from zhubao.documents.integrity import sentence
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.ledger.actions import Line, post
from zhubao.ledger.chart import Party
from zhubao.lending.events import grace_ended, prepaid
from zhubao.policies.claims import implements

from ..beside import (
    BesideGoing,
    begin_beside,
    declare_tasks,
    finish_beside,
    first_beside,
    require_heard,
    served,
    stated,
    tell_person,
)
from ..books import book, reference_of
from ..deductions.made_good import close_made_good
from ..drawing import cancel_open_draws
from ..endings.waiting import await_certificate
from ..models import FraudFinding, FraudRecovery, Loan
from ..replaying import record_of
from ..states.fraud import FOUND, FRAUD, FRAUD_KINDS, KIND_CLAUSES
from ..stepping import add_event, begin, finish
from .claiming import Claim, claim_of, open_of, subsidy_ends

SOURCE = "fraud"
# Finding → books: what finance and the borrower are to settle between them, and how it is settled.
CLAIMED = (
    (Party.FINANCE, "subsidy_recovery_receivable", "interest_subsidy_expense"),
    (Party.BORROWER, "recovery_loss", "recovery_payable"),
)
RETURNED = (
    (Party.FINANCE, "treasury_cash", "subsidy_recovery_receivable"),
    (Party.BORROWER, "recovery_payable", "own_money"),
)
declare_tasks(FRAUD)


@implements("rg-23b", "jx-4.1a", as_="action")
@transaction.atomic
def open_finding(
    loan_id: int, kind: str, facts: str, found_on: date, *, key: str = "", actor: Actor, now: datetime
) -> FraudFinding:
    """Record the facts that point to fraud in a loan: what, since when known. Draws go on until it is decided.

    Raise OutOfScope, E-FINDING-OPEN while another one of the loan is, E-FINDING-KIND, E-FINDING-FACTS for no words, E-DRAW-DAY for a
    day to come.
    """
    loan = Loan.objects.select_for_update(of=("self",)).select_related("agency").get(pk=loan_id)
    if kind not in FRAUD_KINDS:
        raise ZhubaoError("E-FINDING-KIND", Text("没有这类事实", "there is no such kind of facts"), place=kind)
    if not facts.strip():
        raise ZhubaoError("E-FINDING-FACTS", Text("请写明事实", "say what the facts are"), place=loan.number)
    if found_on > localdate(now):
        raise ZhubaoError("E-DRAW-DAY", Text("发现日期不能晚于今天", "the day is still to come"), place=loan.number)
    standing = FraudFinding.objects.filter(loan=loan).exclude(state__in=FRAUD.final).first()
    if standing is not None:
        if key and standing.steps.filter(key=key).exists():
            return standing
        raise ZhubaoError(
            "E-FINDING-OPEN", Text("这笔贷款已有一项在办", "the loan has one under way already"), place=standing.number
        )
    finding = FraudFinding(
        region_code=loan.region_code,
        number=f"{loan.number}-F{FraudFinding.objects.filter(loan=loan).count() + 1}",
        loan=loan,
        person_id=loan.person_id,
        agency_id=loan.agency_id,
        kind=kind,
        facts=facts.strip(),
        found_on=found_on,
        opened_at=now,
    )
    going = first_beside(FRAUD, finding, "open_finding", key=key, actor=actor, now=now)
    return finish_beside(going, kind=kind, clauses=list(KIND_CLAUSES[kind]))


@transaction.atomic
def serve_notice(
    finding_id: int,
    served_on: date,
    proof: str,
    *,
    channel: str = "paper",
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> FraudFinding:
    """Note that the notice of facts reached the person, with its proof; the days for a statement are counted from it.

    Raise E-NOTICE-PROOF, E-NOTICE-DAY, and what `beside.begin_beside` raises.
    """
    going = _going(finding_id, "serve_notice", seen=seen, key=key, actor=actor, now=now)
    if not going.done:
        finding = going.record
        text = f"贷款 {finding.loan.number}：拟认定“{FRAUD_KINDS[finding.kind].zh}”。事实：{sentence(finding.facts)}您可以陈述和申辩。"
        served(going, served_on, proof, text, channel=channel)
        finish_beside(going, notified_on=str(served_on), statement_until=str(finding.statement_until))
    return going.record


@transaction.atomic
def take_statement(
    finding_id: int, text: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> FraudFinding:
    """Write down the person's side: by the person within the period, or by the office at the counter."""
    going = _going(finding_id, "take_statement", seen=seen, key=key, actor=actor, now=now)
    if not going.done:
        stated(going, text)
        finish_beside(going, how=going.record.stated_how)
    return going.record


@implements("rg-23c", as_="action")
@transaction.atomic
def decide_finding(
    finding_id: int, reasons: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> FraudFinding:
    """Decide that it is so, with the reasons; it holds once finance agrees. Raise E-NOT-HEARD before the person was heard."""
    going = _going(finding_id, "decide_finding", reason=reasons, seen=seen, key=key, actor=actor, now=now)
    if not going.done:
        require_heard(going)
        going.record.decision, going.record.decided_on = going.reason, going.today
        finish_beside(going)
    return going.record


@implements("rg-23c", "jx-5.2e", as_="action")
@transaction.atomic
def agree_finding(finding_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> FraudFinding:
    """Agree for finance: draws stop, the subsidy ends where none was paid yet, the debt is due and the subsidy paid is claimed back.

    The interest nobody has paid the bank becomes the borrower's, by an event of the loan; the claim on the subsidy is posted under
    a source of its own. The three amounts are kept as of today.
    """
    going = _going(finding_id, "agree_finding", seen=seen, key=key, actor=actor, now=now)
    finding = going.record
    if going.done:
        return finding
    loan, today = _locked(finding), going.today
    if not _ended(loan):
        ends = subsidy_ends(record_of(loan), today)
        if ends is not None:
            add_event(loan, f"fraud:{finding.number}", grace_ended(ends), finding.number, actor=actor, now=now)
            finding.subsidy_ended_on = ends
        cancel_open_draws(loan)
        book(loan, today, actor=actor, now=now)
    claim = claim_of(loan, today)
    finding.principal_fen, finding.interest_fen, finding.subsidy_fen = claim.principal_fen, claim.interest_fen, claim.subsidy_fen
    finding.finance_id = actor.organisation_id
    _post(finding, CLAIMED, claim.subsidy_fen, today, "fraud_subsidy", finding.number, actor=actor, now=now)
    going.spent = _spent(claim)
    finish_beside(
        going,
        to="recovering" if claim.total_fen else "recovered",
        principal_fen=claim.principal_fen,
        interest_fen=claim.interest_fen,
        subsidy_fen=claim.subsidy_fen,
    )
    yuan = amount_in_yuan
    tell_person(
        going,
        "decided",
        f"贷款 {loan.number} 已认定“{FRAUD_KINDS[finding.kind].zh}”：应还本金 {yuan(claim.principal_fen)} 元、利息 "
        f"{yuan(claim.interest_fen)} 元，应退贴息 {yuan(claim.subsidy_fen)} 元。理由：{finding.decision}",
    )
    return finding


@transaction.atomic
def send_back(
    finding_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> FraudFinding:
    """Send a decision back for finance does not agree; the agency decides again."""
    going = _going(finding_id, "send_back", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if not going.done:
        going.record.decision, going.record.decided_on = "", None
        finish_beside(going)
    return going.record


@transaction.atomic
def drop_finding(
    finding_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> FraudFinding:
    """Drop a finding that does not stand; who was told of it is told of this too."""
    going = _going(finding_id, "drop_finding", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if not going.done:
        finish_beside(going)
        if going.record.notified_on is not None:
            tell_person(going, "dropped", f"贷款 {going.record.loan.number}：经核查不予认定。{going.reason}")
    return going.record


@implements("rg-23c", as_="action")
@transaction.atomic
def record_repayment(
    finding_id: int, receipt: str, paid_on: date, amount_fen: int, *, seen: str | None = None, actor: Actor, now: datetime
) -> FraudRecovery:
    """Record principal and interest that came back to the bank: an early payment of the loan, which is settled when nothing is left.

    The receipt is the key. Raise E-RECOVERY for nothing, no receipt, or more than is owed; E-RECOVERY-DAY; E-RECEIPT-KEY.
    """
    going = _going(finding_id, "record_repayment", seen=seen, key=f"bank/{receipt.strip()}", actor=actor, now=now)
    finding = going.record
    if going.done:
        return _the_same(finding, "bank", receipt, paid_on, amount_fen)
    loan = _locked(finding)
    _require_fits(going, receipt, paid_on, amount_fen, claim_of(loan, paid_on).bank_fen)
    row = _recovered(finding, "bank", receipt, paid_on, amount_fen, actor=actor, now=now)
    event = prepaid(paid_on, amount_fen)
    add_event(loan, f"fraud:{finding.number}/{row.receipt}", event, finding.number, actor=actor, now=now)
    record_of(loan).outcome(max(paid_on, going.today))
    book(loan, going.today, actor=actor, now=now)
    close_made_good(loan, max(paid_on, going.today), actor=actor, now=now)
    _finish_recovery(going, row)
    if not claim_of(loan, going.today).bank_fen and not _ended(loan):
        settle_recovered(loan.pk, paid_on, actor=actor, now=now)
    return row


@implements("rg-23c", "jx-5.2e", as_="action")
@transaction.atomic
def record_refund(
    finding_id: int, receipt: str, paid_on: date, amount_fen: int, *, seen: str | None = None, actor: Actor, now: datetime
) -> FraudRecovery:
    """Record subsidy that came back to finance, with its postings. The receipt is the key; raise as `record_repayment` does."""
    going = _going(finding_id, "record_refund", seen=seen, key=f"finance/{receipt.strip()}", actor=actor, now=now)
    finding = going.record
    if going.done:
        return _the_same(finding, "finance", receipt, paid_on, amount_fen)
    _require_fits(going, receipt, paid_on, amount_fen, open_of(finding, going.today).subsidy_fen)
    row = _recovered(finding, "finance", receipt, paid_on, amount_fen, actor=actor, now=now)
    _post(finding, RETURNED, amount_fen, paid_on, "fraud_refund", f"{finding.number}/{row.receipt}"[:60], actor=actor, now=now)
    _finish_recovery(going, row)
    return row


@transaction.atomic
def close_finding(finding_id: int, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> FraudFinding:
    """Close a finding whose debt was paid in another way; E-RECOVERY-OPEN while something is open."""
    going = _going(finding_id, "close_finding", seen=seen, key=key, actor=actor, now=now)
    if going.done:
        return going.record
    left = open_of(going.record, going.today).total_fen
    if left:
        yuan = amount_in_yuan(left)
        problem = Text(f"尚有 {yuan} 元未追回", f"{yuan} yuan are still open")
        raise ZhubaoError("E-RECOVERY-OPEN", problem, place=going.record.number)
    return finish_beside(going)


@transaction.atomic
def refer(
    finding_id: int, authority: str, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> FraudFinding:
    """Note that the case was handed on to the authority that pursues the liability, under which reference."""
    going = _going(finding_id, "refer", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if going.done:
        return going.record
    if not authority.strip():
        problem = Text("请写明移送给哪个机关", "say which authority")
        raise ZhubaoError("E-REASON", problem, place=going.record.number)
    going.record.referred_to = authority.strip()[:120]
    return finish_beside(going, authority=going.record.referred_to)


@transaction.atomic
def settle_recovered(loan_id: int, on: date, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Settle a loan of which fraud was found and nothing is owed any more.

    Raise E-LOAN-OWED while something is owed or where no fraud was found, E-STATE.
    """
    step = begin(loan_id, "settle_recovered", seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.loan
    left = claim_of(step.loan, max(on, step.today)).bank_fen
    if left or not FraudFinding.objects.filter(loan=step.loan, state__in=FOUND).exists():
        problem = Text(
            f"尚欠 {amount_in_yuan(left)} 元，或未认定骗取", f"{amount_in_yuan(left)} yuan are owed, or no fraud was found"
        )
        raise ZhubaoError("E-LOAN-OWED", problem, place=step.loan.number)
    finish(step, on=on)
    await_certificate(step.loan, actor=actor, now=now)
    return step.loan


def _going(
    finding_id: int,
    verb: str,
    *,
    reason: str = "",
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> BesideGoing[FraudFinding]:
    return begin_beside(FRAUD, FraudFinding, finding_id, verb, reason=reason, seen=seen, key=key, actor=actor, now=now)


def _locked(finding: FraudFinding) -> Loan:
    return Loan.objects.select_for_update(of=("self",)).select_related("bank", "person").get(pk=finding.loan_id)


def _ended(loan: Loan) -> bool:
    """Tell whether the loan has ended or is being settled after a death: then its own rows say what becomes of the debt."""
    return loan.state in {"settled", "withdrawn", "written_off", "death_settlement", "estate_claim"}


def _require_fits(going: BesideGoing[FraudFinding], receipt: str, paid_on: date, amount_fen: int, most_fen: int) -> None:
    finding = going.record
    if not receipt.strip():
        raise ZhubaoError("E-RECOVERY", Text("缺票号", "the receipt has no number"), place=finding.number)
    if not 0 < amount_fen <= most_fen:
        paid, most = amount_in_yuan(amount_fen), amount_in_yuan(most_fen)
        problem = Text(
            f"登记 {paid} 元，应大于零且不超过尚欠的 {most} 元", f"{paid} yuan; it is above zero and at most the {most} owed"
        )
        raise ZhubaoError("E-RECOVERY", problem, place=finding.number)
    assert finding.decided_on is not None, finding
    if not finding.decided_on <= paid_on <= going.today:
        problem = Text(f"应在 {finding.decided_on} 至今天之间", f"the day lies between {finding.decided_on} and today")
        raise ZhubaoError("E-RECOVERY-DAY", problem, place=finding.number)


def _recovered(
    finding: FraudFinding, payee: str, receipt: str, on: date, fen: int, *, actor: Actor, now: datetime
) -> FraudRecovery:
    return FraudRecovery.objects.create(
        record=finding,
        payee=payee,
        receipt=receipt.strip()[:60],
        on=on,
        amount_fen=fen,
        entered_at=now,
        entered_by_id=actor.post_id,
    )


def _the_same(finding: FraudFinding, payee: str, receipt: str, on: date, fen: int) -> FraudRecovery:
    there = finding.recoveries.get(payee=payee, receipt=receipt.strip()[:60])
    if (there.on, there.amount_fen) != (on, fen):
        problem = Text("票号已登记过另一笔", "the receipt was recorded otherwise")
        raise ZhubaoError("E-RECEIPT-KEY", problem, place=receipt)
    return there


def _finish_recovery(going: BesideGoing[FraudFinding], row: FraudRecovery) -> None:
    left = open_of(going.record, going.today)
    going.spent = _spent(left)
    finish_beside(
        going,
        to="recovering" if left.total_fen else "recovered",
        receipt=row.receipt,
        amount_fen=row.amount_fen,
        left_fen=left.total_fen,
    )


def _spent(left: Claim) -> frozenset[str]:
    """Return the steps of the party to whom nothing is owed any more."""
    open_fen = {"record_repayment": left.bank_fen, "record_refund": left.subsidy_fen}
    return frozenset(verb for verb, fen in open_fen.items() if not fen)


def _post(
    finding: FraudFinding,
    movements: tuple[tuple[Party, str, str], ...],
    fen: int,
    on: date,
    kind: str,
    entry: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    if not fen:
        return
    lines = [
        Line(
            region_code=finding.region_code,
            on=on,
            party=party,
            debit=debit,
            credit=credit,
            amount_fen=fen,
            source=SOURCE,
            subject=finding.loan.subject,
            kind=f"{kind}.{party.value}",
            entry=entry,
            party_reference=reference_of(finding.loan, party),
        )
        for party, debit, credit in movements
    ]
    post(lines, actor=actor, now=now)
