"""Jiangxi: who may borrow, for whom finance bears the interest, how much a year, at what rate at most."""

# ruff: noqa: E501  (one line a case)

import pytest

from .tables import Case, Table, figure, line

HARDSHIP = (
    "urban_destitute urban_dibao urban_expenditure_poor urban_low_income registered_poor_urban registered_poor_rural "
    "laid_off_soe_collective"
).split()
NO_HARDSHIP = dict.fromkeys(HARDSHIP, False)
JIANGXI = Table(
    "jiangxi-2020-7",
    "2021-06-30",
    {
        "birth": "1965-06-18",
        "sex": "male",
        "hukou": "360702",
        "insured_locality": "360702",
        "scheme": "employee_pension",
        "participation_type": "flexible",
        "paid_months": 131,
        "deemed_months": 0,
        "continuing": False,
        "inability_declaration": True,
        "open_loan": False,
        "unemployment_registered": True,
        "still_unemployed": True,
        "identities": {**NO_HARDSHIP, "urban_dibao": {"value": True, "certifier": "civil_affairs", "from": "2021-01"}},
    },
    (figure("lowest_tier_monthly_fen", 70_000, area="360702"),),
)


def only(**identities: object) -> dict[str, object]:
    """Return the identities given, every other one known to be absent."""
    return {"identities": {**NO_HARDSHIP, **identities}}


def loan(**terms: object) -> dict[str, object]:
    """Return a contract at every limit, with some terms changed."""
    return {"loan": {"tranche_fen": 840_000, "rate_ppm": 38_500, **terms}}


# Past sixty, paying on.
LATE = {"birth": "1960-04-01", "continuing": True, "paid_months": 170}
YEARS_10 = figure("max_years_to_retirement", 10, area="360702")
TIER_ELSEWHERE = figure("lowest_tier_monthly_fen", 70_000, area="360802")
CAP_FACTOR = figure("annual_cap_factor", 1_200_000, area="360702")

LINES = [
    line(
        "全部符合", {}, ways="jx-1.2b",
        amounts={"annual_cap_fen": 840_000, "months": 49, "projected_months": 180, "months_needed": 49, "rate_cap_ppm": 38_500},
        shows="jx-1.1a jx-1.1b jx-1.1c jx-1.1d jx-1.1e jx-1.1f jx-1.1g jx-1.2b jx-1.2h jx-1.2i jx-2.3b jx-2.4a",
    ),
    line("户籍在广州", {"hukou": "440106"}, no="jx-1.1a", shows="jx-1.1a"),
    line("户籍不明", {"hukou": None}, unknown="jx-1.1a", shows="jx-1.1a"),
    line("只参加居民养老", {"scheme": "resident_pension"}, no="jx-1.1b", shows="jx-1.1b"),
    line("在外省参保", {"insured_locality": "440106"}, no="jx-1.1b", local=[figure("lowest_tier_monthly_fen", 70_000, area="360000")], shows="jx-1.1b"),
    line("参保险种不明", {"scheme": None}, unknown="jx-1.1b", shows="jx-1.1b"),
    line("整八年", {"birth": "1969-06-30", "paid_months": 100}, amounts={"months": 97}, shows="jx-1.1c"),
    line("八年零一天", {"birth": "1969-07-01", "paid_months": 100}, no="jx-1.1c", shows="jx-1.1c"),
    line("只知道生于1969年6月", {"birth": "1969-06", "paid_months": 100}, shows="jx-1.1c"),
    line("只知道生于1969年7月", {"birth": "1969-07", "paid_months": 100}, no="jx-1.1c"),
    line("月初查询、只知道出生月", {"birth": "1969-06", "paid_months": 100}, on="2021-06-15", unknown="jx-1.1c", shows="jx-1.1c"),
    line("闰日出生", {"birth": "1968-02-29", "paid_months": 100}, on="2021-02-28", amounts={"months": 85}),
    line("出生日期不明", {"birth": None}, unknown="jx-1.1c jx-1.1d jx-1.1f jx-2.3b", amounts={"months": None}, shows="jx-1.1c jx-1.1d jx-1.1f"),
    line("差九年、当地放宽到十年", {"birth": "1970-05-01", "paid_months": 100}, local=[YEARS_10], shows="jx-1.3a"),
    line("差九年、别处没有放宽", {"birth": "1970-05-01", "paid_months": 100, "insured_locality": "360802"}, no="jx-1.1c", local=[YEARS_10, TIER_ELSEWHERE], shows="jx-1.3a"),
    line("已缴100、还有80个月", {"paid_months": 100, "months_to_pension": 80}, amounts={"projected_months": 180, "months": 80}, shows="jx-1.1d"),
    line("已缴99、还有80个月", {"paid_months": 99, "months_to_pension": 80}, no="jx-1.1d", amounts={"projected_months": 179, "months_needed": 81}, shows="jx-1.1d"),
    line("已缴99、可补缴6个月", {"paid_months": 99, "months_to_pension": 80, "back_payable_months": 6}, amounts={"projected_months": 185, "months_needed": 75}, shows="jx-1.1d"),
    line("视同20个月未确认", {"paid_months": 120, "deemed_months": 20, "deemed_confirmed": False}, unknown="jx-1.1d", amounts={"projected_months": None}),
    line("视同不明、实缴已够", {"deemed_months": None}),
    line("缴费月数不明", {"paid_months": None}, unknown="jx-1.1d", shows="jx-1.1d"),
    line("单位参保", {"participation_type": "employer"}, no="jx-1.1e", shows="jx-1.1e"),
    line("改为灵活就业", {"participation_type": "flexible"}, shows="jx-1.1e"),
    line("参保身份不明", {"participation_type": None}, unknown="jx-1.1e", shows="jx-1.1e"),
    line("61岁、已缴170、延续缴费", LATE, amounts={"months": 10, "months_needed": 10, "annual_cap_fen": 700_000}, shows="jx-1.1f"),
    line("61岁、已缴180", LATE | {"paid_months": 180}, no="jx-1.1f", amounts={"months": 0}, shows="jx-1.1f"),
    line("61岁、没有延续缴费", LATE | {"continuing": False}, no="jx-1.1c jx-1.1f", shows="jx-1.1c jx-1.1f"),
    line("61岁、是否延续不明", LATE | {"continuing": None}, unknown="jx-1.1c jx-1.1f", shows="jx-1.1f"),
    line("60周岁当天", {"birth": "1961-06-30", "paid_months": 179}, amounts={"months": 1}),
    line("满60周岁次日", {"birth": "1961-06-29", "paid_months": 179}, no="jx-1.1c jx-1.1f"),
    line("没有签声明", {"inability_declaration": False}, no="jx-1.1g", shows="jx-1.1g"),
    line("声明没有收到", {"inability_declaration": None}, unknown="jx-1.1g", shows="jx-1.1g"),
    line("城镇特困", only(urban_destitute={"value": True, "certifier": "civil_affairs"}), ways="jx-1.2a", shows="jx-1.2a jx-1.2i"),
    line("城镇支出型贫困家庭成员", only(urban_expenditure_poor=True), ways="jx-1.2c", shows="jx-1.2c"),
    line("城镇低收入家庭成员", only(urban_low_income=True), ways="jx-1.2d", shows="jx-1.2d"),
    line("低收入名册已移出", only(urban_low_income={"value": True, "to": "2021-05"}), no="jx-1.2h", ways="", shows="jx-1.2d"),
    line("城镇建档立卡", only(registered_poor_urban={"value": True, "certifier": "civil_affairs"}), ways="jx-1.2e", shows="jx-1.2e"),
    line("农村建档立卡，扶贫办", only(registered_poor_rural={"value": True, "certifier": "poverty_office"}), ways="jx-1.2e", shows="jx-1.2e jx-1.2j"),
    line("农村建档立卡由民政认定", only(registered_poor_rural={"value": True, "certifier": "civil_affairs"}), no="jx-1.2h", ways="", shows="jx-1.2j"),
    line("农村建档立卡、省里定为只限城镇", only(registered_poor_rural=True), local=[figure("setting.A-JX-4", "urban", area="360000", decided_by="省人社厅")], no="jx-1.2h", ways="", shows="jx-1.2e"),
    line("国企下岗、登记失业且仍失业", only(laid_off_soe_collective={"value": True, "certifier": "hrss"}), ways="jx-1.2f", shows="jx-1.2f jx-1.2k"),
    line("已再就业", only(laid_off_soe_collective=True) | {"still_unemployed": False}, no="jx-1.2h", ways="", shows="jx-1.2f"),
    line("民企失业", only(), no="jx-1.2h", ways="", shows="jx-1.2a jx-1.2c jx-1.2d jx-1.2f jx-1.2h"),
    line("是否仍失业不明", only(laid_off_soe_collective=True) | {"still_unemployed": None}, unknown="jx-1.2h", ways="", shows="jx-1.2f"),
    line("下岗由民政认定", only(laid_off_soe_collective={"value": True, "certifier": "civil_affairs"}), no="jx-1.2h", ways="", shows="jx-1.2k"),
    line("只在农村低保名册", {"identities": {**NO_HARDSHIP, "dibao": True}}, no="jx-1.2h", ways="", shows="jx-1.2b"),
    line("没有任何名册", {"identities": None}, unknown="jx-1.2h", ways="", shows="jx-1.2a jx-1.2b jx-1.2c jx-1.2d jx-1.2e jx-1.2f jx-1.2h"),
    line("当地增加重病家庭", only(severe_illness=True), ways="", local=[figure("extra_categories", "severe_illness", area="360702")], shows="jx-1.2g jx-1.3b"),
    line("六月到龄：只放六个月", {"birth": "1961-06-20", "paid_months": 174}, on="2021-01-15", amounts={"annual_cap_fen": 420_000, "months": 6}, shows="jx-2.3b jx-annex-4b"),
    line("六月到龄、额度总按十二个月", {"birth": "1961-06-20", "paid_months": 174}, on="2021-01-15", local=[figure("setting.A-JX-14", "twelve_months", area="360702")], amounts={"annual_cap_fen": 840_000}),
    line("没有最低档", {"insured_locality": "360802"}, on="2030-06-30", unknown="jx-2.3b", no="jx-1.1c jx-1.1f", shows="jx-2.3b"),
    line("额度倍数1.2", {}, local=[CAP_FACTOR], amounts={"annual_cap_fen": 1_008_000}, shows="jx-2.3d"),
    line("利率按五年期以上LPR", {}, local=[figure("setting.A-ALL-4", "lpr_5y", area="360000")], amounts={"rate_cap_ppm": 46_500}, shows="jx-2.4a"),
    line("另有未结清的贷款", {"open_loan": True}, no="A-ALL-15"),
    line("合同在限度上", loan(), shows="jx-2.3b jx-2.4a jx-annex-4b"),
    line("多放一分钱", loan(tranche_fen=840_001), no="jx-annex-4b", shows="jx-2.3b jx-annex-4b"),
    line("六月到龄放全年", {"birth": "1961-06-20", "paid_months": 174} | loan(), on="2021-01-15", no="jx-annex-4b", shows="jx-annex-4b"),
    line("额度放大也不超过应缴", loan(tranche_fen=840_001), local=[CAP_FACTOR], no="jx-annex-4b", shows="jx-2.3d"),
    line("额度放大、可补缴两个月", loan(tranche_fen=980_000) | {"back_payable_months": 2}, local=[CAP_FACTOR], shows="jx-2.3d"),
    line("合同利率3.86%", loan(rate_ppm=38_600, signed_on="2021-03-01"), no="jx-2.4a/contract", shows="jx-2.4a"),
    line("2021-03-01签订3.85%", loan(signed_on="2021-03-01") | {"paid_months": 160}, on="2022-10-31", shows="jx-2.4a"),
    line("合同空白", {"loan": {}}, unknown="jx-annex-4b jx-2.4a/contract"),
]  # fmt: skip
LINES.append(line("2019年8月前没有LPR", loan(signed_on="2019-08-01"), unknown="jx-2.4a jx-2.4a/contract"))

# A figure is known or not; what nobody says of an open loan holds nobody up.
NEVER = {"jx-2.3b": {"not_met"}, "jx-2.4a": {"not_met"}, "A-ALL-15": {"evidence_missing"}}


@pytest.mark.parametrize("case", LINES)
def test_each_clause(case: Case) -> None:
    JIANGXI.check(case)


def test_every_clause_is_seen_met_not_met_and_unknown() -> None:
    assert JIANGXI.not_shown(LINES) == NEVER


@pytest.mark.clauses("jx-1.2h")
@pytest.mark.parametrize(
    ("changes", "loan_verdict", "subsidy", "payer", "category"),
    [
        pytest.param({}, "met", "met", "finance", "urban_dibao", id="困难人员：财政贴息"),
        pytest.param(only(), "met", "not_met", "borrower", None, id="一般人员：可以贷款，自己付息"),
        pytest.param({"identities": None}, "met", "evidence_missing", "borrower", None, id="身份未核实：可以贷款，暂不贴息"),
        pytest.param({"hukou": "440106"}, "not_met", "met", "finance", "urban_dibao", id="困难人员但户籍在外省"),
        pytest.param(
            only(urban_low_income=True, urban_destitute=True), "met", "met", "finance", "urban_destitute", id="两类困难"
        ),
    ],
)
def test_two_decisions(changes: dict[str, object], loan_verdict: str, subsidy: str, payer: str, category: str | None) -> None:
    answer = JIANGXI.ask(Case(changes))
    assert answer.decisions == {"loan": loan_verdict, "subsidy": subsidy}
    assert (answer.verdict, answer.payer, answer.category) == (loan_verdict, payer, category)
