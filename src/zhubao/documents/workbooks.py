"""A printed list as a workbook: the same columns, typed cells, the same bytes for the same data."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from .lists import PrintedList
from .typesetting import data_digest
from .wording import chinese_date

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_HEADING_ROW = 3
FORMATS = {"text": "@", "code": "@", "count": "0", "yuan": "#,##0.00", "percent": "0.00##%", "day": "yyyy-mm-dd"}


def write_list(printed: PrintedList) -> bytes:
    """Return the list as xlsx: heading, scope, number and date, one row a line, totals, digest in the print footer.

    Citizen numbers, accounts and anything that begins like a formula are text; amounts are numbers in yuan with two decimals.
    """
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties(
        {"title": printed.title, "created": datetime.combine(printed.date, time(12), tzinfo=UTC).replace(tzinfo=None)}
    )
    sheet = book.add_worksheet("名单")
    columns = printed.columns()
    last = len(columns)
    edge = {"border": 1, "font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    heading = book.add_format({**edge, "bold": True, "align": "center", "text_wrap": True})
    place = book.add_format({**edge, "align": "center", "num_format": "0"})
    formats: list[Format] = [book.add_format({**edge, "num_format": FORMATS[column.kind]}) for column in columns]

    sheet.merge_range(0, 0, 0, last, printed.title, book.add_format({"align": "center", "font_size": 16, "font_name": "宋体"}))
    sheet.merge_range(1, 0, 1, last, printed.scope, book.add_format({"align": "center", "font_name": "宋体"}))
    sheet.write_string(2, 0, f"编号：{printed.number}　制表日期：{chinese_date(printed.date)}")
    sheet.write_string(_HEADING_ROW, 0, "序号", heading)
    sheet.set_column(0, 0, 6)
    for index, column in enumerate(columns, 1):
        sheet.write_string(_HEADING_ROW, index, column.title, heading)
        sheet.set_column(index, index, column.width * 1.4)

    line = _HEADING_ROW
    for line, row in enumerate(printed.cells(), _HEADING_ROW + 1):
        sheet.write_number(line, 0, line - _HEADING_ROW, place)
        for index, (cell, column) in enumerate(zip(row, columns, strict=True), 1):
            form = formats[index - 1]
            if cell is None or cell == "":
                sheet.write_blank(line, index, None, form)
            elif isinstance(cell, str):
                sheet.write_string(line, index, cell, form)
            elif isinstance(cell, date):
                sheet.write_datetime(line, index, datetime.combine(cell, time()), form)
            else:
                sheet.write_number(line, index, number_of(cell, column.kind), form)

    sums = printed.totals_fen()
    if sums:
        sheet.write_string(line + 1, 0, "合计", heading)
        for index in range(1, last + 1):
            if index - 1 in sums:
                sheet.write_number(line + 1, index, number_of(sums[index - 1], "yuan"), formats[index - 1])
            else:
                sheet.write_blank(line + 1, index, None, heading)

    sheet.freeze_panes(_HEADING_ROW + 1, 0)
    sheet.repeat_rows(_HEADING_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{printed.kind}　版式 {printed.version}&C数据校验 {data_digest(printed)[:16]}&R第 &P 页　共 &N 页")
    book.close()
    return stream.getvalue()


def number_of(value: int, kind: str) -> Decimal:
    """Return fen as yuan and parts per million as a share, exactly; counts as they are."""
    return Decimal(value).scaleb({"yuan": -2, "percent": -6}.get(kind, 0))
