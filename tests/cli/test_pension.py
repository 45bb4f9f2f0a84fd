"""`zhubao retirement` and `zhubao pension` as a clerk types them."""

import json
import sys
from pathlib import Path

import pytest

from zhubao.cli.main import main


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["zhubao", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    out, err = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, out, err


def test_retirement_in_json(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("retirement", "--birth", "1971-04", "--category", "female55", "--on", "2026-11-21", "--json")
    status, out, err = run(monkeypatch, capsys, *arguments)
    assert (status, err) == (0, "")
    assert (
        json.loads(out).items()
        >= {
            "category": "female55",
            "birth": "1971-04",
            "statutory_month": "2026-08",
            "delay_months": 4,
            "age": "55y4m",
            "earliest_flexible": "2026-04",
            "latest_flexible": "2029-08",
            "required_months": 180,
        }.items()
    )


def test_retirement_by_the_old_tables(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(
        monkeypatch, capsys, "retirement", "--birth", "1965-08-12", "--category", "male60", "--on", "2021-06-30", "--json"
    )
    assert status == 0
    assert json.loads(out)["statutory_month"] == "2025-08"


@pytest.mark.parametrize(("lang", "says"), [("zh", "法定退休年月：2026-08"), ("en", "statutory month: 2026-08")])
def test_retirement_as_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lang: str, says: str) -> None:
    status, out, _ = run(monkeypatch, capsys, "retirement", "--birth", "1971-04", "--category", "female55", "--lang", lang)
    assert status == 0
    assert says in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(["--birth", "1971-13", "--category", "female55"], "E-MONTH", id="13月"),
        pytest.param(["--birth", "2099-01", "--category", "female55"], "E-BIRTH-FUTURE", id="未来"),
        pytest.param(["--birth", "1971-04", "--category", "women"], "E-CATEGORY", id="类别"),
        pytest.param(["--birth", "1971-04"], "E-USAGE", id="缺类别"),
        pytest.param(["--birth", "1971-04", "--category", "female55", "--on", "2026-02-30"], "E-USAGE", id="日期"),
    ],
)
def test_retirement_refuses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    status, out, err = run(monkeypatch, capsys, "retirement", *arguments, "--json")
    assert (status, out) == (2, "")
    assert err.startswith(f"zhubao: {code}: ")
    assert err.count("\n") == 1


CASE = """{"scheme": "employee", "province": "jiangxi", "award_month": "2024-08", "age_months": 600, "index": "0.564",
 "paid_months": 366, "deemed_years": "1.5833", "account_fen": 6680175, "calc_base_fen": 674700}"""


def test_pension_in_json_and_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(CASE, encoding="utf-8")
    status, out, _ = run(monkeypatch, capsys, "pension", str(case), "--json")
    assert status == 0
    answer = json.loads(out)
    assert [answer[key] for key in ("basic_fen", "account_fen", "transition_fen", "total_fen", "divisor")] == [
        160923,
        34257,
        7832,
        203012,
        195,
    ]
    assert answer["missing"] == answer["provisional"] == answer["unverified"] == []
    assert "合计（元/月）：2030.12" in run(monkeypatch, capsys, "pension", str(case))[1]


def test_pension_with_local_values(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    case, local = tmp_path / "case.json", tmp_path / "local.csv"
    case.write_text('{"scheme": "resident", "account_fen": 2085000, "area_code": "360702"}', encoding="utf-8")
    local.write_text(
        "area_code,name,value,unit,effective_from,effective_to,source,decided_by\n"
        "360700,basic_pension_fen,185.5,yuan,2026-01-01,,赣市人社发〔2026〕1号,市人社局\n",
        encoding="utf-8",
    )
    arguments = ("pension", str(case), "--parameters", str(local), "--on", "2026-11-21", "--json")
    status, out, _ = run(monkeypatch, capsys, *arguments)
    answer = json.loads(out)
    assert (status, answer["basic_fen"], answer["total_fen"], answer["provisional"]) == (0, 18550, 33550, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("{", "E-JSON", id="坏JSON"),
        pytest.param("[]", "E-JSON-OBJECT", id="数组"),
        pytest.param("{}", "E-CASE-SCHEME", id="空"),
        pytest.param(CASE.replace("6680175", "66801.75"), "E-CASE-TYPE", id="小数金额"),
        pytest.param(CASE.replace("6680175", "-1"), "E-CASE-NEGATIVE", id="负数"),
        pytest.param(CASE.replace("jiangxi", "hubei"), "E-PROVINCE", id="省份"),
        pytest.param(CASE.replace("paid_months", "months_paid"), "E-CASE-KEY", id="未知项"),
        pytest.param(CASE.replace('"paid_months": 366', '"paid_months": 366, "paid_months": 367'), "E-JSON-KEY-TWICE", id="重复"),
    ],
)
def test_pension_refuses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, code: str
) -> None:
    case = tmp_path / "case.json"
    case.write_text(text, encoding="utf-8")
    status, out, err = run(monkeypatch, capsys, "pension", str(case), "--json")
    assert (status, out) == (2, "")
    assert err.startswith(f"zhubao: {code}: ")
    assert err.count("\n") == 1


def test_pension_names_a_file_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, out, err = run(monkeypatch, capsys, "pension", str(tmp_path / "no.json"), "--json")
    assert (status, out) == (2, "")
    assert "no.json" in err


def test_readable_inputs_have_names_and_yuan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    case = tmp_path / "case.json"
    case.write_text(CASE, encoding="utf-8")
    _, out, _ = run(monkeypatch, capsys, "pension", str(case))
    assert "省份：江西" in out
    assert "平均缴费指数：0.564" in out
    assert "过渡系数：1.30%" in out
    assert "_fen" not in out
