"""The registry of step forms: which form a step of a programme has, and which action it calls."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypedDict

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.cases.models import Case
from zhubao.cases.stepping import Request
from zhubao.web.navigation import Label

JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"
EVERY_PROGRAMME = (JIANGXI, RUGAO, TONGLING)


class Asked(TypedDict):
    """What every action takes by name beside its own values: ``act(case.pk, ..., **asked)``."""

    request: Request
    actor: Actor
    now: datetime


Values = Mapping[str, Any]
Act = Callable[[Case, Values, Asked], object]


class StepForm(forms.Form):
    """The base of every form of a step, and the form of a step that needs nothing but the click.

    `seen` is the number of steps the page showed, `key` names the request, so that a second click does nothing. `explains` is a
    sentence above the fields, `shows_clauses` puts the clause sheet beside them: as of today, or `as_proposed` the one frozen with the
    latest proposal. A form reads `self.case` and `self.actor`.
    """

    explains: ClassVar[Label] = ""
    shows_clauses: ClassVar[bool] = False
    as_proposed: ClassVar[bool] = False
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(self, case: Case, actor: Actor, *arguments: Any, **named: Any) -> None:
        self.case, self.actor = case, actor
        super().__init__(*arguments, **named)

    def choose_from(self, field: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """Give a choice field the choices that depend on the case."""
        found: Any = self.fields[field]
        found.choices = list(choices)

    def asked_for(self) -> Request:
        """Return what names this request; to be asked of a valid form."""
        return Request(key=self.cleaned_data["key"], seen=self.cleaned_data["seen"])


class ReasonForm(StepForm):
    """A step that needs a reason and nothing else."""

    reason = forms.CharField(label=_("Reason given"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class DayInput(forms.DateInput):
    """A day typed or picked."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


@dataclass(frozen=True)
class StepPage:
    """The form of a step, the call of its action, and whether a case that stands right has anything to do it about."""

    form: type[StepForm]
    act: Act
    offered: Callable[[Case], bool]


_PAGES: dict[tuple[str, str], StepPage] = {}


def _always(_case: Case) -> bool:
    return True


def step(
    verb: str, *policies: str, form: type[StepForm] = StepForm, offered: Callable[[Case], bool] = _always
) -> Callable[[Act], Act]:
    """Say that a step of these programmes is taken with a form; the function below it calls the action.

    The function gets the case, the cleaned values and what every action takes. `offered` tells for a case whether its page shows the
    button. ValueError when the step has a form already.
    """

    def keep(act: Act) -> Act:
        for policy in policies:
            if _PAGES.setdefault((policy, verb), StepPage(form, act, offered)).act is not act:
                raise ValueError(f"{policy} {verb} has a form already")
        return act

    return keep


def page_of(policy_id: str, verb: str) -> StepPage | None:
    """Return the form and action of a step; None where nobody has written one."""
    return _PAGES.get((policy_id, verb))
