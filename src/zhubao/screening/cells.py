"""What one cell says: dates, yes and no, grades, amounts, counts and the words of the departments.

Every reader takes the trimmed text of a cell and returns its value; `None` means the cell leaves the matter open.
`UnreadableError` means there is something in it that cannot be what the column promises.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"))


class UnreadableError(ValueError):
    """The cell holds something that its column cannot mean."""


def plain(text: str) -> str:
    """Return `text` with full-width forms narrowed, every blank and line break taken out and invisible marks dropped."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).split())


def read_day(text: str) -> int | None:
    """Return the day as yyyymmdd; a month alone is its first day. Raise `UnreadableError` for a day no calendar has."""
    return _day(text, end_of_month=False)


def read_last_day(text: str) -> int | None:
    """Return the day as yyyymmdd, inclusive; a month alone is its last day. Raise `UnreadableError` for a day no calendar has."""
    return _day(text, end_of_month=True)


_DAY_SHAPES: Final = (
    re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"),
    re.compile(r"(\d{4})[-/.年](\d{1,2})月?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
    re.compile(r"(\d{4})(\d{2})"),
)
_OPEN: Final = frozenset(("", "-", "--", "—", "——", "/", "无", "长期", "至今", "未定"))


def _day(text: str, *, end_of_month: bool) -> int | None:
    shape = plain(text)
    if shape in _OPEN:
        return None
    # A date cell whose format was lost arrives as the count of days that spreadsheets keep (2022-01-01 is 44562).
    if re.fullmatch(r"[2-6]\d{4}(\.0+)?", shape):
        day = date(1899, 12, 30) + timedelta(days=int(float(shape)))
        return day.year * 10000 + day.month * 100 + day.day
    # Blanks went, so a time of day follows its date without one: 2022-01-05 00:00:00 → 2022-01-0500:00:00.
    if timed := re.fullmatch(r"(\d{4}-\d{2}-\d{2})T?\d{2}:\d{2}(:\d{2}(\.\d+)?)?", shape):
        shape = timed[1]
    for pattern in _DAY_SHAPES:
        if found := pattern.fullmatch(shape):
            parts = [int(part) for part in found.groups()]
            year, month = parts[0], parts[1]
            if not (1900 <= year <= 2199 and 1 <= month <= 12):
                break
            last = monthrange(year, month)[1]
            number = parts[2] if len(parts) > 2 else (last if end_of_month else 1)
            if not 1 <= number <= last:
                break
            return year * 10000 + month * 100 + number
    raise UnreadableError(text)


_YES: Final = frozenset(("是", "有", "1", "y", "yes", "true", "√", "已确认", "已签", "已签署"))
_NO: Final = frozenset(("否", "无", "0", "n", "no", "false", "×", "没有", "未确认", "未签", "未签署"))


def read_flag(text: str) -> bool | None:
    """Return what a yes/no cell says."""
    word = plain(text).lower()
    if word == "":
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise UnreadableError(text)


_GRADE_DIGITS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4, "I": 1, "II": 2, "III": 3, "IV": 4}


def read_grade(text: str) -> int | None:
    """Return the grade of disability, 1 (heaviest) to 4."""
    word = plain(text).upper()
    if word in ("", "无"):
        return None
    # NFKC already turned Ⅰ..Ⅳ into letters; 肢体一级 or 残疾2级 keep their grade at the end.
    found = re.search(r"(IV|I{1,3}|[一二三四1-4])(?:\.0)?级?$", word)
    if not found:
        raise UnreadableError(text)
    return _GRADE_DIGITS[found[1]]


def read_yuan(text: str) -> int | None:
    """Return the amount in fen of a cell in yuan: ``500``, ``1,234.50``, ``500元/年``, ``100元档``."""
    word = plain(text).replace(",", "").removeprefix("¥").removeprefix("￥")
    if word == "":
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(?:元)?(?:/?年|每年)?档?", word)
    if not found:
        raise UnreadableError(text)
    try:
        fen = Decimal(found[1]) * 100
    except InvalidOperation as error:
        raise UnreadableError(text) from error
    if fen != fen.to_integral_value() or fen > 10**15:
        raise UnreadableError(text)
    return int(fen)


def read_months(text: str) -> int | None:
    """Return a count of months: ``148``, ``148.0``, ``148个月``, ``12年4个月``."""
    word = plain(text)
    if word == "":
        return None
    if found := re.fullmatch(r"(\d{1,4})(?:\.0+)?(?:个?月)?", word):
        return int(found[1])
    if found := re.fullmatch(r"(\d{1,2})年(?:零?(\d{1,2})个?月)?", word):
        return int(found[1]) * 12 + int(found[2] or 0)
    raise UnreadableError(text)


def read_area_code(text: str) -> str | None:
    """Return a six-digit area code; longer township or village codes keep their first six digits."""
    word = plain(text).removesuffix(".0")
    if word == "":
        return None
    if re.fullmatch(r"\d{6}(\d{3}){0,2}", word):
        return word[:6]
    raise UnreadableError(text)


def _word_reader(words: Mapping[str, str], text: str) -> str | None:
    """Return the code of the first of `words` that the cell contains."""
    word = plain(text)
    if word == "":
        return None
    for part, code in words.items():
        if part in word:
            return code
    raise UnreadableError(text)


def read_urban_rural(text: str) -> str | None:
    """Return ``urban`` or ``rural``."""
    return _word_reader(
        {"非农": "urban", "城市": "urban", "城镇": "urban", "农村": "rural", "农业": "rural", "乡村": "rural"}, text
    )


def read_scheme(text: str) -> str | None:
    """Return the pension scheme a record belongs to."""
    return _word_reader(
        {
            "未参保": "none",
            "居民": "resident_pension",
            "居保": "resident_pension",
            "机关": "institution_pension",
            "事业": "institution_pension",
            "职工": "employee_pension",
            "职保": "employee_pension",
            "企业": "employee_pension",
        },
        text,
    )


def read_status(text: str) -> str | None:
    """Return the status of an insured person: ordinary, student, military, imprisoned or deceased."""
    return _word_reader(
        {"正常": "ordinary", "学生": "student", "军人": "military", "服役": "military", "服刑": "imprisoned", "死亡": "deceased"},
        text,
    )


def read_participation(text: str) -> str | None:
    """Return how an employee-scheme member takes part: flexible or employer."""
    return _word_reader({"灵活": "flexible", "个体": "flexible", "个人": "flexible", "单位": "employer"}, text)


def read_retirement_category(text: str) -> str | None:
    """Return the retirement category, given as its code or in words (女55, 男60岁)."""
    word = plain(text)
    if word in ("male60", "female55", "female50", "resident60"):
        return word
    return _word_reader({"男60": "male60", "女55": "female55", "女50": "female50", "居民60": "resident60", "男": "male60"}, text)


def read_enterprise(text: str) -> str | None:
    """Return ``state``, ``collective`` or ``other`` for the nature of the former enterprise."""
    if plain(text) == "":
        return None
    try:
        return _word_reader({"国有": "state", "集体": "collective"}, text)
    except UnreadableError:
        return "other"


def read_certificate_status(text: str) -> str | None:
    """Return ``valid`` or ``not_valid`` for a disability certificate."""
    return _word_reader(
        {"过期": "not_valid", "注销": "not_valid", "冻结": "not_valid", "失效": "not_valid", "无效": "not_valid"}
        | {"正常": "valid", "有效": "valid"},
        text,
    )


def read_text(text: str) -> str | None:
    """Return the text without blanks at its ends; empty is open."""
    return text.strip().strip("\u3000\u00a0") or None


def read_account(text: str) -> str | None:
    """Return a bank account number, 10 to 24 digits, without the blanks it may be written with."""
    digits = re.sub(r"[\s-]", "", plain(text))
    if digits == "":
        return None
    if re.fullmatch(r"[0-9]{10,24}", digits):
        return digits
    raise UnreadableError(text)
