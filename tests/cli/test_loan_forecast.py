"""`zhubao loan forecast` as its callers see it: exit status, one JSON object, words in two languages."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.lending.forecast_cases import JIANGXI, RUGAO, changed


def run(case: dict[str, Any], folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command on a case written to a file."""
    file = folder / "case.json"
    file.write_text(json.dumps(case, ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "zhubao.cli.main", "loan", "forecast", str(file), *options]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    ("case", "status", "affordable"),
    [
        pytest.param(RUGAO, 0, True, id="还得起"),
        pytest.param(JIANGXI, 1, False, id="还不起"),
        pytest.param(changed(JIANGXI, hardship=None), 0, None, id="资料不全也是回答"),
    ],
)
def test_the_exit_status_follows_the_verdict(case: dict[str, Any], status: int, affordable: bool | None, tmp_path: Path) -> None:
    done = run(case, tmp_path, "--json")
    assert done.returncode == status
    assert json.loads(done.stdout)["affordable"] is affordable
    assert done.stderr == ""


def test_bad_input_is_one_line_naming_the_key(tmp_path: Path) -> None:
    done = run(changed(RUGAO, person={"paid_months": "134"}), tmp_path, "--json", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "zhubao: E-CASE-TYPE: person.paid_months: must be a whole number (money in fen)\n"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["还不起", "最多可承受的贷款: 64,009.06 元", "✗ 在测算的最高年龄前还清"]),
        ("en", ["not affordable", "64,009.06 yuan"]),
    ],
)
def test_without_json_it_reads_as_text(language: str, words: list[str], tmp_path: Path) -> None:
    done = run(JIANGXI, tmp_path, "--lang", language)
    assert done.returncode == 1
    for word in words:
        assert word in done.stdout


def test_compare_adds_four_ways_and_a_forecast_alone_has_none(tmp_path: Path) -> None:
    with_ways = json.loads(run(RUGAO, tmp_path, "--json", "--compare").stdout)
    assert [row["path"] for row in with_ways["comparison"]] == ["loan", "own_money", "stop", "resident"]
    assert "resident_crediting_ppm" in {row["question"] for row in with_ways["provisional"]}
    assert "comparison" not in json.loads(run(RUGAO, tmp_path, "--json").stdout)
    text = run(RUGAO, tmp_path, "--compare").stdout
    assert "转城乡居民养老保险" in text
    assert "个人账户记账利率 1.50% 低于贷款利率 4.90%" in text


def test_local_figures_come_from_a_file(tmp_path: Path) -> None:
    local = tmp_path / "local.csv"
    local.write_text(
        "area_code,name,value,unit,effective_from,effective_to,source,decided_by\n"
        "360000,floor_fen,800,yuan,2024-01-01,,synthetic,\n",
        encoding="utf-8",
    )
    case = changed(JIANGXI, parameters={"floor_fen": None})
    result = json.loads(run(case, tmp_path, "--json", "--parameters", str(local)).stdout)
    assert result["deduction"]["protected_fen"] == 80_000


def test_asking_for_a_replay_does_not_load_the_forecast() -> None:
    code = "import sys, zhubao.cli.main, zhubao.cli.loan; sys.exit('zhubao.cli.loan_forecast' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
