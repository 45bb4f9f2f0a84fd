"""Forms of programmes: their start, and a later text with the figures it sets."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.parameters import Parameter
from zhubao.parameters.local import COLUMNS, check_local_text
from zhubao.parameters.names import declared
from zhubao.policies import judge_of
from zhubao.rules.policy import Parameter as LawParameter
from zhubao.web.calculator.fields import DayField
from zhubao.web.parameters.forms import NUMBER, units_of
from zhubao.web.templatetags.zhubao import said


def own_figures(policy_id: str) -> list[LawParameter]:
    """Return the figures that stand in a document's own text, which a later text may set otherwise."""
    known = judge_of(policy_id).policy.parameters.values()
    return [each for each in known if each.names == (each.name,) and each.default is not None]


class StartForm(forms.Form):
    """From when a programme takes applications."""

    starts_on = DayField(label=_("Takes applications from"))
    document = forms.CharField(label=_("Document"), max_length=200, help_text=_("The document that says so, with its number."))


class VersionForm(forms.Form):
    """A later text: its document, its day, what it changes, and a field for each figure of the old text it may set."""

    document = forms.CharField(label=_("New document, number"), max_length=200)
    issued_by = forms.CharField(label=_("Issued by"), max_length=100)
    effective_from = DayField(label=_("In force from"))
    summary = forms.CharField(label=_("What the text changes"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, policy_id: str, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.figures = own_figures(policy_id)
        for figure in self.figures:
            name = declared(figure.name)
            assert name is not None, figure.name
            unit, words = units_of(name)[0]
            self.fields[f"figure_{figure.name}"] = forms.CharField(
                label=f"{said(figure.label)} ({words})",
                max_length=40,
                required=False,
                help_text=_("Empty: stays as it is."),
            )
            self.units = {**getattr(self, "units", {}), figure.name: unit}

    def clean(self) -> dict[str, Any]:
        """Read the figures as a file of figures is read; a fault stands beside its field."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        values["figures"] = list(self._entries(values))
        return values

    def _entries(self, values: dict[str, Any]) -> Iterator[Parameter]:
        for figure in self.figures:
            typed = str(values.get(f"figure_{figure.name}") or "").strip()
            if not typed:
                continue
            row = {
                **dict.fromkeys(COLUMNS, ""),
                "area_code": "360000",
                "name": figure.name,
                "value": typed,
                "unit": self.units[figure.name],
                "effective_from": (values.get("effective_from") or date(2000, 1, 1)).isoformat(),
                "source": values.get("document") or "—",
                "decided_by": values.get("issued_by") or "—",
            }
            stream = io.StringIO(newline="")
            csv.writer(stream).writerows([COLUMNS, [row[column] for column in COLUMNS]])
            entries, faults = check_local_text(stream.getvalue(), "")
            if faults:
                self.add_error(f"figure_{figure.name}", NUMBER)
            yield from entries
