"""Whether the books of loans are what their events come to, and whether they stand where the month-end left them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

import numpy as np
from django.db import connection, transaction

from zhubao.errors import ZhubaoError
from zhubao.ledger import binary
from zhubao.ledger.binary import Numbers
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.lending import batch
from zhubao.lending.money import MILLION
from zhubao.parameters import ParameterBook
from zhubao.programmes.selectors import parameter_book

from .books import SOURCE, missing_lines, standing_of
from .models import DeductionOrder, Loan, LoanStanding
from .quiet.keeping import rates_mark, standing_after
from .quiet.standings import NUMBER, PACKED, ROW_TYPES, Standings, columns_of, kept_in, of_region, row_of, unlike
from .replaying import OnRecord, records_of

CHUNK = 500
# What the database may use to sum up a million loans without writing to disk, for each step and process.
MEMORY = "192MB"


def _interest(standings: Standings) -> Numbers:
    """Return the interest each borrower owes, that of the open period as far as it is booked, fen."""
    unit = standings.year_days * MILLION
    open_period = batch.round_units(standings.raw_interest, unit) - batch.round_units(standings.raw_government, unit)
    return standings.interest_due + open_period


# Account of the bank's or the borrower's books → what it must come to by where the loan stands; liabilities are below zero. No account
# of the one's books is called as one of the other's.
BALANCES: dict[str, tuple[Party, Callable[[Standings], Numbers]]] = {
    "loan_principal": (Party.BANK, lambda standings: standings.remaining.sum(axis=0)),
    "interest_receivable_borrower": (Party.BANK, _interest),
    "loan_payable": (Party.BORROWER, lambda standings: -standings.remaining.sum(axis=0)),
    "interest_payable": (Party.BORROWER, lambda standings: -_interest(standings)),
}
_SUMS = ", ".join(
    f"ledger_sum(CASE '{account}' WHEN debit THEN amount_fen WHEN credit THEN -amount_fen END) AS {account}"
    for account in BALANCES
)
_OF_LOANS = f"source = '{SOURCE}' AND party IN ('{Party.BANK.value}', '{Party.BORROWER.value}')"
_BALANCES = ", ".join(f"coalesce(books.{account}, 0) - coalesce(later.{account}, 0)" for account in BALANCES)
# The books are summed up to the last day any loan was closed as of; of a loan that was closed before it, what came later is taken off.
QUERY = f"""
WITH last AS (SELECT max(as_of) AS day FROM {LoanStanding._meta.db_table}),
books AS MATERIALIZED (
    SELECT subject, {_SUMS} FROM {Posting._meta.db_table} WHERE {_OF_LOANS} AND "on" <= (SELECT day FROM last) GROUP BY subject
)
SELECT s.loan_id, s.as_of, s.touched, s.packed, books.subject IS NOT NULL, {_BALANCES}
FROM (SELECT *, 'loan:' || {NUMBER} AS subject FROM {LoanStanding._meta.db_table} s) s
    LEFT JOIN books ON books.subject = s.subject
    LEFT JOIN LATERAL (
        SELECT {_SUMS} FROM {Posting._meta.db_table}
        WHERE {_OF_LOANS} AND subject = s.subject AND "on" > s.as_of AND "on" <= (SELECT day FROM last) AND s.as_of < (SELECT day FROM last)
    ) later ON true
"""
QUERY_TYPES = [*ROW_TYPES, ("there", "flag"), *((account, "big") for account in BALANCES)]


def books_beside_replay(region_code: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the number of every loan of a region, and what its books lack or have too much of, a line in words each.

    The life is replayed up to the last day anything was posted for or a month-end closed; what happened after it is not due yet. What
    the cache of the month-end keeps of a loan is made anew as well, and named where it differs.
    """
    wanted = Loan.objects.filter(region_code__startswith=region_code)
    wanted = wanted.select_related("bank", "person").order_by("pk")
    book, last = parameter_book(), 0
    while chunk := list(wanted.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        records, standing = records_of(chunk), standing_of(chunk)
        kept, ordered = LoanStanding.objects.in_bulk([loan.pk for loan in chunk]), _ordered(chunk)
        for loan in chunk:
            known, here = records[loan.pk], standing[loan.subject]
            try:
                lines = missing_lines(loan, known, here, max([here.until, *known.month_ends]))
            except ZhubaoError as error:
                yield loan.number, [error.message("zh")]
                continue
            faults = [f"{line.on} {line.kind} {line.debit}/{line.credit} {line.amount_fen}" for line in lines]
            yield loan.number, faults + _unlike(kept.get(loan.pk), loan, known, ordered.get(loan.pk, {}), here.until, book)


def balances_beside_postings(region_code: str = "") -> tuple[int, list[str]]:
    """Derive what loans of a region owe from their postings; return how many there are, and what differs in words.

    Compared is where the month-end left each loan of which it keeps a standing: principal and the borrower's interest, in the bank's
    books and in the borrower's.
    """
    where, parameters = of_region(region_code)
    checked, faults = 0, []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        for rows in binary.copy_rows(cursor, f"{QUERY} WHERE {where}", QUERY_TYPES, parameters, width=PACKED.itemsize):
            standings, named = columns_of(rows)
            checked += len(standings.loan)
            for account, (_party, stands) in BALANCES.items():
                have, wanted = binary.ints(rows[account]), stands(standings)
                faults += [
                    f"{named.numbers[at].decode()}: {account} {have[at]}, not {wanted[at]}"
                    for at in np.flatnonzero((have != wanted) | ~rows["there"]).tolist()
                ]
    return checked, sorted(faults, key=lambda fault: fault.partition(":")[0])


def _ordered(loans: Sequence[Loan]) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = {}
    for pk, month, fen in DeductionOrder.objects.filter(loan__in=loans).values_list("loan_id", "month", "amount_fen"):
        found.setdefault(pk, {})[month] = fen
    return found


def _unlike(
    row: LoanStanding | None, loan: Loan, known: OnRecord, orders: dict[date, int], until: date, book: ParameterBook
) -> list[str]:
    """Return where a row of the cache differs from one made anew; one that was told of something since is read with it and passed."""
    if row is None or row.touched:
        return []
    anew = standing_after(loan, known, orders, row.as_of, book, posted_until=until)
    if anew is None:
        return ["standing: only a replay can go on"]
    # Rates published since are noticed by their mark.
    passed = {"rates_mark", "wakes_on"} if kept_in(row).rates_mark != rates_mark(book) else set()
    return [
        f"standing {name}: {here}, not {wanted}" for name, here, wanted in unlike(row, row_of(loan, anew)) if name not in passed
    ]
