"""Reading a file: every fault is found and placed at its row and cell, so that the sender puts it right in one go.

A file with one fault is refused whole: count and total are agreed between two offices, and half a batch agrees with neither.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.identity.number import Finding, read_number
from zhubao.language import Text
from zhubao.screening import cells
from zhubao.screening.sheets import Sheet, place
from zhubao.screening.sources import open_sheets

from . import layout as frame
from .layout import Column, Head, Layout, Value
from .writing import yuan_text

BATCH_SHAPE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")
_TOP_ROWS = 10
_WRITE_AGAIN = Text("请按约定格式重新导出", "export it again in the agreed form")
Line = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: its head, its rows in order, and everything that is wrong with it.

    A file read column by column has `columns`, the values of each field in the order of the lines, instead of rows.
    """

    head: Head = field(default_factory=lambda: Head("", "", "", ""))
    rows: tuple[Any, ...] = ()
    total_fen: int = 0
    faults: tuple[ZhubaoError, ...] = ()
    columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(next(iter(self.columns.values()))) if self.columns else len(self.rows)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What stands above the lines of a faultless file: its head, the row of the header, which column stands where, the stated sums."""

    head: Head
    header: int
    columns: Mapping[int, Column]
    count: str
    total: str


def beginning(layout: Layout, sheet: Sheet, *, name: str, today: date) -> Beginning | None:
    """Return what stands above the lines of a sheet; None when anything there is faulty."""
    top = Sheet(sheet.name, sheet.cells.slice(0, _TOP_ROWS), sheet.first_column)
    return _File(layout, top, name, today).beginning()


def read(layout: Layout, path: Path, *, name: str, today: date) -> Reading:
    """Read a workbook, or csv in UTF-8 or GB18030; faults are in the result, never raised. `name` is the file's name in messages.

    Faults: those of `screening.sources.open_sheets`; E-EXCHANGE-HEADER (a column unknown, missing or twice), E-EXCHANGE-FILE (another
    kind or edition), E-EXCHANGE-BATCH, E-EXCHANGE-COUNT, E-EXCHANGE-TOTAL, E-EXCHANGE-CUT (the end is missing), E-LINE-NUMBER,
    E-LINE-CUT, E-LINE-CELL, E-LINE-TWICE, and the codes of citizen numbers.
    """
    try:
        sheet = next((each for each in open_sheets(path) if each.cells.num_rows), None)
    except ZhubaoError as fault:
        renamed = ZhubaoError(fault.code, fault.problem, place=fault.place.replace(path.name, name), remedy=fault.remedy)
        return Reading(faults=(renamed,))
    if sheet is None:
        return Reading(
            faults=(ZhubaoError("E-FILE-EMPTY", Text("文件是空的", "the file is empty"), place=name, remedy=_WRITE_AGAIN),)
        )
    return _File(layout, sheet, name, today).reading()


class _File:
    """One sheet as it is read."""

    def __init__(self, layout: Layout, sheet: Sheet, name: str, today: date) -> None:
        self.layout, self.sheet, self.name, self.today = layout, sheet, name, today
        self.lines = sheet.rows(0, sheet.cells.num_rows)
        self.faults: list[ZhubaoError] = []

    def reading(self) -> Reading:
        header = next((at for at, line in enumerate(self.lines[:_TOP_ROWS]) if _plain(line, 0) == frame.NUMBER), None)
        if header is None:
            problem = Text(f"没有表头行（首列“{frame.NUMBER}”）", f"there is no header row (its first cell is {frame.NUMBER})")
            return Reading(faults=(self._fault("E-EXCHANGE-HEADER", problem, 0, 0, _WRITE_AGAIN),))
        said = self._said(header)
        head = _head(said)
        self._check_file(said)
        columns = self._columns(header)
        if columns is None:
            return Reading(head, faults=tuple(self.faults))
        body, end = self._body(header)
        rows = list(self._rows(body, columns))
        total = self.layout.total_of([row for row in rows if row is not None])
        if None not in rows:
            self._check_sums(said, len(rows), total, end)
        return Reading(head, tuple(row for row in rows if row is not None), total, tuple(self.faults))

    def beginning(self) -> Beginning | None:
        header = next((at for at, line in enumerate(self.lines) if _plain(line, 0) == frame.NUMBER), None)
        if header is None:
            return None
        said = self._said(header)
        self._check_file(said)
        columns = self._columns(header)
        if columns is None or self.faults:
            return None
        count, total = (said.get(_narrow(label), ("", 0, 0))[0] for label in (frame.COUNT, frame.TOTAL))
        return Beginning(_head(said), header, columns, count, total)

    def _said(self, header: int) -> dict[str, tuple[str, int, int]]:
        """Return what stands beside each label above the header, with its place."""
        return {
            _plain(line, at): ((line[at + 1] or "").strip(), row, at + 1)
            for row, line in enumerate(self.lines[:header])
            for at in range(0, len(line) - 1, 2)
            if _plain(line, at)
        }

    def _check_file(self, said: dict[str, tuple[str, int, int]]) -> None:
        title, row, at = said.get(frame.FILE, ("", 0, 0))
        if title != self.layout.title.zh:
            problem = Text(
                f"文件应为“{self.layout.title.zh}”，现为“{title}”", f"expected the file {self.layout.title.en}, not {title!r}"
            )
            self._add("E-EXCHANGE-FILE", problem, row, at, Text("核对上传的文件种类", "check which file was handed in"))
        edition, row, at = said.get(frame.EDITION, ("", 0, 0))
        if edition.removesuffix(".0") != frame.VERSION:
            problem = Text(f"版本应为 {frame.VERSION}，现为“{edition}”", f"expected edition {frame.VERSION}, not {edition!r}")
            self._add("E-EXCHANGE-FILE", problem, row, at, _WRITE_AGAIN)
        batch, row, at = said.get(frame.BATCH, ("", 0, 0))
        if not BATCH_SHAPE.fullmatch(batch):
            problem = Text(
                f"批次号“{batch}”应为 1 到 40 位字母、数字或 - . _", f"batch {batch!r} has not 1 to 40 letters, digits or - . _"
            )
            self._add("E-EXCHANGE-BATCH", problem, row, at, Text("填写批次号", "give the batch its number"))

    def _columns(self, header: int) -> dict[int, Column] | None:
        """Return the column at each place; None after faults."""
        known = {_narrow(column.title): column for column in self.layout.columns}
        found: dict[int, Column] = {}
        for at in range(1, len(self.lines[header])):
            title = _plain(self.lines[header], at)
            if not title:
                continue
            if title not in known or known[title] in found.values():
                zh, en = ("重复的列", "a column twice") if title in known else ("不认识的列", "an unknown column")
                remedy = Text("删去或改为：" + "、".join(known), "drop it or use one of: " + ", ".join(known))
                self._add("E-EXCHANGE-HEADER", Text(f"{zh}“{title}”", f"{en}: {title}"), header, at, remedy)
            else:
                found[at] = known[title]
        for column in self.layout.columns:
            if column.required and column not in found.values():
                problem = Text(f"缺少列“{column.title}”", f"the column {column.title} is missing")
                self._add("E-EXCHANGE-HEADER", problem, header, 0, _WRITE_AGAIN)
        return None if any(fault.code == "E-EXCHANGE-HEADER" for fault in self.faults) else found

    def _body(self, header: int) -> tuple[list[tuple[int, Line]], str | None]:
        """Return the lines with their rows, and what stands beside the mark of the end (None without one)."""
        body: list[tuple[int, Line]] = []
        for row, line in enumerate(self.lines[header + 1 :], header + 1):
            if _plain(line, 0) == frame.END:
                return body, _plain(line, 1)
            if any(cell and cell.strip() for cell in line):
                body.append((row, line))
        return body, None

    def _rows(self, body: Sequence[tuple[int, Line]], columns: dict[int, Column]) -> Iterator[Any]:
        """Yield the row of each line, None for a faulty one."""
        seen: dict[str, int] = {}
        for number, (row, line) in enumerate(body, 1):
            before = len(self.faults)
            if _plain(line, 0).removesuffix(".0") != str(number):
                problem = Text(
                    f"序号应为 {number}，现为“{_plain(line, 0)}”", f"line number should be {number}, not {_plain(line, 0)!r}"
                )
                self._add("E-LINE-NUMBER", problem, row, 0, Text("核对是否漏行、多行", "look for a line too few or too many"))
            values = self._values(row, line, columns)
            if len(self.faults) > before:
                yield None
                continue
            made = self.layout.row(**values)
            key = self.layout.key_of(made)
            if key in seen:
                problem = Text(f"与第 {seen[key] + 1} 行重复（{key}）", f"the same as row {seen[key] + 1} ({key})")
                self._add(
                    "E-LINE-TWICE", problem, row, 0, Text("删去其中一行，改笔数和合计", "drop one of them, mend count and total")
                )
                yield None
                continue
            seen[key] = row
            yield made

    def _values(self, row: int, line: Line, columns: dict[int, Column]) -> dict[str, Value]:
        last = max((at for at, cell in enumerate(line) if cell and cell.strip()), default=0)
        cut = [at for at, column in columns.items() if at > last and column.required]
        if cut:
            title = columns[cut[0]].title
            problem = Text(f"这一行不完整，从“{title}”起没有内容", f"the line is cut off: nothing from {title} on")
            self._add("E-LINE-CUT", problem, row, cut[0], Text("补全这一行或重新导出", "complete the line or export again"))
            return {}
        values: dict[str, Value] = {column.field: _nothing(column) for column in self.layout.columns}
        for at, column in columns.items():
            text = (line[at] or "").strip() if at < len(line) else ""
            try:
                values[column.field] = read_cell(column, text, self.today)
            except _CellError as error:
                shown = Text(f"{column.title}：{error.problem.zh}", f"{column.title}: {error.problem.en}")
                self._add(error.code, shown, row, at, error.remedy)
        return values

    def _check_sums(self, said: dict[str, tuple[str, int, int]], count: int, total: int, end: str | None) -> None:
        """Compare count and total with the first rows, and the count with the end."""
        if end is None or end.removesuffix(".0") != str(count):
            problem = Text(
                f"文件不完整：结束行应为“{frame.END}，{count}”" + ("，没有找到" if end is None else f"，现为 {end}"),
                f"the file is cut off: its last row should be {frame.END}, {count}",
            )
            self._add("E-EXCHANGE-CUT", problem, len(self.lines) - 1, 0, Text("重新导出或重新传送", "export or send it again"))
        text, row, at = said.get(frame.COUNT, ("", 0, 0))
        if text.removesuffix(".0") != str(count):
            problem = Text(f"笔数写的是“{text}”，实有 {count} 笔", f"the count says {text!r}, there are {count} lines")
            self._add(
                "E-EXCHANGE-COUNT", problem, row, at, Text("核对漏行或改正笔数", "look for a missing line or mend the count")
            )
        text, row, at = said.get(_narrow(frame.TOTAL), ("", 0, 0))
        try:
            stated = cells.read_yuan(text)
        except cells.UnreadableError:
            stated = None
        if stated != total:
            problem = Text(
                f"合计写的是“{text}”元，各行相加是 {yuan_text(total)} 元",
                f"the total says {text!r}, the lines add up to {yuan_text(total)}",
            )
            self._add("E-EXCHANGE-TOTAL", problem, row, at, Text("核对各行金额或改正合计", "check the amounts or mend the total"))

    def _fault(self, code: str, problem: Text, row: int, at: int, remedy: Text) -> ZhubaoError:
        return ZhubaoError(code, problem, place=place(self.name, self.sheet.name, self.sheet.address(row, at)), remedy=remedy)

    def _add(self, code: str, problem: Text, row: int, at: int, remedy: Text) -> None:
        self.faults.append(self._fault(code, problem, row, at, remedy))


class _CellError(Exception):
    def __init__(self, code: str, problem: Text, remedy: Text) -> None:
        self.code, self.problem, self.remedy = code, problem, remedy
        super().__init__(problem.en)


def read_cell(column: Column, text: str, today: date) -> Value:
    """Return the value of a cell, or raise what is wrong with it."""
    if not text:
        if column.required:
            raise _CellError("E-LINE-CELL", Text("没有填写", "empty"), Text("补填", "fill it in"))
        return _nothing(column)
    if len(text) > column.longest:
        raise _CellError(
            "E-LINE-CELL", Text(f"超过 {column.longest} 个字", f"over {column.longest} characters"), Text("缩短", "shorten it")
        )
    if column.kind == "id_number":
        number = read_number(text, today)
        if isinstance(number, Finding):
            raise _CellError(number.code, number.problem, number.remedy)
        return number.text
    if column.kind in ("text", "name"):
        return text
    if column.kind == "word":
        code = column.words.get(cells.plain(text))
        if code is None:
            raise _CellError(
                "E-LINE-CELL",
                Text(f"没有“{text}”这种写法", f"no such word: {text}"),
                Text("填 " + "、".join(column.words), ", ".join(column.words)),
            )
        return code
    try:
        value = _number_or_day(column, text)
    except (cells.UnreadableError, InvalidOperation, ValueError):
        value = None
    if value is None:
        zh, en = _SHAPES[column.kind]
        raise _CellError(
            "E-LINE-CELL", Text(f"“{text}”不对", f"{text!r} cannot be read"), Text(f"写成 {zh}", f"write it as {en}")
        )
    return value


_SHAPES = {
    "yuan": ("8400.00，单位元", "8400.00, in yuan"),
    "count": ("整数，如 12", "a whole number such as 12"),
    "year": ("四位年份，如 2026", "a year of four digits such as 2026"),
    "month": ("2026-03", "2026-03"),
    "day": ("2026-03-10", "2026-03-10"),
    "percent": ("4.35%（文本格式，带百分号）", "4.35% (as text, with its sign)"),
}


def _number_or_day(column: Column, text: str) -> Value:
    word = cells.plain(text)
    if column.kind == "yuan":
        return cells.read_yuan(word)
    if column.kind in ("day", "month"):
        day = cells.read_day(word)
        # A spreadsheet turns a month into its first day.
        if day is None or (column.kind == "month" and day % 100 != 1):
            return None
        return date(day // 10000, day // 100 % 100, day % 100)
    if column.kind == "percent":
        # A cell formatted as percent arrives as 0.0435: without the sign nobody knows which of the two is meant.
        if not word.endswith("%"):
            return None
        ppm = Decimal(word.removesuffix("%")) * 10_000
        return int(ppm) if ppm == ppm.to_integral_value() and 0 <= ppm < 1_000_000 else None
    number = int(word.removesuffix(".0")) if word.removesuffix(".0").isascii() and word.removesuffix(".0").isdecimal() else None
    if number is not None and column.kind == "year" and not 1990 <= number <= 2199:
        return None
    return number if number is None or number < 10**9 else None


def _head(said: dict[str, tuple[str, int, int]]) -> Head:
    labels = (frame.BATCH, frame.SENDER, frame.RECEIVER, frame.PURPOSE)
    return Head(*(said.get(_narrow(label), ("", 0, 0))[0] for label in labels))


def _nothing(column: Column) -> Value:
    return "" if column.kind in ("text", "name", "id_number", "word") else None


def _narrow(title: str) -> str:
    return cells.plain(title)


def _plain(line: Line, at: int) -> str:
    return cells.plain(line[at] or "") if at < len(line) else ""
