"""A budget as a list: for the workbook by place, on paper by programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from .lists import Cell, Column, PrintedList
from .typesetting import Printable


class BudgetRow(NamedTuple):
    """One row: place, programme, item and payer in words, fen of each year, whether it counts among what finance pays."""

    place: str
    programme: str
    item: str
    payer: str
    fen: tuple[int, ...]
    counts: bool


@dataclass(frozen=True, kw_only=True)
class BudgetList(PrintedList):
    """What finance pays in the coming years; the totals leave out draws, and claims, which ask for the interest again."""

    kind: ClassVar[str] = "助保贷款预算测算表"
    version: ClassVar[str] = "1"

    heading: str
    below: str
    years: tuple[str, ...]
    rows: tuple[BudgetRow, ...]

    @property
    def title(self) -> str:
        """The heading."""
        return self.heading

    @property
    def scope(self) -> str:
        """Day, number of loans, assumptions."""
        return self.below

    def columns(self) -> tuple[Column, ...]:
        """Place, programme, item, payer, then the years."""
        fixed = (Column("地区", "text", 7), Column("政策", "text", 15), Column("项目", "text", 11), Column("承担方", "text", 8))
        return (*fixed, *(Column(year, "yuan", 10) for year in self.years))

    def cells(self) -> Sequence[Sequence[Cell]]:
        """One row a line, in the order given."""
        return [(row.place, row.programme, row.item, row.payer, *row.fen) for row in self.rows]

    def content(self) -> dict[str, Printable]:
        """Return what a list prints; its rows are no people."""
        return {**super().content(), "counted": "金额单位：元"}

    def totals_fen(self) -> dict[int, int]:
        """Return what finance pays in each year."""
        offset = len(self.columns()) - len(self.years)
        return {offset + at: sum(row.fen[at] for row in self.rows if row.counts) for at in range(len(self.years))}
