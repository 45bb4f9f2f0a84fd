"""`zhubao screen` from the command line: what it prints, where it writes, how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.screening.making import number, text

HAN, MA = number("19801230"), number("19750101")


def zhubao(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in `folder`."""
    command = [sys.executable, "-m", "zhubao.cli.main", "screen", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"})


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """A folder with a dibao roster of two, one with a wrong check character, and the insured persons."""
    header = ["姓名", "身份证号", "乡镇"]
    text(tmp_path / "低保.csv", [header, ["韩梅", HAN, "汉葭街道"], ["马东", MA, "绍庆街道"]], "gb18030")
    text(tmp_path / "有错.csv", [header, ["韩梅", HAN, "汉葭街道"], ["某某", "500243198012300040", "汉葭街道"]])
    insured = [["身份证号", "姓名", "参保险种", "参保地代码", "人员状态"]]
    text(
        tmp_path / "参保.csv", [*insured, [HAN, "韩梅", "城乡居民", "500243", "正常"], [MA, "马东", "城乡居民", "500243", "正常"]]
    )
    return tmp_path


def asked(roster: str, *more: str) -> tuple[str, ...]:
    """Return the usual arguments: Pengshui's plan on 1 March 2022."""
    return roster, "--policy", "pengshui-2022", "--on", "2022-03-01", "--out", "结果.csv", "--insured", "参保.csv", *more


def test_json_is_one_object_and_nothing_else(county: Path) -> None:
    done = zhubao(*asked("低保.csv", "--json"), folder=county)
    assert (done.returncode, done.stderr) == (0, "")
    summary: dict[str, Any] = json.loads(done.stdout)
    assert list(summary) == [
        *("policy", "as_of", "engine", "files", "rows", "rejected", "persons", "verdicts"),
        *("by_category", "by_township", "by_payer", "differences", "outputs", "missing", "provisional", "unverified"),
    ]
    assert summary["verdicts"] == {"met": 2, "not_met": 0, "evidence_missing": 0, "to_be_decided": 0}
    assert summary["by_category"] == [{"category": "dibao", "persons": 2, "met": 2, "on_behalf_fen": 14000, "self_pay_fen": 6000}]
    assert summary["outputs"] == ["结果.csv", "结果.rejected.xlsx", "结果.differences.xlsx", "结果.mapping.json"]
    assert all((county / name).exists() for name in summary["outputs"])


def test_rejected_rows_end_with_one(county: Path) -> None:
    done = zhubao(*asked("dibao=有错.csv"), folder=county)
    assert (done.returncode, done.stderr) == (1, "")
    assert "未采用 1 行，共 1 人" in done.stdout
    assert "A=姓名  B=身份证号  C=乡镇" in done.stdout


def test_readable_says_words_instead_of_codes(county: Path) -> None:
    lines = zhubao(*asked("低保.csv"), folder=county).stdout.splitlines()
    assert "  低保.csv: 低保名册, 2 行，未采用 0 行" in lines
    assert "  参保.csv: 参保人员, 2 行，未采用 0 行" in lines
    assert "  低保对象: 2 人，符合 2, 代缴 140.00 元，自付 60.00 元" in lines
    assert "  民政部门: 2 人，符合 2, 代缴 140.00 元，自付 60.00 元" in lines
    assert "暂按默认: 本人选择的缴费档次 按最低缴费档次 (本人)" in lines
    disabled = zhubao(*asked("disabled=低保.csv"), folder=county).stdout.splitlines()
    assert "缺 特困人员 (ps-1a, ps-2.1b, ps-2.1d): 提供特困人员名册" in disabled


def test_provisional_and_remedies_are_english_when_asked(county: Path) -> None:
    done = zhubao(*asked("低保.csv", "--lang", "en", "--json"), folder=county)
    said = [row[key] for row in json.loads(done.stdout)["provisional"] for key in ("default", "decider")]
    assert said
    assert all(words.isascii() for words in said)


def test_readable_in_english(county: Path) -> None:
    done = zhubao(*asked("低保.csv", "--lang", "en"), folder=county)
    assert "2 rows, 0 rejected, 2 persons" in done.stdout
    assert "dibao recipient: 2 persons, 2 met, on behalf 140.00, self-pay 60.00 yuan" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (asked("有错.csv"), "zhubao: E-KIND-NONE: 有错.csv: 看不出是哪一类名册; 用“类别=路径”指明，例如 dibao=名册.xlsx"),
        (asked("dibaos=低保.csv"), "zhubao: E-KIND: dibaos=低保.csv: 没有“dibaos”这一类名册"),
        (asked("没有.csv"), "zhubao: E-FILE-MISSING: 没有.csv: 读不到这个文件; 检查路径和权限"),
        (asked("低保.csv", "--parameters", "没有.csv"), "zhubao: E-FILE-MISSING"),
        (asked("低保.csv", "--on", "2023-01-01"), "zhubao: E-POLICY-NOT-IN-FORCE"),
        (asked("低保.csv", "--on", "2022-02-30"), "zhubao: E-DATE"),
        (("低保.csv",), "zhubao: E-USAGE"),
    ],
)
def test_bad_input_is_one_line_and_two(county: Path, arguments: tuple[str, ...], line: str) -> None:
    before = sorted(county.iterdir())
    done = zhubao(*arguments, folder=county)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1
    assert sorted(county.iterdir()) == before


def test_a_full_disk_writes_nothing(county: Path) -> None:
    import resource

    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    (county / "结果.csv").write_text("before")
    command = [sys.executable, "-B", "-m", "zhubao.cli.main", "screen", *asked("低保.csv")]
    done = subprocess.run(command, cwd=county, capture_output=True, text=True, check=False, preexec_fn=small_files_only)
    assert done.returncode == 2
    assert done.stderr.startswith("zhubao: E-DISK-FULL")
    assert (county / "结果.csv").read_text() == "before"
    assert sorted(path.name for path in county.iterdir()) == ["低保.csv", "参保.csv", "有错.csv", "结果.csv"]
