"""What is left of an expression once its figures are known, read as SQL."""

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
        pytest.param("CAST(NULL AS BIGINT) IS NULL", "TRUE", id="无人录入的数额"),
    ],
)
def test_what_is_left(written: str, left: str) -> None:
    assert settled(sqlglot.parse_one(written, dialect="duckdb")).sql("duckdb") == left
