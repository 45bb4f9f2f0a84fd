"""Random lives in the database: entered in any order, months closed in between, and the books come out as one replay to the fen."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.loans.lives import SYSTEM, PostOf, at, life_of
from tests.loans.test_month_ends import Books, after, booked, lives
from zhubao.errors import ZhubaoError
from zhubao.ledger.models import Posting
from zhubao.lending import Event
from zhubao.loans.books import SOURCE, book
from zhubao.loans.models import Loan, LoanClosing, MonthEndRun
from zhubao.loans.replaying import OnRecord, events_of, outcome, terms_of
from zhubao.loans.states import JIANGXI, RUGAO
from zhubao.loans.stepping import add_event
from zhubao.loans.verifying import books_beside_replay

END = after(1_200)
Told = tuple[str, list[Event], list[Event], list[tuple[int, date]]]


@st.composite
def told_lives(draw: st.DrawFn) -> Told:
    """Draw a programme, the events of a life, the order they are told in, and after how many of them which month is closed."""
    policy_id, (_rate, *events), _late = draw(lives())
    days = sorted(draw(st.lists(st.integers(1, 1_100), min_size=1, max_size=5, unique=True)))
    places = sorted(draw(st.lists(st.integers(0, len(events)), min_size=len(days), max_size=len(days))))
    closings = [(place, after(day)) for place, day in zip(places, days, strict=True)]
    return policy_id, events, draw(st.permutations(events)), closings


@pytest.fixture
def loans(post_of: PostOf) -> dict[str, Loan]:
    """A Jiangxi and a Rugao loan that nothing was drawn of, their rates and the subsidy on record."""
    return {
        policy: life_of(policy, post_of, name=policy[:2], sequence=44 + 2 * n).loan for n, policy in enumerate((JIANGXI, RUGAO))
    }


def close(loan: Loan, day: date) -> bool:
    """Close a loan as of a day as a month-end does, and tell whether its books could be brought there; else it is held."""
    now = datetime.combine(day, time(20), ZoneInfo("Asia/Shanghai"))
    run = MonthEndRun.objects.create(region_code=loan.region_code, as_of=day, started_at=now, actor_name="test")
    figures = {"postings": 0, "interest_fen": 0, "government_fen": 0, "owed_fen": 0}
    try:
        with transaction.atomic():
            LoanClosing.objects.create(run=run, loan=loan, as_of=day, booked=True, **figures)
            book(loan, day, actor=SYSTEM, now=now)
    except ZhubaoError as error:
        LoanClosing.objects.create(run=run, loan=loan, as_of=day, booked=False, held_code=error.code, **figures)
        return False
    return True


def balances(loan: Loan) -> Books:
    """Return what the postings of a loan come to, account by account."""
    found: Books = Counter()
    for row in Posting.objects.of(SOURCE, loan.subject):
        found[row.party, row.debit] += row.amount_fen
        found[row.party, row.credit] -= row.amount_fen
    return Counter({account: fen for account, fen in found.items() if fen})


def tell(loan: Loan, order: Sequence[Event], closings: list[tuple[int, date]]) -> None:
    """Enter events in an order, and close months in between."""
    waiting = list(closings)
    for number in range(len(order) + 1):
        while waiting and waiting[0][0] == number:
            close(loan, waiting.pop(0)[1])
        if number < len(order):
            add_event(loan, f"told:{number}", order[number], actor=SYSTEM, now=at(2024, 1, 1))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told_lives())
def test_the_order_of_telling_changes_no_fen(loans: dict[str, Loan], told: Told) -> None:
    policy_id, events, order, closings = told
    loan = loans[policy_id]
    with transaction.atomic():
        opening, terms = events_of(loan), terms_of(loan).terms
        tell(loan, order, closings)
        assert close(loan, END)
        straight = [each._replace(entry=entry) for entry, each in enumerate([*opening, *events], 1)]
        wanted, _count = booked(loan, terms, [(END, straight)])
        assert balances(loan) == wanted
        assert [faults for number, faults in books_beside_replay() if number == loan.number] == [[]]
        replayed, once = outcome(loan, END), OnRecord(terms, straight).outcome(END)
        assert (replayed.principal, replayed.interest_due, replayed.subsidy_total) == (
            once.principal,
            once.interest_due,
            once.subsidy_total,
        )
        assert not book(loan, END, actor=SYSTEM, now=at(2024, 7, 1))
        transaction.set_rollback(True)
