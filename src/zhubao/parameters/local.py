"""Local values as a csv file: what the command line reads with `--parameters` and the web page imports and exports."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from zhubao.errors import ZhubaoError
from zhubao.language import Text

from .book import NATION, Parameter, segments_of, unknown_name
from .names import UNITS, ParameterName, declared
from .questions import DATE_SETTINGS

COLUMNS = ("area_code", "name", "value", "unit", "effective_from", "effective_to", "source", "decided_by")


def read_local_file(path: Path) -> tuple[Parameter, ...]:
    """Return the entries of a local file in its order; any fault raises a ZhubaoError that names the file and the line."""
    return read_local_text(file_text(path), str(path))


def file_text(path: Path) -> str:
    """Return the text of a local file; E-FILE-MISSING, or E-PARAM-FILE when it is no text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _fault("E-FILE-MISSING", str(path), "读不到这个文件", "the file cannot be read") from error
    text = decoded(content)
    if text is None:
        raise _fault("E-PARAM-FILE", str(path), "不是 csv 文本（UTF-8 或 GB18030）", "not csv text (UTF-8 or GB18030)")
    return text


def decoded(content: bytes) -> str | None:
    """Return the text of UTF-8, or of GB18030 as Chinese spreadsheets save it; None for anything else."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read_local_text(text: str, origin: str) -> tuple[Parameter, ...]:
    """Return the entries of a local file's text; `origin` names it in messages (`origin:line`). Raises the first fault."""
    entries, faults = check_local_text(text, origin)
    if faults:
        raise faults[0]
    return entries


def check_local_text(text: str, origin: str) -> tuple[tuple[Parameter, ...], tuple[ZhubaoError, ...]]:
    """Return the good entries of a local file's text and every fault in it, in the order of the lines."""
    entries: list[Parameter] = []
    faults: list[ZhubaoError] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        if set(header) != set(COLUMNS) or len(header) != len(COLUMNS):
            fault = _fault(
                "E-PARAM-HEADER", f"{origin}:1", f"表头应为 {','.join(COLUMNS)}", f"the header must be {','.join(COLUMNS)}"
            )
            return (), (fault,)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                try:
                    entries.append(_entry(_row(header, cells, f"{origin}:{reader.line_num}"), f"{origin}:{reader.line_num}"))
                except ZhubaoError as fault:
                    faults.append(fault)
    except csv.Error as error:
        faults.append(_fault("E-PARAM-FILE", f"{origin}:{reader.line_num}", "不是有效的 CSV", f"not valid csv: {error}"))
    return tuple(entries), (*faults, *overlaps(entries))


def write_local_file(path: Path, entries: Iterable[Parameter]) -> None:
    """Write entries as a local file in the kept units: a temporary file in the same folder, then renamed over `path`."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_text(local_text(entries), encoding="utf-8", newline="")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise _fault("E-FILE-WRITE", str(path), "写不了这个文件", f"the file cannot be written: {error.strerror}") from error


def local_text(entries: Iterable[Parameter]) -> str:
    """Return entries as the text of a local file; an open date is an empty cell."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        first = "" if entry.effective_from == date.min else entry.effective_from.isoformat()
        last = entry.effective_to.isoformat() if entry.effective_to else ""
        writer.writerow((entry.area_code, entry.name, entry.value, entry.unit, first, last, entry.source, entry.decided_by))
    return stream.getvalue()


def check_overlaps(entries: Iterable[Parameter]) -> None:
    """Raise the first overlap of two entries of one name and area, if there is one."""
    for fault in overlaps(entries):
        raise fault


def overlaps(entries: Iterable[Parameter]) -> Iterator[ZhubaoError]:
    """Yield E-PARAM-OVERLAP for two entries of one name and area that hold on the same day; names with several values may."""
    for (name, _), group in segments_of(entries).items():
        known = declared(name)
        if known and known.several:
            continue
        for earlier, later in pairwise(group):
            if earlier.effective_to is None or later.effective_from <= earlier.effective_to:
                yield _fault(
                    "E-PARAM-OVERLAP",
                    later.place,
                    f"{name} 的起止日期与 {earlier.place or earlier.effective_from} 重叠",
                    f"the period of {name} overlaps that of {earlier.place or earlier.effective_from}",
                )


def _fault(code: str, place: str, zh: str, en: str) -> ZhubaoError:
    return ZhubaoError(code, Text(zh, en), place=place)


def _row(header: tuple[str, ...], cells: list[str], place: str) -> dict[str, str]:
    if len(cells) != len(header):
        raise _fault(
            "E-PARAM-COLUMNS", place, f"应有 {len(header)} 列，实有 {len(cells)} 列", f"{len(header)} columns are needed"
        )
    return dict(zip(header, (cell.strip() for cell in cells), strict=True))


def _entry(row: dict[str, str], place: str) -> Parameter:
    known = declared(row["name"])
    if known is None:
        raise unknown_name(row["name"], place)
    area = row["area_code"]
    if area != NATION and not (len(area) == 6 and area.isascii() and area.isdigit()):
        raise _fault("E-PARAM-AREA", place, f"区划代码“{area}”应为 6 位数字或 CN", f"area code {area!r} must be six digits or CN")
    if not row["source"]:
        raise _fault("E-PARAM-SOURCE", place, "缺少来源（文件名称、文号）", "the source is missing (document and number)")
    first = _day(row["effective_from"], place) or date.min
    last = _day(row["effective_to"], place)
    if last is not None and first > last:
        raise _fault(
            "E-PARAM-PERIOD", place, f"起始日 {first} 晚于终止日 {last}", f"the first day {first} is after the last day {last}"
        )
    value = _value(known, row["value"], row["unit"], place)
    return Parameter(known.name, value, known.unit, area, first, last, row["source"], decided_by=row["decided_by"], place=place)


def _day(text: str, place: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _fault(
            "E-PARAM-DATE", place, f"“{text}”不是日期，应如 2026-01-31", f"{text!r} is no date like 2026-01-31"
        ) from error


def _value(known: ParameterName, text: str, unit: str, place: str) -> int | str:
    # Words have no unit: the cell may stay empty.
    kept, factor = UNITS.get(unit or ("text" if known.unit == "text" else ""), ("", 0))
    if kept != known.unit:
        allowed = " ".join(name for name, (to, _) in UNITS.items() if to == known.unit)
        raise _fault(
            "E-PARAM-UNIT",
            place,
            f"{known.name} 的单位“{unit}”应为 {allowed}",
            f"unit {unit!r} of {known.name} must be one of {allowed}",
        )
    if known.unit == "text":
        if not text:
            raise _fault("E-PARAM-VALUE", place, f"{known.name} 没有取值", f"{known.name} has no value")
        if known.name in DATE_SETTINGS:
            _day(text, place)
        return text
    # Digits only: Decimal would also take 1e5 and 1_000, and spend minutes on 1e999999.
    number = Decimal(text) * factor if re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,9})?", text) else None
    if number is None or number != number.to_integral_value():
        raise _fault(
            "E-PARAM-VALUE", place, f"“{text}”不能换算成整数（{known.unit}）", f"{text!r} is no whole number of {known.unit}"
        )
    if number < 0:
        raise _fault("E-PARAM-NEGATIVE", place, f"{known.name} 不能为负", f"{known.name} must not be negative")
    return int(number)
