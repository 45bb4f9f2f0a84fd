"""Reckonings: how far one is, what it changed by person, before and after in people and money; a list that shrank accepted."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance.models import ChangeKind, PlanRun
from zhubao.assistance.planning.reckoning import accept_loss
from zhubao.assistance.planning.selectors import change_counts, changes_of, compared, run_for
from zhubao.documents.plans import ChangeLine, ChangeList
from zhubao.documents.workbooks import write_list
from zhubao.parameters.questions import questions
from zhubao.procedures.jobs import reckon_plan_soon
from zhubao.web.attempts import told_above
from zhubao.web.clerk.finding import found
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.figures import word
from zhubao.web.transfers.listing import sent

from .finding import COUNTY_ROLES, category_said, change_value, payer_said, places_of
from .plans import heading

LISTED: Final = 50
MOST_CHANGES: Final = 100_000


@require_GET
@for_posts(*COUNTY_ROLES)
def one(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Show how far a run is, or what it found."""
    run = found(run_for, request.actor, run_id)
    context = {**heading(run.plan), "run": run}
    if run.finished_at is None:
        return render(request, "assistance/running.html", {**context, **_progress(run)})
    kind = request.GET.get("kind", "")
    kind = kind if kind in ChangeKind.values else ""
    page = Paginator(changes_of(run, kind), LISTED).get_page(request.GET.get("page"))
    counts = change_counts(run)
    policy_id = run.plan.policy_id
    places = _places(page, compared(run, "township"))
    context |= {
        "page": page,
        "changes": [_change(policy_id, each, places) for each in page],
        "counts": [(each.value, each.label, counts[each.value]) for each in ChangeKind if each.value in counts],
        "kind": kind,
        "by_category": _compared(run, "category", lambda code: category_said(policy_id, code)),
        "by_payer": _compared(run, "payer", payer_said),
        "by_township": _compared(run, "township", lambda code: places.get(code, code)),
        "assumed": _assumed(run),
        "losses": [(loss, payer_said(loss.certifier), loss.lost * 100 // max(loss.had, 1)) for loss in run.losses.all()],
        "accepts": request.actor.role == Role.AGENCY_APPROVER and not run.is_trial,
        "own": run.run_by is not None and run.run_by.user_id == request.actor.user_id,
    }
    return render(request, "assistance/run.html", context)


@require_GET
@for_posts(*COUNTY_ROLES)
def progress(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Answer the page that waits: still at it, or to load the whole page once it is over."""
    run = found(run_for, request.actor, run_id)
    if run.finished_at is not None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "components/progress.html", _progress(run))


@require_POST
@for_posts(Role.AGENCY_APPROVER)
def accept(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Accept with a reason that a department's list costs so many people; the reckoning that does it follows in the background."""
    run = found(run_for, request.actor, run_id)
    certifier, reason = request.POST.get("certifier", ""), request.POST.get("reason", "")
    with told_above(request):
        with transaction.atomic():
            following = accept_loss(run.pk, certifier, reason, actor=request.actor, now=clock.now())
            if following.finished_at is None:
                reckon_plan_soon(following.pk, run.plan_id, request.post.pk)
        return redirect("assistance:run", following.pk)
    return redirect("assistance:run", run.pk)


@never_cache
@require_GET
@for_posts(*COUNTY_ROLES)
def workbook(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Give the changes of a run as a workbook; names and numbers are masked as on the page."""
    run = found(run_for, request.actor, run_id)
    kind = request.GET.get("kind", "")
    rows = list(changes_of(run, kind if kind in ChangeKind.values else "")[:MOST_CHANGES])
    places = _places(rows, [])
    labels = dict(ChangeKind.choices)
    printed = ChangeList(
        date=clock.today(),
        number=f"{run.plan.region_code}-{run.plan.year}-{run.number}",
        office=request.post.organisation.name,
        year=run.plan.year,
        as_of=run.as_of,
        rows=tuple(
            ChangeLine(
                each.person.masked_name,
                each.person.masked_number,
                places.get(each.person.region_code, each.person.region_code),
                str(labels[each.kind]),
                str(change_value(run.plan.policy_id, each.kind, each.before, places)),
                str(change_value(run.plan.policy_id, each.kind, each.after, places)),
            )
            for each in rows
        ),
    )
    return sent(write_list(printed), f"{printed.kind}-{run.plan.year}-{run.number}.xlsx")


def _progress(run: PlanRun) -> dict[str, Any]:
    poll = reverse("assistance:progress", args=[run.pk])
    return {"words": _("Matching everybody on the lists and judging them clause by clause"), "done": 0, "total": 1, "poll": poll}


def _change(policy_id: str, each: Any, places: dict[str, str]) -> dict[str, Any]:
    return {
        "change": each,
        "place": places.get(each.person.region_code) or places.get(each.person.region_code[:9]) or each.person.region_code,
        "before": change_value(policy_id, each.kind, each.before, places),
        "after": change_value(policy_id, each.kind, each.after, places),
    }


def _places(changes: Any, townships: list[dict[str, Any]]) -> dict[str, str]:
    codes = {each["township"] for each in townships}
    for each in changes:
        codes |= {each.person.region_code, each.person.region_code[:9]}
        if each.kind == ChangeKind.MOVED:
            codes |= {each.before, each.after}
    return places_of(codes)


def _compared(run: PlanRun, name: str, word: Any) -> list[dict[str, Any]]:
    rows = compared(run, name)
    columns = ("before", "after", "on_behalf_before", "on_behalf", "self_pay_before", "self_pay")
    rows.append({name: None, **{column: sum(row[column] for row in rows) for column in columns}})
    for row in rows:
        row["label"] = _("Together") if row[name] is None else word(row[name])
        row["people_more"] = row["after"] - row["before"]
        row["on_behalf_more"] = row["on_behalf"] - row["on_behalf_before"]
        row["self_pay_more"] = row["self_pay"] - row["self_pay_before"]
    return rows


def _assumed(run: PlanRun) -> list[tuple[str, str]]:
    """Return what a trial assumed, in words."""
    assumed = []
    if run.assumed_lowest_tier_fen is not None:
        assumed.append((_("Lowest tier, yuan a year"), f"{run.assumed_lowest_tier_fen // 100}"))
    if run.assumed_setting:
        asked = questions().get(run.assumed_setting)
        assumed.append((said(asked.question) if asked else run.assumed_setting, word(run.assumed_value)))
    if run.assumed_roster is not None:
        assumed.append((_("Roster file as the whole list"), run.assumed_roster.name))
        assumed.append((_("Category of that file"), str(category_said(run.plan.policy_id, run.assumed_category))))
    return assumed
