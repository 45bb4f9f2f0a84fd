"""贴息申请明细: the days, principal and rate of every loan whose interest finance is to bear (bank to agency, Rugao to HRSS)."""

from dataclasses import dataclass
from datetime import date

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout

CURRENT, ADDED, TAKEN_BACK = "current", "added", "taken_back"


@dataclass(frozen=True, slots=True)
class ClaimedDays:
    """Some days of a loan on one principal and rate: from `starts_on` to `ends_on`, which does not count.

    A line of `kind` current belongs to the claim's own year; added and taken_back put right an earlier `year`, and a line taken back
    counts against the total. `draw` may name the draw (2021/1) where the bank lists draws apart. `subsidy_fen` is what is asked.
    """

    loan_number: str
    id_number: str
    kind: str
    year: int
    draw: str
    principal_fen: int
    rate_ppm: int
    starts_on: date
    ends_on: date
    days: int
    interest_fen: int
    subsidy_fen: int


LAYOUT = Layout(
    kind="subsidy_claim",
    title=Text("贴息申请明细", "claimed interest subsidy"),
    purpose=Text("核实并拨付贷款贴息", "verify and pay the interest subsidy"),
    senders=frozenset({OrganisationKind.BANK}),
    receivers=frozenset({OrganisationKind.AGENCY, OrganisationKind.HRSS}),
    row=ClaimedDays,
    columns=(
        Column("loan_number", "贷款编号", "text", longest=40),
        Column("id_number", "身份证号", "id_number"),
        Column("kind", "申报类型", "word", words={"本期": CURRENT, "补报": ADDED, "冲减": TAKEN_BACK}),
        Column("year", "计息年度", "year"),
        Column("draw", "放款笔次", "text", required=False, longest=20),
        Column("principal_fen", "计息本金（元）", "yuan"),
        Column("rate_ppm", "年利率", "percent"),
        Column("starts_on", "起息日", "day"),
        Column("ends_on", "止息日（不计）", "day"),
        Column("days", "计息天数", "count"),
        Column("interest_fen", "利息（元）", "yuan"),
        Column("subsidy_fen", "申请贴息（元）", "yuan"),
    ),
    key=("loan_number", "kind", "year", "draw", "starts_on", "ends_on", "rate_ppm"),
    amount="subsidy_fen",
    subject=("loan", "loan_number"),
    year="year",
    minus=("kind", TAKEN_BACK),
    keeps_lines=False,
)
