"""`zhubao assess` as the command is used: what it prints, what it exits with, what stands on which stream."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.policies.test_judging import PENGSHUI, RUGAO

TIER = "320682,lowest_tier_monthly_fen,86400,fen,2026-01-01,,市人社局公告,"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return a function that writes a person and local figures to files and asks about them."""

    def asked(person: dict[str, Any] | str, policy: str, on: str, *rest: str, local: str | None = None) -> Any:
        record = tmp_path / "person.json"
        record.write_text(person if isinstance(person, str) else json.dumps(person), encoding="utf-8")
        arguments = ["assess", str(record), "--policy", policy, "--on", on, *rest]
        if local is not None:
            figures = tmp_path / "local.csv"
            figures.write_text(
                f"area_code,name,value,unit,effective_from,effective_to,source,decided_by\n{local}\n", encoding="utf-8"
            )
            arguments += ["--parameters", str(figures)]
        command = [sys.executable, "-m", "zhubao.cli.main", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")

    return asked


def test_one_object_on_stdout_and_nothing_else(run: Run) -> None:
    done = run(RUGAO, "rugao-draft", "2026-10-12", "--json", local=TIER)
    result = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (result["verdict"], result["amounts"]["credit_line_fen"], result["trial"]) == ("evidence_missing", 2_764_800, True)


@pytest.mark.parametrize(
    ("changes", "status", "verdict"),
    [
        pytest.param({}, 0, "met", id="符合"),
        pytest.param({"student": True}, 1, "not_met", id="不符合"),
        pytest.param({"student": None}, 0, "evidence_missing", id="待核实也是回答"),
    ],
)
def test_the_status_is_one_only_for_no(run: Run, changes: dict[str, Any], status: int, verdict: str) -> None:
    done = run(PENGSHUI | changes, "pengshui-2022", "2022-03-01", "--json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (status, verdict)


def test_to_be_decided_is_an_answer(run: Run) -> None:
    person = RUGAO | {"birth": "1969-01-10", "sex": "male", "retirement_category": "male60", "social_insurance_subsidy": False}
    done = run(person, "rugao-draft", "2026-10-12", "--json", local=TIER)
    result = json.loads(done.stdout)
    assert (done.returncode, result["verdict"], result["amounts"]["months"]) == (0, "to_be_decided", None)
    assert [row["question"] for row in result["provisional"] if row.get("to_be_decided")] == ["A-RG-8"]
    lines = run(person, "rugao-draft", "2026-10-12", local=TIER).stdout.splitlines()
    assert "  待定: A-RG-8 法定最低年限超过十五年后，十五年上限怎么办 — 由市人社局决定" in lines
    assert "  可助保月数: 待定" in lines
    assert not [line for line in lines if "暂按默认: A-RG-8" in line]


def test_the_readable_text_says_the_same(run: Run) -> None:
    chinese = run(RUGAO, "rugao-draft", "2026-10-12", local=TIER).stdout
    assert "待核实（试运行，不作正式决定）" in chinese
    assert "[待核实] 第五条 rg-5a 未同时享受社会保险补贴" in chinese
    assert "27,648.00 元" in chinese
    english = run(RUGAO, "rugao-draft", "2026-10-12", "--lang", "en", local=TIER).stdout
    assert "(trial: decides nothing)" in english
    assert "[evidence missing] 第五条 rg-5a does not draw the social-insurance subsidy as well" in english
    assert "27,648.00 yuan" in english


@pytest.mark.parametrize(
    ("person", "policy", "on", "local", "message"),
    [
        pytest.param(RUGAO, "nowhere-2020", "2026-10-12", None, "E-POLICY-UNKNOWN", id="没有这个政策"),
        pytest.param(PENGSHUI, "pengshui-2022", "2023-01-01", None, "E-POLICY-NOT-IN-FORCE", id="不在施行期"),
        pytest.param(RUGAO, "rugao-draft", "2026-10", None, "E-DATE", id="不是日期"),
        pytest.param({"paid": 1}, "rugao-draft", "2026-10-12", None, "E-KEY: paid", id="不认识的键"),
        pytest.param({"paid_months": 1.5}, "rugao-draft", "2026-10-12", None, "E-VALUE: paid_months", id="小数"),
        pytest.param('{"paid_months": 1, "paid_months": 2}', "rugao-draft", "2026-10-12", None, "E-JSON-KEY-TWICE: paid_months", id="键重复"),
        pytest.param('{"paid_months": 1,}', "rugao-draft", "2026-10-12", None, "E-JSON", id="不是 JSON"),
        pytest.param("[]", "rugao-draft", "2026-10-12", None, "E-JSON-OBJECT", id="不是对象"),
        pytest.param({"paid_months": 1}, "jiangxi-2020-7", "2021-06-30",
                     "360702,max_years_to_retirement,7,years,2021-01-01,,某文件,", "E-PARAM-NARROWS", id="地方收紧"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_nothing_on_stdout(
    run: Run, person: Any, policy: str, on: str, local: str | None, message: str
) -> None:
    done = run(person, policy, on, "--json", local=local)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert message in done.stderr


def test_messages_in_english(run: Run) -> None:
    done = run({"paid": 1}, "rugao-draft", "2026-10-12", "--json", "--lang", "en")
    assert done.stderr == "zhubao: E-KEY: paid: unknown key; remove or correct it\n"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "zhubao.cli.main",
        "assess",
        str(tmp_path / "nobody.json"),
        "--policy",
        "rugao-draft",
        "--on",
        "2026-10-12",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("zhubao: E-FILE-MISSING:")


def test_one_question_imports_no_engine_and_no_web() -> None:
    check = "import sys, zhubao.cli.assess, zhubao.policies.rugao; print(sorted({'django', 'duckdb', 'pyarrow', 'psycopg'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_readable_says_words_and_yuan(run: Run) -> None:
    lines = run(RUGAO, "rugao-draft", "2026-10-12", local=TIER).stdout.splitlines()
    for line in (
        "  类别: 下岗失业人员",
        "  支付方: 财政部门",
        "  [符合] 第四条 rg-4.0b 以个体身份参加企业职工养老保险 · 灵活就业",
        "    [符合] 第四条 rg-4.2 下岗失业，有就业创业证 · 是",
        "  [符合] 第八条 rg-8a 额度：助保月数 × 最低档 · 27,648.00 元 · 市人社局公告",
        "  [符合] 一人一贷 A-ALL-15 没有未结清的助保贷款",
        "  贷款额度: 27,648.00 元",
        "  利率: 4.90%",
    ):
        assert line in lines
    assert any(line.startswith("  缺: 正在享受社会保险补贴 (rg-5a)") for line in lines)


def test_readable_in_english(run: Run) -> None:
    lines = run(PENGSHUI, "pengshui-2022", "2022-03-01", "--lang", "en").stdout.splitlines()
    assert "  category: person in extreme poverty, dibao recipient" in lines
    assert "  paid by: civil affairs" in lines
    assert "    [met] 1 ps-1a/tekun in extreme poverty · yes" in lines
    assert "  paid on behalf: 100.00 yuan" in lines
