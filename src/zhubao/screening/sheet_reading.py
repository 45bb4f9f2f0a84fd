"""Reading one sheet: header, kind, checked numbers, every cell; what cannot be used is rejected with its cell."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhubao.errors import ZhubaoError
from zhubao.identity import Finding, normalise
from zhubao.language import Text

from . import cells as read
from .citizen_numbers import CheckedNumbers, check_numbers
from .headers import SYNONYMS, find_header, letters
from .kinds import KINDS, kinds_named
from .rows import READERS, SCHEMA, ReadSheet, Rejection
from .sheets import Sheet, place
from .workbooks import cells_holding_numbers

# In these columns an impossible value rejects the row; elsewhere it leaves the matter open and is counted as a remark.
_DATES: Final = {"from_day": "from", "to_day": "to"}
_LONG_NUMBERS_UNDER: Final = frozenset(("证件号码", *SYNONYMS["disability_certificate"]))
_FORMULA_ERROR: Final = r"^#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$"
_TOTALS: Final = re.compile(r"^(合\s*计|总\s*计|小\s*计|共\s*计)")
_HEADS: Final = r"^\s*共?\s*\d{1,7}\s*[人户名]?\s*$"
_FOOTER: Final = re.compile(rf"{_TOTALS.pattern}|^(填表|填报|制表|审核|经办|单位负责人|负责人|备注[:：]|说明|注[:：])")


class _RowKinds:
    """The kinds each row names: `choices` are the distinct answers, `indices` tell which of them each row gives."""

    def __init__(self, choices: list[tuple[str, ...]], indices: np.ndarray) -> None:
        self.choices = choices
        self.indices = indices

    def naming(self, code: str | None) -> np.ndarray:
        """Return which rows name the kind `code`, or none at all for None."""
        chosen = [at for at, kinds in enumerate(self.choices) if (code in kinds if code else not kinds)]
        return np.isin(self.indices, chosen)


class SheetReading:
    """The steps of reading one sheet, in order; the outcome stands in `result`, `tables` and `rejections`."""

    def __init__(
        self, path: Path, sheet: Sheet, given: str | None, today: date, insured: bool, source: int, *, alone: bool
    ) -> None:
        self.path = path
        self.sheet = sheet
        self.today = today
        self.source = source
        self.rejections: list[Rejection] = []
        self.tables: list[pa.Table] = []
        self.result = ReadSheet(path.name, sheet.name, (), None, None, {})
        header = find_header(sheet.rows(0, 20)) if sheet.cells.num_columns else None
        if header is None:
            self._check_nothing_lost(alone)
            return
        self.header = header
        self.titles = [cell or "" for cell in sheet.rows(header.row, header.row + 1)[0]]
        self.result.header_row = header.row + 1
        self.result.mapping = {
            letters(sheet.first_column + at): column
            for at, column in sorted((at, column) for column, places in header.places.items() for at in places)
        }
        self._take_rows()
        if len(self.rows):
            self._read(None if insured else self._kinds(given), insured)
        elif not insured and (kind := given or "".join(self._kinds_around()[1])) in KINDS:
            self.result.kinds = (kind,)

    def _check_nothing_lost(self, alone: bool) -> None:
        """A sheet without a header is passed over only when it holds no citizen number (notes, an empty sheet)."""
        looks = any(
            pc.any(pc.match_substring_regex(column, r"^\s*\d{17}[\dXx]\s*$")).as_py() for column in self.sheet.cells.columns
        )
        if looks or (alone and self.sheet.cells.num_rows):
            raise ZhubaoError(
                "E-HEADER-MISSING",
                Text(
                    "前 20 行没有找到表头（要有身份证号和姓名两列）",
                    "no header in the first 20 rows: a number and a name are needed",
                ),
                place=f"{self.path.name} {self.sheet.name}".strip(),
                remedy=Text("补上表头，例如“姓名、身份证号”", "add a header row, e.g. 姓名, 身份证号"),
            )
        self.result.remarks["no_header"] = 1

    # ── rows ──

    def _column(self, at: int) -> pa.StringArray:
        """Return the cells of column `at` below the header; formula errors stand in it as their text."""
        column = self.sheet.cells.column(at).slice(self.header.row + 1)
        errors = {row - self.header.row - 1: text for (row, place_), text in self.sheet.errors.items() if place_ == at}
        array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        if not pa.types.is_string(array.type):
            array = pc.cast(array, pa.string())
        errors = {row: text for row, text in errors.items() if row >= 0}
        if errors:
            mask = np.zeros(len(array), dtype=bool)
            mask[list(errors)] = True
            array = pc.replace_with_mask(array, pa.array(mask), pa.array([errors[row] for row in sorted(errors)], pa.string()))
        return array

    def _take_rows(self) -> None:
        """Find the rows that name somebody: not the blank ones, not the line of totals, not a header printed again."""
        numbers, self.number_place = self._number_column()
        names = self._column(self.header.places["name"][0])
        nameless = _blank(names).to_numpy(zero_copy_only=False)
        keep = np.ones(len(numbers), dtype=bool)
        offset = self.header.row + 1
        footers = 0
        counts = pc.fill_null(pc.match_substring_regex(numbers, _HEADS), False)
        numberless = pc.or_(_blank(numbers), counts)
        for at in np.flatnonzero(numberless.to_numpy(zero_copy_only=False)).tolist():
            row = [cell for cell in self.sheet.rows(offset + at, offset + at + 1)[0] if cell and cell.strip()]
            has_error = any(place_[0] == offset + at for place_ in self.sheet.errors)
            if not row and not has_error:
                keep[at] = False
            # The line of totals may count heads under name or number ("12人"); any other row with either is somebody.
            elif row and (_FOOTER if nameless[at] and not counts[at].as_py() else _TOTALS).match(row[0].strip()):
                keep[at] = False
                footers += 1
        header_again = pc.fill_null(pc.is_in(pc.utf8_trim_whitespace(numbers), pa.array(SYNONYMS["id_number"])), False)
        totals = pc.fill_null(pc.match_substring_regex(names, r"^\s*(合\s*计|总\s*计|小\s*计)\s*$"), False)
        printed = pc.or_(header_again, pc.and_(totals, numberless)).to_numpy(zero_copy_only=False)
        footers += int((printed & keep).sum())
        keep &= ~printed
        if footers:
            self.result.remarks["footer_rows"] = footers
        self.rows = np.flatnonzero(keep)
        self.numbers = numbers.take(pa.array(self.rows))
        self.names = _tidy_names(names.take(pa.array(self.rows)))
        self.result.rows = len(self.rows)

    def _number_column(self) -> tuple[pa.StringArray, int]:
        """Return the cells of the citizen number; two columns that claim to be it must agree where both are filled."""
        first, *others = self.header.places["id_number"]
        numbers = self._column(first)
        for other in others:
            rival = self._column(other)
            both = pc.and_(pc.invert(_blank(numbers)), pc.invert(_blank(rival)))
            differing = pc.fill_null(pc.and_(both, pc.not_equal(numbers, rival)), False).to_numpy(zero_copy_only=False)
            for at in np.flatnonzero(differing).tolist():
                if normalise(numbers[at].as_py()) != normalise(rival[at].as_py()):
                    left, right = self.titles[first].strip(), self.titles[other].strip()
                    raise ZhubaoError(
                        "E-TWO-ID-COLUMNS",
                        Text(
                            f"“{left}”和“{right}”两列都像身份证号，但内容不一致",
                            f"columns {left} and {right} both claim to be the citizen number and differ",
                        ),
                        place=place(self.path.name, self.sheet.name, self.sheet.address(self.header.row + 1 + at, other)),
                        remedy=Text("删去或改名其中一列", "drop or rename one of them"),
                    )
            numbers = pc.if_else(_blank(numbers), rival, numbers)
        return numbers, first

    # ── kinds ──

    def _kinds(self, given: str | None) -> "_RowKinds | str":
        """Return the one kind of the sheet, or the kinds of each row; raise E-KIND-NONE or E-KIND-TWO when nothing settles it."""
        if given is not None:
            return self._settled("given", given)
        places = self.header.places
        told_by, around = self._kinds_around()
        loan_list = "hukou" in places and "paid_months" in places
        if loan_list and (not around or "applicants" in around):
            return self._settled("column", "applicants")
        for column in ("person_kind", "household_kind"):
            if column in places and (rows := self._kinds_by_row(places[column][0], around)) is not None:
                self.result.kinds = tuple(code for code in KINDS if rows.naming(code).any())
                self.result.kind_from = "column"
                return rows
        if len(around) == 1:
            return self._settled(told_by, around[0])
        where = f"{self.path.name} {self.sheet.name}".strip()
        choice = Text("用“类别=路径”指明，例如 dibao=名册.xlsx", "give it as kind=path, e.g. dibao=roster.xlsx")
        if around:
            labels = Text("、".join(KINDS[each].label.zh for each in around), ", ".join(KINDS[each].label.en for each in around))
            raise ZhubaoError(
                "E-KIND-TWO",
                Text(f"看上去同时是{labels.zh}", f"looks like several kinds: {labels.en}"),
                place=where,
                remedy=choice,
            )
        raise ZhubaoError(
            "E-KIND-NONE", Text("看不出是哪一类名册", "the kind of this roster cannot be told"), place=where, remedy=choice
        )

    def _settled(self, told_by: str, kind: str) -> str:
        self.result.kinds, self.result.kind_from = (kind,), told_by
        return kind

    def _kinds_around(self) -> tuple[str, tuple[str, ...]]:
        """Return the kinds that the sheet name, else the title rows, else the file name give, and which of these told."""
        titles = " ".join(cell for row in self.sheet.rows(0, self.header.row) for cell in row if cell)
        for told_by, text in (("sheet", self.sheet.name), ("title", titles), ("file", self.path.stem)):
            if found := kinds_named(text):
                return told_by, found
        return "", ()

    def _kinds_by_row(self, at: int, around: tuple[str, ...]) -> "_RowKinds | None":
        """Return the kinds of each row by its own cell, else what the sheet says; None when no cell names a kind."""
        encoded = self._column(at).take(pa.array(self.rows)).dictionary_encode()
        named = [kinds_named(read.plain(value or "")) for value in encoded.dictionary.to_pylist()]
        if not any(named):
            return None
        otherwise = around if len(around) == 1 else ()
        indices = pc.fill_null(encoded.indices, len(named)).to_numpy(zero_copy_only=False)
        return _RowKinds([each or otherwise for each in named] + [otherwise], indices)

    # ── cells ──

    def _read(self, kinds: "_RowKinds | str | None", insured: bool) -> None:
        """Check every row, reject what cannot be used, and give the others in canonical columns, once for each kind."""
        if insured:
            self.result.kinds, self.result.kind_from = ("insured",), "insured"
        title = read.plain(self.titles[self.number_place])
        checked = check_numbers(
            self.numbers, self.today, certificates=title in _LONG_NUMBERS_UNDER or self.result.kinds == ("disabled",)
        )
        checked = self._without_lost_digits(checked)
        found: dict[int, tuple[int, Finding]] = {at: (self.number_place, finding) for at, finding in checked.findings.items()}
        name_place = self.header.places["name"][0]
        for at in np.flatnonzero(_blank(self.names).to_numpy(zero_copy_only=False)).tolist():
            found.setdefault(at, (name_place, _NO_NAME))
        for at in np.flatnonzero(_is_error(self.names)).tolist():
            found.setdefault(at, (name_place, _FORMULA))
        columns = {"id_number": checked.numbers, "name": self.names}
        for name, (reader, kind) in READERS.items():
            column = self.header.first(_DATES.get(name, name))
            columns[name] = pa.nulls(len(self.rows), kind) if column is None else self._values(name, column, reader, kind, found)
        if checked.grades:
            columns["disability_grade"] = self._grades(columns["disability_grade"], checked.grades)
        self._grades_from_certificates(columns)
        if checked.converted:
            self.result.remarks["converted_from_15_digits"] = len(checked.converted)
        if isinstance(kinds, _RowKinds):
            place_of_kind = self.header.first("person_kind")
            if place_of_kind is None:
                place_of_kind = self.header.places["household_kind"][0]
            for at in np.flatnonzero(kinds.naming(None)).tolist():
                found.setdefault(at, (place_of_kind, _NO_KIND))
        self._reject(found)
        usable = np.ones(len(self.rows), dtype=bool)
        usable[list(found)] = False
        if insured:
            self._add(columns, usable, "insured")
        elif isinstance(kinds, str):
            self._add(columns, usable, kinds)
        elif kinds is not None:
            for code in self.result.kinds:
                self._add(columns, usable & kinds.naming(code), code)

    def _values(
        self, name: str, at: int, reader: Callable[[str], Any], kind: pa.DataType, found: dict[int, tuple[int, Finding]]
    ) -> pa.Array:
        """Read one column through its distinct texts; what cannot be read rejects the row or is counted."""
        encoded = self._column(at).take(pa.array(self.rows)).dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        values: list[Any] = []
        wrong: dict[int, Finding] = {}
        strange: list[int] = []
        for index, text in enumerate(texts):
            value = None
            if re.match(_FORMULA_ERROR, text.strip()):
                wrong[index] = _FORMULA
            else:
                try:
                    value = reader(text)
                except read.UnreadableError:
                    if name in _DATES:
                        wrong[index] = _NO_DATE
                    else:
                        strange.append(index)
            values.append(value)
        if wrong or strange:
            indices = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
            for row in np.flatnonzero(np.isin(indices, list(wrong))).tolist():
                found.setdefault(row, (at, wrong[int(indices[row])]))
            if strange:
                self.result.remarks[f"unreadable_{name}"] = int(np.isin(indices, strange).sum())
        return pa.array(values, kind).take(encoded.indices)

    def _without_lost_digits(self, checked: CheckedNumbers) -> CheckedNumbers:
        """Refuse a number that a spreadsheet kept as a number: only 15 of its digits are true, although it may pass the check."""
        if not self.sheet.name:
            return checked
        digits = pc.fill_null(pc.match_substring_regex(self.numbers, r"^\d{18}$"), False)
        whole = pc.cast(pc.if_else(digits, self.numbers, "1"), pa.int64()).to_numpy(zero_copy_only=False)
        # Numbers of this size are kept in steps of at least 16.
        ends = whole % 16 == 0
        suspects = {self._address(at, self.number_place): at for at in np.flatnonzero(ends).tolist()}
        lost = sorted(suspects[each] for each in cells_holding_numbers(self.path, self.sheet.name, suspects))
        if not lost:
            return checked
        mask = np.zeros(len(self.numbers), dtype=bool)
        mask[lost] = True
        numbers = pc.if_else(pa.array(mask), pa.scalar(None, pa.string()), checked.numbers)
        return CheckedNumbers(
            numbers, {**checked.findings, **dict.fromkeys(lost, _DIGITS_LOST)}, checked.converted, checked.grades
        )

    def _grades(self, column: pa.Array, grades: dict[int, int]) -> pa.Array:
        """Return the grades of the column, and where it is silent those of the certificate numbers."""
        values = column.to_pylist()
        for at, grade in grades.items():
            values[at] = grade if values[at] is None else values[at]
        return pa.array(values, pa.int64())

    def _grades_from_certificates(self, columns: dict[str, pa.Array]) -> None:
        """Where a certificate stands beside the citizen number and no grade is given, take the grade from its 20th character."""
        at = self.header.first("disability_certificate")
        if at is None or at == self.number_place:
            return
        certificates = self._column(at).take(pa.array(self.rows)).to_pylist()
        grades = {
            row: int(found[1])
            for row, text in enumerate(certificates)
            if text and (found := re.fullmatch(r".{18}[1-7]([1-4])(?:B\d?)?", normalise(text)))
        }
        columns["disability_grade"] = self._grades(columns["disability_grade"], grades)

    def _address(self, at: int, column: int) -> str:
        return self.sheet.address(self.header.row + 1 + int(self.rows[at]), column)

    def _reject(self, found: dict[int, tuple[int, Finding]]) -> None:
        for at in sorted(found):
            column, finding = found[at]
            row = self.header.row + 1 + int(self.rows[at])
            content = self.sheet.errors.get((row, column)) or self.sheet.cells.column(column)[row].as_py() or ""
            self.rejections.append(
                Rejection(
                    self.path.name,
                    self.sheet.name,
                    self._address(at, column),
                    self.titles[column].strip(),
                    str(content),
                    finding,
                    self.names[at].as_py() or "",
                    row + 1,
                )
            )
        self.result.rejected = len(found)

    def _add(self, columns: dict[str, pa.Array], chosen: np.ndarray, kind: str) -> None:
        count = int(chosen.sum())
        if not count:
            return
        mask = pa.array(chosen)
        given = {
            "source": pa.array(np.full(count, self.source), pa.int64()),
            "row": pa.array(self.rows[chosen] + self.header.row + 2, pa.int64()),
            "kind": pa.array([kind], pa.string()).take(pa.array(np.zeros(count, dtype=np.int64))),
        }
        table = {name: given[name] if name in given else columns[name].filter(mask) for name in SCHEMA.names}
        self.tables.append(pa.table([pc.cast(table[name], SCHEMA.field(name).type) for name in SCHEMA.names], schema=SCHEMA))


def _blank(cells: pa.Array) -> pa.Array:
    """Return which cells are empty or hold nothing but blanks."""
    return pc.fill_null(pc.equal(pc.utf8_trim_whitespace(cells), ""), True)


def _is_error(cells: pa.Array) -> np.ndarray:
    """Return which cells are formula errors."""
    found: np.ndarray = pc.fill_null(pc.match_substring_regex(cells, _FORMULA_ERROR), False).to_numpy(zero_copy_only=False)
    return found


def _tidy_names(names: pa.StringArray) -> pa.StringArray:
    """Return names trimmed, and Chinese ones without the blanks that justify two characters to the width of three."""
    trimmed = pc.utf8_trim_whitespace(names)
    spaced = pc.fill_null(pc.match_substring_regex(trimmed, r"\p{Han}[\p{Z}\s]+\p{Han}"), False)
    if pc.any(spaced).as_py():
        trimmed = pc.if_else(spaced, pc.replace_substring_regex(trimmed, r"[\p{Z}\s]+", ""), trimmed)
    return trimmed


_NO_NAME: Final = Finding("E-NAME-MISSING", Text("姓名是空的", "the name is empty"), Text("补填姓名", "enter the name"))
_FORMULA: Final = Finding(
    "E-CELL-FORMULA", Text("单元格是公式错误", "the cell is a formula error"), Text("填写内容本身", "enter the content itself")
)
_NO_DATE: Final = Finding(
    "E-CELL-DATE",
    Text("不是真实日期", "not a date that exists"),
    Text("写成 2022-01-05 或 2022-01", "write 2022-01-05 or 2022-01"),
)
_NO_KIND: Final = Finding(
    "E-KIND-ROW",
    Text("这一行看不出是哪一类人员", "the kind of this row cannot be told"),
    Text("在人员类别列写明，例如低保", "name it in the column of kinds, e.g. 低保"),
)
_DIGITS_LOST: Final = Finding(
    "E-ID-SCIENTIFIC",
    Text(
        "身份证号按数字存放，表格软件只保留前 15 位，末几位已丢失",
        "kept as a number: a spreadsheet holds only its first 15 digits",
    ),
    Text("把该列设为文本后重新填写完整号码", "set the column to text and enter the whole number again"),
)
