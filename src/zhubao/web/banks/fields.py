"""Rates of interest as people type them."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhubao.web.calculator.fields import TypedField

_PERCENT = re.compile(r"(\d{1,2})(?:\.(\d{1,4}))?%?")


class RateField(TypedField):
    """A yearly rate typed in percent ("3.45"), as whole parts per million."""

    def __init__(self, **named: Any) -> None:
        super().__init__(inputmode="decimal", suffix=_("percent a year"), **named)

    def read(self, text: str) -> int:
        """Return ppm; at most four decimals of a percent."""
        found = _PERCENT.fullmatch(text)
        if found is None:
            raise ValidationError(_("Write the yearly rate in percent, for example 3.45."))
        return int(found[1]) * 10_000 + int((found[2] or "").ljust(4, "0"))

    def prepare_value(self, value: Any) -> Any:
        """Show whole ppm as percent; what was typed is shown as it was typed."""
        return percent(value) if isinstance(value, int) else value


def percent(ppm: int) -> str:
    """Return parts per million as percent without needless zeros: 34500 → "3.45"."""
    whole, rest = divmod(ppm, 10_000)
    decimals = f"{rest:04}".rstrip("0")
    return f"{whole}.{decimals}" if decimals else str(whole)
