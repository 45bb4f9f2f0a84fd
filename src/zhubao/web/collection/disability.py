"""The severely disabled: who is to be settled between city and county, by which split, and what was settled."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance.models import DisabilitySettlement
from zhubao.assistance.settling_disability import draw_up_settlement, settle_disability, split_of, unsettled_rows
from zhubao.errors import ZhubaoError
from zhubao.web.clerk.words import explained
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .claims import day_in
from .finding import DISABILITY_ROLES, LISTED, act, found_plan, framed, shown_rows


@never_cache
@require_GET
@for_posts(*DISABILITY_ROLES)
def disability(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Show what waits to be settled with the split in force, and the settlements there are."""
    plan, actor = found_plan(request.actor, plan_id), request.actor
    rows = unsettled_rows(plan).select_related("plan", "person").order_by("region_code", "pk")
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    waiting = rows.order_by().aggregate(people=Count("pk"), fen=Sum("on_behalf_fen", default=0))
    split: dict[str, Any] = {}
    try:
        percent, source = split_of(plan, clock.today())
        city = (waiting["fen"] * percent * 2 + 100) // 200
        split = {
            "percent": percent,
            "rest": 100 - percent,
            "source": source,
            "city_fen": city,
            "county_fen": waiting["fen"] - city,
        }
    except ZhubaoError as error:
        split = {"fault": explained(error)}
    context = framed(
        request,
        plan,
        "disability",
        page=page,
        rows=shown_rows(list(page)),
        waiting=waiting,
        split=split,
        settlements=[
            (each, each.drawn_up_by_id == actor.user_id)
            for each in DisabilitySettlement.objects.filter(plan=plan).select_related("drawn_up_by", "settled_by")
        ],
        acts=actor.role == Role.FINANCE_CLERK and plan.state == "published",
        today=clock.today(),
    )
    return render(request, "collection/disability.html", context)


@require_POST
@for_posts(Role.FINANCE_CLERK)
def draw_up(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Draw up the settlement of everybody who waits."""
    plan = found_plan(request.actor, plan_id)
    act(
        request,
        _("The settlement is drawn up: another person records the payment."),
        lambda: draw_up_settlement(plan, actor=request.actor, now=clock.now()),
    )
    return redirect("collection:disability", plan.pk)


@require_POST
@for_posts(Role.FINANCE_CLERK)
def settle(request: PostRequest, plan_id: int, settlement_id: int) -> HttpResponseBase:
    """Record that city and county have paid their shares."""
    plan, given = found_plan(request.actor, plan_id), request.POST
    if not DisabilitySettlement.objects.filter(plan=plan, pk=settlement_id).exists():
        raise Http404
    on, reference = day_in(given.get("on", "")), given.get("reference", "")
    act(
        request,
        _("Settled: everybody's part is on the account."),
        lambda: settle_disability(settlement_id, on, reference, actor=request.actor, now=clock.now()),
    )
    return redirect("collection:disability", plan.pk)
