"""代缴资金申请明细: the people for whom a department asks county finance for the money (department or agency to finance)."""

from dataclasses import dataclass

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout
from .plan_words import CATEGORIES, DEPARTMENTS


@dataclass(frozen=True, slots=True)
class ClaimedOnBehalf:
    """One person of a claim."""

    plan_number: str
    claim_number: str
    name: str
    id_number: str
    year: int
    category: str
    tier_fen: int
    on_behalf_fen: int


LAYOUT = Layout(
    kind="assistance_claim",
    title=Text("代缴资金申请明细", "claimed contributions on behalf"),
    purpose=Text("审核并拨付代缴资金", "check and pay the contributions on behalf"),
    senders=DEPARTMENTS | {OrganisationKind.AGENCY},
    receivers=frozenset({OrganisationKind.FINANCE}),
    row=ClaimedOnBehalf,
    columns=(
        Column("plan_number", "计划编号", "text", longest=20),
        Column("claim_number", "申请编号", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("year", "所属年度", "year"),
        Column("category", "人员类别", "word", words=CATEGORIES),
        Column("tier_fen", "缴费档次（元）", "yuan"),
        Column("on_behalf_fen", "代缴金额（元）", "yuan"),
    ),
    key=("plan_number",),
    amount="on_behalf_fen",
    subject=("plan-row", "plan_number"),
    year="year",
)
