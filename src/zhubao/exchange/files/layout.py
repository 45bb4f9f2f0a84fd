"""What a file between two offices holds: who sends it to whom, what for, and the least columns that serve the purpose.

Every file has the same frame, in a workbook's first sheet or as csv::

    文件     放款明细    版本        1
    批次号   2026-01     笔数        2          合计（元）  18000.00
    发送单位 …           接收单位    …          用途        …
    序号     贷款编号    …                                             ← the layout's own columns
    1        JX0001      …
    2        JX0002      …
    结束     2

The last row repeats the count: a file that was cut off has none.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

VERSION = "1"
FILE, EDITION, BATCH, COUNT, TOTAL = "文件", "版本", "批次号", "笔数", "合计（元）"
SENDER, RECEIVER, PURPOSE, NUMBER, END = "发送单位", "接收单位", "用途", "序号", "结束"

CellKind = Literal["text", "name", "id_number", "yuan", "count", "year", "month", "day", "percent", "word"]
Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field of the row it fills, its Chinese title, what its cells hold.

    yuan fills fen, percent fills parts per million, count and year whole numbers, month its first day, day a date; word the code that
    `words` gives to each Chinese word. A column that is not `required` may be empty or left out of a file.
    """

    field: str
    title: str
    kind: CellKind
    required: bool = True
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    longest: int = 60


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file.

    `row` makes a row from its fields; `key` names the fields that no two lines may share; `amount`, `year` and `day` the fields that
    are counted and shown ("" for none); `subject` the kind of thing a line is about and the field with its number. `minus`: the field
    and the value of lines that count against the total. `keeps_lines`: whether an envelope keeps a row for each line, or only the file,
    whose lines whoever applies it keeps in a table of its own; such a file is read column by column.
    """

    kind: str
    title: Text
    purpose: Text
    senders: frozenset[OrganisationKind]
    receivers: frozenset[OrganisationKind]
    row: Callable[..., Any]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    amount: str
    subject: tuple[str, str]
    year: str = ""
    day: str = ""
    minus: tuple[str, str] = ("", "")
    keeps_lines: bool = True

    def amount_of(self, row: Any) -> int:
        """Return the amount of a row in fen."""
        amount: int = getattr(row, self.amount)
        return amount

    def key_of(self, row: Any) -> str:
        """Return what tells a row from every other of its file."""
        return "/".join(str(getattr(row, name)) for name in self.key)

    def subject_of(self, row: Any) -> str:
        """Return what a row is about: ``loan:JX0001``."""
        prefix, name = self.subject
        return f"{prefix}:{getattr(row, name)}"

    def total_of(self, rows: Sequence[Any]) -> int:
        """Return the sum of the rows in fen, less the lines that count against it."""
        name, value = self.minus
        if not name:
            return sum(self.amount_of(row) for row in rows)
        return sum(-self.amount_of(row) if getattr(row, name) == value else self.amount_of(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Head:
    """What the first rows of a file say besides count and total."""

    batch: str
    sender: str
    receiver: str
    purpose: str
