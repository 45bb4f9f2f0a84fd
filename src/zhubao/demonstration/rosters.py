"""Department files of one region, the insured file and what was planted in them.

`department_files` and `insured_file` are pure: they return tables and the list of faults; `county.write_county` writes them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from .faults import EFFECTS, Cell, PlantedFault, Row, plant
from .layouts import DEMONSTRATION_REMARK, Layout, Line, RosterFile, roster_files
from .people import SyntheticPerson
from .regions import DEMONSTRATION_DAY, REGIONS, RegionKey
from .tables import Format, Table

SCHEME_WORDS = {
    "employee_pension": "企业职工",
    "resident_pension": "城乡居民",
    "institution_pension": "机关事业",
    "none": "未参保",
}
INSURED_HEADER = ("身份证号", "姓名", "参保险种", "参保地代码", "缴费档次", "已缴金额", "人员状态", "备注")
INSURED_FORMS: dict[RegionKey, Format] = {
    "jiangxi": "parquet",
    "rugao": "csv-utf8-bom",
    "tongling": "csv-gb18030",
    "pengshui": "csv-utf8-bom",
    "ganzhou": "parquet",
}
_SUFFIXES: dict[Format, str] = {
    "xlsx": "xlsx",
    "csv-gb18030": "csv",
    "csv-utf8-bom": "csv",
    "csv-utf8": "csv",
    "parquet": "parquet",
}
# People of 16 and over who stand in no insured record at all, per mille: their scheme stays unknown.
NOT_IN_INSURED_FILE = 20


@dataclass(frozen=True)
class PlantedSheet:
    """One sheet ready to be written, the faults in it, and the true citizen number and the kind of every data row in order."""

    table: Table
    faults: tuple[PlantedFault, ...]
    id_numbers: tuple[str, ...]
    kinds: tuple[str, ...]

    def usable(self) -> Iterable[tuple[str, str]]:
        """Yield (citizen number, kind) of every row that screening must accept."""
        rejected = {fault.row for fault in self.faults if fault.effect == "rejected"}
        pairs = zip(self.id_numbers, self.kinds, strict=True)
        return (pair for at, pair in enumerate(pairs) if at not in rejected)


@dataclass(frozen=True)
class PlantedFile:
    """One department file ready to be written. `kind` is "applicants" and "insured" for the agency's own two."""

    name: str
    form: Format
    kind: str
    sheets: tuple[PlantedSheet, ...]


@dataclass(frozen=True)
class Differences:
    """What a comparison of a region's files must find; citizen numbers, sorted, of people with at least one usable row."""

    two_names: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    several_rosters: tuple[str, ...] = ()
    employee_scheme: tuple[str, ...] = ()
    deceased: tuple[str, ...] = ()


@dataclass
class _Seen:
    kinds: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    twice: set[str] = field(default_factory=set)
    two_names: set[str] = field(default_factory=set)


def department_files(
    people: Sequence[SyntheticPerson], seed: int, region: RegionKey, *, untouched: frozenset[str] = frozenset()
) -> tuple[PlantedFile, ...]:
    """Return the rosters of all departments of `region`; rows of people in `untouched` (citizen numbers) carry no fault.

    A department with nobody to report sends no file.
    """
    files = (_planted(file, people, seed, region, untouched) for file in roster_files(region))
    return tuple(file for file in files if any(sheet.id_numbers for sheet in file.sheets))


def _planted(
    file: RosterFile, people: Sequence[SyntheticPerson], seed: int, region: RegionKey, untouched: frozenset[str]
) -> PlantedFile:
    sheets = tuple(_sheet(file, layout, people, seed, region, untouched) for layout in file.layouts)
    kinds = sorted({kind for layout in file.layouts for kind in layout.kinds})
    return PlantedFile(file.name, file.form, kinds[0] if len(kinds) == 1 else "", sheets)


def _sheet(
    file: RosterFile, layout: Layout, people: Sequence[SyntheticPerson], seed: int, region: RegionKey, untouched: frozenset[str]
) -> PlantedSheet:
    rng = Random(f"zhubao roster {seed} {region} {file.name} {layout.sheet}")
    lines = [(person, identity) for person in people for identity in person.identities if identity.kind in layout.kinds]
    rows = [
        Row(
            person.id_number,
            person.name,
            identity.kind,
            tuple(column.value(Line(person, identity, serial, rng)) for column in layout.columns),
        )
        for serial, (person, identity) in enumerate(lines, start=1)
    ]
    rows, faults = plant(rows, layout.place("id"), layout.place("name"), rng, untouched=untouched)
    header = tuple(column.header for column in layout.columns)
    table = Table(
        layout.sheet if file.form == "xlsx" else "",
        header,
        [row.cells for row in rows],
        layout.titles,
        tuple(note.format(rows=len(rows)) for note in layout.notes),
        tuple(header.index(name) for name in layout.grouped),
    )
    return PlantedSheet(table, tuple(faults), tuple(row.id_number for row in rows), tuple(row.kind for row in rows))


def insured_file(
    people: Sequence[SyntheticPerson],
    seed: int,
    region: RegionKey,
    *,
    complete: frozenset[str] = frozenset(),
    on: date = DEMONSTRATION_DAY,
) -> PlantedFile:
    """Return the agency's insured records: clean, one row a person and scheme; people in `complete` are never left out.

    Who is in no scheme stands there as 未参保 from 16 on; a few people are missing altogether (`NOT_IN_INSURED_FILE`).
    """
    rng = Random(f"zhubao insured {seed} {region}")
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for person in people:
        left_out = rng.randrange(1000) < NOT_IN_INSURED_FILE
        if person.id_number not in complete and (left_out or (person.scheme == "none" and person.age(on) < 16)):
            continue
        tier = None if person.tier_fen is None else person.tier_fen // 100
        paid = None if person.tier_fen is None else person.paid_fen // 100
        own = (
            person.id_number,
            person.name,
            SCHEME_WORDS[person.scheme],
            person.insured_locality,
            tier,
            paid,
            person.status,
            DEMONSTRATION_REMARK,
        )
        rows.append((person.id_number, own))
        if person.also_employee:
            second = (
                person.id_number,
                person.name,
                "企业职工",
                REGIONS[region].code,
                None,
                None,
                person.status,
                DEMONSTRATION_REMARK,
            )
            rows.append((person.id_number, second))
    form = INSURED_FORMS[region]
    table = Table("", INSURED_HEADER, [cells for _, cells in rows])
    sheet = PlantedSheet(table, (), tuple(number for number, _ in rows), ("insured",) * len(rows))
    return PlantedFile(f"参保信息.{_SUFFIXES[form]}", form, "insured", (sheet,))


def differences(files: Iterable[PlantedFile], people: Iterable[SyntheticPerson], insured: PlantedFile) -> Differences:
    """Return what comparing the rosters with each other and with the insured file must find."""
    seen = _Seen()
    for file in files:
        for sheet in file.sheets:
            usable = Counter(sheet.usable())
            seen.twice.update(number for (number, _), times in usable.items() if times > 1)
            seen.two_names.update(fault.id_number for fault in sheet.faults if fault.fault == "two_names")
            for number, kind in usable:
                seen.kinds[number].add(kind)
    known = {number for sheet in insured.sheets for number in sheet.id_numbers}
    listed = [person for person in people if person.id_number in seen.kinds]
    return Differences(
        two_names=tuple(sorted(seen.two_names)),
        twice=tuple(sorted(seen.twice)),
        several_rosters=tuple(sorted(number for number, kinds in seen.kinds.items() if len(kinds) > 1)),
        employee_scheme=tuple(
            sorted(
                person.id_number
                for person in listed
                if person.id_number in known and (person.also_employee or person.scheme == "employee_pension")
            )
        ),
        deceased=tuple(sorted(person.id_number for person in listed if person.id_number in known and person.deceased)),
    )


def fault_totals(files: Iterable[PlantedFile]) -> dict[str, int]:
    """Return how many rows of `files` carry each effect; every effect is named, 0 included."""
    found = Counter(fault.effect for file in files for sheet in file.sheets for fault in sheet.faults)
    return {effect: found[effect] for effect in sorted(set(EFFECTS.values()))}
