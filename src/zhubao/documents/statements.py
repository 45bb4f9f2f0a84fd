"""Statements on paper: the borrower's own, and the lists for finance, the human resources bureau and the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from .amounts import amount_in_words, amount_in_yuan
from .lists import Cell, Column, PrintedList
from .sheets import Party, Section, field_row, sheet
from .typesetting import Printable, PrintedForm
from .wording import chinese_date


class WordedChange(NamedTuple):
    """A figure an earlier statement gave otherwise: its name, fen then and fen now."""

    label: str
    old_fen: int
    new_fen: int


@dataclass(frozen=True, kw_only=True)
class BorrowerStatement(PrintedForm):
    """A loan's statement of account; both days counted, money in fen.

    `bears_interest`: whether finance bears interest in the programme; where it does not, the paper says nothing of it.
    `open_interest_fen`: the borrower's interest that no month-end has booked yet, None where it cannot be reckoned. `changes` and
    `reason` say what an earlier statement of the period (`replaces`) gave otherwise, and why.
    """

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "助保贷款对账单"
    version: ClassVar[str] = "1"

    borrower: str
    citizen_number: str
    loan_number: str
    bank: str
    starts_on: date
    ends_on: date
    opening_principal_fen: int
    opening_interest_fen: int
    draws_fen: int
    interest_borrower_fen: int
    interest_finance_fen: int
    subsidy_paid_fen: int
    capitalised_fen: int
    repaid_principal_fen: int
    repaid_interest_fen: int
    taken_over_fen: int
    other_fen: int
    returned_fen: int
    closing_principal_fen: int
    closing_interest_fen: int
    open_interest_fen: int | None
    sha256: str
    bears_interest: bool = True
    replaces: str = ""
    changes: tuple[WordedChange, ...] = ()
    reason: str = ""

    def content(self) -> dict[str, Printable]:
        """Return opening, movements and closing; rows that are seldom needed only where something moved."""
        owed = self.closing_principal_fen + self.closing_interest_fen + (self.open_interest_fen or 0)
        borne = field_row(("财政承担利息", _yuan(self.interest_finance_fen)), ("财政已拨付贴息", _yuan(self.subsidy_paid_fen)))
        rows = [
            field_row(("借款人", self.borrower), ("身份证号", self.citizen_number)),
            field_row(("贷款编号", self.loan_number), ("贷款银行", self.bank)),
            field_row(("对账期间", f"{chinese_date(self.starts_on)}至{chinese_date(self.ends_on)}（含首尾两日）")),
            field_row(("期初本金", _yuan(self.opening_principal_fen)), ("期初欠息", _yuan(self.opening_interest_fen))),
            field_row(("本期放款", _yuan(self.draws_fen)), ("本人承担利息", _yuan(self.interest_borrower_fen))),
            *([borne] if self.bears_interest else []),
            field_row(("归还本金", _yuan(self.repaid_principal_fen)), ("归还利息", _yuan(self.repaid_interest_fen))),
        ]
        rows += [
            field_row((label, _yuan(fen)))
            for label, fen in (
                ("欠息转入本金", self.capitalised_fen),
                ("身故后由他方清偿", self.taken_over_fen),
                ("多扣退回", self.returned_fen),
                ("其他变动", self.other_fen),
            )
            if fen
        ]
        unbooked = "暂无法计算" if self.open_interest_fen is None else _yuan(self.open_interest_fen)
        rows += [
            field_row(("期末本金", _yuan(self.closing_principal_fen)), ("期末欠息", _yuan(self.closing_interest_fen))),
            field_row(("尚未入账的利息", unbooked)),
            field_row(("期末欠款合计", f"{_yuan(owed)}（大写：人民币{amount_in_words(max(owed, 0))}）")),
        ]
        sections = [self._difference()] if self.changes else []
        sections.append(
            Section(
                "说明",
                paragraphs=(
                    *(("财政贴息的利息不由借款人支付，列出供核对。",) if self.bears_interest else ()),
                    "如对本单有疑问，请持本单到贷款银行或社保经办机构查询；每个数字都可查到所依据的记账。",
                    f"内容校验：{self.sha256[:32]}",
                ),
                numbered=True,
            )
        )
        return sheet(
            "助保贷款对账单", rows, date_label="出具日期", sections=sections, parties=(Party("贷款银行", self.bank, sealed=True),)
        )

    def _difference(self) -> Section:
        lines = [f"本单更正 {self.replaces}。{self.reason}".strip()]
        for each in self.changes:
            difference = each.new_fen - each.old_fen
            sign = "+" if difference > 0 else ""
            lines.append(f"{each.label}：原 {_yuan(each.old_fen)}，现 {_yuan(each.new_fen)}，相差 {sign}{_yuan(difference)}")
        return Section("更正", paragraphs=tuple(lines))


def _yuan(fen: int) -> str:
    return f"{amount_in_yuan(fen)} 元"


@dataclass(frozen=True, kw_only=True)
class CollectiveStatementList(PrintedList):
    """A statement over many loans: each row the loan's number, masked name, bank, and figures in fen under `headings`."""

    kind: ClassVar[str] = "助保贷款汇总对账表"
    version: ClassVar[str] = "1"
    unit: ClassVar[str] = "笔"

    heading: str
    below: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, str, str, tuple[int, ...]], ...]

    @property
    def title(self) -> str:
        """The heading."""
        return self.heading

    @property
    def scope(self) -> str:
        """Region and period."""
        return self.below

    def columns(self) -> tuple[Column, ...]:
        """Number, name, bank, then the figures."""
        fixed = (Column("贷款编号", "code", 12), Column("姓名", "text", 7), Column("贷款银行", "text", 12))
        return (*fixed, *(Column(heading, "yuan", 10) for heading in self.headings))

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a loan, in the order given."""
        return [(number, name, bank, *figures) for number, name, bank, figures in self.rows]
