"""Services from home in the navigation, of citizens and of the offices that deal with them."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry
from zhubao.workflow import CITIZEN

from .requests import READING_ROLES

ENTRIES = [
    Entry(
        "services:menu",
        _("Do it from home"),
        _("Enrol, claim your pension, or prove that you draw it."),
        roles=frozenset({CITIZEN}),
        order=15,
    ),
    Entry(
        "services:requests",
        _("Services from home"),
        _("Enrolment and proof of life asked for online or at the counter, and how much of it is online by township."),
        roles=READING_ROLES,
        order=59,
    ),
]
