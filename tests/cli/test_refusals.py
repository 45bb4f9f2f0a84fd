"""Every refusal of the command line: status 2, one line on stderr in the language asked for, nothing on stdout."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zhubao.cli.main import main


def zhubao(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "zhubao.cli.main", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{"a":' * 100_000, "E-JSON: {file}: 嵌套太深或数字太长"),
        ('{"paid_months": ' + "9" * 5000 + "}", "E-JSON: {file}: 嵌套太深或数字太长"),
        ('{"scheme": ["employee"]}', "E-CASE-SCHEME: scheme: scheme 应为 employee 或 resident"),
        ('{"scheme": "resident", "a\\nb": 1}', "E-CASE-KEY: a b: resident 没有这一项"),
        ('{"scheme": "resident", "\\ud800": 1}', "E-CASE-KEY: \\ud800: resident 没有这一项"),
    ],
    ids=["嵌套太深", "数字太长", "类型不对", "键里有换行", "键里有半个字符"],
)
def test_a_bad_case_is_one_line(tmp_path: Path, content: str, line: str) -> None:
    file = tmp_path / "case.json"
    file.write_text(content, encoding="utf-8")
    done = zhubao("pension", file)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"zhubao: {line.format(file=file)}\n")


def test_a_file_name_with_a_line_break_is_one_line() -> None:
    done = zhubao("pension", "a\nb.json")
    assert (done.returncode, done.stderr) == (2, "zhubao: E-FILE-MISSING: a b.json: 读不到这个文件; 检查路径和权限\n")


@pytest.mark.parametrize("month", ["9999-11", "9999-12"])
def test_a_birth_at_the_end_of_the_calendar_is_in_the_future(tmp_path: Path, month: str) -> None:
    file = tmp_path / "person.json"
    file.write_text(f'{{"birth": "{month}"}}', encoding="utf-8")
    done = zhubao("assess", file, "--policy", "rugao-draft", "--on", "2026-10-12", "--lang", "en")
    assert (done.returncode, done.stderr.partition(" birth")[0]) == (2, "zhubao: E-BIRTH-FUTURE:")


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        (("retirement", "--birth", "1971-04"), "zhubao retirement: 缺少 --category", "Missing option '--category'."),
        (("screen",), "zhubao screen: 缺少 ROSTER...", "Missing argument 'ROSTER...'."),
        (
            ("pension", "x.json", "--on", "2026-99-01"),
            "--on 的取值不对，应为 2026-08-31 这样的日期",
            "'2026-99-01' does not match",
        ),
        (("screen", "x", "--engine", "dask"), "--engine 的取值不对，应为 duckdb、spark", "'dask' is not one of"),
        (("pension", "x.json", "--jsn"), "没有选项 --jsn", "No such option"),
        (("pension", "x.json", "--on"), "选项 --on 用法不对，可能缺少取值", "requires an argument"),
        (("pension", "x.json", "y.json"), "多出的参数：y.json", "unexpected extra argument"),
        (("pensions",), "没有命令 pensions", "No such command 'pensions'"),
    ],
)
def test_a_wrong_command_line_is_said_in_both_languages(arguments: tuple[str, ...], chinese: str, english: str) -> None:
    name, *rest = arguments
    for language, words in (("zh", chinese), ("en", english)):
        # The language stands before the rest: the last option may be the one that lacks its value.
        done = zhubao(name, "--lang", language, *rest)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert done.stderr.startswith("zhubao: E-USAGE: ")
        assert words in done.stderr


@pytest.mark.parametrize("arguments", [(), ("policies",), ("loan",)])
def test_a_missing_subcommand_is_one_line(arguments: tuple[str, ...]) -> None:
    done = zhubao(*arguments)
    named = " ".join(["zhubao", *arguments])
    assert (done.returncode, done.stderr) == (2, f"zhubao: E-USAGE: {named}: 缺少子命令，用 --help 查看\n")


def test_help_and_version_are_answers() -> None:
    assert (zhubao("--version").returncode, zhubao("screen", "--help").returncode) == (0, 0)


def test_an_interrupt_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(path: Path) -> dict[str, object]:
        raise KeyboardInterrupt

    monkeypatch.setattr("zhubao.cli.pension.read_json_object", interrupted)
    monkeypatch.setattr(sys, "argv", ["zhubao", "pension", "x.json"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr()) == (2, ("", "zhubao: E-STOPPED: 已中断\n"))
