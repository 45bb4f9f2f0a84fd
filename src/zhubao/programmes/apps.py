"""The programmes app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """What a county decides."""

    name = "zhubao.programmes"
    verbose_name = _("Programmes")
