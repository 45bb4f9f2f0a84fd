"""The same screening as a Spark job over two executor processes gives the same bytes."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from zhubao.screening import Request, run

from .making import number, text

pytest.importorskip("pyspark", reason="PySpark is not installed (pip install zhubao[spark])")
pytestmark = [
    pytest.mark.spark,
    pytest.mark.long,
    pytest.mark.skipif(not (os.environ.get("JAVA_HOME") or shutil.which("java")), reason="no Java on this machine"),
]


def test_the_same_rows_as_duckdb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [number(f"19{year}0{1 + year % 9}15", order=f"{year:03d}") for year in range(50, 99)]
    rosters = [
        (
            text(tmp_path / "低保.csv", [["姓名", "身份证号", "乡镇"], *(["某某", each, "汉葭街道"] for each in numbers[::2])]),
            None,
        ),
        (
            text(tmp_path / "特困.csv", [["姓名", "身份证号", "乡镇"], *(["某 某", each, "绍庆街道"] for each in numbers[::3])]),
            None,
        ),
        (text(tmp_path / "残疾.csv", [["姓名", "身份证号", "残疾等级"], *(["别人", each, "1"] for each in numbers[::5])]), None),
    ]
    records = [
        [each, "某某", ("城乡居民", "企业职工", "未参保", "")[at % 4], "500243", ("正常", "在校学生", "死亡", "")[at % 5 % 4]]
        for at, each in enumerate(numbers)
        if at % 7
    ]
    insured = text(tmp_path / "参保.csv", [["身份证号", "姓名", "参保险种", "参保地代码", "人员状态"], *records])
    monkeypatch.setenv("ZHUBAO_SPARK_MASTER", "local-cluster[2,1,1024]")
    found = {}
    for engine in ("duckdb", "spark"):
        (tmp_path / engine).mkdir()
        request = Request(
            tuple(rosters), "pengshui-2022", date(2022, 3, 1), tmp_path / engine / "r.csv", insured=insured, engine=engine
        )
        found[engine] = run(request)
    assert [path.read_bytes() for path in found["spark"].outputs] == [path.read_bytes() for path in found["duckdb"].outputs]
    assert {**found["spark"].summary, "engine": ""} == {**found["duckdb"].summary, "engine": ""}
    assert found["spark"].summary["differences"] == {"two_names": 9, "twice": 0, "employee_scheme": 5, "deceased": 5}
