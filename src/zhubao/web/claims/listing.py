"""The list of claims: what stands where, what has not come, and the bank's way to hand one in."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.exchange.selectors import next_batch
from zhubao.loans.claims.selectors import CLAIM_ROLES, claims_for, missing_claims
from zhubao.policies import judge_of
from zhubao.procedures.claim_received import KIND
from zhubao.web.cases.due import due_from
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import HandInForm, PrepareForm
from .unread import unread_files
from .words import state_said, tone_of

LISTED = 50


@never_cache
@require_GET
@for_posts(*CLAIM_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the claims a post may see, and the years nobody claimed."""
    return shown(request)


def shown(
    request: PostRequest, *, hand_in: HandInForm | None = None, prepare: PrepareForm | None = None, status: int = 200
) -> HttpResponseBase:
    """Show the list with the forms of the post, those that were refused as they were filled in."""
    actor, today = request.actor, clock.today()
    wanted = {"state": request.GET.get("state", ""), "year": request.GET.get("year", "")}
    claims = claims_for(actor)
    years = sorted(set(claims.order_by().values_list("year", flat=True)), reverse=True)
    if wanted["year"] in {str(year) for year in years}:
        claims = claims.filter(year=int(wanted["year"]))
    if wanted["state"] == "open":
        claims = claims.exclude(state="paid")
    elif wanted["state"] == "paid":
        claims = claims.filter(state="paid")
    page = Paginator(claims, LISTED).get_page(request.GET.get("page"))
    if hand_in is None:
        hand_in = HandInForm(actor)
    if prepare is None and actor.role == Role.BANK_OFFICER:
        batch = next_batch(actor.organisation_id or 0, KIND, today)
        prepare = PrepareForm(actor, initial={"year": str(today.year - 1), "batch": batch})
    context: dict[str, Any] = {
        "page": page,
        "rows": [
            {
                "claim": claim,
                "state": state_said(claim),
                "tone": tone_of(claim),
                "title": said(judge_of(claim.policy_id).policy.title),
                "due": due_from(claim.due_arithmetic, claim.due_on, claim.provisional, claim.paid_on or today),
            }
            for claim in page
        ],
        "missing": [
            (each, said(judge_of(each.policy_id).policy.title), each.due_on is not None and each.due_on < today)
            for each in missing_claims(actor, today)
        ],
        "unread": unread_files(actor),
        "years": years,
        "wanted": wanted,
        "hand_in": hand_in if hand_in.offered else None,
        "prepare": prepare if prepare is not None and prepare.offered else None,
    }
    return render(request, "claims/all.html", context, status=status)
