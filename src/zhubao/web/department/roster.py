"""One list month by month: its versions, and what each of them says of a person."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.identity import mask_name
from zhubao.rosters.lists import LOOKING_ROLES, history, list_for
from zhubao.rosters.looking import keeps, note_names
from zhubao.web.clerk.finding import found
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .words import TONES, fields_said, list_said


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*LOOKING_ROLES)
def one(request: PostRequest, list_id: int) -> HttpResponseBase:
    """Show the versions of a list side by side by month, and people asked for by name or number across all of them.

    Who is asked for is posted: a number does not belong in an address.
    """
    roster = found(list_for, request.actor, list_id)
    words = request.POST.get("person", "")
    versions = list(roster.versions.select_related("certified_by").order_by("-number")[:48])
    own, asked = keeps(roster, request.actor), history(roster, words)
    people = [
        (
            name if own else mask_name(name),
            number,
            [(place, fields_said(place.change.fields) if place.change else "") for place in places],
        )
        for name, number, places in asked
    ]
    if own:
        note_names(roster.subject, len(asked), region_code=roster.region_code, actor=request.actor, now=clock.now())
    context = {
        "roster": roster,
        "list": list_said(roster),
        "versions": [(each, TONES[each.state]) for each in versions],
        "words": words,
        "people": people,
    }
    return render(request, "department/list.html", context)
