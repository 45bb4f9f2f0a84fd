"""Days of a loan: counting them, the days on which interest periods close, the days of deduction."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from zhubao.errors import ZhubaoError
from zhubao.language import Text

# Pattern of settlement days → the months in which one falls.
SETTLEMENT_MONTHS = {"monthly": tuple(range(1, 13)), "quarterly": (3, 6, 9, 12), "yearly": (12,)}


def on_day(year: int, month: int, day: int) -> date:
    """Return that day of the month, or the month's last day where it is shorter."""
    return date(year, month, day if day <= 28 else min(day, monthrange(year, month)[1]))


def months_later(start: date, months: int, day: int | None = None) -> date:
    """Return the same day (or `day`) `months` later; the last day of the month where it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return on_day(year, month + 1, day or start.day)


def month_number(day: date) -> int:
    """Return the month as one whole number, year × 12 + month; consecutive months differ by 1."""
    return day.year * 12 + day.month


def month_end(number: int) -> date:
    """Return the last day of the month with that `month_number`."""
    year, month = divmod(number - 1, 12)
    return on_day(year, month + 1, 31)


def thirty_day_units(start: date, end: date) -> int:
    """Return whole months × 30 + odd days from `start` to `end` (end not counted): the days of the method "months and odd days"."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months_later(start, months) > end:
        months -= 1
    return months * 30 + (end - months_later(start, months)).days


def thirty_day_ordinals(start: int, end: int) -> int:
    """Return `thirty_day_units` of two ordinals."""
    return thirty_day_units(date.fromordinal(start), date.fromordinal(end))


def settlement_days(pattern: str, first: date, last: date) -> list[date]:
    """Return the settlement days after `first` up to and including `last`.

    `pattern`: ``none``, ``monthly-20``, ``quarterly-20`` (March, June, September, December) or ``yearly-12-20``.
    Raises E-TERMS-VALUE for any other.
    """
    if pattern == "none":
        return []
    kind, *numbers = pattern.split("-")
    try:
        months = (int(numbers[0]),) if kind == "yearly" else SETTLEMENT_MONTHS[kind]
        day = int(numbers[-1])
        days = (on_day(year, month, day) for year in range(first.year, last.year + 1) for month in months)
        return [day for day in days if first < day <= last]
    except (KeyError, IndexError, ValueError) as error:
        raise ZhubaoError(
            "E-TERMS-VALUE",
            Text(f"不认识的结息日写法 {pattern}", f"settlement days cannot be written {pattern}"),
            place="settlement",
            remedy=Text(
                "如 yearly-12-20、quarterly-20、monthly-20、none", "for example yearly-12-20, quarterly-20, monthly-20, none"
            ),
        ) from error


def deduction_days(first: date, day: int, months: int) -> Iterator[date]:
    """Yield `months` days of deduction: `first`, then `day` of each following month (its last day where it is shorter)."""
    if months > 0:
        yield first
    for later in range(1, months):
        yield months_later(first, later, day)
