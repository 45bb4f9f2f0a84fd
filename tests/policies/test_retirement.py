"""The retirement of the rules (expressions, for everybody at once) is that of `zhubao.pension` (for one person)."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.language import Text
from zhubao.pension import CATEGORIES, day_of_age, number_of, required_months, retirement
from zhubao.policies.judging import Judge
from zhubao.policies.retirement import retirement as declare
from zhubao.rules import Known, Policy, number


def _judge() -> Judge:
    law = Policy("retirement", Text("退休", "retirement"), "36", "loan", "employee_pension", (None, None), trial=True)
    declared = declare(law, years=number(8))
    law.figure("statutory_month", declared.statutory_month)
    law.figure("required_months", declared.required_months)
    law.figure("pension_month", declared.pension_month)
    law.figure("day", declared.day_of_age)
    law.must("x", "未满", "not past", ~declared.past_age)
    return Judge(law)


JUDGE = _judge()


@given(
    birth=st.dates(date(1940, 1, 1), date(1990, 12, 31)) | st.sampled_from([date(year, 2, 29) for year in range(1944, 1990, 4)]),
    category=st.sampled_from(sorted(CATEGORIES)),
    on=st.dates(date(2020, 12, 30), date(2045, 12, 31)) | st.sampled_from([date(2024, 12, 31), date(2025, 1, 1)]),
)
@settings(max_examples=300, deadline=None)
def test_the_same_months_and_the_same_day(birth: date, category: str, on: date) -> None:
    born = birth.year * 10_000 + birth.month * 100 + birth.day
    known = Known({"birth_first": born, "birth_last": born, "retirement_category": category})
    answer = JUDGE.judge(known, JUDGE.binding(on))
    expected = retirement(birth, category, on)
    reached = day_of_age(birth, expected.statutory_month)
    assert answer.amounts == {
        "statutory_month": expected.statutory_number,
        "required_months": expected.required_months,
        "pension_month": expected.statutory_number + 1,
        "day": reached.year * 10_000 + reached.month * 100 + reached.day,
    }
    assert answer.verdict == ("not_met" if on > reached else "met")


def test_known_months() -> None:
    """By the annex of the reform: a woman of April 1971 in the category of 55 retires in August 2026."""
    on = date(2026, 10, 12)
    answer = JUDGE.judge(
        Known({"birth_first": 19710401, "birth_last": 19710430, "retirement_category": "female55"}), JUDGE.binding(on)
    )
    assert answer.amounts["statutory_month"] == number_of(date(2026, 8, 1))
    assert required_months("2026-08") == answer.amounts["required_months"] == 180
