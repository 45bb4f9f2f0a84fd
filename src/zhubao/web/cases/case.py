"""The case: what the policy says of it clause by clause, what was done, what is to be done; its papers; the applicant's number."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.cases.actions.looking import look_at_applicant, open_paper
from zhubao.cases.models import Attachment
from zhubao.errors import ZhubaoError
from zhubao.web.clerk.words import explained
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .case_sheet import case_sheet, forecast_sheet
from .finding import CASE_ROLES, found_case


@require_GET
@for_posts(*CASE_ROLES)
def one(request: PostRequest, number: str) -> HttpResponseBase:
    """Show a case; name and number stay masked."""
    case = found_case(request.actor, number)
    return render(request, "cases/case.html", case_sheet(case, request.actor, clock.now()))


@never_cache
@require_POST
@for_posts(*CASE_ROLES)
def unmask(request: PostRequest, number: str) -> HttpResponseBase:
    """Show name and citizen number in full to somebody who says why, and note it."""
    case = found_case(request.actor, number)
    try:
        shown = look_at_applicant(case, request.POST.get("reason", ""), actor=request.actor, now=clock.now())
    except OutOfScope:
        raise
    except ZhubaoError as error:
        if getattr(request, "htmx", False):
            context: dict[str, Any] = {"case": case, "refused": explained(error)}
            return render(request, "cases/identity.html", context)
        messages.error(request, explained(error))
        return redirect("cases:case", number)
    unmasked = {"case": case, "name": case.person.name, "id_number": shown}
    if getattr(request, "htmx", False):
        return render(request, "cases/identity.html", unmasked)
    return render(request, "cases/case.html", {**case_sheet(case, request.actor, clock.now()), **unmasked})


@never_cache
@require_GET
@for_posts(*CASE_ROLES)
def paper(request: PostRequest, number: str, paper_id: int) -> HttpResponseBase:
    """Give a scanned paper; the look is noted."""
    case = found_case(request.actor, number)
    try:
        found = open_paper(case, paper_id, actor=request.actor, now=clock.now())
    except Attachment.DoesNotExist as error:
        raise Http404 from error
    if not found.path.exists():
        messages.error(request, _("The file is not where it was kept. Ask the administrator to restore it from the backup."))
        return redirect("cases:case", number)
    name = f"{case.number}-{found.kind}-{found.pk}{found.path.suffix}"
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=name)


@require_GET
@for_posts(*CASE_ROLES)
def forecast(request: PostRequest, number: str) -> HttpResponseBase:
    """Show the whole forecast, with a line for the borrower's signature."""
    case = found_case(request.actor, number)
    return render(request, "cases/forecast.html", forecast_sheet(case, clock.now()))
