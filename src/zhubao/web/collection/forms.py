"""What may be handed in about a plan by a post, and the form for it."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.assistance.models import AssistancePlan
from zhubao.assistance.parties import departments_claim
from zhubao.exchange.files import layout_of
from zhubao.procedures.plan_files import ACTUAL, RECEIPTS, VERIFIED
from zhubao.web.clerk.words import said
from zhubao.web.files.forms import LONGEST_COMPANION

# Kind of file, who hands it in (the sender, or the agency for what came on paper or by disk), and which office sends it.
UPLOADS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    RECEIPTS: ((Role.TAX_CLERK, Role.AGENCY_ACCOUNTANT), (OrganisationKind.TAX,)),
    ACTUAL: ((Role.TAX_CLERK, Role.AGENCY_ACCOUNTANT), (OrganisationKind.TAX,)),
    VERIFIED: (
        (Role.CERTIFIER,),
        (OrganisationKind.CIVIL_AFFAIRS, OrganisationKind.RURAL_AFFAIRS, OrganisationKind.DISABLED_FEDERATION),
    ),
}


def uploads_for(actor: Actor, plan: AssistancePlan) -> list[str]:
    """Return the kinds of files a post may hand in about a plan."""
    if plan.state != "published":
        return []
    kinds = [kind for kind, (roles, _senders) in UPLOADS.items() if actor.role in roles]
    return kinds if departments_claim(plan) else [kind for kind in kinds if kind == RECEIPTS]


class UploadForm(forms.Form):
    """A file about a plan with its companion; what only has one answer is not asked."""

    kind = forms.ChoiceField(label=_("What it is"))
    sent = forms.FileField(label=_("The file"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
    companion = forms.FileField(
        label=_("Its .sha256 companion"), required=False, widget=forms.FileInput(attrs={"accept": ".sha256,.txt"})
    )

    def __init__(self, actor: Actor, plan: AssistancePlan, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.actor, self.plan = actor, plan
        choices = [(kind, said(layout_of(kind).title)) for kind in uploads_for(actor, plan)]
        field: Any = self.fields["kind"]
        field.choices = choices
        if len(choices) == 1:
            field.initial, field.widget = choices[0][0], forms.HiddenInput()

    def clean_companion(self) -> Any:
        """Refuse what is too long to be a companion."""
        companion = self.cleaned_data["companion"]
        if companion is not None and companion.size > LONGEST_COMPANION:
            raise forms.ValidationError(_("This is no .sha256 companion: it is too long."))
        return companion

    def sender(self) -> int:
        """Return the office that sends the file: the post's own, or tax where the agency hands in for it; 0 where there is none."""
        kinds = UPLOADS[self.cleaned_data["kind"]][1]
        offices = Organisation.objects.filter(kind__in=kinds, region_id=self.plan.region_code)
        own = offices.filter(pk=self.actor.organisation_id or 0).first()
        found = own or (offices.order_by("pk").first() if self.actor.role == Role.AGENCY_ACCOUNTANT else None)
        return found.pk if found else 0
