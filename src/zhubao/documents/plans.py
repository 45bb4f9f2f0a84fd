"""The yearly plan of contributions on behalf as lists: its rows, and what a reckoning changed; names and numbers come masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .lists import Cell, Column, PrintedList


class PlanReviewLine(NamedTuple):
    """One person of a plan."""

    name: str
    citizen_number: str
    place: str
    category: str
    payer: str
    channel: str
    tier_fen: int
    on_behalf_fen: int
    self_pay_fen: int
    due_on: date | None
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlanReviewList(PrintedList):
    """Rows of a plan as a filter keeps them, for offices that compare and supervise: reasons and payer, names and numbers masked.

    Who calls on the people takes `documents.assistance.PlanVisitList`.
    """

    kind: ClassVar[str] = "困难群体养老保险代缴计划核对清单"
    version: ClassVar[str] = "1"

    year: int
    county: str
    rows: tuple[PlanReviewLine, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return f"{self.county}{self.year}年困难群体城乡居民养老保险代缴计划"

    def columns(self) -> tuple[Column, ...]:
        """Who, where, under which category, by whom, how much, by when, how it stands."""
        return (
            Column("姓名", "text", 7),
            Column("身份证号", "code", 15),
            Column("村（社区）", "text", 10),
            Column("类别", "text", 9),
            Column("出资部门", "text", 9),
            Column("渠道", "text", 9),
            Column("缴费档次（元）", "yuan", 9),
            Column("代缴（元）", "yuan", 9),
            Column("自付（元）", "yuan", 9),
            Column("缴费截止", "day", 10),
            Column("状态", "text", 8),
            Column("原因", "text", 16),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person."""
        return list(self.rows)


class PlanOverviewLine(NamedTuple):
    """One plan as its last reckoning left it; money in fen, None where it was never reckoned."""

    year: str
    county: str
    document: str
    state: str
    as_of: date | None
    planned: int | None
    on_behalf_fen: int | None
    self_pay_fen: int | None
    missing: int | None


@dataclass(frozen=True, kw_only=True)
class PlanOverview(PrintedList):
    """The plans a post may see, the newest year first."""

    kind: ClassVar[str] = "代缴年度计划一览"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "个计划"

    rows: tuple[PlanOverviewLine, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return "代缴年度计划一览"

    def columns(self) -> tuple[Column, ...]:
        """Year, place and document, how it stands, people and money."""
        return (
            Column("年度", "code", 6),
            Column("区县", "text", 12),
            Column("文件", "text", 24),
            Column("状态", "text", 8),
            Column("名册截至", "day", 10),
            Column("计划人数", "count", 8),
            Column("代缴（元）", "yuan", 12),
            Column("自付（元）", "yuan", 12),
            Column("缺材料人数", "count", 8),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a plan."""
        return list(self.rows)


class ChangeLine(NamedTuple):
    """One difference a reckoning found about a person."""

    name: str
    citizen_number: str
    place: str
    change: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class ChangeList(PrintedList):
    """What a reckoning changed, or would change, by person."""

    kind: ClassVar[str] = "代缴计划变动清单"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "项"

    year: int
    as_of: date
    rows: tuple[ChangeLine, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return f"{self.year}年代缴计划变动清单"

    @property
    def scope(self) -> str:
        """The day the lists were asked about."""
        return f"名册数据日期：{self.as_of}"

    def columns(self) -> tuple[Column, ...]:
        """Who, where, what changed, from what to what."""
        return (
            Column("姓名", "text", 7),
            Column("身份证号", "code", 15),
            Column("村（社区）", "text", 10),
            Column("变动", "text", 9),
            Column("原来", "text", 14),
            Column("现在", "text", 18),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a difference."""
        return list(self.rows)
