"""The yearly verification in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import READING_ROLES

ENTRIES = [
    Entry(
        "verification:all",
        _("Yearly verification"),
        _("Look every borrower up in the departments' rosters once a year, and decide who keeps the subsidy."),
        roles=READING_ROLES,
        order=33,
        kind="loan",
    )
]
