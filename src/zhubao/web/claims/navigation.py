"""Subsidy claims in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.loans.claims.selectors import CLAIM_ROLES
from zhubao.web.navigation import Entry

ENTRIES = [
    Entry(
        "claims:all",
        _("Subsidy claims"),
        _("What banks claim each year, recomputed loan by loan; verified, approved by two people and paid."),
        roles=CLAIM_ROLES,
        order=34,
        kind="loan",
    )
]
