"""Writes tables the way offices send them: xlsx with titles and merged cells, csv in two encodings, parquet.

Same input, same bytes; a file appears under its final name only when it is complete.
"""

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from .faults import Cell

Format = Literal["xlsx", "csv-gb18030", "csv-utf8-bom", "csv-utf8", "parquet"]
_ENCODINGS: dict[str, str] = {"csv-gb18030": "gb18030", "csv-utf8-bom": "utf-8-sig", "csv-utf8": "utf-8"}
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - the workbook format knows no time zone


@dataclass(frozen=True)
class Table:
    """One sheet: `titles` stand above the header (row 1 on), `notes` below the data; `grouped` merges equal neighbours."""

    sheet: str
    header: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    grouped: tuple[int, ...] = ()

    @property
    def header_row(self) -> int:
        """Return the row of the header as Excel counts, from 1."""
        return len(self.titles) + 1


def write_tables(path: Path, form: Format, tables: Sequence[Table]) -> None:
    """Write `tables` to `path`; forms other than xlsx hold exactly one table, parquet neither titles nor notes."""
    part = path.with_name(f".{path.name}.part")
    if form == "xlsx":
        _write_workbook(part, tables)
    elif form == "parquet":
        _write_parquet(part, tables[0])
    else:
        part.write_bytes(_delimited(tables[0]).encode(_ENCODINGS[form]))
    os.replace(part, path)


def _delimited(table: Table) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    empty = [""] * (len(table.header) - 1)
    writer.writerows([title, *empty] for title in table.titles)
    writer.writerow(table.header)
    writer.writerows([_text(cell) for cell in row] for row in table.rows)
    writer.writerows([note, *empty] for note in table.notes)
    return out.getvalue()


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:.2f}" if isinstance(cell, float) else "" if cell is None else str(cell)


def _write_parquet(path: Path, table: Table) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        header: [None if row[at] is None else _text(row[at]) for row in table.rows] for at, header in enumerate(table.header)
    }
    schema = pa.schema([(header, pa.string()) for header in table.header])
    pq.write_table(pa.table(columns, schema=schema), path, compression="zstd")


def _write_workbook(path: Path, tables: Sequence[Table]) -> None:
    import xlsxwriter

    workbook = xlsxwriter.Workbook(str(path), {"in_memory": True})
    workbook.set_properties({"created": _CREATED, "title": tables[0].titles[0] if tables[0].titles else ""})
    title_format = workbook.add_format({"bold": True, "align": "center", "valign": "vcenter"})
    header_format = workbook.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
    day_format = workbook.add_format({"num_format": "yyyy-mm-dd"})
    middle = workbook.add_format({"valign": "vcenter"})
    for table in tables:
        sheet = workbook.add_worksheet(table.sheet)
        last = len(table.header) - 1
        for at, title in enumerate(table.titles):
            sheet.merge_range(at, 0, at, last, title, title_format)
        sheet.write_row(table.header_row - 1, 0, table.header, header_format)
        sheet.set_column(0, last, 14)
        covered = _merge_groups(sheet, table, middle)
        for at, row in enumerate(table.rows, start=table.header_row):
            for column, cell in enumerate(row):
                if cell is None or (at, column) in covered:
                    continue
                if isinstance(cell, date):
                    sheet.write_datetime(at, column, datetime(cell.year, cell.month, cell.day), day_format)  # noqa: DTZ001
                elif isinstance(cell, str):
                    sheet.write_string(at, column, cell)
                else:
                    sheet.write_number(at, column, cell)
        for at, note in enumerate(table.notes, start=table.header_row + len(table.rows)):
            sheet.write_string(at, 0, note)
    workbook.close()


def _merge_groups(sheet: object, table: Table, style: object) -> set[tuple[int, int]]:
    """Merge runs of equal cells in the grouped columns; return the cells that a merged range already fills."""
    covered: set[tuple[int, int]] = set()
    for column in table.grouped:
        start = 0
        for at in range(1, len(table.rows) + 1):
            if at < len(table.rows) and table.rows[at][column] == table.rows[start][column]:
                continue
            if at - start > 1 and table.rows[start][column] is not None:
                first, last = table.header_row + start, table.header_row + at - 1
                sheet.merge_range(first, column, last, column, _text(table.rows[start][column]), style)  # type: ignore[attr-defined]
                covered.update((row, column) for row in range(first, last + 1))
            start = at
    return covered
