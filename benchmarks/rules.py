"""The rules of Pengshui and Rugao over a roster: printed from one definition, written by hand, and in OpenFisca.

    python -m benchmarks rules            ten million rows; ZHUBAO_BENCHMARK_ROWS sets another number

Parquet in, Parquet out, two threads; verdict, full clause masks, category, payer and amounts of both documents. Printed and hand-written
SQL run in processes of their own, in turn, and have to give identical rows. OpenFisca (extra `bench`) does the same job in its turn and
has to give identical rows too; it holds everybody in memory, so where there is not enough of it it reads the first million rows and
nothing else, and its time is scaled. Before that, one person is asked about by each of the five documents.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from . import hand_written, one_person

CASES = {"pengshui-2022": (date(2022, 3, 1), "500243"), "rugao-draft": (date(2026, 10, 12), "320682")}
OPENFISCA_TIMES = 5.0
OPENFISCA_ROWS = 1_000_000
OPENFISCA_BYTES_A_ROW = 800
SLOWER_AT_MOST = 1.3
# Numbers that hardly repeat are written as differences, not looked up in a dictionary first.
FILE = "FORMAT parquet, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 50"
CODES = {
    "sex": ("male", "female"),
    "scheme": ("resident_pension", "employee_pension", "none", "institution_pension"),
    "participation_type": ("flexible", "flexible", "employer"),
    "retirement_category": ("male60", "female55", "female50", None),
    "hukou": ("320682", "320682", "320682", "320623"),
    "insured_locality": ("500243", "500243", "500101", "330100"),
}
NUMBERS = {
    "birth_first": "(1948 + (h % 70)) * 10000 + (1 + h // 100 % 12) * 100 + 1 + h // 10000 % 28",
    "paid_months": "90 + h % 100",
    "deemed_months": "h % 20",
    "elected_month": "CASE WHEN h % 10 = 0 THEN 24322 + h % 90 END",
    "months_to_pension": "CASE WHEN h % 10 = 0 THEN h % 90 END",
    "requested_months": "CASE WHEN h % 5 = 0 THEN h % 60 END",
    "chosen_tier_fen": "CASE WHEN h % 3 = 0 THEN 10000 * (1 + h % 9) END",
    "family_able_members": "h % 3",
    "family_able_members_employed": "h // 7 % 2",
    "family_business_income_fen": "CASE WHEN h % 4 = 0 THEN h % 100000 ELSE 0 END",
    "family_investment_income_fen": "CASE WHEN h % 9 = 0 THEN 100 ELSE 0 END",
    "children": "h % 3",
}


def make_facts(path: Path, rows: int) -> None:
    """Write `rows` synthetic people; about one value in twenty is unknown."""
    import duckdb

    from zhubao.policies import judge_of

    facts = {name: fact for policy in CASES for name, fact in judge_of(policy).policy.facts.items()}
    read = {name for policy in CASES for name in judge_of(policy).policy.columns} - {"birth_last"}
    columns = []
    for at, name in enumerate(sorted(read)):
        h = f"CAST(hash(person, {at}) % 1000000007 AS BIGINT)"
        if name in CODES:
            listed = ", ".join("NULL" if code is None else f"'{code}'" for code in CODES[name])
            value = f"([{listed}])[1 + h % {len(CODES[name])}]"
        elif name in NUMBERS:
            value = NUMBERS[name]
        else:
            assert facts[name].type == "flag", name
            common = name in ("inability_declaration", "deemed_confirmed") or name.startswith("certificate_")
            value = f"h % 10 {'<> 0' if common else '= 0'}"
        columns.append(f"CASE WHEN hash(person, {at + 100}) % 20 <> 0 THEN {value.replace('h ', f'{h} ')} END AS {name}")
    with duckdb.connect() as database:
        database.execute("SET threads = 2")
        database.execute(
            f"COPY (SELECT person, {', '.join(columns)} FROM (SELECT range AS person FROM range({rows}))) TO '{path}' (FORMAT parquet)"
        )


def printed_query(policy_id: str) -> str:
    """Return the query of the rules core."""
    from zhubao.policies import judge_of
    from zhubao.rules.sql import verdict_query

    on, area = CASES[policy_id]
    judge = judge_of(policy_id)
    binding = judge.binding(on, area)
    figures = {**binding.values, "lowest_tier_monthly_fen": 86_400} if policy_id == "rugao-draft" else binding.values
    same = {"birth_last": "birth_first"}
    return verdict_query(judge.policy, figures, on=binding.day, passthrough=["person"], same=same, enumerated=True)


def hand_query(policy_id: str) -> str:
    """Return the query written by hand."""
    from zhubao.policies import judge_of

    ids = [clause.id for clause in judge_of(policy_id).policy.judged(with_contract=False)]
    return (hand_written.pengshui if policy_id == "pengshui-2022" else hand_written.rugao)(ids.index)


def run_sql(kind: str, facts: Path, folder: Path) -> None:
    """Judge everybody by both documents, Parquet to Parquet; print seconds and peak memory as JSON."""
    import duckdb

    queries = {policy: (printed_query if kind == "printed" else hand_query)(policy) for policy in CASES}
    with duckdb.connect() as database:
        database.execute("SET threads = 2; SET memory_limit = '400MB'; SET preserve_insertion_order = false")
        database.execute(f"CREATE VIEW facts AS SELECT * FROM read_parquet('{facts}')")
        seconds = {}
        working = time.process_time()
        for policy, query in queries.items():
            begin = time.perf_counter()
            database.execute(f"COPY ({query}) TO '{folder / f'{kind}-{policy}.parquet'}' ({FILE})")
            seconds[policy] = time.perf_counter() - begin
    working = time.process_time() - working
    print(json.dumps({"seconds": seconds, "processor": working, "peak_mb": getrusage(RUSAGE_SELF).ru_maxrss // 1024}))


def in_own_process(*arguments: str) -> dict[str, object]:
    """Run this module in a process of its own, so that peak memory is that of the one job, and return what it prints."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.rules", *arguments], check=True, capture_output=True, text=True)
    result: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def differences(folder: Path, other: str, rows: int) -> int:
    """Return how many of the first `rows` people printed SQL and the `other` way do not answer alike."""
    import duckdb

    found = 0
    for policy in CASES:
        left, right = (
            f"SELECT * FROM read_parquet('{folder / f'{kind}-{policy}.parquet'}') WHERE person < {rows}"
            for kind in ("printed", other)
        )
        with duckdb.connect() as database:
            for first, second in ((left, right), (right, left)):
                row = database.execute(f"SELECT count(*) FROM ({first} EXCEPT ALL {second})").fetchone()
                assert row is not None
                found += row[0]
    return found


def main() -> bool:
    """Run everything and print figures and ratios; True when one person takes too long or printed SQL is too slow."""
    rows = int(os.environ.get("ZHUBAO_BENCHMARK_ROWS", "10000000"))
    missed = one_person.main()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        facts = folder / "facts.parquet"
        make_facts(facts, rows)
        best: dict[str, float] = {}
        processor: dict[str, float] = {}
        peak: dict[str, int] = {}
        size, fisca = _openfisca_rows(rows), _openfisca_is_here()
        for kind in ("hand", "printed", "openfisca") * 2:  # in turn, so that a machine that slows down slows all of them
            if kind == "openfisca" and not fisca:
                continue
            result = in_own_process(kind, str(facts), str(folder), str(size))
            if kind == "openfisca":
                seconds = float(str(result["seconds"]))
            else:
                seconds = sum(result["seconds"].values())  # type: ignore[attr-defined]
                processor[kind] = min(float(str(result["processor"])), processor.get(kind, float("inf")))
                peak[kind] = max(int(str(result["peak_mb"])), peak.get(kind, 0))
            best[kind] = min(seconds, best.get(kind, seconds))
            print(f"{kind:9} {seconds:7.2f} s  {result}", flush=True)
        print(f"{rows:,} rows, rows that differ: {differences(folder, 'hand', rows)}")
        missed |= processor["printed"] > SLOWER_AT_MOST * processor["hand"]
        print(
            f"printed / hand-written: {best['printed'] / best['hand']:.2f} by the clock, "
            f"{processor['printed'] / processor['hand']:.2f} by processor time; peak memory of printed: {peak['printed']} MB"
        )
        if not fisca:
            print("OpenFisca is not installed; `make bench` installs it")
            return missed
        print(f"OpenFisca {size:,} rows, rows that differ: {differences(folder, 'openfisca', size)}")
        scaled = best["openfisca"] * rows / size
        times = scaled / best["printed"]
        print(f"OpenFisca{'' if size == rows else f', scaled to {rows:,} rows'}: {scaled:.1f} s = {times:.1f} × printed")
        return missed | (times < OPENFISCA_TIMES)


def _openfisca_is_here() -> bool:
    from importlib.util import find_spec

    return find_spec("openfisca_core") is not None


def _openfisca_rows(rows: int) -> int:
    """Return how many of the rows OpenFisca can hold in the memory that may be had."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    available = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    return rows if available >= rows * OPENFISCA_BYTES_A_ROW else min(rows, OPENFISCA_ROWS)


def _job(kind: str, facts: str, folder: str, size: str) -> None:
    if kind == "openfisca":
        from . import rules_openfisca

        rules_openfisca.run(Path(facts), int(size))
        return
    run_sql(kind, Path(facts), Path(folder))


if __name__ == "__main__":
    job: Callable[[str, str, str, str], None] = _job
    job(*sys.argv[1:5])
