"""The list of transfers, on the page and as a workbook."""

from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.accounts.transfers.course import PROCESS
from zhubao.accounts.transfers.models import Transfer, TransferKind
from zhubao.documents.courses import TransferList, TransferRow
from zhubao.documents.workbooks import write_list
from zhubao.policies.claims import implements
from zhubao.web.cases.due import due_from
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import LATE, OPEN, READING_ROLES, wanted_in

LISTED, MOST_ROWS = 50, 50_000
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {
    "moved": "ok",
    "held": "bad",
    "refused": "bad",
    "incomplete": "wait",
    "withdrawn": "",
    "requested": "info",
    "checked": "info",
}


@implements("gz-11c", "gz-11d", as_="feature")
@never_cache
@require_GET
@for_posts(*READING_ROLES)
def listing(request: PostRequest) -> HttpResponseBase:
    """List the transfers of the post, those that are due first at the top."""
    today, wanted = clock.today(), wanted_in(request.GET)
    page = Paginator(wanted.rows(request.actor, today), LISTED).get_page(request.GET.get("page"))
    open_ = Transfer.objects.seen_by(request.actor).open()
    context: dict[str, Any] = {
        "page": page,
        "rows": [
            {
                "transfer": each,
                "state": said(each.label),
                "tone": TONES[each.state],
                "due": due_from(each.due_arithmetic, each.due_on, each.provisional, today)
                if each.state not in PROCESS.final
                else None,
            }
            for each in page
        ],
        "figures": {
            "open": open_.count(),
            "held": open_.filter(state="held").count(),
            "late": open_.filter(due_on__lt=today).count(),
        },
        "wanted": wanted,
        "states": [(OPEN, ""), (LATE, ""), *((state.name, said(state.label)) for state in PROCESS.states)],
        "kinds": TransferKind.choices,
        "may_ask": request.actor.role == Role.AGENCY_INTAKE,
    }
    return render(request, "transfers/all.html", context)


@never_cache
@require_GET
@for_posts(*READING_ROLES)
def workbook(request: PostRequest) -> HttpResponseBase:
    """Give the transfers a filter keeps as a workbook; names are masked as on the page."""
    today = clock.today()
    rows = wanted_in(request.GET).rows(request.actor, today)[:MOST_ROWS]
    printed = TransferList(
        date=today,
        number=f"{request.actor.scope}-{today:%Y%m%d}",
        office=request.post.organisation.name,
        rows=tuple(
            TransferRow(
                each.number or "",
                each.person.masked_name,
                each.person.masked_number,
                str(each.get_kind_display()),
                each.other_place,
                each.requested_on,
                each.due_on,
                each.label.zh,
                each.moved_on,
                each.amount_fen,
            )
            for each in rows
        ),
    )
    return sent(write_list(printed), f"{printed.kind}-{today}.xlsx")


def sent(content: bytes, name: str, kind: str = WORKBOOK) -> HttpResponse:
    """Return a file to be kept."""
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    )
