"""Reading a long file column by column: seconds for half a million lines where line by line takes minutes.

Only a faultless file is read this way; the least fault leaves it to `reading.read`, which names every one in its place.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from zhubao.errors import ZhubaoError
from zhubao.identity.number import is_valid
from zhubao.screening import cells
from zhubao.screening.sheets import Sheet
from zhubao.screening.sources import open_sheets

from . import layout as frame
from .layout import Column, Layout
from .reading import Beginning, Reading, beginning, read

_LAST_ROWS = 5
_YUAN = r"^(?P<whole>[0-9]{1,12})(?:\.(?P<part>[0-9]{1,2}))?$"
_PERCENT = r"^(?P<whole>[0-9]{1,2})(?:\.(?P<part>[0-9]{1,4}))?%$"
Values = Sequence[Any]


class _Faulty(Exception):  # noqa: N818 - goes no further than this module
    """Something here wants to be looked at line by line."""


def read_columns(layout: Layout, path: Path, *, name: str, today: date) -> Reading:
    """Read a file as `reading.read` does, with its values in `columns`; one with faults has those that `read` finds, and no columns."""
    try:
        return _read(layout, path, name, today)
    except (_Faulty, ZhubaoError, pa.ArrowException):
        line_by_line = read(layout, path, name=name, today=today)
    if line_by_line.faults:
        return line_by_line
    fields = [column.field for column in layout.columns]
    columns = {field: [getattr(row, field) for row in line_by_line.rows] for field in fields}
    return Reading(line_by_line.head, (), line_by_line.total_fen, (), columns)


def _read(layout: Layout, path: Path, name: str, today: date) -> Reading:
    sheet = next((each for each in open_sheets(path) if each.cells.num_rows), None)
    begins = beginning(layout, sheet, name=name, today=today) if sheet is not None else None
    if sheet is None or begins is None:
        raise _Faulty
    count = _count(sheet, begins)
    body = sheet.cells.slice(begins.header + 1, count)
    numbers = pc.cast(body.column(0), pa.int64())
    if not pc.all(pc.equal(numbers, pa.array(range(1, count + 1), pa.int64()))).as_py():
        raise _Faulty
    columns: dict[str, Values] = {}
    for column in layout.columns:
        at = next((at for at, each in begins.columns.items() if each is column), None)
        columns[column.field] = _empty(column, count) if at is None else _values(column, body.column(at), today)
    total = _total(layout, columns)
    if begins.count.removesuffix(".0") != str(count) or _stated(begins.total) != total:
        raise _Faulty
    keys = list(zip(*(columns[field] for field in layout.key), strict=True))
    if len(set(keys)) != count:
        raise _Faulty
    return Reading(begins.head, (), total, (), columns)


def _count(sheet: Sheet, begins: Beginning) -> int:
    """Return how many lines stand between the header and the mark of the end."""
    rows = sheet.cells.num_rows
    start = max(begins.header + 1, rows - _LAST_ROWS)
    for at, line in enumerate(sheet.rows(start, rows), start):
        if cells.plain(line[0] or "") == frame.END:
            count = at - begins.header - 1
            if count < 1 or cells.plain(line[1] or "").removesuffix(".0") != str(count):
                raise _Faulty
            return count
    raise _Faulty


def _values(column: Column, found: Any, today: date) -> Values:
    """Return the values of one column."""
    text = pc.utf8_trim_whitespace(pc.fill_null(found, ""))
    if column.required and pc.any(pc.equal(text, "")).as_py():
        raise _Faulty
    if pc.max(pc.utf8_length(text)).as_py() > column.longest:
        raise _Faulty
    if column.kind in ("text", "name"):
        return _listed(text)
    if not column.required:
        raise _Faulty
    if column.kind == "yuan":
        return _decimal(text, _YUAN, 2)
    if column.kind == "percent":
        return _decimal(text, _PERCENT, 4)
    if column.kind in ("count", "year"):
        if not pc.all(pc.match_substring_regex(text, r"^[0-9]{1,8}$")).as_py():
            raise _Faulty
        whole = pc.cast(text, pa.int64())
        if column.kind == "year" and not 1990 <= pc.min(whole).as_py() <= pc.max(whole).as_py() <= 2199:
            raise _Faulty
        return _listed(whole)
    if column.kind == "day":
        if not pc.all(pc.match_substring_regex(text, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).as_py():
            raise _Faulty
        return _listed(pc.cast(text, pa.date32()))
    if column.kind == "word":
        at = pc.index_in(text, value_set=pa.array(list(column.words)))
        if at.null_count:
            raise _Faulty
        codes = list(column.words.values())
        return [codes[each] for each in at.to_pylist()]
    numbers = _listed(text)
    day = f"{today:%Y%m%d}"
    if not all(is_valid(number, day) for number in numbers):
        raise _Faulty
    return numbers


def _decimal(text: Any, shape: str, places: int) -> Values:
    """Return decimal numbers as whole ones of the last place: yuan as fen, percent as parts per million."""
    found = pc.extract_regex(text, shape)
    if found.null_count:
        raise _Faulty
    whole, part = (pc.struct_field(found, name) for name in ("whole", "part"))
    units = pc.multiply(pc.cast(whole, pa.int64()), 10**places)
    rest = pc.cast(pc.utf8_rpad(pc.fill_null(part, ""), places, "0"), pa.int64())
    return _listed(pc.add(units, rest))


def _listed(array: Any) -> Values:
    values: Values = array.to_pylist()
    return values


def _empty(column: Column, count: int) -> Values:
    if column.required or column.kind not in ("text", "name"):
        raise _Faulty
    return [""] * count


def _total(layout: Layout, columns: Mapping[str, Values]) -> int:
    name, value = layout.minus
    amounts = columns[layout.amount]
    if not name:
        return sum(amounts)
    return sum(-fen if kind == value else fen for fen, kind in zip(amounts, columns[name], strict=True))


def _stated(text: str) -> int | None:
    try:
        return cells.read_yuan(text)
    except cells.UnreadableError:
        return None
