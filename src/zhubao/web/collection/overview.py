"""The plans that are handed out, and what was collected of one: by township, by day, with the files of the post."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance.collecting_selectors import by_day, by_township, who_has_not_paid
from zhubao.assistance.dates import ACTUAL_DATA, CLAIM, LATE, SELF_PAY, VERIFIED, plan_day
from zhubao.assistance.models import AssistancePlan
from zhubao.exchange.selectors import HANDLING_ROLES, envelopes_for
from zhubao.policies import judge_of
from zhubao.procedures.plan_files import hand_out_plan
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.web.cases.due import due_from
from zhubao.web.clerk.words import said
from zhubao.web.files.words import row_of
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import COLLECTION_ROLES, LISTED, PARTS, act, found_plan, framed, plans_for, shown_rows
from .forms import UploadForm, uploads_for

FILE_KINDS = ("contribution_plan", "self_pay_receipts", "actual_on_behalf", "verified_list", "assistance_claim", "refund_list")
SHOWN_FILES = 12
UNPAID_ROLES = next(roles for view, _label, roles, _departments in PARTS if view == "unpaid")


@never_cache
@require_GET
@for_posts(*COLLECTION_ROLES)
def everything(request: PostRequest) -> HttpResponseBase:
    """List the plans of the county; a single one is opened at once."""
    plans = plans_for(request.actor)
    if len(plans) == 1:
        return redirect("collection:plan", plans[0].pk)
    today = clock.today()
    rows = [
        {"plan": plan, "title": said(judge_of(plan.policy_id).policy.title), **_sums(plan, today, _scope(request))}
        for plan in plans
    ]
    return render(request, "collection/all.html", {"rows": rows})


@never_cache
@require_GET
@for_posts(*COLLECTION_ROLES)
def plan(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Show what was collected of a plan."""
    return shown(request, found_plan(request.actor, plan_id))


def shown(request: PostRequest, plan: AssistancePlan, *, form: UploadForm | None = None, status: int = 200) -> HttpResponseBase:
    """Show the collection of a plan with the form of the post, one that was refused as it was filled in."""
    actor, today = request.actor, clock.today()
    scope = _scope(request)
    townships, days = by_township(plan, today, scope), by_day(plan, scope)
    most = max((day.fen for day in days), default=0)
    files = envelopes_for(actor).filter(kind__in=FILE_KINDS, policy_id=plan.policy_id, region_code=plan.region_code)
    if form is None and uploads_for(actor, plan):
        form = UploadForm(actor, plan)
    context = framed(
        request,
        plan,
        "plan",
        townships=townships,
        days=[(day, max(day.fen * 100 // most, 1) if most else 0) for day in days],
        sums=_sums(plan, today, scope),
        dates=_dates(plan, today),
        files=[row_of(each) for each in files[:SHOWN_FILES]] if actor.role in HANDLING_ROLES | {Role.AUDITOR} else [],
        form=form,
        may_hand_out=actor.role == Role.AGENCY_REVIEWER,
        may_prepare=actor.role == Role.TAX_CLERK,
    )
    return render(request, "collection/plan.html", context, status=status)


@require_POST
@for_posts(Role.AGENCY_REVIEWER)
def hand_out(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """Write the plan file for tax and townships."""
    found = found_plan(request.actor, plan_id)
    act(
        request,
        _("The plan is handed out: offices without the present lines have a new file."),
        lambda: hand_out_plan(found, actor=request.actor, now=clock.now()),
    )
    return redirect("collection:plan", found.pk)


@never_cache
@require_GET
@for_posts(*UNPAID_ROLES)
def unpaid(request: PostRequest, plan_id: int) -> HttpResponseBase:
    """List who has not paid the own part, in the post's place or a township of it."""
    found, today = found_plan(request.actor, plan_id), clock.today()
    place = request.GET.get("place", "")
    if not (place.isascii() and place.isdecimal() and place.startswith(found.region_code)):
        place = ""
    rows = who_has_not_paid(found, _scope(request) or place)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    context = framed(
        request,
        found,
        "unpaid",
        page=page,
        rows=[{**each, "late": each["row"].due_on is not None and each["row"].due_on < today} for each in shown_rows(list(page))],
        places=[each for each in by_township(found, today, _scope(request)) if each.unpaid],
        place=place,
        narrowed=bool(_scope(request)),
    )
    return render(request, "collection/unpaid.html", context)


def _scope(request: PostRequest) -> str:
    """Return the township of a post below the county, "" for a post of the county."""
    return request.actor.scope if request.actor.role == Role.TOWNSHIP_CLERK else ""


def _sums(plan: AssistancePlan, today: Any, scope: str) -> dict[str, int]:
    found = by_township(plan, today, scope)
    return {
        "people": sum(each.people for each in found),
        "due_fen": sum(each.due_fen for each in found),
        "paid_fen": sum(each.paid_fen for each in found),
        "in_full": sum(each.in_full for each in found),
        "unpaid": sum(each.unpaid for each in found),
        "overdue": sum(each.overdue for each in found),
    }


def _dates(plan: AssistancePlan, today: Any) -> list[tuple[str, Any]]:
    """Return the days of the plan's year with how they stand."""
    book, area = parameter_book(), area_of_region(plan.region_code)
    named = (
        (SELF_PAY, _("own parts paid")),
        (ACTUAL_DATA, _("tax sends the actual data")),
        (VERIFIED, _("departments have verified it")),
        (CLAIM, _("money claimed")),
        (LATE, _("late entrants paid")),
    )
    found = [(words, plan_day(setting, plan.year, area, book)) for setting, words in named]
    return [(words, due_from(day.arithmetic, day.due_on, day.provisional, today)) for words, day in found]
