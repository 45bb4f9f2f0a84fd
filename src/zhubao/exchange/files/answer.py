"""处理回执: what became of each line of a file that was received, from the receiver back to the sender."""

from dataclasses import dataclass

from zhubao.access.roles import OrganisationKind
from zhubao.language import Text

from .layout import Column, Layout

EVERY_OFFICE = frozenset(OrganisationKind)


@dataclass(frozen=True, slots=True)
class AnsweredLine:
    """One line of the file answered: its number there, what it was about, its amount, the result code and its words."""

    line: int
    subject: str
    amount_fen: int
    result_code: str
    message: str


LAYOUT = Layout(
    kind="answer",
    title=Text("处理回执", "answer to a file"),
    purpose=Text("告知发送单位逐笔处理结果", "tells the sender what became of each line"),
    senders=EVERY_OFFICE,
    receivers=EVERY_OFFICE,
    row=AnsweredLine,
    columns=(
        Column("line", "原文件序号", "count"),
        Column("subject", "业务编号", "text", longest=80),
        Column("amount_fen", "金额（元）", "yuan"),
        Column("result_code", "结果代码", "text", longest=40),
        Column("message", "结果说明", "text", required=False, longest=300),
    ),
    key=("line",),
    amount="amount_fen",
    subject=("line", "line"),
)
