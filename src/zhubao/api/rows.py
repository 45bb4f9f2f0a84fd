"""Rows of an exchange as JSON: fen as whole numbers, days as 2026-03-10, codes instead of their Chinese words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.exchange.files.layout import Column, Layout
from zhubao.language import Text

NUMBERS = ("yuan", "count", "year", "percent")
DAYS = ("day", "month")


def row_from(layout: Layout, values: Mapping[str, Any], number: int) -> Any:
    """Return a row of a layout from its JSON object; raise E-LINE-CELL naming line and field for what cannot stand there."""
    known = {column.field for column in layout.columns}
    for name in values:
        if name not in known:
            raise _fault(number, name, Text("没有这一项", "there is no such field"))
    return layout.row(**{column.field: _value(column, values.get(column.field), number) for column in layout.columns})


def rows_from(layout: Layout, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return the rows of a message, the first fault raised as `row_from` does."""
    return [row_from(layout, values, number) for number, values in enumerate(rows, 1)]


def json_of(layout: Layout, row: Any) -> dict[str, Any]:
    """Return a row as the JSON object `row_from` reads."""
    values = {column.field: getattr(row, column.field) for column in layout.columns}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _value(column: Column, value: Any, number: int) -> Any:
    if column.kind in NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int):
            raise _fault(number, column.field, Text("应为整数（金额以分计）", "a whole number is wanted, amounts in fen"))
        return value
    if value in (None, ""):
        if column.required:
            raise _fault(number, column.field, Text("没有填", "is missing"))
        return None if column.kind in DAYS else ""
    if not isinstance(value, str):
        raise _fault(number, column.field, Text("应为文字", "text is wanted"))
    if column.kind in DAYS:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise _fault(number, column.field, Text("应为日期，如 2026-03-10", "a day is wanted, like 2026-03-10")) from None
    if column.kind == "word" and value not in column.words.values():
        listed = ", ".join(column.words.values())
        raise _fault(number, column.field, Text(f"应为其中之一：{listed}", f"one of these is wanted: {listed}"))
    return value


def _fault(number: int, name: str, problem: Text) -> ZhubaoError:
    return ZhubaoError("E-LINE-CELL", problem, place=f"rows[{number}].{name}")
