"""The month-end in arrays against the replay of each loan: thousands of lives drawn at random, fen for fen."""

import random
from datetime import date

import numpy as np
import pytest

from zhubao.lending import Event, Terms, replay
from zhubao.lending.batch import (
    Booked,
    Loans,
    accrue,
    book,
    caps,
    close,
    interest_units,
    pay,
    pay_out,
    round_units,
    set_subsidised,
    step,
    supports,
)
from zhubao.lending.days import months_later
from zhubao.lending.events import (
    agreed_set,
    basic_pension_set,
    booked,
    certification_lost,
    certified,
    deduction_due,
    floor_set,
    pension_set,
    rate_set,
    settled,
    tranche_paid,
)

LIVES = 2_500
TRANCHES = 4
GRACE = [months_later(date(2021, 1, 31), month) for month in range(24)]
REPAYMENT = [months_later(date(2023, 1, 20), month) for month in range(12)]
RULES = [
    Terms(rate_basis="per_tranche", deduction_rule="remaining_at_least"),
    Terms(rate_basis="per_tranche", deduction_rule="max_share", share_percent=50, day_count="act365"),
    Terms(rate_basis="per_tranche", deduction_rule="exclude_basic"),
    Terms(rate_basis="per_tranche", deduction_rule="whole_pension"),
]


@pytest.mark.parametrize("terms", RULES, ids=lambda terms: terms.deduction_rule)
def test_folding_steps_over_arrays_is_replaying_each_loan(terms: Terms) -> None:
    draw = np.random.default_rng(RULES.index(terms))
    unit = (365 if terms.day_count == "act365" else 360) * 1_000_000
    loans = Loans.empty(LIVES, TRANCHES)
    lives: list[list[Event]] = [[] for _ in range(LIVES)]
    government = np.zeros(LIVES, np.int64)
    borrower = np.zeros(LIVES, np.int64)

    def post(posting: Booked) -> None:
        nonlocal government, borrower
        government = government + posting.government
        borrower = borrower + posting.borrower

    status = np.zeros(LIVES, np.bool_)
    for number, on in enumerate(GRACE):
        day = on.toordinal()
        post(book(loans, day, unit))
        settling = draw.random(LIVES) < 0.2
        post(close(loans, day, unit, settling))
        changing = draw.random(LIVES) < 0.15
        status = status ^ changing
        set_subsidised(loans, status, day)
        paid = np.flatnonzero((draw.random(LIVES) < 0.5) if number % 6 == 1 else np.zeros(LIVES, np.bool_))
        fen, ppm = draw.integers(1, 1_200_000, LIVES), draw.integers(0, 60_000, LIVES)
        pay_out(loans, paid, fen[paid], ppm[paid], day)
        for at, life in enumerate(lives):
            life.append(booked(on))
            if settling[at]:
                life.append(settled(on))
            if changing[at]:
                life.append((certified if status[at] else certification_lost)(on))
        for at in paid.tolist():
            lives[at] += [rate_set(on, int(ppm[at])), tranche_paid(on, int(fen[at]))]

    pension, floor, basic, agreed = (draw.integers(0, high, LIVES) for high in (250_000, 110_000, 60_000, 150_000))
    cap = caps(terms, pension, floor, basic, agreed)
    for at, life in enumerate(lives):
        start = REPAYMENT[0]
        life += [pension_set(start, int(pension[at])), floor_set(start, int(floor[at]))]
        life += [basic_pension_set(start, int(basic[at])), agreed_set(start, int(agreed[at]))]
    for on in REPAYMENT:
        month_end = months_later(on, 1, 1)
        posted = step(loans, terms, on, month_end, cap)
        post(posted.before)
        post(posted.after)
        for life in lives:
            life += [deduction_due(on), booked(month_end)]

    shuffle = random.Random(1)
    differences = []
    for at, life in enumerate(lives):
        shuffle.shuffle(life)
        outcome = replay(terms, life)
        open_total, open_government = outcome.accrued(months_later(REPAYMENT[-1], 1, 1))
        expected = (
            outcome.principal,
            outcome.interest_due,
            outcome.weight,
            outcome.subsidy_total + open_government,
            outcome.borrower_interest_total + open_total - open_government,
            tuple(tranche.remaining for tranche in outcome.tranches),
        )
        remaining = loans.remaining[:, at]
        found = (
            int(loans.principal[at]),
            int(loans.interest_due[at]),
            int(loans.weight[at]),
            int(government[at]),
            int(borrower[at]),
            tuple(remaining[remaining > 0].tolist()),
        )
        differences += [(at, expected, found)] if expected != found else []
    assert differences == []


def test_arrays_made_of_replayed_loans_go_on_where_replay_stopped() -> None:
    terms = RULES[0]
    on, month_end = date(2023, 2, 20), date(2023, 3, 1)
    lives = [
        [
            rate_set(GRACE[0], 38_500),
            tranche_paid(GRACE[0], 700_000 + at),
            tranche_paid(GRACE[3], 1),
            *([certified(GRACE[1])] * (at % 2)),
        ]
        for at in range(50)
    ]
    loans = Loans.of([replay(terms, life) for life in lives], 2)
    step(loans, terms, on, month_end, np.full(50, 40_000, np.int64))
    for at, life in enumerate(lives):
        after = replay(terms, [*life, pension_set(on, 40_000), floor_set(on, 0), deduction_due(on)])
        assert (int(loans.principal[at]), int(loans.interest_due[at])) == (after.principal, after.interest_due)


def test_loans_that_are_not_due_keep_their_period_open() -> None:
    terms = RULES[0]
    life = [rate_set(GRACE[0], 38_500), tranche_paid(GRACE[0], 700_000)]
    loans = Loans.of([replay(terms, life)] * 2, 1)
    posted = step(loans, terms, date(2023, 2, 20), date(2023, 3, 1), np.full(2, 40_000, np.int64), np.array([True, False]))
    assert posted.deduction.amount.tolist() == [40_000, 0]
    assert loans.open_since.tolist() == [date(2023, 2, 20).toordinal(), GRACE[0].toordinal()]
    assert posted.after.borrower.tolist()[1] == replay(terms, life).accrued(date(2023, 3, 1))[0]


def test_interest_of_tranche_columns_is_the_interest_of_the_state() -> None:
    loans = Loans.empty(3, 2)
    first, second, end = (on.toordinal() for on in (GRACE[0], GRACE[5], GRACE[9]))
    pay_out(loans, np.arange(3), np.array([100_000, 3_600, 1]), np.array([38_500, 50_000, 0]), first)
    pay_out(loans, np.array([1]), np.array([77_777]), np.array([36_500]), second)
    since = np.array([[first] * 3, [end, second, end]])
    units = interest_units(loans.remaining, loans.ppm, since, end)
    accrue(loans, end)
    assert units.tolist() == loans.raw_interest.tolist()
    assert round_units(np.array([180_000_000, 179_999_999]), 360_000_000).tolist() == [1, 0]


def test_nothing_is_taken_beyond_the_debt() -> None:
    loans = Loans.empty(1, 1)
    pay_out(loans, np.array([0]), np.array([500]), np.array([38_500]), GRACE[0].toordinal())
    assert pay(loans, np.array([10_000])).amount.tolist() == [500]
    assert (loans.weight.tolist(), loans.open_since.tolist()) == ([0], [0])


@pytest.mark.parametrize(
    "terms",
    [Terms(day_count="month+odd"), Terms(unpaid_interest="yearly"), Terms(rounding="half_even"), Terms(penalty_ppm=1)],
    ids=["months", "compound", "half even", "penalty"],
)
def test_terms_it_does_not_cover_are_refused(terms: Terms) -> None:
    assert not supports(terms)
    with pytest.raises(ValueError, match="stepped by replay"):
        step(Loans.empty(1, 1), terms, GRACE[0], GRACE[1], np.zeros(1, np.int64))
