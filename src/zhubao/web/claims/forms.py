"""What a claim's pages ask for: the bank's file, the year to prepare, and what a step needs."""

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import BANK_ROLES, OrganisationKind, Role
from zhubao.loans.states.claim import CLAIM_COURSES
from zhubao.policies import judge_of
from zhubao.web.clerk.words import said
from zhubao.web.files.forms import LONGEST_COMPANION, claim_programmes, programmes_of

YEAR: Final = re.compile(r"20\d\d")


class _Programmed(forms.Form):
    """A form for one of the programmes of the post's place; where there is one, it is not asked."""

    policy = forms.ChoiceField(label=_("Loan programme"))
    programmes: list[str]

    def offer(self, programmes: list[str]) -> None:
        self.programmes = programmes
        field: Any = self.fields["policy"]
        field.choices = [(policy_id, said(judge_of(policy_id).policy.title)) for policy_id in programmes]
        if len(programmes) == 1:
            field.initial, field.widget = programmes[0], forms.HiddenInput()

    @property
    def offered(self) -> bool:
        """Whether the post has anything to choose."""
        return bool(self.programmes)


class HandInForm(_Programmed):
    """The bank's claim file. A bank hands in its own; in Jiangxi the agency may enter one that came on paper or by disk."""

    bank = forms.TypedChoiceField(label=_("Bank"), coerce=int)
    sent = forms.FileField(label=_("The file"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
    companion = forms.FileField(
        label=_("Its .sha256 companion"), required=False, widget=forms.FileInput(attrs={"accept": ".sha256,.txt"})
    )
    field_order = ("policy", "bank", "sent", "companion")

    def __init__(self, actor: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.offer(claim_programmes(actor))
        banks = Organisation.objects.filter(kind=OrganisationKind.BANK, region__code__startswith=actor.scope[:6]).order_by("name")
        if actor.role in BANK_ROLES:
            banks = banks.filter(pk=actor.organisation_id or 0)
        field: Any = self.fields["bank"]
        field.choices = [(bank.pk, bank.name) for bank in banks]
        if len(field.choices) == 1:
            field.initial, field.widget = field.choices[0][0], forms.HiddenInput()

    def clean_companion(self) -> Any:
        """Refuse what is too long to be a companion."""
        companion = self.cleaned_data["companion"]
        if companion is not None and companion.size > LONGEST_COMPANION:
            raise forms.ValidationError(_("This is no .sha256 companion: it is too long."))
        return companion


class PrepareForm(_Programmed):
    """Which claim the bank wants to begin with."""

    year = forms.RegexField(
        YEAR, label=_("Year"), max_length=4, error_messages={"invalid": _("Write the year with four digits, such as 2026.")}
    )
    batch = forms.RegexField(
        r"^[A-Za-z0-9._-]{1,40}$",
        label=_("Batch number"),
        error_messages={"invalid": _("1 to 40 letters, digits or - . _")},
    )
    form = forms.ChoiceField(label=_("As"), choices=[("xlsx", _("workbook (xlsx)")), ("csv", "CSV")])
    field_order = ("policy", "year", "batch", "form")

    def __init__(self, actor: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        own = [policy_id for policy_id in programmes_of(actor.scope[:6]) if policy_id in CLAIM_COURSES]
        self.offer(own if actor.role == Role.BANK_OFFICER else [])
