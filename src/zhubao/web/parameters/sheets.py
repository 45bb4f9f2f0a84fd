"""What the pages of parameters show: each name with its value in force, where it came from, who entered it."""

from collections.abc import Iterable
from dataclasses import dataclass

from zhubao.parameters import Parameter, ParameterBook
from zhubao.parameters.names import NAMES, SETTING_PREFIX, ParameterName, declared
from zhubao.parameters.questions import settings
from zhubao.programmes.models import LocalFigure
from zhubao.programmes.selectors import Need, needs_of

from .places import Place


@dataclass(frozen=True)
class Line:
    """One entry beside the row it was entered in (None for a built-in one)."""

    entry: Parameter
    row: LocalFigure | None


@dataclass(frozen=True)
class NameSheet:
    """A name with its entries in force on the day; `need` when documents of the place rest on it."""

    name: ParameterName
    lines: tuple[Line, ...]
    need: Need | None = None
    default: str = ""

    @property
    def missing(self) -> bool:
        """Whether somebody has to enter it."""
        return self.need is not None and self.need.missing

    @property
    def last(self) -> Line | None:
        """Return the greatest of several values that hold together (the tiers of a year), None where there is one."""
        return self.lines[-1] if len(self.lines) > 1 else None

    @property
    def carried(self) -> Parameter | None:
        """Return the entry of a past period that stands in."""
        return self.need.entry if self.need and self.need.carried else None


def lines_of(entries: Iterable[Parameter]) -> tuple[Line, ...]:
    """Return entries beside their rows, read in one query."""
    listed = list(entries)
    keys = [int(entry.place.removeprefix("figure:")) for entry in listed if entry.place.startswith("figure:")]
    rows = {row.place: row for row in LocalFigure.objects.filter(pk__in=keys).select_related("entered_by")} if keys else {}
    return tuple(Line(entry, rows.get(entry.place)) for entry in listed)


def name_sheets(place: Place, book: ParameterBook) -> list[NameSheet]:
    """Return every declared figure at a place and day: missing ones first, then those its documents rest on, then the rest."""
    needs = {need.name.name: need for need in needs_of(place.area, place.on, book)}
    names = [*NAMES.values(), *(need.name for name, need in needs.items() if name not in NAMES)]
    found = {each.name: book.all(each.name, place.on, place.area) for each in names}
    lines = iter(lines_of(entry for each in names for entry in found[each.name]))
    sheets = [NameSheet(each, tuple(next(lines) for _ in found[each.name]), needs.get(each.name)) for each in names]
    return sorted(sheets, key=lambda each: (not each.missing, each.need is None))


def setting_sheets(place: Place, book: ParameterBook) -> list[NameSheet]:
    """Return the named settings of loans and policies: the one in force, or the default."""
    sheets = []
    for setting in settings().values():
        known = declared(SETTING_PREFIX + setting.name)
        assert known is not None
        entry = book.find(known.name, place.on, place.area)
        sheets.append((known, (entry,) if entry else (), setting.value))
    lines = iter(lines_of(entry for _known, entries, _default in sheets for entry in entries))
    return [NameSheet(known, tuple(next(lines) for _ in entries), default=default) for known, entries, default in sheets]


def segments(name: str, place: Place, book: ParameterBook) -> list[Line]:
    """Return every entry of a name in the place and above it, nearest area first, each area by first day."""
    found = [entry for area in place.chain for entry in book.segments(name, area) if entry.area_code == area]
    return list(lines_of(found))


def withdrawn(name: str, place: Place) -> list[LocalFigure]:
    """Return what was entered and withdrawn under a name in the place and above it, the last withdrawal first."""
    rows = LocalFigure.objects.filter(name=name, area_code__in=place.chain).exclude(withdrawn_at=None)
    return list(rows.select_related("entered_by", "withdrawn_by").order_by("-withdrawn_at", "-pk"))
