"""Resident pensions in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import READING_ROLES

ENTRIES = [
    Entry(
        "benefits:all",
        _("Resident pensions"),
        _("Who comes of age this month, seniors without any pension, what is paid and by which standard."),
        roles=READING_ROLES,
        order=57,
    )
]
