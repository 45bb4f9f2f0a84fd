"""Programmes in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .views import READERS

ENTRIES = [
    Entry(
        "programmes:all",
        _("Loan programmes"),
        _("Who takes part in each loan programme, from when it takes applications, and which version of its rules holds."),
        roles=READERS,
        order=80,
        kind="loan",
    )
]
