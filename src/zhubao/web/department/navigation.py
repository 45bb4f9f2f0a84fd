"""Department lists in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.access.roles import AGENCY_ROLES, Role
from zhubao.rosters.lists import differences_for
from zhubao.rosters.versions import HAND_IN_ROLES
from zhubao.web.navigation import Entry


def waiting(actor: Actor) -> int:
    """Return how many differences wait for a post."""
    return differences_for(actor).open().filter(role=actor.role).count()


ENTRIES = [
    Entry(
        "department:home",
        _("Department lists"),
        _("Hand in your department's lists, answer for them, and see who entered and left."),
        roles=frozenset(HAND_IN_ROLES),
        order=19,
    ),
    Entry(
        "department:overview",
        _("Lists by month"),
        _("Which department handed in its list on time, what changed, and what matching found."),
        roles=frozenset({*AGENCY_ROLES, Role.AUDITOR, Role.HRSS_SUPERVISOR}),
        order=22,
    ),
    Entry(
        "department:differences",
        _("Differences of lists"),
        _("People for whom a list and other records do not agree, and who is not enrolled yet."),
        roles=frozenset({Role.AGENCY_REVIEWER, Role.AGENCY_INTAKE, Role.TOWNSHIP_CLERK, Role.CERTIFIER, Role.HRSS_SUPERVISOR}),
        order=23,
        waiting=waiting,
    ),
]
