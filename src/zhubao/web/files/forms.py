"""The upload of a file from another office: what it is, for which programme, between which offices."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import OrganisationKind, Role
from zhubao.exchange.files import layout_of
from zhubao.loans.states import PROCESSES
from zhubao.loans.states.claim import CLAIM_COURSES
from zhubao.policies import judge_of
from zhubao.procedures import claim_received, contribution_received, draw_paid
from zhubao.web.clerk.words import said

LONGEST_COMPANION: Final = 4096


@dataclass(frozen=True)
class Kind:
    """One kind of file that is taken in: who may hand it in, and which kind of office sends it. The agency receives it.

    A claim of Rugao goes to the HRSS bureau instead, see `claim_received`.
    """

    name: str
    roles: tuple[str, ...]
    sender: OrganisationKind


KINDS: Final = (
    Kind(draw_paid.KIND, (Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT), OrganisationKind.BANK),
    Kind(contribution_received.KIND, (Role.TAX_CLERK, Role.AGENCY_ACCOUNTANT), OrganisationKind.TAX),
    Kind(claim_received.KIND, (Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT), OrganisationKind.BANK),
)


def kinds_for(actor: Actor) -> list[Kind]:
    """Return the kinds of files a post may hand in."""
    claiming = bool(claim_programmes(actor))
    return [kind for kind in KINDS if actor.role in kind.roles and (claiming or kind.name != claim_received.KIND)]


def claim_programmes(actor: Actor) -> list[str]:
    """Return the programmes of the post's place whose claims it may hand in."""
    courses = [CLAIM_COURSES[policy_id] for policy_id in programmes_of(actor.scope[:6]) if policy_id in CLAIM_COURSES]
    return [course.policy_id for course in courses if actor.role in course.transition("receive").posts]


class UploadForm(forms.Form):
    """A file with its companion. What only has one answer is not asked; `taken` says it in words."""

    kind = forms.ChoiceField(label=_("What it is"))
    policy = forms.ChoiceField(label=_("Programme"))
    sender = forms.TypedChoiceField(label=_("Sent by"), coerce=int)
    agency = forms.TypedChoiceField(label=_("To the agency"), coerce=int)
    sent = forms.FileField(label=_("The file"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
    companion = forms.FileField(
        label=_("Its .sha256 companion"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".sha256,.txt"}),
        help_text=_("With it a file damaged on the way is recognised."),
    )

    def __init__(self, actor: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.kinds = kinds_for(actor)
        self.taken: list[str] = []
        county = actor.scope[:6]
        own = {"pk": actor.organisation_id or 0}
        offices = list(
            Organisation.objects.filter(
                region__code__startswith=county, kind__in=[OrganisationKind.AGENCY, *(kind.sender for kind in self.kinds)]
            ).order_by("name")
        )
        senders = {kind.sender for kind in self.kinds}
        self.sender_kinds = {office.pk: office.kind for office in offices}
        mine = [office for office in offices if office.pk == own["pk"]]
        self._offer("kind", [(kind.name, said(layout_of(kind.name).title)) for kind in self.kinds])
        self._offer("policy", [(policy_id, said(judge_of(policy_id).policy.title)) for policy_id in programmes_of(county)])
        self._offer(
            "sender", _named([each for each in mine if each.kind in senders] or [o for o in offices if o.kind in senders])
        )
        agencies = [office for office in offices if office.kind == OrganisationKind.AGENCY]
        self._offer("agency", _named([each for each in mine if each.kind == OrganisationKind.AGENCY] or agencies))

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        """Offer choices; where there is one, it is taken without being asked."""
        field: Any = self.fields[name]
        field.choices = choices if len(choices) == 1 else [("", "—"), *choices]
        if len(choices) == 1:
            field.initial = choices[0][0]
            field.widget = forms.HiddenInput()
            self.taken.append(choices[0][1])

    def clean(self) -> dict[str, Any]:
        """Refuse a sender of another kind than the file has."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        kind = next((each for each in self.kinds if each.name == values.get("kind")), None)
        if kind is not None and values.get("sender") and self.sender_kinds.get(values["sender"]) != kind.sender:
            self.add_error("sender", _("This kind of file comes from another office: choose who sent it."))
        companion = values.get("companion")
        if companion is not None and companion.size > LONGEST_COMPANION:
            self.add_error("companion", _("This is no .sha256 companion: it is too long."))
        return values


def programmes_of(county: str) -> list[str]:
    """Return the loan programmes of a place; all of them where none is its own."""
    own = [policy_id for policy_id in PROCESSES if county.startswith(judge_of(policy_id).policy.region)]
    return own or list(PROCESSES)


def _named(offices: list[Organisation]) -> list[tuple[Any, str]]:
    return [(office.pk, office.name) for office in offices]
