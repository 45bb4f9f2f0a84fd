"""The ledger app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """Postings in the books of every party."""

    name = "zhubao.ledger"
    verbose_name = _("Ledger")
