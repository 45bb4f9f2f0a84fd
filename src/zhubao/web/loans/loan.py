"""The loan: its terms, draws and books; and the postings behind every amount."""

import contextlib
import re
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.ledger.chart import PARTIES, Party, account_name
from zhubao.ledger.models import Posting
from zhubao.loans.books import SOURCE
from zhubao.loans.models import Loan
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import LOAN_ROLES, found_loan
from .sheet import loan_sheet, trial_balance
from .words import posted_said, state_said, state_tone

LISTED = 100


@require_GET
@for_posts(*LOAN_ROLES)
def one(request: PostRequest, number: str) -> HttpResponseBase:
    """Show a loan; name and number stay masked."""
    loan = found_loan(request.actor, number)
    return render(request, "loans/loan.html", loan_sheet(loan, request.actor, clock.now()))


@require_GET
@for_posts(*LOAN_ROLES)
def postings(request: PostRequest, number: str) -> HttpResponseBase:
    """Show the postings of a loan, all or those behind one amount: of a kind, an entry, a day, a party's account."""
    loan = found_loan(request.actor, number)
    found = narrowed(loan, {name: request.GET.get(name, "")[:60] for name in ("kind", "entry", "on", "party", "account")})
    rows = list(found)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    context = {
        "loan": loan,
        "state": state_said(loan),
        "tone": state_tone(loan),
        "page": page,
        "rows": [
            (
                row,
                posted_said(row.kind),
                PARTIES[Party(row.party)],
                account_name(row.party, row.debit),
                account_name(row.party, row.credit),
            )
            for row in page
        ],
        "books": trial_balance(rows),
        "narrowed": bool(request.GET),
    }
    return render(request, "loans/postings.html", context)


def narrowed(loan: Loan, wanted: dict[str, str]) -> "list[Posting]":
    """Return the postings of a loan an address asks for, in the order they were made; a word that names nothing is passed over."""
    rows = Posting.objects.of(SOURCE, loan.subject)
    if re.fullmatch(r"[a-z_]+", wanted["kind"]):
        rows = rows.filter(kind__startswith=f"{wanted['kind']}.")
    if wanted["entry"]:
        rows = rows.filter(entry=wanted["entry"])
    with contextlib.suppress(ValueError):
        rows = rows.filter(on=date.fromisoformat(wanted["on"])) if wanted["on"] else rows
    if wanted["party"] in PARTIES:
        rows = rows.filter(party=wanted["party"])
    if wanted["account"]:
        return [row for row in rows if wanted["account"] in (row.debit, row.credit)]
    return list(rows)
