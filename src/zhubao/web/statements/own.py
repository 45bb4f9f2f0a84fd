"""The borrower's own statement: what was owed, what came and went, what is owed now; large and plain."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.loans.models import Loan, Statement
from zhubao.loans.selectors import loan_for
from zhubao.loans.statements.making import make_statement
from zhubao.loans.statements.reading import accounts_of
from zhubao.policies.claims import implements
from zhubao.procedures.printing.statements import borrower_statement
from zhubao.web.loans.words import posted_said
from zhubao.web.middleware import CitizenRequest
from zhubao.web.posts import for_citizens

from .asking import asked_period, asked_postings, groups, kept_statement, sent_paper


def own_loan(request: CitizenRequest, number: str) -> Loan:
    """Return the citizen's own loan; anybody else's is not there."""
    try:
        return loan_for(request.actor, number)
    except Loan.DoesNotExist as error:
        raise Http404 from error


@implements("rg-21", as_="feature")
@require_GET
@for_citizens
def one(request: CitizenRequest, number: str) -> HttpResponseBase:
    """Show what a period comes to, and the statements given out."""
    loan = own_loan(request, number)
    today = timezone.localdate(request.now)
    starts_on, ends_on = asked_period(request.GET, today)
    figures = accounts_of([loan], starts_on, ends_on)[loan.pk].figures
    context = {
        "loan": loan,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "figures": figures,
        "groups": groups(loan, figures, starts_on, ends_on),
        "given": list(Statement.objects.filter(loan=loan)[:10]),
        "years": range(today.year, max(loan.signed_on.year, today.year - 20) - 1, -1),
        "today": today,
    }
    return render(request, "statements/own.html", context)


@require_POST
@for_citizens
def make(request: CitizenRequest, number: str) -> HttpResponseBase:
    """Give the borrower the statement of a period on paper."""
    loan = own_loan(request, number)
    starts_on, ends_on = asked_period(request.POST, timezone.localdate(request.now))
    statement = make_statement(loan.pk, starts_on, ends_on, actor=request.actor, now=request.now)
    return redirect(reverse("statements:own-paper", args=[loan.number, statement.pk]))


@never_cache
@require_GET
@for_citizens
def paper(request: CitizenRequest, number: str, statement_id: int) -> HttpResponseBase:
    """Give one of the borrower's own statements as PDF."""
    statement = kept_statement(own_loan(request, number), statement_id)
    return sent_paper(borrower_statement(statement, actor=request.actor, now=request.now))


@require_GET
@for_citizens
def postings(request: CitizenRequest, number: str) -> HttpResponseBase:
    """Show day by day what one figure is made of."""
    loan = own_loan(request, number)
    label, starts_on, ends_on, found = asked_postings(loan, request.GET, timezone.localdate(request.now))
    context = {
        "loan": loan,
        "label": label,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "rows": [(row.on, posted_said(row.kind), fen) for row, fen in found],
        "total": sum(fen for _row, fen in found),
    }
    return render(request, "statements/own_postings.html", context)
