"""The upload on the month's page: which of the two files, and the order file it answers."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.exchange.models import Envelope
from zhubao.web.files.forms import LONGEST_COMPANION

CREDITS, APPROVED, RETURN = "credits", "approved", "return"
KINDS: Final = {
    CREDITS: _("Pensions credited, from the bank"),
    APPROVED: _("Pensions approved and paid, the agency's own list"),
    RETURN: _("Instalments deducted: the bank's return"),
}


class LoadForm(forms.Form):
    """A file for a bank. What only has one answer is not asked."""

    kind = forms.ChoiceField(label=_("What it is"))
    answers = forms.TypedChoiceField(
        label=_("Answers the order file"),
        coerce=int,
        required=False,
        empty_value=None,
        help_text=_("Lines of any other month are refused. Only for the return."),
    )
    sent = forms.FileField(label=_("The file"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
    companion = forms.FileField(
        label=_("Its .sha256 companion"), required=False, widget=forms.FileInput(attrs={"accept": ".sha256,.txt"})
    )

    def __init__(self, actor: Actor, bank: Organisation, orders: list[Envelope], *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kinds = [kind for kind in KINDS if kind != APPROVED or actor.role == Role.AGENCY_ACCOUNTANT]
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(kind, KINDS[kind]) for kind in kinds]
        fields["kind"].initial = RETURN if orders else CREDITS
        fields["answers"].choices = [("", _("any of them")), *((each.pk, each.batch) for each in orders)]
        if orders:
            fields["answers"].initial = orders[0].pk

    def clean(self) -> dict[str, Any]:
        """Refuse a companion too long to be one."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        companion = values.get("companion")
        if companion is not None and companion.size > LONGEST_COMPANION:
            self.add_error("companion", _("This is no .sha256 companion: it is too long."))
        return values
