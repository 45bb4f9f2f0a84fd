"""A loan's statement for offices: any period as the books are now, those given out, and what changed since."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.ledger.chart import account_name
from zhubao.loans.models import LoanEvent, Statement
from zhubao.loans.statements.figures import changes
from zhubao.loans.statements.making import ON_DEMAND_ROLES, make_statement
from zhubao.loans.statements.reading import accounts_of, causes_of, kept_figures
from zhubao.procedures.printing.statements import borrower_statement, causes_between, earlier_of
from zhubao.programmes.selectors import parameter_book
from zhubao.web.loans.finding import LOAN_ROLES, found_loan
from zhubao.web.loans.words import event_said, posted_said, source_said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .asking import asked_period, asked_postings, groups, kept_statement, sent_paper


@require_GET
@for_posts(*LOAN_ROLES)
def one(request: PostRequest, number: str) -> HttpResponseBase:
    """Show what a period comes to now, and beside it what the last statement of the same period said."""
    loan = found_loan(request.actor, number)
    starts_on, ends_on = asked_period(request.GET, clock.today())
    figures = accounts_of([loan], starts_on, ends_on)[loan.pk].figures
    given = list(Statement.objects.filter(loan=loan)[:30])
    last = next((each for each in given if (each.starts_on, each.ends_on) == (starts_on, ends_on)), None)
    context: dict[str, Any] = {
        "loan": loan,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "figures": figures,
        "groups": groups(loan, figures, starts_on, ends_on),
        "given": given,
        "years": _years(loan.signed_on, clock.today()),
        "may_make": request.actor.role in ON_DEMAND_ROLES,
        "compared": last,
        "changes": changes(kept_figures(last), figures) if last else [],
        "causes": _worded(causes_of(last)) if last else [],
    }
    return render(request, "statements/loan.html", context)


@require_POST
@for_posts(*ON_DEMAND_ROLES)
def make(request: PostRequest, number: str) -> HttpResponseBase:
    """Give a statement out and show it; where nothing changed since the last one of the period, that one."""
    loan = found_loan(request.actor, number)
    starts_on, ends_on = asked_period(request.POST, clock.today())
    now = clock.now()
    statement = make_statement(loan.pk, starts_on, ends_on, actor=request.actor, now=now)
    new = statement.made_at == now
    messages.success(request, _("The statement has been made.") if new else _("Nothing has changed since this statement."))
    return redirect("statements:kept", loan.number, statement.pk)


@require_GET
@for_posts(*LOAN_ROLES)
def kept(request: PostRequest, number: str, statement_id: int) -> HttpResponseBase:
    """Show a statement as it was given out, what it put right, and what has changed since."""
    loan = found_loan(request.actor, number)
    statement = kept_statement(loan, statement_id)
    figures, before = kept_figures(statement), earlier_of(statement)
    now = accounts_of([loan], statement.starts_on, statement.ends_on)[loan.pk].figures
    context = {
        "loan": loan,
        "statement": statement,
        "starts_on": statement.starts_on,
        "ends_on": statement.ends_on,
        "figures": figures,
        "groups": groups(loan, figures, statement.starts_on, statement.ends_on, statement),
        "before": before,
        "put_right": changes(kept_figures(before), figures) if before else [],
        "put_right_by": _worded(causes_between(before, statement)) if before else [],
        "compared": statement,
        "changes": changes(figures, now),
        "causes": _worded(causes_of(statement)),
    }
    return render(request, "statements/kept.html", context)


@never_cache
@require_GET
@for_posts(*ON_DEMAND_ROLES)
def paper(request: PostRequest, number: str, statement_id: int) -> HttpResponseBase:
    """Give a statement as PDF; that its citizen number was printed is noted."""
    loan = found_loan(request.actor, number)
    return sent_paper(borrower_statement(kept_statement(loan, statement_id), actor=request.actor, now=clock.now()))


@require_GET
@for_posts(*LOAN_ROLES)
def postings(request: PostRequest, number: str) -> HttpResponseBase:
    """Show the postings one figure is made of, and that they come to it."""
    loan = found_loan(request.actor, number)
    label, starts_on, ends_on, found = asked_postings(loan, request.GET, clock.today())
    context = {
        "loan": loan,
        "label": label,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "rows": [
            (row, posted_said(row.kind), account_name(row.party, row.debit), account_name(row.party, row.credit), fen)
            for row, fen in found
        ],
        "total": sum(fen for _row, fen in found),
    }
    return render(request, "statements/postings.html", context)


def _years(first: date, today: date) -> list[tuple[int, date, date]]:
    """Return the years of a loan, the latest first, each with its first and last day up to today."""
    return [
        (year, date(year, 1, 1), min(date(year, 12, 31), today))
        for year in range(today.year, max(first.year, today.year - 20) - 1, -1)
    ]


def _worded(events: list[LoanEvent]) -> list[tuple[LoanEvent, Any, str, str, date]]:
    """Return events in words: what, how much, on what it rests, the day it was entered."""
    book = parameter_book()
    return [(event, *event_said(event), source_said(event, book), timezone.localdate(event.entered_at)) for event in events]
