"""When a person reaches the pension, as expressions: the cohort tables of the 2025 reform and of the rising minimum years.

The tables used are those in force on the day asked about: before 2025 a man retires at 60 whatever year he was born. The same
figures are computed by `zhubao.pension` for one person; a property test holds the two together.
"""

from dataclasses import dataclass
from datetime import date

from zhubao.parameters import read_rows
from zhubao.rules.binding import day_number
from zhubao.rules.expressions import Flag, Number, agree, decide, decide_number, flag, least, number, text
from zhubao.rules.policy import Policy

from .vocabulary import Person

CATEGORIES = ("male60", "female55", "female50", "resident60")


@dataclass(frozen=True)
class Retirement:
    """Named results: months are month counts (year × 12 + month), days yyyymmdd.

    `statutory_month` is the month the statutory age is reached, `pension_month` the first month of pension; `months_left` counts
    the months that can still be paid, the month asked about included. `day_of_age` is the day the age is reached, the earliest
    where only the month of birth is known; `past_age` and `within_years` are then unknown where its ends do not agree.
    """

    statutory_month: Number
    pension_month: Number
    required_months: Number
    months_left: Number
    day_of_age: Number
    past_age: Flag
    within_years: Flag


def retirement(law: Policy, *, years: Number) -> Retirement:
    """Declare the retirement of the person under `law`; `within_years` tells whether the age is at most `years` years away, inclusive."""
    who = Person(law)
    on = law.on()
    birth_first, birth_last = who.number("birth_first"), who.number("birth_last")
    sex, named = who.text("sex"), who.text("retirement_category")
    category = law.derive(
        "category_of_age",
        decide([(named.known(), named), (sex == "male", text("male60"))], text("female55")),
    )
    birth_month = law.derive("birth_month", birth_first.month_count())
    month = law.derive("month_asked", on.month_count())
    age = decide_number([(category == name, _age_months(name, birth_month, on)) for name in CATEGORIES])
    statutory = law.derive("statutory_month", birth_month + age)
    elected, fixed = who.number("elected_month"), who.number("months_to_pension")
    delay = law.setting(
        "pension_from",
        "months",
        "到龄后起领月份",
        "first month of pension after the age",
        default=1,
        codes={"next_month": 1, "same_month": 0},
    )
    pension_month = law.derive(
        "pension_month",
        decide_number([(fixed.known(), month + fixed), (elected.known(), elected + delay)], statutory + delay),
    )
    months_left = law.derive("months_left", pension_month - month)
    year_of_age = law.derive("year_of_age", (statutory - 1).quotient(12))
    required = law.derive("required_months", decide([(category == "resident60", number(180))], _required(year_of_age, on)))
    # Days of a month are compared as yyyymmdd: its first day less one stands before it, its last day ends it.
    before = law.derive("day_before_month_of_age", year_of_age * 10_000 + (statutory - year_of_age * 12) * 100)
    length = law.derive("days_in_month_of_age", _days_in_month(year_of_age, statutory - year_of_age * 12))
    first, last = (
        law.derive(f"day_of_age_{end}", before + least(birth.day_of_month(), length))
        for end, birth in (("first", birth_first), ("last", birth_last))
    )
    past_age = law.derive("past_age", agree(on > first, on > last, settled_by="birth_first"))
    reach = on + years * 10_000
    within = agree(reach >= first, reach >= last, settled_by="birth_first")
    return Retirement(statutory, pension_month, required, months_left, first, past_age, within)


def _age_months(category: str, birth_month: Number, on: Number) -> Number:
    """Return the statutory age in months of a category, by the table version in force on the day."""
    versions: list[tuple[Flag, Number | int]] = []
    for row in read_rows("retirement_ages"):
        if row["category"] != category:
            continue
        months: Number | int = int(row["original_age_months"])
        if row["first_delayed_birth"]:
            year, month = row["first_delayed_birth"].split("-")
            cohort = birth_month - (int(year) * 12 + int(month))
            step, cap = int(row["step_months"]), int(row["cap_months"])
            delay = decide_number([(cohort < 0, 0), (cohort >= step * (cap - 1), cap)], cohort.quotient(step) + 1)
            months = delay + months
        versions.append((_in_force(row, on), months))
    return decide_number(versions)


def _required(year: Number, on: Number) -> Number:
    """Return the months of contribution the pension wants, by the year of the statutory month."""
    rows: list[tuple[Flag, Number | int]] = []
    reached = ("", "", "")  # version and first year that the row before leaves to the next
    for row in read_rows("required_months"):
        follows = reached == (row["effective_from"], row["effective_to"], row["first_year"])
        first = year >= int(row["first_year"]) if row["first_year"] and not follows else flag(True)
        last = year <= int(row["last_year"]) if row["last_year"] else flag(True)
        rows.append((_in_force(row, on) & first & last, int(row["months"])))
        reached = (row["effective_from"], row["effective_to"], str(int(row["last_year"]) + 1) if row["last_year"] else "")
    # Without a birth the year is unknown, and so are the months: a version without a year range would answer all the same.
    return decide([(year.known(), decide_number(rows))])


def _in_force(row: dict[str, str], on: Number) -> Flag:
    start = on >= day_number(date.fromisoformat(row["effective_from"])) if row["effective_from"] else flag(True)
    end = on <= day_number(date.fromisoformat(row["effective_to"])) if row["effective_to"] else flag(True)
    return start & end


def _days_in_month(year: Number, month: Number) -> Number:
    """Return the days of month 1..12 of a year."""
    leap = ((year.remainder(4) == 0) & ~(year.remainder(100) == 0)) | (year.remainder(400) == 0)
    short = (month == 4) | (month == 6) | (month == 9) | (month == 11)
    return decide_number([(month == 2, decide_number([(leap, 29)], 28)), (short, 30)], 31)
