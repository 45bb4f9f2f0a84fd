"""Recoveries after a death: whose contribution on behalf is to come back, by when, and booking what came."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, Sum
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance import recovering
from zhubao.assistance.models import AssistancePlan, Recovery
from zhubao.assistance.models.recovering import RecoveryQuerySet
from zhubao.web.cases.due import due_from
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .claims import day_in
from .finding import LISTED, RECOVERY_ROLES, act, found_plan, framed, shown_rows


def recoveries_of(plan: AssistancePlan) -> RecoveryQuerySet:
    """Return the recoveries of a plan, those still open first."""
    found = Recovery.objects.filter(plan=plan).select_related("row__plan", "row__person")
    return found.order_by(F("recovered_on").asc(nulls_first=True), "due_on", "pk")


@never_cache
@require_GET
@for_posts(*RECOVERY_ROLES)
def recoveries(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Show whose money is to come back and what has come."""
    plan, today = found_plan(request.actor, plan_id), clock.today()
    found = recoveries_of(plan)
    page = Paginator(found, LISTED).get_page(request.GET.get("page"))
    waits, came = Q(recovered_on=None), Q(recovered_on__isnull=False)
    sums = found.order_by().aggregate(
        open=Count("pk", filter=waits),
        open_fen=Sum("amount_fen", filter=waits, default=0),
        back=Count("pk", filter=came),
        back_fen=Sum("amount_fen", filter=came, default=0),
    )
    context = framed(
        request,
        plan,
        "recoveries",
        page=page,
        rows=_rows(list(page)),
        sums=sums,
        finds=request.actor.role in recovering.FINDING_ROLES,
        books=request.actor.role == Role.AGENCY_ACCOUNTANT,
        today=today,
    )
    return render(request, "collection/recoveries.html", context)


def _rows(found: list[Recovery]) -> list[dict[str, Any]]:
    today = clock.today()
    heirs = recovering.paid_to_heirs(each.row.person_id for each in found if each.recovered_on is None)
    return [
        {
            **shown,
            "recovery": each,
            "due": due_from(each.due_arithmetic, each.due_on, each.provisional, today),
            "heirs": heirs.get(each.row.person_id),
        }
        for shown, each in zip(shown_rows([each.row for each in found]), found, strict=True)
    ]


@require_POST
@for_posts(*recovering.FINDING_ROLES)
def find(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Look through the credited rows for deaths that have become known."""
    plan, now = found_plan(request.actor, plan_id), clock.now()
    made = recovering.find_recoveries(plan, actor=request.actor, now=now)
    words = ngettext("%(count)d more row is to be recovered.", "%(count)d more rows are to be recovered.", len(made))
    messages.success(request, words % {"count": len(made)})
    return redirect("collection:recoveries", plan.pk)


@require_POST
@for_posts(Role.AGENCY_ACCOUNTANT)
def book(request: PostRequest, plan_id: int, recovery_id: int) -> HttpResponseBase:
    """Book that the money of one recovery came back."""
    plan = found_plan(request.actor, plan_id)
    recovery = recoveries_of(plan).filter(pk=recovery_id).first()
    on, reference = day_in(request.POST.get("on", "")), request.POST.get("reference", "")
    payer = request.POST.get("payer", "")
    if recovery is None:
        raise Http404
    done = _("The recovery is booked.")
    act(
        request,
        done,
        lambda: recovering.book_recovery(recovery.pk, on, reference, payer=payer, actor=request.actor, now=clock.now()),
    )
    return redirect("collection:recoveries", plan.pk)
