"""Collection and claims in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import COLLECTION_ROLES

ENTRIES = [
    Entry(
        "collection:all",
        _("Collection and claims"),
        _("Contributions on behalf: own parts collected, tax's files, verification, claims, refunds, three-way reconciliation."),
        roles=frozenset(COLLECTION_ROLES),
        order=38,
        kind="assistance",
    )
]
