"""The banks of a place: which may be sent a case and what the others lack; cooperation, papers, choices, offers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import AGENCY_ROLES, BANK_ROLES, OrganisationKind, Role
from zhubao.language import Text
from zhubao.policies import judge_of
from zhubao.programmes.actions import DECIDING_ROLES
from zhubao.programmes.bank_actions import end_cooperation, record_cooperation, record_offer, record_selection
from zhubao.programmes.banks import PAPERS, missing_for
from zhubao.programmes.models import BankCooperation, BankOffer, BankSelection
from zhubao.programmes.version_actions import review_agreement
from zhubao.programmes.versions import agreements_to_review
from zhubao.web.attempts import told_at
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .fields import percent
from .forms import CooperationForm, EndForm, OfferForm, ReviewForm, SelectionForm, programmes_of

BANK_PAGE_ROLES: Final = AGENCY_ROLES | BANK_ROLES | {Role.HRSS_SUPERVISOR, Role.PBOC_SUPERVISOR, Role.AUDITOR}
OFFERING_ROLES: Final = (*DECIDING_ROLES, *BANK_ROLES)


@dataclass(frozen=True)
class Standing:
    """Whether a bank may be sent cases of a programme, and what is missing."""

    policy_id: str
    title: Text
    missing: tuple[Text, ...]


def place_of(actor: Actor) -> str:
    """Return the place whose registry a post looks at: its county, or its wider scope."""
    return actor.scope[:6]


def banks_of(actor: Actor) -> list[Organisation]:
    """Return the banks of a post's place; a bank's post sees its own alone."""
    banks = Organisation.objects.filter(kind=OrganisationKind.BANK, region__code__startswith=place_of(actor)).order_by("name")
    return list(banks.filter(pk=actor.organisation_id or 0) if actor.role in BANK_ROLES else banks)


def standings(bank: Organisation, place: str, on: date) -> list[Standing]:
    """Return how a bank stands in each programme of a place."""
    return [
        Standing(policy_id, judge_of(policy_id).policy.title, missing_for(bank, policy_id, on, region_code=place or None))
        for policy_id, _title in programmes_of(place)
    ]


@require_GET
@for_posts(*BANK_PAGE_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the banks with what each lacks before a case may be sent to it, and the choices on record."""
    return _listing(request)


def _listing(request: PostRequest, form: SelectionForm | None = None, status: int = 200) -> HttpResponseBase:
    actor, today = request.actor, clock.today()
    place, banks = place_of(actor), banks_of(actor)
    decides = actor.role in DECIDING_ROLES
    cooperations = BankCooperation.objects.filter(bank__in=banks, region_code__startswith=place)
    known = {each.pk: each for each in cooperations.prefetch_related("policies", "reviews")}
    flagged = {known[pk].bank_id for pk in agreements_to_review(known.values())}
    context = {
        "rows": [(bank, standings(bank, place, today), bank.pk in flagged) for bank in banks],
        "selections": [
            (each, judge_of(each.policy_id).policy.title, list(each.bids.all()))
            for each in BankSelection.objects.filter(region_code__startswith=place)
            .prefetch_related("bids__bank")
            .order_by("-decided_on", "-pk")[:20]
        ],
        "decides": decides,
        "form": form or (SelectionForm(place, banks) if decides else None),
        "opened": form is not None,
    }
    return render(request, "banks/all.html", context, status=status)


@require_POST
@for_posts(*DECIDING_ROLES)
def choose(request: PostRequest) -> HttpResponseBase:
    """Record how the banks of a programme were chosen."""
    place, banks = place_of(request.actor), banks_of(request.actor)
    form = SelectionForm(place, banks, request.POST)
    if form.is_valid():
        values = form.cleaned_data
        with told_at(form):
            record_selection(
                values["policy"],
                form.bids(),
                region_code=place,
                decided_on=values["decided_on"],
                document=values["document"],
                reason=values["reason"],
                actor=request.actor,
                now=clock.now(),
            )
            messages.success(request, _("The choice is on record."))
            return redirect("banks:all")
    return _listing(request, form, status=422)


@never_cache
@require_GET
@for_posts(*BANK_PAGE_ROLES)
def one(request: PostRequest, bank_id: int) -> HttpResponseBase:
    """Show one bank: how it stands, its cooperations with their papers, its offers."""
    return _one(request, _bank(request.actor, bank_id))


def _bank(actor: Actor, bank_id: int) -> Organisation:
    bank = next((bank for bank in banks_of(actor) if bank.pk == bank_id), None)
    if bank is None:
        raise Http404
    return bank


def _one(request: PostRequest, bank: Organisation, status: int = 200, **forms_sent: Any) -> HttpResponseBase:
    actor, today = request.actor, clock.today()
    place = place_of(actor)
    decides = actor.role in DECIDING_ROLES
    cooperations = list(
        BankCooperation.objects.filter(bank=bank, region_code__startswith=place)
        .select_related("bank")
        .prefetch_related("policies", "reviews")
        .order_by("-starts_on")
    )
    standing = next((each for each in cooperations if each.ends_on is None or each.ends_on >= today), None)
    initial = CooperationForm.initial_of(standing) if standing else {"starts_on": today}
    offers = (
        BankOffer.objects.filter(bank=bank, region_code__startswith=place)
        .select_related("entered_by")
        .order_by("-starts_on", "-pk")
    )
    texts = agreements_to_review(cooperations)
    context = {
        "bank": bank,
        "standings": standings(bank, place, today),
        "wanted": {policy_id: len(PAPERS[policy_id]) for policy_id, _title in programmes_of(place)},
        "cooperations": [
            (
                each,
                [judge_of(one.policy_id).policy.title for one in each.policies.all()],
                masked(each.pension_account),
                texts.get(each.pk, []),
            )
            for each in cooperations
        ],
        "reviews": [
            (each, text, forms_sent.get("review") or (ReviewForm(auto_id=f"review_{text.pk}_%s") if decides else None))
            for each in cooperations
            for text in texts.get(each.pk, [])
        ],
        "offers": [(each, judge_of(each.policy_id).policy.title, percent(each.rate_ppm)) for each in offers[:50]],
        "decides": decides,
        "cooperation_form": forms_sent.get("cooperation") or (CooperationForm(place, initial=initial) if decides else None),
        "end_form": forms_sent.get("end") or (EndForm(initial={"on": today}, auto_id="end_%s") if decides and standing else None),
        "ending": standing,
        "offer_form": forms_sent.get("offer")
        or (OfferForm(place, initial={"starts_on": today}, auto_id="offer_%s") if actor.role in OFFERING_ROLES else None),
        "opened": next(iter(forms_sent), ""),
    }
    return render(request, "banks/bank.html", context, status=status)


def masked(account: str) -> str:
    """Return an account with all but its last four digits starred."""
    return f"**** {account[-4:]}" if account else ""


def _recorded(
    request: PostRequest, bank: Organisation, name: str, form: forms.Form, act: Callable[[dict[str, Any]], object], words: str
) -> HttpResponseBase:
    """Do what a valid form asks and go back to the bank; show the form again with what is wrong."""
    if form.is_valid():
        with told_at(form):
            act(form.cleaned_data)
            messages.success(request, words)
            return redirect("banks:bank", bank.pk)
    return _one(request, bank, 422, **{name: form})


@require_POST
@for_posts(*DECIDING_ROLES)
def cooperate(request: PostRequest, bank_id: int) -> HttpResponseBase:
    """Record a cooperation with the papers there are."""
    bank, place = _bank(request.actor, bank_id), place_of(request.actor)

    def act(values: dict[str, Any]) -> object:
        papers = {name: value for name, value in values.items() if name != "policies"}
        now = clock.now()
        return record_cooperation(bank.pk, values["policies"], region_code=place, actor=request.actor, now=now, **papers)

    form = CooperationForm(place, request.POST)
    return _recorded(request, bank, "cooperation", form, act, _("The cooperation is on record."))


@require_POST
@for_posts(*DECIDING_ROLES)
def end(request: PostRequest, bank_id: int, cooperation_id: int) -> HttpResponseBase:
    """End a cooperation; loans already made go on."""
    bank = _bank(request.actor, bank_id)
    if not BankCooperation.objects.within(request.actor).filter(pk=cooperation_id, bank=bank).exists():
        raise Http404

    def act(values: dict[str, Any]) -> object:
        return end_cooperation(cooperation_id, values["on"], values["reason"], actor=request.actor, now=clock.now())

    form = EndForm(request.POST, auto_id="end_%s")
    return _recorded(request, bank, "end", form, act, _("The cooperation ends; no further case is sent to the bank."))


@require_POST
@for_posts(*DECIDING_ROLES)
def review(request: PostRequest, bank_id: int, cooperation_id: int, version_id: int) -> HttpResponseBase:
    """Record what came of looking at an agreement again under a later text."""
    bank = _bank(request.actor, bank_id)
    if not BankCooperation.objects.within(request.actor).filter(pk=cooperation_id, bank=bank).exists():
        raise Http404

    def act(values: dict[str, Any]) -> object:
        return review_agreement(cooperation_id, version_id, values["conclusion"], actor=request.actor, now=clock.now())

    form = ReviewForm(request.POST, auto_id=f"review_{version_id}_%s")
    return _recorded(request, bank, "review", form, act, _("The review is on record."))


@require_POST
@for_posts(*OFFERING_ROLES)
def offer(request: PostRequest, bank_id: int) -> HttpResponseBase:
    """Record a rate the bank offers."""
    bank, place = _bank(request.actor, bank_id), place_of(request.actor)

    def act(values: dict[str, Any]) -> object:
        policy = values.pop("policy")
        rate = values.pop("rate_ppm")
        return record_offer(bank.pk, policy, rate, region_code=place, actor=request.actor, now=clock.now(), **values)

    form = OfferForm(place, request.POST, auto_id="offer_%s")
    return _recorded(request, bank, "offer", form, act, _("The offer is on record."))
