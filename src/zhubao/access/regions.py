"""Files of regions: read with their faults by line, then written all together or not at all."""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .actors import Actor
from .audit import CHAIN_LENGTH, record
from .models import Region
from .roles import Role

LEVELS = (2, 4, 6, 9, 12)
NAME_LENGTH = 60
CODE_TITLES, NAME_TITLES = {"code", "代码", "区划代码", "行政区划代码"}, {"name", "名称", "区划名称"}


def around(region_code: str) -> list[str]:
    """Return a place and everything above it, the widest first: what holds in a county holds in its villages."""
    return [region_code[:length] for length in LEVELS if length <= len(region_code)]


@dataclass(frozen=True)
class Line:
    """One region of a file: the line it stands on (the first is 1), its code without filling noughts, its name."""

    number: int
    code: str
    name: str


@dataclass
class RegionFile:
    """What a file says: regions in the order of their codes, and every fault, each placed at its line."""

    lines: list[Line] = field(default_factory=list)
    faults: list[ZhubaoError] = field(default_factory=list)
    sha256: str = ""


@dataclass(frozen=True)
class Imported:
    """What an import did: how many regions came in, how many got another name, how many were there already."""

    added: int
    renamed: int
    unchanged: int


def short_code(code: str) -> str:
    """Return a code without the noughts that fill it up to six or twelve digits: 320600 → 3206, 320682108000 → 320682108.

    A code of any other shape comes back as it is.
    """
    for length in LEVELS:
        filled = {6: 6, 12: 12}.get(len(code))
        if filled and length < filled and set(code[length:]) == {"0"}:
            return code[:length]
    return code


def parent_codes(code: str) -> list[str]:
    """Return the codes a region may stand under, nearest first."""
    return [code[:length] for length in reversed(LEVELS) if length < len(code)]


def read_regions(content: bytes, place: str) -> RegionFile:
    """Read a csv file of the columns code and name (代码, 名称), in UTF-8 or GB18030; faults are E-REGION-…, never raised.

    A code has 2, 4, 6, 9 or 12 digits, or is filled with noughts to 6 or 12. `place` names the file in the faults.
    """
    found = RegionFile(sha256=hashlib.sha256(content).hexdigest())

    def fault(number: int, code: str, zh: str, en: str) -> None:
        found.faults.append(ZhubaoError(code, Text(zh, en), place=f"{place}:{number}"))

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    if "\0" in text or "\ufffd" in text:
        fault(1, "E-REGION-FILE", "不是文本文件；请另存为 CSV", "not a text file; save it as CSV")
        return found
    rows = csv.reader(io.StringIO(text, newline=""))
    head = [title.strip().lower() for title in next(rows, [])]
    columns = [next((at for at, title in enumerate(head) if title in titles), None) for titles in (CODE_TITLES, NAME_TITLES)]
    code_at, name_at = columns
    if code_at is None or name_at is None:
        fault(1, "E-REGION-COLUMNS", "第一行要有 code,name（代码,名称）两列", "the first line must name the columns code,name")
        return found
    seen: dict[str, Line] = {}
    for row in rows:
        number = rows.line_num
        if not any(cell.strip() for cell in row):
            continue
        code, name = ("".join(row[at : at + 1]).strip() for at in (code_at, name_at))
        code = short_code(code)
        if not (code.isascii() and code.isdigit() and len(code) in LEVELS):
            fault(
                number,
                "E-REGION-CODE",
                f"代码“{code}”不是 2、4、6、9 或 12 位数字",
                f"code {code!r} has not 2, 4, 6, 9 or 12 digits",
            )
        elif not name or len(name) > NAME_LENGTH:
            fault(number, "E-REGION-NAME", f"名称要 1 到 {NAME_LENGTH} 个字", f"a name of 1 to {NAME_LENGTH} signs is needed")
        elif code in seen and seen[code].name != name:
            fault(
                number,
                "E-REGION-TWICE",
                f"代码 {code} 在第 {seen[code].number} 行是“{seen[code].name}”",
                f"code {code} is {seen[code].name!r} on line {seen[code].number}",
            )
        else:
            seen.setdefault(code, Line(number, code, name))
    found.lines = sorted(seen.values(), key=lambda line: (len(line.code), line.code))
    if not found.lines and not found.faults:
        fault(1, "E-REGION-FILE", "文件里没有区划", "the file has no regions")
    return found


def check_places(lines: Iterable[Line], actor: Actor, place: str) -> list[ZhubaoError]:
    """Return a fault for every line outside the actor's scope, or whose parent is neither in the database nor in the file."""
    known = set(Region.objects.values_list("code", flat=True))
    faults = []
    for line in lines:
        at = f"{place}:{line.number}"
        if not actor.covers(line.code):
            faults.append(ZhubaoError("E-SCOPE", Text("不在本岗位的管辖范围", "outside the scope of this post"), place=at))
        elif len(line.code) > LEVELS[0] and known.isdisjoint(parent_codes(line.code)):
            faults.append(
                ZhubaoError(
                    "E-REGION-PARENT",
                    Text(
                        f"{line.code} 的上级区划既不在库里也不在文件里",
                        f"no region above {line.code} is in the database or the file",
                    ),
                    place=at,
                )
            )
        known.add(line.code)
    return faults


@transaction.atomic
def import_regions(file: RegionFile, *, place: str, actor: Actor, now: datetime) -> Imported:
    """Add the regions of a file and take over changed names; raise E-REGIONS when it has any fault. Safe to repeat.

    One audit entry for each county the file touches; it keeps the codes that came in and both names of what was renamed.
    """
    actor.require_role(Role.AGENCY_ADMINISTRATOR)
    faults = [*file.faults, *check_places(file.lines, actor, place)]
    if faults:
        raise ZhubaoError(
            "E-REGIONS",
            Text(f"有 {len(faults)} 处错误，什么都没有写入", f"{len(faults)} faults; nothing was written"),
            place=place,
        )
    there = dict(Region.objects.values_list("code", "name"))
    known = set(there)
    new: list[Region] = []
    changes: dict[str, tuple[list[str], dict[str, str], dict[str, str]]] = {}
    renamed = 0
    for line in file.lines:
        before = there.get(line.code)
        added, old, fresh = changes.setdefault(line.code[:CHAIN_LENGTH], ([], {}, {}))
        if before is None:
            parent = next((code for code in parent_codes(line.code) if code in known), None)
            new.append(Region(code=line.code, name=line.name, parent_id=parent))
            known.add(line.code)
            added.append(line.code)
        elif before != line.name:
            Region.objects.filter(code=line.code).update(name=line.name)
            old[line.code], fresh[line.code] = before, line.name
            renamed += 1
    Region.objects.bulk_create(new, batch_size=2000)
    for county, (added, old, fresh) in sorted(changes.items()):
        if added or fresh:
            after = {"added": len(added), "codes": added, "names": fresh, "sha256": file.sha256}
            record(
                "regions.imported",
                f"region:{county}",
                actor=actor,
                now=now,
                region_code=county,
                before={"names": old} if old else None,
                after=after,
            )
    return Imported(len(new), renamed, len(file.lines) - len(new) - renamed)
