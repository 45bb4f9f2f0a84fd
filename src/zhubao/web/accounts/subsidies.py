"""Contribution subsidies: the dated table by tier, the lists of what is owed, the crediting by another person."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.accounts.models import Payer, SubsidyRun
from zhubao.accounts.subsidies import runs, table
from zhubao.documents.accounts import SubsidyList, SubsidyRow
from zhubao.documents.workbooks import write_list
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region
from zhubao.web.attempts import Attempt
from zhubao.web.calculator.fields import DayField, MoneyField
from zhubao.web.middleware import PostRequest
from zhubao.web.paging import LongPaginator
from zhubao.web.posts import for_posts
from zhubao.web.statements.asking import sent_file
from zhubao.web.transfers.listing import WORKBOOK

from .asking import begun
from .finding import RATE_ROLES, READING_ROLES, found_subsidies, tabs

LISTED, RUNS, MOST_ROWS = 50, 24, 100_000


class RateForm(forms.Form):
    """What a payer adds from a tier upwards."""

    payer = forms.ChoiceField(label=pgettext_lazy("subsidy", "Paid by"), choices=Payer.choices, initial=Payer.LOCAL)
    from_tier_fen = MoneyField(label=gettext_lazy("From this tier (yuan a year)"))
    amount_fen = MoneyField(label=gettext_lazy("Subsidy (yuan a year)"))
    effective_from = DayField(label=gettext_lazy("In force from"))
    effective_to = DayField(label=gettext_lazy("In force to"), required=False)
    source = forms.CharField(label=gettext_lazy("Document"), max_length=300)


@implements("gz-8a", "gz-8b", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_ROLES)
def everything(request: PostRequest) -> HttpResponseBase:
    """Show the table that speaks for the county and its runs."""
    return _listed(request)


@require_POST
@for_posts(*RATE_ROLES)
def rate(request: PostRequest) -> HttpResponseBase:
    """Enter a row of the table for the post's own place."""
    form = RateForm(request.POST)
    if not form.is_valid():
        return _listed(request, form=form)
    with Attempt() as attempt:
        table.enter_rate(area_of_region(request.actor.scope), **form.cleaned_data, actor=request.actor, now=clock.now())
        messages.success(request, _("The subsidy is in the table."))
        return redirect("accounts:subsidies")
    return _listed(request, form=form, fault=attempt.fault)


@require_POST
@for_posts(*RATE_ROLES)
def withdraw(request: PostRequest, rate_id: int) -> HttpResponseBase:
    """Withdraw a row of the table, with a reason."""
    with Attempt() as attempt:
        table.withdraw_rate(rate_id, request.POST.get("reason", ""), actor=request.actor, now=clock.now())
        messages.success(request, _("The row is withdrawn; what was credited by it stays."))
        return redirect("accounts:subsidies")
    return _listed(request, fault=attempt.fault)


@require_POST
@for_posts(*runs.LISTING_ROLES)
def start(request: PostRequest) -> HttpResponseBase:
    """List what the payers of a year are owed."""

    def begin(year: int) -> SubsidyRun:
        return runs.list_due(request.actor.scope, year, actor=request.actor, now=clock.now())

    return begun(request, begin, page="accounts:subsidy-run", refused=lambda fault: _listed(request, fault=fault))


@implements("tl-5.1h", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_ROLES)
def one(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Show a list with both payers' parts, account by account."""
    return _shown(request, found_subsidies(request.actor, run_id))


@require_POST
@for_posts(*runs.CREDITING_ROLES)
def credited(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Credit a list."""
    run = found_subsidies(request.actor, run_id)
    with Attempt() as attempt:
        runs.credit_run(run.pk, actor=request.actor, now=clock.now())
        messages.success(request, _("The subsidies are in the accounts."))
        return redirect("accounts:subsidy-run", run.pk)
    return _shown(request, run, fault=attempt.fault)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def workbook(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Give a list as a workbook; names and numbers are masked."""
    run = found_subsidies(request.actor, run_id)
    lines = run.lines.select_related("account__person").order_by("account_id")[:MOST_ROWS]
    printed = SubsidyList(
        date=clock.today(),
        number=f"{run.region_code}-{run.year}-{run.number}",
        office=request.post.organisation.name,
        year=run.year,
        rows=tuple(
            SubsidyRow(
                line.account.person.masked_name,
                line.account.person.masked_number,
                line.contributed_fen,
                line.contributed_on,
                line.superior_fen,
                line.local_fen,
            )
            for line in lines
        ),
    )
    return sent_file(write_list(printed), WORKBOOK, f"{printed.kind}-{printed.number}.xlsx")


def _listed(request: PostRequest, *, form: RateForm | None = None, fault: str = "") -> HttpResponseBase:
    today = clock.today()
    county = area_of_region(request.actor.scope)
    context = {
        **tabs(request.actor),
        "rates": [(row, row.area_code == county) for row in table.rows_for(request.actor.scope)],
        "runs": list(SubsidyRun.objects.within(request.actor)[:RUNS]),
        "form": form or RateForm(),
        "year": request.POST.get("year") or str(today.year),
        "fault": fault,
    }
    return render(request, "accounts/subsidies.html", context, status=422 if fault or (form and form.errors) else 200)


def _shown(request: PostRequest, run: SubsidyRun, *, fault: str = "") -> HttpResponseBase:
    lines = run.lines.select_related("account__person").order_by("account_id")
    page = LongPaginator(lines, LISTED).get_page(request.GET.get("page"))
    context = {
        **tabs(request.actor),
        "run": run,
        "page": page,
        "fault": fault,
        "reads_people": request.actor.role not in {Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR},
    }
    return render(request, "accounts/subsidy_run.html", context, status=422 if fault else 200)
