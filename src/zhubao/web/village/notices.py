"""The notices that hang and hung: their days, their people, the paper, and taking one down."""

from typing import Final

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.roles import Role
from zhubao.cases.actions.committee import take_down
from zhubao.cases.models import PublicNotice
from zhubao.cases.states import process_of
from zhubao.language import Text
from zhubao.procedures.printing.notices import public_notice
from zhubao.web.attempts import told_at
from zhubao.web.cases.steps.framework import DayInput
from zhubao.web.cases.words import state_tone
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .hanging import hanging
from .paper import as_pdf, sheets_of
from .start import OF_THE_VILLAGE
from .waiting import hardship_said

LISTED: Final = 20


class Down(forms.Form):
    """The day a notice was taken down."""

    on = forms.DateField(label=gettext_lazy("Day it was taken down"), widget=DayInput())


def found_notice(actor: Actor, notice_id: int) -> PublicNotice:
    """Return a notice of the committee or of the township's villages; Http404 for none, OutOfScope for anybody else's."""
    try:
        notice = PublicNotice.objects.select_related("committee", "posted_by__user").get_for(actor, pk=notice_id)
    except PublicNotice.DoesNotExist as error:
        raise Http404 from error
    if actor.role == Role.COMMITTEE_MEMBER and notice.committee_id != actor.organisation_id:
        raise OutOfScope(str(notice), Text("由别的单位办理", "another office deals with this"))
    return notice


@require_GET
@for_posts(*OF_THE_VILLAGE)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the notices, those that hang first."""
    notices = PublicNotice.objects.within(request.actor).select_related("committee").annotate(people=Count("lines"))
    if request.actor.role == Role.COMMITTEE_MEMBER:
        notices = notices.filter(committee_id=request.actor.organisation_id)
    page = Paginator(notices.order_by("-taken_down_on", "-posted_on", "-pk"), LISTED).get_page(request.GET.get("page"))
    today = clock.today()
    context = {"page": page, "rows": [(notice, hanging(notice, today)) for notice in page], "today": today}
    return render(request, "village/notices.html", context)


def _shown(request: PostRequest, notice: PublicNotice, form: Down, status: int = 200) -> HttpResponseBase:
    lines = [
        {
            "line": line,
            "case": line.case,
            "hardship": hardship_said(line.case, line.category),
            "state": said(process_of(line.case.policy_id).state(line.case.state).label),
            "tone": state_tone(line.case),
        }
        for line in notice.lines.select_related("case")
    ]
    today = clock.today()
    context = {
        "notice": notice,
        "wall": hanging(notice, today),
        "lines": lines,
        "sheets": sheets_of(public_notice(notice)),
        "form": form,
        "today": today,
        "own": notice.committee_id == request.actor.organisation_id,
    }
    return render(request, "village/notice.html", context, status=status)


@require_GET
@for_posts(*OF_THE_VILLAGE)
def one(request: PostRequest, notice_id: int) -> HttpResponseBase:
    """Show a notice: its days one by one, its people, the paper."""
    notice = found_notice(request.actor, notice_id)
    return _shown(request, notice, Down(initial={"on": clock.today()}))


@require_POST
@for_posts(Role.COMMITTEE_MEMBER)
def down(request: PostRequest, notice_id: int) -> HttpResponseBase:
    """Note the day it was taken down; a second note changes nothing."""
    notice = found_notice(request.actor, notice_id)
    form = Down(request.POST)
    if not form.is_valid():
        return _shown(request, notice, form, status=422)
    with told_at(form, "on"):
        take_down(notice.pk, on=form.cleaned_data["on"], actor=request.actor, now=clock.now())
        messages.success(request, _("It is noted that the notice was taken down."))
        return redirect("village:notice", notice_id)
    return _shown(request, notice, form, status=422)


@never_cache
@require_GET
@for_posts(*OF_THE_VILLAGE)
def pdf(request: PostRequest, notice_id: int) -> HttpResponseBase:
    """Give the notice as paper."""
    return as_pdf(public_notice(found_notice(request.actor, notice_id)), f"notice-{notice_id}")
