"""The parts of a sheet of labelled values, so that a form's fields stand in one place, in the order of the paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .typesetting import Printable
from .wording import chinese_date


@dataclass(frozen=True)
class Seal:
    """Where an office signs and seals: the label of the signer's line, and what is known already."""

    office: str = ""
    label: str = "经办人签字"
    signer: str = ""
    signed: date | None = None


@dataclass(frozen=True)
class Section:
    """A wide row: label, boxes to tick, paragraphs (numbered or not), a seal area or none."""

    label: str
    paragraphs: tuple[str, ...] = ()
    choices: tuple[tuple[str, bool], ...] = ()
    numbered: bool = False
    seal: Seal | None = None


@dataclass(frozen=True)
class Party:
    """One who signs at the foot of the sheet; `sealed` where an office seals."""

    label: str
    name: str = ""
    sealed: bool = False
    signed: date | None = None


def field_row(*fields: tuple[str, str]) -> list[Printable]:
    """Return a row of one wide or two narrow fields, each label and value."""
    return [{"label": label, "value": value} for label, value in fields]


def ticked(choices: Sequence[tuple[str, bool]]) -> list[Printable]:
    """Return check boxes with their names."""
    return [{"name": name, "on": on} for name, on in choices]


def sheet(
    title: str,
    rows: Sequence[list[Printable]],
    *,
    below: str = "",
    date_label: str = "填表日期",
    sections: Sequence[Section] = (),
    parties: Sequence[Party] = (),
    notes: Sequence[str] = (),
) -> dict[str, Printable]:
    """Return the content of ``sheet.typ``."""
    return {
        "title": title,
        "below": below,
        "date_label": date_label,
        "rows": list(rows),
        "sections": [_section(section) for section in sections],
        "parties": [
            {"label": party.label, "name": party.name, "sealed": party.sealed, "day": chinese_date(party.signed)}
            for party in parties
        ],
        "notes": list(notes),
    }


def _section(section: Section) -> Printable:
    seal = section.seal
    return {
        "label": section.label,
        "paragraphs": list(section.paragraphs),
        "choices": ticked(section.choices),
        "numbered": section.numbered,
        "seal": None
        if seal is None
        else {"office": seal.office, "label": seal.label, "signer": seal.signer, "day": chinese_date(seal.signed)},
    }
