"""The registration list of who is not insured: villages with their outcomes, the people of one, the workbook."""

from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.accounts.helping.registering import OUTCOMES, by_village, place_names, registration_list
from zhubao.documents.courses import RegistrationList, RegistrationRow
from zhubao.documents.workbooks import write_list
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.transfers.listing import sent

from .finding import READING_ROLES

LISTED, MOST_ROWS = 50, 50_000
TONES = {"enrolled": "ok", "elsewhere": "info", "refused": "bad", "open": "wait", "difference": "wait", "none": "wait"}


class Narrowed(NamedTuple):
    """The village and the outcome the list is narrowed to; "" is everything."""

    village: str
    outcome: str

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """Return the people of the post the filter keeps."""
        rows = registration_list(actor, clock.today())
        if self.village:
            rows = rows.filter(region_code=self.village)
        return rows.filter(outcome=self.outcome) if self.outcome else rows


def _narrowed(asked: QueryDict) -> Narrowed:
    outcome = asked.get("outcome", "")
    return Narrowed(asked.get("village", "")[:12], outcome if outcome in OUTCOMES else "")


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """Show how many stand where by village, and the people the filter keeps, each with an outcome."""
    page = Paginator(_narrowed(request.GET).rows(request.actor), LISTED).get_page(request.GET.get("page"))
    names = place_names(each.region_code for each in page)
    villages = by_village(registration_list(request.actor, clock.today()))
    totals = {code: sum(each.outcomes[code] for each in villages) for code in OUTCOMES}
    outcomes = [(code, said(OUTCOMES[code]), count) for code, count in totals.items() if count]
    context: dict[str, Any] = {
        "page": page,
        "rows": [(each, names[each.region_code], said(OUTCOMES[each.outcome]), TONES.get(each.outcome, "")) for each in page],
        "villages": [(each, [each.outcomes[code] for code, _label, _count in outcomes]) for each in villages],
        "outcomes": outcomes,
        "people": sum(totals.values()),
    }
    return render(request, "guidance/registration.html", context)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def workbook(request: PostRequest) -> HttpResponseBase:
    """Give the people the filter keeps as a workbook; names and numbers are masked as on the page."""
    today = clock.today()
    people = list(_narrowed(request.GET).rows(request.actor)[:MOST_ROWS])
    names = place_names(each.region_code for each in people)
    printed = RegistrationList(
        date=today,
        number=f"{request.actor.scope}-{today:%Y%m%d}",
        office=request.post.organisation.name,
        rows=tuple(
            RegistrationRow(
                names[each.region_code],
                each.masked_name,
                each.masked_number,
                each.born,
                OUTCOMES[each.outcome].zh,
            )
            for each in people
        ),
    )
    return sent(write_list(printed), f"{printed.kind}-{today}.xlsx")
