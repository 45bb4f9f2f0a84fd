"""The files themselves: what is written is read again, and every fault is named with its row and what to do."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zhubao.errors import ZhubaoError
from zhubao.exchange.files import LAYOUTS, layout_of
from zhubao.exchange.files.actual_on_behalf import ActualOnBehalf
from zhubao.exchange.files.answer import AnsweredLine
from zhubao.exchange.files.assistance_claim import ClaimedOnBehalf
from zhubao.exchange.files.bank_push import QualifiedPerson
from zhubao.exchange.files.borrower_list import ReviewedApplicant
from zhubao.exchange.files.borrower_roster import Borrower
from zhubao.exchange.files.contribution_plan import PlannedContribution
from zhubao.exchange.files.contribution_receipts import ContributionReceipt
from zhubao.exchange.files.deduction_order import Deduction
from zhubao.exchange.files.deduction_return import DeductionAnswer
from zhubao.exchange.files.draw_request import DrawRequest
from zhubao.exchange.files.layout import Head
from zhubao.exchange.files.net_pension import NetPension
from zhubao.exchange.files.page import reference_page
from zhubao.exchange.files.pension_credit import PensionCredited
from zhubao.exchange.files.reading import Reading, read
from zhubao.exchange.files.refund_list import RefundDue
from zhubao.exchange.files.self_pay_receipts import SelfPayReceipt
from zhubao.exchange.files.subsidy_claim import ClaimedDays
from zhubao.exchange.files.township_ledger import LedgerPerson
from zhubao.exchange.files.verified_list import VerifiedOnBehalf
from zhubao.exchange.files.writing import Form, write
from zhubao.identity.number import check_character

from .making import END, FIRST, HEADER, SECOND, TODAY, drawn, put, return_file, text_file


def numbered(first_seventeen: str) -> str:
    """Return a made-up number with its check character."""
    return first_seventeen + check_character(first_seventeen)


CHEN, LIN = numbered("32068219680305002"), numbered("32068219710412001")
ROWS: dict[str, list[Any]] = {
    "bank_push": [
        QualifiedPerson("JX2026-0001", "陈桂芳", CHEN, 57, 132, 48, 840_000, 135_000, "yes"),
        QualifiedPerson("JX2026-0002", "林建国", LIN, 54, 120, 60, 840_000, 128_812, "pending"),
    ],
    "draw_request": [
        DrawRequest("JX0001", "陈桂芳", CHEN, 2026, 1, 12, 350_000, "最低档", 840_000, "0123"),
        DrawRequest("JX0001", "陈桂芳", CHEN, 2026, 2, 3, None, "", 210_000, ""),
    ],
    "draw_return": [drawn(1), drawn(2, 0, drawn_on=None, result="not_drawn", reason="本人未到场", bank_reference="")],
    "contribution_receipts": [
        ContributionReceipt("320260310000001", "陈桂芳", CHEN, 2026, 300_000, date(2026, 3, 10), "loan", "TL0001"),
        ContributionReceipt("320260310000002", "林建国", LIN, 2026, 20_000, date(2026, 3, 10), "self", ""),
    ],
    "borrower_roster": [Borrower("RG0001", "陈桂芳", CHEN, 4_800_000, 43_500, 180, "低保", date(2026, 1, 5))],
    "borrower_list": [
        ReviewedApplicant("TL1", "陈桂芳", CHEN, "approved", 300_000, 60, 41_250, ""),
        ReviewedApplicant("TL2", "林建国", LIN, "refused", 0, None, None, "还款能力不足"),
    ],
    "pension_credit": [
        PensionCredited("RG0001", "陈桂芳", CHEN, date(2026, 2, 1), 180_000, None, date(2026, 2, 15)),
        PensionCredited("TL0001", "林建国", LIN, date(2026, 2, 1), 40_000, 18_000, date(2026, 2, 15)),
    ],
    "deduction_order": [
        Deduction("RG0001", "陈桂芳", CHEN, "0123", date(2026, 2, 1), 180_000, date(2026, 2, 15), 90_000, 90_000)
    ],
    "deduction_return": [
        DeductionAnswer("RG0001", date(2026, 2, 1), 90_000, 90_000, date(2026, 3, 5), "taken", "", "LS1"),
        DeductionAnswer("RG0001", date(2026, 3, 1), 90_000, 0, date(2026, 3, 6), "insufficient", "余额 3.00 元", ""),
    ],
    "net_pension": [NetPension("RG0001", "陈桂芳", CHEN, date(2026, 2, 1), 180_000, 90_000, 90_000)],
    "subsidy_claim": [
        ClaimedDays(
            "RG0001",
            CHEN,
            "current",
            2025,
            "2021/1",
            960_000,
            49_000,
            date(2024, 12, 20),
            date(2025, 12, 20),
            365,
            47_693,
            47_693,
        ),
        ClaimedDays(
            "RG0001", CHEN, "taken_back", 2024, "", 960_000, 49_000, date(2024, 12, 1), date(2024, 12, 20), 19, 2_483, 2_483
        ),
    ],
    "contribution_plan": [
        PlannedContribution("12", "陈桂芳", CHEN, 2026, "dibao", 10_000, 7_000, 3_000, "county", date(2026, 8, 31))
    ],
    "self_pay_receipts": [SelfPayReceipt("P1", "陈桂芳", CHEN, 2026, 10_000, 3_000, date(2026, 3, 10))],
    "actual_on_behalf": [
        ActualOnBehalf("12", "陈桂芳", CHEN, 2026, "dibao", 10_000, 3_000, date(2026, 3, 10), 7_000),
        ActualOnBehalf("13", "林建国", LIN, 2026, "tekun", 10_000, 0, None, 10_000),
    ],
    "verified_list": [
        VerifiedOnBehalf("12", "陈桂芳", CHEN, 2026, 7_000, "verified", ""),
        VerifiedOnBehalf("13", "林建国", LIN, 2026, 10_000, "rejected", "已不在名册"),
    ],
    "assistance_claim": [ClaimedOnBehalf("12", "DJ2026-1", "陈桂芳", CHEN, 2026, "dibao", 10_000, 7_000)],
    "refund_list": [RefundDue("12", "陈桂芳", CHEN, 2026, 10_000, 10_000, date(2026, 3, 10), 7_000)],
    "township_ledger": [
        LedgerPerson("陈桂芳", CHEN, "dibao", "中井村", "yes", "yes", 3_000),
        LedgerPerson("林建国", LIN, "tekun", "中井村", "no", "no", 0),
    ],
    "answer": [AnsweredLine(1, "RG000001", 300_000, "OK", "已办理"), AnsweredLine(2, "RG000002", 1, "E-DRAW-CAP", "超过额度")],
}


def reading_of(kind: str, path: Path) -> Reading:
    return read(layout_of(kind), path, name=path.name, today=TODAY)


def codes(reading: Reading) -> list[str]:
    return [fault.code for fault in reading.faults]


def test_every_layout_is_tried() -> None:
    assert set(ROWS) == set(LAYOUTS)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", list(LAYOUTS))
def test_what_is_written_is_read_again(tmp_path: Path, kind: str, form: Form) -> None:
    head = Head("2026-001", "如皋农商银行", "如皋市社会保险经办机构", "核对")
    path = put(tmp_path, write(layout_of(kind), head, ROWS[kind], form), f"文件.{form}")
    reading = reading_of(kind, path)
    assert reading.faults == ()
    assert list(reading.rows) == ROWS[kind]
    assert (reading.head, reading.total_fen) == (head, layout_of(kind).total_of(ROWS[kind]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_the_encodings_of_china(tmp_path: Path, encoding: str) -> None:
    content = text_file(HEADER, FIRST, SECOND, END).decode().encode(encoding)
    reading = reading_of("draw_return", put(tmp_path, content))
    assert reading.faults == ()
    assert [row.loan_number for row in reading.rows] == ["RG000001", "RG000002"]


def test_the_first_rows_carry_batch_count_and_total() -> None:
    lines = list(csv.reader(io.StringIO(return_file([drawn(1), drawn(2)]).decode("utf-8-sig"))))
    assert lines[1] == ["批次号", "2026-001", "笔数", "2", "合计（元）", "6000.00"]
    assert lines[-1] == ["结束", "2"]


def test_a_bank_s_own_program_may_order_and_leave_out_columns(tmp_path: Path) -> None:
    content = text_file(
        "序号,放款结果,实际放款金额(元),贷款编号,年度,笔次,放款日期",
        "1,已放款,3000,RG1,2026,1,20260310",
        '2,已放款,"3,000.00元",RG2,2026,1,2026/3/10',
        END,
    )
    reading = reading_of("draw_return", put(tmp_path, content))
    assert reading.faults == ()
    assert [(row.amount_fen, row.drawn_on, row.reason) for row in reading.rows] == [(300_000, date(2026, 3, 10), "")] * 2


@pytest.mark.parametrize(
    ("lines", "code", "place", "words"),
    [
        pytest.param(
            [HEADER, FIRST, SECOND.replace("3000", "3001"), END], "E-EXCHANGE-TOTAL", "F2", "各行相加是 6001.00 元", id="合计不符"
        ),
        pytest.param([HEADER, FIRST, "结束,1"], "E-EXCHANGE-COUNT", "D2", "笔数写的是“2”，实有 1 笔", id="少一行"),
        pytest.param([HEADER, FIRST, SECOND], "E-EXCHANGE-CUT", "A6", "没有找到", id="没有结束行"),
        pytest.param([HEADER, FIRST, SECOND, "结束,3"], "E-EXCHANGE-CUT", "A7", "现为 3", id="结束行笔数不符"),
        pytest.param(
            [HEADER, FIRST, "2,RG000002,2026,1"], "E-LINE-CUT", "E6", "从“实际放款金额（元）”起没有内容", id="最后一行断开"
        ),
        pytest.param(
            [HEADER.replace("银行流水号", "备注"), FIRST, SECOND, END],
            "E-EXCHANGE-HEADER",
            "I4",
            "不认识的列“备注”",
            id="不认识的列",
        ),
        pytest.param(
            [HEADER.replace("年度", "笔次", 1), FIRST, SECOND, END], "E-EXCHANGE-HEADER", "D4", "重复的列“笔次”", id="重复的列"
        ),
        pytest.param(
            [HEADER.replace("贷款编号,", ""), FIRST, SECOND, END], "E-EXCHANGE-HEADER", "A4", "缺少列“贷款编号”", id="缺少列"
        ),
        pytest.param(["贷款编号,年度", "RG1,2026"], "E-EXCHANGE-HEADER", "A1", "没有表头行", id="没有表头"),
        pytest.param(
            [HEADER, FIRST, FIRST.replace("1", "2", 1), END],
            "E-LINE-TWICE",
            "A6",
            "与第 5 行重复（RG000001/2026/1）",
            id="重复的行",
        ),
        pytest.param(
            [HEADER, FIRST, SECOND.replace("2", "3", 1), END], "E-LINE-NUMBER", "A6", "序号应为 2，现为“3”", id="序号跳号"
        ),
        pytest.param([HEADER, FIRST, SECOND.replace("3000.00", "三千"), END], "E-LINE-CELL", "E6", "“三千”不对", id="金额不是数"),
        pytest.param(
            [HEADER, FIRST, SECOND.replace("3000.00", "-3000.00"), END], "E-LINE-CELL", "E6", "“-3000.00”不对", id="负数"
        ),
        pytest.param(
            [HEADER, FIRST, SECOND.replace("03-10", "02-30"), END], "E-LINE-CELL", "F6", "“2026-02-30”不对", id="没有这一天"
        ),
        pytest.param(
            [HEADER, FIRST, SECOND.replace("已放款", "成功"), END], "E-LINE-CELL", "G6", "没有“成功”这种写法", id="没有这种结果"
        ),
        pytest.param(
            [HEADER, FIRST, SECOND.replace("RG000002", ""), END], "E-LINE-CELL", "B6", "贷款编号：没有填写", id="没有编号"
        ),
        pytest.param(
            [HEADER, FIRST, SECOND.replace("RG000002", "R" * 61), END], "E-LINE-CELL", "B6", "超过 60 个字", id="编号太长"
        ),
        pytest.param([HEADER, FIRST, SECOND.replace(",2026,", ",26,"), END], "E-LINE-CELL", "C6", "“26”不对", id="两位年份"),
    ],
)
def test_faults_name_the_cell_and_the_remedy(tmp_path: Path, lines: list[str], code: str, place: str, words: str) -> None:
    reading = reading_of("draw_return", put(tmp_path, text_file(*lines)))
    fault = next(each for each in reading.faults if each.code == code)
    assert fault.place == f"回盘.csv {place}"
    assert words in fault.problem.zh
    assert fault.remedy is not None


def test_every_fault_of_a_file_is_found_at_once(tmp_path: Path) -> None:
    content = text_file(HEADER, FIRST.replace("3000.00", "x"), SECOND.replace("已放款", "y"), "结束,2")
    assert codes(reading_of("draw_return", put(tmp_path, content))) == ["E-LINE-CELL", "E-LINE-CELL"]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        pytest.param("放款回盘", "借款人花名册", "E-EXCHANGE-FILE", id="别的文件"),
        pytest.param("版本,1", "版本,2", "E-EXCHANGE-FILE", id="别的版本"),
        pytest.param("2026-001", "", "E-EXCHANGE-BATCH", id="没有批次号"),
        pytest.param("2026-001", "第一批", "E-EXCHANGE-BATCH", id="批次号不是字母数字"),
        pytest.param("6000.00", "", "E-EXCHANGE-TOTAL", id="没有合计"),
    ],
)
def test_faults_of_the_first_rows(tmp_path: Path, before: str, after: str, code: str) -> None:
    content = text_file(HEADER, FIRST, SECOND, END).decode().replace(before, after, 1).encode()
    assert codes(reading_of("draw_return", put(tmp_path, content))) == [code]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"PK\x03\x04broken", "E-FILE-BROKEN", id="损坏的工作簿"),
        pytest.param(b"<html></html>", "E-FILE-HTML", id="网页"),
        pytest.param(b"\n", "E-EXCHANGE-HEADER", id="只有空行"),
    ],
)
def test_what_is_no_table(tmp_path: Path, content: bytes, code: str) -> None:
    reading = reading_of("draw_return", put(tmp_path, content))
    assert codes(reading) == [code]
    assert reading.rows == ()


def test_a_citizen_number_with_a_wrong_check_character(tmp_path: Path) -> None:
    wrong = ROWS["bank_push"][0].id_number[:-1] + ("0" if CHEN[-1] != "0" else "1")
    rows = [QualifiedPerson("JX1", "陈桂芳", wrong, 57, 132, 48, 1, 1, "no")]
    path = put(tmp_path, write(layout_of("bank_push"), Head("1", "", "", ""), rows, "xlsx"), "名单.xlsx")
    (fault,) = reading_of("bank_push", path).faults
    assert (fault.code, fault.place) == ("E-ID-CHECK", "名单.xlsx 数据!D5")


@pytest.mark.parametrize("rate", ["0.0435", "4.35", "4.35001%", "百分之四", "100%"])
def test_a_rate_is_written_with_its_sign(tmp_path: Path, rate: str) -> None:
    layout = layout_of("borrower_roster")
    content = write(layout, Head("1", "", "", ""), ROWS["borrower_roster"], "csv").decode().replace("4.35%", rate).encode()
    assert codes(reading_of("borrower_roster", put(tmp_path, content))) == ["E-LINE-CELL"]


def test_an_unknown_kind() -> None:
    with pytest.raises(ZhubaoError, match="E-EXCHANGE-KIND"):
        layout_of("nothing")


def test_files_hold_the_least_that_serves_their_purpose() -> None:
    """No household, health or poverty record passes between offices; the return of a draw needs no person at all."""
    personal = {"name", "id_number"}
    assert {kind for kind, layout in LAYOUTS.items() if personal & {column.field for column in layout.columns}} == {
        "bank_push",
        "draw_request",
        "contribution_receipts",
        "borrower_roster",
        "borrower_list",
        "pension_credit",
        "deduction_order",
        "net_pension",
        "subsidy_claim",
        "contribution_plan",
        "self_pay_receipts",
        "actual_on_behalf",
        "verified_list",
        "assistance_claim",
        "refund_list",
        "township_ledger",
    }
    for layout in LAYOUTS.values():
        assert all([*layout.title, *layout.purpose]), layout.kind
        assert {column.field for column in layout.columns} == set(layout.row.__dataclass_fields__), layout.kind


def test_the_reference_page_says_what_the_layouts_say() -> None:
    page = Path(__file__).parents[2] / "docs/reference/exchange-files.md"
    assert page.read_text(encoding="utf-8") == reference_page()
