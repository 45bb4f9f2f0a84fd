"""The forms of a yearly renewal: filing, the committee's opinion, the agency's amount and decision, taking it back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.cases.models.review import Suspension
from zhubao.web.calculator.fields import MoneyField
from zhubao.web.cases.steps.committee import SignatureFields, hardships
from zhubao.web.cases.steps.framework import DayInput, ReasonForm, StepForm
from zhubao.web.cases.steps.objections import WORDS


class FileRenewal(StepForm):
    """The second form as the borrower signed it."""

    year = forms.TypedChoiceField(label=_("For the contribution of"), coerce=int)
    category = forms.ChoiceField(label=_("Kind of hardship now"))
    asked = MoneyField(label=_("Amount asked for"), required=True)
    signed_on = forms.DateField(label=_("Day the borrower signed"), widget=DayInput())
    late_reason = forms.CharField(
        label=_("Why outside the fourth quarter"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=500
    )
    phone = forms.CharField(
        label=_("Telephone, when it has changed"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("Left empty, the number on record stays."),
    )
    address = forms.CharField(label=_("Home address now"), required=False, max_length=160)
    field_order = ("phone", "address", "year", "category", "asked", "signed_on", "late_reason")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        this = clock.today().year
        self.choose_from("year", [(year, str(year)) for year in (this + 1, this)])
        self.choose_from("category", hardships(self.case))


class ReviewRenewal(StepForm, SignatureFields):
    """The committee's box on the second form."""

    agrees = forms.ChoiceField(
        label=_("Is the hardship true, and should the loan go on?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("yes, go on")), ("no", _("no, not to go on"))],
    )
    opinion = forms.CharField(label=_("Why, when not"), required=False, widget=WORDS, max_length=1000)
    field_order = ("agrees", "opinion", "handler", "sealed", "signed_on")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.initial.setdefault("handler", self.actor.name)
        self.initial.setdefault("signed_on", clock.today())


class ProposeRenewal(StepForm):
    """The agency's reviewer has the amount worked out."""

    explains = _(
        "Evidence and figures are frozen as they stand now; the amount is what the year needs, at most what was asked for."
    )
    reason = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=1000)


class DecideRenewal(StepForm):
    """Renewed or suspended, by the approving officer."""

    explains = _("Renewed, the draw of the year rests on it. Suspended, nothing more is drawn; what was drawn keeps its subsidy.")
    outcome = forms.ChoiceField(
        label=_("Decision on the renewal"),
        widget=forms.RadioSelect,
        choices=[("granted", _("renewed")), ("suspended", _("suspended for now"))],
    )
    because = forms.ChoiceField(label=_("Suspended because"), required=False, choices=[("", "—"), *Suspension.choices])
    reason = forms.CharField(label=_("Reason given"), required=False, widget=WORDS, max_length=1000)


class WithdrawRenewal(ReasonForm):
    """The borrower takes the renewal back."""

    explains = _("Before the decision the borrower may take it back, and file for the year again.")
