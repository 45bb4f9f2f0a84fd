"""The oversight app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OversightConfig(AppConfig):
    """Differences found between the sources."""

    name = "zhubao.oversight"
    verbose_name = _("Oversight")
