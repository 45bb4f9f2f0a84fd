"""Personal accounts on paper and as workbooks: the person's statement by years, entries, a year's interest, subsidies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .lists import Cell, Column, PrintedList


class AccountYear(NamedTuple):
    """One source of an account in one year, fen."""

    year: str
    source: str
    opening_fen: int
    came_fen: int
    interest_fen: int
    left_fen: int
    closing_fen: int


@dataclass(frozen=True, kw_only=True)
class AccountStatement(PrintedList):
    """The statement of a personal account: every year by source, the newest first; what opens and closes is not added up."""

    kind: ClassVar[str] = "个人账户对账单"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "行"

    person: str
    citizen_number: str
    balance: str
    rows: tuple[AccountYear, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return "城乡居民基本养老保险个人账户对账单"

    @property
    def scope(self) -> str:
        """Whose it is, and what is in the account."""
        return f"{self.person}　{self.citizen_number}　账户余额 {self.balance} 元"

    def columns(self) -> tuple[Column, ...]:
        """Year, source, and the five amounts."""
        return (
            Column("年度", "code", 6),
            Column("资金来源", "text", 12),
            Column("年初余额", "yuan", 11),
            Column("当年存入", "yuan", 11),
            Column("当年利息", "yuan", 11),
            Column("当年支出", "yuan", 11),
            Column("年末余额", "yuan", 11),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a year and source, in the order given."""
        return list(self.rows)

    def totals_fen(self) -> dict[int, int]:
        """Return the sums of what came, was earned and left; balances of several years are not added."""
        return {index: fen for index, fen in super().totals_fen().items() if index in {3, 4, 5}}


class EntryRow(NamedTuple):
    """One entry of an account."""

    on: date
    booked: date
    source: str
    kind: str
    amount_fen: int
    balance: str
    made_for: str


@dataclass(frozen=True, kw_only=True)
class AccountEntryList(PrintedList):
    """The entries of a personal account with the balance after each; the name masked."""

    kind: ClassVar[str] = "个人账户分录"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "笔"

    person: str
    rows: tuple[EntryRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return "个人账户分录"

    @property
    def scope(self) -> str:
        """Whose they are."""
        return self.person

    def columns(self) -> tuple[Column, ...]:
        """Day of effect, day booked, source, kind, amount, balance, what it was made for."""
        return (
            Column("生效日", "day", 10),
            Column("记账日", "day", 10),
            Column("资金来源", "text", 14),
            Column("类别", "text", 10),
            Column("金额（元）", "yuan", 11),
            Column("余额（元）", "text", 11),
            Column("凭证", "text", 16),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row an entry, in the order given."""
        return list(self.rows)


class InterestRow(NamedTuple):
    """What a run gives one lot, fen; the product in fen-months."""

    name: str
    number: str
    source: str
    opening_fen: int
    moved_fen: int
    product: str
    interest_fen: int
    carried_fen: int


@dataclass(frozen=True, kw_only=True)
class InterestList(PrintedList):
    """The interest of a year, lot by lot; names and numbers masked."""

    kind: ClassVar[str] = "个人账户计息清单"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "笔"

    year: int
    rate: str
    rows: tuple[InterestRow, ...]

    @property
    def title(self) -> str:
        """The heading with the year."""
        return f"{self.year} 年度个人账户计息清单"

    @property
    def scope(self) -> str:
        """Rate and document."""
        return self.rate

    def columns(self) -> tuple[Column, ...]:
        """Name, number, source, opening, moved, months' product, interest, carried."""
        return (
            Column("姓名", "text", 8),
            Column("身份证号", "code", 15),
            Column("资金来源", "text", 10),
            Column("年初余额", "yuan", 11),
            Column("当年变动", "yuan", 11),
            Column("月积数（元·月）", "text", 13),
            Column("利息", "yuan", 10),
            Column("转入下年", "yuan", 11),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a lot, in the order given."""
        return list(self.rows)


class SubsidyRow(NamedTuple):
    """What a run adds to one account, fen."""

    name: str
    number: str
    contributed_fen: int
    contributed_on: date
    superior_fen: int
    local_fen: int


@dataclass(frozen=True, kw_only=True)
class SubsidyList(PrintedList):
    """Contribution subsidies that a run credits, with both payers' parts; names and numbers masked."""

    kind: ClassVar[str] = "缴费补贴清单"
    version: ClassVar[str] = "1"

    year: int
    rows: tuple[SubsidyRow, ...]

    @property
    def title(self) -> str:
        """The heading with the year."""
        return f"{self.year} 年度缴费补贴清单"

    def columns(self) -> tuple[Column, ...]:
        """Name, number, contributed, last day, superior, local."""
        return (
            Column("姓名", "text", 8),
            Column("身份证号", "code", 15),
            Column("当年缴费", "yuan", 11),
            Column("最近缴费日", "day", 11),
            Column("上级财政", "yuan", 10),
            Column("本级财政", "yuan", 10),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row an account, in the order given."""
        return list(self.rows)
