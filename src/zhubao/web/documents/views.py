"""One paper as PDF. Whoever may not see the case, loan or file may not print it; printing a citizen number is noted."""

from urllib.parse import quote

from django.http import Http404, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.cases.models import Case
from zhubao.cases.selectors import case_for
from zhubao.documents import PrintedForm, typeset
from zhubao.documents.lists import PrintedList
from zhubao.documents.workbooks import write_list
from zhubao.errors import ZhubaoError
from zhubao.exchange.models import Envelope
from zhubao.exchange.selectors import access_envelope_for
from zhubao.loans.models import Loan
from zhubao.loans.selectors import loan_for
from zhubao.procedures.printing import print_case_paper, print_loan_paper
from zhubao.procedures.printing.lists import printed_list
from zhubao.web.middleware import CitizenRequest, PostRequest
from zhubao.web.posts import for_citizens, for_posts
from zhubao.web.refusals import not_theirs

PDF = "application/pdf"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_GET
@for_posts()
def of_case(request: PostRequest, number: str, name: str) -> HttpResponseBase:
    """Give a paper of a case."""
    try:
        case = case_for(request.actor, number)
        form = print_case_paper(case, name, actor=request.actor, now=clock.now())
    except Case.DoesNotExist as error:
        raise Http404 from error
    except OutOfScope as refusal:
        raise not_theirs(f"case:{number}", refusal, request.actor) from refusal
    except ZhubaoError as error:
        raise _not_there(error) from error
    return _pdf(form, f"{number}-{name}")


@never_cache
@require_GET
@for_citizens
def of_own_case(request: CitizenRequest, number: str, name: str) -> HttpResponseBase:
    """Give a citizen a paper of their own application; anybody else's is not there."""
    try:
        case = case_for(request.actor, number)
        form = print_case_paper(case, name, actor=request.actor, now=clock.now())
    except Case.DoesNotExist as error:
        raise Http404 from error
    except ZhubaoError as error:
        raise _not_there(error) from error
    return _pdf(form, f"{number}-{name}")


@never_cache
@require_GET
@for_citizens
def of_own_loan(request: CitizenRequest, number: str, name: str) -> HttpResponseBase:
    """Give a borrower a paper of their own loan; anybody else's is not there."""
    try:
        loan = loan_for(request.actor, number)
        form = print_loan_paper(loan, name, actor=request.actor, now=clock.now())
    except Loan.DoesNotExist as error:
        raise Http404 from error
    except ZhubaoError as error:
        raise _not_there(error) from error
    return _pdf(form, f"{number}-{name}")


@never_cache
@require_GET
@for_posts()
def of_loan(request: PostRequest, number: str, name: str) -> HttpResponseBase:
    """Give a paper of a loan."""
    try:
        loan = loan_for(request.actor, number)
        form = print_loan_paper(loan, name, actor=request.actor, now=clock.now())
    except Loan.DoesNotExist as error:
        raise Http404 from error
    except OutOfScope as refusal:
        raise not_theirs(f"loan:{number}", refusal, request.actor) from refusal
    except ZhubaoError as error:
        raise _not_there(error) from error
    return _pdf(form, f"{number}-{name}")


@never_cache
@require_GET
@for_posts()
def of_file(request: PostRequest, envelope_id: int) -> HttpResponseBase:
    """Give the list of a file as paper."""
    form = _list(request, envelope_id)
    return _pdf(form, form.number)


@never_cache
@require_GET
@for_posts()
def of_file_as_workbook(request: PostRequest, envelope_id: int) -> HttpResponseBase:
    """Give the list of a file as a workbook in the layout of the paper."""
    form = _list(request, envelope_id)
    return _answer(write_list(form), WORKBOOK, f"{form.kind}-{form.number}.xlsx")


def _list(request: PostRequest, envelope_id: int) -> PrintedList:
    try:
        envelope = access_envelope_for(request.actor, envelope_id)
        return printed_list(envelope, now=clock.now())
    except Envelope.DoesNotExist as error:
        raise Http404 from error
    except ZhubaoError as error:
        raise _not_there(error) from error


def _not_there(error: ZhubaoError) -> Exception:
    """Return the page 404 for a paper that does not exist; a refusal stays one."""
    return Http404(error.message("zh")) if error.code == "E-PAPER-NONE" else error


def _pdf(form: PrintedForm, name: str) -> HttpResponse:
    return _answer(typeset(form), PDF, f"{form.kind}-{name}.pdf")


def _answer(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    return answer
