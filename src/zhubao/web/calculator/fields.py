"""Fields that understand what people type: months, days' worth of money, percentages. Errors say what would be right."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# 1971-06, 1971.6, 1971年6月, 197106, 1971/6; a day may follow and is passed over.
_MONTH = re.compile(r"(\d{4})(?:[-./年]?(\d{2})|[-./年](\d))月?(?:[-./]?\d{1,2}日?)?")
_NUMBER = re.compile(r"(-?)(\d{1,12})(?:\.(\d+))?")
EARLIEST_YEAR = 1900
MOST_YUAN = 10_000_000


def plain(text: str) -> str:
    """Return text with full-width characters narrowed, without blanks and separators."""
    return re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))


class TypedField(forms.Field):
    """A one-line field whose value is read by `read`; `suffix` stands behind it."""

    suffix: Any = ""

    def __init__(self, *, placeholder: str = "", inputmode: str = "text", suffix: Any = "", **named: Any) -> None:
        attributes = {"inputmode": inputmode, "autocomplete": "off", "maxlength": "20"}
        if placeholder:
            attributes["placeholder"] = placeholder
        super().__init__(widget=forms.TextInput(attrs=attributes), **named)
        self.suffix = suffix

    def to_python(self, value: Any) -> Any:
        """Return what the text says; None for an empty one."""
        text = plain(str(value)) if value not in self.empty_values else ""
        return self.read(text) if text else None

    def read(self, text: str) -> Any:
        """Return the value of a text that is not empty; ValidationError when it has none."""
        return text


class MonthField(TypedField):
    """A month as "1971-06", however it was typed."""

    def read(self, text: str) -> str:
        """Return the month; a month beyond 12 and letters are told apart."""
        found = _MONTH.fullmatch(text)
        if found is None:
            raise ValidationError(_("Write year and month, for example 1971-06."))
        year, month = int(found[1]), int(found[2] or found[3])
        if not 1 <= month <= 12:
            raise ValidationError(_("There are only twelve months: write 01 to 12 after the year."))
        if year < EARLIEST_YEAR:
            raise ValidationError(_("Check the year: it lies before 1900."))
        return f"{year}-{month:02}"


class MoneyField(TypedField):
    """An amount typed in yuan, as whole fen."""

    def __init__(self, **named: Any) -> None:
        super().__init__(inputmode="decimal", suffix=_("yuan"), **named)

    def read(self, text: str) -> int:
        """Return fen; at most two decimals, never negative."""
        found = _NUMBER.fullmatch(text.removesuffix("元"))
        if found is None:
            raise ValidationError(_("Write an amount in figures, for example 38200."))
        sign, yuan, decimals = found[1], int(found[2]), found[3] or ""
        if sign and (yuan or decimals.strip("0")):
            raise ValidationError(_("An amount cannot be negative."))
        if len(decimals) > 2:
            raise ValidationError(_("At most two decimals: fen is the smallest unit."))
        if yuan > MOST_YUAN:
            raise ValidationError(_("The amount is too large; check the figures."))
        return yuan * 100 + int(decimals.ljust(2, "0") or 0)


class WholeField(TypedField):
    """A whole number between two bounds, both included."""

    def __init__(self, least: int, most: int, **named: Any) -> None:
        super().__init__(inputmode="numeric", **named)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        """Return the number."""
        found = _NUMBER.fullmatch(text)
        if found is None or found[3]:
            raise ValidationError(_("Write a whole number in figures."))
        number = int(found[1] + found[2])
        if not self.least <= number <= self.most:
            raise ValidationError(
                _("Write a number from %(least)s to %(most)s."), params={"least": self.least, "most": self.most}
            )
        return number


class DecimalTextField(TypedField):
    """A decimal kept as text, such as an index of 0.60; `most` is exclusive of nothing: both bounds are included."""

    def __init__(self, least: str, most: str, **named: Any) -> None:
        super().__init__(inputmode="decimal", **named)
        self.least, self.most = least, most

    def read(self, text: str) -> str:
        """Return the text after checking its range; six decimals at most."""
        found = _NUMBER.fullmatch(text.removesuffix("%"))
        if found is None or len(found[3] or "") > 6:
            raise ValidationError(_("Write a decimal number, for example %(example)s."), params={"example": self.least})
        number = _millionths(found)
        bounds = [_millionths(bound) for bound in (_NUMBER.fullmatch(self.least), _NUMBER.fullmatch(self.most)) if bound]
        if not bounds[0] <= number <= bounds[1]:
            raise ValidationError(
                _("Write a number from %(least)s to %(most)s."), params={"least": self.least, "most": self.most}
            )
        return f"{found[2]}.{found[3]}" if found[3] else found[2]


def _millionths(found: "re.Match[str]") -> int:
    number = int(found[2]) * 1_000_000 + int((found[3] or "").ljust(6, "0") or 0)
    return -number if found[1] else number


class DayField(forms.DateField):
    """A day in the browser's own date field."""

    def __init__(self, **named: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": _("Write a day such as 2026-10-12.")},
            **named,
        )
