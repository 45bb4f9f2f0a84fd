"""Statements in the navigation."""

from django.utils.translation import gettext_lazy as _

from zhubao.loans.statements.collective import AUDIENCES
from zhubao.web.navigation import Entry

OVERVIEW_ROLES = frozenset[str]().union(*(audience.roles for audience in AUDIENCES.values()))

ENTRIES = [
    Entry(
        "statements:all",
        _("Statements"),
        _(
            "What the loans of a month or a year come to, for finance, human resources and the bank; the borrowers' yearly statements."
        ),
        roles=OVERVIEW_ROLES,
        order=34,
        kind="loan",
    )
]
