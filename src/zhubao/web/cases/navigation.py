"""The work queue and the cases in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.tasks.queues import waiting_count
from zhubao.web.navigation import Entry

from .finding import QUEUE_ROLES


def _waiting(actor: Actor) -> int:
    return waiting_count(actor, clock.today())


ENTRIES = [
    Entry(
        "cases:queue",
        _("To do"),
        _("What waits for you, by when, late ones first."),
        roles=QUEUE_ROLES,
        order=5,
        waiting=_waiting,
    ),
]
