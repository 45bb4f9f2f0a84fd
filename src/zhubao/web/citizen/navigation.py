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
]
