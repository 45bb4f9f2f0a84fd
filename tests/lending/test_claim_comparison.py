"""A bank's line beside its days: each way of being wrong, as a clerk meets it, with the fen it makes."""

from datetime import date

import pytest

from zhubao.lending import Event, Terms
from zhubao.lending.claim_comparison import Asked, Cause, Compared, compare
from zhubao.lending.events import (
    certification_lost,
    certified,
    contribution_unpaid,
    died,
    grace_ended,
    rate_set,
    tranche_paid,
)
from zhubao.lending.government_days import claim_window, government_days

TERMS = Terms(rate_basis="per_tranche", deduction_rule="remaining_at_least")
DRAWN = date(2022, 1, 10)
# 8 400 yuan at 3.85 % over 360 are 89.8333 fen a day; 344 days from 10 January to 20 December: 30 903 fen.
ALL = 30_903


def day(month: int, number: int, year: int = 2022) -> int:
    return date(year, month, number).toordinal()


def life(*more: Event) -> list[Event]:
    return [rate_set(DRAWN, 38_500, entry=1), tranche_paid(DRAWN, 840_000, entry=2), certified(DRAWN, entry=3), *more]


def line(start: int, end: int, principal: int = 840_000, ppm: int = 38_500, **other: int) -> Asked:
    fen = other.get("fen", (principal * ppm * (end - start) + 180_000_000) // 360_000_000)
    return Asked(start, end, principal, ppm, other.get("days", end - start), fen)


def compared(events: list[Event], *lines: Asked, **more: object) -> Compared:
    start, end = claim_window(TERMS, 2022)
    borne = [each for each in government_days(TERMS, events, date.fromordinal(end)) if each.start >= start]
    return compare(TERMS, events, 2022, lines, borne, **more)  # type: ignore[arg-type]


def test_a_line_that_agrees_has_no_cause() -> None:
    found = compared(life(), line(day(1, 10), day(12, 20)))
    assert (found.asked, found.computed, found.causes, found.main) == (ALL, ALL, {}, None)


def test_lines_rounded_one_by_one_differ_by_a_fen_of_rounding() -> None:
    # 142 days: 12 756.33; 202 days: 18 146.33. The year rounds once.
    found = compared(life(), line(day(1, 10), day(6, 1)), line(day(6, 1), day(12, 20)))
    assert (found.asked, found.computed, found.main) == (ALL - 1, ALL, Cause.ROUNDING)


@pytest.mark.parametrize(
    ("events", "lines", "cause", "fen"),
    [
        pytest.param(life(), [line(day(1, 10), day(12, 20), days=345, fen=30_993)], Cause.DAY_COUNT, 90, id="首尾都算"),
        pytest.param(life(), [line(day(1, 10), day(12, 20), fen=30_480)], Cause.DAY_COUNT, -423, id="按365天"),
        pytest.param(life(), [line(day(1, 10), day(12, 20), fen=33_000)], Cause.ARITHMETIC, 2_097, id="乘错"),
        pytest.param(life(), [line(day(1, 10), day(12, 20), ppm=40_000)], Cause.RATE, 1_204, id="利率高了"),
        pytest.param(life(), [line(day(1, 10), day(12, 20), principal=900_000)], Cause.UNKNOWN_DRAW, 2_207, id="没有这笔放款"),
        pytest.param(life(), [line(day(1, 1), day(12, 20))], Cause.BEFORE_DRAW, 808, id="放款之前"),
        pytest.param(life(), [line(day(1, 10), day(12, 31))], Cause.OUTSIDE_PERIOD, 988, id="年度以外"),
        pytest.param(
            life(certification_lost(date(2022, 7, 1), entry=4)),
            [line(day(1, 10), day(12, 20))],
            Cause.NOT_CERTIFIED,
            15_451,
            id="已无认定",
        ),
        pytest.param(
            life(grace_ended(date(2022, 7, 1), entry=4)),
            [line(day(1, 10), day(12, 20))],
            Cause.AFTER_GRACE,
            15_451,
            id="已领养老金",
        ),
        pytest.param(
            life(died(date(2022, 7, 1), 0, entry=4)), [line(day(1, 10), day(12, 20))], Cause.AFTER_DEATH, 15_451, id="已去世"
        ),
        pytest.param(
            life(contribution_unpaid(date(2022, 7, 1), 2, entry=4)),
            [line(day(1, 10), day(12, 20))],
            Cause.NOT_PAID_IN,
            15_451,
            id="未缴费",
        ),
        pytest.param(
            life(), [line(day(1, 10), day(12, 20)), line(day(7, 1), day(12, 20))], Cause.DUPLICATE, 15_451, id="重复日子"
        ),
        pytest.param(life(), [line(day(1, 10), day(7, 1))], Cause.ASKED_LESS, -15_451, id="少报"),
    ],
)
def test_each_difference_has_its_cause_and_its_fen(events: list[Event], lines: list[Asked], cause: Cause, fen: int) -> None:
    found = compared(events, *lines)
    assert found.main == cause
    assert found.causes[cause] == pytest.approx(fen, abs=1)
    assert found.asked - found.computed == sum(found.causes.values())


def test_what_was_claimed_before_is_not_paid_again() -> None:
    found = compared(life(), line(day(1, 10), day(12, 20)), claimed=ALL)
    assert (found.computed, found.main, found.causes) == (0, Cause.ALREADY_CLAIMED, {Cause.ALREADY_CLAIMED: ALL})


def test_a_difference_of_three_causes_is_told_apart() -> None:
    events = life(certification_lost(date(2022, 9, 1), entry=4))
    found = compared(events, line(day(1, 1), day(9, 1), ppm=40_000), line(day(9, 1), day(12, 20), ppm=40_000))
    assert set(found.causes) >= {Cause.BEFORE_DRAW, Cause.RATE, Cause.NOT_CERTIFIED}
    assert found.asked - found.computed == sum(found.causes.values())
