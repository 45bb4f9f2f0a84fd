"""A table as a workbook: headings, one row a line, every text a text."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_table(name: str, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Answer with `rows` under `columns` (heading, width) as ``<name>.xlsx``; nothing in a cell is ever a formula."""
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for at, (heading, width) in enumerate(columns):
        sheet.write_string(0, at, heading, bold)
        sheet.set_column(at, at, width)
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            if isinstance(cell, date):
                sheet.write_datetime(line, at, datetime.combine(cell, time()), day)
            elif isinstance(cell, int):
                sheet.write_number(line, at, cell)
            else:
                sheet.write_string(line, at, str(cell))
    book.close()
    disposition = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return HttpResponse(stream.getvalue(), content_type=XLSX, headers={"Content-Disposition": disposition})
