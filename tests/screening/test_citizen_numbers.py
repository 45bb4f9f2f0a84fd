"""A column of numbers gives the same as each number alone."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.identity import CitizenNumber, read_number
from zhubao.screening.citizen_numbers import check_numbers

from .making import number

TODAY = date(2022, 3, 1)


@st.composite
def cells(draw: st.DrawFn) -> str | None:
    """A number, true or nearly so, or anything else a cell may hold."""
    born = draw(st.dates(date(1840, 1, 1), date(2030, 1, 1))).strftime("%Y%m%d")
    good = number(
        born, area=draw(st.sampled_from(["500243", "513525", "000000", "360721"])), order=f"{draw(st.integers(0, 999)):03d}"
    )
    changed = draw(st.integers(0, 17))
    return draw(
        st.sampled_from(
            [
                good,
                good.lower(),
                good[:changed] + draw(st.characters(codec="utf-8")) + good[changed + 1 :],
                good[:changed] + draw(st.sampled_from("0123456789X")) + good[changed + 1 :],
                good[:6] + good[8:17],
                f" {good[:6]} {good[6:]}\u3000",
                good[:changed],
                draw(st.text(max_size=20)),
                None,
            ]
        )
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(cells(), max_size=12))
def test_the_same_as_one_by_one(column: list[str | None]) -> None:
    checked = check_numbers(pa.array(column, pa.string()), TODAY)
    for place, (cell, found) in enumerate(zip(column, checked.numbers.to_pylist(), strict=True)):
        alone = read_number(cell or "", TODAY)
        if isinstance(alone, CitizenNumber):
            assert (found, place in checked.findings) == (alone.text, False)
            assert (place in checked.converted) == alone.converted
        else:
            assert (found, checked.findings[place].code) == (None, alone.code)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "E-ID-MISSING"),
        ("3.60721E+17", "E-ID-SCIENTIFIC"),
        ("50024319801230004", "E-ID-LENGTH"),
        ("500243198012300040", "E-ID-CHECK"),
        ("500243198013300048", "E-ID-DATE"),
        (number("20220302"), "E-ID-FUTURE"),
        ("#N/A", "E-ID-FORMULA"),
    ],
)
def test_refused(cell: str, code: str) -> None:
    assert check_numbers(pa.array([cell]), TODAY).findings[0].code == code


def test_fifteen_digits_become_eighteen() -> None:
    checked = check_numbers(pa.array(["362121620305002"]), TODAY)
    assert checked.numbers.to_pylist() == ["362121196203050023"]
    assert checked.converted == [0]


def test_the_text_a_program_wraps_for_spreadsheets() -> None:
    assert check_numbers(pa.array(['="50024319801230004x"']), TODAY).numbers.to_pylist() == ["50024319801230004X"]


def test_a_disability_certificate_only_where_it_may_stand() -> None:
    certificate = pa.array(["50024319801230004X42B1"])
    allowed = check_numbers(certificate, TODAY, certificates=True)
    assert (allowed.numbers.to_pylist(), allowed.grades) == (["50024319801230004X"], {0: 2})
    assert check_numbers(certificate, TODAY).findings[0].code == "E-ID-LENGTH"
