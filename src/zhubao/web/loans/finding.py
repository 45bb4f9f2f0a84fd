"""Who may open these pages, and finding the loan or the draw an address names."""

from typing import Any, Final

from django.http import Http404

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import EVERY_ROLE, Role
from zhubao.loans.models import Loan, Tranche
from zhubao.loans.selectors import SEES_NO_LOANS, loan_for
from zhubao.oversight.reconciliation import RUNNING_ROLES
from zhubao.procedures.month_end import RUNNING_ROLES as CLOSING_ROLES
from zhubao.web.refusals import not_theirs

LOAN_ROLES: Final = EVERY_ROLE - SEES_NO_LOANS
YEAR_ROLES: Final = (Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER, Role.BANK_OFFICER, Role.BANK_REVIEWER)
ROSTER_ROLES: Final = (Role.BANK_OFFICER,)
RECONCILING_ROLES: Final = (*RUNNING_ROLES, Role.AUDITOR)
MONTH_END_ROLES: Final = (*CLOSING_ROLES, Role.AUDITOR)


def found_loan(actor: Actor, number: str) -> Loan:
    """Return a loan with person and offices; raise Http404 for none, for one that is not the post's what `not_theirs` says."""
    try:
        return loan_for(actor, number)
    except Loan.DoesNotExist as error:
        raise Http404 from error
    except OutOfScope as refusal:
        raise not_theirs(f"loan:{number}", refusal, actor) from refusal


def found_draw(loan: Loan, draw_id: int) -> Tranche:
    """Return a draw of a loan; raise Http404 for none."""
    draw = loan.tranches.filter(pk=draw_id).first()
    if draw is None:
        raise Http404
    draw.loan = loan
    return draw


def tabs(actor: Actor) -> dict[str, Any]:
    """Return what `loans/tabs.html` needs: which of these pages a post is offered."""
    return {
        "may_plan": actor.role in YEAR_ROLES,
        "may_roster": actor.role in ROSTER_ROLES,
        "may_reconcile": actor.role in RECONCILING_ROLES,
        "may_read_month_ends": actor.role in MONTH_END_ROLES,
    }
