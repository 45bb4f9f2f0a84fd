"""Personal accounts in the navigation of the agency, of those who supervise it, and of citizens."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry
from zhubao.workflow import CITIZEN

from .finding import READING_ROLES

ENTRIES = [
    Entry(
        "accounts:all",
        _("Personal accounts"),
        _("What stands in an account and whose money it was, the year's interest, contribution subsidies."),
        roles=READING_ROLES,
        order=56,
    ),
    Entry(
        "accounts:mine",
        _("My account"),
        _("What you have saved for your pension, who paid it, and the interest of every year."),
        roles=frozenset({CITIZEN}),
        order=12,
    ),
]
