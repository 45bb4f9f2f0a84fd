"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Personal pension accounts."""

    name = "zhubao.accounts"
    verbose_name = _("Personal accounts")
