"""A roster that was read is entered as a department's list: evidence for applications and for the yearly verification."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.errors import ZhubaoError
from zhubao.procedures.roster_entered import LISTING_ROLES, certified_in, enter_roster, lists_from
from zhubao.rosters.models import FileState, RosterFile
from zhubao.rosters.selectors import file_for
from zhubao.screening.marks import kinds_giving
from zhubao.screening.reasons import DEPARTMENTS
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import found
from .words import explained, said


def entering(request: PostRequest, file: RosterFile) -> dict[str, Any]:
    """Return what the page of a file shows of it: the lists it was entered as, and the categories it may be entered for."""
    if file.state != FileState.READ or file.insured:
        return {}
    labels = {(each.category, each.certifier): each.label for each in certified_in(file.region_code, request.actor)}
    lists = [
        (
            row,
            said(labels[row.category, row.certifier]) if (row.category, row.certifier) in labels else row.category,
            said(DEPARTMENTS[row.certifier]),
        )
        for row in lists_from(file)
    ]
    may = request.actor.role in LISTING_ROLES
    kinds = {kind for sheet in file.sheets for kind in (sheet["kind"] or "").split(";")}
    # What the file was read as comes first: the form proposes it.
    ordered = sorted(labels.items(), key=lambda each: not kinds & kinds_giving(each[0][0]))
    choices = [(f"{code}/{by}", f"{said(label)} · {said(DEPARTMENTS[by])}") for (code, by), label in ordered]
    return {"lists": lists, "certified": choices if may else []}


@require_POST
@for_posts(*LISTING_ROLES)
def enter(request: PostRequest, file_id: int) -> HttpResponseBase:
    """Enter a file as a department's list as of a day."""
    file = found(file_for, request.actor, file_id)
    category, _slash, certifier = request.POST.get("certified", "").partition("/")
    allowed = {(each.category, each.certifier) for each in certified_in(file.region_code, request.actor)}
    try:
        listed_on = date.fromisoformat(request.POST.get("listed_on", ""))
    except ValueError:
        messages.error(request, _("Choose the day the list is of."))
        return redirect("clerk:roster", file.pk)
    if (category, certifier) not in allowed:
        messages.error(request, _("Choose a category and the department that certifies it."))
        return redirect("clerk:roster", file.pk)
    complete = request.POST.get("complete") == "1"
    try:
        done = enter_roster(file.pk, category, certifier, listed_on, complete=complete, actor=request.actor, now=clock.now())
    except OutOfScope:
        raise
    except ZhubaoError as error:
        messages.error(request, explained(error))
        return redirect("clerk:roster", file.pk)
    count = done.entered + done.confirmed + done.unchanged
    told = ngettext("%(count)d person is on the list.", "%(count)d people are on the list.", count) % {"count": count}
    ended = ngettext("%(count)d is no longer listed.", "%(count)d are no longer listed.", done.ended)
    messages.success(request, f"{told} {ended % {'count': done.ended}}" if done.ended else told)
    if done.conflicts:
        left = ngettext(
            "%(count)d was left out: the number is registered under another name.",
            "%(count)d were left out: their numbers are registered under other names.",
            len(done.conflicts),
        )
        messages.warning(request, left % {"count": len(done.conflicts)})
    return redirect("clerk:roster", file.pk)
