"""The standings of many loans as columns, read from the cache and written back without a value passing through Python."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from zhubao.ledger import binary
from zhubao.ledger.binary import Cells, Flags, Numbers, Texts

from ..models import Loan, LoanStanding
from ..models.standing import TRANCHES

NO_DAY, NEVER = date.min, date.max
KINDS = ("monthly", "quarterly", "yearly")
# Longer names than these are closed by replay.
NUMBER_LENGTH, REGION_LENGTH, POLICY_LENGTH = 40, 12, 24


@dataclass(slots=True)
class Standings:
    """Standings of n loans: a column for each field of `LoanStanding`, days as ordinals; `remaining` and `rates` are k × n."""

    loan: Numbers
    as_of: Numbers
    touched: Flags
    events: Numbers
    repaying: Flags
    wakes_on: Numbers
    rates_mark: Numbers
    year_days: Numbers
    settlement: Numbers
    subsidised: Flags
    open_since: Numbers
    interest_due: Numbers
    raw_interest: Numbers
    raw_government: Numbers
    rule: Numbers
    max_months: Numbers
    months_deducted: Numbers
    cap_fen: Numbers
    ordered_cap_fen: Numbers
    pension_fen: Numbers
    protected_fen: Numbers
    agreed_fen: Numbers
    floor_fen: Numbers
    floor_area: Numbers
    open_month: Numbers
    open_fen: Numbers
    remaining: Numbers
    rates: Numbers

    def only(self, which: Numbers | Flags) -> "Standings":
        """Return the standings at these places."""
        return Standings(*(getattr(self, field.name)[..., which] for field in fields(self)))


@dataclass(slots=True)
class Named:
    """Who the loans of some standings are, in the same order: what their postings are called by."""

    numbers: Texts
    regions: Texts
    policies: Texts
    banks: Numbers
    people: Numbers

    def only(self, which: Numbers | Flags) -> "Named":
        """Return the names at these places."""
        return Named(*(getattr(self, field.name)[which] for field in fields(self)))

    def by_policy(self) -> tuple[list[str], Numbers]:
        """Return the programmes among them, and of each loan the place of its programme in that list."""
        found: list[str] = []
        place = np.zeros(len(self.policies), np.int64)
        rest = np.arange(len(self.policies))
        while len(rest):
            policy = self.policies[rest[0]]
            here = self.policies[rest] == policy
            place[rest[here]] = len(found)
            found.append(policy.decode())
            rest = rest[~here]
        return found, place


_FIELDS = list(LoanStanding._meta.concrete_fields)
_TYPES: dict[type, tuple[str, Callable[..., Cells]]] = {
    models.BooleanField: ("flag", binary.flag),
    models.DateField: ("day", binary.day),
    models.IntegerField: ("whole", binary.whole),
    models.BigIntegerField: ("big", binary.big),
    models.OneToOneField: ("big", binary.big),
    ArrayField: (f"bigs{TRANCHES}", binary.bigs),
}
_COLUMNS = [(field.name, str(field.column), *_TYPES[type(field)]) for field in _FIELDS]
_NAMED = [
    ("number", f"text{NUMBER_LENGTH}", f"rpad(l.number, {NUMBER_LENGTH})"),
    ("region", f"text{REGION_LENGTH}", f"rpad(l.region_code, {REGION_LENGTH})"),
    ("policy", f"text{POLICY_LENGTH}", f"rpad(l.policy_id, {POLICY_LENGTH})"),
    ("bank", "big", "l.bank_id"),
    ("person", "big", "l.person_id"),
]


def read(where: str, parameters: list[object]) -> tuple[Standings, Named]:
    """Return the standings that a condition on ``l`` (loan) and ``s`` (standing) keeps, by the key of the loan."""
    types = [(name, kind) for name, _column, kind, _write in _COLUMNS] + [(name, kind) for name, kind, _sql in _NAMED]
    columns = ", ".join([f"s.{column}" for _name, column, _kind, _write in _COLUMNS] + [sql for _name, _kind, sql in _NAMED])
    query = (
        f"SELECT {columns} FROM {LoanStanding._meta.db_table} s JOIN {Loan._meta.db_table} l ON l.id = s.loan_id"
        f" WHERE {where} ORDER BY s.loan_id"
    )
    with connection.cursor() as cursor:
        found = binary.copy_out(cursor, query, types, parameters)
    columns_of: dict[str, Callable[[npt.NDArray[Any]], npt.NDArray[Any]]] = {
        "big": binary.ints,
        "whole": binary.ints,
        "flag": binary.flags,
        "day": binary.ordinals,
        f"bigs{TRANCHES}": binary.matrix,
    }
    standings = Standings(*(columns_of[kind](found[name]) for name, _column, kind, _write in _COLUMNS))
    named = Named(
        np.char.rstrip(found["number"]),
        np.char.rstrip(found["region"]),
        np.char.rstrip(found["policy"]),
        binary.ints(found["bank"]),
        binary.ints(found["person"]),
    )
    return standings, named


def write(standings: Standings) -> None:
    """Add standings to the cache; none of these loans has one."""
    if not len(standings.loan):
        return
    cells = [write_one(getattr(standings, name)) for name, _column, _kind, write_one in _COLUMNS]
    names = [column for _name, column, _kind, _write in _COLUMNS]
    with connection.cursor() as cursor:
        binary.copy_in(cursor, LoanStanding._meta.db_table, names, [binary.rows(len(standings.loan), cells)])


def forget(loans: Numbers) -> None:
    """Take loans out of the cache."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {LoanStanding._meta.db_table} WHERE loan_id = ANY(%s::bigint[])", [binary.keys(loans)])


def settlement_code(pattern: str) -> int:
    """Return settlement days as a number: 10 000 × (1 monthly, 2 quarterly, 3 yearly) + 100 × month + day; 0 for none."""
    if pattern == "none":
        return 0
    kind, *numbers = pattern.split("-")
    month = int(numbers[0]) if kind == "yearly" else 0
    return 10_000 * (KINDS.index(kind) + 1) + 100 * month + int(numbers[-1])


def settlement_pattern(code: int) -> str:
    """Return the settlement days a number stands for, as `lending.days.settlement_days` reads them."""
    if not code:
        return "none"
    kind, (month, day) = KINDS[code // 10_000 - 1], divmod(code % 10_000, 100)
    return f"yearly-{month:02}-{day:02}" if kind == "yearly" else f"{kind}-{day:02}"
