"""The bank officer's sheet: a list in, answers in a table and a workbook; bad cells by their address; nothing stored."""

import io
import time
from collections.abc import Callable

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from zhubao.parameters import ParameterBook
from zhubao.web.bank.reading import pasted
from zhubao.web.bank.workbook import where_from

pytestmark = pytest.mark.django_db
ADDRESS = "/bank/candidates/"
TERMS = {"policy": "rugao-draft", "on": "2026-10-12"}
HEADER = ["姓名", "出生年月", "退休类别", "实际缴费月数", "视同缴费月数", "个人账户余额（元）", "指数"]
GOOD = ["张甲", "1973-06", "女55", "134", "14", "31000", "0.60"]
SHORT = ["李乙", "1970.5", "男", "60", "", "20000", ""]
NO_BALANCE = ["王丙", "197406", "女", "150", "", "", "0.7"]
Officer = Callable[[str], Client]


def workbook(*rows: list[str]) -> SimpleUploadedFile:
    """Return an upload of the rows under the header, the header in the third row and the list beginning in column B."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet("名单")
    sheet.write_string(0, 1, "助保贷款候选人")
    for number, row in enumerate([HEADER, *rows], 2):
        for column, cell in enumerate(row, 1):
            if cell:
                sheet.write_string(number, column, cell)
    book.close()
    return SimpleUploadedFile("候选人.xlsx", stream.getvalue())


def paste(*rows: list[str]) -> str:
    """Return the rows as a spreadsheet copies them."""
    return "\n".join("\t".join(row) for row in [HEADER, *rows])


def cells_of(content: bytes, sheet: str) -> list[tuple[str | None, ...]]:
    """Return the cells of a sheet as text."""
    import fastexcel

    frame = fastexcel.read_excel(content).load_sheet(sheet, header_row=None, dtypes="string").to_arrow()
    return list(zip(*(column.to_pylist() for column in frame.columns), strict=True))


def test_a_list_is_answered_row_by_row(signed_in: Officer) -> None:
    """One who can repay, one with too few months, one whose balance is not known."""
    page = signed_in("bank_officer").post(ADDRESS, {**TERMS, "sent": workbook(GOOD, SHORT, NO_BALANCE)})
    assert page.status_code == 200
    rows = {each.candidate.values["name"]: each for each in page.context["answers"].judged}
    assert {name: (each.candidate.row, each.words, each.why) for name, each in rows.items()} == {
        "张甲": (4, "还得起", "月数够，够付利息，期限内还清"),
        "李乙": (5, "还不起", "到龄时缴费月数不够领养老金"),
        "王丙": (6, "算不出", "缺：个人账户余额"),
    }
    assert rows["张甲"].row["principal_fen"] == 3_366_000
    assert (rows["张甲"].row["monthly_fen"], rows["张甲"].row["months"]) == (75_577, 50)
    assert rows["李乙"].row["largest_affordable_fen"] == 0
    assert rows["王丙"].assumed == "女性按 55 岁"
    text = page.content.decode()
    assert "33,660.00" in text
    assert "2033-07" in text
    assert "按实际天数/360 计息" in text


def test_pasted_rows_give_the_same_as_a_file(signed_in: Officer) -> None:
    """The two doors of the page lead to one answer."""
    client = signed_in("bank_officer")
    by_file = client.post(ADDRESS, {**TERMS, "sent": workbook(GOOD, SHORT)}).context["answers"].judged
    by_paste = client.post(ADDRESS, {**TERMS, "pasted": paste(GOOD, SHORT)}).context["answers"].judged
    assert [{**each.row, "id": 0} for each in by_file] == [{**each.row, "id": 0} for each in by_paste]


def test_the_workbook_holds_answers_faults_and_what_they_rest_on(signed_in: Officer) -> None:
    """Money are numbers in yuan, a name that begins like a formula stays text."""
    evil = ["=HYPERLINK(1)", *GOOD[1:]]
    broken = ["赵丁", "1973-13", *GOOD[2:]]
    sent = signed_in("bank_officer").post(ADDRESS, {**TERMS, "pasted": paste(evil, broken), "workbook": "1"})
    assert sent["Content-Type"].endswith("spreadsheetml.sheet")
    assert sent["Cache-Control"] == "no-store"
    head, row = cells_of(sent.content, "测算名单")
    said = dict(zip(head, row, strict=True))
    assert said["姓名"] == "=HYPERLINK(1)"
    assert (said["还得起吗"], said["每月扣款（元）"], said["扣款月数"], said["还清年月"]) == ("还得起", "755.77", "50", "2033-07")
    assert cells_of(sent.content, "没有测算的")[1] == ("B3", "1973-13", "月份只有 1 到 12 月。")
    basis = cells_of(sent.content, "测算依据")
    assert ("政策", "如皋 · “阳光扶贫”助保贷款（征求意见稿）", "rugao-draft") in basis
    assert any("演示参数，非官方" in (row[2] or "") for row in basis)


def test_the_workbook_marks_a_figure_nobody_has_verified() -> None:
    entries = ParameterBook.built_in().segments("floor_fen", "360000")
    assert {where_from(entry) for entry in entries} == {"未核实 · 一般资料，未见文件"}


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        (1, "1973-13", "月份只有 1 到 12 月。"),
        (1, "六月", "请填年和月，例如 1971-06 或 1971年6月。"),
        (1, "1973.1", "是 1 月还是 10 月？请写成 1973-01 或 1973-10。"),
        (1, "", "缺出生年月。"),
        (2, "女58", "请填 男60、女55、女50，或者 男、女。"),
        (3, "-5", "请填 0 到 1200 之间的数。"),
        (3, "十年", "请填整数。"),
        (5, "-1", "金额不能是负数。"),
        (6, "0,6,", "请填 0.1 到 5 之间的数。"),
    ],
)
def test_a_bad_cell_is_named_by_its_address(signed_in: Officer, column: int, text: str, reason: str) -> None:
    """The other rows go on; the address is that of the officer's own sheet."""
    bad = [*GOOD]
    bad[column] = text
    found = signed_in("bank_officer").post(ADDRESS, {**TERMS, "sent": workbook(GOOD, bad)}).context["answers"]
    assert [(fault.address, fault.text, fault.reason) for fault in found.faults] == [(f"{'BCDEFGH'[column]}5", text, reason)]
    assert [each.candidate.row for each in found.judged] == [4]


def test_a_birth_to_come_is_told_by_its_row(signed_in: Officer) -> None:
    """What only the forecast can see is told by the row."""
    bad = ["赵丁", "2030-01", *GOOD[2:]]
    found = signed_in("bank_officer").post(ADDRESS, {**TERMS, "pasted": paste(GOOD, bad)}).context["answers"]
    assert [(fault.address, "2030-01" in fault.reason) for fault in found.faults] == [("第 3 行", True)]


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        ({}, "sent", "请选择文件，或在下面粘贴。"),
        ({"pasted": "一\t二\n三\t四"}, "__all__", "没有找到表头：至少要有“出生年月”一列；下载模板，把数据填在下面"),
        ({"sent": SimpleUploadedFile("名单.xlsx", b"PK\x03\x04broken")}, "__all__", "表格文件不完整或已损坏；请重新导出或重新下载这份文件"),
        ({"pasted": paste(GOOD), "rate": "abc"}, "rate", "请填数字，例如 0。"),
        ({"pasted": paste(GOOD), "deduction_day": "32"}, "deduction_day", "请填 1 到 31 之间的数。"),
        ({"pasted": paste(GOOD), "policy": "jiangxi-2020-7", "on": "2019-01-01"}, "on", "2019-01-01 不在施行期内（2020-12-30 起）；换一个日期"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_its_field(signed_in: Officer, form: dict[str, object], field: str, words: str) -> None:
    """Nothing typed leads to a broken page."""
    page = signed_in("bank_officer").post(ADDRESS, {**TERMS, **form})
    assert page.status_code == 422
    assert page.context["form"].errors[field] == [words]


def test_the_terms_of_the_bank_are_used(signed_in: Officer) -> None:
    """A dearer rate costs more and takes its default off the list of what is provisional."""
    client = signed_in("bank_officer")
    usual = client.post(ADDRESS, {**TERMS, "pasted": paste(GOOD)}).context["answers"]
    own = {"rate": "6", "day_count": "ACT/365", "deduction_day": "15", "settlement": "quarterly-20", "capitalise": "no"}
    dear = client.post(ADDRESS, {**TERMS, **own, "pasted": paste(GOOD)}).context["answers"]
    assert dear.judged[0].row["total_cost_fen"] > usual.judged[0].row["total_cost_fen"]
    bank = {"A-ALL-2", "A-ALL-3", "A-ALL-5", "settlement", "deduction_day"}
    assert bank <= {row["question"] for row in usual.rests_on}
    assert not bank & {row["question"] for row in dear.rests_on}


def test_only_the_bank_opens_it_and_nothing_is_written(signed_in: Officer) -> None:
    """Another post is refused; an answered list leaves no row anywhere."""
    client = signed_in("bank_officer")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.post(ADDRESS, {**TERMS, "pasted": paste(GOOD)}).status_code == 200
    assert not [query["sql"] for query in asked if not query["sql"].lstrip().startswith("SELECT")]
    assert signed_in("agency_intake").get(ADDRESS).status_code == 403
    assert Client().get(ADDRESS).status_code == 302


def test_the_template_is_read_back_without_a_fault(signed_in: Officer) -> None:
    """The template's invented rows are answered."""
    client = signed_in("bank_officer")
    empty = SimpleUploadedFile("t.xlsx", client.get("/bank/candidates/template.xlsx").content)
    found = client.post(ADDRESS, {**TERMS, "sent": empty}).context["answers"]
    assert [each.candidate.values["name"] for each in found.judged] == ["张甲", "李乙"]
    assert found.faults == []


def test_a_jiangxi_list_turns_on_hardship_and_a_tongling_list_on_the_yearly_sum(signed_in: Officer) -> None:
    """The same columns serve the three documents."""
    client = signed_in("bank_officer")
    jiangxi = "出生年月\t性别\t缴费月数\t困难(是/否)\t个人账户余额\n1973-06\t女\t156\t是\t40000\n1973-06\t女\t156\t否\t40000"
    found = client.post(ADDRESS, {**TERMS, "policy": "jiangxi-2020-7", "pasted": jiangxi}).context["answers"].judged
    assert found[0].row["government_fen"] > 0
    assert found[1].row["government_fen"] == 0
    tongling = "出生年月,缴费月数,个人账户余额\n1971-06,120,8000"
    form = {**TERMS, "policy": "tongling-2022-13", "pasted": tongling}
    assert client.post(ADDRESS, form).context["answers"].judged[0].why == "缺：年缴费额"
    assert client.post(ADDRESS, {**form, "yearly": "1000"}).context["answers"].judged[0].row["principal_fen"] == 600_000


def test_ten_thousand_pasted_rows_are_read_quickly() -> None:
    """Reading must not be the slow part: well below the time that the forecasts of ten thousand may take."""
    text = paste(*[[f"人{at}", f"197{at % 5}-0{at % 9 + 1}", *GOOD[2:]] for at in range(10_000)])
    began = time.perf_counter()
    listed = pasted(text, resident=False)
    assert len(listed.candidates) == 10_000
    assert time.perf_counter() - began < 5
