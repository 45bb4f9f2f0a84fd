"""From a file or pasted rows to cases of the forecast; every cell that cannot be understood is named by its address."""

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.screening.sources import open_sheets

from .columns import address, find_header

MOST_ROWS: Final = 20_000
LOWEST_INDEX: Final = "0.60"
Rows = Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be used: where, what stands there, why."""

    address: str
    text: str
    reason: str


@dataclass(frozen=True)
class Candidate:
    """One row that can be forecast: its row number in the sheet, the values read, and what was put in for missing ones."""

    row: int
    values: dict[str, Any]
    assumed: tuple[str, ...]


@dataclass
class Listed:
    """What a sheet held."""

    name: str
    raw: Rows
    first_column: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def as_text(self) -> str:
        """Return the sheet as tab-separated lines that `pasted` reads back with the same addresses."""
        lines = []
        for row in self.raw:
            cells = [" ".join((cell or "").split()) for cell in row]
            lines.append("\t".join([*[""] * self.first_column, *cells]))
        return "\n".join(lines)


def uploaded(file: "UploadedFile[Any]", resident: bool) -> Listed:
    """Return the first sheet of an upload that has a header; E-LIST-HEADER when none has, or what the file's reading raises."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        try:
            sheets = open_sheets(path)
        except ZhubaoError as error:
            raise ZhubaoError(error.code, error.problem, place=file.name or "", remedy=error.remedy) from error
    for sheet in sheets:
        if sheet.cells.num_columns and find_header(sheet.rows(0, 20)):
            return read(sheet.name, sheet.rows(0, sheet.cells.num_rows), sheet.first_column, resident)
    raise no_header()


def pasted(text: str, resident: bool) -> Listed:
    """Return the rows of pasted text, cells apart by tabs, else by commas."""
    lines = text.replace("\r\n", "\n").split("\n")
    separated = "\t" in text
    rows: list[list[str]] = (
        [line.split("\t") for line in lines] if separated else list(csv.reader(line.replace("，", ",") for line in lines))
    )
    if find_header(rows) is None:
        raise no_header()
    return read("", rows, 0, resident)


def no_header() -> ZhubaoError:
    """Return the error for a list in which no row names the columns."""
    return ZhubaoError(
        "E-LIST-HEADER",
        Text("没有找到表头：至少要有“出生年月”一列", "no header row: at least a column 出生年月 is needed"),
        remedy=Text("下载模板，把数据填在下面", "download the template and fill the rows below it"),
    )


def read(name: str, rows: Rows, first_column: int, resident: bool) -> Listed:
    """Return the candidates of a sheet; a row with a faulty cell is not forecast, its cells are named. E-LIST-LARGE beyond 20,000 rows."""
    header = find_header(rows)
    if header is None:
        raise no_header()
    at_row, places = header
    if len(rows) - at_row - 1 > MOST_ROWS:
        raise ZhubaoError(
            "E-LIST-LARGE",
            Text(f"一次最多 {MOST_ROWS} 行", f"at most {MOST_ROWS} rows at once"),
            remedy=Text("请拆成几份", "split the list"),
        )
    listed = Listed(name, rows, first_column)
    births = next(at for at, column in places.items() if column.name == "birth")
    for number in range(at_row + 1, len(rows)):
        row = rows[number]
        cells = {at: (row[at] or "").strip() for at in places if at < len(row)}
        if not any(cells.values()):
            continue
        values: dict[str, Any] = {}
        faults: list[Fault] = []
        for at, text in cells.items():
            if not text:
                continue
            try:
                values[places[at].name] = places[at].read(text)
            except ValidationError as error:
                faults.append(Fault(address(first_column, number, at), text, " ".join(error.messages)))
        if "birth" not in values and not faults:
            faults.append(Fault(address(first_column, number, births), "", _("The month of birth is missing.")))
        if faults:
            listed.faults.extend(faults)
        else:
            listed.candidates.append(Candidate(number + 1, values, _assumed(values, resident)))
    return listed


def _assumed(values: dict[str, Any], resident: bool) -> tuple[str, ...]:
    """Put in what may be taken for granted and return it in words."""
    assumed = []
    if not resident and "index" not in values:
        values["index"] = LOWEST_INDEX
        assumed.append(_("index 0.60"))
    if values.get("category") == "female":
        assumed.append(_("woman: 55"))
    if values.get("deemed"):
        assumed.append(_("deemed months as confirmed"))
    return tuple(assumed)
