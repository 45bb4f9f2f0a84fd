"""Month-ends of a region: started for a day, watched, and read: every figure opens the loans it is made of."""

from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.language import Text
from zhubao.loans.models import DeductionOrder, LoanClosing, MonthEndRun
from zhubao.procedures.jobs import close_month_soon
from zhubao.procedures.month_end import RUNNING_ROLES, open_run
from zhubao.web.attempts import Attempt
from zhubao.web.clerk.words import said
from zhubao.web.deductions.finding import RULES
from zhubao.web.middleware import PostRequest
from zhubao.web.navigation import Label
from zhubao.web.paging import LongPaginator
from zhubao.web.posts import for_posts
from zhubao.web.refusals import not_theirs

from .finding import MONTH_END_ROLES, tabs

LISTED, RUNS = 50, 24
ORDERS: Final = "orders"
# What an address may ask for → the words over the list.
LISTS: Final[dict[str, Label]] = {
    "held": gettext_lazy("Loans that need somebody's hand"),
    ORDERS: gettext_lazy("Deduction orders of the month"),
    "interest": gettext_lazy("Loans whose interest was posted"),
    "finance": gettext_lazy("Interest borne by finance"),
    "borrower": gettext_lazy("Interest borne by the borrower"),
    "owed": gettext_lazy("What is owed after the month-end"),
    "all": gettext_lazy("Every loan that was closed"),
}


class DayForm(forms.Form):
    """The day that is closed, itself included."""

    as_of = forms.DateField(label=gettext_lazy("Closes the day"), input_formats=["%Y-%m-%d"])


@never_cache
@require_GET
@for_posts(*MONTH_END_ROLES)
def everything(request: PostRequest) -> HttpResponseBase:
    """List the month-ends of the region; the accountant may start one."""
    return _listed(request)


@require_POST
@for_posts(*RUNNING_ROLES)
def start(request: PostRequest) -> HttpResponseBase:
    """Open the month-end of a day, or find the one there is, and have it done in the background."""
    form = DayForm(request.POST)
    if not form.is_valid():
        return _listed(request, fault=_("Write the day as 2026-06-30."))
    with Attempt() as attempt:
        with transaction.atomic():
            run = open_run(request.actor.scope, form.cleaned_data["as_of"], actor=request.actor, now=clock.now())
            if run.finished_at is None:
                close_month_soon(run.pk)
        if run.finished_at is not None:
            messages.info(request, _("This day has been closed before; nothing is posted twice."))
        return redirect("loans:month-end", run.pk)
    return _listed(request, fault=attempt.fault)


@never_cache
@require_GET
@for_posts(*MONTH_END_ROLES)
def one(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Show how far a month-end is, or what it came to, and the loans behind one of its figures."""
    run = _found(request, run_id)
    if run.finished_at is None:
        context = {**tabs(request.actor), "run": run, "runs": request.actor.role in RUNNING_ROLES, **_progress(run)}
        return render(request, "loans/month_end_running.html", context)
    held = run.closings.exclude(held_code="").count()
    wanted = request.GET.get("show", "")
    if wanted not in LISTS:
        wanted = "held" if held else "all"
    page = LongPaginator(_rows(run, wanted), LISTED).get_page(request.GET.get("page"))
    context = {
        **tabs(request.actor),
        "run": run,
        "held": held,
        "figures": _figures(run),
        "wanted": wanted,
        "heading": LISTS[wanted],
        "page": page,
        "rows": [_shown(row) for row in page] if wanted != ORDERS else [],
        "orders": [(order, RULES[order.rule]) for order in page] if wanted == ORDERS else [],
    }
    return render(request, "loans/month_end.html", context)


@never_cache
@require_GET
@for_posts(*MONTH_END_ROLES)
def progress(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Answer the page that waits: how far it is, or to load the whole page once it is over."""
    run = _found(request, run_id)
    if run.finished_at is not None:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "components/progress.html", _progress(run))


def _found(request: PostRequest, run_id: int) -> MonthEndRun:
    try:
        return MonthEndRun.objects.get_for(request.actor, pk=run_id)
    except MonthEndRun.DoesNotExist as error:
        raise Http404 from error
    except OutOfScope as refusal:
        raise not_theirs(f"month_end:{run_id}", refusal, request.actor) from refusal


def _listed(request: PostRequest, *, fault: str = "") -> HttpResponseBase:
    runs = MonthEndRun.objects.within(request.actor).order_by("-as_of", "region_code")[:RUNS]
    context = {
        **tabs(request.actor),
        "month_ends": list(runs),
        "runs": request.actor.role in RUNNING_ROLES,
        "day": request.POST.get("as_of") or _last_month_end(clock.today()).isoformat(),
        "fault": fault,
    }
    return render(request, "loans/month_ends.html", context, status=422 if fault else 200)


def _last_month_end(today: date) -> date:
    """Return today at the end of a month, else the last day of the month before."""
    tomorrow = today + timedelta(1)
    return today if tomorrow.day == 1 else today.replace(day=1) - timedelta(1)


def _progress(run: MonthEndRun) -> dict[str, Any]:
    return {
        "done": run.closings.count(),
        "total": max(run.due, 1),
        "words": _("Loans are being closed; this page follows.") if run.due else _("The month-end is about to begin."),
        "poll": reverse("loans:month-end-progress", args=[run.pk]),
    }


def _rows(run: MonthEndRun, wanted: str) -> "QuerySet[LoanClosing] | QuerySet[DeductionOrder]":
    """Return what is behind a figure, by the number of the loan."""
    if wanted == ORDERS:
        orders = DeductionOrder.objects.filter(closing__run=run, amount_fen__gt=0)
        return orders.select_related("loan__person").order_by("loan__number")
    closings = run.closings.select_related("loan__person").order_by("loan__number")
    if wanted == "held":
        return closings.exclude(held_code="")
    if wanted == "borrower":
        return closings.exclude(interest_fen=F("government_fen"))
    field = {"interest": "interest_fen", "finance": "government_fen", "owed": "owed_fen"}.get(wanted)
    return closings.exclude(**{field: 0}) if field else closings


def _figures(run: MonthEndRun) -> list[tuple[str, int, Label]]:
    """Return the sums of a run, fen, with the list that each opens."""
    ordered = DeductionOrder.objects.filter(closing__run=run).aggregate(fen=Sum("amount_fen", default=0))["fen"]
    owed = run.closings.aggregate(fen=Sum("owed_fen", default=0))["fen"]
    return [
        ("interest", run.interest_fen, gettext_lazy("interest posted, yuan")),
        ("finance", run.government_fen, gettext_lazy("of it borne by finance")),
        ("borrower", run.interest_fen - run.government_fen, gettext_lazy("of it borne by borrowers")),
        (ORDERS, ordered, gettext_lazy("ordered from pensions, yuan")),
        ("owed", owed, gettext_lazy("owed after it, yuan")),
    ]


def _shown(closing: LoanClosing) -> dict[str, Any]:
    """Return a closing with what the borrower bears of its interest, fen, and why it was held, in words."""
    return {
        "closing": closing,
        "loan": closing.loan,
        "borrower_fen": closing.interest_fen - closing.government_fen,
        "reason": said(Text(closing.held_zh, closing.held_en)) if closing.held_code else "",
    }
