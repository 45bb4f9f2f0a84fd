"""A budget as it was reckoned: its table and chart, another beside it, the postings since, the loans behind a line."""

from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.documents import typeset
from zhubao.documents.workbooks import write_list
from zhubao.language import Language
from zhubao.loans.states import PROCESSES
from zhubao.oversight.budget.actions import ASKING_ROLES
from zhubao.oversight.budget.models import BudgetRun
from zhubao.oversight.budget.reckoning import COSTS, Item
from zhubao.oversight.budget.selectors import (
    READERS,
    Row,
    actuals,
    closed_until,
    compared,
    costs_of,
    lines_of_loans,
    loans_behind,
    names_of,
    places_of,
    runs_for,
    table_of,
    years_of,
)
from zhubao.oversight.budget.words import ITEMS, PAYERS, assumed_words
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.procedures.printing.budgets import budget_list
from zhubao.web.loans.finding import LOAN_ROLES
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

LISTED = 50
OTHERS = 30
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@implements("jx-5.2d", "rg-16", "jx-2.3d", as_="feature")
@require_GET
@for_posts(*READERS)
def one(request: PostRequest, number: str) -> HttpResponseBase:
    """Show a budget: what finance pays in each year, drawn and in figures, by item and payer, then by place."""
    run = _run(request, number)
    if run.finished_at is None:
        return render(request, "budget/waiting.html", {"run": run})
    rows, years = table_of(run), years_of(run)
    places = places_of(run)
    context: dict[str, Any] = {
        "run": run,
        "years": _headings(run),
        "rows": [(row, _programme(row.policy_id), ITEMS[row.item], PAYERS[row.payer], row.item in COSTS) for row in rows],
        "costs": costs_of(rows, len(years)),
        "places": [(place, _programme(place.policy_id)) for place in places],
        "place_totals": [sum(place.fen[at] for place in places) for at in range(len(years))],
        "next": _next_year(run, rows),
        "chart": _chart(run),
        "assumed": assumed_words(run),
        "others": runs_for(request.actor).exclude(pk=run.pk).exclude(finished_at=None)[:OTHERS],
        "may_ask": request.actor.role in ASKING_ROLES,
    }
    return render(request, "budget/one.html", context)


@require_GET
@for_posts(*READERS)
def against(request: PostRequest, number: str) -> HttpResponseBase:
    """Show a budget beside another, with the difference of every figure."""
    run, other = _done(request, number), _done(request, request.GET.get("other", ""))
    years, rows = compared(run, other)
    sums = [
        (sum(row.here[at] for row in rows if row.item in COSTS), sum(row.there[at] for row in rows if row.item in COSTS))
        for at in range(len(years))
    ]
    context = {
        "run": run,
        "other": other,
        "years": years,
        "rows": [(row, _programme(row.policy_id), ITEMS[row.item], PAYERS[row.payer]) for row in rows],
        "sums": [(here, there, here - there) for here, there in sums],
        "assumed": assumed_words(run),
        "assumed_there": assumed_words(other),
    }
    return render(request, "budget/against.html", context)


@require_GET
@for_posts(*READERS)
def actual(request: PostRequest, number: str) -> HttpResponseBase:
    """Show what was posted since a budget against what it foresaw, up to the last month's end."""
    run, today = _done(request, number), clock.today()
    rows = [(row, _programme(row.policy_id), ITEMS[row.item]) for row in actuals(run, today)]
    return render(request, "budget/actual.html", {"run": run, "rows": rows, "last": closed_until(run, today)})


@require_GET
@for_posts(*READERS)
def loans(request: PostRequest, number: str, place: str, policy_id: str) -> HttpResponseBase:
    """Show the loans behind the figures of a place and programme, each with what it costs in every year."""
    run = _done(request, number)
    if policy_id not in PROCESSES or not place.startswith(run.region_code[:6]) or not place.isdecimal():
        raise Http404
    page = Paginator(loans_behind(run, place, policy_id), LISTED).get_page(request.GET.get("page"))
    years = years_of(run)
    rows = []
    for loan, lines in zip(page, lines_of_loans(run, list(page)), strict=True):
        costs = [sum(sum(line.months) for line in lines if line.year == year and line.item in COSTS) for year in years]
        draws = sum(sum(line.months) for line in lines if line.item is Item.TRANCHE)
        rows.append((loan, draws, costs))
    context = {
        "run": run,
        "place": names_of({place}).get(place, place),
        "programme": _programme(policy_id),
        "years": _headings(run),
        "page": page,
        "rows": rows,
        "may_open": request.actor.role in LOAN_ROLES,
        "assumed": assumed_words(run),
    }
    return render(request, "budget/loans.html", context)


@never_cache
@require_GET
@for_posts(*READERS)
def workbook(request: PostRequest, number: str) -> HttpResponseBase:
    """Give a budget as a workbook, place by place."""
    run = _done(request, number)
    form = budget_list(run, office=request.post.organisation.name, by_place=True)
    return _file(write_list(form), WORKBOOK, f"{form.kind}-{form.number}.xlsx")


@never_cache
@require_GET
@for_posts(*READERS)
def paper(request: PostRequest, number: str) -> HttpResponseBase:
    """Give a budget as PDF, over all places."""
    run = _done(request, number)
    form = budget_list(run, office=request.post.organisation.name, by_place=False)
    return _file(typeset(form), "application/pdf", f"{form.kind}-{form.number}.pdf")


def _run(request: PostRequest, number: str) -> BudgetRun:
    run = runs_for(request.actor).filter(number=number).first()
    if run is None:
        raise Http404
    return run


def _done(request: PostRequest, number: str) -> BudgetRun:
    run = _run(request, number)
    if run.finished_at is None:
        raise Http404
    return run


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return answer


def _headings(run: BudgetRun) -> list[str]:
    """Return the years as a table heads them; the first says from which month on where it is not whole."""
    years = [str(year) for year in years_of(run)]
    if run.as_of.month < 12:
        years[0] = _("%(year)s from month %(month)s") % {"year": years[0], "month": run.as_of.month + 1}
    return years


def _next_year(run: BudgetRun, rows: list[Row]) -> list[tuple[Any, int]]:
    """Return what the first whole year costs finance, item by item and together."""
    at = 0 if run.as_of.month == 12 else 1
    items = [(ITEMS[item], sum(row.fen[at] for row in rows if row.item == item)) for item in COSTS]
    return [(label, fen) for label, fen in items if fen]


def _chart(run: BudgetRun) -> Any:
    """Draw what finance pays in each year by item; None where it pays nothing."""
    from zhubao.documents.charts import Path
    from zhubao.documents.yearly import by_year

    language: Language = "zh" if (get_language() or "zh").startswith("zh") else "en"
    rows = table_of(run, by_programme=False)
    parts = []
    for item in COSTS:
        mine = [row.fen for row in rows if row.item == item]
        if mine:
            parts.append(Path(ITEMS[item].in_(language), tuple(sum(column) for column in zip(*mine, strict=True))))
    return by_year(_("What finance pays in each year"), years_of(run), parts, language) if parts else None


def _programme(policy_id: str) -> Any:
    return judge_of(policy_id).policy.title
