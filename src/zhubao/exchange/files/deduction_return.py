"""扣划回盘: what the bank took of each instalment, with the reason where it took less (bank to agency)."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout

RESULTS = {
    "全额扣划": "taken",
    "余额不足": "insufficient",
    "账户止付": "blocked",
    "账户注销": "closed",
    "还款部分被转出": "moved",
    "低于应保留金额": "protected",
    "其他原因": "other",
}


@dataclass(frozen=True, slots=True)
class DeductionAnswer:
    """One instalment answered. `result` is a code of `RESULTS`; `amount_fen` is what was taken, 0 for nothing."""

    loan_number: str
    month: date
    ordered_fen: int
    amount_fen: int
    taken_on: date
    result: str
    reason: str
    bank_reference: str


LAYOUT = Layout(
    kind="deduction_return",
    title=Text("扣划回盘", "instalments deducted"),
    purpose=Text("经办机构登记扣款结果并告知借款人", "the agency records what was taken and the borrower is told"),
    senders=frozenset({OrganisationKind.BANK}),
    receivers=frozenset({OrganisationKind.AGENCY}),
    row=DeductionAnswer,
    columns=(
        Column("loan_number", "贷款编号", "text"),
        Column("month", "所属月份", "month"),
        Column("ordered_fen", "应扣金额（元）", "yuan"),
        Column("amount_fen", "实扣金额（元）", "yuan"),
        Column("taken_on", "扣款日期", "day"),
        Column("result", "扣款结果", "word", words=RESULTS),
        Column("reason", "说明", "text", required=False, longest=100),
        Column("bank_reference", "银行流水号", "text", required=False),
    ),
    key=("loan_number", "month"),
    amount="amount_fen",
    subject=("loan", "loan_number"),
    day="taken_on",
)
