"""Who may open these pages, which bank and month an address asks for, and the words they share."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhubao.access import clock
from zhubao.access.actors import Actor
from zhubao.access.models import Organisation
from zhubao.access.roles import Role
from zhubao.loans.deductions.selectors import banks_of, last_month
from zhubao.loans.models.deduction import Result
from zhubao.web.navigation import Label
from zhubao.web.templatetags.zhubao import query

READING_ROLES: Final = frozenset(
    {
        Role.AGENCY_REVIEWER,
        Role.AGENCY_APPROVER,
        Role.AGENCY_ACCOUNTANT,
        Role.BANK_OFFICER,
        Role.BANK_REVIEWER,
        Role.HRSS_SUPERVISOR,
        Role.AUDITOR,
    }
)
ORDERING_ROLES: Final = (Role.AGENCY_ACCOUNTANT,)
LOADING_ROLES: Final = (Role.AGENCY_ACCOUNTANT, Role.BANK_OFFICER)
FOLLOWING_ROLES: Final = (Role.AGENCY_ACCOUNTANT, Role.AGENCY_APPROVER, Role.BANK_OFFICER)
MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
TONES: Final[dict[str, str]] = {Result.TAKEN: "ok", Result.PROTECTED: "info"}
RULES: Final[dict[str, Label]] = {
    "remaining_at_least": _("the urban dibao standard stays"),
    "max_share": _("half of the pension stays"),
    "exclude_basic": _("the basic pension stays"),
    "whole_pension": _("the whole pension may be used, as agreed"),
}


@dataclass(frozen=True)
class Asked:
    """The bank and the month a page is about; no bank where nothing is repaid yet."""

    banks: list[Organisation]
    bank: Organisation | None
    month: date

    @property
    def address(self) -> str:
        """The address of the month view of this bank and month."""
        parts = {"month": f"{self.month:%Y-%m}", "bank": str(self.bank.pk) if self.bank else ""}
        return f"{reverse('deductions:month')}?{query(parts)}"


def asked(actor: Actor, values: Any) -> Asked:
    """Return the bank and month asked for, else the first bank and its latest month; what is no month is passed over."""
    banks = banks_of(actor)
    wanted = values.get("bank", "")
    bank = next((each for each in banks if str(each.pk) == wanted), banks[0] if banks else None)
    said = month_in(values.get("month", ""))
    latest = last_month(actor, bank.pk) if bank is not None and said is None else None
    return Asked(banks, bank, said or latest or clock.today().replace(day=1))


def month_in(text: str) -> date | None:
    """Return the first of a month written as 2026-07; None for anything else."""
    found = MONTH.fullmatch(text.strip())
    return date(int(found[1]), int(found[2]), 1) if found else None


def tone_of(result: str) -> str:
    """Return the tone of what the bank said."""
    return TONES.get(result, "bad")
