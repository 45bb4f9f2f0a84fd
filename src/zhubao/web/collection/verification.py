"""A department and tax's actual data: its own rows alone, to be verified or rejected, and the claim they make."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance.collecting_tasks import renew_tasks
from zhubao.assistance.models import AssistancePlan, Channel, PlanRow
from zhubao.assistance.models.row import PlanRowQuerySet
from zhubao.assistance.verifying import reject_rows, verify_rows
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import LISTED, VERIFYING_ROLES, act, chosen, found_plan, framed, own_payers, payer_said, shown_rows


def listed_rows(request: PostRequest, plan: AssistancePlan) -> PlanRowQuerySet:
    """Return the rows of the actual data the post sees: a department's own, everybody else's all."""
    rows = PlanRow.objects.filter(plan=plan, channel=Channel.COUNTY, state__in=("actual_listed", "verified"))
    payers = own_payers(request.actor)
    return rows if payers is None else rows.filter(payer__in=payers)


@never_cache
@require_GET
@for_posts(*VERIFYING_ROLES)
def verification(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Show what waits to be verified, and what is verified and not claimed yet."""
    plan = found_plan(request.actor, plan_id)
    show = "verified" if request.GET.get("show") == "verified" else "actual_listed"
    rows = listed_rows(request, plan)
    sums = (
        rows.order_by()
        .values("payer")
        .annotate(
            waiting=Count("pk", filter=Q(state="actual_listed")),
            verified=Count("pk", filter=Q(state="verified")),
            waiting_fen=Sum("on_behalf_fen", filter=Q(state="actual_listed"), default=0),
            verified_fen=Sum("on_behalf_fen", filter=Q(state="verified"), default=0),
        )
    )
    wanted = rows.filter(state=show).select_related("plan", "person").order_by("region_code", "pk")
    page = Paginator(wanted, LISTED).get_page(request.GET.get("page"))
    context = framed(
        request,
        plan,
        "verification",
        page=page,
        rows=shown_rows(list(page)),
        sums=[{**each, "words": payer_said(each["payer"])} for each in sums],
        show=show,
        verifies=request.actor.role == Role.CERTIFIER and plan.state == "published",
        key=uuid4().hex,
    )
    return render(request, "collection/verification.html", context)


@require_POST
@for_posts(Role.CERTIFIER)
def decide(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Verify or reject the chosen rows, or verify every row of the own department that waits."""
    plan, actor, now = found_plan(request.actor, plan_id), request.actor, clock.now()
    how, key = request.POST.get("how", ""), f"web:{request.POST.get('key', '')[:64]}"
    keys = chosen(request.POST.getlist("row"))
    if how == "all":
        keys = list(listed_rows(request, plan).filter(state="actual_listed").values_list("pk", flat=True))
    if not keys:
        messages.error(request, _("Nobody was chosen."))
        return redirect("collection:verification", plan.pk)
    if how == "reject":
        reason = request.POST.get("reason", "")
        done = _("Rejected: they stand on the list of differences.")
        act(request, done, lambda: reject_rows(plan, keys, reason, key=key, actor=actor, now=now))
    else:
        act(request, _("Verified: claim the money now."), lambda: verify_rows(plan, keys, key=key, actor=actor, now=now))
    renew_tasks(plan, actor=actor, now=now)
    return redirect("collection:verification", plan.pk)
