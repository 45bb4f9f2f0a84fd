"""The entries of the navigation: those who decide see how many figures are still missing."""

from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import EVERY_ROLE
from zhubao.programmes.actions import DECIDING_ROLES
from zhubao.programmes.selectors import missing_figures
from zhubao.web.navigation import Entry

LABEL = _("Parameters")


def missing(actor: Actor) -> int:
    """Return how many figures the actor's place lacks today."""
    return missing_figures(actor, clock.today())


ENTRIES = [
    Entry(
        "parameters:index",
        LABEL,
        _("The figures decisions rest on, with source and date; what is missing; the open questions."),
        roles=frozenset(DECIDING_ROLES),
        order=81,
        waiting=missing,
    ),
    Entry(
        "parameters:index",
        LABEL,
        _("The figures decisions rest on, with their sources, and the answers to the open questions."),
        roles=EVERY_ROLE - frozenset(DECIDING_ROLES),
        order=81,
    ),
]
