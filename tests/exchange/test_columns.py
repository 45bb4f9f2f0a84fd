"""A long file read column by column says what it says line by line, and its faults are found line by line."""

from datetime import date
from pathlib import Path

import pytest

from zhubao.exchange.files import layout_of
from zhubao.exchange.files.columns import read_columns
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.reading import read
from zhubao.exchange.files.subsidy_claim import ClaimedDays
from zhubao.exchange.files.writing import Form, write
from zhubao.identity.number import check_character

from .making import AGENCY, BANK, put

LAYOUT = layout_of("subsidy_claim")
TODAY = date(2026, 3, 12)


def number(sequence: int) -> str:
    seventeen = f"320682196505{10 + sequence % 18}{sequence:03d}"
    return seventeen + check_character(seventeen)


def rows() -> list[ClaimedDays]:
    start, end = date(2024, 12, 20), date(2025, 12, 20)
    return [
        ClaimedDays(
            f"L{at}", number(at), "current", 2025, "2021/1" if at else "", 960_000, 49_000, start, end, 365, 47_693, 47_693
        )
        for at in range(5)
    ] + [ClaimedDays("L1", number(1), "taken_back", 2024, "", 960_000, 38_500, date(2024, 12, 1), start, 19, 2_483, 2_483)]


def content(form: Form = "csv") -> bytes:
    return write(LAYOUT, Head("B1", BANK, AGENCY, "贴息"), rows(), form)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_columns_hold_what_the_lines_do(tmp_path: Path, form: Form, encoding: str) -> None:
    data = content(form)
    if form == "csv":
        data = data.decode("utf-8-sig").encode(encoding)
    path = put(tmp_path, data, f"贴息.{form}")
    found = read_columns(LAYOUT, path, name=path.name, today=TODAY)
    assert found.faults == ()
    assert [ClaimedDays(*values) for values in zip(*found.columns.values(), strict=True)] == rows()
    assert found.count == 6
    assert found.total_fen == 5 * 47_693 - 2_483


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        pytest.param("合计（元）,2359.82", "合计（元）,2400.00", "E-EXCHANGE-TOTAL", id="合计被改-edited total"),
        pytest.param("笔数,6", "笔数,5", "E-EXCHANGE-COUNT", id="笔数被改-edited count"),
        pytest.param("365,476.93,476.93", "365,476.93,-476.93", "E-LINE-CELL", id="金额为负-negative amount"),
        pytest.param("\r\n2,L1,", "\r\n2,L0,", "E-", id="序号同笔-another person"),
        pytest.param("2025-12-20,365", "2025-13-20,365", "E-LINE-CELL", id="没有的日期-no such day"),
        pytest.param(number(3), number(3)[:17] + "A", "E-ID", id="身份证号错-citizen number"),
        pytest.param("4.9%", "4.9", "E-LINE-CELL", id="利率无百分号-rate without its sign"),
        pytest.param("结束,6", "", "E-EXCHANGE-CUT", id="没有结束行-cut off"),
    ],
)
def test_a_faulty_file_has_the_faults_found_line_by_line(tmp_path: Path, before: str, after: str, code: str) -> None:
    text = content().decode("utf-8-sig")
    assert before in text
    path = put(tmp_path, text.replace(before, after, 1).encode(), "贴息.csv")
    by_line, by_column = (reads(LAYOUT, path, name=path.name, today=TODAY) for reads in (read, read_columns))
    assert [fault.code for fault in by_column.faults] == [fault.code for fault in by_line.faults]
    if code != "E-":
        assert by_column.faults[0].code.startswith(code)
        assert by_column.columns == {}


def test_the_same_line_twice_is_named(tmp_path: Path) -> None:
    text = content().decode("utf-8-sig")
    first = next(line for line in text.splitlines() if line.startswith("1,"))
    second = next(line for line in text.splitlines() if line.startswith("2,"))
    path = put(tmp_path, text.replace(second, "2" + first[1:]).encode(), "贴息.csv")
    assert "E-LINE-TWICE" in [fault.code for fault in read_columns(LAYOUT, path, name=path.name, today=TODAY).faults]
