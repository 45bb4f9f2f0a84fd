"""Forms of figures. A figure typed in a form goes through the same reader as a line of a file."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.errors import ZhubaoError
from zhubao.parameters import Parameter
from zhubao.parameters.local import COLUMNS, check_local_text, decoded
from zhubao.parameters.names import UNITS, ParameterName
from zhubao.parameters.questions import DATE_SETTINGS, Question
from zhubao.programmes.checks import takes_number, words_of
from zhubao.web.templatetags.figures import TIMES, word
from zhubao.web.templatetags.zhubao import said

FIELD_OF = {
    "E-PARAM-AREA": "area_code",
    "E-SCOPE": "area_code",
    "E-PARAM-VALUE": "value",
    "E-PARAM-NEGATIVE": "value",
    "E-PARAM-NARROWS": "value",
    "E-SETTING-VALUE": "value",
    "E-PARAM-UNIT": "unit",
    "E-PARAM-PERIOD": "effective_to",
    "E-PARAM-OVERLAP": "effective_from",
    "E-PARAM-SOURCE": "source",
}
NUMBER = _("Write a number such as 1020 or 3.5, with no more digits after the point than the unit holds.")
UNIT_LABELS = {
    "yuan": pgettext_lazy("unit", "yuan"),
    "fen": pgettext_lazy("unit", "fen"),
    "percent": pgettext_lazy("unit", "percent"),
    "times": pgettext_lazy("unit", "times"),
    "years": pgettext_lazy("unit", "years"),
    "text": pgettext_lazy("unit", "text"),
}
LONGEST_FILE = 1024 * 1024
DEFAULT, OTHER = "default", "other"


def day_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    """Return the field of one day, picked or typed as 2026-01-31."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget)


class DecisionForm(forms.Form):
    """What every figure and every answer needs: from when, on what document, by whom."""

    effective_from = day_field(_("In force from"), required=True)
    effective_to = day_field(_("In force to"), _("The last day included. Empty: until something follows."))
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("The document with its number, so that anybody can find it.")
    )
    decided_by = forms.CharField(label=_("Decided by"), max_length=100, help_text=_("The official or the office that decided."))
    following = forms.BooleanField(
        label=_("End the value that holds until then on the day before"),
        required=False,
        initial=True,
        template_name="parameters/check.html",
    )

    def __init__(self, *arguments: Any, name: ParameterName, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.name = name

    def clean_effective_from(self) -> date:
        """Refuse years no table reaches."""
        day: date = self.cleaned_data["effective_from"]
        if not 1949 <= day.year <= 2999:
            raise forms.ValidationError(_("Check the year."))
        return day

    def entry(self, area_code: str, value: str, unit: str) -> Parameter | None:
        """Return the entry of a valid form as the reader of files reads it; None after its faults became faults of the fields."""
        cleaned = self.cleaned_data
        row = {
            **cleaned,
            "area_code": area_code,
            "name": self.name.name,
            "value": value,
            "unit": unit,
            "effective_to": cleaned["effective_to"] or "",
        }
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([COLUMNS, [row[column] for column in COLUMNS]])
        entries, faults = check_local_text(stream.getvalue(), "")
        self.add_faults(faults)
        return None if faults else entries[0]

    def add_faults(self, faults: Iterable[ZhubaoError]) -> None:
        """Put faults beside the fields they speak of, in the page's language."""
        for fault in faults:
            field = FIELD_OF.get(fault.code)
            words = NUMBER if fault.code == "E-PARAM-VALUE" and self.name.unit != "text" else said(fault.problem)
            words += f"。{said(fault.remedy)}" if fault.remedy and field == "effective_from" else ""
            self.add_error(field if field in self.fields else None, words)


class FigureForm(DecisionForm):
    """One figure of one name. The areas offered are those the actor decides for."""

    area_code = forms.ChoiceField(label=_("Area"))
    value = forms.CharField(label=_("Value"), max_length=200)
    unit = forms.ChoiceField(label=_("Unit"))
    field_order = ("area_code", "value", "unit", "effective_from", "effective_to", "following", "source", "decided_by")

    def __init__(self, *arguments: Any, name: ParameterName, areas: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, name=name, **named)
        self.fields["area_code"].choices = areas  # type: ignore[attr-defined]
        self.fields["unit"].choices = units_of(name)  # type: ignore[attr-defined]
        if name.several:
            del self.fields["following"]
        if name.unit == "text":
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["unit"].initial = "text"
            self.fields["value"] = value_field(name)

    def figure(self) -> Parameter | None:
        """Return the entry of a valid form, or None."""
        cleaned = self.cleaned_data
        return self.entry(cleaned["area_code"], value_said(cleaned["value"]), cleaned["unit"])


class AnswerForm(DecisionForm):
    """The answer to an open question: one of the words the rules know, a whole number, or the default against a text."""

    area_code = forms.ChoiceField(label=_("Area"))
    value = forms.CharField(label=_("Answer"), max_length=200)
    text = forms.CharField(label=_("The other answer in words"), max_length=200, required=False)
    field_order = ("value", "text", "area_code", "effective_from", "effective_to", "following", "source", "decided_by")

    def __init__(
        self, *arguments: Any, name: ParameterName, areas: list[tuple[str, str]], question: Question, answer: str, **named: Any
    ) -> None:
        super().__init__(*arguments, name=name, **named)
        self.fields["area_code"].choices = areas  # type: ignore[attr-defined]
        self.question = question
        self.in_words = not words_of(name.name) and not takes_number(name.name)
        if self.in_words:
            as_default = question.is_default(answer)
            choices = [(DEFAULT, said(question.default)), (OTHER, _("Otherwise, as follows"))]
            self.fields["value"] = forms.ChoiceField(
                label=_("Answer"), choices=choices, initial=DEFAULT if as_default else OTHER, widget=forms.RadioSelect
            )
            self.fields["text"].initial = "" if as_default else answer
        else:
            self.fields["value"] = value_field(name, answer)
            del self.fields["text"]

    def clean(self) -> dict[str, Any]:
        """Ask for the words of another answer than the default."""
        cleaned = super().clean() or self.cleaned_data
        if self.in_words and cleaned.get("value") == OTHER and not cleaned.get("text"):
            self.add_error("text", _("Say what was decided."))
        return cleaned

    def answer(self) -> Parameter | None:
        """Return the entry of a valid form, or None."""
        cleaned = self.cleaned_data
        value = value_said(cleaned["value"])
        if self.in_words:
            value = cleaned["text"] if value == OTHER else self.question.value or self.question.default.zh
        return self.entry(cleaned["area_code"], value, "text")


class ReasonForm(forms.Form):
    """Why a figure is withdrawn."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("Decisions already made keep the value; new ones no longer see it.")
    )


class FileForm(forms.Form):
    """A csv file of figures; `file_name` is what it was called."""

    file_name = ""
    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))

    def clean_file(self) -> str:
        """Return the text of the file: UTF-8, or GB18030 as spreadsheets in China write it."""
        sent = self.cleaned_data["file"]
        self.file_name = str(sent.name)
        if sent.size > LONGEST_FILE:
            raise forms.ValidationError(_("The file is larger than one megabyte. Send it in parts."))
        content = decoded(sent.read())
        if content is None:
            raise forms.ValidationError(_("The file is no text. Save it as csv and send it again."))
        return content


def units_of(name: ParameterName) -> list[tuple[str, Any]]:
    """Return the units a figure may be written in, the usual one first; ppm only where no person writes percent."""
    if name.unit == "ppm":
        return [("times", UNIT_LABELS["times"])] if name.name in TIMES else [("percent", UNIT_LABELS["percent"])]
    return [(unit, label) for unit, label in UNIT_LABELS.items() if UNITS[unit][0] == name.unit]


def value_field(name: ParameterName, default: str = "") -> forms.Field:
    """Return the field of a text value: a choice among words, a day, a whole number, or a text."""
    words = words_of(name.name)
    if words:
        return forms.ChoiceField(
            label=_("Answer"), choices=[(each, word(each)) for each in words], initial=default, widget=forms.RadioSelect
        )
    if name.name in DATE_SETTINGS:
        return day_field(_("Day"), required=True)
    if takes_number(name.name):
        return forms.IntegerField(label=_("Answer, a whole number"), min_value=0, initial=default or None)
    return forms.CharField(label=_("Answer"), max_length=200, initial=default)


def value_said(value: object) -> str:
    """Return a cleaned value as it is written in a file."""
    return value.isoformat() if isinstance(value, date) else str(value)
