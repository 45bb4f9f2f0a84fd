"""The reconciliation of a year: what the agency asked for, what the bank drew, what arrived at the tax office, side by side."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.models import AuditEntry
from zhubao.cases.actions.looking import record_list
from zhubao.oversight.models import Cause, Difference
from zhubao.oversight.reconciliation import CLOSING_ROLES, RUNNING_ROLES, explain, reconcile
from zhubao.web.attempts import Attempt
from zhubao.web.cases.sheets import MOST_ROWS, sent
from zhubao.web.middleware import PostRequest
from zhubao.web.navigation import Label
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import query, yuan

from .finding import RECONCILING_ROLES, tabs
from .year import YearForm

LISTED: Final = 50
TO_DO: Final[dict[str, Label]] = {
    Cause.BANK_SILENT: gettext_lazy("Ask the bank for its return file, or have the draw recorded at its desk."),
    Cause.BANK_REFUSED: gettext_lazy(
        "Put right what the line was refused for; the bank sends it again under a new batch number."
    ),
    Cause.BANK_AMOUNT: gettext_lazy("Compare the bank's voucher with the released amount; the bank corrects its line."),
    Cause.TAX_SILENT: gettext_lazy("Check the payment with borrower and tax office; remind the borrower where it is overdue."),
    Cause.TAX_AMOUNT: gettext_lazy(
        "Compare the receipts with the draw; what is missing is paid in, what is too much is put right by tax."
    ),
    Cause.TAX_REFUSED: gettext_lazy("Compare loan number, citizen number and year; the tax office sends the line again."),
    Cause.BOOKS: gettext_lazy("Look at the postings of the loan; the difference is put right by an entry of its own."),
}


@never_cache
@require_GET
@for_posts(*RECONCILING_ROLES)
def reconciliation(request: PostRequest) -> HttpResponseBase:
    """Show the last run of a year and the differences open after it, or those closed."""
    return _shown(request, _year_of(request.GET))


@require_POST
@for_posts(*RUNNING_ROLES)
def run(request: PostRequest) -> HttpResponseBase:
    """Compare the sources of a year."""
    wanted = _year_of(request.POST)
    found = reconcile(request.actor.scope, wanted, actor=request.actor, now=clock.now())
    words = _("Draws compared: %(draws)d; differences open: %(open)d; come to agree: %(closed)d.")
    messages.success(request, words % {"draws": found.draws, "open": found.open, "closed": found.closed})
    return redirect(f"{reverse('loans:reconciliation')}?{query({'year': wanted})}")


@require_POST
@for_posts(*CLOSING_ROLES)
def close(request: PostRequest, difference_id: int) -> HttpResponseBase:
    """Close a difference with an explanation."""
    difference = Difference.objects.within(request.actor).filter(pk=difference_id).first()
    if difference is None:
        raise Http404
    with Attempt() as attempt:
        explain(difference.pk, request.POST.get("explanation", "")[:1000], actor=request.actor, now=clock.now())
        messages.success(request, _("The difference is closed with its explanation."))
        return redirect(f"{reverse('loans:reconciliation')}?{query({'year': difference.year})}")
    return _shown(request, difference.year, fault=attempt.fault, at=difference.pk, status=422)


@require_GET
@for_posts(*RECONCILING_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the differences of a year as a workbook."""
    wanted, closed = _year_of(request.GET), request.GET.get("show") == "closed"
    rows = list(_differences(request.actor, wanted, closed=closed)[:MOST_ROWS])
    record_list("differences", len(rows), {"year": wanted, "closed": closed}, actor=request.actor, now=clock.now())
    titles = [
        (_("Draw or receipt"), 40), (_("Cause"), 34), (_("Agency (yuan)"), 14), (_("Bank (yuan)"), 14), (_("Tax (yuan)"), 14),
        (_("Detail"), 40), (_("Found on"), 18), (_("Closed on"), 18), (_("By"), 14), (_("Explanation"), 50),
    ]  # fmt: skip
    return sent("reconciliation", _("Reconciliation"), titles, (_cells(each) for each in rows))


def _year_of(asked: Any) -> int:
    form = YearForm(asked)
    return int(form.cleaned_data["year"]) if form.is_valid() else clock.today().year


def _differences(actor: Actor, wanted: int, *, closed: bool) -> QuerySet[Difference]:
    rows = Difference.objects.within(actor).filter(year=wanted).select_related("closed_by")
    return rows.exclude(closed_at=None).order_by("-closed_at", "pk") if closed else rows.open().order_by("subject", "cause")


def _shown(request: PostRequest, wanted: int, *, fault: str = "", at: int = 0, status: int = 200) -> HttpResponseBase:
    actor = request.actor
    closed = request.GET.get("show") == "closed"
    page = Paginator(_differences(actor, wanted, closed=closed), LISTED).get_page(request.GET.get("page"))
    last = AuditEntry.objects.filter(action="reconciliation.run", subject=f"reconciliation:{actor.scope}/{wanted}").last()
    context = {
        **tabs(actor),
        "year": wanted,
        "closed": closed,
        "page": page,
        "rows": [_row(each) for each in page],
        "last": last,
        "sums": last.after if last else None,
        "runs": actor.role in RUNNING_ROLES,
        "closes": actor.role in CLOSING_ROLES and not closed,
        "fault": fault,
        "at": at,
        "wanted": {"year": wanted, "show": "closed" if closed else ""},
    }
    return render(request, "loans/reconciliation.html", context, status=status)


def _row(each: Difference) -> dict[str, Any]:
    return {
        "difference": each,
        "cause": each.get_cause_display(),
        "name": each.subject.partition(":")[2],
        "to_do": TO_DO[each.cause],
        "detail": _("booked: %(amount)s") % {"amount": yuan(int(each.detail))}
        if each.cause == Cause.BOOKS and each.detail
        else each.detail,
    }


def _cells(each: Difference) -> list[str]:
    row = _row(each)
    figures = [yuan(fen) if fen is not None else "" for fen in (each.agency_fen, each.bank_fen, each.tax_fen)]
    return [
        row["name"],
        str(row["cause"]),
        *figures,
        row["detail"],
        f"{timezone.localtime(each.found_at):%Y-%m-%d %H:%M}",
        f"{timezone.localtime(each.closed_at):%Y-%m-%d %H:%M}" if each.closed_at else "",
        each.closed_by.name if each.closed_by else "",
        each.explanation,
    ]
