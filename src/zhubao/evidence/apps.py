"""The evidence app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    """The facts of a person and the snapshots decisions rest on."""

    name = "zhubao.evidence"
    verbose_name = _("Evidence")
