"""The yearly renewal of a Rugao loan: applied for, granted for a year, taken back, or the loan suspended."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import implements

from .drawing import cancel_open_draws
from .draws import PAID_OUT
from .models import Loan, Permit
from .stepping import begin, finish


@implements("rg-19b", as_="action")
@transaction.atomic
def open_renewal(loan_id: int, case_number: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Note that the borrower applied for a renewal, under the number of its case."""
    step = begin(loan_id, "open_renewal", seen=seen, key=key, actor=actor, now=now)
    return step.loan if step.done else finish(step, case=case_number)


@transaction.atomic
def drop_renewal(loan_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Take a renewal back before anything was drawn on it; the loan stands again where it stood before."""
    step = begin(loan_id, "drop_renewal", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.loan
    before = step.loan.steps.filter(verb="open_renewal").order_by("number").last()
    assert before is not None, step.loan
    cancel_open_draws(step.loan)
    return finish(step, to=before.start)


@implements("rg-19a", "rg-19d", as_="action")
@transaction.atomic
def permit_year(
    loan_id: int,
    year: int,
    amount_fen: int,
    case_number: str,
    *,
    seen: str | None = None,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Permit:
    """Grant the renewal for a year, up to an amount in fen: the draw of that year rests on it. Its number is the loan's next.

    Raise E-PERMIT-YEAR for a year drawn or granted before, E-PERMIT for nothing or less.
    """
    step = begin(loan_id, "permit_year", seen=seen, key=key, actor=actor, now=now)
    loan = step.loan
    if step.done:
        return loan.permits.get(year=year)
    if loan.permits.filter(year=year).exists() or loan.tranches.filter(year=year, state__in=PAID_OUT).exists():
        problem = Text(f"{year} 年已同意续贷或已放款", f"{year} was granted or drawn before")
        raise ZhubaoError("E-PERMIT-YEAR", problem, place=loan.number)
    if amount_fen <= 0:
        raise ZhubaoError("E-PERMIT", Text("金额应大于零", "an amount above zero is needed"), place=loan.number)
    nth = (loan.permits.aggregate(last=Max("nth"))["last"] or 0) + 1
    permit = Permit.objects.create(
        loan=loan, year=year, nth=nth, amount_fen=amount_fen, granted_on=step.today, case_number=case_number
    )
    finish(step, permitted_year=year, nth=nth, amount_fen=amount_fen, case=case_number)
    return permit


@implements("rg-20a", "rg-20b", as_="action")
@transaction.atomic
def suspend(loan_id: int, reason: str, *, seen: str | None = None, key: str = "", actor: Actor, now: datetime) -> Loan:
    """Suspend further draws by decision, with its reason; what was drawn keeps its subsidy until the pension (rg-20b)."""
    step = begin(loan_id, "suspend", reason=reason, seen=seen, key=key, actor=actor, now=now)
    if step.done:
        return step.loan
    cancel_open_draws(step.loan)
    return finish(step)
