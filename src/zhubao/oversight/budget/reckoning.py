"""From the figures of many loans to the lines of a budget: months summed by group, shares and expectations laid over them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from zhubao.lending.days import months_later
from zhubao.lending.money import MILLION, half_up

from .assumptions import Assumptions
from .projection import Flags, Numbers, Seen


class Item(StrEnum):
    """What a line is about. `INTEREST` is borne day by day in the year; `CLAIM` is the part of it that the year's lists ask for."""

    TRANCHE = "tranche"
    INTEREST = "interest"
    CLAIM = "claim"
    BACKSTOP = "backstop"
    SUBSIDY = "subsidy"


class Payer(StrEnum):
    """Who pays: the bank lends; finance of the insured place, or of a higher level."""

    BANK = "bank"
    COUNTY = "county"
    SUPERIOR = "superior"


class Cover(StrEnum):
    """Whose debt the government takes over after a death."""

    NOBODY = "nobody"
    CERTIFIED = "certified"
    EVERYBODY = "everybody"


# What a year costs finance: a claim is interest already counted, a tranche is lent.
COSTS = (Item.INTEREST, Item.BACKSTOP, Item.SUBSIDY)


class Line(NamedTuple):
    """One line: fen of each month of a year."""

    item: Item
    payer: Payer
    year: int
    months: tuple[int, ...]


@dataclass(slots=True)
class Sums:
    """Fen of every month and group (months × groups).

    Interest of loans that follow the status, what would be borne of them besides were all certified, interest of the other loans; the
    same of what closes; draws; contribution subsidies. `exposed_…`: uncovered debt at the month's end of those the government covers in
    any case, of the certified and of the uncertified that it covers while certified.
    """

    followed: Numbers
    missed: Numbers
    fixed: Numbers
    followed_claim: Numbers
    missed_claim: Numbers
    fixed_claim: Numbers
    drawn: Numbers
    subsidy: Numbers
    exposed_always: Numbers
    exposed_certified: Numbers
    exposed_uncertified: Numbers

    @classmethod
    def empty(cls, months: int, groups: int) -> "Sums":
        """Return sums of nothing."""
        return cls(*(np.zeros((months, groups), np.int64) for _ in fields(cls)))

    def add(self, other: "Sums") -> None:
        """Add other loans of the same months and groups, in place."""
        for field in fields(self):
            getattr(self, field.name).__iadd__(getattr(other, field.name))


def looks_of(as_of: date, years: int) -> list[int]:
    """Return the day after `as_of`, and the first of each later month to the January after the last year, as ordinals.

    `years` come after the one of the day after `as_of`.
    """
    day = as_of + timedelta(1)
    last = date(day.year + years + 1, 1, 1)
    result = [day]
    while day < last:
        day = months_later(day.replace(day=1), 1)
        result.append(day)
    return [day.toordinal() for day in result]


def sums_of(
    seen: Seen,
    *,
    follows: Flags,
    cover: Sequence[Cover],
    groups: Numbers,
    count: int,
    account_share_ppm: int,
    subsidies: Numbers | None = None,
) -> Sums:
    """Return the sums of loans by group (`groups`: the number of each loan's); `subsidies`: fen of each month and loan."""
    codes = np.array(cover, dtype=object)
    always, while_certified = codes == Cover.EVERYBODY, codes == Cover.CERTIFIED
    government, possible = np.diff(seen.government, axis=0), np.diff(seen.possible, axis=0)
    claimed, claimable = np.diff(seen.claimed, axis=0), np.diff(seen.claimable, axis=0)
    uncovered = np.maximum(seen.debt[1:] - seen.drawn[1:] * account_share_ppm // MILLION, 0)
    certified = seen.certified[1:]
    figures = (
        government * follows,
        (possible - government) * follows,
        government * ~follows,
        claimed * follows,
        (claimable - claimed) * follows,
        claimed * ~follows,
        np.diff(seen.drawn, axis=0),
        np.zeros_like(government) if subsidies is None else subsidies,
        uncovered * always,
        uncovered * while_certified * certified,
        uncovered * while_certified * ~certified,
    )
    return Sums(*(_by_group(figure, groups, count) for figure in figures))


def _by_group(figure: Numbers, groups: Numbers, count: int) -> Numbers:
    total = np.zeros((figure.shape[0], count), np.int64)
    order = np.argsort(groups, kind="stable")
    if len(order):
        present, starts = np.unique(groups[order], return_index=True)
        total[:, present] = np.add.reduceat(figure[:, order], starts, axis=1)
    return total


def lines_of(sums: Sums, group: int, looks: Sequence[int], assumed: Assumptions) -> Iterator[Line]:
    """Yield the lines of a group that are not nothing; every month is the difference of sums rounded once, so a year adds up."""
    months = [date.fromordinal(day) for day in looks[:-1]]
    shares = assumed.certified_shares(assumed.years)
    first = months[0].year
    column = {field.name: getattr(sums, field.name)[:, group].tolist() for field in fields(sums)}
    for year in range(first, first + assumed.years + 1):
        here = [number for number, day in enumerate(months) if day.year == year]
        kept, gained = shares[year - first]

        def expected(
            certified: str, others: str, always: str, here: list[int] = here, kept: int = kept, gained: int = gained
        ) -> list[int]:
            return [column[certified][at] * kept + column[others][at] * gained + column[always][at] * MILLION for at in here]

        interest = expected("followed", "missed", "fixed")
        claim = expected("followed_claim", "missed_claim", "fixed_claim")
        exposed = expected("exposed_certified", "exposed_uncertified", "exposed_always")
        offset = months[here[0]].month - 1
        found = (
            (Item.TRANCHE, 0, [column["drawn"][at] for at in here], 1),
            (Item.INTEREST, assumed.superior_share_ppm, interest, MILLION),
            (Item.CLAIM, assumed.superior_share_ppm, claim, MILLION),
            (Item.BACKSTOP, 0, [each * (assumed.deaths_ppm or 0) for each in exposed], 12 * MILLION * MILLION),
            (Item.SUBSIDY, assumed.superior_share_ppm, [column["subsidy"][at] for at in here], 1),
        )
        for item, superior_ppm, units, divisor in found:
            whole = _spread(units, divisor)
            above = _spread([fen * superior_ppm for fen in whole], MILLION)
            parts = {
                Payer.BANK if item is Item.TRANCHE else Payer.COUNTY: [a - b for a, b in zip(whole, above, strict=True)],
                Payer.SUPERIOR: above,
            }
            for payer, fen in parts.items():
                if any(fen):
                    yield Line(item, payer, year, (*[0] * offset, *fen))


def _spread(units: Sequence[int], divisor: int) -> list[int]:
    """Return the amount of every month so that each running total is rounded by itself, half up."""
    result, total, before = [], 0, 0
    for each in units:
        total += each
        rounded = half_up(total, divisor)
        result.append(rounded - before)
        before = rounded
    return result
