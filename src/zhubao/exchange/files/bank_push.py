"""资格名单: people who qualify, pushed by the agency to the bank that lends (Jiangxi annex 3, article 2(3))."""

from dataclasses import dataclass

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout


@dataclass(frozen=True, slots=True)
class QualifiedPerson:
    """One person who qualifies for a loan. `age` in whole years; `subsidy` is yes, no or pending (not yet decided)."""

    case_number: str
    name: str
    id_number: str
    age: int
    paid_months: int
    months_left: int
    yearly_contribution_fen: int
    pension_estimate_fen: int
    subsidy: str


LAYOUT = Layout(
    kind="bank_push",
    title=Text("资格名单", "qualified persons"),
    purpose=Text("银行审查助保贷款申请", "the bank's review of applications"),
    senders=frozenset({OrganisationKind.AGENCY}),
    receivers=frozenset({OrganisationKind.BANK}),
    row=QualifiedPerson,
    columns=(
        Column("case_number", "申请编号", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("age", "年龄", "count"),
        Column("paid_months", "累计缴费月数", "count"),
        Column("months_left", "距领取待遇月数", "count"),
        Column("yearly_contribution_fen", "年度缴费额（元）", "yuan"),
        Column("pension_estimate_fen", "首月养老金测算（元）", "yuan"),
        Column("subsidy", "是否贴息", "word", words={"是": "yes", "否": "no", "待定": "pending"}),
    ),
    key=("case_number",),
    amount="yearly_contribution_fen",
    subject=("case", "case_number"),
)
