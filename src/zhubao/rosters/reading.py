"""Reading a department's file as one version of a list: the rows of its category, and every row that cannot be used, with its cell."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from zhubao.errors import ZhubaoError
from zhubao.identity import mask_number, normalise
from zhubao.language import Text
from zhubao.people.statements import IdentityRow
from zhubao.policies.claims import implements
from zhubao.policies.yearly_plan import yearly_plan_of
from zhubao.programmes.selectors import area_of_region, policies_in
from zhubao.screening.kinds import KINDS
from zhubao.screening.marks import marks_of
from zhubao.screening.regions import check_region
from zhubao.screening.rosters import ReadRosters, read_rosters
from zhubao.screening.rows import ReadSheet, Rejection

_NUMBER_COLUMNS: Final = re.compile(r"身份|证件|号码|社会保障号|账|卡")


@dataclass(frozen=True, slots=True)
class Listed:
    """One usable row: who, where it stands in the file, and what it says. Days inclusive, None = not given."""

    id_number: str
    name: str
    sheet: str
    row: int
    township: str
    village: str
    starts_on: date | None
    ends_on: date | None
    grade: int | None
    certificate: str
    account: str

    @property
    def born(self) -> date:
        """The date of birth, as the number says it."""
        return date(int(self.id_number[6:10]), int(self.id_number[10:12]), int(self.id_number[12:14]))

    def statement(self, category: str) -> IdentityRow:
        """Return the row as a department's statement of a category."""
        return IdentityRow(
            self.id_number, self.name, category, self.row, self.sheet, self.starts_on, self.ends_on, self.certificate
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be used; `content` has its numbers masked, `id_number` is given where it is a real one."""

    sheet: str
    row: int
    cell: str
    column: str
    content: str
    name: str
    id_number: str
    code: str
    reason: Text
    remedy: Text


@dataclass(frozen=True, slots=True)
class ReadList:
    """A file read as a list of one category."""

    rows: list[Listed]
    refused: list[Refused]
    sheets: list[ReadSheet]


def kinds_of(category: str, region_code: str) -> tuple[str, ...]:
    """Return the kinds of rosters that give a category by the documents of a place, in the order of the kinds."""
    wanted = f"identity_{category}"
    found = {mark.kind for policy in policies_in(area_of_region(region_code)) for mark in marks_of(policy) if mark.fact == wanted}
    return tuple(kind for kind in KINDS if kind in found)


@implements("ps-2.2c", as_="feature")
def read_list(path: Path, *, category: str, region_code: str, listed_on: date, today: date) -> ReadList:
    """Read a file as the list of `category` in a county on a day.

    Raise what `read_rosters` raises, E-REGION for another region's file, E-VERSION-CATEGORY for a list of another category,
    E-VERSION-NONE where no row can be used: nobody may lose help by an empty list.
    """
    kinds = kinds_of(category, region_code)
    read = _read(path, kinds, today)
    named = {kind for sheet in read.sheets for kind in sheet.kinds}
    if kinds and named.isdisjoint(kinds):
        told = "、".join(KINDS[kind].label.zh for kind in sorted(named) if kind in KINDS)
        told_en = ", ".join(KINDS[kind].label.en for kind in sorted(named) if kind in KINDS)
        mine = category_label(category, region_code)
        raise ZhubaoError(
            "E-VERSION-CATEGORY",
            Text(f"文件是{told}，不是{mine.zh}名册", f"the file is a roster of {told_en}, not of {mine.en}"),
            place=path.name,
            remedy=Text("核对文件，或到对应类别的名册下报送", "check the file, or hand it in under the list it belongs to"),
        )
    if read.rows.num_rows:
        check_region(read.rows, read.sheets, region_code)
    rows, refused = [], [_refused(each) for each in read.rejections]
    seen: dict[str, Listed] = {}
    ages = _ages(region_code)
    for row in _listed(read, kinds, category):
        age = listed_on.year - row.born.year - ((listed_on.month, listed_on.day) < (row.born.month, row.born.day))
        if row.id_number in seen:
            first = seen[row.id_number]
            refused.append(_twice(row, first))
        elif ages and not ages[0] <= age <= ages[1]:
            refused.append(_of_age(row, age, ages))
        else:
            seen[row.id_number] = row
            rows.append(row)
    if not rows:
        raise ZhubaoError(
            "E-VERSION-NONE",
            Text("没有一行可以用，名册不能为空", "not one row can be used: a list cannot be empty"),
            place=path.name,
            remedy=Text(
                "改正后重报；本月确无人员请联系经办机构", "put it right and hand it in again; if there is nobody, ask the agency"
            ),
        )
    return ReadList(rows, refused, read.sheets)


def _read(path: Path, kinds: tuple[str, ...], today: date) -> ReadRosters:
    """Read the file as what it says it is, and where it does not say, as the kind of the list."""
    try:
        return read_rosters([(path, None)], today=today)
    except ZhubaoError as error:
        if error.code not in {"E-KIND-NONE", "E-KIND-TWO"} or not kinds:
            raise
        return read_rosters([(path, kinds[0])], today=today)


def _listed(read: ReadRosters, kinds: tuple[str, ...], category: str) -> Iterator[Listed]:
    wanted = ["source", "row", "kind", "id_number", "name", "township", "village", "from_day", "to_day", "disability_grade"]
    wanted += ["certificate", "account", "urban_rural"]
    for batch in read.rows.select(wanted).to_batches():
        for source, row, kind, number, name, town, village, first, last, grade, certificate, account, place in zip(
            *(column.to_pylist() for column in batch.columns), strict=True
        ):
            if (kind in kinds or not kinds) and fits(category, place, grade):
                yield Listed(
                    number,
                    (name or "")[:60],
                    (read.sheets[source].sheet or "")[:80],
                    row,
                    (town or "")[:60],
                    (village or "")[:60],
                    as_day(first),
                    as_day(last),
                    grade if grade is not None and 1 <= grade <= 4 else None,
                    (certificate or "")[:60],
                    account or "",
                )


def fits(category: str, place: str | None, grade: int | None) -> bool:
    """Tell whether a row of a wider list is of a category: town or country, grade one or two of a disability."""
    if category == "severe_disability":
        return grade is None or grade <= 2
    sides = {side for side in ("urban", "rural") if side in category.split("_")}
    return not sides or place is None or place in sides


def as_day(written: int | None) -> date | None:
    """Return a day written as the number yyyymmdd."""
    return date(written // 10_000, written // 100 % 100, written % 100) if written else None


def _ages(region_code: str) -> tuple[int, int] | None:
    plans = (yearly_plan_of(policy.id) for policy in policies_in(area_of_region(region_code)))
    return next((plan.listed_ages for plan in plans if plan and plan.listed_ages), None)


def category_label(category: str, region_code: str) -> Text:
    """Return a category as the documents of a place call it."""
    for policy in policies_in(area_of_region(region_code)):
        if category in policy.identities:
            label = policy.identities[category].label
            return Text(label.zh, label.en)
    return Text(category, category)


def _refused(each: Rejection) -> Refused:
    content = each.content
    if _NUMBER_COLUMNS.search(each.column) or sum(sign.isdigit() for sign in content) >= 8:
        content = mask_number(normalise(content)[:18]) if content.strip() else ""
    return Refused(
        each.sheet[:80],
        each.row,
        each.cell[:12],
        each.column[:60],
        content[:120],
        each.name[:60],
        "",
        each.finding.code,
        each.finding.problem,
        each.finding.remedy,
    )


def _twice(row: Listed, first: Listed) -> Refused:
    return Refused(
        row.sheet,
        row.row,
        str(row.row),
        "",
        mask_number(row.id_number),
        row.name,
        row.id_number,
        "E-ROW-TWICE",
        Text(f"与第 {first.row} 行是同一个人", f"the same person as row {first.row}"),
        Text("只留一行", "keep one row"),
    )


def _of_age(row: Listed, age: int, ages: tuple[int, int]) -> Refused:
    return Refused(
        row.sheet,
        row.row,
        str(row.row),
        "",
        mask_number(row.id_number),
        row.name,
        row.id_number,
        "E-ROW-AGE",
        Text(f"{age} 周岁，名册只列 {ages[0]}—{ages[1]} 周岁", f"aged {age}: the list is of people aged {ages[0]} to {ages[1]}"),
        Text("不列入名册；年龄有误的先更正证件号码", "leave the row out, or put the number right"),
    )
