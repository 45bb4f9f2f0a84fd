"""A claim on paper and as workbooks."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.documents.lists import PrintedList
from zhubao.documents.workbooks import write_list
from zhubao.loans.claims.selectors import CLAIM_ROLES
from zhubao.loans.models import SubsidyClaim
from zhubao.loans.states import ways_of
from zhubao.procedures.printing.claims import backstop_list, claim_list, payment_sheet
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.statements.asking import sent_file, sent_paper

from .finding import found_claim

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ON_PAPER, MOST_IN_WORKBOOK = 2_000, 100_000
LISTS: dict[str, Callable[..., PrintedList]] = {"lines": claim_list, "backstop": backstop_list}


@never_cache
@require_GET
@for_posts(*CLAIM_ROLES)
def paper(request: PostRequest, number: str, name: str) -> HttpResponseBase:
    """Give a paper of a claim as PDF."""
    claim = found_claim(request.actor, number)
    if name == "summary":
        return sent_paper(payment_sheet(claim, now=clock.now()))
    return _list(request, claim, name, MOST_ON_PAPER, sent_paper)


@never_cache
@require_GET
@for_posts(*CLAIM_ROLES)
def workbook(request: PostRequest, number: str, name: str) -> HttpResponseBase:
    """Give a list of a claim as a workbook."""
    claim = found_claim(request.actor, number)
    return _list(
        request,
        claim,
        name,
        MOST_IN_WORKBOOK,
        lambda form: sent_file(write_list(form), WORKBOOK, f"{form.kind}-{form.number}.xlsx"),
    )


def _list(
    request: PostRequest, claim: SubsidyClaim, name: str, most: int, send: Callable[[Any], HttpResponseBase]
) -> HttpResponseBase:
    if name not in LISTS or (name == "backstop" and not ways_of(claim.policy_id).backstop):
        raise Http404
    if name == "lines" and claim.lines > most:
        words = _("More than %(most)s lines: take the workbook, or the bank's file.")
        messages.error(request, words % {"most": most})
        return redirect("claims:claim", claim.number)
    return send(LISTS[name](claim, now=clock.now()))
