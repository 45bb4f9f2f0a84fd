"""Files between offices in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .views import FILE_ROLES

ENTRIES = [
    Entry(
        "files:all",
        _("Files"),
        _("What came from other offices and what went to them, line by line."),
        roles=frozenset(FILE_ROLES),
        order=35,
    )
]
