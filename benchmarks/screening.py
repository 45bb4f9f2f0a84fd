"""Time and memory of screening a long roster: a workbook of a million rows, a GB18030 text file of 300,000.

    python -m benchmarks.screening [--rows 1000000] [--text-rows 300000] [--folder FOLDER]

Makes both files from synthetic people, screens each by Ganzhou's measures in a process of its own and prints seconds and peak memory.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rustpy_xlsxwriter import FastExcel

from zhubao.identity import check_character

HEADERS = (
    "序号",
    "乡镇",
    "村",
    "户主姓名",
    "姓名",
    "身份证号",
    "性别",
    "人员类别",
    "起始保障年月",
    "停保年月",
    "银行账号",
    "备注",
)
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈"


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield rows of a dibao roster: distinct true numbers, twelve columns as a county exports them."""
    for at in range(count):
        first = f"360721{1930 + at % 85}{1 + at % 12:02d}{1 + at % 28:02d}{at // 1000 % 1000:03d}"
        family = FAMILY_NAMES[at % 10]
        yield (
            *(str(at + 1), f"梅林镇{at % 20}", f"第{at % 300}村", f"{family}大山", f"{family}小{FAMILY_NAMES[at // 10 % 10]}"),
            *(first + check_character(first), "男", "低保", "202001", "", f"0000{at:015d}", "无"),
        )


def write_workbook(path: Path, count: int) -> None:
    """Write a workbook of `count` rows."""
    FastExcel(str(path)).sheet("低保", (dict(zip(HEADERS, row, strict=True)) for row in rows(count))).save()


def write_text(path: Path, count: int) -> None:
    """Write a GB18030 text file of `count` rows."""
    with path.open("w", encoding="gb18030", newline="") as stream:
        stream.write(",".join(HEADERS) + "\r\n")
        stream.writelines(",".join(row) + "\r\n" for row in rows(count))


def measure(roster: Path, out: Path) -> dict[str, object]:
    """Screen `roster` in a process of its own; return seconds by the clock, seconds of processor, peak memory in MB, people."""
    command = [sys.executable, "-m", "zhubao.cli.main", "screen", str(roster), "--policy", "ganzhou-2021-7", "--on", "2022-03-01"]
    start = time.perf_counter()
    process = subprocess.Popen([*command, "--out", str(out), "--json"], stdout=subprocess.PIPE)
    assert process.stdout is not None
    summary = json.loads(process.stdout.read())
    _, _, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    return {
        "roster": roster.name,
        "megabytes": round(roster.stat().st_size / 1e6),
        "people": summary["persons"],
        "seconds": round(seconds, 1),
        "processor_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_megabytes": usage.ru_maxrss // 1024,
    }


def main() -> None:
    """Make the files, screen them, print a line of JSON each."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--text-rows", type=int, default=300_000)
    arguments.add_argument("--folder", type=Path)
    asked = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        workbook, text = Path(folder, "低保.xlsx"), Path(folder, "低保.csv")
        write_workbook(workbook, asked.rows)
        write_text(text, asked.text_rows)
        for roster, suffix in ((workbook, ".csv"), (workbook, ".xlsx"), (text, ".csv")):
            print(json.dumps(measure(roster, Path(folder, f"result{suffix}")), ensure_ascii=False))


if __name__ == "__main__":
    main()
