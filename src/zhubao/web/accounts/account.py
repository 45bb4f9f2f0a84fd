"""Finding an account; what stands in it by source and year, and every entry behind an amount."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.accounts.models import Account, Source
from zhubao.accounts.selectors import balance_of
from zhubao.accounts.statement import RunningEntry, entries_of, running, totals, years_of
from zhubao.documents.accounts import AccountEntryList, EntryRow
from zhubao.documents.amounts import amount_in_yuan
from zhubao.documents.workbooks import write_list
from zhubao.people.selectors import search
from zhubao.policies.claims import implements
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.statements.asking import sent_file, sent_paper
from zhubao.web.transfers.listing import WORKBOOK

from .asking import year_in
from .finding import GROUPS, PERSON_ROLES, READING_ROLES, entry_rows, found_account, made_for, statement_of, tabs, year_rows

FOUND, LISTED = 50, 100


@require_GET
@for_posts(*READING_ROLES)
def find(request: PostRequest) -> HttpResponseBase:
    """Find accounts by citizen number, telephone number or the beginning of the name."""
    if request.actor.role not in PERSON_ROLES:
        return redirect("accounts:interest")
    asked = request.GET.get("q", "").strip()[:60]
    accounts: list[Account] = []
    if asked:
        people = search(request.actor, asked)
        accounts = list(Account.objects.within(request.actor).filter(person__in=people).select_related("person")[:FOUND])
        if len(accounts) == 1:
            return redirect("accounts:account", accounts[0].pk)
    context = {**tabs(request.actor), "asked": asked, "rows": [(each, balance_of(each).fen) for each in accounts]}
    return render(request, "accounts/find.html", context)


@implements("tl-3.5d", "tl-4.3b", "gz-7a", as_="feature")
@require_GET
@for_posts(*PERSON_ROLES)
def one(request: PostRequest, account_id: int) -> HttpResponseBase:
    """Show an account: what is in each lot, every year by source, and the entries behind the amount that was pressed."""
    account = found_account(request.actor, account_id)
    return render(request, "accounts/account.html", {**tabs(request.actor), "account": account, **shown(account, request.GET)})


def shown(account: Account, asked: QueryDict) -> dict[str, Any]:
    """Return what a page of an account shows, narrowed by year, source and group; what an address does not name is everything."""
    entries = entries_of(account)
    lines = years_of(entries)
    rows, wanted = narrowed(account, asked)
    page = Paginator(rows[::-1], LISTED).get_page(asked.get("page"))
    balance = balance_of(account)
    return {
        "balance": balance,
        "lots": [(lot, Source(lot.source).label) for lot in balance.lots],
        "years": year_rows(lines),
        "totals": totals(lines),
        "page": page,
        "entries": entry_rows(list(page)),
        "wanted": wanted,
        "wanted_source": Source(wanted["source"]).label if wanted["source"] else "",
    }


def narrowed(account: Account, asked: QueryDict) -> tuple[list[RunningEntry], dict[str, Any]]:
    """Return the entries an address asks for, and what it was understood to ask."""
    year, source, group = year_in(asked.get("year", "")), asked.get("source", ""), asked.get("group", "")
    source, group = source if source in Source.values else "", group if group in GROUPS else ""
    found = running(entries_of(account), year=year, source=source, kind=group)
    return found, {"year": year, "source": source, "group": group}


@never_cache
@require_GET
@for_posts(*PERSON_ROLES)
def workbook(request: PostRequest, account_id: int) -> HttpResponseBase:
    """Give the entries an address asks for as a workbook; the name stays masked."""
    account = found_account(request.actor, account_id)
    rows, _wanted = narrowed(account, request.GET)
    printed = AccountEntryList(
        date=clock.today(),
        number=f"{account.region_code}-{account.pk}",
        office=request.post.organisation.name,
        person=f"{account.person.masked_name}　{account.person.masked_number}",
        rows=tuple(
            EntryRow(
                row.entry.on,
                row.entry.batch.booked_on,
                row.source_words,
                str(row.entry.get_kind_display()),
                row.entry.amount_fen,
                amount_in_yuan(row.balance_fen),
                made_for(row.entry),
            )
            for row in rows
        ),
    )
    return sent_file(write_list(printed), WORKBOOK, f"{printed.kind}-{printed.number}.xlsx")


@never_cache
@require_GET
@for_posts(*PERSON_ROLES)
def paper(request: PostRequest, account_id: int) -> HttpResponseBase:
    """Give the person's statement as PDF; that it was printed stands in the audit log."""
    account = found_account(request.actor, account_id)
    printed = statement_of(account, entries_of(account), office=request.post.organisation.name, actor=request.actor)
    return sent_paper(printed)
