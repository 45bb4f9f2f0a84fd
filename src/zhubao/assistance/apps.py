"""The assistance app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssistanceConfig(AppConfig):
    """Yearly plans of contributions on behalf."""

    name = "zhubao.assistance"
    verbose_name = _("Contributions on behalf")
