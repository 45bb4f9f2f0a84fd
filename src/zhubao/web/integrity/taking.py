"""Taking a step of a finding or a listing: its form, and what comes back when it is refused or somebody was faster."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhubao.access import clock
from zhubao.loans.beside import require_may
from zhubao.web.attempts import Attempt, told_at
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .finding import FINDING_ROLES, Record, found, matter_with
from .forms import FIELD_OF, STEPS, Asked, StepForm
from .words import kind_said, state_said


@never_cache
@require_http_methods(["GET", "POST"])
@for_posts(*FINDING_ROLES)
def take(request: PostRequest, name: str, number: str, verb: str) -> HttpResponseBase:
    """Show the form of a step; with POST, take it and go back to the record."""
    record = found(request.actor, name, number)
    page = STEPS[name].get(verb)
    if page is None:
        raise Http404
    row = matter_with(record).process.transition(verb)
    with Attempt() as allowed:
        require_may(record, row, request.actor)
    if request.method == "GET":
        if record.state not in row.start:
            return _overtaken(request, record)
        fault = allowed.fault
        if not page.fits(record, clock.today()):
            fault = fault or _("This cannot be done yet, or there is nothing left to do.")
        form = page.form(record, initial={"seen": record.state, "key": uuid4().hex})
        return _asked(request, record, verb, form, fault=fault)
    form = page.form(record, request.POST)
    if not form.is_valid():
        return _asked(request, record, verb, form, status=422)
    values = form.cleaned_data
    asked: Asked = {"seen": values["seen"], "key": values["key"], "actor": request.actor, "now": clock.now()}
    with told_at(form, lambda error: FIELD_OF.get(error.code)) as attempt:
        page.act(record.pk, values, asked)
        record.refresh_from_db()
        told = {"number": record.number, "step": said(row.label), "state": state_said(record)}
        messages.success(request, _("%(number)s: “%(step)s” is done. It now stands at “%(state)s”.") % told)
        return redirect("integrity:one", name, number)
    return _overtaken(request, record) if attempt.overtaken else _asked(request, record, verb, form, status=422)


def _asked(
    request: PostRequest, record: Record, verb: str, form: StepForm, *, fault: str = "", status: int = 200
) -> HttpResponseBase:
    matter = matter_with(record)
    context = {
        "matter": matter,
        "record": record,
        "loan": record.loan,
        "row": matter.process.transition(verb),
        "form": form,
        "fault": fault,
        "kind": kind_said(record),
        "state": state_said(record),
    }
    return render(request, "integrity/step.html", context, status=status)


def _overtaken(request: PostRequest, record: Record) -> HttpResponseBase:
    """Say that the step does not fit where the record stands now; nothing was written."""
    words = _("%(number)s now stands at “%(state)s”: somebody may have been faster. Nothing was changed.")
    messages.error(request, words % {"number": record.number, "state": state_said(record)})
    return redirect("integrity:one", matter_with(record).name, record.number)
