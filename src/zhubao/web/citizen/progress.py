"""The page of a case: the list of what is to be filled in, then where the application stands, what happens next and by when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhubao.cases.actions import intake
from zhubao.cases.actions.objections import object_to_refusal
from zhubao.cases.completeness import where_to_bring
from zhubao.cases.models import Case, Step
from zhubao.cases.selectors import history_of, steps_open_to
from zhubao.cases.states import process_of
from zhubao.loans.selectors import loans_for
from zhubao.notices.actions import acknowledge as acknowledge_notice
from zhubao.notices.models import NoticeQuerySet
from zhubao.notices.selectors import notices_for_person
from zhubao.policies import judge_of
from zhubao.tasks.models import Task
from zhubao.web.calculator.words import said
from zhubao.web.documents.to_print import papers_to_print
from zhubao.web.middleware import CitizenRequest

from .answers import refusal_of, rulings_of
from .asking import asked, editable, own_case, stamp, today
from .loans import loans_of
from .panels import panels_of
from .programmes import PROGRAMMES
from .sections import lines_of, missing
from .told import foreign, told_of
from .words import day_said, deadline_said, office_said

# Whose reason is meant for the applicant; the others are words between officers.
TOLD_WITH_REASON = frozenset(
    ("return", "first_review", "decide", "decide_objection", "bank_decide", "bank_again", "transfer", "withdraw", "close")
)
REFUSED = ("rejected", "bank_refused")


@dataclass(frozen=True)
class Point:
    """One stage of the course: done on a day, now, still to come ("next"), or where it ended."""

    label: str
    state: str
    on: str


@dataclass(frozen=True)
class Event:
    """One line of the history."""

    on: str
    label: str
    office: str
    reason: str


@require_GET
@own_case
def case(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Show the form as a list of tasks while the applicant has it, else how the application stands."""
    on = today(request)
    state = process_of(case.policy_id).state(case.state)
    steps = list(history_of(case))
    open_steps = {row.verb for row in steps_open_to(case, request.actor)}
    context: dict[str, Any] = {
        "case": case,
        "programme": PROGRAMMES[case.policy_id],
        "trial": judge_of(case.policy_id).policy.trial,
        "state": state,
        "may": open_steps,
        "told": told_of(_notices(request, case), case),
        "foreign": foreign(),
        "bring": where_to_bring(case),
        **stamp(case),
    }
    if editable(case):
        context |= {
            "lines": lines_of(case, case.application, on),
            "missing": missing(case, case.application, on),
            "returned": _reason_of(steps, "return") if case.state == "returned" else "",
        }
        return render(request, "citizen/tasks.html", context)
    loans = loans_of(case, request.actor)
    context |= {
        "heading": loans[0].waiting if loans else said(state.waiting),
        "loans": loans,
        "to_print": [*papers_to_print(case, request.actor), *(paper for loan in loans for paper in loan.papers)],
        "points": points_of(case, steps),
        "waits": waited_for(case, on),
        "refused": case.state in REFUSED,
        "refusal": refusal_of(case) if case.state in REFUSED else None,
        "rulings": rulings_of(case),
        "refused_before": Case.objects.open().filter(person_id=case.person_id).exists(),
        "panels": panels_of(request, case),
    }
    return render(request, "citizen/progress.html", context)


def points_of(case: Case, steps: list[Step]) -> list[Point]:
    """Return the stages of a case: those behind it with the day they ended, the present one, those to come."""
    stages = PROGRAMMES[case.policy_id].stages
    place = {state: number for number, stage in enumerate(stages) for state in stage.states}
    reached = max((place[step.end] for step in steps if step.end in place), default=0)
    here = place.get(case.state)
    if here is None and case.closed_at is None:
        here = reached
    passed = reached if here is None else here
    final = case.state in stages[-1].states
    points = []
    for number, stage in enumerate(stages):
        if number < passed or final:
            left = [step.on for step in steps if place.get(step.end, -1) >= min(number + 1, len(stages) - 1)]
            points.append(Point(said(stage.label), "done", day_said(left[0]) if left else ""))
        else:
            here_ended = here is None and number == reached
            points.append(Point(said(stage.label), "now" if number == here else "ended" if here_ended else "next", ""))
    return points


def waited_for(case: Case, on: date) -> list[str]:
    """Return in words who has until when to take the next step; one whose day nobody can name yet is left out."""
    waiting = Task.objects.open().filter(subject=case.subject, due_on__isnull=False).order_by("due_on")
    sentences = []
    for task in waiting:
        last = task.due_on
        assert last is not None
        words = {"office": office_said(task.role), "day": deadline_said(last, on)}
        late = _("%(office)s should have answered by %(day)s. You may ask there why it takes longer.")
        sentences.append((late if last < on else _("%(office)s has until %(day)s.")) % words)
    return [sentence[0].upper() + sentence[1:] for sentence in dict.fromkeys(sentences)]


def _reason_of(steps: list[Step], verb: str) -> str:
    return next((step.reason for step in reversed(steps) if step.verb == verb), "")


def _notices(request: CitizenRequest, case: Case) -> NoticeQuerySet:
    """Return what the person was told about the application and its loans."""
    loans = loans_for(request.actor).filter(case_number=case.number)
    return notices_for_person(request.person.pk).filter(subject__in=[case.subject, *(loan.subject for loan in loans)])


@require_GET
@own_case
def history(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """List every step taken, the last first, in plain words; names of officers and words between them stay inside."""
    process = process_of(case.policy_id)
    events = [
        Event(
            day_said(step.on),
            said(process.transition(step.verb).label),
            office_said(step.role),
            step.reason if step.verb in TOLD_WITH_REASON else "",
        )
        for step in reversed(list(history_of(case)))
    ]
    return render(request, "citizen/history.html", {"case": case, "events": events})


class ReasonForm(forms.Form):
    """A few words of the applicant."""

    use_required_attribute = False
    reason = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, label: Any, missing: Any, data: Any = None) -> None:
        super().__init__(data)
        self.fields["reason"].label = label
        self.fields["reason"].error_messages["required"] = missing


@require_http_methods(["GET", "POST"])
@own_case
def withdraw(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Take the application back, with a reason; sent twice it is done once."""
    sent = asked(request) if request.method == "POST" else None
    if sent is not None and history_of(case).filter(key=sent.key, verb="withdraw").exists():
        return redirect("citizen:case", case.number)
    if request.method == "GET" and "withdraw" not in {row.verb for row in steps_open_to(case, request.actor)}:
        return redirect("citizen:case", case.number)
    form = ReasonForm(_("Why do you withdraw it?"), _("Write your reason in a few words."), request.POST if sent else None)
    if sent is not None and form.is_valid():
        intake.withdraw(case.pk, reason=form.cleaned_data["reason"], request=sent, actor=request.actor, now=request.now)
        messages.success(request, _("The application has been withdrawn. You may apply again whenever you like."))
        return redirect("citizen:case", case.number)
    return render(
        request, "citizen/withdraw.html", {"case": case, "form": form, **stamp(case)}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@own_case
def object_to(request: CitizenRequest, case: Case) -> HttpResponseBase:
    """Object to a refusal, where the programme lets the applicant do so."""
    if "object" not in {row.verb for row in process_of(case.policy_id).transitions if "citizen" in row.posts}:
        raise Http404
    sent = asked(request) if request.method == "POST" else None
    if request.method == "GET" and "object" not in {row.verb for row in steps_open_to(case, request.actor)}:
        return redirect("citizen:case", case.number)
    form = ReasonForm(
        _("What is wrong with the decision?"), _("Write what is wrong in a few words."), request.POST if sent else None
    )
    if sent is not None and form.is_valid():
        object_to_refusal(
            case.pk,
            form.cleaned_data["reason"],
            contact=case.application.phone,
            request=sent,
            actor=request.actor,
            now=request.now,
        )
        messages.success(request, _("Your objection has been handed in. You will be heard before it is decided."))
        return redirect("citizen:case", case.number)
    return render(request, "citizen/object.html", {"case": case, "form": form, **stamp(case)}, status=422 if form.errors else 200)


@require_POST
@own_case
def acknowledge(request: CitizenRequest, case: Case, notice_id: int) -> HttpResponseBase:
    """Say that a notice was read."""
    if not _notices(request, case).filter(pk=notice_id).exists():
        raise Http404
    acknowledge_notice(notice_id, actor=request.actor, now=request.now)
    return redirect("citizen:case", case.number)
