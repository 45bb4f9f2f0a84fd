"""Yearly plans in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import READING_ROLES

ENTRIES = [
    Entry(
        "assistance:all",
        _("Yearly plans"),
        _("Who is paid for in a year, by whom and how much, from the departments' lists; kept up month by month."),
        roles=READING_ROLES,
        order=37,
        kind="assistance",
    )
]
