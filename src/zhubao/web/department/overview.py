"""All departments by month: who handed in on time, what changed, what is open; matching all lists again."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.procedures.roster_certified import helped_people
from zhubao.rosters.due import month_of
from zhubao.rosters.lists import ListMonth, month_before, months_of
from zhubao.rosters.matching import match_region
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .words import STANDINGS, list_said
from .workbook import send_table

ROLES = (*AGENCY_ROLES, Role.AUDITOR, Role.HRSS_SUPERVISOR)
MATCHING_ROLES = (Role.AGENCY_REVIEWER, Role.AGENCY_INTAKE)


def _month(request: PostRequest) -> date:
    try:
        return month_of(date.fromisoformat(request.GET.get("month", "") + "-01"))
    except ValueError:
        return month_of(clock.today())


@require_GET
@for_posts(*ROLES)
def months(request: PostRequest) -> HttpResponseBase:
    """Show every department's lists in a month."""
    today, month = clock.today(), _month(request)
    rows = months_of(request.actor, month, today)
    following = month_of(date.fromordinal(month.toordinal() + 32))
    context = {
        "month": month,
        "before": month_before(month),
        "after": following if following <= month_of(today) else None,
        "rows": [(each, list_said(each.roster), *STANDINGS[each.standing]) for each in rows],
        "counts": {name: sum(each.standing == name for each in rows) for name in STANDINGS},
        "open": sum(each.open_differences for each in rows),
        "provisional": next((each.provisional for each in rows if each.provisional), ""),
        "may_match": request.actor.role in MATCHING_ROLES,
        "may_enter": request.actor.role in MATCHING_ROLES,
    }
    return render(request, "department/overview.html", context)


@never_cache
@require_GET
@for_posts(*ROLES)
def workbook(request: PostRequest) -> HttpResponseBase:
    """Give the month as a workbook."""
    month = _month(request)
    columns = [
        (_("List"), 32), (_("Department"), 24), (_("Due"), 12), (_("State"), 12), (_("As of"), 12), (_("People"), 10),
        (_("Newly listed"), 10), (_("Left"), 10), (_("Category changed"), 12), (_("Data changed"), 12), (_("Open differences"), 12),
    ]  # fmt: skip
    rows = (_cells(each) for each in months_of(request.actor, month, clock.today()))
    return send_table(f"lists-{month:%Y-%m}", _("Lists by month"), columns, rows)


def _cells(each: ListMonth) -> tuple[object, ...]:
    version = each.version
    return (
        list_said(each.roster),
        each.roster.organisation.name,
        each.due_on,
        str(STANDINGS[each.standing][0]),
        version.listed_on if version else None,
        version.rows_count if version else None,
        each.entered,
        each.left,
        each.moved,
        each.changed,
        each.open_differences,
    )


@require_POST
@for_posts(*MATCHING_ROLES)
def match(request: PostRequest) -> HttpResponseBase:
    """Match all lists of the region with what is on record today."""
    helped = helped_people(request.actor.scope)
    done = match_region(request.actor.scope, clock.today(), helped=helped, actor=request.actor, now=clock.now())
    opened, gone = sum(sum(each.opened.values()) for each in done.values()), sum(each.gone for each in done.values())
    told = ngettext("%(count)d new difference.", "%(count)d new differences.", opened) % {"count": opened}
    over = ngettext("%(count)d is no longer found.", "%(count)d are no longer found.", gone) % {"count": gone}
    messages.success(request, f"{told} {over}")
    return redirect("department:overview")
