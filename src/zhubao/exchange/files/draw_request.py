"""年度缴费金额: what each borrower needs this year, from the agency to the bank (Jiangxi annex 4, Rugao article 12(4))."""

from dataclasses import dataclass

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """One draw to be made: the `sequence`-th of the year for a loan, for so many months of contributions.

    `account_tail` are the last four digits of the account to credit, "" where the bank knows it from the agreement alone.
    """

    loan_number: str
    name: str
    id_number: str
    year: int
    sequence: int
    months: int
    base_fen: int | None
    tier: str
    amount_fen: int
    account_tail: str


LAYOUT = Layout(
    kind="draw_request",
    title=Text("年度缴费金额", "yearly contribution amounts"),
    purpose=Text("银行按核定金额发放当年贷款", "the year's draws in the amounts fixed by the agency"),
    senders=frozenset({OrganisationKind.AGENCY}),
    receivers=frozenset({OrganisationKind.BANK}),
    row=DrawRequest,
    columns=(
        Column("loan_number", "贷款编号", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("year", "年度", "year"),
        Column("sequence", "笔次", "count"),
        Column("months", "缴费月数", "count"),
        Column("base_fen", "缴费基数（元/月）", "yuan", required=False),
        Column("tier", "缴费档次", "text", required=False),
        Column("amount_fen", "放款金额（元）", "yuan"),
        Column("account_tail", "入账账户后四位", "text", required=False, longest=4),
    ),
    key=("loan_number", "year", "sequence"),
    amount="amount_fen",
    subject=("loan", "loan_number"),
    year="year",
)
