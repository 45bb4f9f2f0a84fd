"""The projection over columns against `replay`, loan by loan, to the fen; and figures a clerk can check by hand."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.lending import Event, Kind, Terms, replay, terms_for
from zhubao.lending.days import months_later, settlement_days
from zhubao.lending.events import (
    ceiling_set,
    certification_lost,
    certified,
    grace_ended,
    paid_off,
    prepaid,
    rate_set,
    settled,
    tranche_paid,
)
from zhubao.oversight.budget.one_by_one import deductions, look_at
from zhubao.oversight.budget.projection import Happenings, Seen, State, project, put
from zhubao.oversight.budget.reckoning import looks_of

AS_OF = date(2022, 8, 31)
LOOKS = looks_of(AS_OF, 5)
COLUMNS = ("government", "possible", "claimed", "claimable", "debt", "certified", "drawn")
Life = tuple[Terms, list[Event], list[Event], int]
POLICIES = ("jiangxi-2020-7", "rugao-draft", "tongling-2022-13")


@st.composite
def lives(draw: Any) -> Life:
    """A loan of one of the programmes: its terms, what is on record, what is expected, and the most a month takes."""
    agreed = {"day_count": draw(st.sampled_from(["act360", "act365"]))}
    agreed["settlement"] = draw(st.sampled_from(["yearly-12-20", "quarterly-20", "monthly-20", "none"]))
    terms = terms_for(draw(st.sampled_from(POLICIES)), agreed).terms
    first = date(2019, 1, 1) + timedelta(draw(st.integers(0, 1_400)))
    events = [rate_set(first, draw(st.integers(30_000, 49_000)))]
    if draw(st.booleans()):
        events.append(certified(first + timedelta(draw(st.integers(0, 300)))))
    if draw(st.booleans()):
        events.append(certification_lost(first + timedelta(draw(st.integers(100, 2_500)))))
    pension = months_later(first.replace(day=1), draw(st.integers(2, 100)))
    day = first
    while day < pension and len(events) < 9:
        if draw(st.booleans()):
            events.append(ceiling_set(day, draw(st.integers(49_000, 50_000))))
        events.append(tranche_paid(day, draw(st.integers(1, 1_200_000))))
        day = months_later(day, 12)
        if terms.reset == "anniversary" and draw(st.booleans()):
            events.append(rate_set(day, draw(st.integers(30_000, 49_000))))
    events.append(grace_ended(pension))
    taken = draw(st.integers(0, 90_000))
    days = [months_later(pension, number, 20) for number in range(100)] if taken else []
    owed = sum(event.amount for event in events if event.kind == Kind.TRANCHE_PAID and event.on <= AS_OF)
    if owed > 50_000 and draw(st.booleans()):
        events.append(prepaid(AS_OF + timedelta(5), draw(st.integers(1, 50_000))))
        if draw(st.booleans()):
            events.append(paid_off(AS_OF + timedelta(7)))
    numbered = [event._replace(entry=number) for number, event in enumerate(events, 1)]
    known = [event for event in numbered if event.on <= AS_OF]
    coming = [event for event in numbered if event.on > AS_OF]
    due = deductions([day for day in days if day > AS_OF], taken)
    closing = settlement_days(terms.settlement, first, date.fromordinal(LOOKS[-1]))
    known += [settled(day) for day in closing if day <= AS_OF]
    coming += [settled(day) for day in closing if day > AS_OF]
    return terms, known, [*coming, *due], taken


def columns_of(found: list[Life]) -> Seen:
    """Return the projection of lives by columns."""
    state = State.empty(len(found), 16, LOOKS[0])
    rows = []
    for at, (terms, known, coming, taken) in enumerate(found):
        put(state, at, replay(terms, known, AS_OF), known, LOOKS[0])
        for event in coming:
            if event.kind >= Kind.RATE_SET:
                given = {Kind.DEDUCTION_DUE: taken, Kind.PAID_OFF: 10**15}.get(Kind(event.kind), event.amount)
                rows.append((at, event.day, int(event.kind), given))
    return project(state, Happenings.of(rows), LOOKS).since_the_first()


@settings(max_examples=40, deadline=None)
@given(st.lists(lives(), min_size=1, max_size=4))
def test_columns_say_what_replay_says_of_every_month(found: list[Life]) -> None:
    seen = columns_of(found)
    for at, (terms, known, coming, _taken) in enumerate(found):
        alone = look_at(terms, known, coming, LOOKS).since_the_first()
        for name in COLUMNS:
            assert getattr(seen, name)[:, at].tolist() == getattr(alone, name)[:, 0].tolist(), name
