"""Lending: replay of one life, accrual and month-end of a million loans; the same loans by Decimal and by QuantLib."""

import gc
import time
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib.util import find_spec
from typing import TypeVar

import numpy as np

from zhubao.lending import Terms, replay
from zhubao.lending.batch import Booked, Deducted, Loans, Numbers, caps, interest_units, round_units, step
from zhubao.lending.events import (
    Event,
    Kind,
    agreed_set,
    certified,
    deduction_due,
    floor_set,
    grace_ended,
    pension_set,
    rate_set,
    settled,
    tranche_paid,
)

LOANS = 1_000_000
TRANCHES = 4
COMPARED = 20_000
UNIT = 360_000_000
TERMS = Terms(deduction_rule="remaining_at_least")
ACCRUED_TO = date(2025, 6, 15)
Result = TypeVar("Result")


def main() -> None:
    """Print every figure of the lending core and its ratio to the floor, and what Decimal and QuantLib take for the same loans."""
    whole_life()
    remaining, ppm, since = accrual()
    compared(remaining, ppm, since)
    month_end(remaining, ppm[0])


def whole_life() -> None:
    """Time `replay` of a life of 90 events and a Decimal loop over the same life; check that both end in the same fen."""
    events = life()
    seconds = best(lambda: replay(TERMS, events), repeat=300)
    slow = best(lambda: decimal_life(events), repeat=20)
    outcome = replay(TERMS, events)
    agree = decimal_life(events) == (outcome.total_interest, outcome.principal, outcome.interest_due)
    figure(f"replay of a whole life, {len(events)} events", seconds, 100e-6)
    print(f"  Decimal loop over the same life: {slow * 1e6:,.0f} µs, {slow / seconds:.1f} times as long; same fen: {agree}")


def accrual() -> tuple[Numbers, Numbers, Numbers]:
    """Time the interest of a million loans with four tranches each; return the tranches."""
    random = np.random.default_rng(20260101)
    remaining = random.integers(600_000, 1_200_000, (TRANCHES, LOANS))
    ppm = random.choice(np.array([38_500, 37_000, 36_500, 34_500, 49_000]), (TRANCHES, LOANS))
    first = date(2021, 1, 1).toordinal()
    since = first + 365 * np.arange(TRANCHES)[:, None] + random.integers(0, 365, (TRANCHES, LOANS))
    day = ACCRUED_TO.toordinal()
    seconds = best(lambda: round_units(interest_units(remaining, ppm, since, day), UNIT), repeat=5)
    figure(f"accrual of {LOANS:,} loans, {LOANS * TRANCHES:,} tranches", seconds, 0.3)
    return remaining, ppm, since


def compared(remaining: Numbers, ppm: Numbers, since: Numbers) -> None:
    """Accrue some of the same loans loan by loan with Decimal and with QuantLib, and count the figures that differ."""
    day = ACCRUED_TO.toordinal()
    part = slice(0, COMPARED)
    remaining, ppm, since = remaining[:, part], ppm[:, part], since[:, part]
    own_seconds = best(lambda: round_units(interest_units(remaining, ppm, since, day), UNIT).tolist(), repeat=20)
    ours = round_units(interest_units(remaining, ppm, since, day), UNIT).tolist()
    columns = [
        list(zip(*tranche, strict=True)) for tranche in zip(remaining.T.tolist(), ppm.T.tolist(), since.T.tolist(), strict=True)
    ]
    rivals: dict[str, Callable[[list[list[tuple[int, int, int]]], int], list[int]]] = {"Decimal loop": decimal_accrual}
    if find_spec("QuantLib"):
        rivals["QuantLib"] = quantlib_accrual
    else:
        print("  QuantLib is not installed: not compared")
    for name, rival in rivals.items():
        started = time.perf_counter()
        theirs = rival(columns, day)
        seconds = time.perf_counter() - started
        differ = sum(mine != other for mine, other in zip(ours, theirs, strict=True))
        print(
            f"  {name} on {COMPARED:,} of them: {seconds:.2f} s against {own_seconds * 1000:.1f} ms, "
            f"{seconds / own_seconds:,.0f} times as long; figures that differ: {differ}"
        )


def month_end(remaining: Numbers, rate: Numbers) -> None:
    """Time a whole month of a million loans in memory; check some of them against `replay`."""
    random = np.random.default_rng(7)
    start = ACCRUED_TO.toordinal()
    loans = Loans.empty(LOANS, TRANCHES)
    loans.remaining, loans.ppm = remaining.copy(), np.tile(rate, (TRANCHES, 1))
    loans.principal = remaining.sum(axis=0)
    loans.weight = loans.principal * rate
    loans.subsidised = random.random(LOANS) < 0.4
    loans.open_since[:] = loans.counted_to[:] = start
    pension, floor = random.integers(90_000, 250_000, LOANS), random.integers(70_000, 95_000, LOANS)
    agreed = np.full(LOANS, 60_000, np.int64)
    due, end = date(2025, 7, 15), date(2025, 8, 1)
    gc.collect()
    started = time.perf_counter()
    posted = step(loans, TERMS, due, end, caps(TERMS, pension, floor, pension, agreed))
    seconds = time.perf_counter() - started
    figure(f"month-end of {LOANS:,} loans: accrue, split, cap, allocate, book", seconds, 3.0)
    amounts = (*booked(posted.before), *deducted(posted.deduction), *booked(posted.after))
    print(f"  postings above 0: {sum(int(np.count_nonzero(column)) for column in amounts):,}")
    differ = 0
    for at in range(500):
        events = [
            rate_set(ACCRUED_TO, int(rate[at])),
            floor_set(ACCRUED_TO, int(floor[at])),
            pension_set(ACCRUED_TO, int(pension[at])),
            agreed_set(ACCRUED_TO, 60_000),
            *(tranche_paid(ACCRUED_TO, int(fen)) for fen in remaining[:, at]),
            *([certified(ACCRUED_TO)] if loans.subsidised[at] else []),
            deduction_due(due),
        ]
        outcome = replay(TERMS, events)
        differ += (outcome.principal, outcome.interest_due) != (int(loans.principal[at]), int(loans.interest_due[at]))
    print(f"  500 of them replayed one by one: states that differ: {differ}")


def booked(posting: Booked) -> tuple[Numbers, Numbers]:
    """Return the two columns of a booking."""
    return posting.government, posting.borrower


def deducted(posting: Deducted) -> tuple[Numbers, Numbers]:
    """Return the two columns of a deduction that are postings."""
    return posting.interest, posting.principal


def life() -> list[Event]:
    """Return a life of 90 events: five tranches and settlements, the grace borne by the government, then monthly deductions."""
    events = [rate_set(date(2020, 11, 25), 38_500), certified(date(2020, 11, 25)), grace_ended(date(2025, 6, 1))]
    events += [tranche_paid(date(2020 + year, 11, 25), 640_000 + 30_000 * year) for year in range(5)]
    events += [settled(date(2020 + year, 12, 20)) for year in range(5)]
    events += [pension_set(date(2025 + year, 6, 1), 148_000 + 3_000 * year) for year in range(4)]
    events += [floor_set(date(2025 + year, 1, 1), 96_500 + 3_500 * year) for year in range(4)]
    events += [deduction_due(date(2025 + (month + 5) // 12, (month + 5) % 12 + 1, 15)) for month in range(90 - len(events))]
    return events


def decimal_life(events: list[Event]) -> tuple[int, int, int]:
    """Return interest, principal and interest due of the life with Decimal and a running loop, the usual way to write it."""
    principal = due = total = Decimal(0)
    rate = pension = floor = raw = raw_government = Decimal(0)
    borne = False
    last: date | None = None
    for event in sorted(events):
        if last is not None:
            gained = principal * rate * (event.on - last).days / 360
            raw += gained
            raw_government += gained if borne else Decimal(0)
        last = event.on
        amount = Decimal(event.amount)
        match Kind(event.kind):
            case Kind.RATE_SET:
                rate = amount / 1_000_000
            case Kind.CERTIFIED | Kind.GRACE_ENDED:
                borne = event.kind == Kind.CERTIFIED
            case Kind.PENSION_SET:
                pension = amount
            case Kind.FLOOR_SET:
                floor = amount
            case Kind.TRANCHE_PAID:
                principal += amount
            case _:
                interest = raw.quantize(Decimal(1), ROUND_HALF_UP)
                total += interest
                due += interest - raw_government.quantize(Decimal(1), ROUND_HALF_UP)
                raw = raw_government = Decimal(0)
                if event.kind == Kind.DEDUCTION_DUE:
                    take = min(max(pension - floor, Decimal(0)), principal + due)
                    to_interest = min(take, due)
                    due -= to_interest
                    principal -= take - to_interest
    return int(total), int(principal), int(due)


def decimal_accrual(loans: list[list[tuple[int, int, int]]], day: int) -> list[int]:
    """Return the interest of each loan, fen, with Decimal; a tranche is (fen, ppm, ordinal of its day)."""
    result = []
    for loan in loans:
        total = sum((Decimal(fen) * Decimal(ppm) / 1_000_000 * (day - since) / 360 for fen, ppm, since in loan), Decimal(0))
        result.append(int(total.quantize(Decimal(1), ROUND_HALF_UP)))
    return result


def quantlib_accrual(loans: list[list[tuple[int, int, int]]], day: int) -> list[int]:
    """Return the interest of each loan, fen, with QuantLib's day counter and simple interest."""
    import QuantLib as ql  # noqa: N813

    def converted(ordinal: int) -> ql.Date:
        on = date.fromordinal(ordinal)
        return ql.Date(on.day, on.month, on.year)

    counter, end, result = ql.Actual360(), converted(day), []
    for loan in loans:
        total = 0.0
        for fen, ppm, since in loan:
            rate = ql.InterestRate(ppm / 1_000_000, counter, ql.Simple, ql.Annual)
            total += fen * (rate.compoundFactor(converted(since), end) - 1)
        # Floats carry about eleven digits after the fen here: enough to see an exact half.
        result.append(int(Decimal(repr(round(total, 6))).quantize(Decimal(1), ROUND_HALF_UP)))
    return result


def best(work: Callable[[], Result], repeat: int) -> float:
    """Return the shortest of `repeat` runs in seconds: what the work takes when the machine does nothing else."""
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def figure(what: str, seconds: float, floor: float) -> None:
    """Print a figure with its floor and how many times faster it is."""
    scale, word = (1e6, "µs") if floor < 1e-2 else (1, "s")
    print(f"{what}: {seconds * scale:,.3g} {word}; floor {floor * scale:g} {word}, {floor / seconds:.1f} times as fast")


if __name__ == "__main__":
    main()
