"""Whether the books of loans are what their events come to, and whether they stand where the month-end left them."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Min

from zhubao.errors import ZhubaoError
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting
from zhubao.parameters import ParameterBook
from zhubao.programmes.selectors import parameter_book

from .books import SOURCE, missing_lines, standing_of
from .models import DeductionOrder, Loan, LoanStanding
from .quiet.keeping import rates_mark, standing_after
from .quiet.standings import kept_in, row_of, unlike
from .replaying import OnRecord, records_of

CHUNK = 500
# What the database may use to sum up a million loans without writing to disk, for each step and process.
MEMORY = "192MB"


# Account of the bank's or the borrower's books → what it must come to by where the loan stands; liabilities are below zero. No account
# of the one's books is called as one of the other's.
BALANCES = {
    "loan_principal": (Party.BANK, "s.principal_fen"),
    "interest_receivable_borrower": (Party.BANK, "s.interest_fen"),
    "loan_payable": (Party.BORROWER, "-s.principal_fen"),
    "interest_payable": (Party.BORROWER, "-s.interest_fen"),
}
_POSTED = f"{Posting._meta.db_table} WHERE source = '{SOURCE}' AND party IN ('{Party.BANK.value}', '{Party.BORROWER.value}')"
_SUMS = ", ".join(
    f"ledger_sum(CASE '{account}' WHEN debit THEN amount_fen WHEN credit THEN -amount_fen END) AS {account}"
    for account in BALANCES
)
_BEFORE = ", ".join(f"coalesce(books.{account}, 0) AS {account}" for account in BALANCES)
_LESS = ", ".join(f"coalesce(books.{account}, 0) - coalesce(later.{account}, 0) AS {account}" for account in BALANCES)
_PAIRS = ", ".join(f"found.{account}, {value}" for account, (_party, value) in BALANCES.items())
_DIFFERS = " OR ".join(f"found.{account} <> {value}" for account, (_party, value) in BALANCES.items())
# The books are summed up by subject, which several processes do side by side, and then held against the loans.
_BOOKS = f"""
WITH books AS MATERIALIZED (SELECT subject, {_SUMS} FROM {_POSTED} AND "on" <= %(last)s GROUP BY subject)
SELECT l.number, {_PAIRS} FROM {LoanStanding._meta.db_table} s JOIN {Loan._meta.db_table} l ON l.id = s.loan_id
    LEFT JOIN books ON books.subject = 'loan:' || l.number"""
_WHERE = f"WHERE l.region_code LIKE %(region)s AND (books.subject IS NULL OR {_DIFFERS})"
# Loans closed as of the last day; then those closed as of an earlier one, of whose books what came later is taken off.
QUERIES = (
    f"{_BOOKS} CROSS JOIN LATERAL (SELECT {_BEFORE}) found {_WHERE} AND s.as_of = %(last)s",
    f"""{_BOOKS} CROSS JOIN LATERAL (
        SELECT {_SUMS} FROM {_POSTED} AND subject = 'loan:' || l.number AND "on" > s.as_of AND "on" <= %(last)s
    ) later CROSS JOIN LATERAL (SELECT {_LESS}) found {_WHERE} AND s.as_of < %(last)s""",
)


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
    kept = LoanStanding.objects.filter(loan__region_code__startswith=region_code)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        seen = kept.aggregate(checked=Count("pk"), first=Min("as_of"), last=Max("as_of"))
        rows: list[tuple[Any, ...]] = []
        for query in QUERIES[: 1 + (seen["first"] != seen["last"])]:
            cursor.execute(query, {"region": f"{region_code}%", "last": seen["last"]})
            rows += cursor.fetchall()
    faults = [
        f"{number}: {account} {values[2 * place]}, not {values[2 * place + 1]}"
        for number, *values in sorted(rows)
        for place, account in enumerate(BALANCES)
        if values[2 * place] != values[2 * place + 1]
    ]
    return seen["checked"], faults


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
