"""Transfers in the navigation, of the agency and of citizens."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry
from zhubao.workflow import CITIZEN

from .finding import READING_ROLES

ENTRIES = [
    Entry(
        "transfers:all",
        _("Transfers"),
        _("Pension relations that move to another place or scheme: checked, held by open loans, done by their day."),
        roles=READING_ROLES,
        order=56,
    ),
    Entry(
        "transfers:own",
        _("Move my pension"),
        _("Move your pension relation to another place or scheme, and see how it stands."),
        roles=frozenset({CITIZEN}),
        order=20,
    ),
]
