"""Sponsors of a county, each with its own ledger, and entering an offer."""

from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.assistance.closing_out_calls import owing
from zhubao.assistance.models import AssistancePlan, PlanRow, Sponsor
from zhubao.assistance.sponsors import Wanted, named_people, offer, register_sponsor
from zhubao.assistance.states.sponsorship import SPONSORSHIP
from zhubao.cases.actions.looking import record_list
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.selectors import search
from zhubao.web.attempts import Attempt, told_at
from zhubao.web.cases.sheets import MOST_ROWS, sent
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import yuan

from .finding import ENTERING_ROLES, READING_ROLES, TONES, sponsor_for, sponsors_for, sponsorships_of
from .forms import IN_PLAN, OfferForm, SponsorForm

LISTED: Final = 50
MOST_NAMED: Final = 2000


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the sponsors with what they paid."""
    page = Paginator(sponsors_for(request.actor), LISTED).get_page(request.GET.get("page"))
    context = {"page": page, "enters": request.actor.role in ENTERING_ROLES}
    return render(request, "sponsors/listing.html", context)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the sponsors as a workbook."""
    found = list(sponsors_for(request.actor)[:MOST_ROWS])
    record_list("sponsors", len(found), {}, actor=request.actor, now=clock.now())
    titles = [
        (_("Name of the sponsor"), 40),
        (_("Kind"), 20),
        (_("Social credit code"), 22),
        (_("Sponsorships"), 10),
        (_("Paid (yuan)"), 16),
    ]
    rows = ([each.name, str(each.get_kind_display()), each.code, str(each.offers), yuan(each.fen)] for each in found)  # type: ignore[attr-defined]
    return sent("sponsors", _("Sponsors"), titles, rows)


@require_http_methods(["GET", "POST"])
@for_posts(*ENTERING_ROLES)
def register(request: PostRequest) -> HttpResponseBase:
    """Register a sponsor."""
    form = SponsorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with told_at(form, "name"):
            made = register_sponsor(
                given["kind"],
                given["name"],
                region_code=request.actor.scope[:6],
                code=given["code"],
                contact=given["contact"],
                phone=given["phone"],
                actor=request.actor,
                now=clock.now(),
            )
            return redirect("sponsors:sponsor", made.pk)
    return render(request, "sponsors/register.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def sponsor(request: PostRequest, sponsor_id: int) -> HttpResponseBase:
    """Show a sponsor's own ledger; the agency enters an offer here."""
    found = sponsor_for(request.actor, sponsor_id)
    return _shown(request, found, OfferForm(_plans(found), initial={"on": clock.today()}))


def _plans(found: Sponsor) -> list[AssistancePlan]:
    return list(AssistancePlan.objects.filter(region_code=found.region_code, state="published").order_by("-year"))


def _shown(request: PostRequest, found: Sponsor, form: OfferForm, *, fault: str = "", status: int = 200) -> HttpResponseBase:
    page = Paginator(sponsorships_of(found), LISTED).get_page(request.GET.get("page"))
    rows = [(each, said(SPONSORSHIP.state(each.state).label), TONES.get(each.state, "")) for each in page]
    context: dict[str, Any] = {
        "sponsor": found,
        "page": page,
        "rows": rows,
        "paid_fen": sum(each.paid_fen for each in found.sponsorships.all()),
        "form": form if request.actor.role in ENTERING_ROLES and _plans(found) else None,
        "key": uuid4().hex,
        "fault": fault,
    }
    return render(request, "sponsors/sponsor.html", context, status=status)


@require_POST
@for_posts(*ENTERING_ROLES)
def enter(request: PostRequest, sponsor_id: int) -> HttpResponseBase:
    """Enter an offer and show at once whom it is for and who is above the ceiling."""
    found = sponsor_for(request.actor, sponsor_id)
    form = OfferForm(_plans(found), request.POST)
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    given = form.cleaned_data
    plan = AssistancePlan.objects.get(pk=given["plan"])
    with Attempt() as attempt:
        made = offer(
            found.pk,
            _wanted(request.actor, plan, given),
            policy_id=plan.policy_id,
            year=plan.year,
            each_fen=given["each_fen"],
            category=given["category"],
            on=given["on"],
            key=request.POST.get("key", "")[:60] or uuid4().hex,
            actor=request.actor,
            now=clock.now(),
        )
        messages.success(request, _("The offer is entered and checked against everybody's ceiling."))
        return redirect("sponsors:sponsorship", made.number)
    return _shown(request, found, form, fault=attempt.fault, status=422)


def _wanted(actor: Actor, plan: AssistancePlan, given: dict[str, Any]) -> list[Wanted]:
    """Return the people an offer is for; raise E-SPONSOR-PERSON for a number nobody here has, or no place in the plan."""
    if given["category"]:
        rows = owing(plan, plan.region_code).filter(category=given["category"]).select_related("person").order_by("pk")
        return [Wanted(row.person, row) for row in rows[:MOST_NAMED]]
    found = []
    for number in named_people([given["numbers"]])[:MOST_NAMED]:
        person = search(actor, number).first()
        row = PlanRow.objects.filter(plan=plan, person=person).first() if person else None
        outside = given["group"] != IN_PLAN
        if person is None or (row is None and not outside):
            words = Text("没有这个人，或不在计划内", "nobody has this number, or not in the plan")
            raise ZhubaoError("E-SPONSOR-PERSON", words, place=f"{number[:4]}…{number[-4:]}")
        if outside:
            found.append(Wanted(person, None, given["group"], given["tier_fen"] or 0, given["government_fen"] or 0))
        else:
            found.append(Wanted(person, row))
    return found
