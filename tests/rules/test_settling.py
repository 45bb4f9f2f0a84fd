"""What is left of an expression once its figures are known, read as SQL."""

import duckdb
import pytest
import sqlglot

from zhubao.rules.settling import settled


@pytest.mark.parametrize(
    ("written", "left"),
    [
        pytest.param("20261012 <= 20241231", "FALSE", id="两个常数比大小"),
        pytest.param("20261012 // 100 % 100 + 0", "10", id="常数算术"),
        pytest.param("20261012 >= 20250101 AND year <= 2029", "year <= 2029", id="恒真的一边省去"),
        pytest.param("20261012 < 20250101 AND year <= 2029", "FALSE", id="一边恒假"),
        pytest.param("year <= 2029 OR 1 = 1", "TRUE", id="一边恒真"),
        pytest.param("CASE WHEN 1 = 2 THEN 5 WHEN 1 = 1 THEN 6 ELSE 7 END", "6", id="只剩一支"),
        pytest.param(
            "CASE WHEN a < 1 THEN 5 WHEN (a < 1) IS NULL THEN NULL ELSE 7 END",
            "CASE WHEN a < 1 THEN 5 WHEN a IS NULL THEN NULL ELSE 7 END",
            id="未知的条件只问它读的事实",
        ),
        pytest.param(
            "CASE WHEN a < 1 THEN 5 WHEN (a < 1) IS NULL THEN NULL WHEN a < 2 THEN 6 WHEN (a < 2) IS NULL THEN NULL ELSE 7 END",
            "CASE WHEN a < 1 THEN 5 WHEN a IS NULL THEN NULL WHEN a < 2 THEN 6 ELSE 7 END",
            id="同一事实只问一次",
        ),
        pytest.param(
            "CASE WHEN a AND b THEN 5 WHEN (a AND b) IS NULL THEN NULL ELSE 7 END",
            "CASE WHEN a AND b THEN 5 WHEN (a AND b) IS NULL THEN NULL ELSE 7 END",
            id="且：假可以压过未知，不能只问事实",
        ),
        pytest.param(
            "CASE WHEN a < 1 THEN 5 WHEN (a < 1) IS NULL THEN NULL ELSE NULL END",
            "CASE WHEN a < 1 THEN 5 ELSE NULL END",
            id="其余都是未知",
        ),
        pytest.param("CASE WHEN (a < 1) = (a < 1) THEN a < 1 ELSE NULL END", "a < 1", id="两种读法成了一种"),
        pytest.param(
            "CASE WHEN (a < 1) = (b < 1) THEN a < 1 ELSE NULL END",
            "CASE WHEN (a < 1) = (b < 1) THEN a < 1 ELSE NULL END",
            id="两种读法不同",
        ),
        pytest.param(
            "CASE WHEN a < 1 THEN 5 WHEN a IS NULL THEN NULL WHEN a < 4 THEN 7 ELSE a + 1 END",
            "CASE WHEN a < 1 THEN 5 WHEN a < 4 THEN 7 ELSE a + 1 END",
            id="其后的分支自会未知，不必先问",
        ),
        pytest.param(
            "CASE WHEN b < 1 THEN 5 WHEN b IS NULL THEN NULL WHEN a < 4 THEN 7 ELSE b + 1 END",
            "CASE WHEN b < 1 THEN 5 WHEN b IS NULL THEN NULL WHEN a < 4 THEN 7 ELSE b + 1 END",
            id="其后有一支不读它，仍要先问",
        ),
        pytest.param(
            "CASE WHEN (a - b) >= 0 THEN a - b WHEN ((a - b) >= 0) IS NULL THEN NULL ELSE 0 END",
            "CASE WHEN (a - b) < 0 THEN 0 ELSE a - b END",
            id="取较大者：反过来问就不必先问未知",
        ),
        pytest.param(
            "CASE WHEN COALESCE(a, FALSE) THEN 'x' WHEN COALESCE(b, FALSE) AND c THEN 'y' END",
            "CASE WHEN a THEN 'x' WHEN b AND c THEN 'y' ELSE NULL END",
            id="分支本来就放过未知",
        ),
        pytest.param(
            "CASE WHEN NOT COALESCE(a, FALSE) THEN 1 END",
            "CASE WHEN NOT COALESCE(a, FALSE) THEN 1 ELSE NULL END",
            id="否定之下的未知不能放过",
        ),
        pytest.param(
            "CASE WHEN y <= 3 THEN 10 WHEN y <= 4 THEN 16 WHEN y <= 5 THEN 22 WHEN y <= 6 THEN 28 ELSE 40 END",
            "CASE WHEN y <= 3 THEN 10 WHEN y <= 6 THEN ((y - 3) * 6) + 10 ELSE 40 END",
            id="等高的台阶算出来",
        ),
        pytest.param(
            "CASE WHEN y <= 3 THEN 10 WHEN y <= 4 THEN 16 WHEN y <= 5 THEN 21 WHEN y <= 6 THEN 28 ELSE 40 END",
            "CASE WHEN y <= 3 THEN 10 WHEN y <= 4 THEN 16 WHEN y <= 5 THEN 21 WHEN y <= 6 THEN 28 ELSE 40 END",
            id="不等高的台阶照旧逐级问",
        ),
        pytest.param(
            "CASE WHEN a < 1 THEN 5 ELSE CASE WHEN b < 1 THEN 6 ELSE 7 END END",
            "CASE WHEN a < 1 THEN 5 WHEN b < 1 THEN 6 ELSE 7 END",
            id="否则里的分支接下去",
        ),
        pytest.param("CAST(NULL AS BIGINT) IS NULL", "TRUE", id="无人录入的数额"),
    ],
)
def test_what_is_left(written: str, left: str) -> None:
    assert settled(sqlglot.parse_one(written, dialect="duckdb")).sql("duckdb") == left


@pytest.mark.parametrize(
    "written",
    [
        "CASE WHEN a < 1 THEN 5 WHEN a IS NULL THEN NULL WHEN a < b THEN 7 ELSE a + b END",
        "CASE WHEN (a - b) >= 0 THEN a - b WHEN ((a - b) >= 0) IS NULL THEN NULL ELSE 0 END",
        "CASE WHEN a <= (CASE WHEN b >= 0 THEN b WHEN b IS NULL THEN NULL ELSE 0 END) THEN a "
        "WHEN (a <= (CASE WHEN b >= 0 THEN b WHEN b IS NULL THEN NULL ELSE 0 END)) IS NULL THEN NULL "
        "ELSE CASE WHEN b >= 0 THEN b WHEN b IS NULL THEN NULL ELSE 0 END END",
        "CASE WHEN NOT (a IS NULL) THEN CASE WHEN a <= 0 THEN 10 WHEN a <= 1 THEN 16 WHEN a <= 2 THEN 22 WHEN a <= 3 THEN 28 "
        "ELSE 40 END ELSE NULL END",
        "CASE WHEN b < 1 THEN CASE WHEN a IS NULL THEN NULL WHEN a < 2 THEN 1 ELSE a END WHEN b IS NULL THEN NULL ELSE a END",
    ],
)
def test_what_is_left_means_the_same(written: str) -> None:
    left = settled(sqlglot.parse_one(written, dialect="duckdb")).sql("duckdb")
    numbers = "(SELECT unnest([NULL, -3, -1, 0, 1, 2, 3, 4, 5])::BIGINT"
    differing = f"SELECT a, b FROM {numbers} AS a), {numbers} AS b) WHERE ({written}) IS DISTINCT FROM ({left})"
    assert left != written
    with duckdb.connect() as database:
        assert database.execute(differing).fetchall() == []
