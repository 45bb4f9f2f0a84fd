"""Pages of a record with a course: the steps its post may take, each with its form, and the steps taken."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhubao.access.actors import Actor
from zhubao.accounts.courses import Course, steps_of
from zhubao.people.models import CitizenAccount
from zhubao.web.attempts import told_at
from zhubao.web.clerk.words import said
from zhubao.web.doers import doer_said
from zhubao.workflow import CITIZEN, Transition

Values = Mapping[str, Any]
Do = Callable[[int, Values, Actor, datetime], object]


class NothingForm(forms.Form):
    """A step that asks for nothing; every form of a step knows its record."""

    use_required_attribute = False

    def __init__(self, course: Course, *arguments: Any, **named: Any) -> None:
        self.course = course
        super().__init__(*arguments, **named)


class ReasonForm(NothingForm):
    """A step with its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write the reason.")},
    )


@dataclass(frozen=True)
class Act:
    """How a step is taken on a page: its form and what does it; `grave` steps end something and are not offered first."""

    do: Do
    form: Callable[..., forms.Form] = NothingForm
    grave: bool = False


class Offered(NamedTuple):
    """A step the post may take now, with its form."""

    verb: str
    label: str
    form: forms.Form
    fields: bool
    grave: bool


class Taken(NamedTuple):
    """A step that was taken: what, the state it led to, when, by whom, why."""

    label: str
    end: str
    at: datetime
    by: str
    reason: str


def may_take(course: Course, row: Transition, actor: Actor) -> bool:
    """Tell whether a post, or the person themself, may take a step now; whose hands took an earlier one is told when it is tried."""
    if course.state not in row.start or actor.role not in row.posts:
        return False
    if actor.role == CITIZEN:
        return actor.person_id == course.person_id
    own = CitizenAccount.objects.filter(user_id=actor.user_id or 0, person_id=course.person_id)
    return actor.covers(course.region_code) and not own.exists()


def offered(course: Course, acts: Mapping[str, Act], actor: Actor, faulty: tuple[str, forms.Form] | None = None) -> list[Offered]:
    """Return the steps a page offers, those that end something last; `faulty` is the form that was refused, shown as it was filled in."""
    found = []
    for row in course.PROCESS.leaving(course.state):
        act = acts.get(row.verb)
        if act is None or not may_take(course, row, actor):
            continue
        form = faulty[1] if faulty and faulty[0] == row.verb else act.form(course, auto_id=f"{row.verb}_%s")
        found.append(Offered(row.verb, said(row.label), form, bool(form.fields), act.grave))
    return sorted(found, key=lambda each: each.grave)


def post_step(request: Any, course: Course, acts: Mapping[str, Act], verb: str, now: datetime) -> forms.Form | None:
    """Take a posted step; None when it was taken, else the form with what is wrong with it."""
    act = acts[verb]
    form = act.form(course, request.POST, auto_id=f"{verb}_%s")
    if not form.is_valid():
        return form
    with told_at(form):
        act.do(course.pk, form.cleaned_data, request.actor, now)
        messages.success(request, _("Done: %(what)s.") % {"what": said(course.PROCESS.transition(verb).label)})
        return None
    return form


def history(course: Course) -> list[Taken]:
    """Return the steps taken, the last first."""
    process = course.PROCESS
    return [
        Taken(
            said(process.transition(step.verb).label),
            said(process.state(step.end).label),
            step.at,
            doer_said(step.actor_name),
            step.reason,
        )
        for step in steps_of(course).reverse()
    ]
