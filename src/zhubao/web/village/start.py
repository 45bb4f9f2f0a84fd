"""The committee's first page, and the lists behind its lines."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.calendars import FOURTH_QUARTER
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .hanging import hanging
from .waiting import counts, not_filed, notices_up, objected, rows_of, to_renew, to_sign, village_cases

LISTED: Final = 30
SHOWN_NOTICES: Final = 6
OF_THE_VILLAGE: Final = (Role.COMMITTEE_MEMBER, Role.TOWNSHIP_CLERK)


@require_GET
@for_posts(Role.COMMITTEE_MEMBER)
def start(request: PostRequest) -> HttpResponseBase:
    """Say in a few large words what waits."""
    today = clock.today()
    season = FOURTH_QUARTER.contains(today)
    up = list(notices_up(request.actor)[: SHOWN_NOTICES + 1])
    context = {
        "counts": counts(request.actor, today),
        "up": [(notice, hanging(notice, today)) for notice in up[:SHOWN_NOTICES]],
        "more_up": len(up) > SHOWN_NOTICES,
        "today": today,
        "season": season,
        "unfiled": len(not_filed(to_renew(request.actor, today.year + 1), today.year + 1)) if season else 0,
        "next_year": today.year + 1,
    }
    return render(request, "village/start.html", context)


def _list(request: PostRequest, what: str) -> tuple[str, str, Any]:
    today = clock.today()
    mine = village_cases(request.actor)
    lists = {
        "review": (_("To review"), _("Nobody waits for the first review."), mine.filter(state="submitted")),
        "sign": (_("To sign today"), _("No notice has hung for its seven full days yet."), to_sign(request.actor, today)),
        "objections": (_("Objections"), _("No objection is open."), objected(request.actor)),
        "hanging": (_("On public notice"), _("Nobody is on public notice."), mine.filter(state="public_notice")),
        "agency": (
            _("With the agency and the bank"),
            _("Nothing is with the agency."),
            mine.open().exclude(state__in=("draft", "returned", "submitted", "first_reviewed", "public_notice", "objection")),
        ),
        "returned": (_("Returned or not handed in"), _("No form is unfinished."), mine.filter(state__in=("draft", "returned"))),
    }
    if what not in lists:
        raise Http404
    return lists[what]


@require_GET
@for_posts(*OF_THE_VILLAGE)
def listing(request: PostRequest, what: str) -> HttpResponseBase:
    """List the people behind one line of the first page."""
    title, nobody, cases = _list(request, what)
    cases = cases.select_related("person", "application", "committee").order_by("state_since", "pk")
    page = Paginator(cases, LISTED).get_page(request.GET.get("page"))
    context = {"title": title, "nobody": nobody, "page": page, "rows": rows_of(list(page), clock.today())}
    return render(request, "village/list.html", context)
