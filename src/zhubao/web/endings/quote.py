"""What pays a loan off on a day: asked for at the counter and at the bank."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.documents.amounts import amount_in_yuan
from zhubao.loans.endings.early import ASKING_POSTS, ask_quote, last_day_quoted
from zhubao.loans.models import Loan, PayoffQuote
from zhubao.web.attempts import told_at
from zhubao.web.calculator.fields import DayField
from zhubao.web.documents.to_print import loan_papers_to_print
from zhubao.web.loans.finding import found_loan
from zhubao.web.loans.words import state_said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .on_loan import may_be_quoted, quotes_of

QUOTING_ROLES = tuple(sorted(role for role in ASKING_POSTS if role in Role.values))
PAPER = "payoff-"


class QuoteForm(forms.Form):
    """The day the borrower means to pay on."""

    day = DayField(label=gettext_lazy("Day of the payment"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{"auto_id": "quote_%s", **named})
        self.initial.setdefault("day", clock.today())


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*QUOTING_ROLES)
def quote(request: PostRequest, number: str) -> HttpResponseBase:
    """Show the quotes of a loan; with POST, reckon one for a day."""
    loan = found_loan(request.actor, number)
    if not may_be_quoted(loan):
        if request.method == "GET":
            return redirect("loans:loan", loan.number)
        raise Http404
    form = QuoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with told_at(form, "day"):
            made = ask_quote(loan.pk, form.cleaned_data["day"], actor=request.actor, now=clock.now())
            messages.success(request, quoted_said(made))
            return redirect("endings:quote", loan.number)
    context = {"loan": loan, "form": form, "state": state_said(loan), **quoting(loan)}
    papers = loan_papers_to_print(loan, request.actor)
    context["to_print"] = [paper for paper in papers if PAPER in paper.address]
    return render(request, "endings/quote.html", context, status=422 if form.errors else 200)


def quoted_said(made: PayoffQuote) -> str:
    """Return a new quote in one sentence."""
    words = _("%(amount)s yuan pay the loan off on %(day)s: principal %(principal)s, interest %(interest)s.")
    told = {name: amount_in_yuan(getattr(made, f"{name}_fen")) for name in ("principal", "interest")}
    return words % {"amount": amount_in_yuan(made.total_fen), "day": made.valid_on.isoformat(), **told}


def quoting(loan: Loan) -> dict[str, Any]:
    """Return the quotes of a loan, until which day one may be asked for, and whether anybody decided that."""
    today = clock.today()
    last = last_day_quoted(loan, today)
    return {"quotes": quotes_of(loan, today), "last": last.due_on, "undecided": bool(last.provisional)}
