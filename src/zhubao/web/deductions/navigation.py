"""Deductions in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.web.navigation import Entry

from .finding import READING_ROLES

ENTRIES = [
    Entry(
        "deductions:month",
        _("Deductions"),
        _("Pensions credited, instalments told to the bank and taken, and what is in arrears."),
        roles=READING_ROLES,
        order=33,
        kind="loan",
    )
]
