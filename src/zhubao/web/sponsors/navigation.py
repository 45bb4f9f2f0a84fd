"""Sponsors in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import READING_ROLES

ENTRIES = [
    Entry(
        "sponsors:listing",
        _("Sponsors"),
        _(
            "Collectives, organisations, charities and individuals who pay contributions for others; ceilings, payments, receipts."
        ),
        roles=READING_ROLES,
        order=36,
        kind="assistance",
    )
]
