"""The interest of a county's lots for a year in one query: the same as `pension.account_interest`, a million accounts at a time.

What a lot opens with is what the run before left it with, put right by entries of earlier years that were booked since; without a run
before, the sum of all entries before the year.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection, transaction

from zhubao.accounts.models import Batch, InterestRun
from zhubao.pension.account_interest import MILLION, MONTHLY_FROM_NEXT, MONTHS, YEARLY

# A sort or a table of sums of a county's lots stays in memory.
WORK_MEMORY = "256MB"

FIRST_YEAR = """
    SELECT lot_id, amount_fen AS opening, 0 AS moved, 0 AS counted FROM accounts_entry
    WHERE "on" < %(first)s AND id <= %(last_entry)s
"""
AFTER_A_RUN = """
    SELECT lot_id, carried_fen AS opening, 0 AS moved, 0 AS counted FROM accounts_entry
    WHERE "on" = %(last_before)s AND batch_id = %(batch_before)s AND carried_fen IS NOT NULL
    UNION ALL
    SELECT lot_id, amount_fen, 0, 0 FROM accounts_entry
    WHERE "on" < %(first)s AND id > %(entry_before)s AND id <= %(last_entry)s AND batch_id <> %(batch_before)s
"""
LINES = """
    SELECT lot.id AS lot_id, lot.source, lot.account_id, sums.opening, sums.moved, sums.product,
        (2 * greatest(sums.product, 0) * %(rate)s + {whole}) / (2 * {whole}) AS interest
    FROM (
        SELECT lot_id, sum(opening)::bigint AS opening, sum(moved)::bigint AS moved,
            (sum(opening) * {months} + sum(counted))::bigint AS product
        FROM (
            {opening}
            UNION ALL
            SELECT lot_id, 0, amount_fen, amount_fen * {weight} FROM accounts_entry
            WHERE "on" BETWEEN %(first)s AND %(last)s AND id <= %(last_entry)s
        ) AS parts {restricted}
        GROUP BY lot_id
    ) AS sums
    JOIN accounts_lot AS lot ON lot.id = sums.lot_id JOIN accounts_account AS account ON account.id = lot.account_id
    WHERE account.region_code = %(region)s AND account.scheme = %(scheme)s
"""
# A lot with nothing in it and nothing earned has no entry.
WORTH = "interest <> 0 OR opening + moved <> 0"


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


def sums_by_source(run: InterestRun) -> tuple[int, list[SourceSum]]:
    """Return how many accounts a run reaches, and its totals by source."""
    query, given = _lines(run)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEMORY])
        cursor.execute(
            f"""
            WITH lines AS MATERIALIZED (SELECT * FROM ({query}) AS every WHERE {WORTH})
            SELECT '', count(DISTINCT account_id), 0, 0, 0 FROM lines
            UNION ALL
            SELECT source, count(*), sum(opening), sum(moved), sum(interest) FROM lines GROUP BY source ORDER BY 1
            """,
            given,
        )
        (_none, accounts, *_rest), *rows = cursor.fetchall()
    return int(accounts), [SourceSum(source, *(int(value) for value in values)) for source, *values in rows]


def lines_of(run: InterestRun, account_ids: Sequence[int]) -> list[Line]:
    """Return what a run gives the lots of some accounts, by account and lot."""
    query, given = _lines(run, account_ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS every WHERE {WORTH} ORDER BY account_id, lot_id", given)
        return [Line(*row) for row in cursor.fetchall()]


def all_lines(run: InterestRun, chunk: int = 5000) -> Iterator[Line]:
    """Yield what a run gives every lot, by account and lot; read in a transaction, not held in memory."""
    query, given = _lines(run)
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({query}) AS every WHERE {WORTH} ORDER BY account_id, lot_id", given)
        while rows := cursor.fetchmany(chunk):
            yield from (Line(*row) for row in rows)


def insert(run: InterestRun, batch: Batch) -> tuple[int, int]:
    """Enter the interest of a run; return how many entries were made and what they come to, fen."""
    query, given = _lines(run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('work_mem', %s, true)", [WORK_MEMORY])
        cursor.execute(
            f"""
            WITH made AS (
                INSERT INTO accounts_entry (batch_id, lot_id, kind, "on", amount_fen, carried_fen, subject, key)
                SELECT %(batch)s, lot_id, 'interest', %(last)s, interest, opening + moved + interest, '', ''
                FROM ({query}) AS every WHERE {WORTH} ORDER BY lot_id
                RETURNING amount_fen
            ) SELECT count(*), coalesce(sum(amount_fen), 0) FROM made
            """,
            {**given, "batch": batch.pk},
        )
        count, fen = cursor.fetchone()
    return int(count), int(fen)


def newest_entry() -> int:
    """Return the number of the newest entry there is, in any county."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value, is_called FROM accounts_entry_id_seq")
        last, called = cursor.fetchone()
    return int(last) if called else 0


def booked_since(run: InterestRun) -> int:
    """Return how many entries of the run's year and before were booked in the county since it was reckoned, its own not counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FROM accounts_entry AS entry JOIN accounts_lot AS lot ON lot.id = entry.lot_id
            JOIN accounts_account AS account ON account.id = lot.account_id
            WHERE entry.id > %s AND entry."on" <= %s AND entry.batch_id <> %s AND account.region_code = %s AND account.scheme = %s
            """,
            [run.last_entry, date(run.year, 12, 31), run.batch_id or 0, run.region_code, run.scheme],
        )
        return int(cursor.fetchone()[0])


def _lines(run: InterestRun, account_ids: Sequence[int] | None = None) -> tuple[str, dict[str, Any]]:
    """Return the query of a run's lines and what is to be put in; of some accounts, or of all."""
    before = run.previous
    restricted = ""
    given: dict[str, Any] = {
        "region": run.region_code,
        "scheme": run.scheme,
        "rate": run.rate_ppm,
        "first": date(run.year, 1, 1),
        "last": date(run.year, 12, 31),
        "last_entry": run.last_entry,
    }
    if before is not None:
        given |= {
            "last_before": date(before.year, 12, 31),
            "batch_before": before.batch_id,
            "entry_before": before.last_entry,
        }
    if account_ids is not None:
        restricted = "WHERE lot_id IN (SELECT id FROM accounts_lot WHERE account_id = ANY(%(accounts)s))"
        given["accounts"] = list(account_ids)
    opening = FIRST_YEAR if before is None else AFTER_A_RUN
    return LINES.format(
        opening=opening, weight=_weight(run.method), restricted=restricted, months=MONTHS, whole=MONTHS * MILLION
    ), given


def _weight(method: str) -> str:
    """Return for how many months a movement counts, as `pension.account_interest.months_left` says it."""
    left = f'({MONTHS + 1} - extract(month FROM "on")::integer)'
    if method == YEARLY:
        return f"CASE WHEN kind IN ('payout', 'transfer_out') THEN {left} ELSE 0 END"
    return f"({left} - 1)" if method == MONTHLY_FROM_NEXT else left
