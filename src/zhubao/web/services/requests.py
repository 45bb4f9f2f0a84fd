"""Requests as offices see them: the list, one with its steps, those brought to the counter, and the use by township."""

from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.accounts.self_service import actions
from zhubao.accounts.self_service.course import OFFICES, PROCESS
from zhubao.accounts.self_service.models import Proof, Service, ServiceRequest
from zhubao.accounts.self_service.selectors import SERVICES, online_use
from zhubao.people.selectors import people_for, search
from zhubao.policies.claims import implements
from zhubao.web.attempts import told_above
from zhubao.web.clerk.words import said
from zhubao.web.courses import Act, NothingForm, Values, history, offered, post_step
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .menu import TONES

LISTED: Final = 50
READING_ROLES: Final = frozenset({*AGENCY_ROLES, *OFFICES, Role.HRSS_SUPERVISOR, Role.AUDITOR} - {Role.AGENCY_ADMINISTRATOR})


class SettleForm(NothingForm):
    """What came of a request."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Result of the request"),
        choices=[("done", gettext_lazy("it is done")), ("refused", gettext_lazy("could not be done"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the outcome.")},
    )
    proof = forms.ChoiceField(label=gettext_lazy("How the identity was proven"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("What was done, or why not"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write what was done, or why not.")},
    )

    def __init__(self, course: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(course, *arguments, **named)
        proof: Any = self.fields["proof"]
        proof.choices = [("", "—"), *Proof.choices]
        if course.service != Service.AUTHENTICATE:
            del self.fields["proof"]


class CounterForm(forms.Form):
    """A request somebody brought to the counter."""

    person = forms.CharField(label=gettext_lazy("Citizen number, telephone or name"), max_length=60)
    service = forms.ChoiceField(label=gettext_lazy("Service"), choices=Service.choices)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


def _settle(pk: int, values: Values, actor: Actor, now: datetime) -> object:
    return actions.settle(pk, values["outcome"], values["reason"], proof=values.get("proof", ""), actor=actor, now=now)


ACTS: Final[dict[str, Act]] = {"settle": Act(_settle, SettleForm)}


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the requests of the post's region, those to be dealt with first."""
    state = request.GET.get("state", "open")
    rows = ServiceRequest.objects.seen_by(request.actor).select_related("person")
    if state in {each.name for each in PROCESS.states}:
        rows = rows.filter(state=state)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(each, said(each.label), TONES[each.state]) for each in page],
        "states": [(each.name, said(each.label)) for each in PROCESS.states],
        "state": state,
        "form": CounterForm(initial={"key": uuid4().hex}, auto_id="counter_%s") if request.actor.role in OFFICES else None,
    }
    return render(request, "services/requests.html", context)


@require_POST
@for_posts(*OFFICES)
def record(request: PostRequest) -> HttpResponseBase:
    """Take in what somebody asks for at the counter."""
    form = CounterForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say who, and which service."))
        return redirect("services:requests")
    values = form.cleaned_data
    found = list(search(request.actor, values["person"])[:2])
    if len(found) != 1:
        messages.error(request, _("Nobody, or more than one, is found by that: use the whole citizen number."))
        return redirect("services:requests")
    with told_above(request):
        person = people_for(request.actor).get(pk=found[0].pk)
        made = actions.ask(person, values["service"], key=values["key"], actor=request.actor, now=clock.now())
        return redirect("services:one", made.pk)
    return redirect("services:requests")


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def one(request: PostRequest, request_id: int) -> HttpResponseBase:
    """Show one request with the steps of the post."""
    return _shown(request, _found(request.actor, request_id))


@require_POST
@for_posts(*READING_ROLES)
def step(request: PostRequest, request_id: int, verb: str) -> HttpResponseBase:
    """Take a step; refused, the page shows why beside what was filled in."""
    found = _found(request.actor, request_id)
    if verb not in ACTS:
        raise Http404
    form = post_step(request, found, ACTS, verb, clock.now())
    return redirect("services:one", request_id) if form is None else _shown(request, found, (verb, form))


@implements("ps-3.2e", as_="feature")
@require_GET
@for_posts(*READING_ROLES)
def use(request: PostRequest) -> HttpResponseBase:
    """Show by township how much of a year's use of the three services was online."""
    this = clock.today().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and 2000 <= int(asked) <= this else this
    townships = online_use(request.actor, date(year, 1, 1), date(year, 12, 31))
    context = {
        "year": year,
        "years": range(this, this - 5, -1),
        "services": [said(words) for words in SERVICES.values()],
        "rows": [(each, [each.services[name] for name in SERVICES]) for each in townships],
    }
    return render(request, "services/use.html", context)


def _found(actor: Actor, request_id: int) -> ServiceRequest:
    """Return a request a post may see; Http404 for none, OutOfScope for another region's."""
    try:
        return ServiceRequest.objects.select_related("person").get_for(actor, pk=request_id)
    except ServiceRequest.DoesNotExist as error:
        raise Http404 from error


def _shown(request: PostRequest, found: ServiceRequest, faulty: tuple[str, forms.Form] | None = None) -> HttpResponseBase:
    found.refresh_from_db()
    context: dict[str, Any] = {
        "asked": found,
        "state": said(found.label),
        "tone": TONES[found.state],
        "waiting": said(PROCESS.state(found.state).waiting),
        "proof": Proof(found.proof).label if found.proof else "",
        "acts": offered(found, ACTS, request.actor, faulty),
        "steps": history(found),
    }
    return render(request, "services/one.html", context, status=422 if faulty else 200)
