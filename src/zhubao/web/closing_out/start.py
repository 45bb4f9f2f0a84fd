"""The first page: how many are left in the village or township, each with what is missing; and the list of everybody."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.assistance.closing_out import held_rows
from zhubao.assistance.closing_out_turns import WAITS, waiting_for
from zhubao.assistance.coverage import GROUPS, coverage, late_entrants, people_in, together
from zhubao.assistance.models import PlanRow
from zhubao.assistance.models.row import PlanRowQuerySet
from zhubao.assistance.states import process_of
from zhubao.cases.actions.looking import record_list
from zhubao.policies.claims import implements
from zhubao.web.cases.sheets import MOST_ROWS, sent
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.navigation import Label
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import yuan

from .finding import READING_ROLES, VILLAGE_ROLES, Asked, asked, lines_of

LISTED: Final = 40
SHOWN: Final = 30
OPEN: Final = "open"
LATE_ENTRY: Final = "late-entry"
MORE: Final[dict[str, Label]] = {
    "": gettext_lazy("everybody"),
    OPEN: gettext_lazy("not closed out"),
    "missing": gettext_lazy("not insured yet"),
    LATE_ENTRY: gettext_lazy("came onto a list, not insured in time"),
}


def nothing(request: PostRequest) -> HttpResponseBase:
    """Say that no plan is published yet."""
    return render(request, "closing_out/nothing.html", {})


@never_cache
@require_GET
@for_posts(*READING_ROLES)
@implements("ps-3.1b", as_="feature")
def start(request: PostRequest) -> HttpResponseBase:
    """Say how many are left, and show them: by village for a township, one by one for a village."""
    here = asked(request.actor, request.GET)
    if here is None:
        return nothing(request)
    today = clock.today()
    places = coverage(here.plan, here.place, digits=here.below)
    total = together(places, here.place, here.name)
    open_rows = PlanRow.objects.filter(plan=here.plan, region_code__startswith=here.place).open()
    first = list(open_rows.select_related("person", "plan").order_by("due_on", "pk")[:SHOWN]) if here.in_village else []
    context = {
        "here": here,
        "total": total,
        "places": places,
        "closed_percent": total.closed * 100 // total.rows if total.rows else 100,
        "lines": lines_of(first, today),
        "more": max(0, total.open - SHOWN) if here.in_village else 0,
        "held": held_rows(here.plan, here.place).count(),
        "acts": request.actor.role in VILLAGE_ROLES and here.plan.state == "published",
        "today": today,
        "waits": _waits(here),
    }
    return render(request, "closing_out/start.html", context)


def _waits(here: Asked) -> list[tuple[str, str, str, int]]:
    """Return what the open rows wait for: the code, why, who acts, how many; nothing that nobody waits for."""
    rows = PlanRow.objects.filter(plan=here.plan, region_code__startswith=here.place)
    found = []
    known = {"list", "claim_matched"}
    for code, (why, who, _role) in WAITS.items():
        if code == "closed" or (code in known and code != _planned_code(here)):
            continue
        count = rows.filter(waiting_for(code)).count()
        if count:
            found.append((code, said(why), said(who), count))
    return found


def _planned_code(here: Asked) -> str:
    verbs = {step.verb for step in process_of(here.plan.policy_id).leaving("planned")}
    return "list" if "list_actual" in verbs else "claim_matched"


def _chosen(request: PostRequest, here: Asked) -> tuple[str, PlanRowQuerySet]:
    """Return which rows a list asks for: a group of the coverage, what they wait for, or all; Http404 for anything else."""
    which = request.GET.get("which", OPEN)
    rows = people_in(here.plan, here.place, which if which in GROUPS or which == "missing" else "")
    if which in WAITS:
        rows = rows.filter(waiting_for(which))
    elif which == OPEN:
        rows = rows.open()
    elif which == LATE_ENTRY:
        rows = late_entrants(here.plan, here.place, clock.now())
    elif which not in GROUPS and which not in MORE:
        raise Http404
    return which, rows


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the people of a place: all, those of a group, or those who wait for something."""
    here = asked(request.actor, request.GET)
    if here is None:
        return nothing(request)
    which, rows = _chosen(request, here)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "here": here,
        "page": page,
        "lines": lines_of(list(page), clock.today()),
        "which": which,
        "choices": [
            *MORE.items(),
            *((name, said(words)) for name, words in GROUPS.items()),
            *((code, said(why)) for code, (why, _who, _role) in WAITS.items()),
        ],
    }
    return render(request, "closing_out/people.html", context)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the same list as a workbook."""
    here = asked(request.actor, request.GET)
    if here is None:
        return nothing(request)
    which, rows = _chosen(request, here)
    lines = lines_of(list(rows[:MOST_ROWS]), clock.today())
    record_list("closing_out", len(lines), {"place": here.place, "which": which}, actor=request.actor, now=clock.now())
    titles = [
        (_("Village"), 16), (_("Name"), 12), (_("Citizen number"), 22), (_("Category"), 18), (_("On behalf (yuan)"), 14),
        (_("Own part (yuan)"), 14), (_("What is missing"), 30), (_("Whose turn"), 20), (_("Since"), 12), (_("Due"), 12),
        (_("Proof"), 24),
    ]  # fmt: skip
    cells = (
        [
            line.village,
            line.row.person.masked_name,
            line.row.person.masked_number,
            line.category,
            yuan(line.row.on_behalf_fen),
            yuan(line.row.self_pay_fen),
            line.why,
            line.who,
            line.turn.since.isoformat(),
            line.turn.due_on.isoformat() if line.turn.due_on else "",
            line.row.closed_out_proof,
        ]
        for line in lines
    )
    return sent("ledger", _("Ledger"), titles, cells)
