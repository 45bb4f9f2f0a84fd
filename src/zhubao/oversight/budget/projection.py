"""Where many loans will stand on given days: the rule of `lending.replay` over columns, whole numbers only.

The n-th happening of every loan between two looks is dealt with at once, each on its own day: interest is a weight times days, so loans
need not be in step. Amounts are fen, rates ppm, days ordinals; fen × ppm × days stay far below 2^63. Loans whose terms `steps` denies are
left to `replay` (`one_by_one`), with the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from zhubao.lending import Event, Kind, Outcome, Terms
from zhubao.lending.batch import round_units, supports
from zhubao.lending.money import MILLION

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
UNKNOWN = -1
PLANNED = frozenset(
    {
        Kind.RATE_SET,
        Kind.CEILING_SET,
        Kind.CERTIFIED,
        Kind.CERTIFICATION_LOST,
        Kind.GRACE_ENDED,
        Kind.SETTLED,
        Kind.TRANCHE_PAID,
        Kind.PREPAID,
        Kind.PAID_OFF,
        Kind.DEDUCTION_DUE,
        Kind.DEDUCTED,
    }
)
# What takes money of the borrower: it closes the period, then pays interest and principal.
TAKES = (Kind.PREPAID, Kind.PAID_OFF, Kind.DEDUCTION_DUE, Kind.DEDUCTED)
# Tables bound deductions, whose amounts are given; a claim leaves the interest alone.
WITHOUT_EFFECT = frozenset(
    {Kind.PENSION_SET, Kind.BASIC_PENSION_SET, Kind.FLOOR_SET, Kind.AGREED_SET, Kind.BOOKED, Kind.CLAIM_PAID, Kind.CLAIM_RETURNED}
)


@dataclass(slots=True)
class State:
    """n loans after their events up to a day, with room for k tranches each; see `Outcome` for what the names mean.

    `unit`: days of the year × a million. `possible` is what the government would bear were the borrower certified. `closed_…` count from
    the start of the projection; `drawn` is all that was ever paid out. `rate` and `ceiling` are those of the next tranche.
    """

    unit: Numbers
    per_tranche: Flags
    follows: Flags
    may_subsidise: Flags
    remaining: Numbers
    ppm: Numbers
    eligible: Flags
    used: Numbers
    principal: Numbers
    due: Numbers
    weight: Numbers
    borne: Numbers
    possible: Numbers
    raw: Numbers
    raw_government: Numbers
    raw_possible: Numbers
    closed_government: Numbers
    closed_possible: Numbers
    counted: Numbers
    rate: Numbers
    ceiling: Numbers
    certified: Flags
    grace_over: Flags
    drawn: Numbers

    @classmethod
    def empty(cls, loans: int, tranches: int, day: int) -> "State":
        """Return `loans` loans before their first tranche, interest counted up to the ordinal `day`."""
        flags = {"per_tranche", "follows", "may_subsidise", "certified", "grace_over"}
        columns: dict[str, npt.NDArray[np.generic]] = {
            field.name: np.zeros(loans, np.bool_ if field.name in flags else np.int64) for field in fields(cls)
        }
        columns["remaining"], columns["ppm"] = np.zeros((tranches, loans), np.int64), np.zeros((tranches, loans), np.int64)
        columns["eligible"] = np.zeros((tranches, loans), np.bool_)
        columns["unit"] = np.full(loans, 360 * MILLION, np.int64)
        columns["counted"] = np.full(loans, day, np.int64)
        columns["rate"], columns["ceiling"] = np.full(loans, UNKNOWN, np.int64), np.full(loans, UNKNOWN, np.int64)
        return cls(**columns)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Happenings:
    """What is expected to happen, one row each: which loan, the ordinal of the day, the `Kind`, fen or ppm.

    The amount of a payment is the most it takes; a loan paid off gives more than it owes.
    """

    loan: Numbers
    day: Numbers
    kind: Numbers
    amount: Numbers

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int, int]]) -> "Happenings":
        """Return rows of loan, day, kind and amount as columns."""
        table = np.array(rows, np.int64).reshape(-1, 4)
        return cls(*(np.ascontiguousarray(column) for column in table.T))

    def and_(self, *others: "Happenings") -> "Happenings":
        """Return these and others."""
        every = (self, *others)
        return Happenings(*(np.concatenate([getattr(each, field.name) for each in every]) for field in fields(Happenings)))


@dataclass(frozen=True, slots=True)
class Seen:
    """Figures of n loans before each of the days looked at (days × loans), fen, counted from the start of the projection.

    `government` is what the government bears, `possible` what it would bear of everybody certified, each closed period rounded and the
    open one as a month-end books it; `claimed` the government's part of closed periods alone, `claimable` the same of `possible`.
    `debt` is principal with the borrower's interest; `certified` whether the status holds; `drawn` all that was ever paid out.
    """

    government: Numbers
    possible: Numbers
    claimed: Numbers
    claimable: Numbers
    debt: Numbers
    certified: Flags
    drawn: Numbers

    @classmethod
    def empty(cls, looks: int, loans: int) -> "Seen":
        """Return figures of nothing."""
        shape = (looks, loans)
        return cls(*(np.zeros(shape, np.bool_ if field.name == "certified" else np.int64) for field in fields(cls)))

    def since_the_first(self) -> "Seen":
        """Return the figures with what was borne and claimed before the first look taken off."""
        return Seen(
            self.government - self.government[0],
            self.possible - self.possible[0],
            self.claimed - self.claimed[0],
            self.claimable - self.claimable[0],
            self.debt,
            self.certified,
            self.drawn,
        )


def steps(terms: Terms, coming: Sequence[Event] = ()) -> bool:
    """Whether a loan with these terms, and with these events still to come, is projected as columns."""
    plain = supports(terms) and terms.ends == "first" and terms.collection_day == "money_comes"
    return plain and all(event.kind in PLANNED or event.kind in WITHOUT_EFFECT for event in coming)


def put(state: State, at: int, outcome: Outcome, events: Sequence[Event], day: int) -> None:
    """Put a replayed loan at a place of the columns; `events` are those up to the outcome, `day` the ordinal of the day after it."""
    terms = outcome.terms
    state.unit[at] = (365 if terms.day_count == "act365" else 360) * MILLION
    state.per_tranche[at] = terms.rate_basis == "per_tranche"
    state.follows[at] = terms.subsidy_follows == "certification"
    state.may_subsidise[at] = terms.subsidy_follows != "none"
    for number, tranche in enumerate(outcome.tranches):
        state.remaining[number, at], state.ppm[number, at] = tranche.remaining, tranche.rate_ppm
        state.eligible[number, at] = tranche.eligible
    state.used[at] = len(outcome.tranches)
    state.principal[at], state.due[at], state.weight[at] = outcome.principal, outcome.interest_due, outcome.weight
    state.borne[at], state.raw[at], state.raw_government[at] = outcome.borne, outcome.raw_interest, outcome.raw_government
    state.counted[at] = outcome.counted_to or day
    for event in _standing(events):
        if event.kind == Kind.RATE_SET:
            state.rate[at] = event.amount
        elif event.kind == Kind.CEILING_SET:
            state.ceiling[at] = event.amount
        elif event.kind in {Kind.CERTIFIED, Kind.CERTIFICATION_LOST}:
            state.certified[at] = event.kind == Kind.CERTIFIED
        elif event.kind == Kind.GRACE_ENDED:
            state.grace_over[at] = True
        elif event.kind == Kind.TRANCHE_PAID:
            state.drawn[at] += event.amount
    # What is open now and not borne could have been borne only from here on.
    state.raw_possible[at] = outcome.raw_government
    if state.may_subsidise[at] and not state.grace_over[at]:
        state.possible[at] = sum(tranche.remaining * tranche.rate_ppm for tranche in outcome.tranches if tranche.eligible)
    if outcome.counted_to and outcome.counted_to < day:
        gap = day - outcome.counted_to
        # The days between the last event and the first look are past: nobody becomes certified on them.
        state.raw[at] += outcome.weight * gap
        state.raw_government[at] += outcome.borne * gap
        state.raw_possible[at] += outcome.borne * gap
        state.counted[at] = day


def project(state: State, happenings: Happenings, looks: Sequence[int]) -> Seen:
    """Return the figures before each of the ascending ordinals `looks`, in place of the state; nothing happens before the first."""
    seen = Seen.empty(len(looks), len(state.unit))
    days = np.array(looks, np.int64)
    section = np.searchsorted(days, happenings.day, side="right") - 1
    order = np.lexsort((happenings.kind, happenings.day, happenings.loan))
    loan, section = happenings.loan[order], section[order]
    key = loan * len(days) + section
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.zeros(0, np.int64)
    turn = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
    order = order[np.lexsort((turn, section))]
    round_of = np.sort(section * (int(turn.max(initial=0)) + 1) + turn)
    ends = np.flatnonzero(np.r_[round_of[1:] != round_of[:-1], True]) + 1 if len(round_of) else np.zeros(0, np.int64)
    rounds = iter(zip(np.r_[0, ends[:-1]].tolist(), ends.tolist(), strict=True) if len(ends) else ())
    sections = (round_of // (int(turn.max(initial=0)) + 1)).tolist()
    coming = next(rounds, None)
    for number, day in enumerate(looks):
        _look(state, seen, number, day)
        while coming is not None and sections[coming[0]] == number:
            which = order[coming[0] : coming[1]]
            _happen(state, happenings.loan[which], happenings.day[which], happenings.kind[which], happenings.amount[which])
            coming = next(rounds, None)
    return seen


def _look(state: State, seen: Seen, number: int, day: int) -> None:
    gap = day - state.counted
    government = round_units(state.raw_government + state.borne * gap, state.unit)
    interest = round_units(state.raw + state.weight * gap, state.unit)
    seen.government[number] = state.closed_government + government
    seen.possible[number] = state.closed_possible + round_units(state.raw_possible + state.possible * gap, state.unit)
    seen.claimed[number], seen.claimable[number] = state.closed_government, state.closed_possible
    seen.debt[number] = state.principal + state.due + interest - government
    seen.certified[number], seen.drawn[number] = state.certified, state.drawn


def _happen(state: State, at: Numbers, day: Numbers, kind: Numbers, amount: Numbers) -> None:
    """Let one thing happen to each of the loans `at`, each at most once."""
    gap = day - state.counted[at]
    state.raw[at] += state.weight[at] * gap
    state.raw_government[at] += state.borne[at] * gap
    state.raw_possible[at] += state.possible[at] * gap
    state.counted[at] = day
    here = kind == Kind.CEILING_SET
    state.ceiling[at[here]] = amount[here]
    state.certified[at[kind == Kind.CERTIFIED]] = True
    state.certified[at[kind == Kind.CERTIFICATION_LOST]] = False
    state.grace_over[at[kind == Kind.GRACE_ENDED]] = True
    here = kind == Kind.RATE_SET
    if here.any():
        _set_rate(state, at[here], amount[here])
    here = np.isin(kind, TAKES)
    closing = at[(kind == Kind.SETTLED) | here]
    if len(closing):
        _close(state, closing)
    if here.any():
        _pay(state, at[here], amount[here])
    here = kind == Kind.TRANCHE_PAID
    if here.any():
        _pay_out(state, at[here], amount[here])
    changed = at[kind != Kind.SETTLED]
    if len(changed):
        _weigh(state, changed)


def _set_rate(state: State, at: Numbers, ppm: Numbers) -> None:
    state.rate[at] = ppm
    every = ~state.per_tranche[at]
    state.ppm[:, at[every]] = ppm[every]


def _close(state: State, at: Numbers) -> None:
    interest = round_units(state.raw[at], state.unit[at])
    government = round_units(state.raw_government[at], state.unit[at])
    state.due[at] += interest - government
    state.closed_government[at] += government
    state.closed_possible[at] += round_units(state.raw_possible[at], state.unit[at])
    state.raw[at] = state.raw_government[at] = state.raw_possible[at] = 0


def _pay(state: State, at: Numbers, most: Numbers) -> None:
    take = np.minimum(np.maximum(most, 0), state.principal[at] + state.due[at])
    interest = np.minimum(take, state.due[at])
    state.due[at] -= interest
    left = take - interest
    state.principal[at] -= left
    for remaining in state.remaining:
        paid = np.minimum(left, remaining[at])
        remaining[at] -= paid
        left = left - paid


def _pay_out(state: State, at: Numbers, fen: Numbers) -> None:
    ceiling = state.ceiling[at]
    bounded = state.per_tranche[at] & (ceiling != UNKNOWN)
    place = state.used[at]
    state.remaining[place, at] = fen
    state.ppm[place, at] = np.where(bounded, np.minimum(state.rate[at], ceiling), state.rate[at])
    state.eligible[place, at] = True
    state.used[at] = place + 1
    state.principal[at] += fen
    state.drawn[at] += fen


def _weigh(state: State, at: Numbers) -> None:
    """Reckon anew what bears interest and what of it the government bears."""
    weights = state.remaining[:, at] * state.ppm[:, at]
    state.weight[at] = weights.sum(axis=0)
    may = state.may_subsidise[at] & ~state.grace_over[at]
    state.possible[at] = (weights * state.eligible[:, at]).sum(axis=0) * may
    state.borne[at] = state.possible[at] * (state.certified[at] | ~state.follows[at])


def _standing(events: Sequence[Event]) -> list[Event]:
    gone = {event.amount for event in events if event.kind == Kind.REVERSED}
    return sorted(event for event in events if event.kind != Kind.REVERSED and event.entry not in gone)
