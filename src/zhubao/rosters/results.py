"""Reading the result files of a screening: counts, a filtered page of people, one person's facts, a filtered table.

Every reading opens DuckDB for itself, bounded in memory and threads, over files that never change once the screening is done.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from zhubao.identity import normalise
from zhubao.policies import judge_of
from zhubao.screening.engines import DuckDB
from zhubao.screening.results import result_columns, write_result

from .models import Screening

MEMORY: Final = "256MB"
THREADS: Final = 2
PAGE: Final = 50
VERDICTS: Final = ("met", "not_met", "evidence_missing", "to_be_decided")
NONE: Final = "-"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of people is narrowed to; "" narrows nothing, `NONE` asks for people without a category, township or payer.

    `clause` keeps those for whom the clause is not met or open; `search` is part of a name, a whole citizen number, or its last four
    characters.
    """

    verdict: str = ""
    category: str = ""
    township: str = ""
    payer: str = ""
    clause: str = ""
    search: str = ""

    def condition(self) -> tuple[str, list[str]]:
        """Return the filter as SQL with its values apart."""
        parts, values = ["TRUE"], []
        for column in ("verdict", "category", "township", "payer"):
            wanted = getattr(self, column)
            if wanted == NONE:
                parts.append(f"{column} IS NULL")
            elif wanted:
                parts.append(f"{column} = ?")
                values.append(wanted)
        if self.clause:
            parts.append("list_contains(string_split(concat_ws(';', failed, unknown), ';'), ?)")
            values.append(self.clause)
        if self.search:
            parts.append("(id_number = ? OR (length(?) = 4 AND ends_with(id_number, ?)) OR contains(name, ?))")
            number = normalise(self.search)
            values += [number, number, number, self.search.strip()]
        return " AND ".join(parts), values


@contextmanager
def _reading(screening: Screening) -> Iterator[DuckDB]:
    """Open DuckDB with `people`: the result, each row with its number in the order of citizen numbers (from 1)."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "threads": THREADS,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(":memory:", config=config) as connection:
        connection.execute(
            "CREATE VIEW people AS SELECT file_row_number + 1 AS number, * EXCLUDE (file_row_number)"
            f" FROM read_parquet('{_quoted(screening, 'result.parquet')}', file_row_number = TRUE)"
        )
        yield DuckDB(connection)


def _quoted(screening: Screening, name: str) -> str:
    return str(screening.folder / name).replace("'", "''")


def _rows(engine: DuckDB, query: str, values: list[Any]) -> list[dict[str, Any]]:
    answer = engine.connection.execute(query, values)
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def people_of(screening: Screening, wanted: Filter, page: int) -> tuple[list[dict[str, Any]], int]:
    """Return one page (`PAGE` rows, the first is page 1) of the people a filter keeps, by number, and how many it keeps in all.

    A page beyond the last one is the last.
    """
    condition, values = wanted.condition()
    with _reading(screening) as engine:
        count = _rows(engine, f"SELECT count(*) AS n FROM people WHERE {condition}", values)[0]["n"]
        before = min(max(page, 1) - 1, max(count - 1, 0) // PAGE) * PAGE
        query = f"SELECT * FROM people WHERE {condition} ORDER BY number LIMIT {PAGE} OFFSET {before}"
        return _rows(engine, query, values), count


def choices_of(screening: Screening) -> dict[str, list[str | None]]:
    """Return what can be filtered by: the townships, categories, payers and clause ids that occur, sorted; None for empty."""
    summary = screening.summary
    choices = {name: [row[name] for row in summary[f"by_{name}"]] for name in ("category", "township", "payer")}
    with _reading(screening) as engine:
        query = "SELECT DISTINCT unnest(string_split(concat_ws(';', failed, unknown), ';')) AS clause FROM people"
        occurring = {row["clause"] for row in _rows(engine, query, [])} - {""}
    in_order = [clause.id for clause in judge_of(screening.policy_id).policy.clauses if clause.id in occurring]
    return {**choices, "clause": list(in_order)}


def number_of(screening: Screening, id_number: str) -> int | None:
    """Return the row number of the person with a citizen number, None when nobody has it."""
    with _reading(screening) as engine:
        found = _rows(engine, "SELECT number FROM people WHERE id_number = ?", [normalise(id_number)])
    return found[0]["number"] if found else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One person of a screening: the result row, the facts it was judged by, and the rows of all files that name the person."""

    row: Mapping[str, Any]
    facts: Mapping[str, Any]
    origins: list[dict[str, Any]]


def evidence_of(screening: Screening, number: int) -> Evidence | None:
    """Return what is kept of the person in row `number` (from 1), None when there is no such row."""
    with _reading(screening) as engine:
        found = _rows(engine, "SELECT * FROM people WHERE number = ?", [number])
        if not found:
            return None
        facts, rows = _quoted(screening, "facts.parquet"), _quoted(screening, "rows.parquet")
        whose = [found[0]["id_number"]]
        order = 'ORDER BY origin, source, "row"'
        return Evidence(
            found[0],
            _rows(engine, f"SELECT * FROM read_parquet('{facts}') WHERE id_number = ?", whose)[0],
            _rows(engine, f"SELECT * FROM read_parquet('{rows}') WHERE id_number = ? {order}", whose),
        )


def write_filtered(screening: Screening, wanted: Filter, path: Path) -> None:
    """Write the people a filter keeps to `path`, whose suffix is the format, as the whole result is written."""
    policy = judge_of(screening.policy_id).policy
    condition, values = wanted.condition()
    with _reading(screening) as engine:
        columns = ", ".join(result_columns(policy))
        engine.connection.execute(f"CREATE TEMP TABLE result AS SELECT {columns} FROM people WHERE {condition}", values)
        write_result(engine, policy, path)
