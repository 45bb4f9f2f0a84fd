"""The pages of the documents, open to everybody: nothing personal stands in them."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.policies.claims import implements
from zhubao.policies.coverage import STATUS_WORDS, report
from zhubao.policies.register import clauses, documents
from zhubao.programmes.selectors import parameter_book

from .sheets import ORDER, area_of, chosen, sheets, term_of
from .words import KINDS


class Filter(forms.Form):
    """What a reader of a document asked for; anything unreadable counts as not asked."""

    words = forms.CharField(max_length=100, required=False)
    status = forms.ChoiceField(choices=[(status, status) for status in ORDER], required=False)
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS], required=False)
    missing_first = forms.BooleanField(required=False)
    on = forms.DateField(required=False, label=_("Figures of"))


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """List the five documents: term, kind, and how many of their clauses are carried out."""
    book, today = parameter_book(), clock.today()
    result = report()
    figures = {row["policy"]: row for row in result["documents"]}
    rows = [(term_of(each, today, area_of(each, acting(request)), book), figures[each.policy]) for each in documents()]
    return render(request, "policies/index.html", {"rows": rows, "total": result["total"]})


@implements("rg-0", as_="feature")
@require_GET
def document(request: HttpRequest, policy_id: str) -> HttpResponse:
    """Show the clauses of a document in article order, filtered on demand."""
    one = next((each for each in documents() if each.policy == policy_id), None)
    if one is None:
        raise Http404
    asked = Filter(request.GET)
    asked.is_valid()
    wanted = asked.cleaned_data
    on, area = wanted.get("on") or clock.today(), area_of(one, acting(request))
    book = parameter_book()
    listed = sheets(policy_id, on, area, book)
    kind, status = wanted.get("kind", ""), wanted.get("status", "")
    found = chosen(
        listed, status=status, kind=kind, words=wanted.get("words", ""), missing_first=wanted.get("missing_first", False)
    )
    kinds = dict.fromkeys(each.kind for each in clauses(policy_id))
    context = {
        "document": one,
        "term": term_of(one, on, area, book),
        "figures": report(policy_id)["documents"][0],
        "found": found,
        "wanted": {**wanted, "kind": kind, "status": status},
        "on": on,
        "area": area,
        "kinds": [(each, KINDS[each]) for each in kinds],
        "statuses": [(each, STATUS_WORDS[each]) for each in ORDER],
    }
    return render(request, "policies/document.html", context)


def acting(request: HttpRequest) -> Actor | None:
    """Return who reads, None for the public."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor
