"""The citizen's menu: three services, each with what can be done now or why not yet."""

from typing import Any, NamedTuple
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.accounts.benefits.course import PROCESS as BENEFIT
from zhubao.accounts.benefits.models import Benefit
from zhubao.accounts.self_service.actions import ask, withdraw
from zhubao.accounts.self_service.course import PROCESS
from zhubao.accounts.self_service.models import Service, ServiceRequest
from zhubao.accounts.self_service.selectors import unfit
from zhubao.policies.claims import implements
from zhubao.web.attempts import told_above
from zhubao.web.clerk.words import said
from zhubao.web.middleware import CitizenRequest
from zhubao.web.posts import for_citizens

TONES = {"open": "wait", "done": "ok", "refused": "bad", "withdrawn": ""}


class Offer(NamedTuple):
    """A service as the menu shows it: `request` the newest asked for, `reason` why it cannot be asked for now ("" where it can)."""

    service: str
    request: ServiceRequest | None
    state: str
    tone: str
    told: str
    reason: str


@implements("ps-3.2e", as_="feature")
@never_cache
@require_GET
@for_citizens
def menu(request: CitizenRequest) -> HttpResponseBase:
    """Show the three services."""
    benefit = Benefit.objects.filter(person=request.person).first()
    context: dict[str, Any] = {
        "enrol": _offer(request, Service.ENROL),
        "authenticate": _offer(request, Service.AUTHENTICATE),
        "benefit": benefit,
        "benefit_state": said(BENEFIT.state(benefit.state).label) if benefit else "",
        "may_claim": benefit is not None and benefit.state in BENEFIT.transition("apply").start,
        "key": uuid4().hex,
    }
    return render(request, "services/menu.html", context)


def _offer(request: CitizenRequest, service: str) -> Offer:
    last = ServiceRequest.objects.filter(person=request.person, service=service).first()
    why = None if last is not None and last.state == "open" else unfit(request.person, service)
    settled = last.steps.filter(verb="settle").last() if last is not None else None
    return Offer(
        service,
        last,
        said(PROCESS.state(last.state).label) if last else "",
        TONES[last.state] if last else "",
        settled.reason if settled else "",
        said(why) if why else "",
    )


@require_POST
@for_citizens
def ask_for(request: CitizenRequest, service: str) -> HttpResponseBase:
    """Ask for a service online; sent twice it is asked for once."""
    if service not in Service.values:
        raise Http404
    with told_above(request):
        ask(request.person, service, key=request.POST.get("key", "")[:40] or "ask", actor=request.actor, now=request.now)
        messages.success(request, _("You have asked. The township or the agency deals with it and tells you here."))
    return redirect("services:menu")


@require_POST
@for_citizens
def withdraw_own(request: CitizenRequest, request_id: int) -> HttpResponseBase:
    """Take one's own request back."""
    if not ServiceRequest.objects.filter(person=request.person, pk=request_id).exists():
        raise Http404
    with told_above(request):
        withdraw(request_id, actor=request.actor, now=request.now)
        messages.success(request, _("Your request is withdrawn."))
    return redirect("services:menu")
