"""Statutory months against the appendix of the decision of 2024, flexible windows and required months."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.errors import ZhubaoError
from zhubao.pension import day_of_age, month_number, month_text, pension_month, required_months, retirement

TABLE = Path(__file__).parent / "tables" / "statutory_months.csv"


def test_every_row_of_the_appendix() -> None:
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 414
    for row in rows:
        answer = retirement(row["birth"], row["category"])
        found = (str(answer.delay_months), answer.age, answer.statutory_month)
        assert found == (row["delay_months"], row["age"], row["statutory_month"]), row


@pytest.mark.parametrize(
    ("category", "birth", "statutory", "delay", "age", "earliest", "latest", "required"),
    [
        ("female55", "1971-04", "2026-08", 4, "55y4m", "2026-04", "2029-08", 180),
        ("male60", "1964-12", "2024-12", 0, "60y0m", None, None, 180),
        ("male60", "1965-01", "2025-02", 1, "60y1m", "2025-01", "2028-02", 180),
        ("male60", "1976-08", "2039-07", 35, "62y11m", "2036-08", "2042-07", 240),
        ("male60", "1976-09", "2039-09", 36, "63y0m", "2036-09", "2042-09", 240),
        ("male60", "1990-05", "2053-05", 36, "63y0m", "2050-05", "2056-05", 240),
        ("female50", "1974-12", "2024-12", 0, "50y0m", None, None, 180),
        ("female50", "1984-11", "2039-11", 60, "55y0m", "2036-11", "2042-11", 240),
        ("female55", "1981-09", "2039-09", 36, "58y0m", "2036-09", "2042-09", 240),
        ("female55", "1973-06", "2029-05", 11, "55y11m", "2028-06", "2032-05", 180),
        ("resident60", "1971-04", "2031-04", 0, "60y0m", None, None, 180),
    ],
)
def test_people_by_todays_tables(
    category: str, birth: str, statutory: str, delay: int, age: str, earliest: str | None, latest: str | None, required: int
) -> None:
    answer = retirement(birth, category, date(2026, 11, 21))
    assert (answer.statutory_month, answer.delay_months, answer.age) == (statutory, delay, age)
    assert (answer.earliest_flexible, answer.latest_flexible, answer.required_months) == (earliest, latest, required)


@pytest.mark.parametrize(
    ("category", "statutory"),
    [("male60", "2035-03"), ("female55", "2030-03"), ("female50", "2025-03"), ("resident60", "2035-03")],
)
def test_before_2025_the_old_ages_held(category: str, statutory: str) -> None:
    answer = retirement("1975-03", category, date(2024, 12, 31))
    assert (answer.statutory_month, answer.delay_months, answer.required_months) == (statutory, 0, 180)
    assert answer.earliest_flexible is None
    assert answer.latest_flexible is None


@pytest.mark.parametrize(
    ("year", "months"),
    [
        *[(2024, 180), (2029, 180), (2030, 186), (2031, 192), (2032, 198), (2033, 204), (2034, 210), (2035, 216)],
        *[(2036, 222), (2037, 228), (2038, 234), (2039, 240), (2040, 240), (2060, 240)],
    ],
)
def test_required_months_by_year(year: int, months: int) -> None:
    assert required_months(f"{year}-01") == months
    assert required_months(f"{year}-12") == months
    assert required_months(f"{year}-12", date(2024, 6, 1)) == 180


def test_a_day_of_birth_counts_as_its_month() -> None:
    assert retirement("1971-04-30", "female55") == retirement("1971-04", "female55") == retirement(date(1971, 4, 1), "female55")


@pytest.mark.parametrize(
    ("birth", "category", "code"),
    [
        ("1971-13", "female55", "E-MONTH"),
        ("1971-00", "female55", "E-MONTH"),
        ("1971-02-30", "female55", "E-MONTH"),
        ("1971-4", "female55", "E-MONTH"),
        ("197104", "female55", "E-MONTH"),
        ("", "female55", "E-MONTH"),
        ("1971-04", "female", "E-CATEGORY"),
        ("1971-04", "female_55", "E-CATEGORY"),
        ("2026-12", "female55", "E-BIRTH-FUTURE"),
        ("2026-11-22", "female55", "E-BIRTH-FUTURE"),
    ],
)
def test_refused_births(birth: str, category: str, code: str) -> None:
    with pytest.raises(ZhubaoError) as error:
        retirement(birth, category, date(2026, 11, 21))
    assert error.value.code == code


def test_the_pension_month_follows_the_award() -> None:
    assert pension_month("2026-12") == "2027-01"
    assert pension_month("2026-12", "same_month") == "2026-12"
    with pytest.raises(ZhubaoError, match="E-PENSION-FROM"):
        pension_month("2026-12", "later")


@pytest.mark.parametrize(
    ("birth", "statutory", "day"),
    [
        (date(1971, 4, 30), "2026-08", date(2026, 8, 30)),
        (date(1970, 1, 31), "2025-02", date(2025, 2, 28)),
        (date(1964, 2, 29), "2024-02", date(2024, 2, 29)),
    ],
)
def test_the_day_of_age(birth: date, statutory: str, day: date) -> None:
    assert day_of_age(birth, statutory) == day


@settings(max_examples=60, deadline=None)
@given(st.integers(1950 * 12 + 1, 2005 * 12), st.sampled_from(["male60", "female55", "female50"]))
def test_a_later_birth_never_retires_earlier(birth: int, category: str) -> None:
    earlier, later = retirement(month_text(birth), category), retirement(month_text(birth + 1), category)
    assert later.statutory_number > earlier.statutory_number
    assert later.required_months >= earlier.required_months
    assert month_number(earlier.statutory_month) - birth == earlier.age_months
