"""A month of resident pensions: done at a click, in the background where there are many; what it found and paid."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.accounts.benefits.models import BenefitRun
from zhubao.accounts.benefits.running import run_month
from zhubao.documents.courses import PaidList, PaidRow
from zhubao.documents.workbooks import write_list
from zhubao.policies.claims import implements
from zhubao.web.attempts import Attempt
from zhubao.web.clerk.finding import counties_of
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.transfers.listing import sent

from .finding import READING_RUNS
from .listing import shown

LISTED, MOST_ROWS = 50, 50_000


@require_POST
@for_posts(Role.AGENCY_REVIEWER)
def start(request: PostRequest) -> HttpResponseBase:
    """Do a month of a county."""
    try:
        month = date.fromisoformat(f"{request.POST.get('month', '')}-01")
    except ValueError:
        return shown(request, fault=_("Choose a month."))
    wanted = request.POST.get("county", "")
    county = next((each.code for each in counties_of(request.actor) if each.code == wanted), "")
    if not county:
        return shown(request, fault=_("Choose a county."))
    with Attempt() as attempt:
        done = run_month(county, month, actor=request.actor, now=clock.now())
        messages.success(request, _("The month is done; done again it changes nothing."))
        return redirect("benefits:run", done.pk)
    return shown(request, fault=attempt.fault)


@implements("gz-6b", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_RUNS)
def run(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Show what a month found and paid."""
    found = _found(request, run_id)
    months = found.months.select_related("benefit__person").order_by("benefit__region_code", "benefit_id", "month")
    page = Paginator(months, LISTED).get_page(request.GET.get("page"))
    return render(request, "benefits/run.html", {"run": found, "page": page})


@never_cache
@require_GET
@for_posts(*READING_RUNS)
def workbook(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Give what a month paid as a workbook."""
    found = _found(request, run_id)
    rows: Any = found.months.select_related("benefit__person").order_by("benefit__region_code", "benefit_id", "month")
    printed = PaidList(
        date=clock.today(),
        number=found.subject.partition(":")[2],
        office=request.post.organisation.name,
        month=f"{found.month:%Y-%m}",
        rows=tuple(
            PaidRow(
                each.benefit.person.masked_name,
                each.benefit.person.masked_number,
                f"{each.month:%Y-%m}",
                each.basic_fen,
                each.account_part_fen,
                each.total_fen,
            )
            for each in rows[:MOST_ROWS]
        ),
    )
    return sent(write_list(printed), f"{printed.kind}-{printed.number}.xlsx")


def _found(request: PostRequest, run_id: int) -> BenefitRun:
    try:
        return BenefitRun.objects.get_for(request.actor, pk=run_id)
    except BenefitRun.DoesNotExist as error:
        raise Http404 from error
