"""The printed lists as workbooks: read back by another program, the same bytes again, numbers that stay text."""

import zipfile
from dataclasses import replace
from io import BytesIO

import fastexcel

from zhubao.documents.workbooks import write_list

from .people import LONG_NAME, NUMBER, ROSTER, YEARLY


def _rows(book: bytes) -> list[list[object]]:
    sheet = fastexcel.read_excel(book).load_sheet(0, header_row=None, dtypes="string").to_arrow()
    return [list(row.values()) for row in sheet.to_pylist()]


def test_roster_reads_back_cell_by_cell() -> None:
    rows = _rows(write_list(ROSTER))
    assert rows[0][0] == "助保贷款借款人花名册"
    assert rows[3][:6] == ["序号", "姓名", "身份证号", "贷款金额（元）", "年利率", "期限（月）"]
    assert rows[4][1:4] == ["沈志远", NUMBER, "38400"]
    assert rows[5][1:4] == [LONG_NAME, "320682197002282027", "9600.5"]
    assert rows[5][6] == "=1+1"
    assert rows[6][0] == "合计"
    assert rows[6][3] == "48000.5"


def test_numbers_of_persons_and_accounts_are_text_and_amounts_are_numbers() -> None:
    with zipfile.ZipFile(BytesIO(write_list(YEARLY))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        texts = parts.read("xl/sharedStrings.xml").decode()
    assert NUMBER in texts
    assert "320601000000000001" in texts
    assert "<v>9600.00</v>" in sheet
    assert "<f>" not in sheet


def test_same_data_same_bytes_and_a_change_shows() -> None:
    assert write_list(ROSTER) == write_list(ROSTER)
    assert write_list(replace(ROSTER, number="HMC-2021-02")) != write_list(ROSTER)


def test_an_empty_list_still_has_its_headings() -> None:
    rows = _rows(write_list(replace(ROSTER, borrowers=())))
    assert rows[3][1] == "姓名"
    assert rows[4][3] == "0"
