"""Lists of deductions on paper: what a bank is to take, line by line, and what is left of the pensions."""

from datetime import date

from zhubao.documents.deductions import DeductionList, DeductionRow, NetPensionList, NetPensionRow

from .people import LONG_NAME, NUMBER, RARE_NAME
from .reading import pages

ROW = DeductionRow(RARE_NAME, NUMBER, "L1", "尾号 0042", "2022-07", 180_000, date(2022, 7, 15), 90_000, 90_000)
ORDERS = DeductionList(
    date=date(2022, 8, 1),
    number="20220801-001",
    office="如皋市社会保险管理中心",
    bank="某农村商业银行",
    deductions=(ROW, ROW._replace(month="2022-08", amount_fen=45_000), ROW._replace(name=LONG_NAME, loan_number="L2")),
)
LEFT = NetPensionList(
    date=date(2022, 8, 6),
    number="20220806-001",
    office="如皋市社会保险管理中心",
    receiver="如皋市民政局",
    pensions=(NetPensionRow(RARE_NAME, NUMBER, "2022-07", 180_000, 90_000, 90_000),),
)


def test_the_order_list_sums_pensions_what_stays_and_what_is_taken() -> None:
    assert ORDERS.totals_fen() == {5: 540_000, 7: 270_000, 8: 225_000}
    assert pages(ORDERS) == 1


def test_what_is_left_is_what_was_credited_less_what_was_taken() -> None:
    assert LEFT.totals_fen() == {3: 180_000, 4: 90_000, 5: 90_000}
    assert pages(LEFT) == 1
    assert all(row.net_fen == row.gross_fen - row.deducted_fen for row in LEFT.pensions)
