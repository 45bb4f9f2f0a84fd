"""Money as a bank slip writes it: in words, in yuan with separators, in ten thousands of yuan. Amounts are integer fen."""

from zhubao.errors import ZhubaoError
from zhubao.language import Text

LARGEST_IN_WORDS = 10**15
"""Fen; ten trillion yuan, far beyond any loan, so that nothing is cut off silently."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")


def amount_in_words(fen: int) -> str:
    """Return the amount in words, without the leading 人民币: 1843250 → 壹万捌仟肆佰叁拾贰元伍角整.

    The rule, where several spellings are allowed on bank slips: 整 closes every amount without fen (角整 too); one 零 stands
    for any run of zeros between two digits of the yuan; zeros just before 元, 万 and 亿 are not read; 零 stands between 元 and
    分 where there is no 角, and never between 元 and 角; ten is 壹拾. Nothing is 零元整.
    E-AMOUNT for a negative amount or one above LARGEST_IN_WORDS.
    """
    if not 0 <= fen <= LARGEST_IN_WORDS:
        raise ZhubaoError(
            "E-AMOUNT",
            Text(f"{fen} 分不能写成大写金额", f"{fen} fen cannot be written in words"),
            remedy=Text("金额须在 0 与十万亿元之间", "give an amount between 0 and ten trillion yuan"),
        )
    yuan, cents = divmod(fen, 100)
    jiao, rest = divmod(cents, 10)
    words = f"{_number(yuan)}元" if yuan or not cents else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif rest and yuan:
        words += "零"
    return words + (f"{_DIGITS[rest]}分" if rest else "整")


def amount_in_yuan(fen: int) -> str:
    """Return yuan with two decimals and separators: 1843250 → "18,432.50"; a minus sign stands before a negative amount."""
    yuan, cents = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{cents:02d}"


def amount_in_ten_thousands(fen: int) -> str:
    """Return the exact number of 万元, at least two decimals, at most six: 3840000 → "3.84", 2764800 → "2.7648"."""
    whole, rest = divmod(abs(fen), 1_000_000)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if fen < 0 else ''}{whole:,}.{decimals}"


def _number(number: int) -> str:
    """Return a whole number below 10^16 in words; 亿 counts hundred millions, and those may themselves be in 万."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            gap = "零" if 0 < low < unit // 10 else ""
            return f"{_number(high)}{name}{gap}{_number(low) if low else ''}"
    return _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    """Return 0 to 9999 in words: 1020 → 壹仟零贰拾."""
    if not number:
        return "零"
    words, gap = "", False
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit == "0":
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[int(digit)] + place
        gap = False
    return words
