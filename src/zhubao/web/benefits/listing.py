"""The list of resident pensions with the months done, on the page and as a workbook."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.accounts.benefits.course import PROCESS
from zhubao.accounts.benefits.models import Benefit, BenefitAmount, BenefitRun, Ground
from zhubao.documents.courses import BenefitList, BenefitRow
from zhubao.documents.workbooks import write_list
from zhubao.policies.claims import implements
from zhubao.web.clerk.finding import counties_of
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.transfers.listing import sent

from .deaths import READING as SETTLING
from .finding import READING_ROLES, READING_RUNS, TONES, wanted_in

LISTED, MOST_ROWS, RUNS = 50, 50_000, 12


@implements("ps-3.1c", "gz-1d", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the pensions of the post, with how many stand where, and the last months."""
    return shown(request)


def shown(request: PostRequest, *, fault: str = "") -> HttpResponseBase:
    """Return the page; `fault` is why a month could not be done."""
    wanted = wanted_in(request.GET)
    page = Paginator(wanted.rows(request.actor), LISTED).get_page(request.GET.get("page"))
    counts = dict(Benefit.objects.seen_by(request.actor).order_by().values_list("state").annotate(Count("pk")))
    runs = BenefitRun.objects.filter(region_code=request.actor.scope[:6]) if request.actor.scope else BenefitRun.objects.all()
    may_run = request.actor.role == Role.AGENCY_REVIEWER
    context: dict[str, Any] = {
        "page": page,
        "rows": [(each, said(each.label), TONES[each.state]) for each in page],
        "figures": [(state.name, said(state.label), counts.get(state.name, 0)) for state in PROCESS.states],
        "runs": list(runs[:RUNS]) if request.actor.role in READING_RUNS else [],
        "wanted": wanted,
        "grounds": Ground.choices,
        "counties": counties_of(request.actor) if may_run else [],
        "month": f"{clock.today():%Y-%m}",
        "may_settle": request.actor.role in SETTLING,
        "fault": fault,
    }
    return render(request, "benefits/all.html", context, status=422 if fault else 200)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def workbook(request: PostRequest) -> HttpResponseBase:
    """Give the pensions a filter keeps as a workbook; names and numbers are masked as on the page."""
    today = clock.today()
    rows = list(wanted_in(request.GET).rows(request.actor)[:MOST_ROWS])
    latest = BenefitAmount.objects.filter(benefit__in=[each.pk for each in rows], starts_on__lte=today).order_by("starts_on")
    due = {each.benefit_id: each for each in latest}
    printed = BenefitList(
        date=today,
        number=f"{request.actor.scope}-{today:%Y%m%d}",
        office=request.post.organisation.name,
        rows=tuple(
            BenefitRow(
                each.person.masked_name,
                each.person.masked_number,
                str(each.get_ground_display()),
                each.of_age_on,
                each.label.zh,
                each.starts_on,
                due[each.pk].basic_fen if each.pk in due else None,
                due[each.pk].account_part_fen if each.pk in due else None,
            )
            for each in rows
        ),
    )
    return sent(write_list(printed), f"{printed.kind}-{today}.xlsx")
