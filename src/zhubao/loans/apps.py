"""The loans app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LoansConfig(AppConfig):
    """Loans and their draws."""

    name = "zhubao.loans"
    verbose_name = _("Loans")

    def ready(self) -> None:
        """Let the loan register answer whether somebody has an open loan."""
        from zhubao.evidence.registers import join

        from .register import open_loans

        join("open_loan", open_loans)
