"""Taking an application in at a desk: who applies, the form on one page, the papers."""

from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhubao.access import clock
from zhubao.access.actors import OutOfScope
from zhubao.access.roles import Role
from zhubao.access.uploads import LARGEST_BYTES
from zhubao.cases.actions import intake
from zhubao.cases.completeness import lacking
from zhubao.cases.models import Case
from zhubao.cases.models.case import Channel
from zhubao.cases.states import process_of
from zhubao.cases.stepping import Request
from zhubao.errors import ZhubaoError
from zhubao.people.actions import register_person
from zhubao.policies import judge_of
from zhubao.web.attempts import told_above, told_at
from zhubao.web.clerk.uploads import limited
from zhubao.web.clerk.words import explained
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .case_sheet import may_fill, papers_shown
from .finding import found_case
from .intake_forms import (
    ApplicationForm,
    BeginForm,
    Household,
    PaperForm,
    filled,
    member_rows,
    members,
    papers_for,
)

RECEIVING: Final = (Role.AGENCY_INTAKE, Role.COMMITTEE_MEMBER, Role.BANK_OFFICER)
BOOKLET: Final = "户口簿，窗口出示"
CHANNELS: Final = {
    Role.AGENCY_INTAKE: Channel.COUNTER,
    Role.COMMITTEE_MEMBER: Channel.VILLAGE,
    Role.BANK_OFFICER: Channel.BANK,
}


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*RECEIVING)
def begin(request: PostRequest) -> HttpResponseBase:
    """Ask who applies for what; with POST, find or register the person and open the application."""
    if request.method != "POST":
        form = BeginForm(request.actor, initial={"key": uuid4().hex})
        return render(request, "cases/new.html", {"form": form})
    form = BeginForm(request.actor, request.POST)
    standing = ""
    if form.is_valid():
        try:
            case = _opened(request, form.cleaned_data)
        except OutOfScope:
            raise
        except ZhubaoError as error:
            standing = error.place if error.code == "E-CASE-OPEN" else ""
            form.add_error(
                "name" if error.code == "E-PERSON-NAME" else "id_number" if error.code.startswith("E-ID") else None,
                explained(error),
            )
        else:
            return redirect("cases:form", case.number)
    return render(request, "cases/new.html", {"form": form, "standing": standing}, status=422)


def _opened(request: PostRequest, asked: dict[str, Any]) -> Case:
    """Register the person and open the application in one transaction: nobody is registered by an application that failed."""
    now = clock.now()
    with transaction.atomic():
        person = register_person(
            asked["id_number"],
            asked["name"],
            region_code=asked["region"],
            hukou_code=asked["hukou_code"],
            hukou_source=BOOKLET if asked["hukou_code"] else "",
            actor=request.actor,
            now=now,
        )
        return intake.open_case(
            person,
            asked["programme"],
            channel=CHANNELS[Role(request.actor.role)],
            route=asked["route"],
            request=Request(key=asked["key"]),
            actor=request.actor,
            now=now,
        )


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*RECEIVING)
def fill(request: PostRequest, number: str) -> HttpResponseBase:
    """Show the whole form; with POST, keep what was written."""
    case = _fillable(request, number)
    if request.method != "POST":
        return _shown(request, case)
    form = ApplicationForm(case, request.POST)
    household = Household(request.POST, prefix="family")
    if form.is_valid() and household.is_valid():
        now = clock.now()
        with told_at(form, lambda error: error.place):
            with transaction.atomic():
                intake.fill_application(case.pk, form.columns(), actor=request.actor, now=now)
                intake.list_family(case.pk, members(household.cleaned_data), actor=request.actor, now=now)
            messages.success(request, _("Kept."))
            return redirect("cases:form", number)
    return _shown(request, case, form=form, household=household, status=422)


@for_posts(*RECEIVING)
def _too_large(request: PostRequest) -> HttpResponseBase:
    messages.error(request, _("The file is larger than 10 MB. Make it smaller, or note that you saw the original."))
    return redirect(request.path.removesuffix("papers/") + "form/")


@limited(_too_large, LARGEST_BYTES)
@require_POST
@for_posts(*RECEIVING)
def add_paper(request: PostRequest, number: str) -> HttpResponseBase:
    """Keep a scan."""
    case = _fillable(request, number)
    form = PaperForm(papers_for(case, case.application), request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, case, paper_form=form, status=422)
    scan = form.cleaned_data["scan"]
    with told_at(form, "scan"):
        intake.add_attachment(case.pk, form.cleaned_data["kind"], scan.name, scan.read(), actor=request.actor, now=clock.now())
        messages.success(request, _("The scan is kept."))
        return redirect("cases:form", number)
    return _shown(request, case, paper_form=form, status=422)


@require_POST
@for_posts(*RECEIVING)
def see_original(request: PostRequest, number: str) -> HttpResponseBase:
    """Note that the original of a paper was seen today."""
    case = _fillable(request, number)
    with told_above(request):
        intake.see_original(case.pk, request.POST.get("kind", ""), actor=request.actor, now=clock.now())
    return redirect("cases:form", number)


@require_POST
@for_posts(*RECEIVING)
def remove_paper(request: PostRequest, number: str, paper_id: int) -> HttpResponseBase:
    """Take a paper off the form; its file stays in the archive."""
    case = _fillable(request, number)
    paper = case.attachments.filter(pk=paper_id).first()
    if paper is None:
        raise Http404
    with told_above(request):
        intake.remove_attachment(paper.pk, actor=request.actor, now=clock.now())
    return redirect("cases:form", number)


def _fillable(request: PostRequest, number: str) -> Case:
    """Return a case whose form this post fills in; for one handed in the action says so."""
    case = found_case(request.actor, number)
    request.actor.require_role(*process_of(case.policy_id).transition("submit").posts)
    return case


def _shown(
    request: PostRequest,
    case: Case,
    *,
    form: ApplicationForm | None = None,
    household: Any = None,
    paper_form: PaperForm | None = None,
    status: int = 200,
) -> HttpResponseBase:
    if not may_fill(case, request.actor):
        messages.warning(request, _("This application has been handed in: its form is not written in any more."))
        return redirect("cases:case", case.number)
    application = case.application
    wanted = papers_for(case, application)
    papers = papers_shown(case.attachments.select_related("added_by"))
    lacks = lacking(case, application)
    here = {paper.kind for _label, paper in papers}
    context = {
        "case": case,
        "policy": judge_of(case.policy_id).policy,
        "form": form or ApplicationForm(case, initial=filled(case, application)),
        "household": household or Household(prefix="family", initial=member_rows(case)),
        "paper_form": paper_form or PaperForm(wanted),
        "papers": papers,
        "unseen": [paper for paper in wanted if paper.kind not in here or paper.original],
        "lacks": lacks,
        "missing": {lack.field for lack in lacks},
        "state": process_of(case.policy_id).state(case.state),
        "returned": case.steps.filter(verb="return").last() if case.state == "returned" else None,
    }
    return render(request, "cases/form.html", context, status=status)
