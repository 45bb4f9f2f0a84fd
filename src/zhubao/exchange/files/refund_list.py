"""退费名单: people who had paid in full themselves, and what goes back to each (agency to department)."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout
from .plan_words import DEPARTMENTS


@dataclass(frozen=True, slots=True)
class RefundDue:
    """One refund: what the person paid and when, and the part on behalf that goes back."""

    plan_number: str
    name: str
    id_number: str
    year: int
    tier_fen: int
    paid_fen: int
    paid_on: date
    refund_fen: int


LAYOUT = Layout(
    kind="refund_list",
    title=Text("退费名单", "list of refunds"),
    purpose=Text("主管部门把代缴部分退还本人", "the department pays the part on behalf back to the person"),
    senders=frozenset({OrganisationKind.AGENCY}),
    receivers=DEPARTMENTS,
    row=RefundDue,
    columns=(
        Column("plan_number", "计划编号", "text", longest=20),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("year", "所属年度", "year"),
        Column("tier_fen", "缴费档次（元）", "yuan"),
        Column("paid_fen", "本人缴费（元）", "yuan"),
        Column("paid_on", "缴费日期", "day"),
        Column("refund_fen", "应退金额（元）", "yuan"),
    ),
    key=("plan_number",),
    amount="refund_fen",
    subject=("plan-row", "plan_number"),
    year="year",
    day="paid_on",
)
