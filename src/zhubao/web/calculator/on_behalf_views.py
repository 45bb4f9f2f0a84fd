"""The public pages of contributions on behalf; like those of loans: the address is the case, nothing is stored."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.errors import ZhubaoError
from zhubao.policies import judge_of
from zhubao.programmes.selectors import extended_to, past_term

from .book import public_book
from .forms import OnBehalfForm, fields_in_error, typed
from .on_behalf import Verdicts, verdict_of
from .programmes import ON_BEHALF
from .views import nothing_kept
from .words import explained, said


@require_GET
@nothing_kept
def on_behalf(request: HttpRequest, policy_id: str) -> HttpResponseBase:
    """Show the form with its answer; to a request of htmx only the answer and the faults beside the fields."""
    page = ON_BEHALF.get(policy_id)
    if page is None:
        raise Http404
    book, today = public_book(), clock.today()
    tiers = tuple(entry.number() for entry in book.all("tier_yearly_fen", today, page.area_code))
    law = judge_of(page.id).policy
    over = past_term(law, today, extended_to(law, today, page.area_code, book))
    # A document past its term is reckoned on its last day, and the page says so.
    form = OnBehalfForm(page, tiers, typed(request.GET, page, law.in_force[1] or today if over else today))
    found: Verdicts | None = None
    if form.is_valid():
        try:
            found = verdict_of(page, form.cleaned_data, book)
        except ZhubaoError as error:
            at_fault = error.code == "E-POLICY-NOT-IN-FORCE"
            form.add_error("on" if at_fault else None, said(error.problem) if at_fault else explained(error))
    partial = bool(getattr(request, "htmx", False))
    here = f"{reverse('calculator:on-behalf', args=[page.id])}?{form.query()}"
    context = {
        "programme": page,
        "pages": ON_BEHALF.values(),
        "form": form,
        "faults": fields_in_error(form),
        "answer": found,
        "example": not request.GET,
        "address": request.build_absolute_uri(here),
        "partial": partial,
        "over": law.in_force[1] if over else None,
    }
    return render(request, "calculator/on_behalf_answer.html" if partial else "calculator/on_behalf.html", context)
