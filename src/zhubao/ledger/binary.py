"""Rows in PostgreSQL's binary COPY format, made of columns and read into columns: no single value passes through Python.

Cells are matrices of bytes, one row a row of the table or one row for all of them, each with the length that the format puts before
a value.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

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
BIGINT = 20
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


def text(value: str) -> Cells:
    """Return the cell of a text that is the same in every row."""
    return _sized(np.frombuffer(value.encode(), np.uint8).reshape(1, -1))


def texts(values: Texts, length: int) -> Cells:
    """Return the cells of a text column in which every value has `length` bytes."""
    return _sized(np.ascontiguousarray(values).view(np.uint8).reshape(len(values), -1)[:, :length])


def moment(value: datetime) -> Cells:
    """Return the cell of a moment that is the same in every row."""
    return big(np.array([(value - FIRST_MOMENT) // timedelta(microseconds=1)]))


def nothing() -> Cells:
    """Return the cell of NULL in every row."""
    return np.full((1, 4), 255, np.uint8)


def bigs(values: Numbers) -> Cells:
    """Return the cells of a column of bigint arrays from a matrix with one column a row of the table."""
    length, count = values.shape
    head = np.array([1, 0, BIGINT, length, 1], ">i4").view(np.uint8)
    parts = np.empty((count, length, 12), np.uint8)
    parts[:, :, :4] = (0, 0, 0, 8)
    parts[:, :, 4:] = np.ascontiguousarray(values.T).astype(">i8").view(np.uint8).reshape(count, length, 8)
    return _sized(np.hstack([np.broadcast_to(head, (count, ARRAY_HEAD)), parts.reshape(count, -1)]))


def rows(count: int, columns: Sequence[Cells]) -> bytes:
    """Return `count` rows of these columns."""
    out = np.empty((count, 2 + sum(column.shape[1] for column in columns)), np.uint8)
    out[:, :2] = (0, len(columns))
    at = 2
    for column in columns:
        out[:, at : at + column.shape[1]] = column
        at += column.shape[1]
    return out.tobytes()


def copy_in(cursor: CursorWrapper, table: str, names: Sequence[str], parts: Sequence[bytes]) -> None:
    """Add rows to a table; `names` are its columns in the order of the cells."""
    quoted = ", ".join(f'"{name}"' for name in names)
    with cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN (FORMAT BINARY)') as copy:
        copy.write(HEAD)
        for part in parts:
            copy.write(part)
        copy.write(TAIL)


def copy_out(
    cursor: CursorWrapper, query: str, types: Sequence[tuple[str, str]], parameters: Sequence[object] = ()
) -> npt.NDArray[np.void]:
    """Return the rows of a query as a structured array; no value may be NULL.

    `types`: name and type of each column of the query: ``big``, ``whole``, ``day`` (2000-01-01 is 0), ``flag``, ``text40`` for a text
    of exactly 40 bytes, ``bigs6`` for an array of six bigint.
    """
    row = np.dtype([("", ">i2"), *(piece for name, kind in types for piece in _pieces(name, kind))])
    with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT BINARY)", parameters) as copy:
        data = b"".join(copy)
    return np.frombuffer(data, row, offset=len(HEAD), count=(len(data) - len(HEAD) - len(TAIL)) // row.itemsize)


def ints(column: npt.NDArray[np.void]) -> Numbers:
    """Return a whole-number column of `copy_out` in the machine's own order."""
    return column.astype(np.int64)


def ordinals(column: npt.NDArray[np.void]) -> Numbers:
    """Return a date column of `copy_out` as ordinals."""
    return column.astype(np.int64) + FIRST_DAY


def matrix(column: npt.NDArray[np.void]) -> Numbers:
    """Return a column of arrays of `copy_out` as a matrix with one column a row."""
    return np.ascontiguousarray(column["value"].astype(np.int64).T)


def _pieces(name: str, kind: str) -> list[tuple[object, ...]]:
    word = kind.rstrip("0123456789")
    length = int(kind[len(word) :] or 0)
    if word == "bigs":
        return [(f"{name} head", f"V{4 + ARRAY_HEAD}"), (name, [("size", ">i4"), ("value", ">i8")], (length,))]
    types = {"big": ">i8", "whole": ">i4", "day": ">i4", "flag": "?", "text": f"S{length}"}
    return [(f"{name} size", ">i4"), (name, types[word])]


def _sized(values: Cells) -> Cells:
    size = np.array([values.shape[1]], ">i4").view(np.uint8)
    return np.hstack([np.broadcast_to(size, (len(values), 4)), values])
