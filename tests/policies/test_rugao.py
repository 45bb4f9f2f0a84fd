"""Rugao's draft: who may borrow, how many months, how much."""

# ruff: noqa: E501  (one line a case)

import pytest

from zhubao.policies.judging import as_json
from zhubao.policies.rugao import assess

from .tables import Case, Table, figure, line

NO_IDENTITY = {
    "dibao": False,
    "laid_off": False,
    "poor_worker_family": False,
    "zero_employment": False,
    "severe_disability": False,
    "childless": False,
}
# A woman who reaches her age (55 years 11 months) in May 2029: pension from June, 32 months away.
RUGAO = Table(
    "rugao-draft",
    "2026-10-12",
    {
        "birth": "1973-06-18",
        "sex": "female",
        "retirement_category": "female55",
        "hukou": "320682",
        "scheme": "employee_pension",
        "participation_type": "flexible",
        "paid_months": 134,
        "deemed_months": 14,
        "deemed_confirmed": True,
        "inability_declaration": True,
        "social_insurance_subsidy": False,
        "open_loan": False,
        "identities": {**NO_IDENTITY, "laid_off": {"value": True, "certifier": "hrss", "certificate": "S-0001"}},
    },
    (figure("lowest_tier_monthly_fen", 86_400, area="320682"),),
)


def only(**identities: object) -> dict[str, object]:
    """Return the identities given, every other one known to be absent."""
    return {"identities": {**NO_IDENTITY, **identities}}


def family(**figures: int | None) -> dict[str, object]:
    """Return a family of one able member out of work, without income, no child, with the identities of 4.4 and 4.6 unknown."""
    known = {"able_members": 1, "able_members_employed": 0, "business_income_fen": 0, "investment_income_fen": 0}
    return {
        "identities": {**NO_IDENTITY, "zero_employment": None, "childless": None},
        "family": {**known, **figures},
        "children": 1,
        "employed": False,
    }


LOAN = {"loan": {"term_months": 180, "grace_months": 60, "repay_months": 120, "amount_fen": 2_764_800, "rate_ppm": 49_000}}


def loan(**terms: object) -> dict[str, object]:
    """Return a contract at every limit, with some terms changed."""
    return {"loan": {**LOAN["loan"], **terms}}


CONTRACT = "rg-9a rg-9b rg-9c rg-8a/contract rg-10a/contract"
MONTHS = "rg-4.0d rg-4.0e"
AMOUNTS = "rg-5b rg-8a"
PAPER = {"value": True, "certificate": "Z-1"}
# By the table before the reform this man is 60 in May 2029.
YEAR_2024 = {"birth": "1969-05-20", "sex": "male", "retirement_category": "male60"}
RETIRES_2036 = {"birth": "1974-03-10", "sex": "male", "retirement_category": "male60"}
TIER_800 = figure("lowest_tier_monthly_fen", 80_000, area="320682")

LINES = [
    line(
        "全部符合", {}, ways="rg-4.2", amounts={"months": 32, "monthly_fen": 86_400, "credit_line_fen": 2_764_800, "projected_months": 180, "rate_ppm": 49_000},
        shows="rg-4.0a rg-4.0b rg-4.0c rg-4.0d rg-4.0e rg-4.0f rg-4.2 rg-5a rg-5b rg-8a rg-10a rg-11 rg-12.2b rg-12.2d rg-annex1-apply",
    ),
    line("户籍在如东县", {"hukou": "320623"}, no="rg-4.0a", shows="rg-4.0a"),
    line("户籍在320681", {"hukou": "320681"}, no="rg-4.0a", shows="rg-4.0a"),
    line("户籍不明", {"hukou": None}, unknown="rg-4.0a", shows="rg-4.0a"),
    line("单位参保", {"participation_type": "employer"}, no="rg-4.0b", shows="rg-4.0b"),
    line("个体身份写作 individual", {"participation_type": "individual"}, shows="rg-4.0b"),
    line("只参加居民养老", {"scheme": "resident_pension"}, no="rg-4.0b", shows="rg-4.0b"),
    line("居民养老、参保身份不明", {"scheme": "resident_pension", "participation_type": None}, no="rg-4.0b"),
    line("参保险种不明", {"scheme": None}, unknown="rg-4.0b", shows="rg-4.0b"),
    # 2024 年的男性满60次月领取：生于1969-05，2029-06-01领取
    line("差一天满五年", YEAR_2024 | {"paid_months": 121}, on="2024-06-02", shows="rg-4.0c", local=[TIER_800]),
    line("整五年", YEAR_2024 | {"paid_months": 121}, on="2024-06-01", no="rg-4.0c", shows="rg-4.0c"),
    line("领取前一天", {"birth": "1971-04-30", "paid_months": 165}, on="2026-08-31", shows="rg-4.0c"),
    line("已到领取月", {"birth": "1971-04-30", "paid_months": 165}, on="2026-09-01", no="rg-4.0c rg-4.0e", amounts={"months": 0}, shows="rg-4.0c"),
    line("出生日期不明", {"birth": None}, unknown="rg-4.0c rg-4.0e rg-5b rg-8a", shows="rg-4.0c rg-4.0e rg-5b"),
    line("出生日期不明、核定还有32个月", {"birth": None, "months_to_pension": 32}, unknown=f"rg-4.0e {AMOUNTS}"),
    line("核定还有31个月", {"months_to_pension": 31}, no="rg-4.0e", amounts={"months": 31, "projected_months": 179}, shows="rg-4.0e"),
    line("选择提前三个月退休", {"elected_month": "2029-02"}, no="rg-4.0e", amounts={"months": 29}),
    line("已缴119个月", {"paid_months": 105, "months_to_pension": 61}, no="rg-4.0c rg-4.0d", shows="rg-4.0d"),
    line("已缴120个月、第60个月后领取", {"paid_months": 106, "months_to_pension": 60}, amounts={"months": 60}, shows="rg-4.0d"),
    line("实缴100加视同20", {"paid_months": 100, "deemed_months": 20, "months_to_pension": 59}, no="rg-4.0e", amounts={"projected_months": 179}, shows="rg-4.0d"),
    line("已缴179个月", {"paid_months": 165}, amounts={"months": 1}, shows="rg-4.0d rg-5b"),
    line("已缴180个月", {"paid_months": 166}, no="rg-4.0d", amounts={"months": 0}, shows="rg-4.0d"),
    line("已缴125、还有50个月：差5个月", {"paid_months": 111, "months_to_pension": 50}, no="rg-4.0e", amounts={"projected_months": 175}, shows="rg-4.0e"),
    line("已缴132个月：最多助48个月", {"paid_months": 118, "months_to_pension": 59, "requested_months": 48}, amounts={"months": 48}, shows="rg-5b"),
    line("申请49个月", {"paid_months": 118, "months_to_pension": 59, "requested_months": 49}, no="rg-5b", shows="rg-5b"),
    line("最低档800元、48个月", {"paid_months": 118, "months_to_pension": 59}, local=[TIER_800], amounts={"credit_line_fen": 3_840_000}, shows="rg-8a rg-12.2d"),
    line("缴费月数不明", {"paid_months": None}, unknown=f"{MONTHS} {AMOUNTS}", shows="rg-4.0d rg-5b rg-8a"),
    line("视同未确认、两种算法都够十年", {"deemed_confirmed": False}, unknown=f"rg-4.0e {AMOUNTS}"),
    line("视同未确认、靠视同才满十年", {"paid_months": 110, "deemed_confirmed": False}, no="rg-4.0e", unknown=f"rg-4.0d {AMOUNTS}"),
    line("视同未确认、不靠视同也够", {"paid_months": 150, "deemed_confirmed": False}, unknown=AMOUNTS),
    line("视同不明、实缴已够", {"paid_months": 148, "deemed_months": None}, unknown=f"rg-4.0d {AMOUNTS}"),
    line("没有证件的下岗人员", only(laid_off=True), unknown="rg-4.0f", ways="", shows="rg-4.0f rg-4.2"),
    line("六类都不是", only(), no="rg-4.0f", ways="", shows="rg-4.0f rg-4.1 rg-4.2 rg-4.3 rg-4.4 rg-4.5 rg-4.6"),
    line("六类都不明", {"identities": None}, unknown="rg-4.0f", ways="", shows="rg-4.1 rg-4.2 rg-4.3 rg-4.4 rg-4.5 rg-4.6"),
    line("农村低保也算，有证", only(dibao=PAPER | {"certifier": "civil_affairs"}), ways="rg-4.1", shows="rg-4.1"),
    line("低保证由残联出", only(dibao=PAPER | {"certifier": "federation"}), no="rg-4.0f", ways="", shows="rg-4.1"),
    line("总工会的特困职工证", only(poor_worker_family=PAPER | {"certifier": "trade_union"}), ways="rg-4.3", shows="rg-4.3"),
    line("特困职工证由人社出", only(poor_worker_family=PAPER | {"certifier": "hrss"}), no="rg-4.0f", ways="", shows="rg-4.3"),
    line("符合两类", only(dibao=PAPER, laid_off=PAPER), ways="rg-4.1 rg-4.2", shows="rg-4.0f"),
    line("零就业家庭", family(), ways="rg-4.4", shows="rg-4.4"),
    line("家里有一人就业", family(able_members_employed=1), no="rg-4.0f", ways="", shows="rg-4.4"),
    line("有一分钱投资收入", family(investment_income_fen=1), no="rg-4.0f", ways="", shows="rg-4.4"),
    line("有经营收入", family(business_income_fen=100), no="rg-4.0f", ways="", shows="rg-4.4"),
    line("名册称零就业、家庭申报有人就业", family(able_members_employed=1) | only(zero_employment=True), no="rg-4.0f", ways="", shows="rg-4.4"),
    line("名册称零就业、家庭未申报", only(zero_employment=True), ways="rg-4.4", shows="rg-4.4"),
    line("无子女、无业、无收入", family() | {"family": {"business_income_fen": 0, "investment_income_fen": 0}, "children": 0}, ways="rg-4.6", shows="rg-4.6"),
    line("有一个孩子", family() | {"family": {"business_income_fen": 0, "investment_income_fen": 0}}, unknown="rg-4.0f", ways="", shows="rg-4.6"),
    line("一级残疾有证", {"identities": {**NO_IDENTITY, "severe_disability": None}, "disability_grade": 1}, unknown="rg-4.0f", ways=""),
    line("二级残疾有证", only(severe_disability=PAPER | {"certifier": "federation"}) | {"disability_grade": 2}, ways="rg-4.5", shows="rg-4.5"),
    line("三级残疾", {"identities": {**NO_IDENTITY, "severe_disability": None}, "disability_grade": 3}, no="rg-4.0f", ways="", shows="rg-4.5"),
    line("未签无力缴费声明", {"inability_declaration": False}, no="rg-annex1-apply", shows="rg-annex1-apply"),
    line("声明没有收到", {"inability_declaration": None}, unknown="rg-annex1-apply"),
    line("正在享受社保补贴", {"social_insurance_subsidy": [{"from": "2025-10", "to": "2026-10"}]}, no="rg-5a", shows="rg-5a"),
    line("补贴上月止", {"social_insurance_subsidy": [{"from": "2025-10", "to": "2026-09"}]}, shows="rg-5a"),
    line("补贴下月起", {"social_insurance_subsidy": [{"from": "2026-11"}]}, shows="rg-5a"),
    line("没有补贴名册", {"social_insurance_subsidy": None}, unknown="rg-5a", shows="rg-5a"),
    line("九月底申请：说明理由", {"months_to_pension": 32}, on="2026-09-30", shows="rg-11"),
    line("十月一日申请", {"months_to_pension": 32}, on="2026-10-01", shows="rg-11"),
    line("有未结清的助保贷款", {"open_loan": True}, no="A-ALL-15"),
    line("贷款登记没有查", {"open_loan": None}),
    # 2036年到龄，须222个月
    line("须缴年限高于十五年、上限未定", RETIRES_2036, no="rg-4.0c", open_="rg-5b rg-8a", amounts={"months": None}, shows="rg-5b"),
    line("2030年到龄、须186个月、上限未定", {"birth": "1969-01-10", "sex": "male", "retirement_category": "male60"}, open_="rg-5b rg-8a", amounts={"months": None, "projected_months": 189}, shows="rg-5b"),
    line("上限定为240个月", RETIRES_2036, local=[figure("setting.A-RG-8", "240", area="320682", decided_by="市人社局")], no="rg-4.0c", amounts={"months": 92}),
    line("上限定为180个月", {}, local=[figure("setting.A-RG-8", "180", area="320682", decided_by="市人社局")], amounts={"months": 32}),
    line("合同处处在限度上", LOAN, shows="rg-9a rg-9b rg-9c rg-8a rg-10a"),
    line("期限181个月", loan(term_months=181), no="rg-9a", shows="rg-9a"),
    line("宽限61个月", loan(grace_months=61), no="rg-9b", shows="rg-9b"),
    line("偿还121期", loan(repay_months=121), no="rg-9c", shows="rg-9c"),
    line("宽限没用完加到偿还期", loan(grace_months=50, repay_months=130), local=[figure("setting.A-RG-10", "added", area="320682")], shows="rg-9c"),
    line("宽限没用完不加", loan(grace_months=50, repay_months=130), no="rg-9c"),
    line("合同多一分钱", loan(amount_fen=2_764_801), no="rg-8a/contract", shows="rg-8a"),
    line("合同利率4.95%", loan(rate_ppm=49_500), no="rg-10a/contract", shows="rg-10a"),
    line("合同利率4.80%", loan(rate_ppm=48_000), no="rg-10a/contract", shows="rg-10a"),
    line("合同空白", {"loan": {}}, unknown=CONTRACT),
    line("2015年签订按当日基准5.15%", loan(rate_ppm=51_500, signed_on="2015-10-23"), amounts={"rate_ppm": 51_500}, shows="rg-10a"),
]  # fmt: skip

# A figure is known or not; the quarter only asks for a reason; what nobody says of an open loan holds nobody up.
NEVER = {
    "rg-8a": {"not_met"},
    "rg-10a": {"not_met", "evidence_missing"},
    "rg-11": {"not_met", "evidence_missing"},
    "A-ALL-15": {"evidence_missing"},
}


@pytest.mark.parametrize("case", LINES)
def test_each_clause(case: Case) -> None:
    RUGAO.check(case)


def test_every_clause_is_seen_met_not_met_and_unknown() -> None:
    assert RUGAO.not_shown(LINES) == NEVER


@pytest.mark.clauses("rg-0", "rg-25")
def test_a_draft_is_answered_on_any_day_as_a_trial() -> None:
    for day in ("2019-01-01", "2040-12-31"):
        assert as_json(assess(RUGAO.person, on=day))["trial"] is True


def test_outside_the_fourth_quarter_a_reason_is_asked_for() -> None:
    row = next(row for row in RUGAO.ask(Case({}, on="2026-09-30")).clauses if row.id == "rg-11")
    assert row.remark is not None
    assert row.remark.zh.startswith("不在第四季度")
    assert next(row for row in RUGAO.ask(Case({})).clauses if row.id == "rg-11").remark is None


def test_the_category_follows_the_familys_own_figures() -> None:
    assert RUGAO.ask(Case(family())).category == "zero_employment"
    assert RUGAO.ask(Case(family())).categories == ["zero_employment"]
    assert RUGAO.ask(Case(family(able_members_employed=1) | only(zero_employment=True))).category is None
    both = RUGAO.ask(Case(only(dibao=PAPER, laid_off=PAPER)))
    assert (both.category, both.categories, both.payer) == ("dibao", ["dibao", "laid_off"], "finance")
