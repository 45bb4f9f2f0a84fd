"""Papers of a place: plan list, ledger, notices to households, refund list, claim form; the lists as workbooks too."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.roles import Role
from zhubao.assistance.parties import require_payer
from zhubao.documents import PrintedForm, typeset
from zhubao.documents.lists import PrintedList
from zhubao.documents.workbooks import write_list
from zhubao.errors import ZhubaoError
from zhubao.policies.person import DEPARTMENTS
from zhubao.procedures.printing.assistance import claim_form, household_notices, plan_list, refund_paper, township_ledger
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import READING_ROLES, Asked, asked, row_for

# Departments and finance print what passes between them, a department its own alone.
PRINTING_ROLES: Final = READING_ROLES | {Role.CERTIFIER, Role.FINANCE_CLERK}
OF_DEPARTMENTS: Final = ("claim", "refunds")
PDF: Final = "application/pdf"
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Paper = Callable[[PostRequest, Asked], PrintedForm]


def _payer(request: PostRequest) -> str:
    payer = request.GET.get("payer", "")
    if payer not in DEPARTMENTS:
        raise Http404
    return payer


def _plan(request: PostRequest, here: Asked) -> PrintedForm:
    return plan_list(here.plan, here.place, actor=request.actor, now=clock.now())


def _ledger(request: PostRequest, here: Asked) -> PrintedForm:
    return township_ledger(here.plan, here.place, actor=request.actor, now=clock.now())


def _refunds(request: PostRequest, here: Asked) -> PrintedForm:
    return refund_paper(here.plan, here.place, payer=_payer(request), actor=request.actor, now=clock.now())


def _claim(request: PostRequest, here: Asked) -> PrintedForm:
    return claim_form(here.plan, payer=_payer(request), now=clock.now())


def _notices(request: PostRequest, here: Asked) -> PrintedForm:
    wanted = request.GET.get("row", "")
    row = row_for(request.actor, int(wanted)) if wanted.isdecimal() else None
    return household_notices(here.plan, row.region_code if row else here.place, row=row, now=clock.now())


PAPERS: Final[dict[str, Paper]] = {
    "plan": _plan,
    "ledger": _ledger,
    "refunds": _refunds,
    "claim": _claim,
    "notices": _notices,
}


def _made(request: PostRequest, name: str) -> PrintedForm:
    here = asked(request.actor, request.GET)
    if here is None or name not in PAPERS or (request.actor.role not in READING_ROLES and name not in OF_DEPARTMENTS):
        raise Http404
    if name in OF_DEPARTMENTS:
        require_payer(request.actor, [_payer(request)])
    try:
        return PAPERS[name](request, here)
    except ZhubaoError as error:
        if error.code == "E-PAPER-NONE":
            raise Http404(error.message("zh")) from error
        raise


@never_cache
@require_GET
@for_posts(*PRINTING_ROLES)
def as_pdf(request: PostRequest, name: str) -> HttpResponseBase:
    """Give a paper as PDF."""
    form = _made(request, name)
    return answered(typeset(form), PDF, f"{form.kind}-{form.number}.pdf")


@never_cache
@require_GET
@for_posts(*PRINTING_ROLES)
def as_workbook(request: PostRequest, name: str) -> HttpResponseBase:
    """Give a list as a workbook in the layout of the paper."""
    form: Any = _made(request, name)
    if not isinstance(form, PrintedList):
        raise Http404
    return answered(write_list(form), WORKBOOK, f"{form.kind}-{form.number}.xlsx")


def answered(content: bytes, kind: str, name: str) -> HttpResponse:
    """Answer with a file to open or keep."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return answer
