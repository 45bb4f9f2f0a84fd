"""What the government's interest of many loans is computed from, read with COPY: half a million loans in seconds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Func, Value

from zhubao.lending import Event, Setting, Terms, terms_for
from zhubao.lending.government_days import Stretch, government_days, ordinary_days

from ..models import ClaimLine, Loan, TermsSetting
from ..replaying import OnRecord, record_of, terms_of

# Pensions, floors, instalments, and what pays without touching interest: nothing the government bears turns on them.
_EVENTS = """SELECT loan_id, day - DATE '0001-01-01' + 1, kind, entry, amount FROM loans_loanevent
    WHERE loan_id = ANY(%s) AND kind NOT BETWEEN 1 AND 4 AND kind < 40 ORDER BY loan_id, day, kind, entry"""


@dataclass(frozen=True, slots=True)
class Claimable:
    """A loan as a claim sees it: whose it is, its terms, its events in order, and a death on record."""

    pk: int
    number: str
    person_index: bytes
    terms: Terms
    events: Sequence[Event]
    died_on: date | None

    def stretches(self, until: date) -> list[Stretch]:
        """Return the days the government bears up to a day (not counted); raise what a replay raises."""
        end = until if self.died_on is None else min(until, self.died_on)
        found = ordinary_days(self.terms, self.events, end)
        return found if found is not None else days_of(Loan.objects.select_related("bank").get(pk=self.pk), until)


def days_of(loan: Loan, until: date, known: OnRecord | None = None) -> list[Stretch]:
    """Return the days the government bears of one loan up to a day (not counted), from everything on its record."""
    known = known or record_of(loan)
    end = until if loan.person.died_on is None else min(until, loan.person.died_on)
    return government_days(known.terms, known.events, end)


def one_of(column: str, values: Collection[int] | Collection[str]) -> Func:
    """Return the condition that a column is one of many values, sent as one array: to write a list of IN takes seconds."""
    field: Any = models.CharField() if column == "number" else models.BigIntegerField()
    array = Value(list(values), output_field=ArrayField(field))
    return Func(F(column), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=models.BooleanField())


def claimable(loans: Collection[int] | Collection[str], *, by: Literal["pk", "number"]) -> dict[str, Claimable]:
    """Return loans by number; `by` names the column that `loans` lists."""
    columns = ("pk", "number", "policy_id", "bank__name", "day_count", "settlement", "signed_on")
    rows = list(
        Loan.objects.filter(one_of(by, loans)).order_by("pk").values_list(*columns, "person__id_number_index", "person__died_on")
    )
    ids = [row[0] for row in rows]
    events, special = _events(ids), set(TermsSetting.objects.filter(one_of("loan_id", ids)).values_list("loan_id", flat=True))
    found = {}
    for pk, number, policy_id, bank, day_count, settlement, signed_on, index, died_on in rows:
        if pk in special:
            terms = terms_of(Loan.objects.select_related("bank").get(pk=pk)).terms
        else:
            terms = _terms(policy_id, bank, day_count, settlement, signed_on)
        found[number] = Claimable(pk, number, bytes(index), terms, events.get(pk, ()), died_on)
    return found


@lru_cache(maxsize=8192)
def _terms(policy_id: str, bank: str, day_count: str, settlement: str, signed_on: date) -> Terms:
    given = [Setting("day_count", day_count, decided_by=bank), Setting("settlement", settlement, decided_by=bank)]
    return terms_for(policy_id, given, signed_on).terms


def _events(ids: Sequence[int]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    pk = 0
    mine: list[Event] = []
    for loan_id, day, kind, entry, amount in copied(_EVENTS, [list(ids)], 5):
        if loan_id != pk:
            pk, mine = loan_id, []
            found[pk] = mine
        mine.append(Event(day, kind, entry, amount))
    return found


def copied(query: str, parameters: Sequence[Any], columns: int) -> Any:
    """Yield the rows of a query of whole numbers, read with COPY."""
    import pyarrow as pa
    from pyarrow import csv

    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT", parameters) as copy:
        content = b"".join(copy)
    if not content:
        return iter(())
    names = [str(at) for at in range(columns)]
    table = csv.read_csv(
        pa.BufferReader(content),
        read_options=csv.ReadOptions(column_names=names),
        parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.int64())),
    )
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def accepted_before(claim_id: int, loan_ids: Collection[int]) -> Mapping[tuple[int, int], int]:
    """Return what other claims accepted of each loan's year, fen, by (loan, year); a line nobody decided on counts as 0."""
    lines = ClaimLine.objects.filter(one_of("loan_id", loan_ids), refused="").exclude(claim_id=claim_id)
    found: dict[tuple[int, int], int] = {}
    for loan_id, year, fen in lines.order_by().values_list("loan_id", "year", "accepted_fen"):
        found[loan_id, year] = found.get((loan_id, year), 0) + (fen or 0)
    return found
