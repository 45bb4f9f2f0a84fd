"""Arrears by age: what was not taken, less what was paid since, the oldest first."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.loans.deductions.arrears import Failure, arrears, by_age

JULY, AUGUST = Failure(date(2022, 7, 1), date(2022, 8, 5), 90_000), Failure(date(2022, 8, 1), date(2022, 9, 5), 50_000)

# Payments, the day asked for → open amounts by age: to 30, 60, 90 days, older.
LIVES = [
    pytest.param([], date(2022, 8, 4), (0, 0, 0, 0), id="扣款日之前"),
    pytest.param([], date(2022, 8, 5), (90_000, 0, 0, 0), id="当天"),
    pytest.param([], date(2022, 9, 4), (90_000, 0, 0, 0), id="第 30 天"),
    pytest.param([], date(2022, 9, 5), (50_000, 90_000, 0, 0), id="第 31 天，又一期未扣"),
    pytest.param([], date(2022, 10, 5), (50_000, 0, 90_000, 0), id="第 61 天"),
    pytest.param([], date(2022, 11, 4), (0, 50_000, 0, 90_000), id="第 91 天"),
    pytest.param([(date(2022, 9, 10), 100_000)], date(2022, 9, 30), (40_000, 0, 0, 0), id="还款先抵最早的"),
    pytest.param([(date(2022, 8, 1), 100_000)], date(2022, 8, 30), (90_000, 0, 0, 0), id="扣款失败之前的还款不抵"),
    pytest.param([(date(2022, 8, 5), 90_000)], date(2022, 8, 30), (0, 0, 0, 0), id="当天还款就抵"),
    pytest.param([(date(2022, 8, 6), 500_000)], date(2022, 9, 30), (50_000, 0, 0, 0), id="多还的不抵以后的"),
]


@pytest.mark.parametrize(("payments", "on", "sums"), LIVES)
def test_what_is_open_by_age(payments: list[tuple[date, int]], on: date, sums: tuple[int, ...]) -> None:
    assert by_age(arrears([AUGUST, JULY], payments, on)) == sums


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 90_000)), max_size=8),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200_000)), max_size=8),
    st.integers(0, 400),
)
def test_nothing_is_made_or_lost_on_the_way(missed: list[tuple[int, int]], paid: list[tuple[int, int]], asked: int) -> None:
    start = date(2022, 1, 1)
    failures = [Failure(start, start + timedelta(day), fen) for day, fen in missed]
    payments = [(start + timedelta(day), fen) for day, fen in paid]
    on = start + timedelta(asked)
    left = sum(each.fen for each in arrears(failures, payments, on))
    owed = 0
    for day in range(asked + 1):
        owed += sum(fen for at, fen in missed if at == day)
        owed -= min(owed, sum(fen for at, fen in paid if at == day))
    assert left == owed
