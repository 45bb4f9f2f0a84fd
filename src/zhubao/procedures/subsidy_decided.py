"""A Jiangxi subsidy left pending for lack of a roster is decided later; a loan that runs already is subsidised from its first draw."""

from datetime import datetime
from typing import Any

from django.db import transaction

from zhubao.access.actors import Actor
from zhubao.cases.actions import agency
from zhubao.cases.models import Case, Decision
from zhubao.cases.models.review import DecisionKind, Outcome
from zhubao.cases.stepping import Request
from zhubao.loans.contributing import grant_subsidy
from zhubao.loans.models import Loan


@transaction.atomic
def decide_subsidy(case_id: int, *, request: Request, actor: Actor, now: datetime, **decision: Any) -> Case:
    """Decide the pending subsidy as `cases.actions.agency.decide_subsidy` does, and carry a granted one into the loan (A-ALL-8)."""
    loan = Loan.objects.filter(case_number__in=Case.objects.filter(pk=case_id).values("number")).first()
    first = loan.tranches.exclude(drawn_on=None).order_by("drawn_on").first() if loan else None
    drawn_on = first.drawn_on if first else None
    case = agency.decide_subsidy(case_id, first_draw_on=drawn_on, request=request, actor=actor, now=now, **decision)
    decided = Decision.objects.filter(case=case, kind=DecisionKind.SUBSIDY).last()
    if loan is None or decided is None or decided.outcome != Outcome.GRANTED or loan.subsidised_from is not None:
        return case
    start = max(decided.effective_from or loan.signed_on, loan.signed_on)
    reason = decided.reason or decided.certified_by or decided.category
    grant_subsidy(loan.pk, start, reason, key=f"subsidy/{request.key}", actor=actor, now=now)
    return case
