"""Forms of measures: reports, days, evidence, events, figures and the fund."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhubao.oversight.measures.models import Dimension, Measure
from zhubao.policies.measures import IndicatorText
from zhubao.web.calculator.fields import DayField, TypedField, WholeField
from zhubao.web.clerk.words import said

_AMOUNT = re.compile(r"(-?)(\d{1,11})(?:\.(\d{1,2}))?")
MOST = 10**12
OWN_PART = "+"


class AmountField(TypedField):
    """An amount typed in yuan, as whole fen; a deficit stands below nought."""

    def __init__(self, **named: Any) -> None:
        super().__init__(inputmode="decimal", suffix=_("yuan"), **named)

    def read(self, text: str) -> int:
        """Return fen; at most two decimals."""
        found = _AMOUNT.fullmatch(text.removesuffix("元"))
        if found is None:
            raise ValidationError(_("Write an amount in figures, for example 38200."))
        fen = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
        return -fen if found[1] else fen


class WordsForm(forms.Form):
    """A step that takes some words."""

    words = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, label: Any, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["words"].label = label


class PlanForm(WordsForm):
    """The superior's plan and the day it names."""

    due_on = DayField(label=_("Day named by the plan"))


class AssignForm(WordsForm):
    """Lead unit and days."""

    lead = forms.ChoiceField(label=_("Lead unit"))
    due_on = DayField(label=_("Next report due"), required=False)
    ends_on = DayField(label=_("To be done by"), required=False)
    field_order = ("lead", "due_on", "ends_on", "words")

    def __init__(self, measure: Measure, *arguments: Any, **named: Any) -> None:
        initial = {"lead": measure.lead_id, "due_on": measure.due_on, "ends_on": measure.ends_on}
        super().__init__(_("Reason given"), *arguments, initial=initial, **named)
        units = [unit.organisation for unit in measure.units.all() if unit.organisation is not None]
        field: Any = self.fields["lead"]
        field.choices = [(office.pk, office.name) for office in units]
        if measure.state == "waiting_superior":
            del self.fields["due_on"]


class EvidenceForm(forms.Form):
    """A paper, a note, or both."""

    file = forms.FileField(label=_("File (PDF, JPEG, PNG)"), required=False)
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, help_text=_("For example where the paper lies."))


class EventForm(forms.Form):
    """A publicity event."""

    held_on = DayField(label=_("Held on"))
    place = forms.CharField(label=_("Place of the event"), max_length=100)
    about = forms.CharField(label=_("About"), max_length=200)
    online = forms.BooleanField(label=_("Online"), required=False)
    people = WholeField(0, 10_000_000, label=_("People reached"), required=False)
    safety_note = forms.CharField(label=_("How it was kept safe"), max_length=300, required=False)


class ControlForm(forms.Form):
    """A risk and its control."""

    dimension = forms.ChoiceField(label=_("Side"), choices=Dimension.choices)
    risk = forms.CharField(label=_("Risk"), max_length=200)
    control = forms.CharField(label=_("What keeps it in check"), max_length=300)
    owner = forms.ChoiceField(label=_("Who answers for it"))
    since = DayField(label=_("In place since"))

    def __init__(self, measure: Measure, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["owner"]
        field.choices = [(unit.organisation.pk, unit.organisation.name) for unit in measure.units.all() if unit.organisation]


class FigureForm(forms.Form):
    """A figure of an indicator for the period a day lies in."""

    day = DayField(label=_("A day of the period"))
    part = forms.ChoiceField(label=_("Of which"))
    own_part = forms.CharField(label=_("Name of another one"), max_length=40, required=False)
    numerator = WholeField(0, MOST, label=_("Reported figure"))
    denominator = WholeField(1, MOST, label=_("Out of"))
    document = forms.CharField(label=_("Document or register"), max_length=200)
    because = forms.CharField(
        label=_("Why corrected"), max_length=300, required=False, help_text=_("Only where another figure stands; it is kept.")
    )

    def __init__(self, known: IndicatorText, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if known.unit == "fen":
            self.fields["numerator"] = AmountField(label=_("Amount"))
        if known.unit != "ppm":
            del self.fields["denominator"]
        if known.parts:
            choices = [(code, said(words)) for code, words in known.parts]
            part: Any = self.fields["part"]
            part.choices = [*choices, (OWN_PART, _("another one"))] if known.more_parts else choices
        else:
            del self.fields["part"]
        if not (known.parts and known.more_parts):
            del self.fields["own_part"]

    @property
    def part_said(self) -> str:
        """The part that was chosen or named."""
        part = str(self.cleaned_data.get("part", ""))
        return str(self.cleaned_data["own_part"]) if part == OWN_PART else part


class FundForm(forms.Form):
    """A year of the fund."""

    year = WholeField(2000, 2999, label=_("Year"))
    surplus_fen = AmountField(label=_("New surplus by the audited accounts"))
    entrusted_fen = AmountField(label=_("Entrusted for investment"))
    gains_fen = AmountField(label=_("Gains of the year"), required=False)
    average_assets_fen = AmountField(label=_("Average assets of the year"), required=False)
    document = forms.CharField(label=_("Audited accounts (number)"), max_length=200)
    audited_on = DayField(label=_("Audited on"))
    because = forms.CharField(
        label=_("Why corrected"), max_length=300, required=False, help_text=_("Only where another figure stands; it is kept.")
    )
