"""A sheet as it stands in its file: text cells with their places, before anything is understood."""

from dataclasses import dataclass, field

import pyarrow as pa

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .headers import letters


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of text cells. Row 0 of `cells` is row 1 of the sheet; column 0 stands in the column `first_column` (0 = A).

    `name` is "" for a file without sheets. `errors` maps (row, column) of `cells` to the formula error that stands there.
    """

    name: str
    cells: pa.Table
    first_column: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)

    def address(self, row: int, column: int) -> str:
        """Return the address of a cell (0-based row and column of `cells`) as a spreadsheet shows it, e.g. ``C412``."""
        return f"{letters(self.first_column + column)}{row + 1}"

    def rows(self, start: int, stop: int) -> list[tuple[str | None, ...]]:
        """Return the rows `start` up to but not including `stop` as tuples of text."""
        part = self.cells.slice(start, max(0, stop - start))
        return list(zip(*(column.to_pylist() for column in part.columns), strict=True))


def place(file: str, sheet: str, address: str) -> str:
    """Return how a message names a cell: ``people.xlsx 民政!C412``, or ``people.csv C412`` where there are no sheets."""
    return f"{file} {sheet}!{address}" if sheet else f"{file} {address}"


def not_readable(file: str, code: str, problem: Text, remedy: Text) -> ZhubaoError:
    """Return the error for a file that cannot be read at all."""
    return ZhubaoError(code, problem, place=file, remedy=remedy)
