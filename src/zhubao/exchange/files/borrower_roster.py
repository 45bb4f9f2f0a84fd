"""借款人花名册: everybody who signed, from the bank to agency, finance and HRSS; the bank keeps the fourth copy (Rugao article 12(3))."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout


@dataclass(frozen=True, slots=True)
class Borrower:
    """One borrower who signed: the loan agreed, its yearly rate in parts per million, its term in months."""

    loan_number: str
    name: str
    id_number: str
    amount_fen: int
    rate_ppm: int
    term_months: int
    category: str
    drawn_on: date | None


LAYOUT = Layout(
    kind="borrower_roster",
    title=Text("借款人花名册", "borrower roster"),
    purpose=Text(
        "人社、财政、经办机构各存一份，据以核定放款和贴息", "the copies of agency, finance and HRSS, for draws and subsidies"
    ),
    senders=frozenset({OrganisationKind.BANK}),
    receivers=frozenset({OrganisationKind.AGENCY, OrganisationKind.FINANCE, OrganisationKind.HRSS}),
    row=Borrower,
    columns=(
        Column("loan_number", "贷款编号", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("amount_fen", "贷款金额（元）", "yuan"),
        Column("rate_ppm", "年利率", "percent"),
        Column("term_months", "期限（月）", "count"),
        Column("category", "对象类别", "text", required=False),
        Column("drawn_on", "首次放款日期", "day", required=False),
    ),
    key=("loan_number",),
    amount="amount_fen",
    subject=("loan", "loan_number"),
    day="drawn_on",
)
