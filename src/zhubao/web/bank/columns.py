"""The columns of a list of candidates: the headers that name them, and how a cell of each is read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhubao.screening.headers import letters
from zhubao.web.calculator.fields import DecimalTextField, MoneyField, MonthField, WholeField, plain

HEADER_ROWS: Final = 20
_YES, _NO = frozenset("是 y yes true 1 √ 有".split()), frozenset("否 n no false 0 × 无".split())
_CATEGORIES: Final = {
    "male60": ("男", "男60", "男60岁", "男60周岁", "male", "male60"),
    "female55": ("女55", "女55岁", "女55周岁", "女干部", "女灵活就业", "灵活就业女", "female55"),
    "female50": ("女50", "女50岁", "女50周岁", "女工人", "female50"),
    "female": ("女", "female"),
    "resident60": ("居民", "居民60", "城乡居民", "resident60"),
}
_CATEGORY_OF: Final = {word: code for code, words in _CATEGORIES.items() for word in words}
_month, _money, _whole, _index = MonthField(), MoneyField(), WholeField(0, 1200), DecimalTextField("0.1", "5")
_years = WholeField(0, 60)


def _text(text: str) -> str:
    return text.strip()


def _number(field: Any) -> Callable[[str], Any]:
    """Return the reader of a number; a spreadsheet writes a whole one as 134.0 at times."""
    return lambda text: field.read(re.sub(r"\.0+$", "", plain(text)))


def _birth(text: str) -> str:
    """Return the month of a birth; a number such as 1973.1 may be January or October and is refused."""
    day = re.split(r"[ T]", text.strip())[0]
    if re.fullmatch(r"\d{4}\.1", day):
        raise ValidationError(_("January or October? Write 1973-01 or 1973-10."))
    return _month.read(plain(day))


def _flag(text: str) -> bool:
    word = plain(text).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValidationError(_("Write 是 or 否."))


def _category(text: str) -> str:
    word = re.sub(r"[(),，（）周岁原·]|岁", "", plain(text)).lower()
    found = _CATEGORY_OF.get(word) or _CATEGORY_OF.get(plain(text).lower())
    if found is None:
        raise ValidationError(_("Write 男60, 女55, 女50, or 男 or 女."))
    return found


@dataclass(frozen=True)
class Column:
    """One column: the title of the template, other headers that name it, how a cell is read, what it is for."""

    name: str
    title: str
    headers: tuple[str, ...]
    read: Callable[[str], Any]
    note: Any
    sample: tuple[str, str] = ("", "")


COLUMNS: Final = tuple(
    Column(*each)
    for each in (
        ("name", "姓名", ("人员姓名", "借款人姓名", "name"), _text, _("may be left out"), ("张甲", "李乙")),
        ("birth", "出生年月", ("出生日期", "出生月份", "birth"), _birth, _("such as 1973-06"), ("1973-06", "1970-11")),
        (
            "category",
            "退休类别",
            ("性别", "性别/退休类别", "性别退休类别", "参保身份", "category", "sex"),
            _category,
            _("男60, 女55 or 女50; 女 alone counts as 55"),
            ("女55", "男60"),
        ),
        (
            "paid",
            "实际缴费月数",
            ("缴费月数", "累计缴费月数", "已缴月数", "paid_months"),
            _number(_whole),
            _("months"),
            ("134", "160"),
        ),
        ("deemed", "视同缴费月数", ("视同月数", "deemed_months"), _number(_whole), _("months; empty counts as none"), ("14", "")),
        (
            "hardship",
            "困难",
            ("困难助保对象", "是否困难", "困难对象", "hardship"),
            _flag,
            _("是 or 否; only Jiangxi turns on it"),
            ("是", "否"),
        ),
        (
            "account",
            "个人账户余额",
            ("个人账户储存额", "账户余额", "储存额", "account"),
            _number(_money),
            _("yuan"),
            ("31000", "42000.50"),
        ),
        (
            "index",
            "平均缴费指数",
            ("指数", "缴费指数", "平均指数", "index"),
            _number(_index),
            _("empty counts as 0.60"),
            ("0.60", "0.72"),
        ),
        ("yearly", "年缴费额", ("缴费档次", "每年缴费额", "yearly"), _number(_money), _("yuan a year; only Tongling"), ("", "")),
        ("years", "贷款年数", ("缴费年数", "years"), _number(_years), _("only Tongling; empty: every year left"), ("", "")),
        ("own", "自筹金额", ("自己出资", "own"), _number(_money), _("yuan; lowers the loan"), ("", "")),
        (
            "agreed",
            "约定月还款额",
            ("月还款额", "每月还款额", "agreed"),
            _number(_money),
            _("yuan; empty: all that may be taken"),
            ("", ""),
        ),
    )
)
_BY_HEADER: Final = {header: column for column in COLUMNS for header in (column.title, *column.headers)}


def canonical(header: str) -> Column | None:
    """Return the column a header names, its unit or explanation in brackets passed over."""
    text = plain(header).strip("*:").lower()
    return _BY_HEADER.get(text) or _BY_HEADER.get(re.sub(r"\([^()]*\)$", "", text))


def find_header(rows: Sequence[Sequence[str | None]]) -> tuple[int, Mapping[int, Column]] | None:
    """Return the header's row (0-based) and the column at each place, the row that names most of ours; None without a birth column."""
    best: tuple[int, dict[int, Column]] | None = None
    for number, row in enumerate(rows[:HEADER_ROWS]):
        places: dict[int, Column] = {}
        for at, cell in enumerate(row):
            column = canonical(cell) if cell else None
            if column is not None and column not in places.values():
                places[at] = column
        if {"birth"} <= {column.name for column in places.values()} and (best is None or len(places) > len(best[1])):
            best = number, places
    return best


def address(first_column: int, row: int, column: int) -> str:
    """Return the address of a cell as a spreadsheet shows it; row and column count from 0."""
    return f"{letters(first_column + column)}{row + 1}"
