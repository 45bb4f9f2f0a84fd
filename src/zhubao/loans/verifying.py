"""Whether the books of loans are what their events come to, and whether they stand where the month-end left them."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import connection, transaction

from zhubao.errors import ZhubaoError
from zhubao.ledger.models import Posting
from zhubao.parameters import ParameterBook
from zhubao.programmes.selectors import parameter_book

from .books import SOURCE, missing_lines, standing_of
from .models import DeductionOrder, Loan, LoanStanding
from .quiet.keeping import rates_mark, standing_after
from .replaying import OnRecord, records_of

CHUNK = 500
# What the database may use to sum up a million loans without writing to disk, for each step and process.
MEMORY = "192MB"
# Account of the bank's or the borrower's books → what it must come to by where the loan stands; liabilities are below zero.
_PRINCIPAL = "(" + " + ".join(f"s.remaining[{place}]" for place in range(1, 7)) + ")"
_OPEN = " - ".join(
    f"(s.{raw} + s.year_days * 500000::bigint) / (s.year_days * 1000000::bigint)" for raw in ("raw_interest", "raw_government")
)
_INTEREST = f"(s.interest_due + {_OPEN})"
BALANCES = {
    "loan_principal": ("bank", _PRINCIPAL),
    "interest_receivable_borrower": ("bank", _INTEREST),
    "loan_payable": ("borrower", f"-{_PRINCIPAL}"),
    "interest_payable": ("borrower", f"-{_INTEREST}"),
}


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
    sums = ", ".join(
        f"coalesce(ledger_sum(CASE '{account}' WHEN p.debit THEN p.amount_fen WHEN p.credit THEN -p.amount_fen END)"
        f" FILTER (WHERE p.party = '{party}'), 0) AS {account}"
        for account, (party, _value) in BALANCES.items()
    )
    pairs = ", ".join(f"books.{account}, {value}" for account, (_party, value) in BALANCES.items())
    differs = " OR ".join(f"books.{account} <> {value}" for account, (_party, value) in BALANCES.items())
    kept = f"{LoanStanding._meta.db_table} s JOIN {Loan._meta.db_table} l ON l.id = s.loan_id"
    query = f"""
        SELECT l.number, {pairs} FROM {kept} LEFT JOIN (
            SELECT l.id, {sums} FROM {kept} JOIN {Posting._meta.db_table} p ON p.subject = 'loan:' || l.number AND p."on" <= s.as_of
            WHERE p.source = '{SOURCE}' AND p.party IN ('bank', 'borrower') AND l.region_code LIKE %s GROUP BY l.id
        ) books ON books.id = l.id WHERE l.region_code LIKE %s AND ({differs} OR books.id IS NULL) ORDER BY l.number"""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL work_mem = '{MEMORY}'")
        cursor.execute(query, [f"{region_code}%"] * 2)
        rows = cursor.fetchall()
        cursor.execute(f"SELECT count(*) FROM {kept} WHERE l.region_code LIKE %s", [f"{region_code}%"])
        checked = int(cursor.fetchone()[0])
    faults = [
        f"{number}: {account} {values[2 * place]}, not {values[2 * place + 1]}"
        for number, *values in rows
        for place, account in enumerate(BALANCES)
        if values[2 * place] != values[2 * place + 1]
    ]
    return checked, faults


def _ordered(loans: Sequence[Loan]) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = {}
    for pk, month, fen in DeductionOrder.objects.filter(loan__in=loans).values_list("loan_id", "month", "amount_fen"):
        found.setdefault(pk, {})[month] = fen
    return found


def _unlike(
    kept: LoanStanding | None, loan: Loan, known: OnRecord, orders: dict[date, int], until: date, book: ParameterBook
) -> list[str]:
    """Return where a row of the cache differs from one made anew; one that was told of something since is read with it and passed."""
    if kept is None or kept.touched:
        return []
    anew = standing_after(loan, known, orders, kept.as_of, book, posted_until=until)
    if anew is None:
        return ["standing: only a replay can go on"]
    # Rates published since are noticed by their mark.
    passed = {"rates_mark", "wakes_on"} if kept.rates_mark != rates_mark(book) else set()
    names = [field.name for field in LoanStanding._meta.concrete_fields if field.name not in {"loan", *passed}]
    return [
        f"standing {name}: {getattr(kept, name)}, not {getattr(anew, name)}"
        for name in names
        if getattr(kept, name) != getattr(anew, name)
    ]
