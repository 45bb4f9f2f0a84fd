"""The entry of the navigation: the calculators are public."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

ENTRIES = [
    Entry(
        "calculator:index",
        _("Do the sums"),
        _("What a contribution loan costs and brings, and whether a contribution is paid on behalf. Nothing typed is kept."),
        roles=frozenset(),
        order=75,
    ),
]
