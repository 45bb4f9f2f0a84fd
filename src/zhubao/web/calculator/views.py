"""The public pages of loans. A GET address is the whole case; nothing is stored, and nothing of a case is kept in a cache."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.errors import ZhubaoError
from zhubao.parameters import ParameterBook

from .book import public_book
from .forms import LoanForm, fields_in_error, typed
from .leaflets import leaflet_of
from .loans import Answer, answer, field_of, problem_of
from .programmes import LOANS, ON_BEHALF, LoanPage
from .series import debt_chart, pension_chart, ways_chart
from .words import language


def nothing_kept(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let no browser or proxy keep the answer, no search engine list it, and no other site learn the address."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        response = view(request, *arguments, **named)
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"
        if request.GET:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    return guarded


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Let somebody choose the document of their place."""
    return render(request, "calculator/index.html", {"loans": LOANS.values(), "on_behalf": ON_BEHALF.values()})


@require_GET
@nothing_kept
def loan(request: HttpRequest, policy_id: str) -> HttpResponseBase:
    """Show the form with its answer; to a request of htmx only the answer and the faults beside the fields."""
    page, form, found = reckoned(request, policy_id)
    context = context_of(request, page, form, found)
    partial = bool(getattr(request, "htmx", False))
    return render(request, "calculator/loan_answer.html" if partial else "calculator/loan.html", {**context, "partial": partial})


@require_GET
@nothing_kept
def charts(request: HttpRequest, policy_id: str) -> HttpResponseBase:
    """Show the charts of a case: they take longer than the figures, so they follow them."""
    page, form, found = reckoned(request, policy_id)
    drawn = []
    if found is not None:
        said_in = language()
        if found.drawable:
            if found.state != "short":
                drawn.append(("pension", pension_chart(found.found, said_in)))
            drawn.append(("debt", debt_chart(found.found, said_in)))
        drawn.append(("ways", ways_chart(found.compared, said_in)))
    shown = [(name, chart) for name, chart in drawn if chart is not None]
    if getattr(request, "htmx", False):
        return render(request, "calculator/charts.html", {"charts": shown})
    return render(request, "calculator/loan.html", {**context_of(request, page, form, found), "charts": shown})


@require_GET
@nothing_kept
def leaflet(request: HttpRequest, policy_id: str) -> HttpResponseBase:
    """Send the case as one A4 page; a case that cannot be reckoned goes back to its form."""
    page, form, found = reckoned(request, policy_id)
    printed = leaflet_of(page, form, found, request.build_absolute_uri(address(page, form))) if found is not None else None
    if printed is None:
        return redirect(address(page, form))
    from zhubao.documents import typeset

    answered = HttpResponse(typeset(printed), content_type="application/pdf")
    answered.headers["Content-Disposition"] = f'attachment; filename="{page.id}-{printed.date.isoformat()}.pdf"'
    return answered


def reckoned(request: HttpRequest, policy_id: str) -> tuple[LoanPage, LoanForm, Answer | None]:
    """Return the page, the form as typed with its defaults, and the answer; None when a field is at fault."""
    page = LOANS.get(policy_id)
    if page is None:
        raise Http404
    book = public_book()
    today = clock.today()
    form = LoanForm(page, tiers_of(page, book), typed(request.GET, page, today))
    if not form.is_valid():
        return page, form, None
    try:
        return page, form, answer(page, form.cleaned_data, book)
    except ZhubaoError as error:
        form.add_error(field_of(error), problem_of(error))
        return page, form, None


def tiers_of(page: LoanPage, book: ParameterBook) -> tuple[int, ...]:
    """Return the yearly tiers one may choose among, fen; employees' loans have none."""
    if not page.resident:
        return ()
    return tuple(entry.number() for entry in book.all("tier_yearly_fen", clock.today(), page.area_code))


def address(page: LoanPage, form: LoanForm) -> str:
    """Return the address that reproduces the case."""
    return f"{reverse('calculator:loan', args=[page.id])}?{form.query()}"


def context_of(request: HttpRequest, page: LoanPage, form: LoanForm, found: Answer | None) -> dict[str, Any]:
    """Return what the templates of a loan need."""
    return {
        "programme": page,
        "loans": LOANS.values(),
        "form": form,
        "faults": fields_in_error(form),
        "answer": found,
        "example": not request.GET,
        "query": form.query(),
        "address": request.build_absolute_uri(address(page, form)),
    }
