"""The Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Regions, organisations, users, posts and the audit chain."""

    name = "zhubao.access"
    verbose_name = _("Access")
