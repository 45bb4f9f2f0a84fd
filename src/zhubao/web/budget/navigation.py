"""Budgets in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.oversight.budget.selectors import READERS
from zhubao.web.navigation import Entry

ENTRIES = [
    Entry(
        "budget:all",
        _("Budget"),
        _("What interest subsidy, backstop and draws of the coming years come to, and what would change them."),
        roles=frozenset(READERS),
        order=36,
        kind="loan",
    )
]
