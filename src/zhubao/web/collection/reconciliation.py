"""Three ways to the same money, by claim and for the year, and the differences to be closed."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.assistance.collecting_differences import CLOSING_ROLES, explain_difference
from zhubao.assistance.collecting_tasks import renew_tasks
from zhubao.assistance.models import PlanDifference, PlanDifferenceKind
from zhubao.assistance.reconciling import RUNNING_ROLES, claims_three_ways, reconcile_plan, year_three_ways
from zhubao.web.clerk.words import language
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .claims import state_of
from .finding import LISTED, RECONCILING_ROLES, act, found_plan, framed, payer_said


@never_cache
@require_GET
@for_posts(*RECONCILING_ROLES)
def reconciliation(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Show a plan's money three ways and the list of differences."""
    plan, actor = found_plan(request.actor, plan_id), request.actor
    closed = request.GET.get("show") == "closed"
    differences = PlanDifference.objects.filter(plan=plan, closed_at__isnull=not closed).select_related("closed_by")
    kind = request.GET.get("kind", "")
    if kind in PlanDifferenceKind.values:
        differences = differences.filter(kind=kind)
    page = Paginator(differences, LISTED).get_page(request.GET.get("page"))
    context = framed(
        request,
        plan,
        "reconciliation",
        claims=[
            {"sums": each, "payer": payer_said(each.claim.payer), **state_of(each.claim)} for each in claims_three_ways(plan)
        ],
        year=year_three_ways(plan),
        page=page,
        rows=[difference_row(each) for each in page],
        open=PlanDifference.objects.open().filter(plan=plan).count(),
        closed=closed,
        kind=kind,
        kinds=PlanDifferenceKind.choices,
        closes=actor.role in CLOSING_ROLES,
        runs=actor.role in RUNNING_ROLES,
    )
    return render(request, "collection/reconciliation.html", context)


def difference_row(difference: PlanDifference) -> dict[str, Any]:
    """Return what a list shows of a difference."""
    return {"difference": difference, "detail": difference.detail if language() == "zh" else difference.detail_en}


@require_POST
@for_posts(*RECONCILING_ROLES)
def run(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Compare the parties' records anew."""
    plan = found_plan(request.actor, plan_id)
    done = _("Compared: what disagrees stands on the list.")
    act(request, done, lambda: reconcile_plan(plan, actor=request.actor, now=clock.now()))
    return redirect("collection:reconciliation", plan.pk)


@require_POST
@for_posts(*CLOSING_ROLES)
def explain(request: PostRequest, plan_id: int, difference_id: int) -> HttpResponseBase:
    """Close a difference with an explanation."""
    plan, now = found_plan(request.actor, plan_id), clock.now()
    if not PlanDifference.objects.filter(plan=plan, pk=difference_id).exists():
        raise Http404
    words = request.POST.get("explanation", "")
    act(request, _("The difference is closed."), lambda: explain_difference(difference_id, words, actor=request.actor, now=now))
    renew_tasks(plan, actor=request.actor, now=now)
    return redirect("collection:reconciliation", plan.pk)
