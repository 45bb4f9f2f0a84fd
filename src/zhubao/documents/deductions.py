"""The lists of a month's deductions on paper: what the bank is to take, and what is left of the pensions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .lists import Cell, Column, PrintedList


class DeductionRow(NamedTuple):
    """One instalment: pension, what stays and what is taken, fen."""

    name: str
    citizen_number: str
    loan_number: str
    account: str
    month: str
    pension_fen: int
    credited: date
    protected_fen: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class DeductionList(PrintedList):
    """The instalments a bank is to take from pensions credited in full."""

    kind: ClassVar[str] = "助保贷款还款扣划清单"
    version: ClassVar[str] = "1"
    # One person may have several months.
    unit: ClassVar[str] = "笔"

    bank: str
    deductions: tuple[DeductionRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return "助保贷款还款扣划清单"

    @property
    def scope(self) -> str:
        """The bank the list is for."""
        return f"送：{self.bank}　养老金全额入账后扣划"

    def columns(self) -> tuple[Column, ...]:
        """Who, which month, the pension with its day, what stays, what is taken."""
        return (
            Column("姓名", "text", 8),
            Column("身份证号", "code", 15),
            Column("贷款编号", "code", 13),
            Column("扣款账户", "code", 8),
            Column("月份", "code", 6),
            Column("养老金（元）", "yuan", 9),
            Column("入账日期", "day", 11),
            Column("须保留（元）", "yuan", 9),
            Column("应扣（元）", "yuan", 9),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row an instalment, in the order given."""
        return list(self.deductions)


class NetPensionRow(NamedTuple):
    """One person's pension of a month: credited, deducted, left, fen."""

    name: str
    citizen_number: str
    month: str
    gross_fen: int
    deducted_fen: int
    net_fen: int


@dataclass(frozen=True, kw_only=True)
class NetPensionList(PrintedList):
    """Pensions after deduction, for the household income of dibao (Rugao Art. 14 (1))."""

    kind: ClassVar[str] = "扣还贷款后实领养老金清单"
    version: ClassVar[str] = "1"

    receiver: str
    pensions: tuple[NetPensionRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return "扣还贷款后实领养老金清单"

    @property
    def scope(self) -> str:
        """Whom the list is for."""
        return f"送：{self.receiver}　用于核定低保家庭收入"

    def columns(self) -> tuple[Column, ...]:
        """Who, which month, what was credited, deducted and left."""
        return (
            Column("姓名", "text", 12),
            Column("身份证号", "code", 16),
            Column("月份", "code", 8),
            Column("养老金（元）", "yuan", 12),
            Column("扣还贷款（元）", "yuan", 12),
            Column("实领（元）", "yuan", 12),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person, in the order given."""
        return list(self.pensions)
