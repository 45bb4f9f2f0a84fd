"""The programmes of a place: their parties and what is missing, their start, the versions of their rules."""

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.policies.claims import implements
from zhubao.policies.register import Document, document
from zhubao.programmes.actions import DECIDING_ROLES
from zhubao.programmes.models import BankCooperation, ProgrammeStart
from zhubao.programmes.parties import missing_parties, offices_of, start_of
from zhubao.programmes.version_actions import enter_version, start_programme
from zhubao.programmes.versions import Standing, agreements_to_review, version_on, versions_of
from zhubao.web.attempts import told_at
from zhubao.web.banks.forms import programmes_of
from zhubao.web.banks.views import place_of
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import StartForm, VersionForm

READERS: Final = AGENCY_ROLES | frozenset({Role.HRSS_SUPERVISOR, Role.FINANCE_CLERK, Role.PBOC_SUPERVISOR, Role.AUDITOR})


@dataclass(frozen=True)
class Programme:
    """How a programme stands in a place today."""

    document: Document
    start: ProgrammeStart | None
    missing: tuple[Any, ...]
    version: Standing

    @property
    def begun(self) -> bool:
        """Whether it takes applications today."""
        return self.start is not None and self.start.starts_on <= clock.today()


def programme_of(policy_id: str, place: str) -> Programme:
    """Return how a programme stands in a place; Http404 where it is none of the place's loans."""
    if policy_id not in {known for known, _title in programmes_of(place)}:
        raise Http404
    return Programme(
        document(policy_id),
        start_of(policy_id, place),
        tuple(party.label for party in missing_parties(policy_id, place)),
        version_on(policy_id, place, clock.today()),
    )


@require_GET
@for_posts(*READERS)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the loan programmes of the post's place."""
    place = place_of(request.actor)
    rows = [programme_of(policy_id, place) for policy_id, _title in programmes_of(place)]
    return render(request, "programmes/all.html", {"rows": rows})


@implements("jx-0.2", "jx-5.4c", "tl-5.4b", as_="feature")
@never_cache
@require_GET
@for_posts(*READERS)
def one(request: PostRequest, policy_id: str) -> HttpResponseBase:
    """Show a programme: its parties, its start, the versions of its rules and the agreements to be reviewed."""
    return _one(request, policy_id)


def _one(request: PostRequest, policy_id: str, status: int = 200, **sent: Any) -> HttpResponseBase:
    actor: Actor = request.actor
    place = place_of(actor)
    programme = programme_of(policy_id, place)
    decides = actor.role in DECIDING_ROLES
    texts = list(versions_of(policy_id, place).prefetch_related("figures"))
    cooperations = (
        BankCooperation.objects.filter(policies__policy_id=policy_id, region_code__startswith=place)
        .select_related("bank")
        .prefetch_related("policies", "reviews")
    )
    to_review = agreements_to_review(cooperations)
    context = {
        "programme": programme,
        "parties": offices_of(policy_id, place),
        "versions": list(enumerate(texts, 2)),
        "reviews": [(each, to_review[each.pk]) for each in cooperations if each.pk in to_review],
        "decides": decides,
        "start_form": sent.get("start")
        or (
            StartForm(initial={"starts_on": clock.today()})
            if decides and not programme.start and not programme.document.trial
            else None
        ),
        "version_form": sent.get("version") or (VersionForm(policy_id, auto_id="version_%s") if decides else None),
        "opened": next(iter(sent), ""),
    }
    return render(request, "programmes/one.html", context, status=status)


@require_POST
@for_posts(*DECIDING_ROLES)
def start(request: PostRequest, policy_id: str) -> HttpResponseBase:
    """Let a programme take applications from a day on."""
    place = place_of(request.actor)
    programme_of(policy_id, place)
    form = StartForm(request.POST)
    if form.is_valid():
        with told_at(form):
            start_programme(policy_id, **form.cleaned_data, region_code=place, actor=request.actor, now=clock.now())
            messages.success(request, _("The programme is started."))
            return redirect("programmes:one", policy_id)
    return _one(request, policy_id, 422, start=form)


@require_POST
@for_posts(*DECIDING_ROLES)
def version(request: PostRequest, policy_id: str) -> HttpResponseBase:
    """Record a later text with the figures it sets."""
    place = place_of(request.actor)
    programme_of(policy_id, place)
    form = VersionForm(policy_id, request.POST, auto_id="version_%s")
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("document", "issued_by", "effective_from", "summary", "figures")}
        with told_at(form):
            enter_version(policy_id, **wanted, region_code=place, actor=request.actor, now=clock.now())
            messages.success(request, _("The new version is on record; agreements signed before it are to be reviewed."))
            return redirect("programmes:one", policy_id)
    return _one(request, policy_id, 422, version=form)
