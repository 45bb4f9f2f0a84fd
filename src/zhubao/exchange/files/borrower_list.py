"""贷款审查结果名单: whom the bank approved and whom it refused, fed back to the agency (Tongling article 5(1))."""

from dataclasses import dataclass

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout


@dataclass(frozen=True, slots=True)
class ReviewedApplicant:
    """One applicant the bank reviewed: `decision` approved or refused; `amount_fen` is 0 for a refusal, which carries its reason."""

    case_number: str
    name: str
    id_number: str
    decision: str
    amount_fen: int
    term_months: int | None
    rate_ppm: int | None
    reason: str


LAYOUT = Layout(
    kind="borrower_list",
    title=Text("贷款审查结果名单", "results of the bank's review"),
    purpose=Text("经办机构登记银行审查结果", "the agency records what the bank decided"),
    senders=frozenset({OrganisationKind.BANK}),
    receivers=frozenset({OrganisationKind.AGENCY}),
    row=ReviewedApplicant,
    columns=(
        Column("case_number", "申请编号", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("decision", "审查结果", "word", words={"同意": "approved", "不同意": "refused"}),
        Column("amount_fen", "贷款金额（元）", "yuan"),
        Column("term_months", "期限（月）", "count", required=False),
        Column("rate_ppm", "年利率", "percent", required=False),
        Column("reason", "不同意原因", "text", required=False, longest=100),
    ),
    key=("case_number",),
    amount="amount_fen",
    subject=("case", "case_number"),
)
