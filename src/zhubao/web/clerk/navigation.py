"""Rosters and screenings in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.rosters.actions import RECEIVING_ROLES, SCREENING_ROLES
from zhubao.rosters.selectors import refused_files
from zhubao.web.navigation import Entry

ENTRIES = [
    Entry(
        "clerk:rosters",
        _("Rosters"),
        _("Hand in department rosters and see how each file was read."),
        roles=frozenset(RECEIVING_ROLES),
        order=20,
        waiting=refused_files,
    ),
    Entry(
        "clerk:screenings",
        _("Screenings"),
        _("Check everybody on the rosters against a policy, clause by clause."),
        roles=frozenset(SCREENING_ROLES),
        order=21,
    ),
]
