"""Writing a file: the frame with batch, count and total, then the lines; as a workbook or as csv."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from . import layout as frame
from .layout import Column, Head, Layout, Value

Form = Literal["xlsx", "csv"]


def write(layout: Layout, head: Head, rows: Sequence[Any], form: Form = "xlsx") -> bytes:
    """Return the file of `rows`: xlsx, or csv in UTF-8 with its mark, which spreadsheets in China open as it is."""
    top = [
        [frame.FILE, layout.title.zh, frame.EDITION, frame.VERSION],
        [frame.BATCH, head.batch, frame.COUNT, str(len(rows)), frame.TOTAL, yuan_text(layout.total_of(rows))],
        [frame.SENDER, head.sender, frame.RECEIVER, head.receiver, frame.PURPOSE, head.purpose],
        [frame.NUMBER, *(column.title for column in layout.columns)],
    ]
    lines = [
        [str(number), *(cell_text(column, getattr(row, column.field)) for column in layout.columns)]
        for number, row in enumerate(rows, 1)
    ]
    end = [frame.END, str(len(rows))]
    return _csv([*top, *lines, end]) if form == "csv" else _xlsx(layout, top, lines, end)


def cell_text(column: Column, value: Value) -> str:
    """Return a value as it stands in a cell: fen as yuan with two decimals, parts per million as percent, a code as its word."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return f"{value:%Y-%m}" if column.kind == "month" else value.isoformat()
    if column.kind == "yuan":
        return yuan_text(int(value))
    if column.kind == "percent":
        return f"{(Decimal(value) / 10_000).normalize():f}%"
    if column.kind == "word":
        return next(word for word, code in column.words.items() if code == value)
    return str(value)


def yuan_text(fen: int) -> str:
    """Return an amount in yuan with two decimals, without separators: 840000 → 8400.00."""
    return f"{Decimal(fen) / 100:.2f}"


def _csv(lines: Sequence[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(lines)
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(layout: Layout, top: Sequence[Sequence[str]], lines: Sequence[Sequence[str]], end: Sequence[str]) -> bytes:
    """Write every cell as text but amounts and counts: a spreadsheet keeps only 15 digits of a number, citizen numbers have 18."""
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("数据")
    text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
    amount, count = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": "0"})
    for at, line in enumerate(top):
        for place, cell in enumerate(line):
            heading = at == len(top) - 1 or place % 2 == 0
            sheet.write_string(at, place, cell, bold if heading else text)
    kinds = ["count", *(column.kind for column in layout.columns)]
    for at, line in enumerate(lines, len(top)):
        for place, (cell, kind) in enumerate(zip(line, kinds, strict=True)):
            if cell and kind in ("yuan", "count"):
                sheet.write_number(at, place, Decimal(cell), amount if kind == "yuan" else count)
            elif cell:
                sheet.write_string(at, place, cell, text)
    for place, cell in enumerate(end):
        sheet.write_string(len(top) + len(lines), place, cell, bold)
    sheet.freeze_panes(len(top), 0)
    sheet.set_column(0, len(layout.columns), 18)
    book.close()
    return stream.getvalue()
