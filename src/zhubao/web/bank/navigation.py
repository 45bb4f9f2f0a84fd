"""The bank's entries of the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.access.roles import BANK_ROLES
from zhubao.web.navigation import Entry

ENTRIES = [
    Entry(
        "bank:candidates",
        _("Candidates"),
        _("Paste or upload a list of candidates and see whether each can repay a loan from the pension. Nothing is stored."),
        roles=frozenset(BANK_ROLES),
        order=40,
        kind="loan",
    ),
]
