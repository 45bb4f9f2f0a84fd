"""Forms of transfers: what is asked for, the check-list, the money that moves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.accounts.courses import Course
from zhubao.accounts.transfers.checklist import ITEMS, CheckList, Found, items_of
from zhubao.accounts.transfers.models import LEAVING, CheckOutcome, Transfer, TransferKind
from zhubao.web.calculator.fields import DayField, MoneyField, WholeField
from zhubao.web.clerk.words import said
from zhubao.web.courses import NothingForm


class AskForm(forms.Form):
    """What is to move where."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("What is asked for"), choices=TransferKind.choices, widget=forms.RadioSelect)
    other_place = forms.CharField(
        label=_("The other place"), max_length=100, error_messages={"required": _("Write province, city and county.")}
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=60)


class CheckForm(NothingForm):
    """The check-list: each point in order, not in order, or not known; and how many months overlap."""

    overlap_months = WholeField(
        0,
        600,
        label=_("Months paid in both schemes"),
        required=False,
        help_text=_("0 when there are none; with some, write beside the point what was done about them."),
    )
    field_order = ("identity", "record", "overlap", "overlap_months", "pension", "condition")

    def __init__(self, course: Transfer, *arguments: Any, **named: Any) -> None:
        super().__init__(course, *arguments, **named)
        before = {each.item: each for each in course.checks.all()} if course.pk else {}
        for item in items_of(course.kind):
            self.fields[item] = forms.ChoiceField(
                label=said(ITEMS[item]),
                choices=CheckOutcome.choices,
                initial=before[item].outcome if item in before else CheckOutcome.UNKNOWN,
            )
            self.fields[f"{item}_remark"] = forms.CharField(
                label=_("Remark"),
                max_length=300,
                required=False,
                initial=before[item].remark if item in before else "",
            )
        months: Any = self.fields.pop("overlap_months")
        months.initial = course.overlap_months
        self.fields["overlap_months"] = months

    def clean(self) -> dict[str, Any]:
        """Put the check-list as it was filled in under `found`."""
        values = super().clean() or {}
        points = {
            item: Found(values[item], values.get(f"{item}_remark", ""))
            for item in ITEMS
            if item in values and (values[item] != CheckOutcome.UNKNOWN or values.get(f"{item}_remark"))
        }
        return {**values, "found": CheckList(points, values.get("overlap_months"))}


class PapersForm(NothingForm):
    """What the person is asked for."""

    reason = forms.CharField(
        label=_("What is missing"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what the person is to bring.")},
    )

    def clean(self) -> dict[str, Any]:
        """Leave the points found before as they are."""
        return {**(super().clean() or {}), "found": CheckList()}


class MoveForm(NothingForm):
    """The letter between the two offices and the amount in it."""

    paper = forms.CharField(
        label=_("Number of the letter"), max_length=60, error_messages={"required": _("Write the number of the letter.")}
    )
    day = DayField(label=_("Day of the transfer"))
    amount = MoneyField(label=_("Amount"), required=False)

    def __init__(self, course: Course, *arguments: Any, **named: Any) -> None:
        super().__init__(course, *arguments, **named)
        assert isinstance(course, Transfer)
        self.fields["day"].initial = clock.today()
        if course.kind in LEAVING:
            self.fields["amount"].help_text = _("Left empty, all that is in the account; written, it must be the same.")
