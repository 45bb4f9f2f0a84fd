"""Figures as a file: taken in whole or not at all, given out in the same form."""

import re

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from zhubao.access import clock
from zhubao.errors import ZhubaoError
from zhubao.parameters.local import COLUMNS, check_local_text, local_text
from zhubao.programmes.actions import DECIDING_ROLES, enter_figures
from zhubao.programmes.checks import faults_of
from zhubao.programmes.models import LocalFigure
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import FileForm
from .places import place_of


@require_http_methods(["GET", "POST"])
@for_posts(*DECIDING_ROLES)
def take_in(request: PostRequest) -> HttpResponseBase:
    """Take in a file of figures: every fault is listed with its line, and nothing is entered unless all is good."""
    form = FileForm(request.POST or None, request.FILES or None)
    faults: list[ZhubaoError] = []
    if request.method == "POST" and form.is_valid():
        entries, unreadable = check_local_text(form.cleaned_data["file"], form.file_name)
        faults = in_order([*unreadable, *faults_of(entries, actor=request.actor)])
        if not faults:
            written = enter_figures(entries, actor=request.actor, now=clock.now())
            messages.success(request, entered_words(len(written), len(entries) - len(written)))
            return redirect("parameters:index")
    context = {"form": form, "faults": faults, "columns": ",".join(COLUMNS), "place": place_of(request)}
    return render(request, "parameters/import.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@for_posts()
def export(request: PostRequest) -> HttpResponseBase:
    """Give out the standing figures of a place as a file that can be taken in again; it opens in a spreadsheet as it is."""
    place = place_of(request)
    rows = LocalFigure.objects.standing().filter(area_code=place.area)
    response = HttpResponse("\ufeff" + local_text(row.as_parameter() for row in rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="parameters-{place.area}.csv"'
    return response


def in_order(faults: list[ZhubaoError]) -> list[ZhubaoError]:
    """Return faults by line, each once: an overlap within the file is found by the reader and by the check."""
    once = {(fault.code, fault.place): fault for fault in faults}
    return sorted(once.values(), key=lambda fault: line_of(fault.place))


def line_of(place: str) -> int:
    """Return the line a fault's place names ("local.csv:12 320000" → 12), 0 where it names none."""
    found = re.search(r":([0-9]+)( |$)", place)
    return int(found[1]) if found else 0


def entered_words(entered: int, standing: int) -> str:
    """Return what a file changed, in words."""
    words = ngettext("%(count)d figure entered.", "%(count)d figures entered.", entered) % {"count": entered}
    return f"{words} {_('%(count)d stood already.') % {'count': standing}}" if standing else words
