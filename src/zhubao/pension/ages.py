"""When a person reaches the statutory age, from when the pension runs, and how many months must be paid by then.

Ages are cohort tables chosen by a date: before 2025 the old ages, since then the gradual rise by birth month (decision of the
National People's Congress Standing Committee of 2024-09-13). Only months count; the day of birth plays no part.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, cast

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import read_rows

from .months import day_in_month, first_day, month_number, month_text, number_of

Category = Literal["male60", "female55", "female50", "resident60"]
CATEGORIES: dict[str, Text] = {
    "male60": Text("男职工（原 60 周岁）", "men, originally 60"),
    "female55": Text("女职工（原 55 周岁）", "women, originally 55"),
    "female50": Text("女职工（原 50 周岁）", "women, originally 50"),
    "resident60": Text("城乡居民（60 周岁）", "residents, 60"),
}
# Flexible retirement exists since the same day as the gradual rise.
_FLEXIBLE_SINCE = 2025 * 12 + 1


@dataclass(frozen=True, slots=True)
class Cohort:
    """One line of the age table: from `first_delayed` on, each `step` birth months add a month of delay, up to `cap` months."""

    original_age: int
    first_delayed: int | None
    step: int
    cap: int
    flexible: int | None
    source: str

    def delay(self, birth: int) -> int:
        """Return the months by which the age of people born in month `birth` is raised."""
        if self.first_delayed is None or birth < self.first_delayed:
            return 0
        return min((birth - self.first_delayed) // self.step + 1, self.cap)


@dataclass(frozen=True, slots=True)
class Retirement:
    """The statutory month of one person and what follows from it; months are "YYYY-MM", durations months."""

    category: Category
    birth: str
    statutory_month: str
    delay_months: int
    age: str
    earliest_flexible: str | None
    latest_flexible: str | None
    required_months: int
    source: str

    @property
    def statutory_number(self) -> int:
        """The statutory month as year × 12 + month."""
        return month_number(self.statutory_month)

    @property
    def age_months(self) -> int:
        """The statutory age in months."""
        return self.statutory_number - month_number(self.birth)

    def as_json(self) -> dict[str, Any]:
        """Return the answer of `zhubao retirement`."""
        return {
            "category": self.category,
            "birth": self.birth,
            "statutory_month": self.statutory_month,
            "delay_months": self.delay_months,
            "age": self.age,
            "earliest_flexible": self.earliest_flexible,
            "latest_flexible": self.latest_flexible,
            "required_months": self.required_months,
            "source": self.source,
        }


def retirement(birth: str | date, category: str, on: date | None = None) -> Retirement:
    """Return the statutory month of a person born in `birth` (month or day) by the tables in force on `on` (None: the newest).

    Raises E-CATEGORY for an unknown category, E-MONTH for a birth that is no month, E-BIRTH-FUTURE for one after `on`.
    """
    if category not in CATEGORIES:
        raise ZhubaoError(
            "E-CATEGORY",
            Text(f"没有“{category}”这一类别", f"there is no category {category!r}"),
            place="category",
            remedy=Text(f"可用：{'、'.join(CATEGORIES)}", f"use one of {', '.join(CATEGORIES)}"),
        )
    born = number_of(birth) if isinstance(birth, date) else month_number(birth, "birth")
    earliest_birth = birth if isinstance(birth, date) else date.fromisoformat(birth if len(birth) > 7 else f"{birth}-01")
    if on is not None and earliest_birth > on:
        raise ZhubaoError(
            "E-BIRTH-FUTURE",
            Text(f"出生年月 {birth} 在 {on} 之后", f"the birth {birth} is after {on}"),
            place="birth",
            remedy=Text("核对出生年月", "check the month of birth"),
        )
    cohort = cohort_of(category, on)
    delay = cohort.delay(born)
    age = cohort.original_age + delay
    statutory = born + age
    earliest = latest = None
    if cohort.flexible is not None and statutory >= _FLEXIBLE_SINCE:
        earliest = month_text(max(statutory - cohort.flexible, born + cohort.original_age))
        latest = month_text(statutory + cohort.flexible)
    required = 180 if category == "resident60" else required_months(month_text(statutory), on)
    return Retirement(
        cast("Category", category),
        month_text(born),
        month_text(statutory),
        delay,
        f"{age // 12}y{age % 12}m",
        earliest,
        latest,
        required,
        cohort.source,
    )


def required_months(retirement_month: str, on: date | None = None) -> int:
    """Return the months that must be paid for a monthly pension by who retires in a month, by the table in force on `on`."""
    year = first_day(month_number(retirement_month)).year
    for first, last, months, version in _required():
        if _in_force(version, on) and first <= year <= last:
            return months
    raise ZhubaoError("E-REQUIRED-MONTHS", Text(f"没有 {year} 年的最低缴费年限", f"there is no required period for {year}"))


def pension_month(award_month: str, rule: str = "next_month") -> str:
    """Return the first month for which a pension is due: the month after the award month, or that month (`same_month`).

    Raises E-PENSION-FROM for a rule that is neither.
    """
    if rule not in {"next_month", "same_month"}:
        raise ZhubaoError(
            "E-PENSION-FROM",
            Text(f"“{rule}”应为 next_month 或 same_month", f"{rule!r} must be next_month or same_month"),
            place="setting.pension_from",
        )
    return month_text(month_number(award_month, "award_month") + (rule == "next_month"))


def day_of_age(birth: date, statutory_month: str) -> date:
    """Return the day the statutory age is reached: the day of birth in that month, its last day where the month is shorter."""
    return day_in_month(month_number(statutory_month), birth.day)


def cohort_of(category: str, on: date | None = None) -> Cohort:
    """Return the line of the age table for a category that is in force on `on` (None: the newest)."""
    return next(cohort for name, version, cohort in _cohorts() if name == category and _in_force(version, on))


def _in_force(version: tuple[date, date], on: date | None) -> bool:
    first, last = version
    return last == date.max if on is None else first <= on <= last


def _version(row: dict[str, str]) -> tuple[date, date]:
    first, last = row["effective_from"], row["effective_to"]
    return (date.fromisoformat(first) if first else date.min, date.fromisoformat(last) if last else date.max)


@cache
def _cohorts() -> tuple[tuple[str, tuple[date, date], Cohort], ...]:
    return tuple(
        (
            row["category"],
            _version(row),
            Cohort(
                int(row["original_age_months"]),
                month_number(row["first_delayed_birth"]) if row["first_delayed_birth"] else None,
                int(row["step_months"] or 1),
                int(row["cap_months"]),
                int(row["flexible_months"]) if row["flexible_months"] else None,
                row["source"],
            ),
        )
        for row in read_rows("retirement_ages")
    )


@cache
def _required() -> tuple[tuple[int, int, int, tuple[date, date]], ...]:
    return tuple(
        (int(row["first_year"] or 0), int(row["last_year"] or 9999), int(row["months"]), _version(row))
        for row in read_rows("required_months")
    )
