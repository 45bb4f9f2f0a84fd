"""扣款后实领养老金: what is left of a pension after the instalment, for the income test of dibao (Rugao article 14(1))."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout


@dataclass(frozen=True, slots=True)
class NetPension:
    """One person's pension of one month: credited, deducted, and what the person really got."""

    loan_number: str
    name: str
    id_number: str
    month: date
    gross_fen: int
    deducted_fen: int
    net_fen: int


LAYOUT = Layout(
    kind="net_pension",
    title=Text("扣款后实领养老金", "pensions after deduction"),
    purpose=Text("民政部门按扣款后实领额核定低保家庭收入", "civil affairs counts the pension left as household income"),
    senders=frozenset({OrganisationKind.AGENCY, OrganisationKind.BANK}),
    receivers=frozenset({OrganisationKind.CIVIL_AFFAIRS}),
    row=NetPension,
    columns=(
        Column("loan_number", "贷款编号", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("month", "所属月份", "month"),
        Column("gross_fen", "养老金全额（元）", "yuan"),
        Column("deducted_fen", "扣还贷款（元）", "yuan"),
        Column("net_fen", "实领养老金（元）", "yuan"),
    ),
    key=("loan_number", "month"),
    amount="net_fen",
    subject=("loan", "loan_number"),
)
