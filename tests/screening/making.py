"""Making department files for the tests: numbers with true check characters, workbooks, text files."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import fastexcel
import xlsxwriter

from zhubao.identity import check_character


def number(born: str, *, area: str = "500243", order: str = "001") -> str:
    """Return the citizen number of somebody born on `born` (yyyymmdd)."""
    first = f"{area}{born}{order}"
    return first + check_character(first)


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], merged: Sequence[tuple[str, str]] = ()) -> Path:
    """Write sheets of rows; text stays text, numbers numbers. `merged` are (sheet, range), filled from their first cell."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, str) and cell.startswith("#"):
                        sheet.write_formula(at, column, "=NA()", None, cell)
                    elif isinstance(cell, date):
                        sheet.write_datetime(
                            at, column, datetime.combine(cell, time()), book.add_format({"num_format": "yyyy/m/d"})
                        )
                    elif cell is not None:
                        sheet.write(at, column, cell)
            for where, area in merged:
                if where == name:
                    first = area.partition(":")[0]
                    row, column = int("".join(filter(str.isdigit, first))) - 1, ord(first[0]) - ord("A")
                    sheet.merge_range(area, rows[row][column])
    return path


def text(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8") -> Path:
    """Write rows as a comma-separated file."""
    path.write_bytes("".join(",".join(row) + "\r\n" for row in rows).encode(encoding))
    return path


def sheet_rows(path: Path) -> list[tuple[str | None, ...]]:
    """Return the rows of the first sheet of a workbook, header included."""
    table = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_arrow()
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))
