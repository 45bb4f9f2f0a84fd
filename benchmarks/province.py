"""A province: 45 million insured records, 3 million people on department lists, matched and planned by DuckDB on two cores; Spark agrees.

    python -m benchmarks province [--people 45000000]

The blind indexes stand in Parquet columns, as an export of the register has them; DuckDB itself makes the files, which is not timed.
Matching asks for everybody on a list where they are insured, whether other lists name them, who died or serves a sentence; planning is
the SQL that Ganzhou's document prints, the same as for a county. Floors of the full size: 180 seconds, 4 GB. Spark does the same on this
machine at a smaller size (150,000 people), and every total must be the one DuckDB gives for that size.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlglot import exp

from zhubao.policies import judge_of
from zhubao.rules.sql import verdict_query
from zhubao.screening.engines import Spark, spark_engine

PEOPLE: Final = 45_000_000
SPARK_PEOPLE: Final = 150_000
FLOOR_SECONDS: Final = 180
FLOOR_MEGABYTES: Final = 4096
MEMORY: Final = "3GB"
THREADS: Final = 2
POLICY: Final = "ganzhou-2021-7"
ON: Final = date(2022, 3, 1)
AREA: Final = "360700"
KINDS: Final = ("dibao", "tekun", "escaped_poverty", "monitored", "severe_disability")
SCHEMES: Final = (
    "CASE scheme WHEN 'employee_pension' THEN 0 WHEN 'institution_pension' THEN 1 WHEN 'resident_pension' THEN 2 ELSE 3 END"
)

_BORN: Final = "(1935 + {serial} % 75) * 10000 + (1 + {serial} % 12) * 100 + 1 + {serial} % 28"
# One record a person; every fiftieth has a second one in the resident scheme beside the employee scheme.
_INSURED: Final = """
SELECT unhex(sha256('person ' || serial)) AS number_index,
    CASE WHEN second THEN 'resident_pension' WHEN serial % 100 < 22 THEN 'employee_pension' WHEN serial % 100 < 24 THEN 'institution_pension'
        WHEN serial % 100 < 80 THEN 'resident_pension' ELSE 'none' END AS scheme,
    '36' || lpad(CAST(1 + serial % 11 AS VARCHAR), 2, '0') || lpad(CAST(1 + serial % 12 AS VARCHAR), 2, '0') AS insured_locality,
    CASE WHEN serial % 7 = 0 THEN 30000 WHEN serial % 3 = 0 THEN 10000 END AS chosen_tier_fen,
    serial % 75 < 13 AND serial % 5 > 0 AS receiving_pension, serial % 97 = 0 AS deceased, serial % 1013 = 0 AS imprisoned
FROM (
    SELECT range AS serial, FALSE AS second FROM range({people})
    UNION ALL SELECT range * 50 AS serial, TRUE AS second FROM range({people} // 50))
"""
# Every fifteenth person is on a list, every fourteenth of these on two; one in twenty has no record anywhere.
_LISTED: Final = """
SELECT unhex(sha256(CASE WHEN serial % 20 = 7 THEN 'stranger ' ELSE 'person ' END || serial * 15)) AS number_index, kind,
    {born} AS born
FROM (
    SELECT range AS serial, list_extract({kinds}, 1 + range % 5) AS kind FROM range({people} // 15)
    UNION ALL SELECT range * 14 AS serial, list_extract({kinds}, 1 + (range * 14 + 2) % 5) AS kind FROM range({people} // 15 // 14))
"""
_LISTS = ", ".join(f"MAX(CASE WHEN kind = '{kind}' THEN 1 ELSE 0 END) = 1 AS identity_{kind}" for kind in KINDS)
_COUNTED = " + ".join(f"CASE WHEN identity_{kind} THEN 1 ELSE 0 END" for kind in KINDS)


def cast_wide(value: int | str | None) -> "int | str | exp.Expression | None":
    """Return a number as a 64-bit constant: engines multiply small constants in 32 bits."""
    return exp.cast(exp.Literal.number(value), "bigint") if isinstance(value, int) else value


def steps() -> list[tuple[str, str]]:
    """Return the named queries from the two files to the totals, each over the ones before; written for DuckDB."""
    policy = judge_of(POLICY).policy
    binding = judge_of(POLICY).binding(ON, AREA, None)
    given = {name: cast_wide(value) for name, value in binding.values.items()}
    facts = [f"CAST({_FACTS[name]} AS {_TYPES[policy.facts[name].type]}) AS {name}" for name in policy.columns]
    passed = ("enrolment", "lists", "city")
    judged = verdict_query(policy, given, on=binding.day, source="facts", passthrough=passed)
    return [
        ("named", f"SELECT number_index, MIN(born) AS born, {_LISTS} FROM listed GROUP BY number_index"),
        (
            "enrolled",
            f"""SELECT insured.number_index, MIN_BY(scheme, {SCHEMES}) AS scheme, MIN_BY(insured_locality, {SCHEMES}) AS locality,
                MAX(CASE WHEN scheme = 'resident_pension' THEN chosen_tier_fen END) AS chosen_tier_fen,
                MAX(CASE WHEN receiving_pension THEN 1 ELSE 0 END) = 1 AS receiving_pension,
                MAX(CASE WHEN deceased THEN 1 ELSE 0 END) = 1 AS deceased,
                MAX(CASE WHEN imprisoned THEN 1 ELSE 0 END) = 1 AS imprisoned
            FROM insured JOIN named ON named.number_index = insured.number_index GROUP BY insured.number_index""",
        ),
        (
            "facts",
            f"""SELECT {", ".join(facts)}, {_COUNTED} AS lists, SUBSTRING(enrolled.locality, 1, 4) AS city,
                CASE WHEN enrolled.scheme IN ('employee_pension', 'institution_pension') THEN 'employee'
                    WHEN born <= {(ON.year - 60) * 10_000 + ON.month * 100 + ON.day} THEN 'aged'
                    WHEN enrolled.scheme = 'resident_pension' THEN 'resident'
                    WHEN enrolled.scheme = 'none' THEN 'none' ELSE 'no_record' END AS enrolment
            FROM named LEFT JOIN enrolled ON enrolled.number_index = named.number_index""",
        ),
        ("judged", judged),
        (
            "totals",
            """SELECT enrolment, COALESCE(city, '') AS city, verdict, COALESCE(category, '') AS category, COUNT(*) AS people,
                CAST(SUM(CASE WHEN lists > 1 THEN 1 ELSE 0 END) AS BIGINT) AS overlaps, CAST(SUM(failed) AS BIGINT) AS failed,
                CAST(SUM(unknown) AS BIGINT) AS unknown, CAST(SUM(on_behalf_fen) AS BIGINT) AS on_behalf_fen,
                CAST(SUM(self_pay_fen) AS BIGINT) AS self_pay_fen
            FROM judged GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4""",
        ),
    ]


_TYPES: Final = {"flag": "BOOLEAN", "number": "BIGINT", "text": "VARCHAR"}
_FACTS: Final = {
    **{f"identity_{kind}": f"identity_{kind}" for kind in KINDS},
    "chosen_tier_fen": "enrolled.chosen_tier_fen",
    "birth_first": "born",
    "birth_last": "born",
    "scheme": "enrolled.scheme",
    "receiving_pension": "enrolled.receiving_pension",
    "deceased": "enrolled.deceased",
    "imprisoned": "enrolled.imprisoned",
}


@contextmanager
def duckdb_here(folder: Path) -> Iterator[Any]:
    """Open DuckDB with two threads and three gigabytes, spilling into `folder`."""
    import duckdb

    config: dict[str, Any] = {"memory_limit": MEMORY, "threads": THREADS, "temp_directory": str(folder / "spill")}
    with duckdb.connect(":memory:", config={**config, "preserve_insertion_order": False}) as connection:
        connection.execute("SET enable_progress_bar = false")
        yield connection


def make(folder: Path, people: int) -> None:
    """Write ``insured.parquet`` and ``listed.parquet`` of so many people."""
    kinds = "[" + ", ".join(f"'{kind}'" for kind in KINDS) + "]"
    listed = _LISTED.format(people=people, kinds=kinds, born=_BORN.format(serial="serial * 15"))
    with duckdb_here(folder) as connection:
        for name, query in (("insured", _INSURED.format(people=people)), ("listed", listed)):
            connection.execute(f"COPY ({query}) TO '{folder / name}.parquet' (FORMAT parquet, COMPRESSION snappy)")


def by_duckdb(folder: Path) -> list[dict[str, Any]]:
    """Match and plan with DuckDB and return the totals."""
    with duckdb_here(folder) as connection:
        for name in ("insured", "listed"):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder / name}.parquet')")
        for name, query in steps():
            # Facts and verdicts stream through; only what is read twice, or is the answer, is kept.
            kind = "TEMP TABLE" if name in {"named", "enrolled", "totals"} else "VIEW"
            connection.execute(f"CREATE {kind} {name} AS {query}")
        answer: list[dict[str, Any]] = connection.sql("SELECT * FROM totals").to_arrow_table().to_pylist()
        return answer


def by_spark(folder: Path) -> list[dict[str, Any]]:
    """Do the same as a Spark job on this machine and return the totals."""
    with spark_engine(folder, f"local[{THREADS}]") as engine:
        for name in ("insured", "listed"):
            engine.session.read.parquet(str(folder / f"{name}.parquet")).createOrReplaceTempView(name)
        Spark.run(engine, steps())
        order = "enrolment, city, verdict, category"
        answer: list[dict[str, Any]] = engine.rows(f"SELECT * FROM totals ORDER BY {order}").to_pylist()
        return answer


def measure(engine: str, folder: Path) -> dict[str, Any]:
    """Run one engine in a process of its own; return its totals with seconds by the clock and peak memory in MB."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.province", "--run", engine, "--folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit(f"{engine} ended with {os.waitstatus_to_exitcode(status)}")
    used = round(usage.ru_utime + usage.ru_stime, 1)
    return {
        "totals": json.loads(said),
        "seconds": round(seconds, 1),
        "processor_seconds": used,
        "peak_megabytes": usage.ru_maxrss // 1024,
    }


def main(people: int = PEOPLE, spark_people: int = SPARK_PEOPLE) -> int:
    """Make a province, match and plan it; then both engines at Spark's size. 1 when a floor is missed or totals differ."""
    missed = 0
    with tempfile.TemporaryDirectory(prefix="zhubao-province-") as name:
        folder = Path(name)
        make(folder, people)
        done = measure("duckdb", folder)
        totals = done.pop("totals")
        print(json.dumps({"engine": "duckdb", "insured": people, "on_lists": sum(row["people"] for row in totals), **done}))
        print(json.dumps(summed(totals)))
        if people >= PEOPLE and (done["seconds"] > FLOOR_SECONDS or done["peak_megabytes"] > FLOOR_MEGABYTES):
            print(f"missed: at most {FLOOR_SECONDS} s and {FLOOR_MEGABYTES} MB", file=sys.stderr)
            missed = 1
    if not spark_people:
        return missed
    with tempfile.TemporaryDirectory(prefix="zhubao-province-") as name:
        folder = Path(name)
        make(folder, spark_people)
        here, there = measure("duckdb", folder), measure("spark", folder)
        same = here["totals"] == there["totals"]
        print(json.dumps({"engine": "spark", "insured": spark_people, "seconds": there["seconds"], "totals_identical": same}))
        return missed if same else 1


def summed(totals: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the totals over all cities: people by enrolment, overlaps, those who meet the document, money in fen."""
    by_enrolment: dict[str, int] = {}
    for row in totals:
        by_enrolment[row["enrolment"]] = by_enrolment.get(row["enrolment"], 0) + row["people"]
    return {
        "by_enrolment": by_enrolment,
        "overlaps": sum(row["overlaps"] for row in totals),
        "met": sum(row["people"] for row in totals if row["verdict"] == 0),
        "on_behalf_fen": sum(row["on_behalf_fen"] or 0 for row in totals),
        "self_pay_fen": sum(row["self_pay_fen"] or 0 for row in totals),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", choices=("duckdb", "spark"), required=True)
    parser.add_argument("--folder", type=Path, required=True)
    asked = parser.parse_args()
    print(json.dumps((by_duckdb if asked.run == "duckdb" else by_spark)(asked.folder)))
