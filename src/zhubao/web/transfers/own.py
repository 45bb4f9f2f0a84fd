"""A citizen's own requests: ask online, see number and day, bring what was missing, withdraw."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhubao.accounts.transfers.actions import request as ask_for
from zhubao.accounts.transfers.course import PROCESS
from zhubao.accounts.transfers.models import Transfer
from zhubao.policies.claims import implements
from zhubao.web.attempts import told_at
from zhubao.web.clerk.words import said
from zhubao.web.courses import offered, post_step
from zhubao.web.middleware import CitizenRequest
from zhubao.web.posts import for_citizens

from .acts import OWN_ACTS
from .asking import asked_said
from .forms import AskForm
from .listing import TONES


@implements("gz-11c", as_="feature")
@never_cache
@require_http_methods(["GET", "POST"])
@for_citizens
def own(request: CitizenRequest) -> HttpResponseBase:
    """Show one's own requests; with POST, ask for a transfer."""
    mine = list(Transfer.objects.filter(person=request.person))
    open_ = next((each for each in mine if each.state not in PROCESS.final), None)
    form = None
    if open_ is None or request.method == "POST":
        form = AskForm(request.POST or None, initial={"key": uuid4().hex}, auto_id="ask_%s")
    if form is not None and request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with told_at(form):
            made = ask_for(
                request.person,
                values["kind"],
                values["other_place"],
                localdate(request.now),
                online=True,
                key=values["key"],
                actor=request.actor,
                now=request.now,
            )
            messages.success(request, asked_said(made))
            return redirect("transfers:own")
    context: dict[str, Any] = {"rows": [row_of(request, each) for each in mine], "form": form}
    return render(request, "transfers/own.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
@for_citizens
def step(request: CitizenRequest, number: str, verb: str) -> HttpResponseBase:
    """Take one's own step; a refusal is told on the list."""
    found = Transfer.objects.filter(person=request.person, number=number).first()
    if found is None or verb not in OWN_ACTS:
        raise Http404
    form = post_step(request, found, OWN_ACTS, verb, request.now)
    if form is not None:
        for fault in form.non_field_errors():
            messages.error(request, str(fault))
    return redirect("transfers:own")


def row_of(request: CitizenRequest, found: Transfer) -> dict[str, Any]:
    """Return what the list shows of one request: how it stands, what is missing or holds it, what may be done."""
    asked = found.steps.filter(verb__in=("ask_papers", "refuse")).order_by("number").last()
    return {
        "transfer": found,
        "state": said(found.label),
        "tone": TONES[found.state],
        "waiting": said(PROCESS.state(found.state).waiting),
        "told": asked.reason if asked is not None and found.state in {"incomplete", "refused"} else "",
        "loans": [hold.loan_number for hold in found.holds.filter(lifted_at=None)] if found.state == "held" else [],
        "acts": offered(found, OWN_ACTS, request.actor),
    }
