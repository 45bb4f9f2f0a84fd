"""Opening a file by what it holds, not by its name: workbook, text in any Chinese encoding, Parquet."""

import codecs
import csv
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Final

import pyarrow as pa

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .sheets import Sheet, not_readable, place
from .workbooks import read_workbook

_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_ROWS_AT_ONCE: Final = 50_000
# A quotation mark that is never closed swallows the rows below it; no cell of a roster has so many lines.
_MOST_LINES_IN_A_CELL: Final = 20
_LARGEST_AT_ONCE: Final = 512 * 1024**2
_MOST_COLUMNS: Final = 500


def open_sheets(path: Path) -> list[Sheet]:
    """Return the sheets of a file, each with its rows of text; the content decides what the file is.

    Raises E-FILE-MISSING, E-FILE-PASSWORD, E-FILE-BROKEN, E-FILE-HTML, E-FILE-KIND, E-FILE-CUT, E-FILE-EMPTY, E-CSV-QUOTE or
    E-FILE-LARGE.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(8192)
    except OSError as error:
        raise not_readable(
            path.name,
            "E-FILE-MISSING",
            Text("读不到这个文件", "the file cannot be read"),
            Text("检查路径和权限", "check the path and its permissions"),
        ) from error
    if not head:
        raise not_readable(path.name, "E-FILE-EMPTY", Text("文件是空的", "the file is empty"), _EXPORT_AGAIN)
    if head.startswith(_OLE):
        return _old_workbook(path)
    if head.startswith(b"PK\x03\x04"):
        return read_workbook(path)
    if head.startswith(b"PAR1"):
        return [_parquet(path)]
    return [_text(path, head)]


_EXPORT_AGAIN: Final = Text("请重新导出为 .xlsx 或 .csv", "export it again as .xlsx or .csv")


def _old_workbook(path: Path) -> list[Sheet]:
    """Read an old .xls; an encrypted .xlsx has the same signature and is told apart by its streams."""
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise not_readable(
            path.name,
            "E-FILE-PASSWORD",
            Text("文件设了打开密码", "the file is protected by a password"),
            Text("请去掉密码后另存", "save it without the password"),
        )
    return read_workbook(path)


def _parquet(path: Path) -> Sheet:
    """Read a Parquet file: its column names are the header, shown as row 1."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        texts = [
            pc.if_else(column, "是", "否") if pa.types.is_boolean(column.type) else pc.cast(column, pa.string())
            for column in table.columns
        ]
    except (pa.ArrowException, OSError) as error:
        raise not_readable(
            path.name,
            "E-FILE-BROKEN",
            Text(
                "Parquet 文件不完整或列不是文本、数字、日期",
                "the Parquet file is damaged or holds columns that are not plain values",
            ),
            _EXPORT_AGAIN,
        ) from error
    columns = [
        pa.chunked_array([pa.array([name], pa.string()), *text.chunks], pa.string())
        for name, text in zip(table.column_names, texts, strict=True)
    ]
    return Sheet("", pa.table(columns, names=[str(number) for number in range(len(columns))]) if columns else pa.table({}))


def encoding_of(path: Path) -> str:
    """Return the encoding of a text file: by its mark, else UTF-8 where every byte fits, else GB18030.

    Raise E-FILE-KIND where neither fits, E-FILE-CUT where the bytes are not what the mark says, as at the end of a file cut off.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    if head.startswith(codecs.BOM_UTF8):
        marked = "utf-8-sig"
    elif head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        marked = "utf-16"
    else:
        marked = ""
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        try:
            with path.open("rb") as stream:
                while chunk := stream.read(1 << 22):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    if marked:
        raise not_readable(
            path.name,
            "E-FILE-CUT",
            Text("文件不完整，或有不是文字的内容", "the file is cut off, or holds bytes that are no text"),
            Text("请重新导出后再上传", "export it again and hand it in once more"),
        )
    raise _not_a_roster(path)


def _not_a_roster(path: Path) -> ZhubaoError:
    return not_readable(
        path.name,
        "E-FILE-KIND",
        Text("不是表格文件", "not a spreadsheet"),
        Text("文件应为 .xlsx、.csv（UTF-8 或 GB18030）或 .parquet", "send .xlsx, .csv (UTF-8 or GB18030) or .parquet"),
    )


def _text(path: Path, head: bytes) -> Sheet:
    encoding = encoding_of(path)
    start = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")):
        raise not_readable(
            path.name,
            "E-FILE-HTML",
            Text("这是网页或 XML，只是用了表格的扩展名", "a web page or XML under a spreadsheet's name"),
            Text("请用 WPS 或 Excel 打开后另存为 .xlsx", "open it in a spreadsheet program and save it as .xlsx"),
        )
    if encoding != "utf-16" and b"\x00" in head:
        raise _not_a_roster(path)
    with path.open(encoding=encoding, newline="") as stream:
        sample = stream.read(1 << 16)
    delimiter = max(",\t;|", key=sample.count)
    even = _even_table(path, encoding, delimiter)
    return Sheet("", even if even is not None else _uneven_table(path, encoding, delimiter))


def _even_table(path: Path, encoding: str, delimiter: str) -> pa.Table | None:
    """Read a text file whose lines all have the same number of cells and no quotation mark: the quick way; None for any other."""
    import pyarrow.csv as pc

    if path.stat().st_size > _LARGEST_AT_ONCE:
        return None
    content = path.read_bytes()
    if encoding != "utf-8":
        content = content.decode(encoding).encode()
    if b'"' in content:
        return None
    try:
        table = pc.read_csv(
            pa.BufferReader(content),
            read_options=pc.ReadOptions(autogenerate_column_names=True),
            parse_options=pc.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
            convert_options=pc.ConvertOptions(
                check_utf8=False, column_types={f"f{at}": pa.string() for at in range(_MOST_COLUMNS)}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_columns > _MOST_COLUMNS:
        return None
    return table.rename_columns([str(at) for at in range(table.num_columns)])


def _uneven_table(path: Path, encoding: str, delimiter: str) -> pa.Table:
    chunks: list[pa.Table] = []
    width = 0
    for rows in _records(path, encoding, delimiter):
        width = max(width, *map(len, rows), 0)
        # Short rows are padded within their piece; the pieces are brought to one width at the end.
        columns = [pa.array(column, pa.string()) for column in zip_longest(*rows, fillvalue="")]
        chunks.append(pa.table(columns, names=[str(at) for at in range(len(columns))]))
    return pa.concat_tables(chunks, promote_options="default") if width else pa.table({})


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[list[list[str]]]:
    """Yield the records of a text file in pieces; a blank line is an empty record, so that rows keep their numbers."""
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter)
        rows: list[list[str]] = []
        before = 0
        try:
            for row in reader:
                rows.append(row)
                if reader.line_num - before > _MOST_LINES_IN_A_CELL and _swallowed(row):
                    raise csv.Error
                before = reader.line_num
                if len(rows) == _ROWS_AT_ONCE:
                    yield rows
                    rows = []
        except csv.Error as error:
            raise ZhubaoError(
                "E-CSV-QUOTE",
                Text("有引号没有闭合，后面的行被并成了一格", "a quotation mark is never closed: rows below it run into one cell"),
                place=place(path.name, "", f"A{before + 1}"),
                remedy=Text("检查从这一行起的英文双引号", "look for a double quotation mark from this line on"),
            ) from error
        yield rows


def _swallowed(row: list[str]) -> bool:
    return any(cell.count("\n") > _MOST_LINES_IN_A_CELL for cell in row)
