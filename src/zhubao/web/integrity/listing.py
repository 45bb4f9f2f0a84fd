"""The two lists: findings with what is open of each, and who is listed; the workbook for a department; opening a record."""

from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.language import Text
from zhubao.loans.fraud.claiming import open_of
from zhubao.loans.models import Loan
from zhubao.loans.selectors import loan_for
from zhubao.oversight.dishonesty.course import KINDS_OF
from zhubao.oversight.dishonesty.handing_over import RECEIVERS, hand_over
from zhubao.oversight.dishonesty.models import ListingHandOver
from zhubao.oversight.dishonesty.selectors import findings_for, listings_for, shared_certificates
from zhubao.policies.claims import implements
from zhubao.web.attempts import told_above, told_at
from zhubao.web.documents.views import WORKBOOK
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import FINDING_ROLES, LISTING_ROLES, MATTERS, OPENERS, PROPOSERS, matter_of
from .forms import FIELD_OF, NEW
from .words import kind_said, state_said, state_tone

LISTED: Final = 50
COMPARING_ROLES: Final = frozenset({*AGENCY_ROLES, Role.AUDITOR, Role.HRSS_SUPERVISOR, Role.FINANCE_CLERK})


@implements("rg-23b", as_="feature")
@require_GET
@for_posts(*FINDING_ROLES)
def findings(request: PostRequest) -> HttpResponseBase:
    """List the findings, what is under way first, and the certificates several people gave."""
    wanted = findings_for(request.actor)
    process = MATTERS["findings"].process
    shown = request.GET.get("ended") != "1"
    ended = wanted.filter(state__in=process.final)
    page = Paginator(wanted.exclude(state__in=process.final) if shown else ended, LISTED).get_page(request.GET.get("page"))
    today = clock.today()
    context = {
        "page": page,
        "rows": [
            (
                each,
                kind_said(each),
                state_said(each),
                state_tone(each),
                open_of(each, today) if each.state == "recovering" else None,
            )
            for each in page
        ],
        "under_way": wanted.exclude(state__in=process.final).count(),
        "ended": ended.count(),
        "shows_ended": not shown,
        "may_open": request.actor.role in OPENERS,
        "certificates": shared_certificates(request.actor) if request.actor.role in COMPARING_ROLES and shown else [],
        "sees_listings": request.actor.role in LISTING_ROLES,
    }
    return render(request, "integrity/findings.html", context)


@require_GET
@for_posts(*LISTING_ROLES)
def listings(request: PostRequest) -> HttpResponseBase:
    """List who is proposed, listed and removed, and the files that went to the departments."""
    wanted = listings_for(request.actor)
    process = MATTERS["listings"].process
    shown = request.GET.get("ended") != "1"
    ended = wanted.filter(state__in=process.final)
    page = Paginator(wanted.exclude(state__in=process.final) if shown else ended, LISTED).get_page(request.GET.get("page"))
    made = ListingHandOver.objects.filter(region_code__startswith=request.actor.scope)
    may_hand_over = request.actor.role == Role.HRSS_SUPERVISOR
    context = {
        "page": page,
        "rows": [(each, kind_said(each), state_said(each), state_tone(each)) for each in page],
        "under_way": wanted.exclude(state__in=process.final).count(),
        "ended": ended.count(),
        "listed": wanted.filter(state="listed").count(),
        "shows_ended": not shown,
        "may_open": request.actor.role in PROPOSERS,
        "may_hand_over": may_hand_over,
        "receivers": list(RECEIVERS.items()),
        "made": [(each, RECEIVERS[each.department]) for each in made[:20]]
        if may_hand_over or request.actor.role == Role.AUDITOR
        else [],
        "sees_listings": True,
    }
    return render(request, "integrity/listings.html", context)


@implements("jx-4.2a", "jx-4.2b", "tl-4.4", as_="feature")
@never_cache
@require_POST
@for_posts(Role.HRSS_SUPERVISOR)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the workbook of everybody listed today to one department; every file given is kept on record."""
    with told_above(request):
        made, content = hand_over(
            request.actor.scope,
            request.POST.get("department", ""),
            office=request.post.organisation.name,
            actor=request.actor,
            now=clock.now(),
        )
        answer = HttpResponse(content, content_type=WORKBOOK)
        answer["Content-Disposition"] = f'attachment; filename="{made.number}.xlsx"'
        return answer
    return redirect("integrity:listings")


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*FINDING_ROLES)
def new(request: PostRequest, name: str) -> HttpResponseBase:
    """Open a finding or propose a listing for a loan: asked for by its number first."""
    matter = matter_of(name)
    if request.actor.role not in matter.openers:
        raise OutOfScope(matter.name, Text("本岗位不办理此事", "this post does not do this"))
    number = request.GET.get("loan", "").strip()
    loan = _loan(request, number) if number else None
    context: dict[str, Any] = {"matter": matter, "loan": loan, "number": number, "unknown": bool(number) and loan is None}
    if loan is None:
        return render(request, "integrity/new.html", context, status=404 if number else 200)
    if name == "listings" and loan.policy_id not in KINDS_OF:
        return render(request, "integrity/new.html", {**context, "no_list": True})
    if request.method == "GET":
        form = NEW[name](loan, initial={"key": uuid4().hex})
        return render(request, "integrity/new.html", {**context, "form": form})
    form = NEW[name](loan, request.POST)
    if form.is_valid():
        with told_at(form, lambda error: FIELD_OF.get(error.code)):
            record = form.open(actor=request.actor, now=clock.now())
            messages.success(
                request, _("%(number)s is on record. Next, the notice of facts goes to the person.") % {"number": record}
            )
            return redirect("integrity:one", name, record.number)
    return render(request, "integrity/new.html", {**context, "form": form}, status=422)


def _loan(request: PostRequest, number: str) -> Loan | None:
    try:
        return loan_for(request.actor, number)
    except (Loan.DoesNotExist, OutOfScope):
        return None
