"""Amounts in words as a bank slip writes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.documents.amounts import LARGEST_IN_WORDS, amount_in_ten_thousands, amount_in_words, amount_in_yuan
from zhubao.errors import ZhubaoError

_VALUES = {digit: value for value, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
_PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def _read_number(words: str) -> int:
    """Read a Chinese number the way a person does: from the largest unit down."""
    for name, unit in (("亿", 10**8), ("万", 10**4)):
        if name in words:
            high, low = words.rsplit(name, 1)
            return _read_number(high) * unit + _read_number(low)
    total, digit = 0, 0
    for character in words:
        if character in _VALUES:
            digit = _VALUES[character]
        else:
            total += digit * _PLACES[character]
            digit = 0
    return total + digit


def _read_amount(words: str) -> int:
    """Return the fen of an amount in words."""
    rest = words.removesuffix("整")
    yuan, cents = [*rest.split("元"), ""][:2] if "元" in rest else ("", rest)
    fen = _read_number(yuan) * 100 if yuan else 0
    if "角" in cents:
        jiao, cents = cents.split("角")
        fen += _read_number(jiao) * 10
    return fen + _read_number(cents.removesuffix("分"))


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (50, "伍角整"),
        (105, "壹元零伍分"),
        (110, "壹元壹角整"),
        (1_000, "壹拾元整"),
        (1_200, "壹拾贰元整"),
        (10_053, "壹佰元伍角叁分"),
        (1_843_250, "壹万捌仟肆佰叁拾贰元伍角整"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (600_700, "陆仟零柒元整"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (1_000_500, "壹万零伍元整"),
        (1_005_000, "壹万零伍拾元整"),
        (1_050_000, "壹万零伍佰元整"),
        (10_000_000_000, "壹亿元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (10_001_000_000, "壹亿零壹万元整"),
        (10_010_000_000, "壹亿零壹拾万元整"),
        (12_345_678_901_234, "壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分"),
        (100_010_000_000_000, "壹万零壹亿元整"),
        (LARGEST_IN_WORDS, "壹拾万亿元整"),
    ],
)
def test_amount_as_a_bank_slip_writes_it(fen: int, words: str) -> None:
    assert amount_in_words(fen) == words


@settings(max_examples=300)
@given(st.integers(0, LARGEST_IN_WORDS))
def test_words_read_back_to_the_same_amount(fen: int) -> None:
    assert _read_amount(amount_in_words(fen)) == fen


@settings(max_examples=300)
@given(st.integers(0, LARGEST_IN_WORDS))
def test_words_never_double_or_dangle_a_zero(fen: int) -> None:
    words = amount_in_words(fen)
    assert "零零" not in words
    assert fen == 0 or not any(bad in words for bad in ("零元", "零万", "零亿", "零角", "零整", "元零角"))
    assert words.endswith("整") == (fen % 10 == 0)


@pytest.mark.parametrize("fen", [-1, LARGEST_IN_WORDS + 1])
def test_amount_that_no_slip_can_carry_is_refused(fen: int) -> None:
    with pytest.raises(ZhubaoError, match="E-AMOUNT"):
        amount_in_words(fen)


@pytest.mark.parametrize(
    ("fen", "yuan", "ten_thousands"),
    [
        (0, "0.00", "0.00"),
        (5, "0.05", "0.000005"),
        (3_840_000, "38,400.00", "3.84"),
        (2_764_800, "27,648.00", "2.7648"),
        (4_000_000, "40,000.00", "4.00"),
        (-1_843_250, "-18,432.50", "-1.84325"),
        (123_456_789_012, "1,234,567,890.12", "123,456.789012"),
    ],
)
def test_figures_in_yuan_and_in_ten_thousands(fen: int, yuan: str, ten_thousands: str) -> None:
    assert amount_in_yuan(fen) == yuan
    assert amount_in_ten_thousands(fen) == ten_thousands
