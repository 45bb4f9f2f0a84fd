"""All outputs appear together or none does, whatever stops the writing."""

import errno
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import fastexcel
import pytest

from zhubao.errors import ZhubaoError
from zhubao.screening import sheets_out
from zhubao.screening.outputs import all_or_none
from zhubao.screening.sheets_out import write_sheet

NAMES = ["a.csv", "b.xlsx"]


def write(folder: Path, content: str) -> None:
    """Write both outputs with `content`."""
    with all_or_none(folder, NAMES) as work:
        for name in NAMES:
            (work / name).write_text(content)


def contents(folder: Path) -> dict[str, str]:
    """Return every file in `folder`, hidden ones too."""
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_both_appear_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path, "new")
    assert contents(tmp_path) == {"a.csv": "new", "b.xlsx": "new"}


def test_a_failure_while_writing_leaves_the_old_files(tmp_path: Path) -> None:
    write(tmp_path, "old")

    def stop_half_way() -> None:
        with all_or_none(tmp_path, NAMES) as work:
            (work / "a.csv").write_text("half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ZhubaoError, match="E-DISK-FULL"):
        stop_half_way()
    assert contents(tmp_path) == {"a.csv": "old", "b.xlsx": "old"}


@pytest.mark.parametrize("before", ["old", None])
def test_a_failure_between_the_renames_puts_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    if before:
        write(tmp_path, before)
    rename: Callable[[Path, Path], None] = os.replace
    done: list[Path] = []

    def once_only(source: Path, target: Path) -> None:
        done.append(target)
        if len(done) == 2:
            raise OSError(errno.EIO, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "replace", once_only)
    with pytest.raises(ZhubaoError, match="E-OUTPUT"):
        write(tmp_path, "new")
    assert contents(tmp_path) == (dict.fromkeys(NAMES, before) if before else {})


def test_a_sheet_goes_on_in_a_second_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_out, "ROWS_IN_A_SHEET", 15_000)
    rows = ((str(at), None) for at in range(25_000))
    write_sheet(tmp_path / "long.xlsx", "结果", ["号", "空"], rows, 25_000)
    book = fastexcel.read_excel(tmp_path / "long.xlsx")
    sheets = [book.load_sheet(name, dtypes="string") for name in book.sheet_names]
    assert [(sheet.name, sheet.height) for sheet in sheets] == [("结果", 15_000), ("结果2", 10_000)]
    assert sheets[1].to_arrow().column(0)[0].as_py() == "15000"


@pytest.mark.parametrize("count", [0, 30, 25_000])
def test_no_hour_in_the_bytes(tmp_path: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def written(name: str) -> bytes:
        write_sheet(tmp_path / name, "结果", ["号"], islice(((str(at),) for at in range(count)), count), count)
        return (tmp_path / name).read_bytes()

    first = written("first.xlsx")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert written("second.xlsx") == first
    assert b"2026" not in first[-4000:]
