"""A bulletin of several tables: measures, what is overdue, figures against their targets; on paper and as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import ClassVar, NamedTuple

from .lists import Kind, worded
from .typesetting import Printable, PrintedForm, data_digest
from .wording import chinese_date
from .workbooks import FORMATS, number_of


class Figure(NamedTuple):
    """A number in a cell: fen for "yuan", parts per million for "percent", else as it is."""

    value: int
    kind: Kind


BulletinCell = str | date | Figure | None


class BulletinColumn(NamedTuple):
    """A column: heading, relative width (a Chinese character is about one), whether it stands right."""

    title: str
    width: int
    amount: bool = False


@dataclass(frozen=True)
class BulletinTable:
    """One table with its heading; `nothing` is said instead where there are no rows."""

    title: str
    columns: tuple[BulletinColumn, ...]
    rows: tuple[tuple[BulletinCell, ...], ...]
    nothing: str = ""


@dataclass(frozen=True, kw_only=True)
class PrintedBulletin(PrintedForm):
    """The bulletin of a county, document and quarter, its tables in order; `opening` says in a few sentences how things stand."""

    template: ClassVar[str] = "bulletin.typ"
    kind: ClassVar[str] = "措施进展通报"
    version: ClassVar[str] = "1"

    title: str
    below: str
    office: str
    opening: tuple[str, ...]
    tables: tuple[BulletinTable, ...]

    def content(self) -> dict[str, Printable]:
        """Return headings, sentences and worded cells."""
        return {
            "title": self.title,
            "below": self.below,
            "office": self.office,
            "opening": list(self.opening),
            "tables": [
                {
                    "title": table.title,
                    "columns": [
                        {"title": column.title, "width": column.width, "amount": column.amount} for column in table.columns
                    ],
                    "rows": [[cell_words(cell) for cell in row] for row in table.rows],
                    "nothing": table.nothing,
                }
                for table in self.tables
            ],
        }


def cell_words(cell: BulletinCell) -> str:
    """Return a cell as printed."""
    if isinstance(cell, Figure):
        return worded(cell.value, cell.kind)
    if isinstance(cell, date):
        return cell.isoformat()
    return cell or ""


def write_bulletin(bulletin: PrintedBulletin) -> bytes:
    """Return the bulletin as xlsx, one sheet a table; numbers are numbers, text never becomes a formula. The same bytes each time."""
    import xlsxwriter

    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = datetime.combine(bulletin.date, time(12), tzinfo=UTC).replace(tzinfo=None)
    book.set_properties({"title": bulletin.title, "created": created})
    edge = {"border": 1, "font_name": "宋体", "font_size": 10, "valign": "vcenter", "text_wrap": True}
    heading = book.add_format({**edge, "bold": True, "align": "center"})
    text = book.add_format(edge)
    numbers = {kind: book.add_format({**edge, "num_format": form}) for kind, form in FORMATS.items()}
    large = book.add_format({"font_size": 14, "font_name": "宋体"})
    for table in bulletin.tables:
        sheet = book.add_worksheet(table.title[:31])
        sheet.write_string(0, 0, bulletin.title, large)
        sheet.write_string(1, 0, f"{bulletin.below}　编号：{bulletin.number}　{chinese_date(bulletin.date)}")
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, column.width * 1.6)
            sheet.write_string(3, at, column.title, heading)
        for line, row in enumerate(table.rows, 4):
            for at, cell in enumerate(row):
                if isinstance(cell, Figure):
                    sheet.write_number(line, at, number_of(cell.value, cell.kind), numbers[cell.kind])
                elif isinstance(cell, date):
                    sheet.write_datetime(line, at, datetime.combine(cell, time()), numbers["day"])
                else:
                    sheet.write_string(line, at, cell or "", text)
        sheet.freeze_panes(4, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{bulletin.kind}&C数据校验 {data_digest(bulletin)[:16]}&R第 &P 页　共 &N 页")
    book.close()
    return stream.getvalue()


def counted(states: Sequence[tuple[str, int]]) -> str:
    """Return counts in a sentence: ``进行中 9 项，报告超期 2 项``; those of nought are left out."""
    return "，".join(f"{words} {number} 项" for words, number in states if number)
