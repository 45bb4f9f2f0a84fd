"""Forms of the registry: a cooperation with its papers, its end, how banks were chosen, what a bank offers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation
from zhubao.policies import judge_of
from zhubao.programmes.bank_actions import Bid
from zhubao.programmes.banks import PAPERS
from zhubao.programmes.models import BankCooperation
from zhubao.web.calculator.fields import DayField, WholeField
from zhubao.web.clerk.words import said

from .fields import RateField


def programmes_of(place: str) -> list[tuple[str, str]]:
    """Return the loan programmes of a place with their titles; all of them where none is its own."""
    own = [policy_id for policy_id in PAPERS if place.startswith(judge_of(policy_id).policy.region)]
    return [(policy_id, said(judge_of(policy_id).policy.title)) for policy_id in own or list(PAPERS)]


class CooperationForm(forms.Form):
    """A cooperation with the papers there are so far; the same first day again brings it up to date."""

    policies = forms.MultipleChoiceField(label=_("For the programmes"), widget=forms.CheckboxSelectMultiple)
    starts_on = DayField(label=_("Valid from"), help_text=_("The same first day again brings the entry up to date."))
    ends_on = DayField(label=_("Valid to"), required=False, help_text=_("The last day included. Empty: open."))
    card_partner = forms.BooleanField(label=_("Issues the social security card"), required=False)
    agreement = forms.CharField(label=_("Cooperation agreement, number"), max_length=100, required=False)
    agreed_on = DayField(label=_("Cooperation agreement, day"), required=False)
    confidentiality = forms.CharField(label=_("Confidentiality agreement, number"), max_length=100, required=False)
    confidential_from = DayField(label=_("Confidentiality agreement, day"), required=False)
    pension_account = forms.CharField(label=_("Pension-payment account"), max_length=40, required=False)

    def __init__(self, place: str, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        offered: Any = self.fields["policies"]
        offered.choices = programmes_of(place)
        if len(offered.choices) == 1:
            self.initial.setdefault("policies", [offered.choices[0][0]])

    @staticmethod
    def initial_of(cooperation: BankCooperation) -> dict[str, Any]:
        """Return what the form shows of a cooperation on record."""
        names = (
            "starts_on", "ends_on", "card_partner", "agreement", "agreed_on", "confidentiality", "confidential_from",
            "pension_account",
        )  # fmt: skip
        return {
            **{name: getattr(cooperation, name) for name in names},
            "policies": list(cooperation.policies.values_list("policy_id", flat=True)),
        }


class EndForm(forms.Form):
    """The end of a cooperation."""

    on = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=300)


class ReviewForm(forms.Form):
    """What came of looking at an agreement again."""

    conclusion = forms.CharField(
        label=_("Conclusion of the review"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
        help_text=_("A new agreement is recorded with the cooperation and needs no review."),
    )


class OfferForm(forms.Form):
    """A rate a bank offers."""

    policy = forms.ChoiceField(label=_("Programme"))
    rate_ppm = RateField(label=_("Yearly rate (percent)"))
    starts_on = DayField(label=_("Valid from"))
    ends_on = DayField(label=_("Valid to"), required=False)
    longest_months = WholeField(1, 480, label=_("Longest term in months"), required=False)
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("The document with its number."))

    def __init__(self, place: str, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        offered: Any = self.fields["policy"]
        offered.choices = programmes_of(place)


class SelectionForm(forms.Form):
    """How the banks of a programme were chosen: a score for each bank that offered, and which were chosen."""

    policy = forms.ChoiceField(label=_("Programme"))
    decided_on = DayField(label=_("Decided on"))
    document = forms.CharField(label=_("Document"), max_length=200)
    reason = forms.CharField(label=_("Reason of the choice"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def __init__(self, place: str, banks: list[Organisation], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.banks = banks
        offered: Any = self.fields["policy"]
        offered.choices = programmes_of(place)
        for bank in banks:
            self.fields[f"score_{bank.pk}"] = WholeField(
                0, 1000, label=_("%(bank)s: score") % {"bank": bank.name}, required=False, help_text=_("Empty: made no offer.")
            )
            self.fields[f"chosen_{bank.pk}"] = forms.BooleanField(
                label=_("%(bank)s: chosen") % {"bank": bank.name}, required=False
            )

    def bids(self) -> list[Bid]:
        """Return the banks that offered; to be asked of a valid form."""
        values = self.cleaned_data
        return [
            Bid(bank.pk, values[f"score_{bank.pk}"], chosen=values[f"chosen_{bank.pk}"])
            for bank in self.banks
            if values[f"score_{bank.pk}"] is not None
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a chosen bank without its score."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for bank in self.banks:
            if (
                values.get(f"chosen_{bank.pk}")
                and values.get(f"score_{bank.pk}") is None
                and f"score_{bank.pk}" not in self.errors
            ):
                self.add_error(f"score_{bank.pk}", _("A bank that was chosen has a score."))
        return values
