"""Reading department files as they come: any encoding, titles above the header, merged cells, several sheets, bad cells with their address."""

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from zhubao.errors import ZhubaoError
from zhubao.screening.rosters import ReadRosters, read_insured, read_rosters

from .making import number, text, workbook

TODAY = date(2022, 3, 1)
ZHANG, LI, WANG = (number("19801230", order=order) for order in ("001", "002", "003"))


def read(path: Path, kind: str | None = None, *, insured: bool = False) -> ReadRosters:
    """Read one file on the day of the tests."""
    return read_rosters([(path, kind)], today=TODAY, insured=insured)


def column(found: ReadRosters, name: str) -> list[Any]:
    """Return one column of what was read."""
    values: list[Any] = found.rows.column(name).to_pylist()
    return values


def rejected(found: ReadRosters) -> list[tuple[str, str]]:
    """Return the place and the code of every rejected row."""
    return [(each.place, each.finding.code) for each in found.rejections]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = text(tmp_path / "低保.csv", [["姓名", "身份证号", "乡镇"], ["𬱟䶮", ZHANG, "汉葭街道"]], encoding)
    found = read(path)
    assert column(found, "name") == ["𬱟䶮"]
    assert column(found, "township") == ["汉葭街道"]


def test_title_rows_several_sheets_and_the_mapping(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "民政.xlsx",
        {
            "特困人员": [
                ["彭水县名册"],
                ["2022年"],
                [None, "姓名", "身份证号码", "批准时间"],
                [1, "张三", ZHANG, date(2021, 5, 6)],
            ],
            "低保": [["姓名", "公民身份号码"], ["李四", LI]],
            "说明": [["填表说明：请勿改动"]],
        },
    )
    found = read(path)
    assert list(zip(column(found, "kind"), column(found, "name"), column(found, "row"), strict=True)) == [
        ("special_hardship", "张三", 4),
        ("dibao", "李四", 2),
    ]
    assert column(found, "from_day") == [20210506, None]
    assert found.sheets[0].mapping == {"B": "name", "C": "id_number", "D": "from"}
    assert [(sheet.kind, sheet.kind_from, sheet.header_row) for sheet in found.sheets] == [
        ("special_hardship", "sheet", 3),
        ("dibao", "sheet", 1),
        (None, None, None),
    ]


def test_merged_township_holds_for_all_its_rows(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "乡镇"], ["张三", ZHANG, "汉葭街道"], ["李四", LI, None], ["王五", WANG, "绍庆街道"]]
    path = workbook(tmp_path / "低保.xlsx", {"低保": rows}, merged=[("低保", "C2:C3")])
    assert column(read(path), "township") == ["汉葭街道", "汉葭街道", "绍庆街道"]


def test_empty_first_rows_and_columns_keep_the_addresses(tmp_path: Path) -> None:
    rows = [[], [], [None, None, "姓名", "身份证号"], [None, None, "张三", ZHANG], [], [None, None, "李四", "123"]]
    path = workbook(tmp_path / "低保.xlsx", {"低保": rows})
    found = read(path)
    assert rejected(found) == [("低保.xlsx 低保!D6", "E-ID-LENGTH")]
    assert found.sheets[0].mapping == {"C": "name", "D": "id_number"}


def test_parquet_counts_its_header_as_row_one(tmp_path: Path) -> None:
    path = tmp_path / "低保.parquet"
    pq.write_table(pa.table({"姓名": ["张三", "李四"], "身份证号": [ZHANG, "9"], "起始保障年月": [202001, 202002]}), path)
    found = read(path)
    assert column(found, "from_day") == [20200101]
    assert rejected(found) == [("低保.parquet B3", "E-ID-LENGTH")]


BAD_CELLS = [
    ("张三", "500243198012300040", "B2", "E-ID-CHECK"),
    ("张三", number("20220302"), "B2", "E-ID-FUTURE"),
    ("张三", "5.00243E+17", "B2", "E-ID-SCIENTIFIC"),
    ("张三", 500243198012300041, "B2", "E-ID-SCIENTIFIC"),
    ("张三", "#N/A", "B2", "E-ID-FORMULA"),
    ("张三", None, "B2", "E-ID-MISSING"),
    (None, ZHANG, "A2", "E-NAME-MISSING"),
    ("#REF!", ZHANG, "A2", "E-CELL-FORMULA"),
]


@pytest.mark.parametrize(
    ("name", "cell", "address", "code"), BAD_CELLS, ids=[case[3] + str(at) for at, case in enumerate(BAD_CELLS)]
)
def test_bad_cell(tmp_path: Path, name: str | None, cell: Any, address: str, code: str) -> None:
    path = workbook(tmp_path / "名册.xlsx", {"低保": [["姓名", "身份证号"], [name, cell], ["李四", LI]]})
    found = read(path)
    assert rejected(found) == [(f"名册.xlsx 低保!{address}", code)]
    assert column(found, "name") == ["李四"]
    assert (found.sheets[0].rows, found.sheets[0].rejected) == (2, 1)


def test_a_number_cell_that_passes_by_chance_has_still_lost_its_last_digits(tmp_path: Path) -> None:
    # A spreadsheet keeps numbers of this size in steps of 64; this true one is such a step, so only as text can it be believed.
    whole = next(
        each for order in range(1000) if int(each := number("19800101", order=f"{order:03d}").replace("X", "1")) % 64 == 0
    )
    path = workbook(tmp_path / "低保.xlsx", {"低保": [["姓名", "身份证号"], ["张三", int(whole)], ["李四", whole]]})
    found = read(path)
    assert rejected(found) == [("低保.xlsx 低保!B2", "E-ID-SCIENTIFIC")]
    assert column(found, "name") == ["李四"]


def test_impossible_date_rejects_the_row(tmp_path: Path) -> None:
    path = text(tmp_path / "低保.csv", [["姓名", "身份证号", "起始保障年月"], ["张三", ZHANG, "202213"], ["李四", LI, "202212"]])
    found = read(path)
    assert rejected(found) == [("低保.csv C2", "E-CELL-DATE")]


def test_blank_rows_totals_and_printed_headers_are_nobody(tmp_path: Path) -> None:
    rows = [
        ["姓名", "身份证号", "备注"],
        ["张三", ZHANG, ""],
        ["", "", ""],
        ["姓名", "身份证号", "备注"],
        ["李四", LI, ""],
        ["合计", "", "2人"],
    ]
    found = read(text(tmp_path / "低保.csv", rows))
    assert column(found, "name") == ["张三", "李四"]
    assert (found.sheets[0].rows, found.sheets[0].remarks) == (2, {"footer_rows": 2})


def test_totals_count_heads_under_the_name_but_a_name_without_a_number_is_somebody(tmp_path: Path) -> None:
    people = [["郁水镇", "张三", ZHANG], ["郁水镇", "李四", ""], ["郁水镇", "王五", "12"]]
    totals = [["合 计", "2人", ""], ["合计", "", "共2人"], ["", "合计", "2"]]
    found = read(text(tmp_path / "低保.csv", [["乡镇", "姓名", "身份证号"], *people, *totals]))
    assert column(found, "name") == ["张三"]
    assert rejected(found) == [("低保.csv C3", "E-ID-MISSING"), ("低保.csv C4", "E-ID-LENGTH")]
    assert found.sheets[0].remarks == {"footer_rows": 3}


def test_an_open_quotation_mark_is_named_by_the_line_it_begins_in(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号"], ["李四", LI], ['"张三', ZHANG], *[["李四", LI]] * 60]
    with pytest.raises(ZhubaoError) as raised:
        read(text(tmp_path / "低保.csv", rows))
    assert raised.value.place == "低保.csv A3"


def test_spaces_in_names_full_width_numbers_fifteen_digits(tmp_path: Path) -> None:
    wide = ZHANG.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    rows = [["姓名", "身份证号"], ["张　三", wide], ["阿依古丽·买买提", LI.lower()], ["赵六", "362121620305002"]]
    found = read(text(tmp_path / "低保.csv", rows))
    assert column(found, "name") == ["张三", "阿依古丽·买买提", "赵六"]
    assert column(found, "id_number") == [ZHANG, LI, "362121196203050023"]
    assert found.sheets[0].remarks == {"converted_from_15_digits": 1}


def test_kind_row_by_row(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "人员类别"], ["张三", ZHANG, "低保"], ["李四", LI, "特困、残疾"], ["王五", WANG, "普通"]]
    found = read(text(tmp_path / "汇总.csv", rows))
    assert sorted(zip(column(found, "kind"), column(found, "name"), strict=True)) == [
        ("dibao", "张三"),
        ("disabled", "李四"),
        ("special_hardship", "李四"),
    ]
    assert rejected(found) == [("汇总.csv C4", "E-KIND-ROW")]
    assert found.sheets[0].kind == "special_hardship;dibao;disabled"


def test_kind_given_goes_before_everything(tmp_path: Path) -> None:
    path = text(tmp_path / "特困.csv", [["姓名", "身份证号", "人员类别"], ["张三", ZHANG, "特困"]])
    assert column(read(path, "dibao"), "kind") == ["dibao"]


def test_grade_from_the_certificate_number(tmp_path: Path) -> None:
    path = text(tmp_path / "残疾人.csv", [["姓名", "残疾人证号"], ["张三", f"{ZHANG}41"], ["李四", f"{LI}13B1"]])
    found = read(path)
    assert column(found, "id_number") == [ZHANG, LI]
    assert column(found, "disability_grade") == [1, 3]
    assert column(found, "certificate") == [f"{ZHANG}41", f"{LI}13B1"]


def test_two_numbers_that_agree_are_one(tmp_path: Path) -> None:
    rows = [["姓名", "身份证号", "社会保障号码"], ["张三", ZHANG, ZHANG.lower()], ["李四", "", LI]]
    assert column(read(text(tmp_path / "低保.csv", rows)), "id_number") == [ZHANG, LI]


def test_insured_records(tmp_path: Path) -> None:
    rows = [
        ["身份证号", "姓名", "参保险种", "参保地代码", "缴费档次", "人员状态"],
        [ZHANG, "张三", "城乡居民", "500243", "500", "正常"],
    ]
    found = read(text(tmp_path / "参保.csv", rows), insured=True)
    row = found.rows.to_pylist()[0]
    assert (row["scheme"], row["insured_locality"], row["chosen_tier_fen"], row["status"]) == (
        *("resident_pension", "500243", 50000),
        "ordinary",
    )


def test_a_roster_handed_in_as_the_insured_persons_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ZhubaoError) as raised:
        read_insured(text(tmp_path / "低保.csv", [["姓名", "身份证号", "乡镇"], ["张三", ZHANG, "郁水镇"]]), today=TODAY)
    assert (raised.value.code, raised.value.place) == ("E-INSURED-COLUMNS", "低保.csv")


def test_a_word_nobody_knows_leaves_the_matter_open_and_is_counted(tmp_path: Path) -> None:
    rows = [["身份证号", "姓名", "参保险种"], [ZHANG, "张三", "商业保险"]]
    found = read(text(tmp_path / "参保.csv", rows), insured=True)
    assert column(found, "scheme") == [None]
    assert found.sheets[0].remarks == {"unreadable_scheme": 1}


def _encrypted(path: Path) -> None:
    path.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)


def _archive(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")


def _damaged(path: Path) -> None:
    workbook(path, {"低保": [["姓名", "身份证号"], ["张三", ZHANG]]})
    content = path.read_bytes()
    at = content.index(b"xl/worksheets/sheet1.xml") + 40
    path.write_bytes(content[:at] + b"\xff" * 60 + content[at + 60 :])


def _cut_off(path: Path) -> None:
    workbook(path, {"低保": [["姓名", "身份证号"], ["张三", ZHANG]]})
    path.write_bytes(path.read_bytes()[:-300])


HEADER = [["姓名", "身份证号"]]


@pytest.mark.parametrize(
    ("file", "make", "code"),
    [
        ("照片.xlsx", lambda path: path.write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 8), "E-FILE-KIND"),
        ("低保.xlsx", _encrypted, "E-FILE-PASSWORD"),
        ("低保.xlsx", _cut_off, "E-FILE-BROKEN"),
        ("低保.xlsx", _damaged, "E-FILE-BROKEN"),
        ("低保.xlsx", _archive, "E-FILE-KIND"),
        ("截断.csv", lambda path: path.write_bytes("姓名,身份证号".encode("utf-8-sig")[:-1]), "E-FILE-CUT"),
        ("截断.txt", lambda path: path.write_bytes("姓名,身份证号".encode("utf-16")[:-1]), "E-FILE-CUT"),
        ("低保.xls", lambda path: path.write_text("<html><table><tr><td>姓名</td></tr></table></html>"), "E-FILE-HTML"),
        ("低保.csv", lambda path: path.write_bytes(b""), "E-FILE-EMPTY"),
        ("低保.parquet", lambda path: path.write_bytes(b"PAR1 nothing"), "E-FILE-BROKEN"),
        ("没有.csv", lambda path: None, "E-FILE-MISSING"),
        ("低保.csv", lambda path: text(path, [["甲", "乙"], ["张三", ZHANG]]), "E-HEADER-MISSING"),
        ("低保.csv", lambda path: text(path, HEADER), "E-ROSTER-EMPTY"),
        ("低保.xlsx", lambda path: workbook(path, {"低保": []}), "E-ROSTER-EMPTY"),
        ("名单.csv", lambda path: text(path, [*HEADER, ["张三", ZHANG]]), "E-KIND-NONE"),
        ("低保特困.csv", lambda path: text(path, [*HEADER, ["张三", ZHANG]]), "E-KIND-TWO"),
        (
            "低保.csv",
            lambda path: text(path, [["姓名", "身份证号", "社会保障号码"], ["张三", ZHANG, LI]]),
            "E-TWO-ID-COLUMNS",
        ),
        ("低保.csv", lambda path: text(path, [*HEADER, ['"张三', ZHANG], *[["李四", LI]] * 60]), "E-CSV-QUOTE"),
    ],
)
def test_file_that_cannot_be_used(tmp_path: Path, file: str, make: Any, code: str) -> None:
    make(tmp_path / file)
    with pytest.raises(ZhubaoError) as raised:
        read(tmp_path / file)
    assert raised.value.code == code
    assert file in raised.value.place


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    path = text(tmp_path / "低保.xlsx", [*HEADER, ["张三", ZHANG]])
    assert column(read(path), "name") == ["张三"]
    renamed = workbook(tmp_path / "w.xlsx", {"低保": [*HEADER, ["李四", LI]]}).rename(tmp_path / "低保.csv")
    assert column(read(renamed), "name") == ["李四"]


def test_a_sheet_without_header_that_holds_numbers_is_not_passed_over(tmp_path: Path) -> None:
    path = workbook(tmp_path / "民政.xlsx", {"低保": [*HEADER, ["张三", ZHANG]], "Sheet2": [["李四", LI]]})
    with pytest.raises(ZhubaoError, match=r"E-HEADER-MISSING: 民政\.xlsx Sheet2"):
        read(path)


def test_numbers_in_number_cells_and_long_sheets(tmp_path: Path) -> None:
    # Inline strings, as other programs write them, and a column of fifteen-digit numbers kept as numbers.
    path = tmp_path / "低保.xlsx"
    with xlsxwriter.Workbook(str(path), {"in_memory": False, "constant_memory": True}) as book:
        sheet = book.add_worksheet("低保")
        rows: Sequence[Sequence[Any]] = [["姓名", "身份证号"], ["张三", 362121620305002]]
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    assert column(read(path), "id_number") == ["362121196203050023"]
