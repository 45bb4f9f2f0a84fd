"""Contributions on behalf on paper: sums, the words a household reads, the receipt, and one bar a place on the chart."""

from datetime import date
from typing import Any

import pytest

from zhubao.documents.assistance import (
    ClaimGroup,
    LedgerLine,
    OnBehalfClaimForm,
    PlanVisitLine,
    PlanVisitList,
    RefundLine,
    RefundPaperList,
    TownshipLedger,
)
from zhubao.documents.coverage_chart import PlaceShare, coverage_by_place
from zhubao.documents.household import Household, HouseholdNotices, ReceiptPerson, SponsorReceipt

from .people import LONG_NAME, NUMBER, RARE_NAME
from .reading import pages

DAY, DUE = date(2022, 8, 1), date(2022, 8, 31)
OFFICE = "彭水自治县社会保险事务中心"
PLAN = PlanVisitList(
    date=DAY, number="JH-1", office=OFFICE, year=2022, place="郁山镇",
    rows=(
        PlanVisitLine("中井村", RARE_NAME, NUMBER, "低保对象", 10_000, 7_000, 3_000, DUE, "已列计划"),
        PlanVisitLine("中井村", LONG_NAME, NUMBER, "特困人员", 10_000, 10_000, 0, None, "已列计划"),
    ),
)  # fmt: skip
LEDGER = TownshipLedger(
    date=DAY, number="TZ-1", office=OFFICE, year=2022, place="郁山镇", closed=1,
    rows=(
        LedgerLine("中井村", RARE_NAME, NUMBER, "低保对象", 3_000, 0, "自付部分没交", "村（社区）和本人", DAY, DUE, ""),
        LedgerLine("中井村", LONG_NAME, NUMBER, "特困人员", 0, 0, "已销号", "", DAY, None, "个人账户记账 2022-10-12"),
    ),
)  # fmt: skip
REFUNDS = RefundPaperList(
    date=DAY, number="TF-1", office=OFFICE, year=2022, department="民政部门",
    rows=(RefundLine(RARE_NAME, NUMBER, "水井村", "低保对象", 10_000, date(2022, 3, 1), 7_000, "已列退费名单"),),
)  # fmt: skip
CLAIM = OnBehalfClaimForm(
    date=DAY, number="SQ-1", year=2022, programme="彭水代缴", department="民政部门", finance="县财政局", account="待报解专户",
    groups=(ClaimGroup("特困人员", 200, 10_000, 2_000_000), ClaimGroup("低保对象", 1_000, 7_000, 7_000_000)),
)  # fmt: skip
NOTICES = HouseholdNotices(
    date=DAY, number="GZ-1", year=2022, office="郁山镇", phone="023-00000000", where=("村里代办", "乡镇窗口"),
    households=(
        Household(RARE_NAME, "中井村", "低保对象", 7_000, 3_000, DUE),
        Household(LONG_NAME, "中井村", "特困人员", 10_000, 0, DUE),
    ),
)  # fmt: skip
RECEIPT = SponsorReceipt(
    date=DAY, number="SJ-1", sponsor="中井村合作社", sponsor_kind="集体经济组织", year=2022, paid_on=DAY, payment="YH-1",
    recorded_on=DAY, office=OFFICE, people=(ReceiptPerson("冉**", "5002**********1000", 20_000),) * 2,
)  # fmt: skip


def test_lists_sum_what_they_should() -> None:
    assert PLAN.totals_fen() == {4: 20_000, 5: 17_000, 6: 3_000}
    assert LEDGER.totals_fen() == {4: 3_000, 5: 0}
    assert REFUNDS.totals_fen() == {4: 10_000, 6: 7_000}
    assert [pages(each) for each in (PLAN, LEDGER, REFUNDS)] == [1, 1, 1]
    assert LEDGER.scope == "郁山镇　共 2 人，已销号 1 人，未销号 1 人"


def test_the_claim_of_the_plan_is_ninety_thousand() -> None:
    """Two hundred of tekun at 100 yuan and a thousand of dibao at 70 (Pengshui 2.2)."""
    said = str(CLAIM.content())
    assert "90,000.00 元（大写：人民币玖万元整）" in said
    assert ("特困人员：200 人，每人 100.00 元，计 20,000.00 元" in said, "1200 人" in said) == (True, True)
    assert pages(CLAIM) == 1


@pytest.mark.clauses("ps-3.3a")
def test_a_household_reads_what_is_paid_what_to_pay_and_by_when() -> None:
    households: Any = NOTICES.content()["households"]
    owing, free = households
    assert owing == {
        "who": f"中井村　{RARE_NAME}：",
        "paid": "您是低保对象，2022 年的居民养老保险，政府替您缴 70.00 元。",
        "own": "您自己还要缴 30.00 元，请在 2022年8月31日 前缴清。",
        "after": "缴清以后，政府那一份才会记到您的账上；没缴清，今年就不算参保。",
        "figure": "30.00 元",
        "due": "2022年8月31日",
    }
    assert (free["own"], free["figure"], free["due"]) == ("您自己不用缴钱。", "不用缴", "")
    assert pages(NOTICES) == 2


def test_the_sponsor_keeps_one_copy_of_the_receipt_and_the_agency_one() -> None:
    said = RECEIPT.content()
    assert (said["received"], said["in_words"]) == (
        "今收到资助 2 人 2022 年度居民养老保险费 400.00 元",
        "人民币肆佰元整",
    )
    assert pages(RECEIPT) == 2


def test_the_chart_says_in_its_table_what_it_draws() -> None:
    places = [PlaceShare("中井村", 2, 2, 1, 1, "33.3%"), PlaceShare("水井村", 0, 0, 0, 0, "—")]
    chart = coverage_by_place("Insured", places, "en")
    assert chart.rows == (("中井村", "2", "2", "1", "1", "33.3%"), ("水井村", "0", "0", "0", "0", "—"))
    assert chart.headings == (
        "Place",
        "insured",
        "money on its way",
        "own part open or being checked",
        "refused in writing",
        "Share",
    )
    assert ("33.3%" in chart.svg, 'role="img"' in chart.svg, "graphics-symbol" in chart.svg) == (True, True, False)
