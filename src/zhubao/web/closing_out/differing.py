"""Monthly comparison: a township hands its own ledger in; what differs from the plan is settled one by one."""

import re
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance.closing_out_months import settle_difference, townships_of_month
from zhubao.assistance.models import DifferenceKind, LedgerDifference
from zhubao.assistance.models.ledger import LedgerDifferenceQuerySet
from zhubao.cases.actions.looking import record_list
from zhubao.errors import ZhubaoError
from zhubao.policies.claims import implements
from zhubao.procedures.township_ledger_received import receive_township_ledger
from zhubao.web.attempts import Attempt
from zhubao.web.cases.sheets import MOST_ROWS, sent
from zhubao.web.clerk.uploads import limited
from zhubao.web.clerk.words import explained
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import READING_ROLES, Asked, asked, category_said
from .start import nothing

LISTED: Final = 50
LARGEST: Final = 20 * 1024 * 1024
MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
HANDING_ROLES: Final = (Role.TOWNSHIP_CLERK, Role.AGENCY_REVIEWER)


def _month(values: Any, here: Asked) -> date:
    """Return the month an address asks for, else the present one of the plan's year, or its December."""
    found = MONTH.fullmatch(values.get("month", ""))
    if found:
        return date(int(found[1]), int(found[2]), 1)
    today = clock.today()
    return today.replace(day=1) if today.year == here.plan.year else date(here.plan.year, 12, 1)


def differences_for(actor: Actor, here: Asked) -> LedgerDifferenceQuerySet:
    """Return the differences of the plan in a place, open ones first."""
    found = LedgerDifference.objects.filter(ledger_month__plan=here.plan, ledger_month__region_code__startswith=here.place)
    if len(here.place) > 9:
        found = LedgerDifference.objects.in_region(actor, here.place).filter(ledger_month__plan=here.plan)
    return found.select_related("ledger_month__plan", "row").order_by("-settled_at", "due_on", "pk")


def _ends(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
@implements("ps-3.2a", as_="feature")
def months(request: PostRequest) -> HttpResponseBase:
    """Show which townships handed their ledger in for a month, and what differs."""
    here = asked(request.actor, request.GET)
    return nothing(request) if here is None else _shown(request, here)


def _shown(request: PostRequest, here: Asked, *, fault: str = "", status: int = 200) -> HttpResponseBase:
    month = _month(request.POST or request.GET, here)
    page = Paginator(differences_for(request.actor, here).open(), LISTED).get_page(request.GET.get("page"))
    today = clock.today()
    townships = townships_of_month(here.plan, month, here.place[:9])
    context = {
        "here": here,
        "month": month,
        "townships": townships,
        "missing": [office for office, found in townships if found is None],
        "late": today > _ends(month),
        "page": page,
        "rows": [_line(each, today) for each in page],
        "offices": _offices(request.actor, here),
        "fault": fault,
        "months": [date(here.plan.year, number, 1) for number in range(1, 13)],
    }
    return render(request, "closing_out/months.html", context, status=status)


def _offices(actor: Actor, here: Asked) -> list[Organisation]:
    """Return the townships a post may hand a ledger in for."""
    if actor.role not in HANDING_ROLES or here.plan.state != "published":
        return []
    offices = Organisation.objects.within(actor).filter(
        kind=OrganisationKind.TOWNSHIP, region__code__startswith=here.plan.region_code
    )
    if actor.role == Role.TOWNSHIP_CLERK:
        offices = offices.filter(pk=actor.organisation_id or 0)
    return list(offices.order_by("region_id"))


def _line(each: LedgerDifference, today: date) -> dict[str, Any]:
    """Return a difference as a list shows it."""
    theirs, ours = each.theirs, each.ours
    if each.kind == DifferenceKind.CATEGORY:
        policy_id = each.ledger_month.plan.policy_id
        theirs, ours = category_said(policy_id, theirs), category_said(policy_id, ours)
    elif each.kind in (DifferenceKind.PAID_HERE, DifferenceKind.PAID_THERE):
        words = {"yes": pgettext("own part", "paid"), "no": pgettext("own part", "unpaid")}
        theirs, ours = words[theirs], words[ours]
    late = each.settled_at is None and each.due_on is not None and each.due_on < today
    return {"found": each, "theirs": theirs or "—", "ours": ours or "—", "late": late}


def _too_large(request: HttpRequest) -> HttpResponseBase:
    messages.error(request, _("The file is larger than 20 MB."))
    return redirect("closing_out:months")


@limited(_too_large, LARGEST)
@require_POST
@for_posts(*HANDING_ROLES)
def hand_in(request: PostRequest) -> HttpResponseBase:
    """Take a township's ledger of a month in and compare it."""
    here = asked(request.actor, request.POST)
    if here is None:
        raise Http404
    offices = {str(each.pk): each for each in _offices(request.actor, here)}
    office, sent_file = offices.get(request.POST.get("township", "")), request.FILES.get("sent")
    if office is None or sent_file is None:
        return _shown(request, here, fault=_("Choose the township and the file."), status=422)
    try:
        done = receive_township_ledger(
            sent_file.chunks(),
            name=sent_file.name or "ledger",
            plan_id=here.plan.pk,
            township_id=office.pk,
            month=_month(request.POST, here),
            actor=request.actor,
            now=clock.now(),
        )
    except OutOfScope:
        raise
    except ZhubaoError as error:
        return _shown(request, here, fault=explained(error), status=422)
    if done.receipt.refused:
        return _shown(request, here, fault="\n".join(explained(fault) for fault in done.receipt.faults[:20]), status=422)
    if not done.receipt.new:
        messages.info(request, _("This file came in before; nothing changed."))
    elif done.month is not None:
        words = _("%(persons)d people compared, %(agreeing)d agree; %(opened)d new tasks for the villages.")
        given = {"persons": done.month.persons, "agreeing": done.month.agreeing, "opened": done.opened}
        messages.success(request, words % given)
    month = f"{_month(request.POST, here):%Y-%m}"
    return redirect(f"{reverse('closing_out:months')}?{here.query}&month={month}")


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*READING_ROLES)
def one(request: PostRequest, difference_id: int) -> HttpResponseBase:
    """Show a difference; its owner settles it with what came of it."""
    found = LedgerDifference.objects.select_related("ledger_month__plan", "row").filter(pk=difference_id).first()
    if found is None:
        raise Http404
    request.actor.require_region(found.region_code)
    attempt = Attempt()
    if request.method == "POST":
        with attempt:
            settle_difference(found.pk, request.POST.get("outcome", ""), actor=request.actor, now=clock.now())
            messages.success(request, _("Settled."))
            return redirect("closing_out:difference", difference_id)
    context = {
        "line": _line(found, clock.today()),
        "found": found,
        "mine": request.actor.role == found.role and found.settled_at is None,
        "fault": attempt.fault,
        "back": f"?plan={found.ledger_month.plan_id}&place={found.ledger_month.region_code}",
    }
    return render(request, "closing_out/difference.html", context, status=422 if attempt.fault else 200)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give every difference of the year, settled ones too, as a workbook."""
    here = asked(request.actor, request.GET)
    if here is None:
        return nothing(request)
    found = list(differences_for(request.actor, here)[:MOST_ROWS])
    record_list("ledger_differences", len(found), {"place": here.place}, actor=request.actor, now=clock.now())
    titles = [
        (_("Month"), 10), (_("Difference"), 30), (_("Name"), 12), (_("Citizen number"), 22), (_("Township's ledger"), 20),
        (_("Plan"), 20), (_("Due"), 12), (_("Result of the check"), 40),
    ]  # fmt: skip
    today = clock.today()
    rows = (
        [
            f"{each.ledger_month.month:%Y-%m}",
            str(each.get_kind_display()),
            each.masked_name,
            each.masked_number,
            str(line["theirs"]),
            str(line["ours"]),
            each.due_on.isoformat() if each.due_on else "",
            each.outcome,
        ]
        for each, line in ((each, _line(each, today)) for each in found)
    )
    return sent("ledger-differences", _("Differences"), titles, rows)
