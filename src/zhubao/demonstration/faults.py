"""The usual faults of department files, planted at documented rates and written down one by one.

A plan never puts two faults on one row, so that a test can say exactly what screening must find.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from zhubao.identity import check_character
from zhubao.identity.number import CHECK_CHARACTERS

from .names import misspelt

Fault = Literal[
    "wrong_check", "too_short", "impossible_date", "future_date", "scientific", "no_number", "no_name", "formula_error",
    "fifteen_digits", "full_width", "spaces", "lower_case_x", "name_spaces", "duplicate", "two_names",
]  # fmt: skip
Effect = Literal["rejected", "converted", "cleaned", "difference"]
Cell = str | int | float | date | None

# Rows in ten thousand; demonstration choices, a little above what a well-kept roster shows.
RATES: dict[Fault, int] = {
    "wrong_check": 40,
    "too_short": 20,
    "impossible_date": 15,
    "future_date": 10,
    "scientific": 25,
    "no_number": 20,
    "no_name": 20,
    "formula_error": 10,
    "fifteen_digits": 60,
    "full_width": 50,
    "spaces": 80,
    "lower_case_x": 40,
    "name_spaces": 60,
    "duplicate": 60,
    "two_names": 30,
}
EFFECTS: dict[Fault, Effect] = {
    "wrong_check": "rejected",
    "too_short": "rejected",
    "impossible_date": "rejected",
    "future_date": "rejected",
    "scientific": "rejected",
    "no_number": "rejected",
    "no_name": "rejected",
    "formula_error": "rejected",
    "fifteen_digits": "converted",
    "full_width": "cleaned",
    "spaces": "cleaned",
    "lower_case_x": "cleaned",
    "name_spaces": "cleaned",
    "duplicate": "difference",
    "two_names": "difference",
}
# A small file shows every fault once as long as no more than one row in `ROWS_PER_FAULT` is touched.
ROWS_PER_FAULT = 6

_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@dataclass(frozen=True, slots=True)
class PlantedFault:
    """One fault: `row` counts data rows from 0, `id_number` and `name` are the true ones, `written` is what the cell says."""

    row: int
    column: int
    fault: Fault
    effect: Effect
    id_number: str
    name: str
    written: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file before it is written: the person's true number and name, the kind of roster, and the cells."""

    id_number: str
    name: str
    kind: str
    cells: tuple[Cell, ...]


def fault_counts(rows: int, rng: Random, allowed: Iterable[Fault] = tuple(RATES)) -> dict[Fault, int]:
    """Return how often each fault is planted among `rows` rows: the rate, and at least once while there is room."""
    order = list(allowed)
    rng.shuffle(order)
    counts: dict[Fault, int] = {}
    room = rows // ROWS_PER_FAULT
    for fault in order:
        wanted = min(room, max(1, (RATES[fault] * rows + 5_000) // 10_000))
        if wanted:
            counts[fault] = wanted
            room -= wanted
    return counts


def plant(
    rows: Sequence[Row],
    id_column: int,
    name_column: int,
    rng: Random,
    *,
    allowed: Iterable[Fault] = tuple(RATES),
    untouched: frozenset[str] = frozenset(),
) -> tuple[list[Row], list[PlantedFault]]:
    """Return the rows with faults in them and the list of these faults, in order of rows.

    People in `untouched` (citizen numbers) keep clean rows. A fault that fits nobody left (a lower-case x needs an X) is
    planted less often.
    """
    order = [at for at, row in enumerate(rows) if row.id_number not in untouched]
    rng.shuffle(order)
    chosen: dict[int, Fault] = {}
    for fault, wanted in sorted(fault_counts(len(order), rng, allowed).items()):
        fitting = [at for at in order if at not in chosen and _fits(fault, rows[at])][:wanted]
        chosen.update(dict.fromkeys(fitting, fault))
    result: list[Row] = []
    planted: list[PlantedFault] = []
    for at, row in enumerate(rows):
        if at not in chosen:
            result.append(row)
            continue
        fault = chosen[at]
        if EFFECTS[fault] == "difference":
            result.append(row)
        column = name_column if fault in {"no_name", "name_spaces", "two_names"} else id_column
        written = _write(fault, row, str(row.cells[id_column]), rng)
        cells = list(row.cells)
        cells[column] = written or None
        planted.append(PlantedFault(len(result), column, fault, EFFECTS[fault], row.id_number, row.name, written))
        result.append(Row(row.id_number, row.name, row.kind, tuple(cells)))
    return result, planted


def _fits(fault: Fault, row: Row) -> bool:
    if fault == "lower_case_x":
        return row.id_number.endswith("X")
    if fault == "fifteen_digits":
        # 15 digits were printed until 1999, and only for people; a certificate number has no such form.
        return row.id_number[6:8] == "19" and row.id_number in row.cells
    return True


def _write(fault: Fault, row: Row, number: str, rng: Random) -> str:
    """Return what stands in the cell; `number` may be longer than 18 characters (a disability certificate)."""
    own, rest = number[:18], number[18:]
    written: dict[Fault, Callable[[], str]] = {
        "wrong_check": lambda: own[:17] + CHECK_CHARACTERS[(CHECK_CHARACTERS.index(own[17]) + rng.randint(1, 10)) % 11] + rest,
        "too_short": lambda: own[:9] + own[10:],
        "impossible_date": lambda: _with_date(own, own[6:10] + "1331") + rest,
        "future_date": lambda: _with_date(own, "20910615") + rest,
        "scientific": lambda: f"{own[0]}.{own[1:6]}E+{len(number) - 1}",
        "no_number": lambda: "",
        "no_name": lambda: "",
        "formula_error": lambda: rng.choice(("#REF!", "#N/A", "#VALUE!")),
        "fifteen_digits": lambda: own[:6] + own[8:17],
        "full_width": lambda: number.translate(_FULL_WIDTH),
        "spaces": lambda: f"{own[:6]} {own[6:14]} {own[14:]}{rest} ",
        "lower_case_x": lambda: number.replace("X", "x"),
        "name_spaces": lambda: f"{row.name[0]}　{row.name[1:]}",
        "duplicate": lambda: number,
        "two_names": lambda: misspelt(row.name),
    }
    return written[fault]()


def _with_date(number: str, day: str) -> str:
    body = number[:6] + day + number[14:17]
    return body + check_character(body)
