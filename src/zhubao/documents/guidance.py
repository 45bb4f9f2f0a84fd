"""The page to take home from the guidance: the ways side by side in a table, what is missing, where the figures come from."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from .sheets import Section, field_row, sheet
from .typesetting import Printable, PrintedForm


class WaySaid(NamedTuple):
    """One way in words."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GuidanceLeaflet(PrintedForm):
    """The sheet. `answers` are what was typed; no name or number of anybody is asked."""

    template: ClassVar[str] = "sheet.typ"
    kind: ClassVar[str] = "参保方式对照单"
    version: ClassVar[str] = "1"

    place: str
    answers: tuple[tuple[str, str], ...]
    ways: tuple[WaySaid, ...]
    notes: tuple[str, ...]

    def content(self) -> dict[str, Printable]:
        """Return answers, ways and notes."""
        pairs = [self.answers[at : at + 2] for at in range(0, len(self.answers), 2)]
        return sheet(
            "参保方式对照单",
            [field_row(*pair) for pair in pairs],
            below=self.place,
            date_label="测算日期",
            sections=[Section(way.title, way.lines) for way in self.ways],
            notes=self.notes,
        )
