"""Measures in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.oversight.measures.course import READERS
from zhubao.web.navigation import Entry

ENTRIES = [
    Entry(
        "measures:all",
        _("Measures"),
        _("What the documents ask offices to organise: reports due, figures, evidence, and the bulletin of a quarter."),
        roles=frozenset(READERS),
        order=37,
    ),
    Entry(
        "measures:stories",
        _("People who were helped"),
        _("What the measures did for people, told with their consent and with masked names."),
        roles=frozenset(),
        order=76,
    ),
]
