"""The bank officer's form: policy, day, the bank's terms, and the list as a file or pasted."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhubao.web.calculator.fields import DayField, DecimalTextField, MoneyField, WholeField
from zhubao.web.calculator.forms import EARLIEST_DAY, LATEST_DAY
from zhubao.web.calculator.loans import ppm_of
from zhubao.web.calculator.programmes import LOANS
from zhubao.web.calculator.words import said

from .forecasts import Terms

DEFAULT = ("", _("usual"))
SETTLEMENTS = (
    DEFAULT,
    ("yearly-12-20", _("yearly on 20 December")),
    ("quarterly-20", _("quarterly on the 20th")),
    ("monthly-20", _("monthly on the 20th")),
)
DAY_COUNTS = (
    DEFAULT,
    ("ACT/360", _("actual days / 360")),
    ("ACT/365", _("actual days / 365")),
    ("MONTH+ODD", _("months and odd days / 360")),
)


class CandidatesForm(forms.Form):
    """A list of candidates with the terms it is judged by. What is left at “usual” is named in the result."""

    policy = forms.ChoiceField(label=_("Policy"))
    on = DayField(label=_("Calculated on"))
    rate = DecimalTextField(
        "0", "24", label=_("The bank's rate a year (%)"), required=False, help_text=_("Left empty: the policy's own.")
    )
    day_count = forms.ChoiceField(label=_("Interest days"), choices=DAY_COUNTS, required=False)
    settlement = forms.ChoiceField(label=_("Interest settled"), choices=SETTLEMENTS, required=False)
    deduction_day = WholeField(1, 31, label=_("Day of deduction"), required=False)
    capitalise = forms.ChoiceField(
        label=_("Unpaid interest of the grace period"),
        choices=(DEFAULT, ("no", _("bears no interest")), ("yes", _("is added to the principal"))),
        required=False,
    )
    yearly = MoneyField(label=_("Contribution a year, where the list has none (Tongling)"), required=False)
    sent = forms.FileField(label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}))
    pasted = forms.CharField(
        label=_("or rows pasted from a spreadsheet, with their header"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        strip=False,
    )

    def __init__(self, region_code: str, today: date, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        policy: Any = self.fields["policy"]
        policy.choices = [(page.id, said(page.title)) for page in LOANS.values()]
        near = [page.id for page in LOANS.values() if region_code[:2] == page.area_code[:2]]
        policy.initial = near[0] if near else policy.choices[0][0]
        self.fields["on"].initial = today

    def clean_on(self) -> date:
        """Return the day, refusing what no table can answer for."""
        on: date = self.cleaned_data["on"]
        if not EARLIEST_DAY <= on < LATEST_DAY:
            raise ValidationError(_("Write a day between 2005 and 2099."))
        return on

    def clean(self) -> dict[str, Any]:
        """Want a file or pasted rows."""
        values = super().clean() or {}
        if not values.get("sent") and not (values.get("pasted") or "").strip() and "sent" not in self.errors:
            self.add_error("sent", _("Choose a file, or paste rows below."))
        return values

    def terms(self) -> Terms:
        """Return the bank's terms of a valid form."""
        values = self.cleaned_data
        rate, capitalise = values.get("rate"), values.get("capitalise")
        return Terms(
            None if rate is None else ppm_of(rate),
            values.get("day_count") or None,
            values.get("settlement") or None,
            values.get("deduction_day"),
            None if not capitalise else capitalise == "yes",
            values.get("yearly"),
        )
