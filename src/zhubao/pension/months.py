"""Months as text ("2026-08") and as numbers (year × 12 + month), in which differences are whole months."""

import re
from calendar import monthrange
from datetime import date

from zhubao.errors import ZhubaoError
from zhubao.language import Text

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")


def month_number(text: str, key: str = "") -> int:
    """Return year × 12 + month of "YYYY-MM" or "YYYY-MM-DD"; E-MONTH naming `key` for anything else or a day that does not exist."""
    found = _MONTH.fullmatch(text)
    if found:
        try:
            day = date(int(found[1]), int(found[2]), int(found[3] or 1))
        except ValueError:
            found = None
        else:
            return number_of(day)
    raise ZhubaoError(
        "E-MONTH",
        Text(f"“{text}”不是年月", f"{text!r} is no month"),
        place=key,
        remedy=Text("写成 1971-04 这样的年月", "write it like 1971-04"),
    )


def number_of(day: date) -> int:
    """Return year × 12 + month of a day."""
    return day.year * 12 + day.month


def month_text(number: int) -> str:
    """Return "YYYY-MM" for year × 12 + month."""
    year, month = divmod(number - 1, 12)
    return f"{year:04d}-{month + 1:02d}"


def first_day(number: int) -> date:
    """Return the first day of a month given as year × 12 + month."""
    year, month = divmod(number - 1, 12)
    return date(year, month + 1, 1)


def day_in_month(number: int, day: int) -> date:
    """Return the given day of a month, or its last day where the month is shorter."""
    first = first_day(number)
    return first.replace(day=min(day, monthrange(first.year, first.month)[1]))
