"""How a value on a person's sheet reads: months as years and months, fen as yuan, codes as words."""

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhubao.documents.amounts import amount_in_yuan
from zhubao.identity import full_area_name
from zhubao.rules.assessment import readable
from zhubao.rules.compiled import Scalar
from zhubao.rules.policy import Policy
from zhubao.screening.reasons import DEPARTMENTS

from .words import CODES, language, said


def shown(value: Scalar, unit: str, policy: Policy) -> str:
    """Return a value with its unit as a clerk reads it; "" for an unknown one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return code_said(value, policy)
    if unit == "fen":
        return _("%(amount)s yuan") % {"amount": amount_in_yuan(value)}
    if unit == "ppm":
        return f"{value // 10_000}.{value % 10_000:04d}".rstrip("0").rstrip(".") + "%"
    if unit == "months":
        return months_said(value)
    if unit == "month":
        year, month = divmod(value - 1, 12)
        return date_format(date(year, month + 1, 1), _("F Y"))
    if unit == "day":
        return date_format(date.fromisoformat(str(readable(value, unit))), _("j F Y"))
    return str(value)


def months_said(count: int) -> str:
    """Return a count of months as years and months: 148 → 12年4个月."""
    years, months = divmod(abs(count), 12)
    parts = []
    if years:
        parts.append(ngettext("%(count)d year", "%(count)d years", years) % {"count": years})
    if months or not years:
        parts.append(ngettext("%(count)d month", "%(count)d months", months) % {"count": months})
    words = ("" if language() == "zh" else " ").join(parts)
    return f"-{words}" if count < 0 else words


def code_said(code: str, policy: Policy) -> str:
    """Return a code in words: a category, a department, a scheme, an area."""
    if code in policy.identities:
        return said(policy.identities[code].label)
    if code in DEPARTMENTS:
        return said(DEPARTMENTS[code])
    if code in CODES:
        return str(CODES[code])
    if re.fullmatch(r"\d{6}", code) and (name := full_area_name(code)):
        return f"{code} {name}"
    return code


def unit_of(amount: str) -> str:
    """Return the unit that the name of an amount tells: fen, ppm, else months."""
    return "fen" if amount.endswith("_fen") else "ppm" if amount.endswith("_ppm") else "months"
