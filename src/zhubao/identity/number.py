"""Citizen numbers (GB 11643): form, check character, birth date and sex; fifteen digits become eighteen.

A number that is well formed is not refused for its area part: people carry the code of the year their number was issued, and
codes have been renamed and dropped since. See `areas` for the remark on an unknown code.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from zhubao.language import Text

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
# Full-width digits and letters, and every kind of blank that spreadsheets and web forms leave behind.
_NARROW = str.maketrans("０１２３４５６７８９Ｘｘｘ", "0123456789XXX", " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff'‘’`")
_SCIENTIFIC = re.compile(r"\d(?:\.\d*)?E\+?\d+", re.IGNORECASE)
_EIGHTEEN = re.compile(r"[1-9][0-9]{16}[0-9X]")
_FIFTEEN = re.compile(r"[1-9][0-9]{14}")
# The weighted sum of each pair of digits, looked up instead of computed: rosters have millions of rows.
_PAIRS = tuple(
    {f"{a}{b}": a * WEIGHTS[place] + b * WEIGHTS[place + 1] for a in range(10) for b in range(10)} for place in range(0, 16, 2)
)
# In fifteen-digit numbers these sequences marked people over a hundred, so their century is the nineteenth.
_CENTENARIAN = frozenset({"996", "997", "998", "999"})

Sex = Literal["male", "female"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: a stable code (``E-ID-...`` refuses, ``R-ID-...`` remarks), what is wrong, and what it should be."""

    code: str
    problem: Text
    remedy: Text

    @property
    def refuses(self) -> bool:
        """Whether the number can not be used; a remark lets it pass."""
        return self.code.startswith("E-")

    def as_json(self) -> dict[str, Any]:
        """Return the finding with both languages."""
        return {"code": self.code, "problem": self.problem._asdict(), "remedy": self.remedy._asdict()}


@dataclass(frozen=True, slots=True)
class CitizenNumber:
    """A number that passed: eighteen characters, and what its digits say. `converted` when it was given with fifteen."""

    text: str
    birth: date
    sex: Sex
    converted: bool

    @property
    def area_code(self) -> str:
        """The code of the place of first issue; never today's household register."""
        return self.text[:6]


def check_character(first_seventeen: str) -> str:
    """Return the eighteenth character for the first seventeen digits given (ISO 7064 MOD 11-2)."""
    a, b, c, d, e, f, g, h = _PAIRS
    n = first_seventeen
    total = a[n[:2]] + b[n[2:4]] + c[n[4:6]] + d[n[6:8]] + e[n[8:10]] + f[n[10:12]] + g[n[12:14]] + h[n[14:16]]
    return CHECK_CHARACTERS[(total + 2 * int(n[16])) % 11]


def is_valid(number: str, today: str) -> bool:
    """Whether eighteen plain characters are a citizen number; `today` is ``YYYYMMDD``. The quick path: clean text, no findings."""
    if _EIGHTEEN.fullmatch(number) is None or number[6:14] > today or number[6:10] < "1850":
        return False
    if check_character(number) != number[17]:
        return False
    day = number[12:14]
    return "01" <= number[10:12] <= "12" and day >= "01" and (day <= "28" or _true_date(number[6:14]) is not None)


def from_fifteen(number: str) -> str:
    """Return the eighteen-character form of fifteen digits."""
    century = "18" if number[12:] in _CENTENARIAN else "19"
    seventeen = number[:6] + century + number[6:]
    return seventeen + check_character(seventeen)


def normalise(text: str) -> str:
    """Return `text` in narrow capitals without blanks, invisible characters and a leading apostrophe."""
    return text.translate(_NARROW).upper()


def read_number(text: str, today: date) -> CitizenNumber | Finding:
    """Return the number in a cell, or the finding that refuses it.

    Full-width characters, blanks and a small x are put right silently; fifteen digits are converted. `today` bounds the birth.
    """
    number = text if _EIGHTEEN.fullmatch(text) else normalise(text)
    if not number:
        return Finding("E-ID-MISSING", Text("没有身份证号", "there is no citizen number"), Text("补填身份证号", "enter it"))
    if number.startswith("#"):
        return Finding(
            "E-ID-FORMULA",
            Text("单元格是公式错误", "the cell is a formula error"),
            Text("填写号码本身", "enter the number itself"),
        )
    if _SCIENTIFIC.fullmatch(number):
        return Finding(
            "E-ID-SCIENTIFIC",
            Text(
                "身份证号被表格软件改成了科学计数法，末几位已丢失", "the spreadsheet turned the number into scientific notation"
            ),
            Text("把该列设为文本后重新填写完整号码", "set the column to text and enter the whole number again"),
        )
    converted = False
    if _FIFTEEN.fullmatch(number):
        number = from_fifteen(number)
        converted = True
    if not _EIGHTEEN.fullmatch(number):
        return _wrong_form(number)
    birth = _true_date(number[6:14])
    if birth is None:
        return Finding(
            "E-ID-DATE",
            Text(f"第7至14位“{number[6:14]}”不是真实日期", f"characters 7 to 14 ({number[6:14]}) are no date"),
            Text("核对出生日期", "check the date of birth"),
        )
    if birth > today:
        return Finding(
            "E-ID-FUTURE",
            Text(f"出生日期 {birth} 在 {today} 之后", f"the date of birth {birth} is after {today}"),
            Text("核对出生日期", "check the date of birth"),
        )
    expected = check_character(number[:17])
    if expected != number[17]:
        return Finding(
            "E-ID-CHECK",
            Text(f"校验码应为 {expected}，现为 {number[17]}", f"check character should be {expected}, not {number[17]}"),
            Text("对照证件更正，或不报这一行", "correct it or leave the row out"),
        )
    return CitizenNumber(number, birth, "male" if int(number[16]) % 2 else "female", converted)


def _true_date(digits: str) -> date | None:
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return birth if birth.year >= 1850 else None


def _wrong_form(number: str) -> Finding:
    if len(number) not in {15, 18}:
        return Finding(
            "E-ID-LENGTH",
            Text(
                f"共 {len(number)} 位，应为 18 位（或旧号 15 位）",
                f"{len(number)} characters instead of 18 (or 15 in an old number)",
            ),
            Text("补全号码", "enter the whole number"),
        )
    return Finding(
        "E-ID-FORM",
        Text(
            "含有不该出现的字符，应为 17 位数字加 1 位数字或 X",
            "there is a character that does not belong: 17 digits and a digit or X",
        ),
        Text("对照证件更正", "correct it from the document"),
    )
