"""Whatever happens and whenever months are closed, the books are those of one replay: random lives with back-dated events."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.ledger.actions import Line
from zhubao.lending import Event, Terms, terms_for
from zhubao.lending.events import (
    agreed_set,
    certification_lost,
    certified,
    deducted,
    floor_set,
    grace_ended,
    pension_set,
    prepaid,
    rate_set,
    tranche_paid,
)
from zhubao.loans.books import BY_NAME, Standing, missing_lines
from zhubao.loans.models import Loan
from zhubao.loans.replaying import OnRecord
from zhubao.loans.states import JIANGXI, RUGAO

START = date(2021, 3, 10)
PENSION = date(2023, 3, 1)
Books = Counter[tuple[str, str]]


def after(days: int) -> date:
    """Return a day of the life."""
    return START + timedelta(days)


@st.composite
def lives(draw: st.DrawFn) -> tuple[str, list[Event], int]:
    """Draw a programme, the events of a life, and how many of them are told of only after all months were closed."""
    policy_id = draw(st.sampled_from([JIANGXI, RUGAO]))
    days = sorted(draw(st.lists(st.integers(0, 700), min_size=1, max_size=4, unique=True)))
    events = [rate_set(START, 38_500), *(tranche_paid(after(day), draw(st.integers(200_000, 900_000))) for day in days)]
    for day in sorted(draw(st.lists(st.integers(0, 700), max_size=3, unique=True))):
        events.append(draw(st.sampled_from([certified, certification_lost]))(after(day)))
    events += [grace_ended(PENSION), pension_set(PENSION, 130_000), floor_set(PENSION, 76_500), agreed_set(PENSION, 60_000)]
    for day in sorted(draw(st.lists(st.integers(725, 1_000), max_size=4, unique=True))):
        events.append(deducted(after(day), draw(st.sampled_from([0, 1, 40_000]))))
    if draw(st.booleans()):
        events.append(prepaid(after(1_010), 10_000))
    numbered = [event._replace(entry=entry) for entry, event in enumerate(events, 1)]
    return policy_id, numbered, draw(st.integers(0, len(days)))


def booked(loan: Loan, terms: Terms, told: list[tuple[date, list[Event]]]) -> tuple[Books, int]:
    """Close a loan on days one after another, knowing certain events at each; return its balances and how many postings were made."""
    standing, balances, count = Standing({}, {}), Books(), 0
    by_name: dict[tuple[str, str], Line] = {}
    closed: list[date] = []
    for day, events in told:
        closed.append(day)
        for line in missing_lines(loan, OnRecord(terms, events, closed), standing, day):
            assert line.amount_fen > 0
            balances[line.party, line.debit] += line.amount_fen
            balances[line.party, line.credit] -= line.amount_fen
            count += 1
            by_name[line.kind, line.entry] = line
        standing = standing_after(loan, by_name.values())
    assert len(by_name) == count
    return Books({account: fen for account, fen in balances.items() if fen}), count


def standing_after(loan: Loan, lines: Iterable[Line]) -> Standing:
    """Return what stands in the books after some lines, as `standing_of` reads it from the database."""
    found = Standing({}, {})
    for line in lines:
        kind, movement = BY_NAME[loan.policy_id][line.kind]
        key = (line.on, kind, movement)
        found.fen[key] = found.fen.get(key, 0) + (line.amount_fen if line.debit == movement.debit else -line.amount_fen)
        found.made[key] = found.made.get(key, 0) + 1
    return found


@settings(max_examples=120, deadline=None)
@given(lives(), st.lists(st.integers(1, 1_100), min_size=1, max_size=12, unique=True))
def test_months_closed_in_steps_come_out_as_one_replay(life: tuple[str, list[Event], int], days: list[int]) -> None:
    policy_id, events, late = life
    loan = Loan(number="L1", policy_id=policy_id, region_code="320682")
    terms = terms_for(policy_id).terms
    closings = [after(day) for day in sorted(days)]
    end = after(1_200)
    known = events[: len(events) - late]
    told = [*((day, known) for day in closings), (end, events)]
    in_steps, _count = booked(loan, terms, told)
    at_once, _count = booked(loan, terms, [(end, events)])
    assert in_steps == at_once
    outcome = OnRecord(terms, events).outcome(end)
    interest, government = outcome.accrued(end + timedelta(1))
    assert in_steps["bank", "loan_principal"] == outcome.principal
    assert in_steps["bank", "interest_receivable_borrower"] == outcome.interest_due + interest - government
    assert in_steps["bank", "interest_receivable_government"] == outcome.subsidy_total + government
    for party in {party for party, _account in in_steps}:
        assert sum(fen for (of, _account), fen in in_steps.items() if of == party) == 0


@settings(max_examples=60, deadline=None)
@given(lives(), st.lists(st.integers(1, 1_100), min_size=2, max_size=8, unique=True))
def test_closing_the_same_day_again_finds_nothing_to_post(life: tuple[str, list[Event], int], days: list[int]) -> None:
    policy_id, events, _late = life
    loan = Loan(number="L1", policy_id=policy_id, region_code="320682")
    terms = terms_for(policy_id).terms
    closings = [after(day) for day in sorted(days)]
    once = booked(loan, terms, [(day, events) for day in closings])
    twice = booked(loan, terms, [(day, events) for day in closings for _again in range(2)])
    assert once == twice
    assert all(first < second for first, second in pairwise(closings))
