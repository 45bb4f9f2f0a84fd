"""Objections: an applicant's against a refusal (Jiangxi), anybody's against a notice (Rugao); heard and decided."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.cases.actions import notice_objections, objections, rugao
from zhubao.cases.models import Case

from .framework import JIANGXI, RUGAO, Asked, DayInput, ReasonForm, StepForm, Values, step

WORDS = forms.Textarea(attrs={"rows": 3})


class ObjectToRefusal(StepForm):
    """What the applicant says against the refusal."""

    explains = _("The case is open again; the bureau hears the applicant and decides.")
    said = forms.CharField(label=_("What the applicant says"), widget=WORDS, max_length=2000)
    contact = forms.CharField(label=_("How to reach them"), required=False, max_length=60)


class ObjectToNotice(StepForm):
    """Who objects to a person on a notice."""

    explains = _("The committee's signature waits until every objection is decided. The name is not told to the applicant.")
    by_name = forms.CharField(label=_("Who objects"), max_length=40)
    contact = forms.CharField(label=_("How to reach them"), required=False, max_length=60)
    said = forms.CharField(label=_("What they say"), widget=WORDS, max_length=2000)
    filed_on = forms.DateField(
        label=_("Day of the objection"),
        required=False,
        widget=DayInput(),
        help_text=_("Today when empty; a day on which the notice hung."),
    )


class Hear(StepForm):
    """What was said at the hearing."""

    heard = forms.CharField(label=_("What was said at the hearing"), widget=WORDS, max_length=2000)
    heard_on = forms.DateField(label=_("Day of the hearing"), required=False, widget=DayInput(), help_text=_("Today when empty."))


class WithObjection(forms.Form):
    """A form about one of the objections not decided yet."""

    case: Case
    objection = forms.TypedChoiceField(label=_("Objection"), coerce=int)

    def undecided(self) -> list[tuple[Any, Any]]:
        """Return the objections still open, each by its day and its first words."""
        return [
            (each.pk, f"{each.filed_on} {each.by_name}: {each.said[:40]}")
            for each in self.case.objections.filter(against="notice", upheld=None)
        ]


class HearNotice(WithObjection, Hear):
    """What the applicant says to an objection against the notice."""

    explains = _("The applicant says what they have to say about the objection; without it none can be upheld.")
    field_order = ("objection", "heard", "heard_on")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose_from("objection", self.undecided())


class DecideRefusal(ReasonForm):
    """Upheld: reviewed anew; not upheld: the refusal stands."""

    explains = _(
        "Upheld, the application is reviewed anew by the agency; not upheld, the refusal stands. The applicant must have been heard."
    )
    shows_clauses = True
    upheld = forms.ChoiceField(
        label=_("The objection is"), widget=forms.RadioSelect, choices=[("yes", _("upheld")), ("no", _("not upheld"))]
    )
    field_order = ("upheld", "reason")


class DecideNotice(WithObjection, ReasonForm):
    """Upheld: the application is rejected; not upheld: the notice goes on."""

    explains = _(
        "Upheld, the application is rejected; not upheld, the notice hangs on and its seven days are neither cut short nor begun again."
    )
    upheld = forms.ChoiceField(
        label=_("The objection is"), widget=forms.RadioSelect, choices=[("yes", _("upheld")), ("no", _("not upheld"))]
    )
    field_order = ("objection", "upheld", "reason")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.choose_from("objection", self.undecided())


class ConfirmDeemed(StepForm):
    """How many deemed months count."""

    explains = _(
        "As many as the file of the person proves; fewer than claimed needs a reason. The ten years are looked at again with it."
    )
    shows_clauses = True
    months = forms.IntegerField(label=_("Deemed months that count"), min_value=0, max_value=600)
    reason = forms.CharField(label=_("Reason, when fewer than claimed"), required=False, widget=WORDS, max_length=1000)


@step("object", JIANGXI, form=ObjectToRefusal)
def object_to_refusal(case: Case, values: Values, asked: Asked) -> None:
    """Record the applicant's objection."""
    objections.object_to_refusal(case.pk, values["said"], contact=values["contact"], **asked)


@step("hear", JIANGXI, form=Hear)
def hear(case: Case, values: Values, asked: Asked) -> None:
    """Record the hearing."""
    objections.hear_objection(case.pk, values["heard"], hearing_on=values["heard_on"], **asked)


@step("decide_objection", JIANGXI, form=DecideRefusal)
def decide_objection(case: Case, values: Values, asked: Asked) -> None:
    """Decide the applicant's objection."""
    objections.decide_objection(case.pk, upheld=values["upheld"] == "yes", reason=values["reason"], **asked)


@step("object", RUGAO, form=ObjectToNotice)
def object_to_notice(case: Case, values: Values, asked: Asked) -> None:
    """Record an objection against a person on a notice."""
    told = {name: values[name] for name in ("by_name", "said", "contact", "filed_on")}
    notice_objections.object_to_notice(case.pk, **told, **asked)


@step("hear", RUGAO, form=HearNotice)
def hear_applicant(case: Case, values: Values, asked: Asked) -> None:
    """Record what the applicant says to an objection."""
    notice_objections.hear_applicant(case.pk, values["objection"], heard=values["heard"], heard_on=values["heard_on"], **asked)


@step("decide_objection", RUGAO, form=DecideNotice)
def decide_notice_objection(case: Case, values: Values, asked: Asked) -> None:
    """Decide an objection against the notice."""
    notice_objections.decide_notice_objection(
        case.pk, values["objection"], upheld=values["upheld"] == "yes", reason=values["reason"], **asked
    )


@step("confirm_deemed", RUGAO, form=ConfirmDeemed)
def confirm_deemed(case: Case, values: Values, asked: Asked) -> None:
    """Decide the deemed period."""
    rugao.confirm_deemed(case.pk, values["months"], reason=values["reason"], **asked)
