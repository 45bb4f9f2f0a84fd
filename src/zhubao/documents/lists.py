"""Lists handed from one office to another, once as typed cells, printed by Typst and written as a workbook."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, NamedTuple

from .amounts import amount_in_words, amount_in_yuan
from .typesetting import Printable, PrintedForm
from .wording import chinese_date, percent

Kind = Literal["text", "code", "count", "yuan", "percent", "day"]
Cell = str | int | date | None
"""Text and codes are str, counts int, yuan int fen, percent int parts per million, day a date; None is an empty cell."""

ROSTER_COPIES = ("合作银行留存", "社保经办机构留存", "财政部门留存", "人社部门留存")
"""Four copies of the borrower roster and their keepers (Rugao Art. 12 (3))."""


class Column(NamedTuple):
    """A column: heading, kind of its cells, relative width on paper (a Chinese character is about one)."""

    title: str
    kind: Kind
    width: int


@dataclass(frozen=True, kw_only=True)
class PrintedList(PrintedForm):
    """A list with a running number before its columns and a total under its amounts."""

    template: ClassVar[str] = "list.typ"
    # What a row is; a list of anything but people says how many of them it holds.
    unit: ClassVar[str] = "人"

    office: str
    signers: tuple[str, ...] = ("制表", "复核")

    @property
    @abstractmethod
    def title(self) -> str:
        """The heading of the list."""

    @property
    def scope(self) -> str:
        """A line under the heading; empty when there is none."""
        return ""

    @abstractmethod
    def columns(self) -> tuple[Column, ...]:
        """The columns after the running number."""

    @abstractmethod
    def cells(self) -> Sequence[Sequence[Cell]]:
        """The rows, in the order they are printed."""

    def totals_fen(self) -> dict[int, int]:
        """Return column index → sum in fen, for the columns in yuan."""
        rows = self.cells()
        return {
            index: sum(cell for row in rows if isinstance(cell := row[index], int))
            for index, column in enumerate(self.columns())
            if column.kind == "yuan"
        }

    def content(self) -> dict[str, Printable]:
        """Return headings, worded cells and totals."""
        columns = self.columns()
        rows = [
            [str(position), *(worded(cell, column.kind) for cell, column in zip(row, columns, strict=True))]
            for position, row in enumerate(self.cells(), 1)
        ]
        sums = self.totals_fen()
        totals = ["合计", *(amount_in_yuan(sums[index]) if index in sums else "" for index in range(len(columns)))]
        counted = {} if self.unit == "人" else {"counted": f"共 {len(rows)} {self.unit}"}
        return {
            **counted,
            "title": self.title,
            "below": self.scope,
            "columns": [
                {"title": "序号", "side": "centre", "width": 4},
                *({"title": column.title, "side": _side(column.kind), "width": column.width} for column in columns),
            ],
            "rows": list(rows),
            "totals": list(totals) if sums else [],
            "in_words": amount_in_words(next(iter(sums.values()))) if len(sums) == 1 else "",
            "signers": list(self.signers),
            "office": self.office,
        }


def worded(cell: Cell, kind: Kind) -> str:
    """Return a cell as printed."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return chinese_date(cell)
    if isinstance(cell, int):
        return amount_in_yuan(cell) if kind == "yuan" else percent(cell) if kind == "percent" else str(cell)
    return cell


def _side(kind: Kind) -> str:
    return "amount" if kind in {"yuan", "percent", "count"} else "text" if kind == "text" else "centre"


class RosterRow(NamedTuple):
    """One borrower of the roster: the five columns of the text, then the three an office may add."""

    name: str
    citizen_number: str
    amount_fen: int
    rate_ppm: int
    term_months: int
    loan_number: str = ""
    drawn: date | None = None
    category: str = ""


@dataclass(frozen=True, kw_only=True)
class BankRoster(PrintedList):
    """Borrower roster of the bank; `with_additions` prints loan number, draw date and category after the five columns."""

    kind: ClassVar[str] = "助保贷款借款人花名册"
    version: ClassVar[str] = "1"

    borrowers: tuple[RosterRow, ...]
    bank: str
    period: str
    with_additions: bool = True

    @property
    def title(self) -> str:
        """The heading."""
        return "助保贷款借款人花名册"

    @property
    def scope(self) -> str:
        """The bank and the period."""
        return f"{self.bank}　{self.period}"

    def columns(self) -> tuple[Column, ...]:
        """The five columns of the text, then the additions."""
        five = (
            Column("姓名", "text", 14),
            Column("身份证号", "code", 15),
            Column("贷款金额（元）", "yuan", 11),
            Column("年利率", "percent", 7),
            Column("期限（月）", "count", 7),
        )
        additions = (Column("贷款编号", "code", 12), Column("放款日期", "day", 12), Column("人员类别", "text", 13))
        return five + (additions if self.with_additions else ())

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a borrower, in the order given."""
        return [row if self.with_additions else row[:5] for row in self.borrowers]


class YearlyAmount(NamedTuple):
    """What the agency fixed for one borrower and year; base and amount in fen."""

    name: str
    citizen_number: str
    year: int
    months: int
    base_fen: int | None
    tier: str
    amount_fen: int
    account: str


@dataclass(frozen=True, kw_only=True)
class YearlyAmountList(PrintedList):
    """The agency's yearly contribution amounts, handed to the bank for drawing."""

    kind: ClassVar[str] = "助保贷款年度缴费金额核定表"
    version: ClassVar[str] = "1"

    year: int
    bank: str
    amounts: tuple[YearlyAmount, ...]

    @property
    def title(self) -> str:
        """The heading with the year."""
        return f"{self.year} 年度助保贷款缴费金额核定表"

    @property
    def scope(self) -> str:
        """The bank the list is for."""
        return f"送：{self.bank}"

    def columns(self) -> tuple[Column, ...]:
        """Name, number, year, months, base, tier, amount, account to credit. The base is no sum, so it is not totalled."""
        return (
            Column("姓名", "text", 13),
            Column("身份证号", "code", 15),
            Column("年度", "code", 5),
            Column("缴费月数", "count", 7),
            Column("月缴费基数", "code", 9),
            Column("档次", "text", 8),
            Column("核定金额（元）", "yuan", 11),
            Column("划入账户", "code", 17),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a borrower, in the order given."""
        return [
            (*row[:2], str(row.year), row.months, None if row.base_fen is None else amount_in_yuan(row.base_fen), *row[5:])
            for row in self.amounts
        ]
