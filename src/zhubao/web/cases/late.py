"""What is late in the region: for whoever watches that offices keep their days."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Min
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.cases.actions.looking import record_list
from zhubao.policies.claims import implements
from zhubao.tasks.models import TaskQuerySet
from zhubao.tasks.selectors import WATCHING_ROLES, late
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .queue import LISTED, cells, rows_of, title_said
from .sheets import MOST_ROWS, sent
from .tabs import tabs


def _by_office(tasks: TaskQuerySet) -> list[dict[str, Any]]:
    """Return how many late tasks each office has of each kind, and the oldest day among them."""
    counted = (
        tasks.order_by()
        .values("organisation_id", "organisation__name", "role", "kind")
        .annotate(count=Count("pk"), oldest=Min("due_on"))
        .order_by("-count", "organisation__name", "kind")
    )
    return [{**row, "title": title_said(row["kind"]), "post": Role(row["role"]).label} for row in counted]


def _wanted(request: PostRequest, today: date) -> tuple[TaskQuerySet, dict[str, str]]:
    tasks = late(request.actor, today)
    office, kind = request.GET.get("office", ""), request.GET.get("kind", "")
    office = office if office.isdecimal() and len(office) < 16 else ""
    if office:
        tasks = tasks.filter(organisation_id=int(office))
    if kind:
        tasks = tasks.filter(kind=kind[:48])
    return tasks.select_related("organisation").to_list(), {"office": office, "kind": kind[:48]}


@implements("jx-2.2d", as_="feature")
@require_GET
@for_posts(*WATCHING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """Show what is late by office and step, and the cases behind the counts."""
    today = clock.today()
    tasks, wanted = _wanted(request, today)
    page = Paginator(tasks, LISTED).get_page(request.GET.get("page"))
    groups = _by_office(late(request.actor, today))
    context = {
        **tabs(request.actor),
        "page": page,
        "rows": rows_of(list(page)),
        "groups": groups,
        "total": sum(row["count"] for row in groups),
        "wanted": wanted,
        "narrowed": any(wanted.values()),
        "today": today,
    }
    return render(request, "cases/late.html", context)


@require_GET
@for_posts(*WATCHING_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give what is late as a workbook."""
    tasks, wanted = _wanted(request, clock.today())
    listed = list(tasks[:MOST_ROWS])
    record_list("late", len(listed), wanted, actor=request.actor, now=clock.now())
    titles = [
        (_("Number"), 24), (_("Name"), 12), (_("Programme"), 30), (_("To do"), 20), (_("Since"), 12), (_("Due"), 12), (_("Late"), 18),
        (_("Office"), 30), (_("Post"), 18),
    ]  # fmt: skip
    rows = (
        [*cells(row), row["task"].organisation.name if row["task"].organisation else "", row["task"].get_role_display()]
        for row in rows_of(listed)
    )
    return sent("late", _("Late"), titles, rows)
