"""The forms of sponsors: a sponsor, an offer, a payment."""

from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.assistance.closing_out_turns import category_label
from zhubao.assistance.models import AssistancePlan, PlanRow, SponsorKind
from zhubao.assistance.sponsors_ceiling import GROUPS
from zhubao.web.cases.steps.framework import DayInput
from zhubao.web.clerk.words import said

LARGEST: Final = Decimal(1_000_000)
IN_PLAN: Final = "plan"


class YuanField(forms.DecimalField):
    """An amount in yuan with two digits, given back in fen."""

    def __init__(self, **named: Any) -> None:
        super().__init__(max_digits=9, decimal_places=2, min_value=Decimal(0), max_value=LARGEST, **named)

    def clean(self, value: Any) -> int | None:
        """Return fen; None where nothing is written."""
        found = super().clean(value)
        return None if found is None else int(found * 100)


class SponsorForm(forms.Form):
    """A sponsor."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SponsorKind.choices)
    name = forms.CharField(label=_("Name of the sponsor"), max_length=80)
    code = forms.CharField(label=_("Social credit code"), max_length=18, required=False)
    contact = forms.CharField(label=_("Contact"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)


class OfferForm(forms.Form):
    """An offer: so much for each person, for named people or everybody of a category."""

    plan = forms.TypedChoiceField(label=_("Plan"), coerce=int)
    each_fen = YuanField(label=_("Yuan for each person"))
    category = forms.ChoiceField(
        label=_("For everybody of a category"), required=False, help_text=_("Those of the plan who still owe their own part.")
    )
    numbers = forms.CharField(
        label=_("Or for these people: citizen numbers, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    group = forms.ChoiceField(
        label=_("Group of the people named"),
        help_text=_("For people outside the plan give fee and public part below; the sponsor pays at most the difference."),
    )
    tier_fen = YuanField(label=_("Fee of the year (yuan)"), required=False)
    government_fen = YuanField(label=_("Public part (yuan)"), required=False)
    on = forms.DateField(label=_("Day of the offer"), widget=DayInput())

    def __init__(self, plans: list[AssistancePlan], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        fields: dict[str, Any] = self.fields
        fields["plan"].choices = [(plan.pk, plan.year) for plan in plans]
        found = PlanRow.objects.filter(plan__in=plans, state="planned").exclude(category="").order_by("category")
        names = dict(found.values_list("category", "plan__policy_id"))
        fields["category"].choices = [
            ("", "—"),
            *((name, said(category_label(policy, name))) for name, policy in sorted(names.items())),
        ]
        fields["group"].choices = [(IN_PLAN, _("people of the plan")), *((code, said(words)) for code, words in GROUPS.items())]


class PaymentForm(forms.Form):
    """The payment of a sponsor as it came."""

    fen = YuanField(label=_("Amount (yuan)"))
    reference = forms.CharField(label=_("Number of the payment"), max_length=60, required=False)
    on = forms.DateField(label=_("Came on"), widget=DayInput())
