"""Loans of a region put into columns, projected and summed up, chunk by chunk."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

from zhubao.lending import Event, Kind, replay
from zhubao.lending.days import month_number, months_later, settlement_days
from zhubao.lending.events import ceiling_set, certified, grace_ended, rate_set, settled, tranche_paid
from zhubao.lending.money import MILLION
from zhubao.lending.projecting import CENTURY_MONTHS
from zhubao.lending.rates import value_on
from zhubao.lending.settings import terms_for
from zhubao.lending.terms import Terms
from zhubao.loans.models import Loan, Permit, Tranche
from zhubao.loans.rates import published_name
from zhubao.loans.repaying import standing
from zhubao.loans.replaying import OnRecord, records_of
from zhubao.loans.states import ways_of
from zhubao.parameters import ParameterBook
from zhubao.programmes.selectors import area_of_region

from .assumptions import Assumptions, NewLoans
from .expecting import NEW_ON, Expected, Figures, expected_of
from .one_by_one import deductions, look_at
from .projection import WITHOUT_EFFECT, Happenings, Numbers, Seen, State, project, put, steps
from .reckoning import Cover, Sums, looks_of, sums_of

CHUNK = 5_000
PAID_OFF_FEN = 10**15
Group = tuple[str, str]
Row = TypeVar("Row", Tranche, Permit)


@dataclass(frozen=True, slots=True)
class Survey:
    """Loans of a budget looked at: their figures before each look, and what groups, covers and subsidies them."""

    loans: Sequence[Loan]
    seen: Seen
    follows: np.ndarray[tuple[int], np.dtype[np.bool_]]
    cover: tuple[Cover, ...]
    subsidies: Numbers
    without_rule: int


def township_of(region_code: str) -> str:
    """Return the township a region lies in; the county itself where none is named."""
    return region_code[:9] if len(region_code) >= 9 else region_code[:6]


def survey(loans: Sequence[Loan], as_of: date, assumed: Assumptions, book: ParameterBook) -> Survey:
    """Return loans projected from the day after `as_of`; bank and person are loaded. The order of the loans stays."""
    looks = looks_of(as_of, assumed.years)
    until = date.fromordinal(looks[-1])
    known = records_of(loans)
    draws, permits = _by_loan(Tranche.objects.filter(loan__in=loans)), _by_loan(Permit.objects.filter(loan__in=loans))
    figures = Figures(book, as_of, assumed)
    expected = [expected_of(each, known[each.pk], draws[each.pk], permits[each.pk], figures, until) for each in loans]
    deepest = max((len(draws[each.pk]) + assumed.years + 2 for each in loans), default=1)
    state = State.empty(len(loans), deepest, looks[0])
    alone: dict[int, Seen] = {}
    rows: list[tuple[int, int, int, int]] = []
    closing: defaultdict[str, list[int]] = defaultdict(list)
    for at, loan in enumerate(loans):
        record, coming = known[loan.pk], expected[at]
        if not steps(record.terms, coming.events):
            alone[at] = _alone(record, coming, as_of, until, looks)
            continue
        events = [event for event in standing(record.events) if event.on <= as_of]
        put(state, at, record.outcome(as_of), events, looks[0])
        rows += [
            (at, event.day, int(event.kind), PAID_OFF_FEN if event.kind == Kind.PAID_OFF else event.amount)
            for event in coming.events
            if event.kind not in WITHOUT_EFFECT
        ]
        closing[record.terms.settlement].append(at)
    due = _deductions([(at, coming) for at, coming in enumerate(expected) if at not in alone], until)
    happenings = Happenings.of(rows).and_(*due, *_settlements(closing, as_of, until))
    seen = project(state, happenings, looks).since_the_first()
    for at, found in alone.items():
        for name in ("government", "possible", "claimed", "claimable", "debt", "certified", "drawn"):
            getattr(seen, name)[:, at] = getattr(found.since_the_first(), name)[:, 0]
    subsidies = np.zeros((len(looks) - 1, len(loans)), np.int64)
    for at, coming in enumerate(expected):
        for day, fen in coming.subsidies:
            subsidies[np.searchsorted(looks, day, side="right") - 1, at] += fen
    return Survey(
        loans,
        seen,
        np.array([known[loan.pk].terms.subsidy_follows == "certification" for loan in loans], np.bool_),
        tuple(_cover(known[loan.pk]) for loan in loans),
        subsidies,
        sum(coming.most_fen is None for coming in expected),
    )


def survey_everything(
    loan_ids: Sequence[int], as_of: date, assumed: Assumptions, book: ParameterBook
) -> tuple[list[Group], Sums, dict[Group, int], int]:
    """Return groups (township, programme), the sums of each, how many loans each has, and how many loans have no known deduction."""
    groups: dict[Group, int] = {}
    counts: defaultdict[Group, int] = defaultdict(int)
    months, without_rule = len(looks_of(as_of, assumed.years)) - 1, 0
    parts: list[tuple[list[int], Sums]] = []
    for start in range(0, len(loan_ids), CHUNK):
        chosen = Loan.objects.filter(pk__in=loan_ids[start : start + CHUNK]).select_related("bank", "person").order_by("pk")
        loans = list(chosen)
        found = survey(loans, as_of, assumed, book)
        names = [(township_of(loan.region_code), loan.policy_id) for loan in loans]
        for name in names:
            counts[name] += 1
            groups.setdefault(name, len(groups))
        here = np.array([groups[name] for name in names], np.int64)
        sums = sums_of(
            found.seen,
            follows=found.follows,
            cover=found.cover,
            groups=here,
            count=len(groups),
            account_share_ppm=assumed.account_share_ppm,
            subsidies=found.subsidies,
        )
        parts.append((list(range(len(groups))), sums))
        without_rule += found.without_rule
    total = Sums.empty(months, len(groups))
    for places, sums in parts:
        for column in Sums.__dataclass_fields__:
            getattr(total, column)[:, places] += getattr(sums, column)
    return list(groups), total, dict(counts), without_rule


def survey_new(new: NewLoans, region_code: str, as_of: date, assumed: Assumptions, book: ParameterBook) -> Sums:
    """Return the sums of the new loans a budget assumes, as one group: one loan of every year, reckoned and multiplied."""
    looks = looks_of(as_of, assumed.years)
    until = date.fromordinal(looks[-1])
    figures, area = Figures(book, as_of, assumed), area_of_region(region_code)
    terms, ways = terms_for(new.policy_id, (), as_of).terms, ways_of(new.policy_id)
    name = published_name(
        Loan(policy_id=new.policy_id, grace_months=new.months, repay_months=120 if ways.term_limited else None), terms
    )
    table = figures.rates(name, area)
    begins = [date(year, *NEW_ON) for year in range(new.from_year, until.year)]
    begins = [day for day in begins if as_of < day < until]
    state = State.empty(len(begins), assumed.years + 12, looks[0])
    rows: list[tuple[int, int, int, int]] = []
    subsidies = np.zeros((len(looks) - 1, len(begins)), np.int64)
    closing: defaultdict[str, list[int]] = defaultdict(list)
    for at, day in enumerate(begins):
        put(state, at, replay(terms, []), [], looks[0])
        closing[terms.settlement].append(at)
        for event in _life(new, terms, day, table, figures, until):
            rows.append((at, event.day, int(event.kind), event.amount))
            if event.kind == Kind.TRANCHE_PAID and ways.matched and assumed.subsidy_fen:
                subsidies[np.searchsorted(looks, event.day, side="right") - 1, at] += assumed.subsidy_fen * new.number
    happenings = Happenings.of(rows).and_(*_settlements(closing, as_of, until))
    seen = project(state, happenings, looks)
    sums = sums_of(
        seen,
        follows=np.full(len(begins), terms.subsidy_follows == "certification"),
        cover=[_cover_of(terms, ever=True)] * len(begins),
        groups=np.zeros(len(begins), np.int64),
        count=1,
        account_share_ppm=assumed.account_share_ppm,
        subsidies=None,
    )
    for field in Sums.__dataclass_fields__:
        getattr(sums, field).__imul__(new.number)
    sums.subsidy += subsidies.sum(axis=1, keepdims=True)
    # Of all that would be borne were everybody certified, the share of the uncertified is only possible.
    for held, other in (
        ("followed", "missed"),
        ("followed_claim", "missed_claim"),
        ("exposed_certified", "exposed_uncertified"),
    ):
        whole = getattr(sums, held)
        part = (whole * new.certified_ppm + MILLION // 2) // MILLION
        setattr(sums, other, whole - part)
        setattr(sums, held, part)
    return sums


def _life(
    new: NewLoans, terms: Terms, day: date, table: Sequence[tuple[date, int]], figures: Figures, until: date
) -> Iterator[Event]:
    """Yield what happens to one new loan: certified, at the published rate, drawing every year until its pension."""
    pension = months_later(day.replace(day=1), new.months)
    yield rate_set(day, value_on(table, day))
    yield certified(day)
    for number in range((new.months + 11) // 12):
        on = months_later(day, 12 * number)
        if on >= until:
            break
        months = min(12, new.months - 12 * number)
        if ways_of(new.policy_id).rate == "lpr_ceiling":
            yield ceiling_set(on, value_on(table, on))
        elif number and terms.reset == "anniversary":
            yield rate_set(on, value_on(table, on))
        fen = figures.grown(new.yearly_fen, on.year - figures.as_of.year) * months // 12
        if fen:
            yield tranche_paid(on, fen)
    yield grace_ended(pension)


def _alone(record: OnRecord, coming: Expected, as_of: date, until: date, looks: Sequence[int]) -> Seen:
    days = [event.on for event in [*record.events, *coming.events] if event.kind == Kind.TRANCHE_PAID]
    closing = settlement_days(record.terms.settlement, min(days), until) if days else []
    events = [event for event in standing(record.events) if event.on <= as_of] + [settled(day) for day in closing if day <= as_of]
    later = [*coming.events, *(settled(day) for day in closing if day > as_of)]
    return look_at(record.terms, events, [*later, *deductions(_days(coming, until), coming.most_fen or 0)], looks)


def _days(coming: Expected, until: date) -> Iterator[date]:
    """Yield the days of the deductions to come before a day."""
    first, number = coming.deducted_from, 0
    if first is None or coming.most_fen is None:
        return
    while (day := months_later(first, number)) < until and (not coming.deductions or number < coming.deductions):
        yield day
        number += 1


def _deductions(expected: Sequence[tuple[int, Expected]], until: date) -> Iterator[Happenings]:
    """Yield the deductions to come of loans at their places, month by month; all fall on the same day of the month."""
    taken = [(at, each) for at, each in expected if each.deducted_from is not None and each.most_fen is not None]
    if not taken:
        return
    loan = np.array([at for at, _each in taken], np.int64)
    most = np.array([each.most_fen for _at, each in taken], np.int64)
    starts = [each.deducted_from for _at, each in taken if each.deducted_from is not None]
    begins = np.array([month_number(day) for day in starts], np.int64)
    limit = np.array([each.deductions or CENTURY_MONTHS for _at, each in taken], np.int64)
    day = min(starts)
    while day < until:
        number = month_number(day)
        here = (begins <= number) & (number < begins + limit)
        columns = np.full(int(here.sum()), day.toordinal(), np.int64)
        yield Happenings(loan[here], columns, np.full_like(columns, int(Kind.DEDUCTION_DUE)), most[here])
        day = months_later(day, 1)


def _settlements(closing: dict[str, list[int]], as_of: date, until: date) -> Iterator[Happenings]:
    for pattern, places in closing.items():
        days = np.array([day.toordinal() for day in settlement_days(pattern, as_of, until - timedelta(1))], np.int64)
        loan, day = np.tile(np.array(places, np.int64), len(days)), np.repeat(days, len(places))
        yield Happenings(loan, day, np.full(len(day), int(Kind.SETTLED), np.int64), np.zeros(len(day), np.int64))


def _by_loan(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.loan_id].append(row)
    return found


def _cover(record: OnRecord) -> Cover:
    return _cover_of(record.terms, ever=any(event.kind == Kind.CERTIFIED for event in record.events))


def _cover_of(terms: Terms, *, ever: bool) -> Cover:
    if terms.death_cover == "all" or (terms.death_cover == "ever_certified" and ever):
        return Cover.EVERYBODY
    return Cover.CERTIFIED if terms.death_cover == "certified_at_death" else Cover.NOBODY
