"""The rosters app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RostersConfig(AppConfig):
    """Department rosters and screenings."""

    name = "zhubao.rosters"
    verbose_name = _("Rosters")
