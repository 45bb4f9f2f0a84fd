"""The village's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.web.navigation import Entry

from .waiting import counts


def _waiting(actor: Actor) -> int:
    return counts(actor, clock.today()).to_do


ENTRIES = [
    Entry(
        "village:start",
        _("In the village"),
        _("First review, notices, objections, signatures and renewals, one thing at a time."),
        roles=frozenset({Role.COMMITTEE_MEMBER}),
        order=2,
        kind="loan",
        waiting=_waiting,
    ),
    Entry(
        "village:township",
        _("Villages"),
        _("How the villages of the township stand: applications, late ones, notices that hang."),
        roles=frozenset({Role.TOWNSHIP_CLERK}),
        order=2,
        kind="loan",
    ),
    Entry(
        "village:renewals",
        _("Renewals"),
        _("Yearly renewals in Rugao: who has not filed, and what waits for you."),
        roles=frozenset({Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER, Role.AGENCY_APPROVER}),
        order=28,
        kind="loan",
    ),
]
