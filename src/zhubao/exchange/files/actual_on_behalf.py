"""实缴代缴数据: whose own part is really paid and what is therefore due on behalf (tax to the agency and to each department)."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout
from .plan_words import CATEGORIES, DEPARTMENTS


@dataclass(frozen=True, slots=True)
class ActualOnBehalf:
    """One person for whom the part on behalf is due. `paid_on` is empty where nothing was to be paid by the person."""

    plan_number: str
    name: str
    id_number: str
    year: int
    category: str
    tier_fen: int
    self_paid_fen: int
    paid_on: date | None
    on_behalf_fen: int


LAYOUT = Layout(
    kind="actual_on_behalf",
    title=Text("实缴代缴数据", "actual data of contributions on behalf"),
    purpose=Text("主管部门核实并申请代缴资金", "departments verify and claim the money"),
    senders=frozenset({OrganisationKind.TAX}),
    receivers=frozenset({OrganisationKind.AGENCY}) | DEPARTMENTS,
    row=ActualOnBehalf,
    columns=(
        Column("plan_number", "计划编号", "text", longest=20),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("year", "所属年度", "year"),
        Column("category", "人员类别", "word", words=CATEGORIES),
        Column("tier_fen", "缴费档次（元）", "yuan"),
        Column("self_paid_fen", "已缴自付（元）", "yuan"),
        Column("paid_on", "缴费日期", "day", required=False),
        Column("on_behalf_fen", "代缴金额（元）", "yuan"),
    ),
    key=("plan_number",),
    amount="on_behalf_fen",
    subject=("plan-row", "plan_number"),
    year="year",
    day="paid_on",
)
