"""The entry of the navigation: the documents are public."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

ENTRIES = [
    Entry(
        "policies:index",
        _("Policies"),
        _("The five documents clause by clause: what carries each out, and what is still open."),
        roles=frozenset(),
        order=80,
    ),
]
