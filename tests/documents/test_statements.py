"""Statements on paper: every figure in its place, what is put right with old, new and difference."""

from dataclasses import replace
from datetime import date

import pytest

from zhubao.documents import typeset
from zhubao.documents.statements import BorrowerStatement, CollectiveStatementList, WordedChange

from .people import LONG_NAME, NUMBER, RARE_NAME
from .reading import pages, read

STATEMENT = BorrowerStatement(
    date=date(2022, 1, 21),
    number="DZ-L1-20210101-20211231-1",
    borrower="沈志远",
    citizen_number=NUMBER,
    loan_number="L1",
    bank="某农村商业银行",
    starts_on=date(2021, 1, 1),
    ends_on=date(2021, 12, 31),
    opening_principal_fen=840_000,
    opening_interest_fen=1_000,
    draws_fen=960_000,
    interest_borrower_fen=4_500,
    interest_finance_fen=47_693,
    subsidy_paid_fen=40_000,
    capitalised_fen=0,
    repaid_principal_fen=87_000,
    repaid_interest_fen=3_000,
    taken_over_fen=0,
    other_fen=0,
    returned_fen=2_000,
    closing_principal_fen=1_713_000,
    closing_interest_fen=2_500,
    open_interest_fen=120,
    sha256="ab" * 32,
)
CORRECTED = replace(
    STATEMENT,
    replaces="DZ-L1-20210101-20211231-1",
    changes=(WordedChange("期末财政应付贴息", 26_681, 22_181),),
    reason="原因：年度核验。",
)
LIST = CollectiveStatementList(
    date=date(2022, 1, 21),
    number="finance-320682",
    office="如皋市社会保险管理中心",
    heading="助保贷款对账表（财政：贴息）",
    below="320682　2021-01-01 至 2021-12-31",
    headings=("本期应付", "已拨付"),
    rows=(("L1", "沈*远", "某农村商业银行", (47_693, 40_000)), ("L2", "王*", "某农村商业银行", (26_681, 0))),
)


def test_the_statement_says_opening_movements_and_closing() -> None:
    printed = read(STATEMENT)
    labels = "期初本金 期初欠息 本期放款 本人承担利息 财政承担利息 财政已拨付贴息 归还本金 归还利息 多扣退回 期末本金 期末欠息 期末欠款合计"
    found = [label for label in printed.labels if label in labels.split()]
    assert found == labels.split()
    assert any("17,156.20" in value and "壹万柒仟壹佰伍拾陆元贰角整" in value for value in printed.values)
    assert "其他变动" not in printed.labels


def test_what_is_put_right_is_shown_with_old_new_and_difference() -> None:
    said = " ".join(read(CORRECTED).values)
    assert "原 266.81 元，现 221.81 元，相差 -45.00 元" in said
    assert "原因：年度核验。" in said
    assert "更正" not in read(STATEMENT).labels


@pytest.mark.parametrize("name", [RARE_NAME, LONG_NAME], ids=["生僻字", "长名"])
def test_a_statement_is_one_sheet_and_the_same_bytes(name: str) -> None:
    form = replace(CORRECTED, borrower=name)
    assert pages(form) == 1
    assert typeset(form) == typeset(form)


def test_interest_that_cannot_be_reckoned_is_not_called_zero() -> None:
    assert "暂无法计算" in read(replace(STATEMENT, open_interest_fen=None)).values


def test_the_list_sums_every_figure() -> None:
    assert LIST.totals_fen() == {3: 74_374, 4: 40_000}
    assert pages(LIST) == 1
