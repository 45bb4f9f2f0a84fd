"""The filter of the audit log."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.audit_log import Wanted
from zhubao.access.selectors import region_named

from .actions import actions_said

SHOWN_DAYS = 30


class LogForm(forms.Form):
    """What is looked for in the log; the last thirty days when nothing is asked."""

    first = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    person = forms.CharField(label=_("Who"), required=False, max_length=40)
    action = forms.ChoiceField(label=_("Action"), required=False)
    subject = forms.CharField(
        label=_("Subject"), required=False, max_length=80, widget=forms.TextInput(attrs={"placeholder": "user:…"})
    )
    region = forms.CharField(label=_("Region"), required=False, max_length=60)

    def __init__(self, actor: Actor, today: date, asked: Any) -> None:
        start = {"first": (today - timedelta(days=SHOWN_DAYS - 1)).isoformat()}
        super().__init__(asked if any(name in asked for name in self.base_fields) else start)
        self.actor = actor
        action: Any = self.fields["action"]
        said = self.data.get("action", "")
        known = actions_said()
        other = [(said, said)] if said and said not in known else []
        action.choices = [("", _("any")), *sorted(known.items(), key=lambda pair: pair[0]), *other]

    def clean_region(self) -> str:
        """Return the code of the region named, "" for the whole scope."""
        words = self.cleaned_data["region"].strip()
        if not words:
            return ""
        if words.isdecimal():
            self.actor.require_region(words)
        region = region_named(self.actor, words)
        if region is None:
            raise ValidationError(_("No single region of your scope has this code or name."))
        return region.code

    def clean(self) -> None:
        """Refuse a period that ends before it begins."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))

    def wanted(self) -> Wanted:
        """Return what a valid form asks for."""
        return Wanted(**{name: self.cleaned_data[name] for name in self.base_fields})
