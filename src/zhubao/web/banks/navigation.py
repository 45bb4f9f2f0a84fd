"""The registry of banks in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .views import BANK_PAGE_ROLES

ENTRIES = [
    Entry(
        "banks:all",
        _("Banks"),
        _("Which banks may be sent a case, what the others lack, what they offer."),
        roles=frozenset(BANK_PAGE_ROLES),
        order=60,
        kind="loan",
    )
]
