"""The ledger that closes in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import READING_ROLES

ENTRIES = [
    Entry(
        "closing_out:start",
        _("Ledger of contributions"),
        _("Contributions on behalf: who is not paid yet, whose turn it is, closing out with proof, nobody missed."),
        roles=READING_ROLES,
        order=4,
        kind="assistance",
    )
]
