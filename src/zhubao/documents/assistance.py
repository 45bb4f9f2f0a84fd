"""Contributions on behalf on paper: plan lists, the township's ledger, refund lists, claim forms, and a department's claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .amounts import amount_in_words, amount_in_yuan
from .lists import Cell, Column, PrintedList
from .sheets import Party, Section, field_row, sheet
from .typesetting import Printable, PrintedForm


class PlanVisitLine(NamedTuple):
    """One person of a plan list; money in fen."""

    village: str
    name: str
    citizen_number: str
    category: str
    tier_fen: int
    on_behalf_fen: int
    own_fen: int
    due_on: date | None
    state: str


@dataclass(frozen=True, kw_only=True)
class PlanVisitList(PrintedList):
    """The people of a township or village on the plan, for who calls on them: full numbers, what remains, by when; printing it is audited.

    Offices that compare and supervise take `documents.plans.PlanReviewList`.
    """

    kind: ClassVar[str] = "困难群体代缴计划入户名单"
    version: ClassVar[str] = "1"

    year: int
    place: str
    rows: tuple[PlanVisitLine, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return f"{self.year} 年度困难群体养老保险代缴计划入户名单"

    @property
    def scope(self) -> str:
        """The place."""
        return self.place

    def columns(self) -> tuple[Column, ...]:
        """Village, person, category, three amounts, last day, state."""
        return (
            Column("村（社区）", "text", 9),
            Column("姓名", "text", 7),
            Column("身份证号", "code", 17),
            Column("人员类别", "text", 10),
            Column("缴费档次（元）", "yuan", 9),
            Column("政府代缴（元）", "yuan", 9),
            Column("个人自付（元）", "yuan", 9),
            Column("自付截止", "day", 11),
            Column("办理情况", "text", 9),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person, in the order given."""
        return self.rows


class LedgerLine(NamedTuple):
    """One person of the ledger: what is missing, whose turn, since when, or the proof it was closed with."""

    village: str
    name: str
    citizen_number: str
    category: str
    own_fen: int
    paid_fen: int
    missing: str
    turn: str
    since: date
    due_on: date | None
    proof: str


@dataclass(frozen=True, kw_only=True)
class TownshipLedger(PrintedList):
    """The ledger of a place: everybody, closed out or not."""

    kind: ClassVar[str] = "困难群体参保缴费台账"
    version: ClassVar[str] = "1"

    year: int
    place: str
    closed: int
    rows: tuple[LedgerLine, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return f"{self.year} 年度困难群体参保缴费台账"

    @property
    def scope(self) -> str:
        """The place, and how many are closed out."""
        return f"{self.place}　共 {len(self.rows)} 人，已销号 {self.closed} 人，未销号 {len(self.rows) - self.closed} 人"

    def columns(self) -> tuple[Column, ...]:
        """Village, person, category, own part, paid, what is missing, whose turn, since, due, proof."""
        return (
            Column("村（社区）", "text", 9),
            Column("姓名", "text", 8),
            Column("身份证号", "code", 18),
            Column("人员类别", "text", 9),
            Column("应自付（元）", "yuan", 8),
            Column("已缴（元）", "yuan", 8),
            Column("差什么", "text", 14),
            Column("该谁办", "text", 9),
            Column("自何时", "day", 10),
            Column("期限", "day", 10),
            Column("销号凭证", "text", 12),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person, in the order given."""
        return self.rows


class RefundLine(NamedTuple):
    """One refund; money in fen."""

    name: str
    citizen_number: str
    village: str
    category: str
    paid_fen: int
    paid_on: date | None
    refund_fen: int
    state: str


@dataclass(frozen=True, kw_only=True)
class RefundPaperList(PrintedList):
    """Who paid everything alone, and what a department pays back."""

    kind: ClassVar[str] = "困难群体代缴资金退费名单"
    version: ClassVar[str] = "1"

    year: int
    department: str
    rows: tuple[RefundLine, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return f"{self.year} 年度困难群体代缴资金退费名单"

    @property
    def scope(self) -> str:
        """The department that pays."""
        return f"送：{self.department}"

    def columns(self) -> tuple[Column, ...]:
        """Person, village, category, paid, day, refund, state."""
        return (
            Column("姓名", "text", 8),
            Column("身份证号", "code", 17),
            Column("村（社区）", "text", 10),
            Column("人员类别", "text", 10),
            Column("本人已缴（元）", "yuan", 10),
            Column("缴费日期", "day", 11),
            Column("应退金额（元）", "yuan", 10),
            Column("办理情况", "text", 9),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a person, in the order given."""
        return self.rows


class ClaimGroup(NamedTuple):
    """What a claim asks for one category: persons, fen for each, fen in all."""

    category: str
    persons: int
    each_fen: int
    total_fen: int


@dataclass(frozen=True, kw_only=True)
class OnBehalfClaimForm(PrintedForm):
    """A department's application to finance for the money of contributions on behalf."""

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "困难群体代缴资金申请表"
    version: ClassVar[str] = "1"

    year: int
    programme: str
    department: str
    finance: str
    account: str
    groups: tuple[ClaimGroup, ...]

    def content(self) -> dict[str, Printable]:
        """Return who asks whom, the sums by category, and who signs."""
        persons = sum(group.persons for group in self.groups)
        total = sum(group.total_fen for group in self.groups)
        lines = tuple(
            f"{group.category}：{group.persons} 人，每人 {amount_in_yuan(group.each_fen)} 元，计 {amount_in_yuan(group.total_fen)} 元"
            for group in self.groups
        )
        return sheet(
            "困难群体养老保险代缴资金申请表",
            [
                field_row(("资金项目", self.programme)),
                field_row(("申请部门", self.department), ("受理部门", self.finance)),
                field_row(("所属年度", str(self.year)), ("申请人数", f"{persons} 人")),
                field_row(("申请金额", f"{amount_in_yuan(total)} 元（大写：人民币{amount_in_words(total)}）")),
                field_row(("拨付账户", self.account)),
            ],
            sections=[
                Section("分类明细", lines),
                Section("申请部门意见", ("以上人员经核实，名单附后。",)),
                Section("财政部门意见"),
            ],
            parties=[Party("申请部门", self.department, sealed=True), Party("财政部门", self.finance, sealed=True)],
            notes=["已自行全额缴费的人员不在本表内，另列退费名单。", "重度残疾人按原渠道结算，不在本表内。"],
        )
