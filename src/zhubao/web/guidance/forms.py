"""The plain questions of guidance; every one but the birth may be left open, and what is open is said to be missing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.policies import judge_of
from zhubao.web.calculator.fields import MoneyField, WholeField
from zhubao.web.calculator.forms import CATEGORIES, CaseForm
from zhubao.web.calculator.words import said

from .places import Place

UNSURE = "unsure"
YES_NO = (("yes", _("Yes")), ("no", _("No")), ("", _("I do not know")))
SCHEMES = (
    ("none", _("None yet")),
    ("resident", _("Residents' pension")),
    ("employee", _("Employees' pension")),
    ("", _("I do not know")),
)


class GuidanceForm(CaseForm):
    """One person's answers; the address is the whole case."""

    category = forms.ChoiceField(
        label=_("Sex and kind of insurance"), choices=[*CATEGORIES, ("", _("I do not know"))], required=False
    )
    scheme = forms.ChoiceField(label=_("In which pension scheme are you?"), choices=SCHEMES, required=False)
    paid_years = WholeField(0, 60, label=_("Years paid in it"), suffix=pgettext_lazy("after a number", "years"), required=False)
    paid_months = WholeField(0, 11, label=_("and months"), suffix=_("months"), required=False)
    income = MoneyField(label=_("Your income a month"), required=False, help_text=_("Only to say what share of it a way costs."))
    local = forms.ChoiceField(label=_("Is your household registered here?"), choices=YES_NO, required=False)
    lists = forms.MultipleChoiceField(
        label=_("On which lists are you?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick all that apply; none ticked means on none of them."),
    )
    hard_to_place = forms.ChoiceField(label=_("Recognised as hard to place in work?"), choices=YES_NO, required=False)
    unemployed = forms.ChoiceField(label=_("Registered as unemployed?"), choices=YES_NO, required=False)
    subsidy = forms.ChoiceField(label=_("Do you draw the social-insurance subsidy now?"), choices=YES_NO, required=False)
    field_order = (
        "birth", "category", "scheme", "paid_years", "paid_months", "income", "local", "lists", "hard_to_place", "unemployed", "subsidy", "on",
    )  # fmt: skip

    def __init__(self, place: Place, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        labels: dict[str, str] = {}
        for page in (place.on_behalf, place.loan):
            law = judge_of(page.id).policy if page is not None else None
            for code in law.identities if law is not None else ():
                labels.setdefault(code, said(law.facts[f"identity_{code}"].label) if law is not None else code)
        lists: Any = self.fields["lists"]
        lists.choices = [*labels.items(), (UNSURE, _("I do not know"))]


def typed(asked: QueryDict, today: date) -> QueryDict:
    """Return what was asked; the page opens with somebody of 45 who works flexibly and knows little."""
    values = asked.copy()
    opening = {"birth": f"{today.year - 45}-06", "category": "female55", "scheme": "none", "on": today.isoformat()}
    for name, value in opening.items():
        if name not in values and (name == "on" or not asked):
            values[name] = value
    return values
