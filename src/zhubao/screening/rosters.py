"""Reading several files of rosters, or the records of insured persons, into one table of canonical rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .rows import SCHEMA, ReadSheet, Rejection
from .sheet_reading import SheetReading
from .sheets import Sheet
from .sources import open_sheets

_INSURED_COLUMNS: Final = frozenset(("scheme", "insured_locality", "chosen_tier_fen", "paid_fen", "status"))


@dataclass(slots=True)
class ReadRosters:
    """Everything read from several files: canonical rows (columns of `SCHEMA`), rejected rows, one entry a sheet."""

    rows: pa.Table
    rejections: list[Rejection]
    sheets: list[ReadSheet]


def read_rosters(
    files: Iterable[tuple[Path, str | None]],
    *,
    today: date,
    insured: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> ReadRosters:
    """Read files, each with its kind where somebody gave it; `insured` reads records of insured persons, which have no kind.

    `today` bounds dates of birth. `progress` is told how many files are done. Raises `ZhubaoError` for a file that cannot be used.
    """
    tables: list[pa.Table] = []
    rejections: list[Rejection] = []
    sheets: list[ReadSheet] = []
    for done, (path, kind) in enumerate(files, 1):
        named = 0
        opened = open_sheets(path)
        for at, sheet in enumerate(opened):
            opened[at] = Sheet(sheet.name, pa.table({}))  # a sheet that was read need not stay in memory beside its rows
            reading = SheetReading(path, sheet, kind, today, insured, len(sheets), alone=len(opened) == 1)
            sheets.append(reading.result)
            rejections += reading.rejections
            tables += reading.tables
            named += reading.result.rows
        if named == 0:
            raise ZhubaoError(
                "E-ROSTER-EMPTY",
                Text("表里没有一行人员", "there is not one row of a person"),
                place=path.name,
                remedy=Text("检查导出条件，或不放入这份文件", "check what was exported, or leave the file out"),
            )
        progress(done)
    return ReadRosters(pa.concat_tables(tables) if tables else SCHEMA.empty_table(), rejections, sheets)


def read_insured(path: Path, *, today: date) -> ReadRosters:
    """Read the records of insured persons a screening looks up; raise what `read_rosters` does, and E-INSURED-COLUMNS for a roster."""
    read = read_rosters([(path, None)], today=today, insured=True)
    for sheet in read.sheets:
        if sheet.mapping and not _INSURED_COLUMNS & set(sheet.mapping.values()):
            raise ZhubaoError(
                "E-INSURED-COLUMNS",
                Text(
                    "参保人员文件没有参保险种、人员状态等列，像是一份名册",
                    "no column says anything of insurance: it looks like a roster",
                ),
                place=f"{path.name} {sheet.sheet}".strip(),
                remedy=Text("核对放入的文件，或补上“参保险种”列", "check which file was handed in, or add the column 参保险种"),
            )
    return read
