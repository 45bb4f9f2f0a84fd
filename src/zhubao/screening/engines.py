"""Where the SQL runs: DuckDB on this machine, or Spark; both take the same named queries and give the same rows."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from zhubao.errors import ZhubaoError
from zhubao.language import Text

if TYPE_CHECKING:
    import duckdb

Step = tuple[str, str]
MEMORY = "1GB"


class Engine(Protocol):
    """Runs SQL written for DuckDB over named tables."""

    dialect: str

    def take(self, name: str, table: pa.Table) -> None:
        """Make `table` known under `name`."""
        ...

    def run(self, steps: Iterable[Step]) -> None:
        """Compute each named query in order; a later one may read the earlier ones."""
        ...

    def rows(self, query: str) -> pa.Table:
        """Return the rows of a query already printed in `dialect`."""
        ...


class DuckDB:
    """DuckDB in memory, spilling into a folder of its own; it loads no extension and reads no file it is not handed."""

    dialect = "duckdb"

    def __init__(self, connection: "duckdb.DuckDBPyConnection") -> None:
        self.connection = connection

    def take(self, name: str, table: pa.Table) -> None:
        """Make `table` known under `name` without copying it."""
        self.connection.register(name, table)

    def run(self, steps: Iterable[Step]) -> None:
        """Compute each named query into a temporary table."""
        for name, query in steps:
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")

    def rows(self, query: str) -> pa.Table:
        """Return the rows of `query`."""
        return self.connection.sql(query).to_arrow_table()


@contextmanager
def duckdb_engine(folder: Path) -> Iterator[DuckDB]:
    """Open DuckDB with its memory bounded and its spill files in `folder`; E-DISK-FULL when these find no room."""
    import duckdb

    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(folder / "spill"),
            "threads": max(1, min(8, os.cpu_count() or 1)),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
        },
    )
    try:
        yield DuckDB(connection)
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise ZhubaoError(
            "E-DISK-FULL",
            Text("临时文件夹放不下中间结果，没有写出任何文件", "the temporary folder has no room; nothing was written"),
            place=str(folder),
            remedy=Text("腾出空间，或用 TMPDIR 指定别的文件夹", "free some space, or name another folder by TMPDIR"),
        ) from error
    finally:
        connection.close()


class Spark:
    """A Spark session: tables go in and come out as Parquet, queries are printed for Spark by SQLGlot."""

    dialect = "spark"

    def __init__(self, session: Any, folder: Path) -> None:
        self.session = session
        self.folder = folder

    def take(self, name: str, table: pa.Table) -> None:
        """Write `table` as Parquet and make it known under `name`."""
        import pyarrow.parquet as pq

        path = self.folder / f"{name}.parquet"
        pq.write_table(table, path)
        self.session.read.parquet(str(path)).createOrReplaceTempView(name)

    def run(self, steps: Iterable[Step]) -> None:
        """Name each query as a view; the tables people are asked from later are kept so that they are computed once."""
        import sqlglot

        for name, query in steps:
            printed = sqlglot.transpile(query, read="duckdb", write="spark")[0]
            view = self.session.sql(printed)
            if name in ("facts", "judged"):
                view = view.persist()
            view.createOrReplaceTempView(name)

    def rows(self, query: str) -> pa.Table:
        """Return the rows of `query`, brought back as Parquet."""
        import pyarrow.parquet as pq

        path = self.folder / "answer.parquet"
        self.session.sql(query).write.mode("overwrite").parquet(str(path))
        return pq.read_table(path)


@contextmanager
def spark_engine(folder: Path, master: str | None = None) -> Iterator[Spark]:
    """Open a Spark session on `master` (else ``$ZHUBAO_SPARK_MASTER``, else this machine) and stop it in the end.

    Raises E-ENGINE when PySpark or Java is not installed.
    """
    import shutil

    missing = Text("没有安装 PySpark（pip install zhubao[spark]）", "PySpark is not installed (pip install zhubao[spark])")
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ZhubaoError("E-ENGINE", missing, place="--engine spark") from error
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise ZhubaoError(
            "E-ENGINE",
            Text("没有找到 Java", "there is no Java"),
            place="--engine spark",
            remedy=Text("安装 Java 17，或用 --engine duckdb", "install Java 17 or use --engine duckdb"),
        )
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    session = (
        SparkSession.builder.master(master or os.environ.get("ZHUBAO_SPARK_MASTER", "local[*]"))
        .appName("zhubao screen")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.sql.ansi.enabled", "true")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.local.dir", str(folder / "spill"))
        .getOrCreate()
    )
    try:
        yield Spark(session, folder)
    finally:
        session.stop()
