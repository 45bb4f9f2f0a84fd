"""Dated values by name and area: built-in tables, local entries laid over them, look-up along the area hierarchy."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .names import NAMES, declared

TABLES = Path(__file__).parent / "tables"
NATION = "CN"
LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value in force in one area for one period.

    `value` is an integer in `unit` (fen, ppm, years) or text; both dates are inclusive, `effective_to` None means still open.
    `confidence`: A two sources agree, B one source, C unverified, D computed from A, ``local`` entered by an agency. `supersedes`: it
    comes from a later text of the state or the province, which no limit of the older document binds.
    """

    name: str
    value: int | str
    unit: str
    area_code: str
    effective_from: date
    effective_to: date | None
    source: str
    confidence: str = LOCAL
    decided_by: str = ""
    note: str = ""
    place: str = ""
    supersedes: bool = False

    @property
    def unverified(self) -> bool:
        """Whether the value is general knowledge that nobody has checked and must be shown as such."""
        return self.confidence == "C"

    def holds_on(self, on: date) -> bool:
        """Whether `on` lies in the period."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    def number(self) -> int:
        """Return the value of a parameter that is a number; TypeError for a text."""
        if not isinstance(self.value, int):
            raise TypeError(f"{self.name} is a text")
        return self.value

    def mark(self) -> dict[str, Any]:
        """Return the row that a result's list `unverified` carries for this value."""
        return {"parameter": self.name, "value": self.value, "confidence": self.confidence, "source": self.source}

    def as_json(self) -> dict[str, Any]:
        """Return the entry with dates as text; an open end is null."""
        return {
            "name": self.name,
            "area_code": self.area_code,
            "value": self.value,
            "unit": self.unit,
            "effective_from": None if self.effective_from == date.min else self.effective_from.isoformat(),
            "effective_to": self.effective_to.isoformat() if self.effective_to else None,
            "source": self.source,
            "confidence": self.confidence,
            "decided_by": self.decided_by or None,
            "note": self.note or None,
        }


Segments = dict[tuple[str, str], tuple[Parameter, ...]]


def area_chain(area_code: str) -> tuple[str, ...]:
    """Return the area and everything above it, nearest first: 360702 → 360702, 360700, 360000, CN; a longer code is cut."""
    if area_code == NATION:
        return (NATION,)
    county = area_code[:6]
    return tuple(dict.fromkeys((county, county[:4] + "00", county[:2] + "0000", NATION)))


def read_rows(table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a built-in csv of this package by its name without the suffix."""
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def segments_of(entries: Iterable[Parameter]) -> Segments:
    """Group entries by (name, area), each group in the order of its first days."""
    grouped: dict[tuple[str, str], list[Parameter]] = {}
    for entry in entries:
        grouped.setdefault((entry.name, entry.area_code), []).append(entry)
    return {key: tuple(sorted(group, key=lambda entry: entry.effective_from)) for key, group in grouped.items()}


@cache
def _notes() -> dict[str, Text]:
    return {row["en"]: Text(row["zh"], row["en"]) for row in read_rows("notes")}


def note_words(note: str) -> Text:
    """Return the note of an entry in both languages; a note of the tables has its Chinese words in ``notes.csv``."""
    return _notes().get(note, Text(note, note))


@cache
def _table(table: str) -> Segments:
    return segments_of(
        Parameter(
            row["name"],
            int(row["value"]),
            row["unit"],
            row["area_code"],
            date.fromisoformat(row["effective_from"]),
            date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            row["source"],
            row["confidence"],
            note=row["note"],
        )
        for row in read_rows(table)
    )


class ParameterBook:
    """All values known to one question: the built-in tables, read one by one when asked for, under local entries."""

    __slots__ = ("_local", "local_entries")

    def __init__(self, local_entries: tuple[Parameter, ...] = ()) -> None:
        self.local_entries = local_entries
        self._local = segments_of(local_entries)

    @staticmethod
    def built_in() -> "ParameterBook":
        """Return the book of the shipped tables alone; the same object every time."""
        return _built_in_book()

    def over(self, entries: Iterable[Parameter]) -> "ParameterBook":
        """Return a new book with `entries` laid over this one; the newest layer wins where both hold."""
        return ParameterBook((*self.local_entries, *entries))

    def _here(self, name: str, area_code: str) -> Iterator[Parameter]:
        """Yield what one area has under `name`, the entry that wins first."""
        yield from reversed(self._local.get((name, area_code), ()))
        known = NAMES.get(name)
        if known and known.table:
            yield from reversed(_table(known.table).get((name, area_code), ()))

    def find(self, name: str, on: date, area_code: str = NATION) -> Parameter | None:
        """Return the value in force on `on` in the nearest area that has one, or None; E-PARAM-NAME for an undeclared name."""
        self._known(name)
        for area in area_chain(area_code):
            for entry in self._here(name, area):
                if entry.holds_on(on):
                    return entry
        return None

    def latest(self, name: str, on: date, area_code: str = NATION) -> Parameter | None:
        """Return the last value that began on or before `on`, also when its period is over: the base of a year not yet published."""
        self._known(name)
        for area in area_chain(area_code):
            begun = [entry for entry in self._here(name, area) if entry.effective_from <= on]
            if begun:
                return max(begun, key=lambda entry: entry.effective_from)
        return None

    def all(self, name: str, on: date, area_code: str = NATION) -> tuple[Parameter, ...]:
        """Return every value in force on `on` in the nearest area that has any, smallest first (the tiers of a year)."""
        self._known(name)
        for area in area_chain(area_code):
            found = {entry.value: entry for entry in self._here(name, area) if entry.holds_on(on)}
            if found:
                return tuple(sorted(found.values(), key=lambda entry: (isinstance(entry.value, str), entry.value)))
        return ()

    def segments(self, name: str, area_code: str = NATION) -> tuple[Parameter, ...]:
        """Return all entries of `name` in the nearest area that has any, by first day; of one day the built-in first, then local."""
        self._known(name)
        for area in area_chain(area_code):
            here = list(self._here(name, area))
            if here:
                here.reverse()
                return tuple(sorted(here, key=lambda entry: entry.effective_from))
        return ()

    def entries(self) -> Iterator[Parameter]:
        """Yield every built-in entry in the order of the declared names, then every local one."""
        for name in NAMES.values():
            if name.table:
                for key, group in _table(name.table).items():
                    if key[0] == name.name:
                        yield from group
        yield from self.local_entries

    @staticmethod
    def _known(name: str) -> None:
        if name not in NAMES and declared(name) is None:
            raise unknown_name(name)


def unknown_name(name: str, place: str = "") -> ZhubaoError:
    """Return the error for a parameter nobody declared."""
    return ZhubaoError(
        "E-PARAM-NAME",
        Text(f"没有名为“{name}”的参数", f"there is no parameter named {name!r}"),
        place=place,
        remedy=Text("用 zhubao parameters list 查看可用名称", "see `zhubao parameters list` for the names"),
    )


@cache
def _built_in_book() -> ParameterBook:
    return ParameterBook()
