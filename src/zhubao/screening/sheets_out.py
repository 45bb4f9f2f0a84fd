"""Writing .xlsx: bold header that stays in view, every cell as text, the same bytes for the same rows, more sheets when one is full."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

ROWS_IN_A_SHEET: Final = 1_048_575
# The quick writer has no column widths; lists that somebody reads line by line get them.
_READ_BY_PEOPLE: Final = 20_000
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's dates have no zone
_CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<dcterms:created xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2000-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>'
)


def write_sheet(path: Path, title: str, headers: Sequence[str], rows: Iterable[Sequence[str | None]], count: int) -> None:
    """Write `count` rows of text under `headers`; beyond the height of a sheet they go on in a second one, under the same headers."""
    if count <= _READ_BY_PEOPLE:
        _write_small(path, title, headers, list(rows))
    else:
        _write_large(path, title, headers, iter(rows), count)


def _write_small(path: Path, title: str, headers: Sequence[str], rows: list[Sequence[str | None]]) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False}) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, headers, book.add_format({"bold": True}))
        for column, header in enumerate(headers):
            longest = max((_width(row[column] or "") for row in rows[:500]), default=0)
            sheet.set_column(column, column, min(60, max(_width(header), longest) + 2))
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(number, column, cell)


def _width(text: str) -> int:
    """Return how many columns of type a text takes: a Chinese character is two."""
    return sum(2 if ord(each) > 0x2E7F else 1 for each in text)


def _write_large(path: Path, title: str, headers: Sequence[str], rows: Iterator[Sequence[str | None]], count: int) -> None:
    from rustpy_xlsxwriter import FastExcel

    book = FastExcel(str(path)).format(bold_headers=True).freeze(row=1)
    # Rows are taken when the book is saved, sheet after sheet, so all sheets may share one stream.
    for number in range(1, -(-count // ROWS_IN_A_SHEET) + 1):
        book = book.sheet(title if number == 1 else f"{title}{number}", _records(headers, islice(rows, ROWS_IN_A_SHEET)))
    book.save()
    _without_the_hour(path)


def _records(headers: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield dict(zip(headers, row, strict=True))


def _without_the_hour(path: Path) -> None:
    """Replace the properties, which hold the hour of writing, by fixed ones: the same rows give the same bytes."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        core = archive.getinfo("docProps/core.xml")
        after = [entry for entry in archive.infolist() if entry.header_offset >= core.header_offset]
        contents = [(entry.filename, archive.read(entry)) for entry in after]
        for entry in after:
            archive.filelist.remove(entry)
            del archive.NameToInfo[entry.filename]
        archive.start_dir = core.header_offset
        for name, content in contents:
            archive.writestr(zipfile.ZipInfo(name), _CORE if name == "docProps/core.xml" else content, zipfile.ZIP_DEFLATED)
        archive.fp.truncate()  # type: ignore[union-attr]
