"""The settlement sheet after a borrower's death: check-list, account, who pays what, what went back, the bank's claim."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.loans.endings.clearing import CLAIM_LABELS, PAYER_LABELS, left_of, write_off_waits
from zhubao.loans.endings.death import CHECK_LABELS
from zhubao.loans.models import DeathPayer, DeathSettlement, Loan
from zhubao.loans.states.endings import death as rows_after_death
from zhubao.parameters.questions import questions
from zhubao.web.clerk.words import said
from zhubao.web.documents.to_print import loan_papers_to_print
from zhubao.web.loans.finding import LOAN_ROLES, found_loan
from zhubao.web.loans.sheet import offered_steps
from zhubao.web.loans.words import state_said, state_tone
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .death_forms import claim_of

VERBS = frozenset(row.verb for row in rows_after_death("", (), (), finance=True, fault="any"))
# Programme → the open question that says who pays what the account does not.
WHO_PAYS = {"jiangxi-2020-7": "A-JX-9", "rugao-draft": "A-RG-15", "tongling-2022-13": "A-TL-7"}


@never_cache
@require_GET
@for_posts(*LOAN_ROLES)
def sheet(request: PostRequest, number: str) -> HttpResponseBase:
    """Show the settlement of a dead borrower's loan, with the steps that are the post's."""
    loan = found_loan(request.actor, number)
    settlement = DeathSettlement.objects.filter(loan=loan).first()
    if settlement is None:
        raise Http404
    claim = claim_of(loan)
    papers = loan_papers_to_print(loan, request.actor)
    context = {
        "loan": loan,
        "settlement": settlement,
        "state": state_said(loan),
        "tone": state_tone(loan),
        "steps": [each for each in offered_steps(loan, request.actor) if each.verb in VERBS],
        "checks": _checks(settlement),
        "payers": [
            (payer, PAYER_LABELS[payer.payer], _stands(payer)) for payer in settlement.payers.select_related("approved_by")
        ],
        "question": _question(loan) if settlement.unconfirmed else None,
        "claim": claim,
        "claimed_on": CLAIM_LABELS[claim.claimed_on] if claim else None,
        "left_fen": left_of(claim) if claim else 0,
        "write_off_waits": claim is not None and loan.state == "estate_claim" and write_off_waits(loan),
        "to_print": [paper for paper in papers if "/death-" in paper.address],
    }
    return render(request, "endings/death.html", context)


def _checks(settlement: DeathSettlement) -> list[tuple[Any, Any]]:
    """Return each item of the check-list with its line, None while it is open."""
    done = {check.item: check for check in settlement.checks.select_related("done_by__organisation")}
    return [(label, done.get(item)) for item, label in CHECK_LABELS.items()]


def _stands(payer: DeathPayer) -> str:
    """Return how a payer's part stands: paid, to be agreed, claimed."""
    if payer.paid_on is not None:
        return "paid"
    return "to_agree" if payer.payer == "finance" and payer.approved_at is None else "claimed"


def _question(loan: Loan) -> tuple[str, str, str] | None:
    """Return the open question the division rests on: its id, the default, who decides."""
    found = questions().get(WHO_PAYS[loan.policy_id])
    if found is None:
        return None
    return found.id, said(found.default), said(found.decider)
