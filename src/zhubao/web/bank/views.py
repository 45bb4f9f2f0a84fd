"""The bank officer's sheet: a list in, a table and a workbook out; the list is read, answered and forgotten."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from zhubao.access import clock
from zhubao.access.roles import BANK_ROLES
from zhubao.errors import ZhubaoError
from zhubao.lending.forecast_policies import forecast_policy
from zhubao.web.calculator.book import public_book
from zhubao.web.calculator.programmes import LOANS
from zhubao.web.calculator.views import nothing_kept
from zhubao.web.calculator.words import explained
from zhubao.web.clerk.uploads import limited
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .columns import COLUMNS
from .forecasts import Answers, answers
from .forms import CandidatesForm
from .reading import pasted, uploaded
from .workbook import XLSX, result
from .workbook import template as empty_list

SHOWN = 200


def _too_large(request: HttpRequest) -> HttpResponseBase:
    return render(request, "bank/too_large.html", status=413)


@limited(_too_large)
@require_http_methods(["GET", "POST"])
@nothing_kept
@for_posts(*BANK_ROLES)
def candidates(request: PostRequest) -> HttpResponseBase:
    """Take a list of candidates and show for each whether the pension carries the loan, or send it as a workbook."""
    region, today = request.actor.scope, clock.today()
    if request.method != "POST":
        return render(request, "bank/candidates.html", {"form": CandidatesForm(region, today), "columns": COLUMNS})
    form = CandidatesForm(region, today, request.POST, request.FILES)
    found: Answers | None = None
    if form.is_valid():
        try:
            found = _answered(form)
        except ZhubaoError as error:
            form.add_error("on" if error.code == "E-POLICY-NOT-IN-FORCE" else None, explained(error))
    if found is not None and "workbook" in request.POST:
        sent = HttpResponse(result(found), content_type=XLSX)
        sent.headers["Content-Disposition"] = f'attachment; filename="candidates-{found.on.isoformat()}.xlsx"'
        return sent
    context: dict[str, Any] = {"form": form, "columns": COLUMNS, "answers": found, "shown": SHOWN}
    if found is not None:
        typed = [(name, request.POST.get(name, "")) for name in form.fields if name not in {"sent", "pasted"}]
        context |= {
            "typed": typed,
            "again": found.listed.as_text(),
            "listed": found.judged[:SHOWN],
            "faults": found.faults[:SHOWN],
        }
    return render(request, "bank/candidates.html", context, status=422 if form.errors else 200)


def _answered(form: CandidatesForm) -> Answers:
    values = form.cleaned_data
    page = LOANS[values["policy"]]
    forecast_policy(page.id, values["on"])
    listed = uploaded(values["sent"], page.resident) if values.get("sent") else pasted(values["pasted"], page.resident)
    return answers(page, values["on"], form.terms(), listed, public_book())


@require_GET
@for_posts(*BANK_ROLES)
def template(request: PostRequest) -> HttpResponseBase:
    """Send the template of a list."""
    sent = HttpResponse(empty_list(), content_type=XLSX)
    sent.headers["Content-Disposition"] = 'attachment; filename="candidates-template.xlsx"'
    return sent
