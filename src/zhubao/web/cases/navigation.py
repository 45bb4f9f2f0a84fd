"""The work queue and the cases in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.access.actors import Actor
from zhubao.tasks.selectors import waiting_for
from zhubao.web.navigation import Entry

from .finding import CASE_ROLES


def _waiting(actor: Actor) -> int:
    return waiting_for(actor).order_by().count()


ENTRIES = [
    Entry(
        "cases:queue",
        _("To do"),
        _("What waits for you, by when, late ones first."),
        roles=CASE_ROLES,
        order=5,
        waiting=_waiting,
    ),
]
