"""Coverage of a county or township: chart and table by place, those who are missed, down to the name."""

from typing import Final

from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance.coverage import Covered, coverage, late_entrants, people_in, together
from zhubao.assistance.models import PlanRow
from zhubao.cases.actions.looking import record_list
from zhubao.documents.coverage_chart import PlaceShare, coverage_by_place
from zhubao.policies.claims import implements
from zhubao.procedures.printing.assistance import CLAIMED, REFUNDED
from zhubao.screening.reasons import DEPARTMENTS as DEPARTMENT_WORDS
from zhubao.web.cases.sheets import sent
from zhubao.web.clerk.words import language, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import READING_ROLES, Asked, asked, lines_of
from .start import nothing

NAMED: Final = 50


@never_cache
@require_GET
@for_posts(*READING_ROLES)
@implements("ps-0.3", "gz-12b", as_="feature")
def coverage_page(request: PostRequest) -> HttpResponseBase:
    """Show who should be insured and who is, by place, and the names of those who are not."""
    here = asked(request.actor, request.GET)
    if here is None:
        return nothing(request)
    places = coverage(here.plan, here.place, digits=here.below)
    total = together(places, here.place, here.name)
    drawn = [_share(each) for each in places if each.due]
    chart = coverage_by_place(_("Insured of those who should be"), drawn, language()) if drawn else None
    missing = people_in(here.plan, here.place, "missing")
    refused = people_in(here.plan, here.place, "refused")
    today = clock.today()
    context = {
        "here": here,
        "places": places,
        "total": total,
        "chart": chart,
        "missing": lines_of(list(missing.exclude(pk__in=refused.values("pk"))[:NAMED]), today),
        "refused": lines_of(list(refused[:NAMED]), today),
        "named": NAMED,
        "late_entrants": late_entrants(here.plan, here.place, clock.now()).count(),
        "may_close_year": request.actor.role == Role.AGENCY_APPROVER and here.plan.state == "published",
        "county": len(here.place) == len(here.plan.region_code),
        "papers": department_papers(here),
    }
    return render(request, "closing_out/coverage.html", context)


def department_papers(here: Asked) -> list[tuple[str, str, int, int]]:
    """Return each department that pays, with its name and how many people stand on its claim form and its refund list."""
    rows = PlanRow.objects.filter(plan=here.plan).exclude(payer="").order_by("payer").values_list("payer")
    found = rows.annotate(claims=Count("pk", filter=CLAIMED), refunds=Count("pk", filter=Q(state__in=REFUNDED)))
    return [(payer, _department(payer), claims, refunds) for payer, claims, refunds in found if claims or refunds]


def _department(payer: str) -> str:
    return said(DEPARTMENT_WORDS[payer])


def _share(place: Covered) -> PlaceShare:
    waiting = place.owing + place.checking
    return PlaceShare(place.name, place.complete, place.under_way, waiting, place.refused, place.share)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the table as a workbook."""
    here = asked(request.actor, request.GET)
    if here is None:
        return nothing(request)
    places = coverage(here.plan, here.place, digits=here.below)
    record_list("coverage", len(places), {"place": here.place}, actor=request.actor, now=clock.now())
    titles = [
        (_("Place"), 20), (_("On the plan"), 12), (_("Excluded"), 12), (_("Died, moved, no longer certified"), 24),
        (_("Should be insured"), 16), (_("Insured"), 10), (_("Money on its way"), 16), (_("Own part not paid"), 16),
        (_("Being checked"), 14), (_("Refused in writing"), 16), (_("Share"), 10), (_("Closed out"), 12), (_("Open"), 10),
    ]  # fmt: skip
    rows = ([each.name, *map(str, numbers(each)), each.share, str(each.closed), str(each.open)] for each in places)
    return sent("coverage", _("Coverage"), titles, rows)


def numbers(each: Covered) -> list[int]:
    """Return the counts of a place in the order of the table."""
    return [
        each.rows, each.excluded, each.gone, each.due, each.complete, each.under_way, each.owing, each.checking, each.refused,
    ]  # fmt: skip
