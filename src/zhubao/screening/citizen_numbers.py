"""A column of citizen numbers at once: the quick path over a matrix of bytes, every doubtful cell through `zhubao.identity`."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhubao.identity import Finding, normalise, read_disability_certificate, read_number
from zhubao.identity.number import CHECK_CHARACTERS, WEIGHTS

_WEIGHTS: Final = np.array(WEIGHTS, dtype=np.int32)
_CHECK: Final = np.frombuffer(CHECK_CHARACTERS.encode(), dtype=np.uint8)
_MONTH_LENGTHS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class CheckedNumbers:
    """What a column of numbers holds: eighteen characters where usable, else null and a finding at that place.

    `converted` are the places that held fifteen digits; `grades` maps a place that held the number of a disability certificate to
    its grade.
    """

    numbers: pa.StringArray
    findings: dict[int, Finding]
    converted: list[int]
    grades: dict[int, int]


def check_numbers(cells: pa.StringArray, today: date, *, certificates: bool = False) -> CheckedNumbers:
    """Check every cell of a column; a birth after `today` is refused.

    With `certificates` a cell may hold the 20 to 22 characters of a disability certificate, whose first 18 are the citizen number.
    """
    good = _usable(cells, today)
    numbers = pc.utf8_upper(pc.if_else(pa.array(good), cells, pa.scalar(None, pa.string())))
    findings: dict[int, Finding] = {}
    converted: list[int] = []
    grades: dict[int, int] = {}
    repaired: dict[int, str] = {}
    doubtful = np.flatnonzero(~good)
    for place, cell in zip(doubtful.tolist(), cells.take(pa.array(doubtful)).to_pylist(), strict=True):
        text = _unquoted(cell or "")
        if certificates and 20 <= len(normalise(text)) <= 22:
            certificate = read_disability_certificate(text, today)
            if isinstance(certificate, Finding):
                findings[place] = certificate
                continue
            grades[place] = certificate.grade
            repaired[place] = certificate.person.text
            continue
        number = read_number(text, today)
        if isinstance(number, Finding):
            findings[place] = number
            continue
        repaired[place] = number.text
        if number.converted:
            converted.append(place)
    if repaired:
        mask = np.zeros(len(cells), dtype=bool)
        mask[list(repaired)] = True
        numbers = pc.replace_with_mask(numbers, pa.array(mask), pa.array(list(repaired.values()), pa.string()))
    return CheckedNumbers(numbers, findings, converted, grades)


def _unquoted(text: str) -> str:
    """Return `text` without the ``="..."`` that programs write into a csv so that a spreadsheet keeps the digits."""
    inner = text.strip()
    return inner[2:-1] if inner.startswith('="') and inner.endswith('"') else text


def _usable(cells: pa.StringArray, today: date) -> np.ndarray:
    """Return which cells are eighteen clean characters that pass every check."""
    usable = np.zeros(len(cells), dtype=bool)
    lengths = pc.fill_null(pc.binary_length(cells), 0).to_numpy(zero_copy_only=False)
    places = np.flatnonzero(lengths == 18)
    if not len(places):
        return usable
    # Cells of eighteen bytes lie one after the other in the buffer of a filtered column.
    chosen = cells.take(pa.array(places))
    data = np.frombuffer(chosen.buffers()[2], dtype=np.uint8)[: len(places) * 18].reshape(-1, 18)
    digits = data[:, :17] - 48
    plain = (digits <= 9).all(axis=1) & (digits[:, 0] >= 1)
    numbers = digits.astype(np.int32)
    expected = _CHECK[(numbers @ _WEIGHTS) % 11]
    last = np.where(data[:, 17] == ord("x"), ord("X"), data[:, 17])
    year = numbers[:, 6:10] @ np.array([1000, 100, 10, 1], dtype=np.int32)
    month = numbers[:, 10] * 10 + numbers[:, 11]
    day = numbers[:, 12] * 10 + numbers[:, 13]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _MONTH_LENGTHS[np.where(plain, month, 0)] + ((month == 2) & leap)
    true_date = (day >= 1) & (day <= longest) & (year >= 1850)
    born = year * 10000 + month * 100 + day <= today.year * 10000 + today.month * 100 + today.day
    usable[places] = plain & (last == expected) & true_date & born
    return usable
