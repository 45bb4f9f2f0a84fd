"""The findings of a run as a list, for a department or the file: workbook or paper, with citizen numbers, so taking one is on record."""

from typing import Final
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.cases.actions.looking import record_list
from zhubao.documents import typeset
from zhubao.documents.verification import VerificationList
from zhubao.documents.workbooks import write_list
from zhubao.procedures.printing.verification import verification_list
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.templatetags.zhubao import query

from .finding import LISTING_ROLES, found_run, wanted_in

MOST_ON_PAPER: Final = 2_000
MOST_IN_WORKBOOK: Final = 50_000
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_GET
@for_posts(*LISTING_ROLES)
def workbook(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Give the findings a filter keeps as a workbook."""
    made = _list(request, run_id, MOST_IN_WORKBOOK)
    if not isinstance(made, VerificationList):
        return made
    return _sent(write_list(made), WORKBOOK, f"{made.kind}-{made.number}.xlsx", "attachment")


@never_cache
@require_GET
@for_posts(*LISTING_ROLES)
def paper(request: PostRequest, run_id: int) -> HttpResponseBase:
    """Give the findings a filter keeps on paper."""
    made = _list(request, run_id, MOST_ON_PAPER)
    if not isinstance(made, VerificationList):
        return made
    return _sent(typeset(made), "application/pdf", f"{made.kind}-{made.number}.pdf", "inline")


def _list(request: PostRequest, run_id: int, most: int) -> VerificationList | HttpResponseBase:
    run, wanted = found_run(request.actor, run_id), wanted_in(request.GET)
    rows = list(wanted.rows(run).order_by("certifier", "finding", "pk")[: most + 1])
    if len(rows) > most:
        words = _("More than %(most)s people: narrow it by department and result, or take the workbook instead of paper.")
        messages.error(request, words % {"most": most})
        return redirect(f"{reverse('verification:run', args=[run.pk])}?{query(wanted.query)}")
    now = clock.now()
    record_list(f"verification:{run.pk}", len(rows), wanted.query, actor=request.actor, now=now)
    return verification_list(run, rows, certifier=wanted.certifier, office=request.post.organisation.name, now=now)


def _sent(content: bytes, kind: str, name: str, how: str) -> HttpResponse:
    disposition = f"{how}; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
