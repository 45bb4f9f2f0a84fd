"""Forms of the administration."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.models import Organisation, Region
from zhubao.access.roles import ROLES_OF, OrganisationKind, Role
from zhubao.access.selectors import region_named

REASON_LENGTH = 200


class RegionField(forms.CharField):
    """A region of the actor's scope by its code or its name: a province has too many to list."""

    def __init__(self, actor: Actor, **named: Any) -> None:
        super().__init__(max_length=60, **named)
        self.actor = actor

    def clean(self, value: Any) -> Region | None:
        """Return the region, None for an empty optional field."""
        words = str(super().clean(value) or "").strip()
        if not words:
            return None
        region = region_named(self.actor, words)
        if region is None:
            raise ValidationError(_("No single region of your scope has this code or name."))
        return region


class OrganisationForm(forms.Form):
    """A new organisation."""

    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    name = forms.CharField(label=_("Name of the organisation"), max_length=80)

    def __init__(self, actor: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["region"] = RegionField(actor, label=_("Region"), initial=actor.scope, help_text=_("Code or name."))


class PersonForm(forms.Form):
    """A new person who may sign in."""

    name = forms.CharField(label=_("Full name"), max_length=40)
    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        help_text=_("Signs in with it. Without spaces."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, actor: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["region"] = RegionField(
            actor, label=_("Region"), initial=actor.scope, help_text=_("Its administrator looks after the account. Code or name.")
        )


class PostForm(forms.Form):
    """A new post of a person: an organisation with one of its roles, and the region it covers."""

    post = forms.CharField(label=_("Post"), error_messages={"required": _("Choose a post.")})

    def __init__(self, actor: Actor, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.actor = actor
        self.fields["scope"] = RegionField(
            actor, label=_("Region covered"), required=False, help_text=_("Code or name; empty is the organisation's region.")
        )

    def clean_post(self) -> tuple[Organisation, Role]:
        """Return the organisation and the role of a value like ``12:finance_clerk``."""
        number, _colon, role = self.cleaned_data["post"].partition(":")
        organisation = Organisation.objects.within(self.actor).filter(pk=int(number) if number.isdecimal() else 0).first()
        if organisation is None or role not in ROLES_OF[OrganisationKind(organisation.kind)]:
            raise ValidationError(_("Choose a post."))
        return organisation, Role(role)


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON_LENGTH)
