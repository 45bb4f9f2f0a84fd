"""One definition, one answer: the compiled function, DuckDB, PostgreSQL and Spark say the same of the same people."""

import os
import random
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.config import embedded_database
from zhubao.config.database_address import uses_embedded_server
from zhubao.parameters import ParameterBook
from zhubao.policies import MODULES, judge_of
from zhubao.policies.judging import Judge
from zhubao.rules import Binding

from .generating import DAYS, REGIONS, Row, book, facts, one_by_one, query, table, values

PEOPLE = 300
policies = pytest.mark.parametrize("policy", MODULES)


# Clauses that wait for nobody's evidence, or for evidence too rarely to be met here.
KNOWN_OF_EVERYBODY = {"gz-10c", "gz-1c"}


class Sample:
    """A policy on a day with figures, and random people."""

    def __init__(self, policy: str, seed: int, people: int = PEOPLE) -> None:
        draw = random.Random(seed)
        self.judge: Judge = judge_of(policy)
        on = date.fromisoformat(draw.choice(DAYS[policy]))
        figures: ParameterBook = book(draw, self.judge)
        self.binding: Binding = self.judge.binding(on, REGIONS[policy], figures)
        self.columns = self.judge.policy.columns
        self.people: list[dict[str, Any]] = [facts(draw, self.judge, on, self.columns) for _ in range(people)]
        self.expected = one_by_one(self.judge, self.binding, self.people)

    def as_table(self) -> pa.Table:
        """Return the relation of facts."""
        types = {"flag": pa.bool_(), "number": pa.int64(), "text": pa.string()}
        columns = {name: types[self.judge.policy.facts[name].type] for name in self.columns}
        rows = [{"person": at, **known} for at, known in enumerate(self.people)]
        return pa.Table.from_pylist(rows, pa.schema({"person": pa.int64(), **columns}))


def by_duckdb(sample: Sample) -> list[Row]:
    with duckdb.connect() as database:
        database.register("facts", sample.as_table())
        return [row[1:] for row in database.execute(query(sample.judge, sample.binding, "duckdb")).fetchall()]


@policies
@given(seed=st.integers(0, 2**32))
@settings(max_examples=5, deadline=None)
def test_duckdb_says_the_same(policy: str, seed: int) -> None:
    sample = Sample(policy, seed)
    assert by_duckdb(sample) == sample.expected


@policies
def test_the_people_reach_every_verdict_of_every_clause(policy: str) -> None:
    """Random people prove nothing where they all fail: each clause that can fail or wait for evidence does so for somebody."""
    sample = Sample(policy, 7, people=1500)
    places = len(sample.judge.policy.decisions)
    failed = unknown = 0
    for row in sample.expected:
        failed |= row[places]
        unknown |= row[places + 1]
    assert {row[0] for row in sample.expected} >= {2, 3}
    for bit, clause in enumerate(sample.judge.policy.judged(with_contract=False)):
        if clause.part_of is None and clause.kind in ("condition", "exclusion"):
            assert failed >> bit & 1, f"nobody fails {clause.id}"
            assert unknown >> bit & 1 or clause.id.startswith("A-") or clause.id in KNOWN_OF_EVERYBODY, (
                f"{clause.id} is known of everybody"
            )


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Any]:
    """Return a cursor on the embedded server, or on the one the settings name."""
    if not uses_embedded_server():
        pytest.skip("a database of one's own is named; this test uses the embedded server only")
    server = embedded_database.start("fsync=off")
    try:
        with psycopg.connect(host=str(embedded_database.socket_folder()), user="postgres", dbname="postgres") as connection:
            yield connection.cursor()
            connection.rollback()
    finally:
        server.stop()


@policies
@pytest.mark.parametrize("seed", [1, 2])
def test_postgresql_says_the_same(policy: str, seed: int, postgresql: Any) -> None:
    sample = Sample(policy, seed)
    postgresql.execute(f"CREATE TEMPORARY TABLE facts ({table(sample.judge, sample.columns)})")
    with postgresql.copy("COPY facts FROM STDIN") as rows:
        for row in values(sample.people, sample.columns):
            rows.write_row(row)
    found = postgresql.execute(query(sample.judge, sample.binding, "postgres")).fetchall()
    postgresql.connection.rollback()
    assert [row[1:] for row in found] == sample.expected


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return a session of two executor processes."""
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed (pip install zhubao[spark])")
    folder: Path = tmp_path_factory.mktemp("spark")
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    builder = sql.SparkSession.builder.master("local-cluster[2,1,1024]").appName("zhubao rules")
    for key, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "2",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.mark.spark
@pytest.mark.long
@pytest.mark.skipif(not (os.environ.get("JAVA_HOME") or shutil.which("java")), reason="no Java on this machine")
def test_spark_says_the_same(spark: Any, tmp_path: Path) -> None:
    for policy in MODULES:
        sample = Sample(policy, 11, people=1000)
        path = tmp_path / f"{policy}.parquet"
        pq.write_table(sample.as_table(), path)
        spark.read.parquet(str(path)).createOrReplaceTempView("facts")
        found = [tuple(row)[1:] for row in spark.sql(query(sample.judge, sample.binding, "spark")).collect()]
        assert found == sample.expected
