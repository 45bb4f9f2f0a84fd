"""A Rugao renewal runs in the case and moves the loan: filed, it opens; granted, it permits a year's draw; refused, it suspends."""

from datetime import date, datetime

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.cases.actions import renewal as renewals
from zhubao.cases.models import Case, Renewal
from zhubao.cases.stepping import Request
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.models import Loan
from zhubao.loans.renewing import drop_renewal, open_renewal, permit_year, suspend
from zhubao.loans.states import process_of


@transaction.atomic
def file_renewal(
    case_id: int,
    year: int,
    *,
    category: str,
    asked_fen: int,
    signed_on: date | None,
    late_reason: str = "",
    phone: str = "",
    address: str = "",
    request: Request,
    actor: Actor,
    now: datetime,
) -> Renewal:
    """File a renewal for the loan of a case, and open it there; raise what both sides raise, E-LOAN-UNKNOWN while there is no loan."""
    loan = _loan_of(Case.objects.get(pk=case_id))
    renewal = renewals.file_renewal(
        case_id,
        loan.number,
        year,
        category=category,
        asked_fen=asked_fen,
        signed_on=signed_on,
        late_reason=late_reason,
        phone=phone,
        address=address,
        request=request,
        actor=actor,
        now=now,
    )
    open_renewal(loan.pk, renewal.case.number, key=f"renewal/{request.key}", actor=actor, now=now)
    return renewal


@transaction.atomic
def decide_renewal(
    renewal_id: int, outcome: str, *, because: str = "", reason: str = "", request: Request, actor: Actor, now: datetime
) -> Renewal:
    """Decide a renewal: granted, next year's draw rests on it (rg-19d); suspended, no more is drawn and the subsidy stays (rg-20b)."""
    renewal = renewals.decide(renewal_id, outcome, because=because, reason=reason, request=request, actor=actor, now=now)
    loan, key = _loan_of(renewal.case), f"renewal/{request.key}"
    if outcome == "granted":
        assert renewal.amount_fen is not None, renewal
        permit_year(loan.pk, renewal.year, renewal.amount_fen, renewal.case.number, key=key, actor=actor, now=now)
    else:
        suspend(loan.pk, reason, key=key, actor=actor, now=now)
    return renewal


@transaction.atomic
def withdraw_renewal(renewal_id: int, *, reason: str, request: Request, actor: Actor, now: datetime) -> Renewal:
    """Take a renewal back; the loan stands again where it stood. A loan that was repaid meanwhile, or whose borrower died, stays so."""
    renewal = renewals.withdraw(renewal_id, reason=reason, request=request, actor=actor, now=now)
    loan, key = _loan_of(renewal.case), f"renewal/{request.key}"
    if not has_ended(loan) or loan.steps.filter(key=key).exists():
        drop_renewal(loan.pk, reason, key=key, actor=actor, now=now)
    return renewal


def has_ended(loan: Loan) -> bool:
    """Tell whether a loan goes the way of an ending: settled, withdrawn, or in the settlement after a death."""
    return loan.state not in process_of(loan.policy_id).transition("open_death").start


def _loan_of(case: Case) -> Loan:
    loan = Loan.objects.filter(case_number=case.number).first()
    if loan is None:
        raise ZhubaoError("E-LOAN-UNKNOWN", Text("该申请还没有贷款", "the application has no loan yet"), place=case.number)
    return loan
