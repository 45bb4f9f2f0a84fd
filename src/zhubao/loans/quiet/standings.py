"""The standings of many loans as columns, read from the cache and written back without a value passing through Python."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from zhubao.ledger import binary
from zhubao.ledger.binary import Flags, Numbers, Texts
from zhubao.lending import batch
from zhubao.lending.money import MILLION

from ..models import Loan, LoanStanding
from ..models.standing import TRANCHES

NO_DAY, NEVER = date.min, date.max
KINDS = ("monthly", "quarterly", "yearly")
# Longer names than these are closed by replay.
NUMBER_LENGTH, REGION_LENGTH, POLICY_LENGTH = 40, 12, 24
# What `LoanStanding.packed` holds, byte by byte: who the loan is, the region first, by which ranges are found; then a field for each of
# `Kept`, days as ordinals.
PACKED = np.dtype(
    [
        ("region", f"S{REGION_LENGTH}"), ("number", f"S{NUMBER_LENGTH}"), ("policy", f"S{POLICY_LENGTH}"),
        ("bank", ">i8"), ("person", ">i8"),
        ("events", ">i4"), ("repaying", "?"), ("wakes_on", ">i4"), ("rates_mark", ">i8"), ("year_days", ">i4"), ("settlement", ">i4"),
        ("subsidised", "?"), ("open_since", ">i4"), ("interest_due", ">i8"), ("raw_interest", ">i8"), ("raw_government", ">i8"),
        ("rule", ">i4"), ("max_months", ">i4"), ("months_deducted", ">i4"), ("cap_fen", ">i8"), ("ordered_cap_fen", ">i8"),
        ("pension_fen", ">i8"), ("protected_fen", ">i8"), ("agreed_fen", ">i8"), ("floor_fen", ">i8"), ("floor_area", ">i8"),
        ("open_month", ">i4"), ("open_fen", ">i8"), ("remaining", ">i8", (TRANCHES,)), ("rates", ">i8", (TRANCHES,)),
    ]
)  # fmt: skip
DAYS = ("wakes_on", "open_since", "open_month")
ROWS = "s.loan_id, s.as_of, s.touched, s.packed"
# A row as it is copied into the table: how many columns it has, then each with its length before it.
COLUMNS = (
    ("loan_id", ">i8"), ("as_of", ">i4"), ("touched", "?"), ("principal_fen", ">i8"), ("interest_fen", ">i8"), ("packed", PACKED)
)  # fmt: skip
ROW = np.dtype([("columns", ">i2"), *(part for name, kind in COLUMNS for part in ((f"of {name}", ">i4"), (name, kind)))])
ROW_TYPES = [("loan", "big"), ("as_of", "day"), ("touched", "flag"), ("packed", "bytes")]


@dataclass(slots=True)
class Kept:
    """Where one quiet loan stood after it was closed as of a day; the cache keeps this and forgets it as soon as it may be wrong.

    `touched`: deductions or paid claims were entered, or something was posted, since. `events`: how many events it counts in.

    Money in fen; days without meaning are 0001-01-01, days that never come 9999-12-31. `remaining` and `rates`: what is left of each
    tranche, the oldest first, and its ppm. `raw_interest`, `raw_government`: fen × ppm × days of the open period up to the end of
    `as_of`, already in the books. `settlement`: 10 000 × (1 monthly, 2 quarterly, 3 yearly) + 100 × month + day, 0 for none.

    Of the pension: `cap_fen` is the most one deduction may take (−1 unknown); `ordered_cap_fen` the most an order may, with the numbers
    that bound it; `floor_area` whose floor that is (0 none). `open_month`, `open_fen`: an order without an answer. `wakes_on`: the day
    from which the loan is closed by replay again; `rates_mark` the published rates that day was found with.
    """

    as_of: date
    touched: bool
    events: int
    repaying: bool
    wakes_on: date
    rates_mark: int
    year_days: int
    settlement: int
    subsidised: bool
    open_since: date
    interest_due: int
    raw_interest: int
    raw_government: int
    rule: int
    max_months: int
    months_deducted: int
    cap_fen: int
    ordered_cap_fen: int
    pension_fen: int
    protected_fen: int
    agreed_fen: int
    floor_fen: int
    floor_area: int
    open_month: date
    open_fen: int
    remaining: list[int]
    rates: list[int]


@dataclass(slots=True)
class Standings:
    """Standings of n loans: a column for each field of `Kept`, days as ordinals; `remaining` and `rates` are k × n."""

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

    def only(self, which: Flags) -> "Standings":
        """Return some of the standings; all of them as they are."""
        if which.all():
            return self
        return Standings(*(getattr(self, field.name)[..., which] for field in fields(self)))


@dataclass(slots=True)
class Named:
    """Who the loans of some standings are, in the same order: what their postings are called by."""

    numbers: Texts
    regions: Texts
    policies: Texts
    banks: Numbers
    people: Numbers

    def only(self, which: Flags) -> "Named":
        """Return some of the names; all of them as they are."""
        if which.all():
            return self
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


def of_region(region_code: str) -> tuple[str, list[object]]:
    """Return the condition on ``s`` (standing) that keeps the loans of a region and everything below it, and its parameters.

    As a range of what the packed values begin with: the planner knows how many rows lie in one.
    """
    first = region_code.encode("ascii")
    return ("s.packed >= %s AND s.packed < %s", [first, first[:-1] + bytes([first[-1] + 1])]) if first else ("true", [])


def take(loans: Numbers, before: date) -> tuple[Standings, Named]:
    """Take the standings of loans out of the cache and return them, by the key of the loan; those as of a day or later stay there."""
    taken = f"DELETE FROM {LoanStanding._meta.db_table} s WHERE s.loan_id = ANY(%s::bigint[]) AND s.as_of < %s RETURNING {ROWS}"
    with connection.cursor() as cursor:
        query, given = f"SELECT {ROWS} FROM s ORDER BY s.loan_id", [binary.keys(loans), before]
        return _columns_of(binary.copy_out(cursor, query, ROW_TYPES, given, first=f"WITH s AS ({taken})"))


def _columns_of(rows: Mapping[str, npt.NDArray[Any]]) -> tuple[Standings, Named]:
    """Return the columns that rows of `ROW_TYPES` hold."""
    values = rows["packed"].view(PACKED)

    def column(name: str) -> npt.NDArray[Any]:
        read: Callable[[npt.NDArray[Any]], npt.NDArray[Any]] = binary.flags if values[name].dtype == np.bool_ else binary.ints
        return np.ascontiguousarray(read(values[name]).T)

    standings = Standings(
        binary.ints(rows["loan"]),
        binary.ordinals(rows["as_of"]),
        binary.flags(rows["touched"]),
        *(column(name) for name in _of_kept()),
    )
    who = (values[name].copy() for name in ("number", "region", "policy", "bank", "person"))
    return standings, Named(*who)


def write(standings: Standings, named: Named) -> None:
    """Add standings to the cache; none of these loans has one."""
    count = len(standings.loan)
    if not count:
        return
    rows = np.empty(count, ROW)
    rows["columns"] = len(COLUMNS)
    for name, _kind in COLUMNS:
        rows[f"of {name}"] = ROW[name].itemsize
    rows["loan_id"], rows["as_of"], rows["touched"] = standings.loan, standings.as_of - binary.FIRST_DAY, standings.touched
    rows["principal_fen"], rows["interest_fen"] = standings.remaining.sum(axis=0), _interest(standings)
    who = {
        "region": named.regions,
        "number": named.numbers,
        "policy": named.policies,
        "bank": named.banks,
        "person": named.people,
    }
    for name in PACKED.names or ():
        rows["packed"][name] = who[name] if name in who else getattr(standings, name).T
    with connection.cursor() as cursor:
        binary.copy_in(cursor, LoanStanding._meta.db_table, [name for name, _kind in COLUMNS], [rows.tobytes()])


def row_of(loan: Loan, kept: Kept) -> LoanStanding:
    """Return the row of the cache that keeps where one loan stands; it is not saved."""
    values = np.zeros((), PACKED)
    who = (loan.region_code, loan.number, loan.policy_id)
    for name, word in zip(("region", "number", "policy"), who, strict=True):
        values[name] = word.encode("ascii")
    values["bank"], values["person"] = loan.bank_id, loan.person_id
    for name in _of_kept():
        value = getattr(kept, name)
        values[name] = value.toordinal() if name in DAYS else value
    return LoanStanding(
        loan=loan,
        as_of=kept.as_of,
        touched=kept.touched,
        principal_fen=sum(kept.remaining),
        interest_fen=int(_interest(kept)),
        packed=values.tobytes(),
    )


def kept_in(row: LoanStanding) -> Kept:
    """Return where a row of the cache says that its loan stands."""
    values = np.frombuffer(row.packed, PACKED)[0]
    found = {name: values[name].tolist() for name in _of_kept()}
    return Kept(row.as_of, row.touched, **found | {name: date.fromordinal(found[name]) for name in DAYS})


def unlike(row: LoanStanding, other: LoanStanding) -> list[tuple[str, Any, Any]]:
    """Return the name of each value in which two rows of the cache differ, with the one's and the other's; days as dates."""
    plain = ("touched", "principal_fen", "interest_fen")
    found = [(name, getattr(row, name), getattr(other, name)) for name in plain if getattr(row, name) != getattr(other, name)]
    here, there = (np.frombuffer(each.packed, PACKED)[0] for each in (row, other))
    for name in PACKED.names or ():
        value, other_value = (
            date.fromordinal(int(each[name])) if name in DAYS else each[name].tolist() for each in (here, there)
        )
        if value != other_value:
            found.append((name, value, other_value))
    return found


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


def _interest(of: Standings | Kept) -> Any:
    """Return the interest that a borrower owes, or each of many, that of the open period as far as it is booked, fen."""
    unit = of.year_days * MILLION
    raw = [np.asarray(value) for value in (of.raw_interest, of.raw_government)]
    return of.interest_due + batch.round_units(raw[0], unit) - batch.round_units(raw[1], unit)


def _of_kept() -> Sequence[str]:
    """Return the names of the fields of `Kept` that are packed."""
    return [field.name for field in fields(Kept) if field.name not in {"as_of", "touched"}]
