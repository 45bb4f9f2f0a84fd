"""The loans app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoansConfig(AppConfig):
    """Loans and their draws."""

    name = "zhubao.loans"
    verbose_name = _("Loans")
