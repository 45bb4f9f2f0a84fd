"""Reading figures: those in force in a place on a day, and the history of one."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhubao.parameters.names import declared
from zhubao.programmes.checks import all_bounds, region_of
from zhubao.programmes.selectors import parameter_book
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .places import place_of
from .sheets import name_sheets, segments, setting_sheets, withdrawn


@require_GET
@for_posts()
def index(request: PostRequest) -> HttpResponseBase:
    """List the figures in force in a place on a day, the missing ones first with what to enter."""
    place, book = place_of(request), parameter_book()
    sheets = name_sheets(place, book)
    context = {
        "place": place,
        "missing": [each for each in sheets if each.missing],
        "used": [each for each in sheets if each.need and not each.missing],
        "others": [each for each in sheets if each.need is None and each.lines],
        "unused": [each for each in sheets if each.need is None and not each.lines],
        "settings": setting_sheets(place, book),
    }
    return render(request, "parameters/index.html", context)


@require_GET
@for_posts()
def history(request: PostRequest, name: str) -> HttpResponseBase:
    """Show every period of one name in a place and above it, what a clause limits, and on demand what was withdrawn."""
    known = declared(name)
    if known is None:
        raise Http404
    place = place_of(request)
    asked = request.GET.get("withdrawn") == "1"
    region = region_of(place.area)
    context = {
        "place": place,
        "name": known,
        "lines": segments(name, place, parameter_book()),
        "bounds": [each for each in all_bounds() if each.name == name and region.startswith(each.area_prefix)],
        "asked_withdrawn": asked,
        "withdrawn": withdrawn(name, place) if asked else [],
    }
    return render(request, "parameters/history.html", context)
