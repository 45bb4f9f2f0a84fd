"""Months over which an account is paid out (计发月数): whole years of age before 2025, months of age since then."""

from functools import cache

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.parameters import read_rows

from .months import month_number

RESIDENT_DIVISOR_TENTHS = 1390
_MONTHLY_SINCE = 2025 * 12 + 1


def divisor_tenths(age_months: int, award_month: str) -> int:
    """Return the divisor in tenths of a month for who is awarded a pension at an age of whole months.

    Before 2025-01 the value of the whole year of age counts; since then the yearly values are interpolated by month, half up to
    one decimal, as agencies print it on award sheets (no national text says so). Raises E-PENSION-AGE outside the table.
    """
    years, months = divmod(age_months, 12)
    table = _divisors()
    if month_number(award_month, "award_month") < _MONTHLY_SINCE:
        months = 0
    if years not in table or (months and years + 1 not in table):
        low, high = min(table), max(table)
        raise ZhubaoError(
            "E-PENSION-AGE",
            Text(f"计发月数表只到 {low} 至 {high} 周岁", f"the divisor table runs from {low} to {high} years"),
            place="age_months",
            remedy=Text("核对领取时的月龄", "check the age in months"),
        )
    if not months:
        return table[years] * 10
    twelfths = table[years] * (12 - months) + table[years + 1] * months
    return (twelfths * 10 * 2 + 12) // 24


@cache
def _divisors() -> dict[int, int]:
    return {int(row["age_years"]): int(row["months"]) for row in read_rows("annuity_divisors")}
