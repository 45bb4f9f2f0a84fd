"""Dates, months and rates as a form prints them; what is not yet known leaves room for handwriting."""

from datetime import date

BLANK_DATE = "　　　年　　月　　日"
BLANK_MONTH = "　　　年　　月"


def chinese_date(day: date | None) -> str:
    """Return 2026年3月8日, or room to write a date by hand."""
    return f"{day.year}年{day.month}月{day.day}日" if day else BLANK_DATE


def chinese_month(day: date | None) -> str:
    """Return 2026年3月 for any day of that month, or room to write a month by hand."""
    return f"{day.year}年{day.month}月" if day else BLANK_MONTH


def percent(ppm: int) -> str:
    """Return a yearly rate in parts per million as per cent, at least two decimals: 49000 → "4.90%", 38525 → "3.8525%"."""
    whole, rest = divmod(ppm, 10_000)
    return f"{whole}.{f'{rest:04d}'.rstrip('0').ljust(2, '0')}%"


def length_in_words(months: int) -> str:
    """Return years and months: 148 → 12年4个月, 24 → 2年, 5 → 5个月."""
    years, rest = divmod(months, 12)
    return f"{f'{years}年' if years else ''}{f'{rest}个月' if rest or not years else ''}"
