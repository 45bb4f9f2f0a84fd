"""The interest of a county's lots for a year, column by column: the same as `pension.account_interest`, a million accounts at a time.

What a lot opens with is what the run before left it with, put right by entries of earlier years that were booked since; without a run
before, the sum of all entries before the year. No single value passes through Python.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from zhubao.accounts.models import Batch, Entry, InterestRun, Kind, Lot, Source
from zhubao.ledger import binary
from zhubao.ledger.binary import Flags, Numbers
from zhubao.pension.account_interest import MILLION, MONTHLY_FROM_NEXT, MONTHS, YEARLY, Movement, year_of_lot

SOURCES = tuple(Source.values)
LEAVING = (Kind.PAYOUT, Kind.TRANSFER_OUT)
# Rows of the COPY that are made at once: the database takes a part while the next is made.
PART = 50_000

LOTS = f"""
    SELECT lot.id, lot.account_id, array_position(ARRAY[{", ".join(f"'{source}'" for source in SOURCES)}], lot.source::text) - 1
    FROM accounts_lot AS lot JOIN accounts_account AS account ON account.id = lot.account_id
    WHERE account.region_code = %(region)s AND account.scheme = %(scheme)s ORDER BY lot.id
"""
IN_COUNTY = "batch_id IN (SELECT id FROM accounts_batch WHERE region_code = %(region)s)"
FIRST_YEAR = f"""
    SELECT lot_id, amount_fen FROM accounts_entry WHERE "on" < %(first)s AND id <= %(last_entry)s AND {IN_COUNTY}
"""
AFTER_A_RUN = f"""
    SELECT lot_id, carried_fen FROM accounts_entry
    WHERE "on" = %(last_before)s AND batch_id = %(batch_before)s AND carried_fen IS NOT NULL
    UNION ALL
    SELECT lot_id, amount_fen FROM accounts_entry
    WHERE "on" < %(first)s AND id > %(entry_before)s AND id <= %(last_entry)s AND batch_id <> %(batch_before)s AND {IN_COUNTY}
"""
MOVED = f"""
    SELECT lot_id, amount_fen, "on", kind IN ('payout', 'transfer_out') FROM accounts_entry
    WHERE "on" BETWEEN %(first)s AND %(last)s AND id <= %(last_entry)s AND {IN_COUNTY}
"""


class Line(NamedTuple):
    """What a run gives one lot, fen; `product` in fen-months."""

    lot_id: int
    source: str
    account_id: int
    opening: int
    moved: int
    product: int
    interest: int

    @property
    def carried(self) -> int:
        """What the next year opens with."""
        return self.opening + self.moved + self.interest


class SourceSum(NamedTuple):
    """What a run gives all lots of a source, fen."""

    source: str
    lots: int
    opening: int
    moved: int
    interest: int


@dataclass(frozen=True)
class Reckoned:
    """What a run gives every lot that has anything in it or earned anything, as columns in the order of the lots; money in fen."""

    lots: Numbers
    accounts: Numbers
    sources: Numbers
    opening: Numbers
    moved: Numbers
    product: Numbers
    interest: Numbers

    @property
    def carried(self) -> Numbers:
        """What the next year opens with."""
        return self.opening + self.moved + self.interest

    @property
    def account_count(self) -> int:
        """How many accounts there are."""
        return len(np.unique(self.accounts))

    def by_source(self) -> list[SourceSum]:
        """Return the totals of each source there is."""
        result = []
        for code in np.unique(self.sources).tolist():
            here = self.sources == code
            sums = (int(column[here].sum()) for column in (self.opening, self.moved, self.interest))
            result.append(SourceSum(SOURCES[code], int(here.sum()), *sums))
        return result

    def lines(self) -> Iterator[Line]:
        """Yield the lots one by one, by account."""
        order = np.lexsort((self.lots, self.accounts))
        columns = (self.lots, self.sources, self.accounts, self.opening, self.moved, self.product, self.interest)
        for lot, source, *rest in zip(*(column[order].tolist() for column in columns), strict=True):
            yield Line(lot, SOURCES[source], *rest)


@transaction.atomic
def reckon(run: InterestRun) -> Reckoned:
    """Return what a run gives every lot, by the entries up to its newest."""
    given: dict[str, object] = {
        "region": run.region_code,
        "scheme": run.scheme,
        "first": date(run.year, 1, 1),
        "last": date(run.year, 12, 31),
        "last_entry": run.last_entry,
    }
    before = run.previous
    if before is not None:
        given |= {
            "last_before": date(before.year, 12, 31),
            "batch_before": before.batch_id,
            "entry_before": before.last_entry,
        }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        lots = _copy(cursor, LOTS, [("lot", "big"), ("account", "big"), ("source", "whole")], given)
        there = _copy(cursor, FIRST_YEAR if before is None else AFTER_A_RUN, [("lot", "big"), ("fen", "big")], given)
        year = _copy(cursor, MOVED, [("lot", "big"), ("fen", "big"), ("on", "day"), ("leaves", "flag")], given)
    ids = binary.ints(lots["lot"])
    opening = _by_lot(ids, binary.ints(there["lot"]), binary.ints(there["fen"]))
    of, fen = binary.ints(year["lot"]), binary.ints(year["fen"])
    months = _months(binary.ordinals(year["on"]))
    moved = _by_lot(ids, of, fen)
    product = opening * MONTHS + _by_lot(ids, of, fen * _months_left(months, binary.flags(year["leaves"]), run.method))
    interest = _interest(product, run.rate_ppm)
    worth = (interest != 0) | (opening + moved != 0)
    columns = (ids, binary.ints(lots["account"]), binary.ints(lots["source"]), opening, moved, product, interest)
    return Reckoned(*(column[worth] for column in columns))


def lines_of(run: InterestRun, account_ids: Sequence[int]) -> list[Line]:
    """Return what a run gives the lots of some accounts, by account and lot, each reckoned by itself from its entries."""
    lots = {lot.pk: lot for lot in Lot.objects.filter(account_id__in=account_ids)}
    rows = Entry.objects.filter(lot_id__in=lots, on__lte=date(run.year, 12, 31), pk__lte=run.last_entry)
    opening = dict.fromkeys(lots, 0)
    moved: dict[int, list[Movement]] = {}
    for lot_id, kind, on, fen in rows.values_list("lot_id", "kind", "on", "amount_fen"):
        if on.year < run.year:
            opening[lot_id] += fen
        else:
            moved.setdefault(lot_id, []).append(Movement(on.month, fen, kind in LEAVING))
    result = []
    for lot in sorted(lots.values(), key=lambda lot: (lot.account_id, lot.pk)):
        year = year_of_lot(opening[lot.pk], moved.get(lot.pk, []), run.rate_ppm, run.method)
        if year.interest or year.opening + year.moved:
            result.append(Line(lot.pk, lot.source, lot.account_id, *year))
    return result


def insert(run: InterestRun, batch: Batch, found: Reckoned) -> None:
    """Enter the interest of a run, one entry a lot."""
    names = ["batch_id", "lot_id", "kind", "on", "amount_fen", "carried_fen", "subject", "key"]
    last = np.array([date(run.year, 12, 31).toordinal()])
    nothing, carried = binary.text(""), found.carried

    def parts() -> Iterator[bytes]:
        for at in range(0, len(found.lots), PART):
            here = slice(at, at + PART)
            cells = [
                binary.big(np.array([batch.pk])),
                binary.big(found.lots[here]),
                binary.text(Kind.INTEREST.value),
                binary.day(last),
                binary.big(found.interest[here]),
                binary.big(carried[here]),
                nothing,
                nothing,
            ]
            yield binary.rows(len(found.lots[here]), cells)

    with connection.cursor() as cursor:
        binary.copy_in(cursor, Entry._meta.db_table, names, parts())


def newest_entry() -> int:
    """Return the number of the newest entry there is, in any county."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value, is_called FROM accounts_entry_id_seq")
        last, called = cursor.fetchone()
    return int(last) if called else 0


def booked_since(run: InterestRun) -> int:
    """Return how many entries of the run's year and before were booked in the county since it was reckoned, its own not counted."""
    later = Entry.objects.filter(pk__gt=run.last_entry, on__lte=date(run.year, 12, 31)).exclude(batch_id=run.batch_id or 0)
    return later.filter(batch__region_code=run.region_code, lot__account__scheme=run.scheme).count()


def _copy(cursor: CursorWrapper, query: str, types: list[tuple[str, str]], given: dict[str, object]) -> dict[str, Numbers]:
    return binary.copy_out(cursor, query, types, given)


def _by_lot(ids: Numbers, lots: Numbers, fen: Numbers) -> Numbers:
    """Return the sum of amounts for each lot of `ids` (ascending); amounts of other lots are left out."""
    result = np.zeros(len(ids), np.int64)
    if len(ids) and len(lots):
        place = np.minimum(np.searchsorted(ids, lots), len(ids) - 1)
        known = ids[place] == lots
        np.add.at(result, place[known], fen[known])
    return result


def _months(ordinals: Numbers) -> Numbers:
    """Return the months (1–12) of days given as ordinals."""
    first = date(1970, 1, 1).toordinal()
    months: Numbers = (ordinals - first).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % MONTHS + 1
    return months


def _months_left(months: Numbers, leaves: Flags, method: str) -> Numbers:
    """Return for how many months movements count, as `pension.account_interest.months_left` says it."""
    left = MONTHS + 1 - months
    if method == YEARLY:
        return np.where(leaves, left, 0)
    return left - 1 if method == MONTHLY_FROM_NEXT else left


def _interest(product: Numbers, rate_ppm: int) -> Numbers:
    """Return the interest of fen-months half-up to the fen, as `pension.account_interest.interest_of` says it."""
    whole = MONTHS * MILLION
    return (2 * np.maximum(product, 0) * rate_ppm + whole) // (2 * whole)
