"""养老金入账明细: the pension of each borrower credited in full, month by month (bank to agency, or agency to bank).

The debit of an instalment waits for this file: Rugao article 14(1) has the whole pension credited first.
"""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout

PARTIES = frozenset({OrganisationKind.BANK, OrganisationKind.AGENCY})


@dataclass(frozen=True, slots=True)
class PensionCredited:
    """One month's pension of one borrower, credited whole on a day; `basic_fen` the basic part where the pension has one."""

    loan_number: str
    name: str
    id_number: str
    month: date
    gross_fen: int
    basic_fen: int | None
    credited_on: date


LAYOUT = Layout(
    kind="pension_credit",
    title=Text("养老金入账明细", "pensions credited"),
    purpose=Text("核对养老金全额入账后再扣还贷款", "the whole pension is seen credited before an instalment is taken"),
    senders=PARTIES,
    receivers=PARTIES,
    row=PensionCredited,
    columns=(
        Column("loan_number", "贷款编号", "text"),
        Column("name", "姓名", "name"),
        Column("id_number", "身份证号", "id_number"),
        Column("month", "所属月份", "month"),
        Column("gross_fen", "养老金全额（元）", "yuan"),
        Column("basic_fen", "其中基础养老金（元）", "yuan", required=False),
        Column("credited_on", "入账日期", "day"),
    ),
    key=("loan_number", "month"),
    amount="gross_fen",
    subject=("loan", "loan_number"),
    day="credited_on",
)
