"""One transfer: what was asked, the check-list, the loans that hold it, and the steps of the post."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.accounts.selectors import balance
from zhubao.accounts.transfers.checklist import ITEMS, items_of
from zhubao.accounts.transfers.course import PROCESS
from zhubao.accounts.transfers.models import LEAVING, Transfer
from zhubao.policies.claims import implements
from zhubao.procedures.transfer_checked import certificates_of, loans_holding
from zhubao.web.cases.due import due_from
from zhubao.web.clerk.words import said
from zhubao.web.courses import history, offered, post_step
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .acts import ACTS
from .finding import READING_ROLES, found_transfer
from .listing import TONES


@implements("gz-11c", "jx-3.5d", "rg-14.3", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_ROLES)
def transfer(request: PostRequest, number: str) -> HttpResponseBase:
    """Show a transfer with the steps its post may take."""
    return shown(request, found_transfer(request.actor, number))


@require_POST
@for_posts(*READING_ROLES)
def step(request: PostRequest, number: str, verb: str) -> HttpResponseBase:
    """Take a step; refused, the page shows why beside what was filled in."""
    found = found_transfer(request.actor, number)
    if verb not in ACTS:
        raise Http404
    form = post_step(request, found, ACTS, verb, clock.now())
    return redirect("transfers:transfer", number) if form is None else shown(request, found, (verb, form))


def shown(request: PostRequest, found: Transfer, faulty: tuple[str, forms.Form] | None = None) -> HttpResponseBase:
    """Return the page, with the form that was refused as it was filled in."""
    found.refresh_from_db()
    today = clock.today()
    outcomes = {each.item: each for each in found.checks.select_related("checked_by")}
    open_ = found.state not in PROCESS.final
    certificates = certificates_of(found) if found.state == "held" else {}
    context: dict[str, Any] = {
        "transfer": found,
        "state": said(found.label),
        "waiting": said(PROCESS.state(found.state).waiting),
        "tone": TONES[found.state],
        "due": due_from(found.due_arithmetic, found.due_on, found.provisional, today) if open_ else None,
        "points": [(said(ITEMS[item]), outcomes.get(item)) for item in items_of(found.kind)],
        "holds": [(hold, certificates.get(hold.loan_number, "")) for hold in found.holds.all()],
        "loans": [loan.number for loan, _clause in loans_holding(found)] if open_ and not found.holds.exists() else [],
        "account": balance(found.person, region_code=found.region_code) if found.kind in LEAVING and open_ else None,
        "acts": offered(found, ACTS, request.actor, faulty),
        "steps": history(found),
    }
    return render(request, "transfers/transfer.html", context, status=422 if faulty else 200)
