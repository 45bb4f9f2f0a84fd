"""Names of area codes by date (GB/T 2260 and its history) and the remark on a code the table does not know."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from zhubao.language import Text

from .number import Finding

_TABLE = Path(__file__).parent / "tables" / "area_codes.csv"
# The first two digits of all provinces lie here.
_PROVINCES = range(11, 84)


@dataclass(frozen=True, slots=True)
class Area:
    """One name of one code; both dates inclusive, None = open or unknown. Dates are exact to the year only."""

    code: str
    name: str
    effective_from: date | None
    effective_to: date | None

    def holds_on(self, on: date) -> bool:
        """Whether the code had this name on `on`."""
        return (self.effective_from is None or self.effective_from <= on) and (
            self.effective_to is None or on <= self.effective_to
        )


@cache
def areas() -> dict[str, tuple[Area, ...]]:
    """Return every name of every code of the table, oldest first."""
    found: dict[str, tuple[Area, ...]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            first = date.fromisoformat(row["effective_from"]) if row["effective_from"] else None
            last = date.fromisoformat(row["effective_to"]) if row["effective_to"] else None
            found[row["code"]] = (*found.get(row["code"], ()), Area(row["code"], row["name"], first, last))
    return found


def area_name(code: str, on: date | None = None) -> str:
    """Return the name of a code on a day, or its last name; "" for a code the table does not know."""
    names = areas().get(code, ())
    if on is not None:
        names = tuple(area for area in names if area.holds_on(on)) or names
    return names[-1].name if names else ""


def full_area_name(code: str, on: date | None = None) -> str:
    """Return province, prefecture and county in one string, as far as the table knows them."""
    chain = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
    return "".join(area_name(part, on) for part in chain)


def area_remark(code: str) -> Finding | None:
    """Return a remark when the table does not know the code at all; an old code is known and gets none. Never a refusal."""
    if code in areas():
        return None
    if int(code[:2]) not in _PROVINCES:
        return Finding(
            "R-ID-AREA",
            Text(f"前两位 {code[:2]} 不是省级代码", f"the first two digits {code[:2]} are no province"),
            Text("核对证件", "check the document"),
        )
    return Finding(
        "R-ID-AREA",
        Text(
            f"代码表中没有区划 {code}（可能是旧代码或外地代码）",
            f"area {code} is not in the table (perhaps old, or of another region)",
        ),
        Text("不影响办理，户籍以登记为准", "no obstacle; the household register decides"),
    )
