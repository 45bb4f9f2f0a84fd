"""Reading .xlsx: every cell as text, formula errors kept, merged cells filled, numbers that lost digits told from text."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import pyarrow as pa

from zhubao.language import Text

from .sheets import Sheet, not_readable

# A sheet of Excel's full height and 60 columns stays below this; what unpacks to more is no roster.
LARGEST_UNPACKED: Final = 8 * 1024**3
_CHUNK: Final = 4 * 1024**2
_RELATIONS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_workbook(path: Path) -> list[Sheet]:
    """Return the visible and hidden sheets of a workbook in their order, merged cells filled; empty sheets have no rows.

    Raises E-FILE-BROKEN for a file that is cut off or damaged, E-FILE-KIND for an archive that is no workbook, E-FILE-LARGE for one
    that unpacks beyond all measure.
    """
    import fastexcel

    try:
        _check_archive(path)
        reader = fastexcel.read_excel(path)
        return [filled(_sheet(reader, name), merged_ranges(path, name)) for name in reader.sheet_names]
    except (fastexcel.FastExcelError, zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError) as error:
        raise not_readable(
            path.name,
            "E-FILE-BROKEN",
            Text("表格文件不完整或已损坏", "the spreadsheet is cut off or damaged"),
            Text("请重新导出或重新下载这份文件", "export or download the file again"),
        ) from error


def _check_archive(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        if not any(name.startswith("xl/") or name == "content.xml" for name in archive.namelist()):
            raise not_readable(
                path.name,
                "E-FILE-KIND",
                Text("不是表格文件", "not a spreadsheet"),
                Text("解压后把其中的表格导入", "unpack it and hand in the spreadsheet inside"),
            )
        if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
            raise not_readable(
                path.name,
                "E-FILE-LARGE",
                Text("解压后的内容过大，不像名册", "unpacks to far more than a roster can hold"),
                Text("请按乡镇拆分后再导入", "split it by township"),
            )


def _sheet(reader: "object", name: str) -> Sheet:
    """Read one sheet; the reader drops empty columns at the left, so the first column is asked for."""
    loaded = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")  # type: ignore[attr-defined]
    if loaded.height == 0 or loaded.width == 0:
        return Sheet(name, pa.table({}))
    columns = loaded.available_columns()
    batch, errors = loaded.to_arrow_with_errors()
    table = pa.Table.from_batches([batch]).rename_columns([str(number) for number in range(batch.num_columns)])
    found = {}
    for error in errors.errors if errors else ():
        detail = re.search(r"Error\((\w+)\)", error.detail)
        if detail:
            found[error.position] = _ERROR_WORDS.get(detail[1], detail[1])
    return Sheet(name, table, first_column=columns[0].absolute_index, errors=found)


_ERROR_WORDS: Final = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


def _sheet_part(archive: zipfile.ZipFile, name: str) -> str | None:
    """Return the member of the archive that holds the sheet called `name`; None in a workbook of another make (.ods, .xlsb)."""
    if "xl/workbook.xml" not in archive.namelist():
        return None
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in workbook.iter():
        if element.tag.endswith("}sheet") and element.get("name") == name:
            target = targets.get(element.get(_RELATIONS), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


def _pieces(archive: zipfile.ZipFile, part: str, overlap: int = 4096) -> Iterator[bytes]:
    """Yield the text of a member piece by piece; each piece begins with the end of the one before."""
    with archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(_CHUNK):
            yield tail + chunk
            tail = chunk[-overlap:]


_MERGED: Final = re.compile(rb'mergeCell\b[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


def merged_ranges(path: Path, name: str) -> list[tuple[int, int, int, int]]:
    """Return the merged ranges of a sheet as 0-based (first row, first column, last row, last column), absolute."""
    if not zipfile.is_zipfile(path):
        return []
    with zipfile.ZipFile(path) as archive:
        part = _sheet_part(archive, name)
        if part is None or part not in archive.namelist():
            return []
        found = {match.groups() for piece in _pieces(archive, part) for match in _MERGED.finditer(piece)}
    return sorted(
        (int(first_row) - 1, _place(first_column), int(last_row) - 1, _place(last_column))
        for first_column, first_row, last_column, last_row in found
    )


_TEXT: Final = re.compile(rb'\bt="(?!n")')


def cells_holding_numbers(path: Path, name: str, addresses: Iterable[str]) -> set[str]:
    """Return those of `addresses` (like ``C412``) whose cell holds a number and not text."""
    wanted = {address.encode() for address in addresses}
    if not wanted or not zipfile.is_zipfile(path):
        return set()
    columns = b"|".join(sorted({re.sub(rb"\d", b"", address) for address in wanted}))
    cell = re.compile(rb'r="((?:' + columns + rb')\d+)"([^>]*)>')
    numbers = set()
    with zipfile.ZipFile(path) as archive:
        part = _sheet_part(archive, name)
        if part is None or part not in archive.namelist():
            return set()
        for piece in _pieces(archive, part):
            for found in cell.finditer(piece):
                if found[1] in wanted and not _TEXT.search(found[2]):
                    before = piece[piece.rfind(b"<", 0, found.start()) : found.start()]
                    if not _TEXT.search(before):
                        numbers.add(found[1].decode())
    return numbers


def _place(column: bytes) -> int:
    """Return the 0-based place of a column named by letters."""
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def filled(sheet: Sheet, ranges: Iterable[tuple[int, int, int, int]]) -> Sheet:
    """Return `sheet` with every merged range filled from its first cell: a merged township holds for all its rows."""
    height, width = sheet.cells.num_rows, sheet.cells.num_columns
    by_column: dict[int, dict[int, str]] = {}
    for first_row, left, last_row, right in ranges:
        first, last = left - sheet.first_column, right - sheet.first_column
        if first_row >= height or not 0 <= first < width:
            continue
        value = sheet.cells.column(first)[first_row].as_py()
        if value is None:
            continue
        for column in range(first, min(last, width - 1) + 1):
            for row in range(first_row, min(last_row, height - 1) + 1):
                by_column.setdefault(column, {})[row] = value
    cells = sheet.cells
    for column, values in by_column.items():
        texts = cells.column(column).to_pylist()
        for row, value in values.items():
            texts[row] = value
        cells = cells.set_column(column, str(column), pa.chunked_array([pa.array(texts, pa.string())]))
    return Sheet(sheet.name, cells, sheet.first_column, sheet.errors)
