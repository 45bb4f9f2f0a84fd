"""`zhubao parameters`: showing figures with their sources, checking and exporting local files."""

import json
from pathlib import Path

import pytest

from zhubao.parameters.local import read_local_file

from .test_pension import run

HEADER = "area_code,name,value,unit,effective_from,effective_to,source,decided_by\n"


def test_list_names_every_declared_parameter(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(monkeypatch, capsys, "parameters", "list", "--area", "360702", "--on", "2025-05-01", "--json")
    answer = json.loads(out)
    assert status == 0
    assert {"floor_fen", "max_years_to_retirement", "extra_categories"} <= {row["name"] for row in answer["names"]}
    found = {row["name"]: row["value"] for row in answer["entries"] if row["area_code"] == "360000"}
    assert found == {"calc_base_fen": 705400, "average_wage_fen": 652500}
    status, out, _ = run(monkeypatch, capsys, "parameters", "list", "--area", "360702")
    assert "calc_base_fen  基本养老金计发基数（月）" in out


def test_show_marks_what_is_unverified(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(monkeypatch, capsys, "parameters", "show", "floor_fen", "--area", "360702", "--on", "2021-06-01")
    assert status == 0
    assert "[未核实]" in out
    status, out, _ = run(
        monkeypatch, capsys, "parameters", "show", "floor_fen", "--area", "360702", "--on", "2026-06-01", "--json"
    )
    assert (status, json.loads(out)["entries"]) == (1, [])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "floor"), "E-PARAM-NAME"),
        (("show", "floor_fen", "--area", "36"), "E-PARAM-AREA"),
        (("check", "no.csv"), "E-FILE-MISSING"),
    ],
)
def test_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: str
) -> None:
    status, out, err = run(monkeypatch, capsys, "parameters", *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"zhubao: {code}: ")


def test_check_names_every_fault_and_what_narrows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "local.csv"
    file.write_text(
        HEADER + "360700,floor_fen,-1,fen,2026-01-01,,文件,\n360700,max_years_to_retirement,5,years,2026-01-01,,文件,\n",
        encoding="utf-8",
    )
    status, out, _ = run(monkeypatch, capsys, "parameters", "check", str(file), "--json")
    answer = json.loads(out)
    assert (status, answer["entries"]) == (1, 1)
    assert [(row["code"], row["place"].rpartition(":")[2]) for row in answer["faults"]] == [
        ("E-PARAM-NEGATIVE", "2"),
        ("E-PARAM-NARROWS", "3"),
    ]
    file.write_text(HEADER + "360700,max_years_to_retirement,10,years,2026-01-01,,文件,\n", encoding="utf-8")
    status, out, _ = run(monkeypatch, capsys, "parameters", "check", str(file))
    assert (status, out) == (0, "可用 1 行，有误 0 处\n")


def test_an_export_can_be_read_back_and_holds_nothing_unverified(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    status, out, _ = run(monkeypatch, capsys, "parameters", "export", str(file), "--area", "360702", "--json")
    answer = json.loads(out)
    entries = read_local_file(file)
    assert (status, answer["entries"]) == (0, len(entries))
    assert answer["unverified_left_out"] > 0
    assert {entry.area_code for entry in entries} == {"CN", "360000", "360700"}
    assert not any(entry.name == "floor_fen" for entry in entries)


def test_questions(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(monkeypatch, capsys, "parameters", "questions", "--json")
    rows = json.loads(out)["questions"]
    assert (status, len(rows)) == (0, 93)
    assert "A-PS-1" in run(monkeypatch, capsys, "parameters", "questions", "--lang", "en")[1]
