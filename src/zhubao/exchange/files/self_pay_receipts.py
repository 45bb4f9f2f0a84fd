"""自付到账明细: what people of a plan paid themselves, receipt by receipt (tax to agency)."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout


@dataclass(frozen=True, slots=True)
class SelfPayReceipt:
    """One payment by a person: the own part of a tier, or the whole tier."""

    receipt_number: str
    name: str
    id_number: str
    year: int
    tier_fen: int
    amount_fen: int
    paid_on: date


LAYOUT = Layout(
    kind="self_pay_receipts",
    title=Text("自付到账明细", "own parts that arrived"),
    purpose=Text("登记自付部分和本人已全额缴费", "record own parts, and who paid in full"),
    senders=frozenset({OrganisationKind.TAX}),
    receivers=frozenset({OrganisationKind.AGENCY}),
    row=SelfPayReceipt,
    columns=(
        Column("receipt_number", "税票号码", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("year", "所属年度", "year"),
        Column("tier_fen", "缴费档次（元）", "yuan"),
        Column("amount_fen", "缴费金额（元）", "yuan"),
        Column("paid_on", "缴费日期", "day"),
    ),
    key=("receipt_number",),
    amount="amount_fen",
    subject=("receipt", "receipt_number"),
    year="year",
    day="paid_on",
)
