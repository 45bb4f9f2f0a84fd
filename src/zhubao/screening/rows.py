"""Rows in canonical columns, what could not be used, and what one sheet gave."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from zhubao.identity import Finding

from . import cells as read
from .kinds import read_hardship
from .sheets import place

# Canonical column → how its cells are read, and the type of what they say.
READERS: Final[dict[str, tuple[Callable[[str], Any], pa.DataType]]] = {
    "township": (read.read_text, pa.string()),
    "village": (read.read_text, pa.string()),
    "urban_rural": (read.read_urban_rural, pa.string()),
    "disability_grade": (read.read_grade, pa.int64()),
    "certificate_status": (read.read_certificate_status, pa.string()),
    "enterprise": (read.read_enterprise, pa.string()),
    "from_day": (read.read_day, pa.int64()),
    "to_day": (read.read_last_day, pa.int64()),
    "hukou": (read.read_area_code, pa.string()),
    "residence": (read.read_area_code, pa.string()),
    "scheme": (read.read_scheme, pa.string()),
    "participation_type": (read.read_participation, pa.string()),
    "insured_locality": (read.read_area_code, pa.string()),
    "paid_months": (read.read_months, pa.int64()),
    "deemed_months": (read.read_months, pa.int64()),
    "deemed_confirmed": (read.read_flag, pa.bool_()),
    "retirement_category": (read.read_retirement_category, pa.string()),
    "hardship_kind": (read_hardship, pa.string()),
    "certificate": (read.read_text, pa.string()),
    "inability_declaration": (read.read_flag, pa.bool_()),
    "chosen_tier_fen": (read.read_yuan, pa.int64()),
    "subsidised": (read.read_flag, pa.bool_()),
    "paid_fen": (read.read_yuan, pa.int64()),
    "status": (read.read_status, pa.string()),
    "account": (read.read_account, pa.string()),
}
SCHEMA: Final = pa.schema(
    [
        ("source", pa.int64()),
        ("row", pa.int64()),
        ("kind", pa.string()),
        ("id_number", pa.string()),
        ("name", pa.string()),
        *((name, kind) for name, (_, kind) in READERS.items()),
    ]
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that cannot be used: the cell at fault, its content, why, and how to put it right; `name` and `row` as the row has them."""

    file: str
    sheet: str
    cell: str
    column: str
    content: str
    finding: Finding
    name: str = ""
    row: int = 0

    @property
    def place(self) -> str:
        """Where the cell stands, as messages name it."""
        return place(self.file, self.sheet, self.cell)


@dataclass(slots=True)
class ReadSheet:
    """What one sheet gave. `kinds` are those its rows are of, `kind_from` what told: given, column, sheet, title, file or insured.

    `header_row` counts from 1, None for a sheet that was passed over.

    `rows` counts the rows that name somebody, `rejected` those of them that cannot be used; `mapping` goes from column letters to
    canonical columns; `remarks` counts what was noted without rejecting anything.
    """

    file: str
    sheet: str
    kinds: tuple[str, ...]
    kind_from: str | None
    header_row: int | None
    mapping: dict[str, str]
    rows: int = 0
    rejected: int = 0
    remarks: dict[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> str | None:
        """The kind, or the kinds joined by semicolons where rows name their own."""
        return ";".join(self.kinds) or None
