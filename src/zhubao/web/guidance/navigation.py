"""Guidance for everybody, and helping the uninsured for the offices that do it."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import READING_ROLES

ENTRIES = [
    Entry(
        "guidance:index",
        _("Which scheme?"),
        _("Employees', residents', subsidy, on behalf or loan: what each costs and pays. Nothing typed is kept."),
        roles=frozenset(),
        order=74,
    ),
    Entry(
        "guidance:help",
        _("Help to enrol"),
        _("People on the rosters and flexible workers who are in no pension scheme, and what came of helping them."),
        roles=READING_ROLES,
        order=58,
    ),
]
