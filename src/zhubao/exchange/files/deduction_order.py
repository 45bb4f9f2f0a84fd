"""还款扣划清单: what the bank takes from each pension of a month, with the numbers that bound it (agency to bank)."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout


@dataclass(frozen=True, slots=True)
class Deduction:
    """One instalment to be taken. `protected_fen` of `pension_fen` stays with the borrower; `amount_fen` is kept back until then."""

    loan_number: str
    name: str
    id_number: str
    account_tail: str
    month: date
    pension_fen: int
    credited_on: date
    protected_fen: int
    amount_fen: int


LAYOUT = Layout(
    kind="deduction_order",
    title=Text("还款扣划清单", "instalments to be deducted"),
    purpose=Text("银行从已全额入账的养老金中扣还贷款", "the bank takes the instalments from pensions credited in full"),
    senders=frozenset({OrganisationKind.AGENCY}),
    receivers=frozenset({OrganisationKind.BANK}),
    row=Deduction,
    columns=(
        Column("loan_number", "贷款编号", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("account_tail", "扣款账户后四位", "text", required=False, longest=4),
        Column("month", "所属月份", "month"),
        Column("pension_fen", "养老金全额（元）", "yuan"),
        Column("credited_on", "入账日期", "day"),
        Column("protected_fen", "须保留金额（元）", "yuan"),
        Column("amount_fen", "应扣金额（元）", "yuan"),
    ),
    key=("loan_number", "month"),
    amount="amount_fen",
    subject=("loan", "loan_number"),
    day="credited_on",
)
