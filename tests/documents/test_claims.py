"""A subsidy claim on paper: the sheet finance pays by with the backstop apart, and the lines with what came of them."""

from dataclasses import replace
from datetime import date

import pytest

from zhubao.documents import PrintedForm
from zhubao.documents.claims import BackstopList, BackstopRow, CauseRow, ClaimRow, SubsidyClaimList, SubsidyPaymentSheet

from .reading import pages, read


def text_of(form: PrintedForm) -> str:
    """Return labels and values of a paper."""
    printed = read(form)
    return " ".join([*printed.labels, *printed.values])


SHEET = SubsidyPaymentSheet(
    date=date(2022, 2, 24),
    number="TX2021-320682-10R",
    programme="如皋助保贷款",
    bank="某农村商业银行",
    receiver="某市人社局",
    year=2021,
    starts_on=date(2020, 12, 20),
    ends_on=date(2021, 12, 19),
    state="已拨付",
    loans=3,
    asked_fen=101_291,
    computed_fen=65_170,
    differing=3,
    refused=1,
    accepted_fen=65_170,
    received_on=date(2022, 1, 10),
    due=date(2022, 2, 13),
    limit="30 天",
    paused_days=4,
    paid_on=date(2022, 2, 10),
    reference="国库支付2022-0012",
    backstop_fen=1_200_000,
    backstop_loans=2,
    causes=(CauseRow("利率不符", 1, 3_325, 32_585),),
    hands=(("核实", "周海峰", "2022-01-12 10:00"),),
)


@pytest.mark.clauses("rg-16")
def test_subsidy_and_backstop_stand_apart_with_their_sum() -> None:
    text = text_of(SHEET)
    for words in ("651.70", "12,000.00", "12,651.70", "1,012.91", "停计4天", "利率不符：1笔", "国库支付2022-0012", "周海峰"):
        assert words in text.replace(" ", ""), words
    without = text_of(replace(SHEET, backstop_fen=None))
    assert "托底" not in without


def test_a_sheet_without_calendar_or_payment_says_so() -> None:
    text = text_of(replace(SHEET, due=None, paid_on=None, reference="", causes=(), hands=()))
    assert "工作日历未公布" in text
    assert "支付凭证" not in text


def test_lines_with_corrections_and_refusals() -> None:
    rows = (
        ClaimRow("L0", "王*", "2021", 32_796, 32_585, 211, 32_585, ""),
        ClaimRow("L1", "王*", "2020更正", -1_707, -1_707, 0, -1_707, ""),
        ClaimRow("L9", "", "2021", 32_585, 0, 32_585, 0, "不予受理：该银行没有这笔贷款"),
    )
    printed = SubsidyClaimList(date=SHEET.date, number=SHEET.number, office="经办机构", bank=SHEET.bank, below="2021", rows=rows)
    assert printed.totals_fen()[6] == 30_878
    text = text_of(printed)
    assert "-17.07" in text
    assert "308.78" in text
    assert pages(replace(printed, rows=rows * 40)) > 2


def test_a_backstop_list_without_a_death_is_a_list_without_rows() -> None:
    printed = BackstopList(date=SHEET.date, number="TD", office="人社局", bank=SHEET.bank, year=2021, rows=())
    assert pages(printed) == 1
    row = BackstopRow("L1", "王*", date(2021, 9, 1), 900_000, 400_000, 500_000)
    assert "5,000.00" in text_of(replace(printed, rows=(row,)))
