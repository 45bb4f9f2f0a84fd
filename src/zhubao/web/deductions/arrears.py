"""What is in arrears by age, loan by loan, and what came of talking to the borrowers."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.cases.actions.looking import record_list
from zhubao.errors import ZhubaoError
from zhubao.loans.deductions.arrears import BUCKETS, OLDEST
from zhubao.loans.deductions.returning import follow_up
from zhubao.loans.deductions.selectors import InArrears, in_arrears
from zhubao.loans.models import DeductionReturn
from zhubao.loans.selectors import loans_for
from zhubao.web.cases.sheets import MOST_ROWS, sent
from zhubao.web.clerk.words import explained, said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import yuan

from .finding import FOLLOWING_ROLES, READING_ROLES

LISTED: Final = 50


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the loans in arrears, the longest first, with their sums by age."""
    return _shown(request)


@require_POST
@for_posts(*FOLLOWING_ROLES)
def follow(request: PostRequest, answer_id: int) -> HttpResponseBase:
    """Keep what came of talking to the borrower, from the list or the loan's page; the debt stays what it is."""
    seen = DeductionReturn.objects.filter(pk=answer_id, instruction__order__loan__in=loans_for(request.actor).order_by())
    number = seen.values_list("instruction__order__loan__number", flat=True).first()
    if number is None:
        raise Http404
    from_loan = request.POST.get("back") == "loan"
    try:
        follow_up(answer_id, request.POST.get("said", ""), actor=request.actor, now=clock.now())
    except OutOfScope:
        raise
    except ZhubaoError as error:
        if not from_loan:
            return _shown(request, fault=explained(error), at=answer_id, status=422)
        messages.error(request, explained(error))
    else:
        messages.success(request, _("Noted. What is owed stays in the list until it is paid."))
    return redirect("loans:loan", number) if from_loan else redirect("deductions:arrears")


@require_GET
@for_posts(*READING_ROLES)
def export(request: PostRequest) -> HttpResponseBase:
    """Give the arrears as a workbook, one row for each instalment not taken."""
    found = in_arrears(request.actor, clock.today())[:MOST_ROWS]
    record_list("arrears", len(found), {}, actor=request.actor, now=clock.now())
    titles = [
        (_("Number"), 26), (_("Name"), 12), (_("Bank"), 28), (_("Month of pension"), 14), (_("Not taken on"), 14),
        (_("Still open (yuan)"), 16), (_("Days"), 8), (_("Ageing"), 14),
    ]  # fmt: skip
    labels = _ages()
    rows = (
        [
            each.loan.number,
            each.loan.person.masked_name,
            each.loan.bank.name,
            f"{part.month:%Y-%m}",
            part.since.isoformat(),
            yuan(part.fen),
            str(part.days),
            labels[part.bucket],
        ]
        for each in found
        for part in each.open
    )
    return sent("arrears", _("Arrears"), titles, rows)


def _ages() -> list[str]:
    return [*(said(label) for _most, label in BUCKETS), said(OLDEST)]


def _shown(request: PostRequest, *, fault: str = "", at: int = 0, status: int = 200) -> HttpResponseBase:
    found = in_arrears(request.actor, clock.today())
    page = Paginator(found, LISTED).get_page(request.GET.get("page"))
    sums = [sum(each.sums[place] for each in found) for place in range(len(BUCKETS) + 1)]
    context: dict[str, Any] = {
        "page": page,
        "rows": _rows(request.actor, list(page)),
        "ages": list(zip(_ages(), sums, strict=True)),
        "fen": sum(sums),
        "follows": request.actor.role in FOLLOWING_ROLES,
        "fault": fault,
        "at": at,
        "tab": "arrears",
    }
    return render(request, "deductions/arrears.html", context, status=status)


def _rows(actor: Actor, found: list[InArrears]) -> list[dict[str, Any]]:
    """Return the loans of a page with the latest answer of the bank and what was noted since."""
    answers = DeductionReturn.objects.filter(instruction__order__loan__in=[each.loan.pk for each in found])
    latest: dict[int, DeductionReturn] = {}
    for answer in answers.select_related("instruction__order").prefetch_related("follow_ups").order_by("pk"):
        if answer.failed:
            latest[answer.instruction.order.loan_id] = answer
    return [
        {"found": each, "loan": each.loan, "answer": latest[each.loan.pk], "notes": latest[each.loan.pk].follow_ups.all()}
        for each in found
    ]
