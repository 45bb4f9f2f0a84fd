"""Administration in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.access.roles import Role
from zhubao.web.navigation import Entry

ADMINISTRATORS = frozenset({Role.AGENCY_ADMINISTRATOR})
ENTRIES = [
    Entry(
        "administration:people",
        _("People and posts"),
        _("Who may sign in, at which posts; new passwords; closing an account."),
        roles=ADMINISTRATORS,
        order=80,
    ),
    Entry(
        "administration:organisations",
        _("Organisations"),
        _("The offices that take part: agency, committees, departments, bank."),
        roles=ADMINISTRATORS,
        order=81,
    ),
]
