"""The bank's interest subsidy claim on paper: the sheet finance pays by, the lines, and Rugao's backstop repayments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .amounts import amount_in_words, amount_in_yuan
from .lists import Cell, Column, PrintedList
from .sheets import Party, Section, field_row, sheet
from .typesetting import Printable, PrintedForm
from .wording import chinese_date


class CauseRow(NamedTuple):
    """What a cause comes to: in words, how many lines, fen asked above what was recomputed, fen accepted."""

    words: str
    lines: int
    difference_fen: int
    accepted_fen: int


@dataclass(frozen=True, kw_only=True)
class SubsidyPaymentSheet(PrintedForm):
    """What is asked, recomputed, accepted and paid of a claim; the last day of the year counted, money in fen.

    `due` is None where a year has no working calendar. `backstop_fen` is None where the document budgets no backstop beside it.
    `hands` are the steps so far: what, who, when.
    """

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "贴息资金审核拨付表"
    version: ClassVar[str] = "1"

    programme: str
    bank: str
    receiver: str
    year: int
    starts_on: date
    ends_on: date
    state: str
    loans: int
    asked_fen: int
    computed_fen: int
    differing: int
    refused: int
    accepted_fen: int
    received_on: date
    due: date | None
    limit: str
    paused_days: int
    paid_on: date | None
    reference: str
    backstop_fen: int | None
    backstop_loans: int
    causes: tuple[CauseRow, ...]
    hands: tuple[tuple[str, str, str], ...]

    def content(self) -> dict[str, Printable]:
        """Return the figures, what differed by cause, the hands it went through, and who signs."""
        paused = f"，退回补正停计 {self.paused_days} 天" if self.paused_days else ""
        rows = [
            field_row(("贷款项目", self.programme)),
            field_row(("申请银行", self.bank), ("受理核实", self.receiver)),
            field_row(
                ("计息年度", f"{self.year}（{chinese_date(self.starts_on)}至{chinese_date(self.ends_on)}，含首尾两日）"),
            ),
            field_row(("贷款笔数", str(self.loans)), ("办理状态", self.state)),
            field_row(("银行申请", _yuan(self.asked_fen)), ("系统重算", _yuan(self.computed_fen))),
            field_row(("差异笔数", str(self.differing)), ("不予受理笔数", str(self.refused))),
            field_row(("核定贴息", f"{_yuan(self.accepted_fen)}（大写：人民币{amount_in_words(max(self.accepted_fen, 0))}）")),
        ]
        if self.backstop_fen is not None:
            both = self.accepted_fen + self.backstop_fen
            rows += [
                field_row(
                    ("托底偿还", f"{_yuan(self.backstop_fen)}（{self.backstop_loans} 笔）"), ("贴息与托底合计", _yuan(both))
                )
            ]
        rows += [
            field_row(
                ("收到完整申请", chinese_date(self.received_on)),
                ("应拨付日", chinese_date(self.due) if self.due else "工作日历未公布"),
            ),
            field_row(("期限计算", f"自收到次日起 {self.limit}{paused}")),
        ]
        if self.paid_on is not None:
            rows.append(field_row(("拨付日期", chinese_date(self.paid_on)), ("支付凭证", self.reference)))
        sections = []
        if self.causes:
            sections.append(Section("差异原因", paragraphs=tuple(_said(row) for row in self.causes), numbered=True))
        if self.hands:
            sections.append(
                Section("办理经过", paragraphs=tuple("　".join(filter(None, hand)) for hand in self.hands), numbered=True)
            )
        if self.backstop_fen is not None:
            sections.append(
                Section("说明", paragraphs=("贴息与托底分列预算（第十六条）。托底按每笔身故清偿单拨付，不随本表支付。",))
            )
        parties = (
            Party("申请银行", self.bank, sealed=True),
            Party("核实单位", self.receiver, sealed=True),
            Party("财政部门", sealed=True),
        )
        return sheet("助保贷款贴息资金审核拨付表", rows, date_label="制表日期", sections=sections, parties=parties)


def _said(row: CauseRow) -> str:
    return f"{row.words}：{row.lines} 笔，申请比重算多 {_yuan(row.difference_fen)}，核定 {_yuan(row.accepted_fen)}"


def _yuan(fen: int) -> str:
    return f"{amount_in_yuan(fen)} 元"


class ClaimRow(NamedTuple):
    """A loan's year: number, masked name, year and whether it is a correction, fen, and why it differs or was refused."""

    loan_number: str
    name: str
    year: str
    asked_fen: int
    computed_fen: int
    difference_fen: int
    accepted_fen: int
    why: str


@dataclass(frozen=True, kw_only=True)
class SubsidyClaimList(PrintedList):
    """The lines of a claim: asked, recomputed, difference, accepted and why."""

    kind: ClassVar[str] = "贴息申请核对表"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "笔"

    bank: str
    below: str
    rows: tuple[ClaimRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return f"{self.bank}助保贷款贴息申请核对表"

    @property
    def scope(self) -> str:
        """Claim, year and state."""
        return self.below

    def columns(self) -> tuple[Column, ...]:
        """Number, masked name, year, four amounts, the reason."""
        return (
            Column("贷款编号", "code", 13),
            Column("姓名", "text", 7),
            Column("年度", "code", 8),
            Column("申请贴息（元）", "yuan", 11),
            Column("系统重算（元）", "yuan", 11),
            Column("相差（元）", "yuan", 10),
            Column("核定贴息（元）", "yuan", 11),
            Column("差异或不予受理原因", "text", 18),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row for each loan and year, in the order given."""
        return self.rows


class BackstopRow(NamedTuple):
    """A debt finance takes over: the loan, the death, and fen."""

    loan_number: str
    name: str
    died_on: date
    debt_fen: int
    account_fen: int
    finance_fen: int


@dataclass(frozen=True, kw_only=True)
class BackstopList(PrintedList):
    """What finance takes over of a bank's loans after deaths of a year: debt, what the personal account pays, the rest."""

    kind: ClassVar[str] = "托底偿还清单"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "笔"

    bank: str
    year: int
    rows: tuple[BackstopRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return f"{self.bank}助保贷款托底偿还清单"

    @property
    def scope(self) -> str:
        """The year."""
        return f"{self.year} 年度"

    def columns(self) -> tuple[Column, ...]:
        """Number, masked name, day of death, three amounts."""
        return (
            Column("贷款编号", "code", 13),
            Column("姓名", "text", 7),
            Column("身故日期", "day", 12),
            Column("身故日欠款（元）", "yuan", 12),
            Column("个人账户偿还（元）", "yuan", 12),
            Column("财政托底（元）", "yuan", 12),
        )

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a death, in the order given."""
        return self.rows
