"""The exchange app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Envelopes of files between offices."""

    name = "zhubao.exchange"
    verbose_name = _("Exchange")
