"""代缴计划: who pays what himself in a plan year, and what is paid on his behalf (agency to tax and townships)."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout
from .plan_words import CATEGORIES


@dataclass(frozen=True, slots=True)
class PlannedContribution:
    """One person of a plan. `plan_number` names the row in every file about it; `self_pay_fen` is to be paid by `due_on`."""

    plan_number: str
    name: str
    id_number: str
    year: int
    category: str
    tier_fen: int
    on_behalf_fen: int
    self_pay_fen: int
    channel: str
    due_on: date


LAYOUT = Layout(
    kind="contribution_plan",
    title=Text("代缴计划", "plan of contributions on behalf"),
    purpose=Text("征收自付部分，通知到人", "collect the own part and tell the people"),
    senders=frozenset({OrganisationKind.AGENCY}),
    receivers=frozenset({OrganisationKind.TAX, OrganisationKind.TOWNSHIP}),
    row=PlannedContribution,
    columns=(
        Column("plan_number", "计划编号", "text", longest=20),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("year", "所属年度", "year"),
        Column("category", "人员类别", "word", words=CATEGORIES),
        Column("tier_fen", "缴费档次（元）", "yuan"),
        Column("on_behalf_fen", "代缴金额（元）", "yuan"),
        Column("self_pay_fen", "自付金额（元）", "yuan"),
        Column("channel", "资金渠道", "word", words={"县级代缴": "county", "重残原渠道": "disability"}),
        Column("due_on", "截止日期", "day"),
    ),
    key=("plan_number",),
    amount="self_pay_fen",
    subject=("plan-row", "plan_number"),
    year="year",
    day="due_on",
)
