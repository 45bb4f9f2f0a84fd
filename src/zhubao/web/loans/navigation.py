"""Loans in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import LOAN_ROLES

ENTRIES = [
    Entry(
        "loans:all",
        _("Loans"),
        _("Every loan with its draws, contributions and books; the year's round and its reconciliation."),
        roles=LOAN_ROLES,
        order=30,
        kind="loan",
    )
]
