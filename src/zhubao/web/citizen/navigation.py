"""The entry of the navigation: citizens see their own applications."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry
from zhubao.workflow import CITIZEN

ENTRIES = [
    Entry(
        "citizen:start",
        _("My application"),
        _("Apply for a loan, and see how an application stands."),
        roles=frozenset({CITIZEN}),
        order=10,
    ),
    Entry(
        "citizen:pension",
        _("My resident pension"),
        _("Your account and who paid it, this year's help, what is under way, the pension you draw."),
        roles=frozenset({CITIZEN}),
        order=11,
    ),
]
