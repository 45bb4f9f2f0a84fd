"""到账明细: contributions that arrived, receipt by receipt, each with the source of its money (tax to agency).

The one file serves the books of both sides: nobody enters a receipt a second time. Tongling article 5(1) names its parts: the
arrivals in total, the contributions and among them those paid from loans.
"""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout

SOURCES = {"贷款": "loan", "个人": "self", "代缴": "on_behalf", "其他": "other"}


@dataclass(frozen=True, slots=True)
class ContributionReceipt:
    """One contribution that arrived. `source` is loan, self, on_behalf or other; `loan_number` is "" unless it came from a loan."""

    receipt_number: str
    name: str
    id_number: str
    year: int
    amount_fen: int
    paid_on: date
    source: str
    loan_number: str


LAYOUT = Layout(
    kind="contribution_receipts",
    title=Text("缴费到账明细", "contributions that arrived"),
    purpose=Text("经办机构记入个人账户并核对贷款用途", "the agency credits accounts and checks the use of loans"),
    senders=frozenset({OrganisationKind.TAX}),
    receivers=frozenset({OrganisationKind.AGENCY}),
    row=ContributionReceipt,
    columns=(
        Column("receipt_number", "税票号码", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("year", "所属年度", "year"),
        Column("amount_fen", "缴费金额（元）", "yuan"),
        Column("paid_on", "到账日期", "day"),
        Column("source", "资金来源", "word", words=SOURCES),
        Column("loan_number", "贷款编号", "text", required=False),
    ),
    key=("receipt_number",),
    amount="amount_fen",
    subject=("receipt", "receipt_number"),
    year="year",
    day="paid_on",
)
