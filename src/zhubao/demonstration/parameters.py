"""The marked demonstration parameter set: values that no published table gives, so that every page can be tried today.

Each entry says in `source` that it is not official and is decided by 演示. The set is a local file like a county's own; a real
county replaces it. A document past its term is extended by `setting.extended_to`, which a real county may enter only with a
document. Figures continue the last known year by a few percent and are rounded so that nobody takes them for notices.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from zhubao.parameters import Parameter
from zhubao.parameters.local import local_text, write_local_file

from .regions import REGIONS, RegionKey

SOURCE = "演示参数，非官方"
DECIDED_BY = "演示"
# As far as the clock of the demonstration goes.
LAST_YEAR = 2030
EXTENDED_TO = date(LAST_YEAR, 12, 31)
# Documents whose own term has ended, and the area where the demonstration extends them.
_EXTENDED: tuple[tuple[str, str], ...] = (
    ("500243", "演示参数，非官方：为试用延长《彭水县2022年资助方案》"),
    ("360700", "演示参数，非官方：为试用延长赣市人社发〔2021〕7号"),
)
# What the city bears of the contributions of the severely disabled.
_CITY_PERCENT = "60"

# Province → last year with a value, then one value a year, in yuan a month.
_LOWEST_TIER_MONTHLY: dict[str, dict[int, int]] = {
    "360000": {2025: 790, 2026: 810, 2027: 830, 2028: 850, 2029: 870, 2030: 890},
    "320000": {2025: 1000, 2026: 1020, 2027: 1040, 2028: 1060, 2029: 1080, 2030: 1100},
    "340000": {2025: 870, 2026: 890, 2027: 910, 2028: 930, 2029: 950, 2030: 970},
    "500000": {2025: 900, 2026: 920, 2027: 940, 2028: 960, 2029: 980, 2030: 1000},
}
_CALC_BASE: dict[str, dict[int, int]] = {
    "360000": {2026: 7200, 2027: 7350, 2028: 7500, 2029: 7650, 2030: 7800},
    "320000": {2026: 9100, 2027: 9300, 2028: 9450, 2029: 9600, 2030: 9750},
    "340000": {2026: 8150, 2027: 8300, 2028: 8450, 2029: 8600, 2030: 8750},
    "500000": {2026: 8400, 2027: 8550, 2028: 8700, 2029: 8850, 2030: 9000},
}
_FLOOR: dict[str, dict[int, int]] = {
    "360000": {2024: 870, 2025: 890, 2026: 910, 2027: 930, 2028: 950, 2029: 970, 2030: 990},
    "320682": {2024: 860, 2025: 880, 2026: 900, 2027: 920, 2028: 940, 2029: 960, 2030: 980},
    "340700": {2024: 800, 2025: 820, 2026: 840, 2027: 860, 2028: 880, 2029: 900, 2030: 920},
    "500000": {2025: 760, 2026: 770, 2027: 780, 2028: 800, 2029: 820, 2030: 840},
}
_RESIDENT_TIERS_YUAN = (200, 300, 400, 500, 600, 700, 800, 900, 1000, 1500, 2000, 3000)
_RESIDENT_LOWEST_YUAN: dict[str, int] = {"360000": 200, "320000": 300, "340000": 200, "500000": 200}
# The two documents on contributions on behalf keep a lowest tier of 100 yuan for their people; the tables end with their terms.
_RETAINED_LOWEST_YUAN: dict[str, tuple[int, date]] = {"500243": (100, date(2023, 1, 1)), "360700": (100, date(2026, 1, 1))}


def demonstration_parameters() -> tuple[Parameter, ...]:
    """Return the whole set in a fixed order: amounts in fen, rates in ppm a year, periods inclusive at both ends."""
    return tuple(_entries())


def demonstration_parameters_for(region: RegionKey) -> tuple[Parameter, ...]:
    """Return the entries that reach one region: the nation's, its province's, its prefecture's and its own."""
    code = REGIONS[region].code
    reach = {"CN", f"{code[:2]}0000", f"{code[:4]}00", code}
    return tuple(entry for entry in _entries() if entry.area_code in reach)


def demonstration_parameter_text() -> str:
    """Return the set as the text of a local parameter file."""
    return local_text(_entries())


def write_demonstration_parameters(path: Path) -> None:
    """Write the set as a local parameter file, whole or not at all."""
    write_local_file(path, _entries())


def _entry(name: str, area: str, value: int | str, unit: str, first: date, last: date | None, source: str = SOURCE) -> Parameter:
    return Parameter(name, value, unit, area, first, last, source, decided_by=DECIDED_BY)


def _yearly(name: str, table: dict[str, dict[int, int]]) -> Iterator[Parameter]:
    for area, years in table.items():
        for year, yuan in years.items():
            yield _entry(name, area, yuan * 100, "fen", date(year, 1, 1), date(year, 12, 31))


def _tiers(area: str, lowest_yuan: int, first: date) -> Iterator[Parameter]:
    yield _entry("lowest_tier_yearly_fen", area, lowest_yuan * 100, "fen", first, None)
    for tier in sorted({lowest_yuan, *_RESIDENT_TIERS_YUAN}):
        if tier >= lowest_yuan:
            yield _entry("tier_yearly_fen", area, tier * 100, "fen", first, None)


def _entries() -> Iterator[Parameter]:
    for area, source in _EXTENDED:
        yield _entry("setting.extended_to", area, EXTENDED_TO.isoformat(), "text", date(2022, 1, 1), None, source)
    yield _entry("setting.disability_city_percent", "500243", _CITY_PERCENT, "text", date(2022, 1, 1), None)
    yield from _yearly("lowest_tier_monthly_fen", _LOWEST_TIER_MONTHLY)
    yield from _yearly("calc_base_fen", _CALC_BASE)
    yield from _yearly("floor_fen", _FLOOR)
    for area, lowest in _RESIDENT_LOWEST_YUAN.items():
        yield from _tiers(area, lowest, date(2023, 1, 1))
    for area, (lowest, first) in _RETAINED_LOWEST_YUAN.items():
        yield from _tiers(area, lowest, first)
    # The last rates in the built-in table, carried over the months for which none was found.
    yield _entry("lpr_1y_ppm", "CN", 30_000, "ppm", date(2026, 9, 21), EXTENDED_TO)
    yield _entry("lpr_5y_ppm", "CN", 35_000, "ppm", date(2026, 9, 21), EXTENDED_TO)
    for year in range(2026, LAST_YEAR + 1):
        yield _entry("account_crediting_ppm", "CN", 15_000, "ppm", date(year, 1, 1), date(year, 12, 31))
    for year in range(2024, LAST_YEAR + 1):
        ppm = {2024: 30_000, 2025: 28_000}.get(year, 25_000)
        yield _entry("resident_crediting_ppm", "CN", ppm, "ppm", date(year, 1, 1), date(year, 12, 31))
