"""The government's interest day by day: its sums are those of a claim, whatever happens to the loan."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.lending import Event, Terms
from zhubao.lending.claims import borne_until, claim_for
from zhubao.lending.days import settlement_days
from zhubao.lending.events import (
    ceiling_set,
    certification_lost,
    certified,
    contribution_unpaid,
    deducted,
    died,
    floor_set,
    grace_ended,
    pension_set,
    prepaid,
    rate_set,
    reversed_entry,
    settled,
    tranche_paid,
)
from zhubao.lending.government_days import Stretch, _asked_of_replay, borne_between, claim_window, government_days

JIANGXI = Terms(rate_basis="per_tranche", deduction_rule="remaining_at_least")
RUGAO = Terms(subsidy_follows="grace", deduction_rule="max_share", share_percent=50)


def with_settlements(terms: Terms, events: list[Event], until: date) -> list[Event]:
    first = min(event.on for event in events if event.kind == 30)
    return [*events, *(settled(day) for day in settlement_days(terms.settlement, first, until))]


def test_a_stretch_ends_where_rate_tranche_or_certificate_change() -> None:
    # 8 400 yuan at 3.85 %: 89.8333 fen a day. Certified 1 March to 1 October; the second draw at the lower ceiling from 10 July.
    events = [
        rate_set(date(2021, 3, 1), 38_500),
        tranche_paid(date(2021, 3, 1), 840_000, entry=2),
        certified(date(2021, 3, 1)),
        ceiling_set(date(2021, 7, 1), 37_000),
        tranche_paid(date(2021, 7, 10), 840_000, entry=5),
        certification_lost(date(2021, 10, 1)),
    ]
    stretches = government_days(JIANGXI, events, date(2021, 12, 20))
    day = lambda month, number: date(2021, month, number).toordinal()  # noqa: E731
    # 131 days: 11 768.17; from there 83 days on both: 7 456.17 and 7 165.67, rounded one after the other.
    assert stretches == [
        Stretch(day(3, 1), day(7, 10), 840_000, 38_500, 11_768),
        Stretch(day(7, 10), day(10, 1), 840_000, 38_500, 7_456),
        Stretch(day(7, 10), day(10, 1), 840_000, 37_000, 7_166),
    ]
    assert sum(each.interest for each in stretches) == borne_until(
        JIANGXI, with_settlements(JIANGXI, events, date(2021, 12, 20)), date(2021, 12, 20)
    )


@pytest.mark.clauses("jx-2.4b", "jx-2.4c")
def test_the_subsidy_stops_with_the_first_pension_month() -> None:
    # The clause's figure: 8 400 yuan at 3.85 %, 1 January to 30 June, 181 days: 162.60 yuan.
    events = [
        rate_set(date(2022, 1, 1), 38_500),
        tranche_paid(date(2022, 1, 1), 840_000, entry=2),
        certified(date(2022, 1, 1)),
        grace_ended(date(2022, 7, 1)),
    ]
    assert [each.interest for each in government_days(JIANGXI, events, date(2023, 1, 1))] == [16_260]


@pytest.mark.clauses("jx-2.4d")
def test_without_a_certificate_nothing_is_borne() -> None:
    events = [rate_set(date(2022, 1, 1), 38_500), tranche_paid(date(2022, 1, 1), 840_000, entry=2)]
    assert government_days(JIANGXI, events, date(2023, 1, 1)) == []


@pytest.mark.parametrize("cut", ["12-20", "12-31"], ids=["结息日截止-settlement day", "年末截止-year end"])
def test_a_claim_year_ends_where_the_setting_says(cut: str) -> None:
    terms = Terms(subsidy_follows="grace", claim_cutoff=cut)
    events = [rate_set(date(2021, 3, 1), 49_000), tranche_paid(date(2021, 3, 1), 960_000, entry=2)]
    stretches = government_days(terms, events, date(2024, 1, 1))
    for year in (2021, 2022):
        start, end = claim_window(terms, year)
        known = with_settlements(terms, events, date(2024, 1, 1))
        claim = claim_for(terms, known, year)
        assert (claim.start.toordinal(), claim.end.toordinal()) == (start, end)
        assert borne_between(stretches, start, end) == claim.interest


DAYS = st.integers(0, 1500).map(lambda number: date(2020, 1, 1) + timedelta(number))
SUMS = st.integers(10_000, 2_000_000)


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Draw a loan with up to four draws and whatever may happen to its interest."""
    entry = iter(range(1, 60))
    first = draw(DAYS)
    events = [
        rate_set(first, draw(st.integers(20_000, 60_000)), entry=next(entry)),
        tranche_paid(first, draw(SUMS), entry=next(entry)),
    ]
    later = st.integers(0, 900).map(lambda number: first + timedelta(number))
    for day in draw(st.lists(later, max_size=3)):
        events.append(tranche_paid(day, draw(SUMS), entry=next(entry)))
    for day in draw(st.lists(later, max_size=2)):
        events.append(rate_set(day, draw(st.integers(20_000, 60_000)), entry=next(entry)))
    for day in draw(st.lists(later, max_size=2)):
        events.append(ceiling_set(day, draw(st.integers(20_000, 60_000)), entry=next(entry)))
    for day in draw(st.lists(later, max_size=3)):
        events.append(certified(day, entry=next(entry)))
    for day in draw(st.lists(later, max_size=2)):
        events.append(certification_lost(day, entry=next(entry)))
    if draw(st.booleans()):
        events.append(contribution_unpaid(first + timedelta(40), 2, entry=next(entry)))
    if len(events) > 2 and draw(st.booleans()):
        events.append(reversed_entry(events[-1].on, events[-1].entry, entry=next(entry)))
    over = first + timedelta(draw(st.integers(901, 1300)))
    ending = draw(st.sampled_from(["none", "pension", "death", "prepaid"]))
    if ending == "prepaid":
        events.append(prepaid(first + timedelta(30), 1, entry=next(entry)))
    if ending == "pension":
        events += [grace_ended(over, entry=next(entry)), pension_set(over, 100_000), floor_set(over, 70_000)]
        events.append(deducted(over + timedelta(14), 100, entry=next(entry)))
    if ending == "death":
        events.append(died(over, 1000, entry=next(entry)))
    return events


TERMS = st.builds(
    Terms,
    subsidy_follows=st.sampled_from(["certification", "grace"]),
    rate_basis=st.sampled_from(["per_tranche", "at_signing"]),
    settlement=st.sampled_from(["yearly-12-20", "quarterly-20", "monthly-20", "none"]),
    claim_cutoff=st.sampled_from(["12-20", "12-31"]),
    day_count=st.sampled_from(["act360", "act365", "month+odd"]),
    rounding=st.sampled_from(["half_up", "half_even"]),
    on_unpaid_contribution=st.sampled_from(["tranche", "loan", "none"]),
    ceiling_check=st.just(value=False),
    deduction_rule=st.just("remaining_at_least"),
)


@settings(max_examples=150, deadline=None)
@given(lives(), TERMS)
def test_every_claim_year_adds_up_to_its_claim(events: list[Event], terms: Terms) -> None:
    until = date(2026, 1, 1)
    stretches = government_days(terms, events, until)
    known = with_settlements(terms, events, until)
    for year in range(2019, 2025):
        start, end = claim_window(terms, year)
        before = borne_until(terms, known, date.fromordinal(start))
        assert borne_between(stretches, start, end) == borne_until(terms, known, date.fromordinal(end)) - before


@settings(max_examples=60, deadline=None)
@given(lives(), TERMS)
def test_the_short_walk_and_replay_tell_the_same(events: list[Event], terms: Terms) -> None:
    until = date(2026, 1, 1)
    quick = government_days(terms, events, until)
    first = min(event.day for event in events if event.kind == 30)
    asked = _asked_of_replay(terms, sorted(events), first, until.toordinal())
    weight = lambda stretches: {  # noqa: E731
        (day, each.ppm): each.principal for each in stretches if each.principal for day in range(each.start, each.end)
    }
    assert weight(quick) == weight(asked)
    assert sum(each.interest for each in quick) == sum(each.interest for each in asked)
