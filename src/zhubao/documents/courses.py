"""Lists of transfers, resident pensions and people helped to enrol, as workbooks; names and numbers come masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .lists import Cell, Column, PrintedList


class TransferRow(NamedTuple):
    """One transfer."""

    number: str
    name: str
    citizen_number: str
    kind: str
    other_place: str
    requested_on: date
    due_on: date | None
    state: str
    moved_on: date | None
    amount_fen: int | None


@dataclass(frozen=True, kw_only=True)
class TransferList(PrintedList):
    """Transfers as a filter keeps them."""

    kind: ClassVar[str] = "关系转移和制度衔接办理清单"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "件"

    rows: tuple[TransferRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return "关系转移和制度衔接办理清单"

    def columns(self) -> tuple[Column, ...]:
        """Number, who, what, where, the days, how it stands, what moved."""
        return (
            Column("编号", "code", 11),
            Column("姓名", "text", 7),
            Column("身份证号", "code", 15),
            Column("事项", "text", 14),
            Column("对方地区", "text", 12),
            Column("申请日期", "day", 12),
            Column("应办结日期", "day", 12),
            Column("状态", "text", 9),
            Column("办结日期", "day", 12),
            Column("转移金额（元）", "yuan", 11),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a transfer."""
        return list(self.rows)


class BenefitRow(NamedTuple):
    """One resident pension."""

    name: str
    citizen_number: str
    why: str
    of_age_on: date
    state: str
    starts_on: date | None
    basic_fen: int | None
    account_part_fen: int | None


@dataclass(frozen=True, kw_only=True)
class BenefitList(PrintedList):
    """Resident pensions as a filter keeps them."""

    kind: ClassVar[str] = "城乡居民养老待遇人员名单"
    version: ClassVar[str] = "1"

    rows: tuple[BenefitRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return "城乡居民养老待遇人员名单"

    def columns(self) -> tuple[Column, ...]:
        """Who, why, since when, how it stands, how much a month."""
        return (
            Column("姓名", "text", 8),
            Column("身份证号", "code", 15),
            Column("人员类型", "text", 12),
            Column("到龄日期", "day", 12),
            Column("状态", "text", 9),
            Column("起领月份", "day", 12),
            Column("基础养老金（元/月）", "yuan", 12),
            Column("个人账户养老金（元/月）", "yuan", 13),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person."""
        return list(self.rows)


class PaidRow(NamedTuple):
    """What one run paid to one person for one month."""

    name: str
    citizen_number: str
    month: str
    basic_fen: int
    account_part_fen: int
    total_fen: int


@dataclass(frozen=True, kw_only=True)
class PaidList(PrintedList):
    """What a month paid."""

    kind: ClassVar[str] = "城乡居民养老待遇发放表"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "笔"

    month: str
    rows: tuple[PaidRow, ...]

    @property
    def title(self) -> str:
        """The heading with the month."""
        return f"{self.month} 城乡居民养老待遇发放表"

    def columns(self) -> tuple[Column, ...]:
        """Who, for which month, the two parts and their sum."""
        return (
            Column("姓名", "text", 8),
            Column("身份证号", "code", 15),
            Column("所属月份", "code", 8),
            Column("基础养老金", "yuan", 11),
            Column("个人账户养老金", "yuan", 11),
            Column("合计", "yuan", 11),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person and month."""
        return list(self.rows)


class FlexibleRow(NamedTuple):
    """One flexible worker with a household registered elsewhere."""

    name: str
    citizen_number: str
    born: date
    hukou_code: str


@dataclass(frozen=True, kw_only=True)
class FlexibleList(PrintedList):
    """Flexible workers from elsewhere who are insured as residents."""

    kind: ClassVar[str] = "外来灵活就业参加居民养老人员名单"
    version: ClassVar[str] = "1"

    rows: tuple[FlexibleRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return self.kind

    def columns(self) -> tuple[Column, ...]:
        """Who, born when, registered where."""
        return (
            Column("姓名", "text", 10),
            Column("身份证号", "code", 15),
            Column("出生日期", "day", 12),
            Column("户籍地代码", "code", 10),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person."""
        return list(self.rows)


class HelpRow(NamedTuple):
    """One person to be helped to enrol."""

    name: str
    citizen_number: str
    why: str
    category: str
    state: str
    found_on: date
    contacts: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class HelpList(PrintedList):
    """People helped to enrol, as a filter keeps them."""

    kind: ClassVar[str] = "未参保人员帮办清单"
    version: ClassVar[str] = "1"

    rows: tuple[HelpRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return "未参保人员帮办清单"

    def columns(self) -> tuple[Column, ...]:
        """Who, why, how it stands, what came of it."""
        return (
            Column("姓名", "text", 8),
            Column("身份证号", "code", 15),
            Column("人员类型", "text", 12),
            Column("身份类别", "text", 10),
            Column("状态", "text", 10),
            Column("比对日期", "day", 12),
            Column("联系次数", "count", 6),
            Column("结果", "text", 18),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person."""
        return list(self.rows)


class RecoveryRow(NamedTuple):
    """One dead person's pension and account, fen."""

    name: str
    citizen_number: str
    died_on: date
    state: str
    overpaid_fen: int
    recovered_fen: int
    owed_fen: int
    paid_fen: int
    paid_on: date | None


@dataclass(frozen=True, kw_only=True)
class RecoveryList(PrintedList):
    """What was paid after deaths and came back, and what heirs got, as a filter keeps them."""

    kind: ClassVar[str] = "身故后待遇追回和账户继承清单"
    version: ClassVar[str] = "1"

    rows: tuple[RecoveryRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return self.kind

    def columns(self) -> tuple[Column, ...]:
        """Who, died when, how it stands, paid after the death, came back, still owed, paid to heirs and when."""
        return (
            Column("姓名", "text", 8),
            Column("身份证号", "code", 15),
            Column("死亡日期", "day", 11),
            Column("状态", "text", 11),
            Column("身故后发放（元）", "yuan", 11),
            Column("已追回（元）", "yuan", 10),
            Column("尚应追回（元）", "yuan", 11),
            Column("已付继承人（元）", "yuan", 11),
            Column("支付日期", "day", 11),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person."""
        return list(self.rows)


class RegistrationRow(NamedTuple):
    """One person of the registration list."""

    village: str
    name: str
    citizen_number: str
    born: date
    outcome: str


@dataclass(frozen=True, kw_only=True)
class RegistrationList(PrintedList):
    """Who is in no pension scheme, village by village, as a filter keeps them."""

    kind: ClassVar[str] = "未参保人员登记清单"
    version: ClassVar[str] = "1"

    rows: tuple[RegistrationRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return "未参保人员登记清单"

    def columns(self) -> tuple[Column, ...]:
        """Where, who, what came of it."""
        return (
            Column("村（社区）", "text", 14),
            Column("姓名", "text", 8),
            Column("身份证号", "code", 15),
            Column("出生日期", "day", 12),
            Column("登记结果", "text", 24),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person."""
        return list(self.rows)
