"""Fraud and dishonesty in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import FINDING_ROLES

ENTRIES = [
    Entry(
        "integrity:findings",
        _("Fraud and dishonesty"),
        _("Findings of fraud and what is recovered, and who is on the list of seriously dishonest persons until when."),
        roles=FINDING_ROLES,
        order=45,
        kind="loan",
    )
]
