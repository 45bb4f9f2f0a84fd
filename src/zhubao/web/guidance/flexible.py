"""Flexible workers from elsewhere who are in the residents' scheme: those the document wants shown the employees' scheme."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.documents.courses import FlexibleList, FlexibleRow
from zhubao.documents.workbooks import write_list
from zhubao.people.models import InsuredRecord, Person, Scheme
from zhubao.policies.claims import implements
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts
from zhubao.web.transfers.listing import sent

from .finding import READING_ROLES
from .helping import comparison_address

LISTED, MOST_ROWS = 50, 50_000


@implements("gz-1e", "gz-3b", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List them with the way to each one's comparison."""
    page = Paginator(migrants(request.actor), LISTED).get_page(request.GET.get("page"))
    rows: list[dict[str, Any]] = [{"person": each, "compare": comparison_of(each)} for each in page]
    return render(request, "guidance/flexible.html", {"page": page, "rows": rows})


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def workbook(request: PostRequest) -> HttpResponseBase:
    """Give them as a workbook; names and numbers are masked as on the page."""
    today = clock.today()
    printed = FlexibleList(
        date=today,
        number=f"{request.actor.scope}-{today:%Y%m%d}",
        office=request.post.organisation.name,
        rows=tuple(
            FlexibleRow(each.masked_name, each.masked_number, each.born, each.hukou_code)
            for each in migrants(request.actor)[:MOST_ROWS]
        ),
    )
    return sent(write_list(printed), f"{printed.kind}-{today}.xlsx")


def migrants(actor: Actor) -> QuerySet[Person]:
    """Return the people of a post's region with a household registered elsewhere, working flexibly, insured as residents."""
    current = InsuredRecord.objects.filter(person=OuterRef("pk"), superseded_at=None)
    people = Person.objects.seen_by(actor).filter(died_on=None).exclude(Q(hukou_code=""))
    county = actor.scope[:6]
    if county:
        people = people.exclude(hukou_code__startswith=county)
    return people.filter(
        Exists(current.filter(scheme=Scheme.RESIDENT, participation_type="flexible")),
        ~Exists(current.filter(scheme__in=(Scheme.EMPLOYEE, Scheme.INSTITUTION))),
    ).order_by("region_code", "pk")


def comparison_of(person: Person) -> dict[str, str]:
    """Return place and query of one's comparison: a resident, household registered elsewhere."""
    from zhubao.accounts.helping.models import EnrolmentHelp

    known = comparison_address(EnrolmentHelp(person=person, region_code=person.region_code))
    return {**known, "scheme": "resident", "local": "no"} if known else {}
