"""The year's interest: the rate with its document, the trial, the approval by another person, what it came to account by account."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.accounts.interest import actions
from zhubao.accounts.interest.reckoning import Line, booked_since, lines_of
from zhubao.accounts.models import Account, InterestRun, Lot, Source
from zhubao.accounts.models.account import AccountQuerySet
from zhubao.documents.accounts import InterestList, InterestRow
from zhubao.documents.amounts import amount_in_yuan
from zhubao.documents.wording import percent
from zhubao.documents.workbooks import write_list
from zhubao.policies.claims import implements
from zhubao.procedures.jobs import post_account_interest_soon, try_account_interest_soon
from zhubao.web.attempts import Attempt
from zhubao.web.calculator.fields import DecimalTextField
from zhubao.web.middleware import PostRequest
from zhubao.web.paging import LongPaginator
from zhubao.web.posts import for_posts
from zhubao.web.statements.asking import sent_file
from zhubao.web.transfers.listing import WORKBOOK

from .asking import begun
from .finding import RATE_ROLES, READING_ROLES, found_interest, tabs

LISTED, RUNS, MOST_ROWS = 50, 24, 50_000
WORDS = {
    "trying": (gettext_lazy("being reckoned"), "info"),
    "tried": (gettext_lazy("tried, waits for approval"), "wait"),
    "approved": (gettext_lazy("approved, being posted"), "info"),
    "posted": (pgettext_lazy("interest of a year", "posted"), "ok"),
    "reversed": (pgettext_lazy("interest of a year", "taken back"), "bad"),
}


class RateForm(forms.Form):
    """The crediting rate of a year and the document it was published in."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2010, max_value=2200)
    rate = DecimalTextField("0.01", "20", label=gettext_lazy("Crediting rate (% a year)"))
    document = forms.CharField(
        label=gettext_lazy("Document"),
        max_length=300,
        help_text=gettext_lazy("Name and number of the announcement. Without it the rate cannot be used."),
    )

    @property
    def rate_ppm(self) -> int:
        """Return the rate that was typed, ppm."""
        whole, _point, part = str(self.cleaned_data["rate"]).partition(".")
        return int(whole) * 10_000 + int(part.ljust(4, "0")[:4])


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def everything(request: PostRequest) -> HttpResponseBase:
    """List the runs of the region; rate and trial for the posts that do them."""
    return _listed(request)


@implements("gz-7b", as_="feature")
@require_POST
@for_posts(*RATE_ROLES)
def rate(request: PostRequest) -> HttpResponseBase:
    """Enter the rate of a year with its document."""
    form = RateForm(request.POST)
    if not form.is_valid():
        return _listed(request, form=form)
    values = form.cleaned_data
    with Attempt() as attempt:
        actions.enter_rate(
            request.actor.scope, values["year"], form.rate_ppm, values["document"], actor=request.actor, now=clock.now()
        )
        messages.success(request, _("The rate of %(year)s is entered.") % {"year": values["year"]})
        return redirect("accounts:interest")
    return _listed(request, form=form, fault=attempt.fault)


@require_POST
@for_posts(*actions.TRYING_ROLES)
def start(request: PostRequest) -> HttpResponseBase:
    """Begin the trial of a year, or begin it anew; it is reckoned in the background."""

    def begin(year: int) -> InterestRun:
        with transaction.atomic():
            run = actions.open_trial(request.actor.scope, year, actor=request.actor, now=clock.now())
            try_account_interest_soon(run.pk)
        return run

    return begun(request, begin, page="accounts:interest-run", refused=lambda fault: _listed(request, fault=fault))


@implements("gz-7a", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_ROLES)
def one(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Show a run: how far it is, its sums by source, and every lot it gives interest to, of one source where that is asked for."""
    return _shown(request, found_interest(request.actor, run_id))


@require_POST
@for_posts(*actions.APPROVING_ROLES)
def approved(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Approve a trial; it is posted in the background."""
    run = found_interest(request.actor, run_id)
    with Attempt() as attempt:
        with transaction.atomic():
            run = actions.approve(run.pk, actor=request.actor, now=clock.now())
            if run.posted_at is None:
                post_account_interest_soon(run.pk)
        return redirect("accounts:interest-run", run.pk)
    return _shown(request, run, fault=attempt.fault)


@require_POST
@for_posts(*actions.APPROVING_ROLES)
def taken_back(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Take a posted run back, with a reason."""
    run = found_interest(request.actor, run_id)
    with Attempt() as attempt:
        actions.take_back_run(run.pk, request.POST.get("reason", ""), actor=request.actor, now=clock.now())
        messages.success(request, _("The interest is taken back; the year may be tried again."))
        return redirect("accounts:interest-run", run.pk)
    return _shown(request, run, fault=attempt.fault)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def workbook(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Give the list of a run as a workbook; names and numbers are masked."""
    run = found_interest(request.actor, run_id)
    ids = list(_accounts(run, request.GET.get("source", "")).values_list("pk", flat=True)[:MOST_ROWS])
    printed = InterestList(
        date=clock.today(),
        number=f"{run.region_code}-{run.year}",
        office=request.post.organisation.name,
        year=run.year,
        rate=f"{percent(run.rate_ppm)}　{run.rate_source}",
        rows=tuple(
            InterestRow(
                account.person.masked_name,
                account.person.masked_number,
                str(words),
                line.opening,
                line.moved,
                amount_in_yuan(line.product),
                line.interest,
                line.carried,
            )
            for account, line, words in _rows(run, ids, request.GET.get("source", ""))
        ),
    )
    return sent_file(write_list(printed), WORKBOOK, f"{printed.kind}-{printed.number}.xlsx")


def _listed(request: PostRequest, *, form: RateForm | None = None, fault: str = "") -> HttpResponseBase:
    last = clock.today().year - 1
    runs = InterestRun.objects.within(request.actor).order_by("-year", "region_code", "-pk")[:RUNS]
    context = {
        **tabs(request.actor),
        "runs": [(run, percent(run.rate_ppm), *WORDS[run.state]) for run in runs],
        "form": form or RateForm(initial={"year": last}),
        "year": request.POST.get("year") or str(last),
        "fault": fault,
    }
    return render(request, "accounts/interest.html", context, status=422 if fault or (form and form.errors) else 200)


def _shown(request: PostRequest, run: InterestRun, *, fault: str = "") -> HttpResponseBase:
    words, tone = WORDS[run.state]
    wanted = request.GET.get("source", "")
    wanted = wanted if wanted in Source.values else ""
    context = {
        **tabs(request.actor),
        "run": run,
        "words": words,
        "rate": percent(run.rate_ppm),
        "tone": tone,
        "waits": run.state in {"trying", "approved"},
        "sums": [(each, Source(each.source).label) for each in run.sums.order_by("source")],
        "wanted": wanted,
        "wanted_words": Source(wanted).label if wanted else "",
        "since": booked_since(run) if run.state in {"tried", "posted"} else 0,
        "fault": fault,
        "reads_people": request.actor.role not in {Role.FINANCE_CLERK, Role.HRSS_SUPERVISOR},
    }
    if run.tried_at is not None:
        page = LongPaginator(_accounts(run, wanted), LISTED).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": _rows(run, [account.pk for account in page], wanted)}
    return render(request, "accounts/interest_run.html", context, status=422 if fault else 200)


def _accounts(run: InterestRun, source: str) -> AccountQuerySet:
    """Return the accounts of a run's county that have a lot, of one source where it is named."""
    lots = Lot.objects.filter(source=source) if source in Source.values else Lot.objects.all()
    rows = Account.objects.filter(region_code=run.region_code, scheme=run.scheme).order_by("pk")
    return rows.filter(pk__in=lots.values("account_id")).select_related("person")


def _rows(run: InterestRun, account_ids: list[int], source: str) -> list[tuple[Account, Line, str]]:
    people = {account.pk: account for account in Account.objects.filter(pk__in=account_ids).select_related("person")}
    return [
        (people[line.account_id], line, str(Source(line.source).label))
        for line in lines_of(run, account_ids)
        if source in {"", line.source}
    ]
