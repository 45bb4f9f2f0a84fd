"""代缴核实名单: what a department says to each line of the actual data (department to agency)."""

from dataclasses import dataclass

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout
from .plan_words import DEPARTMENTS

VERIFIED, REJECTED = "verified", "rejected"


@dataclass(frozen=True, slots=True)
class VerifiedOnBehalf:
    """One person of the actual data. `result` is verified or rejected; a rejected one has its `reason`."""

    plan_number: str
    name: str
    id_number: str
    year: int
    on_behalf_fen: int
    result: str
    reason: str


LAYOUT = Layout(
    kind="verified_list",
    title=Text("代缴核实名单", "verified list of contributions on behalf"),
    purpose=Text("据以申请代缴资金", "the claim for the money rests on it"),
    senders=DEPARTMENTS,
    receivers=frozenset({OrganisationKind.AGENCY}),
    row=VerifiedOnBehalf,
    columns=(
        Column("plan_number", "计划编号", "text", longest=20),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("year", "所属年度", "year"),
        Column("on_behalf_fen", "代缴金额（元）", "yuan"),
        Column("result", "核实结果", "word", words={"属实": VERIFIED, "不属实": REJECTED}),
        Column("reason", "不属实原因", "text", required=False, longest=200),
    ),
    key=("plan_number",),
    amount="on_behalf_fen",
    subject=("plan-row", "plan_number"),
    year="year",
)
