"""The budgets there are, and asking for one more."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.oversight.budget.actions import ASKING_ROLES, ask_budget, live_loans, month_end_before
from zhubao.oversight.budget.selectors import READERS, runs_for
from zhubao.oversight.budget.words import assumed_words
from zhubao.procedures.budgets_reckoned import AT_ONCE, reckon_now
from zhubao.procedures.jobs import reckon_budget_soon
from zhubao.programmes.selectors import area_of_region, parameter_book
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import AskForm

LISTED = 20
DEATHS, SUBSIDY = "borrower_deaths_ppm", "contribution_subsidy_fen"


@require_GET
@for_posts(*READERS)
def everything(request: PostRequest) -> HttpResponseBase:
    """List the budgets of the post's region, and offer the form to who may ask."""
    form = AskForm(clock.today(), request.actor.scope, initial=_known(request.actor)) if _may_ask(request.actor) else None
    return _page(request, form)


@require_POST
@for_posts(*ASKING_ROLES)
def ask(request: PostRequest) -> HttpResponseBase:
    """Ask for a budget: a small county's is reckoned at once, a large one's in the background."""
    form = AskForm(clock.today(), request.actor.scope, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    values, actor = form.cleaned_data, request.actor
    try:
        with transaction.atomic():
            run = ask_budget(
                actor.scope,
                values["assumed"],
                note=values["note"],
                deaths_source=values["deaths_source"],
                actor=actor,
                now=clock.now(),
            )
            if len(live_loans(run.region_code)) > AT_ONCE:
                reckon_budget_soon(run.pk)
                messages.success(request, _("The budget is being reckoned. Come back in a minute."))
            else:
                reckon_now(run.pk, clock=clock.now)
    except ZhubaoError as error:
        form.add_error(None, said(error.problem))
        return _page(request, form, status=422)
    return redirect("budget:one", run.number)


def _page(request: PostRequest, form: AskForm | None, *, status: int = 200) -> HttpResponseBase:
    page = Paginator(runs_for(request.actor).prefetch_related("rates"), LISTED).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "page": page,
        "rows": [(run, assumed_words(run)) for run in page],
        "form": form,
        "as_of": month_end_before(clock.today()),
        "opened": status != 200 or not page.paginator.count,
    }
    return render(request, "budget/all.html", context, status=status)


def _may_ask(actor: Actor) -> bool:
    return actor.role in ASKING_ROLES


def _known(actor: Actor) -> dict[str, Any]:
    """Return what the place has decided for its budgets, with its source."""
    book, area, today = parameter_book(), area_of_region(actor.scope), clock.today()
    deaths, subsidy = book.find(DEATHS, today, area), book.find(SUBSIDY, today, area)
    found: dict[str, Any] = {}
    if deaths is not None:
        found |= {"deaths_ppm": deaths.number(), "deaths_source": deaths.source}
    if subsidy is not None:
        fen = subsidy.number()
        found["subsidy_fen"] = f"{fen // 100}.{fen % 100:02}"
    return found
