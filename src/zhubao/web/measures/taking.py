"""Taking a step of a measure, adding evidence, logging an event; refusals come back as words and change nothing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhubao.access import clock
from zhubao.oversight.measures import actions
from zhubao.oversight.measures.course import MEASURE, READERS
from zhubao.oversight.measures.models import Measure
from zhubao.web.attempts import told_above
from zhubao.web.clerk.words import said
from zhubao.web.middleware import PostRequest
from zhubao.web.posts import for_posts

from .forms import ControlForm, EventForm, EvidenceForm
from .one import REPORTING, found_measure, step_form

PLAIN: dict[str, Callable[..., Measure]] = {
    "wait": actions.wait,
    "close": actions.close,
    "reopen": actions.reopen,
    **dict.fromkeys(REPORTING, actions.report),
}


@require_POST
@for_posts(*READERS)
def take(request: PostRequest, pk: int, verb: str) -> HttpResponseBase:
    """Take a step; Http404 for one that is not taken by hand."""
    row = found_measure(request, pk)
    if verb not in PLAIN and verb not in ("assign", "superior_plan"):
        raise Http404
    form = step_form(row, verb, request.POST)
    if not form.is_valid():
        _tell_faults(request, form)
        return redirect("measures:measure", pk)
    values = form.cleaned_data
    named: dict[str, Any] = {"seen": request.POST.get("seen") or None, "actor": request.actor, "now": clock.now()}

    def act() -> Measure:
        if verb == "assign":
            return actions.assign(pk, int(values["lead"]), values.get("due_on"), values["ends_on"], values["words"], **named)
        if verb == "superior_plan":
            return actions.superior_plan(pk, values["words"], values["due_on"], **named)
        return PLAIN[verb](pk, values["words"], **named)

    return _answer(request, pk, act, _("Done: %(step)s") % {"step": said(MEASURE.transition(verb).label)})


@require_POST
@for_posts(*READERS)
def keep_evidence(request: PostRequest, pk: int) -> HttpResponseBase:
    """Add a paper or a note."""
    found_measure(request, pk)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        _tell_faults(request, form)
        return redirect("measures:measure", pk)
    file = form.cleaned_data["file"]
    content, name = (file.read(), file.name) if file else (b"", "")
    return _answer(
        request,
        pk,
        lambda: actions.add_evidence(
            pk, form.cleaned_data["note"], content=content, name=name, actor=request.actor, now=clock.now()
        ),
        _("Noted."),
    )


@require_POST
@for_posts(*READERS)
def log(request: PostRequest, pk: int) -> HttpResponseBase:
    """Log a publicity event."""
    found_measure(request, pk)
    form = EventForm(request.POST)
    if not form.is_valid():
        _tell_faults(request, form)
        return redirect("measures:measure", pk)
    values = form.cleaned_data
    return _answer(
        request,
        pk,
        lambda: actions.log_event(
            pk,
            values["held_on"],
            values["place"],
            values["about"],
            online=values["online"],
            people=values["people"] or 0,
            safety_note=values["safety_note"],
            actor=request.actor,
            now=clock.now(),
        ),
        _("Noted."),
    )


@require_POST
@for_posts(*READERS)
def control(request: PostRequest, pk: int) -> HttpResponseBase:
    """Enter a risk with its control."""
    form = ControlForm(found_measure(request, pk), request.POST)
    if not form.is_valid():
        _tell_faults(request, form)
        return redirect("measures:measure", pk)
    values = form.cleaned_data
    return _answer(
        request,
        pk,
        lambda: actions.enter_control(
            pk,
            values["dimension"],
            values["risk"],
            values["control"],
            int(values["owner"]),
            values["since"],
            actor=request.actor,
            now=clock.now(),
        ),
        _("Noted."),
    )


def _answer(request: PostRequest, pk: int, act: Callable[[], object], done: str) -> HttpResponseBase:
    with told_above(request):
        act()
        messages.success(request, done)
    return redirect("measures:measure", pk)


def _tell_faults(request: PostRequest, form: Any) -> None:
    for name, faults in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        messages.error(request, f"{label}: {faults[0]}" if label else str(faults[0]))
