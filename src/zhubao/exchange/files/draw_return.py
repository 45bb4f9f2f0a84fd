"""放款回盘: what the bank drew of what it was asked to, with the reason where it did not (bank to agency)."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout


@dataclass(frozen=True, slots=True)
class DrawReturn:
    """One draw made or not made. `result` is drawn or not_drawn; `amount_fen` is 0 and `drawn_on` None for one not made."""

    loan_number: str
    year: int
    sequence: int
    amount_fen: int
    drawn_on: date | None
    result: str
    reason: str
    bank_reference: str


LAYOUT = Layout(
    kind="draw_return",
    title=Text("放款回盘", "draws made"),
    purpose=Text("经办机构登记放款并核对", "the agency records the draws and reconciles"),
    senders=frozenset({OrganisationKind.BANK}),
    receivers=frozenset({OrganisationKind.AGENCY}),
    row=DrawReturn,
    columns=(
        Column("loan_number", "贷款编号", "text"),
        Column("year", "年度", "year"),
        Column("sequence", "笔次", "count"),
        Column("amount_fen", "实际放款金额（元）", "yuan"),
        Column("drawn_on", "放款日期", "day", required=False),
        Column("result", "放款结果", "word", words={"已放款": "drawn", "未放款": "not_drawn"}),
        Column("reason", "未放款原因", "text", required=False, longest=100),
        Column("bank_reference", "银行流水号", "text", required=False),
    ),
    key=("loan_number", "year", "sequence"),
    amount="amount_fen",
    subject=("loan", "loan_number"),
    year="year",
    day="drawn_on",
)
