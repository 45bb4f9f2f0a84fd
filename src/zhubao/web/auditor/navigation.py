"""The audit log in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.access.audit_log import READING_ROLES
from zhubao.web.navigation import Entry

ENTRIES = [
    Entry(
        "auditor:log",
        _("Audit log"),
        _("Who did what, when and why; whether the chain of entries is whole."),
        roles=frozenset(READING_ROLES),
        order=85,
    ),
]
