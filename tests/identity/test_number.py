"""Citizen numbers as they stand on real rosters: old areas, fifteen digits, spreadsheets' damage."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.identity import CitizenNumber, Finding, check_character, from_fifteen, is_valid, read_number

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("cell", "number", "birth", "sex"),
    [
        pytest.param("360721196508120011", "360721196508120011", date(1965, 8, 12), "male", id="赣县旧码-old county code"),
        pytest.param(
            "320682197001010037", "320682197001010037", date(1970, 1, 1), "male", id="出生早于代码启用-born before the code"
        ),
        pytest.param("340702195909090055", "340702195909090055", date(1959, 9, 9), "male", id="铜陵-Tongling"),
        pytest.param("50024319801230004x", "50024319801230004X", date(1980, 12, 30), "female", id="小写x-small x"),
        pytest.param(
            "３６０７２１１９６５０８１２００１１", "360721196508120011", date(1965, 8, 12), "male", id="全角-full width"
        ),
        pytest.param(" 360721 19650812 0011\u3000\n", "360721196508120011", date(1965, 8, 12), "male", id="空格-blanks"),
        pytest.param("'360721196508120011", "360721196508120011", date(1965, 8, 12), "male", id="撇号-apostrophe"),
        pytest.param("\u200b360721196508120011", "360721196508120011", date(1965, 8, 12), "male", id="零宽-zero width"),
    ],
)
def test_accepts(cell: str, number: str, birth: date, sex: str) -> None:
    found = read_number(cell, TODAY)
    assert isinstance(found, CitizenNumber)
    assert (found.text, found.birth, found.sex, found.converted) == (number, birth, sex, False)


def test_fifteen_digits_become_eighteen() -> None:
    found = read_number("362121620305002", TODAY)
    assert found == CitizenNumber("362121196203050023", date(1962, 3, 5), "female", converted=True)
    assert found.area_code == "362121"


def test_a_centenarian_of_fifteen_digits_was_born_in_the_nineteenth_century() -> None:
    assert from_fifteen("360721951203997")[:17] == "36072118951203997"


@pytest.mark.parametrize(
    ("cell", "code", "says"),
    [
        pytest.param("340702195909090056", "E-ID-CHECK", "check character should be 5", id="校验码-check"),
        pytest.param("36072119650812001", "E-ID-LENGTH", "17 characters", id="少一位-too short"),
        pytest.param("3607211965081200111", "E-ID-LENGTH", "19 characters", id="多一位-too long"),
        pytest.param("36072119650812001O", "E-ID-FORM", "does not belong", id="字母O-letter O"),
        pytest.param("3607211965O8120011", "E-ID-FORM", "does not belong", id="中间字母-letter inside"),
        pytest.param("٣٦٠٧٢١١٩٦٥٠٨١٢٠٠١١", "E-ID-FORM", "does not belong", id="阿拉伯数字-other digits"),
        pytest.param("340702195902300055", "E-ID-DATE", "19590230", id="2月30日-30 February"),
        pytest.param("340702190002290055", "E-ID-DATE", "19000229", id="1900非闰年-1900 was no leap year"),
        pytest.param("340702205909090055", "E-ID-FUTURE", "2059-09-09", id="未来-future"),
        pytest.param("3.60721E+17", "E-ID-SCIENTIFIC", "scientific", id="科学计数-scientific"),
        pytest.param("3.60721e17", "E-ID-SCIENTIFIC", "scientific", id="小写e-small e"),
        pytest.param("#N/A", "E-ID-FORMULA", "formula", id="公式错误-formula"),
        pytest.param(" \u3000", "E-ID-MISSING", "no citizen number", id="空-empty"),
    ],
)
def test_refuses_and_says_why(cell: str, code: str, says: str) -> None:
    found = read_number(cell, TODAY)
    assert isinstance(found, Finding)
    assert found.code == code
    assert found.refuses
    assert says in found.problem.en
    assert found.remedy.zh


def test_born_today_is_not_the_future() -> None:
    seventeen = "36070220261121001"
    number = seventeen + check_character(seventeen)
    assert isinstance(read_number(number, TODAY), CitizenNumber)
    assert read_number(number, date(2026, 11, 20)).code == "E-ID-FUTURE"  # type: ignore[union-attr]


@settings(max_examples=200, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(2030, 12, 31)),
    st.integers(0, 999),
    st.sampled_from(["360721", "362121", "320622", "513525", "500243"]),
    st.sampled_from("0123456789X"),
)
def test_the_quick_path_gives_the_same_answer(birth: date, sequence: int, area: str, last: str) -> None:
    number = f"{area}{birth:%Y%m%d}{sequence:03d}{last}"
    assert is_valid(number, "20261121") == isinstance(read_number(number, TODAY), CitizenNumber)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0123456789X", min_size=16, max_size=19))
def test_any_digits_give_one_answer_on_both_paths(number: str) -> None:
    if len(number) == 18:
        assert is_valid(number, "20261121") == isinstance(read_number(number, TODAY), CitizenNumber)
    else:
        assert not is_valid(number, "20261121")


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_never_passes(place: int, shift: int) -> None:
    right = "360721196508120011"
    wrong = right[:place] + str((int(right[place]) + shift) % 10) + right[place + 1 :]
    assert not is_valid(wrong, "20261121")
