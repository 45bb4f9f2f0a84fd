"""From Chinese headers to canonical columns: synonyms, the search for the header row, the mapping that is shown and saved."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .cells import plain

# Canonical column → headers that name it, the surest first.
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "id_number": (
        "成员身份证号",
        "成员身份证号码",
        "身份证号",
        "身份证号码",
        "身份证",
        "公民身份号码",
        "公民身份证号",
        "公民身份证号码",
        "证件号码",
        "社会保障号码",
        "社会保障号",
    ),
    "name": ("成员姓名", "姓名", "人员姓名", "本人姓名"),
    "head_name": ("户主姓名", "户主"),
    "head_id_number": ("户主身份证号", "户主身份证号码", "户主证件号码"),
    "disability_certificate": ("残疾人证号", "残疾证号", "残疾人证号码", "残疾证号码"),
    "person_kind": ("人员类别", "对象类别", "监测对象类别", "人员类型"),
    "household_kind": ("户类型", "户类别"),
    "urban_rural": ("城乡类别", "户口性质", "户籍性质"),
    "disability_grade": ("残疾等级", "残疾级别"),
    "certificate_status": ("证件状态", "残疾人证状态", "残疾证状态"),
    "enterprise": ("企业性质", "单位性质", "原单位性质"),
    "township": ("乡镇", "街道", "乡镇街道", "乡镇(街道)", "镇(街道)", "乡镇/街道", "乡", "镇"),
    "village": ("村", "社区", "村(居)", "村/社区", "村(社区)", "行政村", "村居", "村居委会", "村(居)委会"),
    "from": (
        "认定日期",
        "认定时间",
        "起始保障年月",
        "批准时间",
        "批准日期",
        "识别时间",
        "识别(纳入)时间",
        "纳入时间",
        "死亡日期",
        "入狱日期",
        "收监日期",
        "入学日期",
        "入伍日期",
    ),
    "to": ("停保年月", "终止时间", "终止日期", "风险消除时间", "有效期至", "释放日期", "毕业日期", "退役日期"),
    "hukou": ("户籍地代码", "户籍代码", "户籍地区划代码"),
    "residence": ("居住地代码", "居住地区划代码"),
    "scheme": ("参保险种", "险种", "险种类型"),
    "participation_type": ("参保身份", "参保方式"),
    "insured_locality": ("参保地代码", "参保地区划代码"),
    "paid_months": ("实际缴费月数", "缴费月数", "累计缴费月数"),
    "deemed_months": ("视同缴费月数",),
    "deemed_confirmed": ("视同是否确认",),
    "retirement_category": ("退休类别",),
    "hardship_kind": ("困难类型", "困难类别"),
    "certificate": ("证件号", "证书号", "证书编号", "低保证号", "就业创业证号"),
    "inability_declaration": ("无力缴费声明",),
    "chosen_tier_fen": ("选择档次", "缴费档次"),
    "subsidised": ("享受社保补贴", "享受社会保险补贴"),
    "paid_fen": ("已缴金额",),
    "status": ("人员状态",),
    "account": ("银行账号", "银行账户", "银行卡号", "开户账号", "社保卡银行账号", "社会保障卡银行账号", "一卡通账号"),
}
_BY_HEADER: Final = {header: (column, rank) for column, headers in SYNONYMS.items() for rank, header in enumerate(headers)}
HEADER_ROWS: Final = 20


def canonical(header: str) -> tuple[str, int] | None:
    """Return the canonical column that `header` names and how sure the name is (0 = surest), or None."""
    text = plain(header).strip("*:").removesuffix("(必填)")
    text = re.sub(r"\((元|必填|元/年|是/否)\)$", "", text)
    return _BY_HEADER.get(text) or _BY_HEADER.get(re.sub(r"\([^()]*\)$", "", text))


@dataclass(frozen=True, slots=True)
class Header:
    """The header row of a sheet: where it is (0-based) and which places hold which canonical column, the surest first."""

    row: int
    places: dict[str, tuple[int, ...]]

    def first(self, column: str) -> int | None:
        """Return the surest place of `column`, or None."""
        return self.places.get(column, (None,))[0]


def find_header(rows: Sequence[Sequence[str | None]]) -> Header | None:
    """Return the first of the first 20 rows that has a header for a number and one for a name, or None.

    The head of a household stands for the person only when no column is the person's own; the number of a disability certificate
    stands for the citizen number only when no column is the citizen number.
    """
    for row, cells in enumerate(rows[:HEADER_ROWS]):
        ranked: dict[str, list[tuple[int, int]]] = {}
        for place, cell in enumerate(cells):
            if cell and (named := canonical(cell)):
                ranked.setdefault(named[0], []).append((named[1], place))
        places = {column: tuple(place for _, place in sorted(found)) for column, found in ranked.items()}
        if "id_number" not in places and "disability_certificate" in places:
            places["id_number"] = places["disability_certificate"]
        if "disability_certificate" in places:
            places.setdefault("certificate", places["disability_certificate"])
        if "id_number" not in places and "head_id_number" in places:
            places["id_number"] = places.pop("head_id_number")
        if "name" not in places and "head_name" in places:
            places["name"] = places.pop("head_name")
        if "id_number" in places and "name" in places:
            return Header(row, places)
    return None


def letters(place: int) -> str:
    """Return the letters of the column at `place` (0 → A, 26 → AA)."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
