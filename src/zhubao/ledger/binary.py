"""Rows in PostgreSQL's binary COPY format, made of columns and read into columns: no single value passes through Python.

Cells are matrices of bytes, one row a row of the table or one row for all of them, each with the length that the format puts before
a value.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.backends.utils import CursorWrapper

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.bytes_]
Cells = npt.NDArray[np.uint8]

HEAD, TAIL = b"PGCOPY\n\xff\r\n\x00" + bytes(8), b"\xff\xff"
FIRST_DAY = date(2000, 1, 1).toordinal()
FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
ARRAY_HEAD = 20


def big(values: Numbers) -> Cells:
    """Return the cells of a bigint column."""
    return _sized(values.astype(">i8").view(np.uint8).reshape(-1, 8))


def whole(values: Numbers) -> Cells:
    """Return the cells of an integer column."""
    return _sized(values.astype(">i4").view(np.uint8).reshape(-1, 4))


def day(ordinals: Numbers) -> Cells:
    """Return the cells of a date column."""
    return whole(ordinals - FIRST_DAY)


def flag(values: Flags) -> Cells:
    """Return the cells of a boolean column."""
    return _sized(values.astype(np.uint8).reshape(-1, 1))


@lru_cache(maxsize=1024)
def text(value: str) -> Cells:
    """Return the cell of a text that is the same in every row; it is not to be written to."""
    cell = _sized(np.frombuffer(value.encode(), np.uint8).reshape(1, -1))
    cell.flags.writeable = False
    return cell


def texts(values: Texts, length: int) -> Cells:
    """Return the cells of a text column in which every value has `length` bytes."""
    return _sized(np.ascontiguousarray(values).view(np.uint8).reshape(len(values), -1)[:, :length])


def moment(value: datetime) -> Cells:
    """Return the cell of a moment that is the same in every row."""
    return big(np.array([(value - FIRST_MOMENT) // timedelta(microseconds=1)]))


def nothing() -> Cells:
    """Return the cell of NULL in every row."""
    return np.full((1, 4), 255, np.uint8)


def rows(count: int, columns: Sequence[Cells]) -> bytes:
    """Return `count` rows of these columns."""
    return matrix_of(count, columns).tobytes()


def matrix_of(count: int, columns: Sequence[Cells]) -> Cells:
    """Return `count` rows of these columns as a matrix of bytes, a row each."""
    if not count:
        return np.empty((0, 0), np.uint8)
    # What is the same in every row is laid down at once, the rest over it.
    first = np.concatenate([np.array([0, len(columns)], np.uint8), *(column[0] for column in columns)])
    out = np.empty((count, len(first)), np.uint8)
    out[:] = first
    at = 2
    for column in columns:
        if len(column) > 1:
            out[:, at : at + column.shape[1]] = column
        at += column.shape[1]
    return out


def keys(values: Numbers) -> str:
    """Return whole numbers as the text of an array parameter: one text is sent sooner than each number as a parameter of its own."""
    return "{" + ",".join(map(str, values.tolist())) + "}"


def words(values: Texts) -> str:
    """Return ASCII texts as the text of an array parameter."""
    quoted = b"\n".join(values.tolist()).decode("ascii").replace("\\", "\\\\").replace('"', '\\"').replace("\n", '","')
    return f'{{"{quoted}"}}' if len(values) else "{}"


def copy_in(cursor: CursorWrapper, table: str, names: Sequence[str], parts: Iterable[bytes]) -> None:
    """Add rows to a table; `names` are its columns in the order of the cells."""
    quoted = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN (FORMAT BINARY)') as copy:
        copy.write(HEAD)
        for part in parts:
            copy.write(part)
        copy.write(TAIL)


def copy_out(
    cursor: CursorWrapper,
    query: str,
    types: Sequence[tuple[str, str]],
    parameters: Sequence[object] | Mapping[str, object] = (),
    *,
    first: str = "",
) -> dict[str, npt.NDArray[Any]]:
    """Return the columns of a query by name, in the order of its rows; no value may be NULL. `first`: WITH, and what it does first.

    `types`: name and type of each column of the query: ``big``, ``whole``, ``day`` (2000-01-01 is 0), ``flag``, ``text40`` for a text
    of exactly 40 bytes, ``bytes`` for a bytea of one size, whose values come as one column of bytes. The transaction must not allow
    parallel plans, which mix the rows.
    """
    words = [f"c{number}" for number in range(len(types))]
    # One row of arrays: a message for each row would cost more than its values.
    arrays = ", ".join(
        f"string_agg({word}, '')" if kind == "bytes" else f"array_agg({word})"
        for word, (_name, kind) in zip(words, types, strict=True)
    )
    statement = f"COPY ({first} SELECT {arrays} FROM ({query}) AS each({', '.join(words)})) TO STDOUT (FORMAT BINARY)"
    with cursor.copy(statement, parameters) as copy:
        data = b"".join(copy)
    found, at = {}, len(HEAD) + 2
    for name, kind in types:
        size = int.from_bytes(data[at : at + 4], "big", signed=True)
        if kind == "bytes":
            found[name] = np.frombuffer(data, np.uint8, offset=at + 4 if size > 0 else 0, count=max(size, 0))
        else:
            found[name] = _array(data, at + 4, size, kind)
        at += 4 + max(size, 0)
    return found


def ints(column: npt.NDArray[Any]) -> Numbers:
    """Return a whole-number column of `copy_out` in the machine's own order."""
    return column.astype(np.int64)


def flags(column: npt.NDArray[Any]) -> Flags:
    """Return a boolean column of `copy_out` that may be written to."""
    return column.astype(np.bool_)


def ordinals(column: npt.NDArray[Any]) -> Numbers:
    """Return a date column of `copy_out` as ordinals."""
    return column.astype(np.int64) + FIRST_DAY


def _array(data: bytes, at: int, size: int, kind: str) -> npt.NDArray[Any]:
    """Return the values of an array of `size` bytes that stands in binary data; −1 is NULL, what no rows come to."""
    word = kind.rstrip("0123456789")
    length = int(kind[len(word) :] or 0)
    types = {"big": ">i8", "whole": ">i4", "day": ">i4", "flag": "?", "text": f"S{length}"}
    cell = np.dtype([("size", ">i4"), ("value", types[word])])
    count = (size - ARRAY_HEAD) // cell.itemsize if size >= 0 else 0
    return np.frombuffer(data, cell, offset=at + ARRAY_HEAD if count else 0, count=count)["value"]


def _sized(values: Cells) -> Cells:
    cells = np.empty((len(values), 4 + values.shape[1]), np.uint8)
    cells[:, :4] = np.array([values.shape[1]], ">i4").view(np.uint8)
    cells[:, 4:] = values
    return cells
