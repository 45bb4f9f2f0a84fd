"""Jiangxi 2020-7: contribution loan for the employee scheme; one decision on the loan, one on the interest subsidy."""

from datetime import date

from zhubao.language import Text
from zhubao.rules import Policy, decide, every, first_known_true, flag, greatest, least, number, text

from .contributions import contributions
from .judging import assessor
from .retirement import retirement
from .vocabulary import Person

law = Policy(
    "jiangxi-2020-7",
    Text("江西省企业职工基本养老保险助保贷款", "Jiangxi contribution loan for the employee scheme"),
    region="36",
    kind="loan",
    tag="JX",
    scheme="employee_pension",
    in_force=(date(2020, 12, 30), None),
)
who = Person(law)
years = law.parameter(
    "max_years_to_retirement", "years", "距法定退休年龄最长年数", "most years before the statutory age", default=8, only_up=True
)
retired = retirement(law, years=years)
months = contributions(law, retired, back_pay=True)
still_needed = greatest(retired.required_months - months.total - months.back_payable, 0)
needed = law.derive("needed", still_needed)
enough = months.at_least(retired.required_months)
continuing = who.flag("continuing")

with law.article("一(一)", decision="loan"):
    law.must(
        "jx-1.1a",
        "户籍在本省",
        "household registered in the province",
        who.text("hukou").startswith("36"),
        shows=who.text("hukou"),
    )
    law.must(
        "jx-1.1b",
        "参加本省企业职工养老保险",
        "in the province's employee scheme",
        (who.text("scheme") == "employee_pension") & who.text("insured_locality").startswith("36"),
        shows=who.text("insured_locality"),
    )
    law.must(
        ("jx-1.1c", "jx-1.3a"),
        "距法定退休年龄八年以内（含八年）",
        "at most eight years before the statutory age",
        decide([(retired.past_age, continuing)], retired.within_years),
        shows=retired.statutory_month,
        unit="month",
        questions=[("A-JX-1", retired.past_age)],
    )
    law.must(
        "jx-1.1d",
        "到龄时能按月领取养老金",
        "will meet the conditions of a monthly pension",
        decide([(retired.past_age, flag(True))], months.at_least(retired.required_months, with_future=True)),
        shows=months.projected,
        unit="months",
        questions=["A-JX-2"],
    )
    law.must(
        "jx-1.1e",
        "以灵活就业身份参保",
        "insured as a flexible worker",
        who.text("participation_type") == "flexible",
        shows=who.text("participation_type"),
    )
    law.must(
        "jx-1.1f",
        "已到龄的：缴费不满、正在延续缴费",
        "past the age: months still missing, and paying on",
        decide([(retired.past_age, continuing & ~enough)], flag(True)),
        shows=needed,
        unit="months",
        questions=[("A-JX-1", retired.past_age)],
    )
    law.must(
        "jx-1.1g",
        "本人声明无力缴费",
        "has declared inability to pay",
        who.flag("inability_declaration"),
        shows=who.flag("inability_declaration"),
        questions=["A-JX-3"],
    )

# 1(2) · Hardship: the certifier is part of the category
civil, poverty, hrss = ("civil_affairs",), ("poverty_office", "rural_revitalisation"), ("hrss",)
rural_counts = law.setting(
    "rural_registered_poor",
    "count",
    "农村建档立卡人口是否计入",
    "whether the rural registered poor count",
    question="A-JX-4",
    default=1,
    codes={"both": 1, "urban": 0},
)
urban_poor = law.identity("registered_poor_urban", "城镇建档立卡", "urban registered poor", civil)
rural_poor = law.identity("registered_poor_rural", "农村建档立卡", "rural registered poor", poverty)
law.categories["registered_poor_rural"] = rural_poor & (rural_counts == 1)
laid_off = law.identity("laid_off_soe_collective", "国有、集体企业下岗失业", "laid off by a state or collective enterprise", hrss)
categories = {
    "jx-1.2a": (
        "城镇特困人员",
        "urban extreme poverty",
        law.identity("urban_destitute", "城镇特困", "urban extreme poverty", civil),
    ),
    "jx-1.2b": ("城镇低保对象", "urban dibao", law.identity("urban_dibao", "城镇低保", "urban dibao", civil)),
    "jx-1.2c": (
        "城镇支出型贫困家庭成员",
        "urban expenditure-poor household",
        law.identity("urban_expenditure_poor", "城镇支出型贫困", "urban expenditure-poor", civil, household=True),
    ),
    "jx-1.2d": (
        "城镇低收入家庭成员",
        "urban low-income family",
        law.identity("urban_low_income", "城镇低收入", "urban low-income", civil, household=True),
    ),
    "jx-1.2e": (
        "建档立卡贫困户",
        "registered poor household",
        urban_poor | law.categories["registered_poor_rural"],
    ),
    "jx-1.2f": (
        "国企、集体企业下岗，登记失业且仍失业",
        "laid off, registered and still unemployed",
        every([laid_off, who.flag("unemployment_registered"), who.flag("still_unemployed")]),
    ),
}
extra = law.flag("identity_extra", "地方扩大的困难类别", "a category added by the locality", subject="identities").known_true()

with law.article("一(二)", decision="subsidy"):
    hardship = law.any_of(
        ("jx-1.2h", "jx-1.2g", "jx-1.3b", "jx-1.2i", "jx-1.2j", "jx-1.2k"),
        "属于困难助保对象，领取养老金前利息由财政贴息",
        "a hardship borrower: finance bears the interest before the pension",
        categories,
        also=extra,
        questions=[("A-JX-4", rural_poor.known_true())],
    )
law.rank(
    (
        "urban_destitute",
        "urban_dibao",
        "urban_expenditure_poor",
        "urban_low_income",
        "registered_poor_urban",
        "registered_poor_rural",
        "laid_off_soe_collective",
    )
)
law.payer = first_known_true([(hardship, text("finance"))], text("borrower"))

lowest = law.derive(
    "monthly_lowest", law.parameter("lowest_tier_monthly_fen", "fen", "灵活就业最低档（月）", "lowest flexible tier, a month")
)
factor = law.parameter("annual_cap_factor", "ppm", "年度额度倍数", "multiple of the yearly cap", default=1_000_000, only_up=True)
whole_year = law.setting(
    "cap_by_whole_year",
    "count",
    "年度额度是否总按12个月",
    "whether the yearly cap is always of twelve months",
    question="A-JX-14",
    default=0,
    codes={"months_payable": 0, "twelve_months": 1},
)
on = law.on()
january = on.year() * 12 + 1
until_pension = decide([(retired.past_age, needed)], greatest(retired.pension_month - january, 0))
payable = law.derive("months_payable", least(until_pension, 12))
with law.article("二(三)", decision="loan"):
    cap = law.amount(
        ("jx-2.3b", "jx-2.3d"),
        "annual_cap_fen",
        "年度贷款不超过最低档全年缴费额",
        "a year's loan at most the year's contribution at the lowest tier",
        (lowest * decide([(whole_year == 1, number(12))], payable) * factor).quotient(1_000_000),
        questions=[("A-JX-14", payable < 12)],
    )
    # A locality may raise the cap; what is drawn still only pays contributions: of this year, and of accepted gap months.
    due = law.derive("contribution_due", lowest * (payable + months.back_payable))
    law.figure("months", decide([(retired.past_age, needed)], greatest(retired.months_left, 0)))
    law.figure("projected_months", months.projected)
    law.figure("months_needed", needed)
    with law.contract():
        law.must(
            "jx-annex-4b",
            "合同年度放款额不超过上限和当年应缴额",
            "yearly draw of the contract within the cap and the contribution due",
            who.number("loan_tranche_fen") <= least(cap, due),
            shows=who.number("loan_tranche_fen"),
            unit="fen",
            kind="amount",
        )
tenor = law.setting(
    "lpr_tenor", "years", "LPR 期限", "tenor of the LPR", question="A-ALL-4", default=1, codes={"lpr_1y": 1, "lpr_5y": 5}
)
one_year = law.parameter("lpr_1y_ppm", "ppm", "一年期 LPR", "one-year LPR", at_signing=True)
five_years = law.parameter("lpr_5y_ppm", "ppm", "五年期以上 LPR", "LPR over five years", at_signing=True)
with law.article("二(四)", decision="loan"):
    ceiling = law.amount(
        "jx-2.4a",
        "rate_cap_ppm",
        "利率上限：最近一期 LPR",
        "ceiling of the rate: the latest LPR",
        decide([(tenor == 1, one_year)], five_years),
        unit="ppm",
        kind="rate",
        questions=["A-ALL-4"],
    )
    with law.contract():
        law.must(
            "jx-2.4a/contract",
            "合同利率不超过上限",
            "contract rate within the ceiling",
            who.number("loan_rate_ppm") <= ceiling,
            shows=who.number("loan_rate_ppm"),
            unit="ppm",
            kind="rate",
        )
with law.article("一人一贷", decision="loan"):
    law.except_(
        "A-ALL-15",
        "没有未结清的助保贷款",
        "no other open contribution loan",
        who.flag("open_loan").known_true(),
        questions=[("A-JX-15", who.flag("open_loan"))],
    )

assess = assessor(law)
