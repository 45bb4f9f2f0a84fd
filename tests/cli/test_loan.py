"""`zhubao loan replay` as a caller sees it: stdout, stderr and exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhubao.cli.main import cli
from zhubao.errors import ZhubaoError

LIVES = Path(__file__).parent.parent / "scenarios" / "lives"


@pytest.mark.parametrize("path", sorted(LIVES.glob("*.json")), ids=lambda path: path.stem)
def test_replay_prints_the_expected_object_and_nothing_else(path: Path) -> None:
    result = CliRunner().invoke(cli, ["loan", "replay", str(path), "--json"], standalone_mode=False)
    assert result.exception is None
    assert json.loads(result.stdout) == json.loads(path.read_text(encoding="utf-8"))["expected"]


def test_a_file_may_be_the_inputs_object_itself(tmp_path: Path) -> None:
    whole = json.loads((LIVES / "half-a-fen-rounds-up.json").read_text(encoding="utf-8"))
    bare = tmp_path / "life.json"
    bare.write_text(json.dumps(whole["inputs"]), encoding="utf-8")
    result = CliRunner().invoke(cli, ["loan", "replay", str(bare), "--json"], standalone_mode=False)
    assert json.loads(result.stdout) == whole["expected"]


def test_the_readable_text_names_payers_and_amounts_in_yuan() -> None:
    path = LIVES / "jiangxi-death-in-grace.json"
    chinese = CliRunner().invoke(cli, ["loan", "replay", str(path)], standalone_mode=False).stdout
    english = CliRunner().invoke(cli, ["loan", "replay", str(path), "--lang", "en"], standalone_mode=False).stdout
    assert "个人账户偿还: 21,456.77" in chinese
    assert "财政承担: 12,777.93" in chinese
    assert "paid by the government: 12,777.93" in english


def test_a_refusal_names_file_and_key(tmp_path: Path) -> None:
    path = tmp_path / "life.json"
    path.write_text('{"disbursements": [{"date": "2024-01-10", "fen": -1}], "rates": []}', encoding="utf-8")
    with pytest.raises(ZhubaoError) as refusal:
        CliRunner().invoke(cli, ["loan", "replay", str(path)], standalone_mode=False, catch_exceptions=False)
    assert refusal.value.place.startswith(str(path))


def test_bad_input_ends_with_status_2_one_line_and_an_empty_stdout(tmp_path: Path) -> None:
    path = tmp_path / "life.json"
    path.write_text('{"disbursements": [{"date": "2024-01-10", "fen": 3600}], "rates": [], "color": 1}', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "zhubao.cli.main", "loan", "replay", str(path), "--json", "--lang", "en"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"zhubao: E-LIFE-KEY: {path}: color: unknown key\n"
