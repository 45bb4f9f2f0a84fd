"""Statements over many loans, and the runs that make every borrower's statement of a year."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import BANK_ROLES, Role
from zhubao.documents.statements import CollectiveStatementList
from zhubao.documents.workbooks import write_list
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.loans.models import StatementRun
from zhubao.loans.statements.collective import (
    AUDIENCES,
    ENDED,
    LABELS,
    Audience,
    Row,
    audience_for,
    explained,
    grand_total,
    loans_in,
    period_of,
    rows_of,
    totals_of,
)
from zhubao.loans.statements.making import RUN_ROLES, open_statement_run, yearly_period
from zhubao.loans.states import PROCESSES
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.procedures.jobs import make_statements_soon
from zhubao.procedures.printing.statements import collective_list
from zhubao.web.cases.sheets import MOST_ROWS
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .asking import sent_file, sent_paper
from .navigation import OVERVIEW_ROLES

LISTED = 50
MOST_ON_PAPER = 2_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@for_posts(*OVERVIEW_ROLES)
def everything(request: PostRequest) -> HttpResponseBase:
    """Offer the statements a post may open, and the yearly runs of its bank or agency."""
    today, role = clock.today(), request.actor.role
    runs = StatementRun.objects.within(request.actor).select_related("bank")
    if role in BANK_ROLES:
        runs = runs.filter(bank_id=request.actor.organisation_id)
    context = {
        "audiences": [each for each in AUDIENCES.values() if role in each.roles],
        "year": today.year,
        "month": f"{today:%Y-%m}",
        "runs": [(run, judge_of(run.policy_id).policy.title) for run in runs[:30]] if role != Role.PBOC_SUPERVISOR else [],
        "may_run": role in RUN_ROLES,
        "programmes": [(policy_id, said(judge_of(policy_id).policy.title)) for policy_id in PROCESSES],
        "years": range(today.year, today.year - 6, -1),
    }
    return render(request, "statements/all.html", context)


@require_POST
@for_posts(*RUN_ROLES)
def run(request: PostRequest) -> HttpResponseBase:
    """Have the statements of a year made in the background; asked for again, the same run goes on."""
    policy_id, year = request.POST.get("programme", ""), request.POST.get("year", "")
    if policy_id not in PROCESSES or not (year.isascii() and year.isdecimal() and int(year[:4]) >= 2000 and len(year) == 4):
        messages.error(request, _("Choose a programme and a year."))
        return redirect("statements:all")
    try:
        with transaction.atomic():
            asked = open_statement_run(policy_id, int(year), actor=request.actor, now=clock.now())
            if asked.finished_at is None:
                make_statements_soon(asked.pk)
    except ZhubaoError as error:
        if error.code != "E-STATEMENT-PERIOD":
            raise
        _first, last = yearly_period(policy_id, int(year))
        messages.error(request, _("The year ends on %(day)s; its statements are made after that.") % {"day": last.isoformat()})
    else:
        done = _("The statements of this year have been made before.")
        messages.success(request, done if asked.finished_at else _("The statements are being made; each borrower is told."))
    return redirect("statements:all")


@implements("jx-5.1f", "rg-18", as_="feature")
@require_GET
@for_posts(*OVERVIEW_ROLES)
def over(request: PostRequest, name: str) -> HttpResponseBase:
    """Show what the loans of a period come to by bank and programme, and loan by loan; the central bank sees the sums alone."""
    audience, period, starts_on, ends_on, rows = _asked(request, name)
    totals, total = totals_of(rows), grand_total(rows)
    known_on = _day(request.GET.get("known", ""))
    before = grand_total(rows_of([row.loan for row in rows], starts_on, ends_on, known_on=known_on)) if known_on else None
    single = request.actor.role != Role.PBOC_SUPERVISOR
    page = Paginator(rows if single else [], LISTED).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "audience": audience,
        "audiences": [each for each in AUDIENCES.values() if request.actor.role in each.roles],
        "period": period,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "wanted": {"programme": request.GET.get("programme", ""), "bank": request.GET.get("bank", "")},
        "columns": [LABELS[column] for column in audience.columns],
        "totals": [(row, judge_of(row.loan.policy_id).policy.title, _cells(audience, row)) for row in totals],
        "total": (total, _cells(audience, total)) if total else None,
        "broken": [row for row in rows if not explained(row)][:20],
        "page": page,
        "rows": [(row, _cells(audience, row)) for row in page],
        "single": single,
        "known_on": known_on,
        "compared": _compared(audience, before, total) if before and total else [],
        "last": min(ends_on, clock.today()),
    }
    return render(request, "statements/over.html", context)


@never_cache
@require_GET
@for_posts(*OVERVIEW_ROLES)
def workbook(request: PostRequest, name: str) -> HttpResponseBase:
    """Give the statement as a workbook, loan by loan with sums."""
    form = _list(request, name, MOST_ROWS)
    return (
        sent_file(write_list(form), WORKBOOK, f"{form.kind}-{form.number}.xlsx") if form else _too_long(request, name, MOST_ROWS)
    )


@never_cache
@require_GET
@for_posts(*OVERVIEW_ROLES)
def paper(request: PostRequest, name: str) -> HttpResponseBase:
    """Give the statement as PDF, loan by loan with sums."""
    form = _list(request, name, MOST_ON_PAPER)
    return sent_paper(form) if form else _too_long(request, name, MOST_ON_PAPER)


def _list(request: PostRequest, name: str, most: int) -> CollectiveStatementList | None:
    """Return the list an address asks for; None for more loans than it takes."""
    if request.actor.role == Role.PBOC_SUPERVISOR:
        raise OutOfScope(name, Text("本岗位只看各银行合计", "this post sees the sums of banks alone"))
    audience, _period, starts_on, ends_on, rows = _asked(request, name)
    office = request.post.organisation.name
    if len(rows) > most:
        return None
    return collective_list(audience, rows, starts_on, ends_on, actor=request.actor, office=office, now=clock.now())


def _too_long(request: PostRequest, name: str, most: int) -> HttpResponseBase:
    words = _("More than %(most)s loans: narrow it by bank and programme, or take the workbook instead of paper.")
    messages.error(request, words % {"most": most})
    return redirect(f"{reverse('statements:over', args=[name])}?{request.GET.urlencode()}")


def _asked(request: PostRequest, name: str) -> tuple[Audience, str, date, date, list[Row]]:
    """Return audience, period and rows an address asks for; the present year where it names no period."""
    if name not in AUDIENCES:
        raise Http404
    audience = audience_for(request.actor, name)
    period = request.GET.get("period", "")
    try:
        starts_on, ends_on = period_of(period)
    except ZhubaoError:
        period = f"{clock.today():%Y}"
        starts_on, ends_on = period_of(period)
    programme, bank = request.GET.get("programme", ""), request.GET.get("bank", "")
    loans = loans_in(
        request.actor,
        starts_on,
        ends_on,
        policy_id=programme if programme in PROCESSES else "",
        bank_id=int(bank) if bank.isascii() and bank.isdecimal() and len(bank) < 16 else None,
    )
    return audience, period, starts_on, ends_on, rows_of(list(loans), starts_on, ends_on)


def _cells(audience: Audience, row: Row) -> list[tuple[int, bool]]:
    """Return the values of a row in the order of the columns, each with whether it is money."""
    return [(row.value(column), column != ENDED) for column in audience.columns]


def _compared(audience: Audience, before: Row, now: Row) -> list[tuple[Text, int, int, int]]:
    """Return the money of both rows column by column: then, now, difference."""
    columns = [column for column in audience.columns if column in before.figures.as_dict()]
    return [(LABELS[name], before.value(name), now.value(name), now.value(name) - before.value(name)) for name in columns]


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
