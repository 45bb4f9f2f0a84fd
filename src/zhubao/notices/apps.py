"""The notices app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Notices and their proof of delivery."""

    name = "zhubao.notices"
    verbose_name = _("Notices")
