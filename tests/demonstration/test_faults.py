"""Planted faults: at the documented rates, one a row, and each of them what its name says."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhubao.demonstration.faults import EFFECTS, RATES, ROWS_PER_FAULT, Fault, Row, fault_counts, plant
from zhubao.demonstration.people import people
from zhubao.demonstration.regions import DEMONSTRATION_DAY
from zhubao.identity import CitizenNumber, Finding, normalise, read_number

REASONS = {
    "wrong_check": "E-ID-CHECK",
    "too_short": "E-ID-LENGTH",
    "impossible_date": "E-ID-DATE",
    "future_date": "E-ID-FUTURE",
    "scientific": "E-ID-SCIENTIFIC",
    "no_number": "E-ID-MISSING",
    "formula_error": "E-ID-FORMULA",
}


def rows(count: int, seed: int = 3) -> list[Row]:
    crowd = people(count, seed, "ganzhou")
    return [Row(person.id_number, person.name, "dibao", (person.name, person.id_number)) for person in crowd]


def planted(count: int, seed: int = 3) -> tuple[list[Row], Counter[Fault]]:
    result, faults = plant(rows(count, seed), 1, 0, Random(seed))
    return result, Counter(fault.fault for fault in faults)


def test_a_large_roster_shows_each_fault_at_its_rate() -> None:
    _, found = planted(10_000)
    assert dict(found) == RATES


def test_a_small_roster_shows_each_fault_once() -> None:
    _, found = planted(len(RATES) * ROWS_PER_FAULT + 30)
    assert set(found.values()) == {1}
    assert set(found) | {"lower_case_x"} == set(RATES)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 400), st.integers(0, 99))
def test_never_more_than_one_row_in_six_is_touched(count: int, seed: int) -> None:
    assert sum(fault_counts(count, Random(seed)).values()) <= count // ROWS_PER_FAULT


@pytest.mark.parametrize("fault", [fault for fault in RATES if EFFECTS[fault] == "rejected"])
def test_rejected_faults_are_refused_for_their_reason(fault: Fault) -> None:
    result, faults = plant(rows(300), 1, 0, Random(5), allowed=(fault,))
    assert faults
    for one in faults:
        name, number = result[one.row].cells
        if fault == "no_name":
            assert (name, number) == (None, one.id_number)
            continue
        finding = read_number(str(number or ""), DEMONSTRATION_DAY)
        assert isinstance(finding, Finding)
        assert finding.code == REASONS[fault]


@pytest.mark.parametrize("fault", ["fifteen_digits", "full_width", "spaces", "lower_case_x"])
def test_harmless_faults_still_give_the_true_number(fault: Fault) -> None:
    result, faults = plant(rows(1_000), 1, 0, Random(5), allowed=(fault,))
    assert faults
    for one in faults:
        written = str(result[one.row].cells[1])
        number = read_number(written, DEMONSTRATION_DAY)
        assert written != one.id_number
        assert isinstance(number, CitizenNumber)
        assert (number.text, number.converted) == (one.id_number, fault == "fifteen_digits")


@pytest.mark.parametrize("fault", ["duplicate", "two_names"])
def test_differences_add_a_row_for_the_same_number(fault: Fault) -> None:
    given_rows = rows(600)
    result, faults = plant(given_rows, 1, 0, Random(5), allowed=(fault,))
    assert len(result) == len(given_rows) + len(faults)
    for one in faults:
        before, after = result[one.row - 1], result[one.row]
        assert before.id_number == after.id_number
        assert (before.cells[0] == after.cells[0]) == (fault == "duplicate")


def test_rows_of_untouched_people_stay_as_they_are() -> None:
    given_rows = rows(400)
    kept = frozenset(row.id_number for row in given_rows[::2])
    result, faults = plant(given_rows, 1, 0, Random(5), untouched=kept)
    assert faults
    assert not kept & {fault.id_number for fault in faults}
    assert [row for row in result if row.id_number in kept] == given_rows[::2]


def test_rows_without_a_fault_are_readable_as_they_stand() -> None:
    result, faults = plant(rows(500), 1, 0, Random(5))
    touched = {fault.row for fault in faults}
    clean = [row for at, row in enumerate(result) if at not in touched]
    assert all(normalise(str(row.cells[1])) == row.cells[1] == row.id_number for row in clean)
    assert all(isinstance(read_number(row.id_number, DEMONSTRATION_DAY), CitizenNumber) for row in clean)
