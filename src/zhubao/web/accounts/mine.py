"""A citizen's own account, large and plain: what is in it, who paid it, the interest of every year."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.accounts.models import Account
from zhubao.accounts.selectors import accounts_for
from zhubao.accounts.statement import entries_of, totals, years_of
from zhubao.policies.claims import implements
from zhubao.web.middleware import CitizenRequest
from zhubao.web.posts import for_citizens
from zhubao.web.statements.asking import sent_paper

from .account import narrowed, shown
from .finding import entry_rows, statement_of


def own_account(request: CitizenRequest) -> Account | None:
    """Return the citizen's account, the newest where several counties kept one."""
    return accounts_for(request.actor).select_related("person").order_by("-opened_on", "-pk").first()


@implements("gz-7b", as_="feature")
@require_GET
@for_citizens
def one(request: CitizenRequest) -> HttpResponseBase:
    """Show the account by source and by year."""
    account = own_account(request)
    if account is None:
        return render(request, "accounts/mine_none.html")
    entries = entries_of(account)
    context = {"account": account, **shown(account, request.GET), "totals": totals(years_of(entries))}
    return render(request, "accounts/mine.html", context)


@require_GET
@for_citizens
def entries(request: CitizenRequest) -> HttpResponseBase:
    """Show day by day what one amount is made of."""
    account = _required(request)
    rows, wanted = narrowed(account, request.GET)
    context = {"account": account, "entries": entry_rows(rows[::-1]), "wanted": wanted}
    return render(request, "accounts/mine_entries.html", context)


@never_cache
@require_GET
@for_citizens
def paper(request: CitizenRequest) -> HttpResponseBase:
    """Give the citizen's own statement as PDF."""
    account = _required(request)
    return sent_paper(statement_of(account, entries_of(account), office="社会保险经办机构", actor=request.actor))


def _required(request: CitizenRequest) -> Account:
    account = own_account(request)
    if account is None:
        raise Http404
    return account
