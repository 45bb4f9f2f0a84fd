"""What is done for a whole place at once: closing out by receipts, sharing out calls, closing the year."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance.closing_out import close_by_receipts, close_year
from zhubao.assistance.closing_out_calls import share_out_calls
from zhubao.web.attempts import told_above
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import VILLAGE_ROLES, Asked, asked


def _here(request: PostRequest) -> Asked:
    here = asked(request.actor, request.POST)
    if here is None:
        raise Http404
    return here


def _back(here: Asked, view: str) -> HttpResponseBase:
    return redirect(f"{reverse(view)}?{here.query}")


@require_POST
@for_posts(*VILLAGE_ROLES)
def by_receipts(request: PostRequest) -> HttpResponseBase:
    """Close out everybody whose receipt the system holds."""
    here = _here(request)
    key = request.POST.get("key", "")[:60] or uuid4().hex
    with told_above(request):
        count = close_by_receipts(here.plan.pk, here.place, on=clock.today(), key=key, actor=request.actor, now=clock.now())
        words = ngettext("%(count)d person is closed out.", "%(count)d people are closed out.", count)
        messages.success(request, words % {"count": count})
    return _back(here, "closing_out:start")


@require_POST
@for_posts(Role.TOWNSHIP_CLERK)
def calls(request: PostRequest) -> HttpResponseBase:
    """Share the households that owe their own part out to the villages."""
    here = _here(request)
    opened, closed = share_out_calls(here.plan.pk, here.place, actor=request.actor, now=clock.now())
    messages.success(
        request,
        _("%(opened)d new tasks for the villages; %(closed)d are done because the own part is paid.")
        % {"opened": opened, "closed": closed},
    )
    return _back(here, "closing_out:start")


@require_POST
@for_posts(Role.AGENCY_APPROVER)
def close(request: PostRequest) -> HttpResponseBase:
    """Close the year once everybody is closed out."""
    here = _here(request)
    with told_above(request):
        close_year(here.plan.pk, actor=request.actor, now=clock.now())
        messages.success(request, _("The year is closed: everybody is closed out."))
    return _back(here, "closing_out:coverage")
