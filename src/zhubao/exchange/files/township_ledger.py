"""乡镇台账: a township's own list of the people in hardship, who is insured and who has paid, month by month (township to agency)."""

from dataclasses import dataclass

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout
from .plan_words import CATEGORIES

YES_OR_NO = {"是": "yes", "否": "no"}


@dataclass(frozen=True, slots=True)
class LedgerPerson:
    """One person of a township's ledger: `insured` and `paid` are yes or no, `paid_fen` what the person paid this year."""

    name: str
    id_number: str
    category: str
    village: str
    insured: str
    paid: str
    paid_fen: int


LAYOUT = Layout(
    kind="township_ledger",
    title=Text("乡镇台账", "township ledger"),
    purpose=Text("与代缴计划逐人比对，差异转办", "compared with the plan person by person; differences become tasks"),
    senders=frozenset({OrganisationKind.TOWNSHIP}),
    receivers=frozenset({OrganisationKind.AGENCY}),
    row=LedgerPerson,
    columns=(
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("category", "人员类别", "word", words=CATEGORIES),
        Column("village", "村（社区）", "text"),
        Column("insured", "是否参保", "word", words=YES_OR_NO),
        Column("paid", "是否缴费", "word", words=YES_OR_NO),
        Column("paid_fen", "已缴金额（元）", "yuan"),
    ),
    key=("id_number",),
    amount="paid_fen",
    subject=("ledger-person", "village"),
    keeps_lines=False,
)
