"""The people app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Persons, households, insured records, identities."""

    name = "zhubao.people"
    verbose_name = _("People")
