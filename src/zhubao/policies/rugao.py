"""Rugao "sunshine" contribution loan (draft for comment): who may borrow, how many months, how much, at what rate, for how long.

A draft is judged in trial mode only: it decides nothing real.
"""

from zhubao.language import Text
from zhubao.rules import Policy, decide, every, flag, greatest, least, number, text

from .contributions import contributions
from .judging import assessor
from .retirement import retirement
from .vocabulary import Person

law = Policy(
    "rugao-draft",
    Text("如皋市“阳光扶贫”助保贷款（征求意见稿）", "Rugao “sunshine” contribution loan (draft)"),
    region="320682",
    kind="loan",
    tag="RG",
    scheme="employee_pension",
    in_force=(None, None),
    trial=True,
)
who = Person(law)
on = law.on()
years = law.setting(
    "years_to_pension", "years", "距领取待遇年数（不含）", "years before the pension, excluded", question="A-RG-1", default=5
)
retired = retirement(law, years=years)
months = contributions(law, retired, back_pay=False)

# Article 4: the six kinds of hardship and their papers
dibao = law.identity("dibao", "城乡低保", "dibao recipient", ("civil_affairs",), paper=True)
laid_off = law.identity("laid_off", "下岗失业人员", "laid off", ("hrss",), paper=True)
poor_worker = law.identity(
    "poor_worker_family", "特困职工家庭", "family of a worker in special hardship", ("trade_union",), paper=True
)
zero_employment = law.identity("zero_employment", "零就业家庭", "zero-employment family", ("hrss", "civil_affairs"))
severe = law.identity("severe_disability", "一、二级重度残疾", "severely disabled, grade 1 or 2", ("federation",), paper=True)
childless = law.identity("childless", "无子女无业人员", "childless and without work", ("civil_affairs", "hrss"))
no_income = law.derive(
    "no_income", (who.number("family_business_income_fen") == 0) & (who.number("family_investment_income_fen") == 0)
)
nobody_works = (who.number("family_able_members") > 0) & (who.number("family_able_members_employed") == 0)
alone = (who.number("children") == 0) & ~who.flag("employed")
# What the family's own figures show goes before a list; without figures the list stands.
zero_employment = law.qualify("zero_employment", nobody_works & no_income)
childless = law.qualify("childless", alone & no_income)

with law.article("第四条"):
    law.must(
        "rg-4.0a",
        "户籍在本市",
        "household registered in the city",
        who.text("hukou").startswith("320682"),
        shows=who.text("hukou"),
    )
    law.must(
        "rg-4.0b",
        "以个体身份参加企业职工养老保险",
        "in the employee scheme as an individual",
        (who.text("scheme") == "employee_pension") & (who.text("participation_type") == "flexible"),
        shows=who.text("participation_type"),
    )
    law.must(
        ("rg-4.0c", "rg-12.2b"),
        "距领取养老金不足五年",
        "less than five years before the pension",
        (retired.pension_month > on.month_count()) & (retired.pension_month < (on + years * 10_000).first_month_from()),
        shows=retired.pension_month,
        unit="month",
        questions=["A-RG-1"],
    )
    law.must(
        "rg-4.0d",
        "缴费（含视同）满十年、不满十五年",
        "ten years paid or deemed, but not fifteen",
        months.at_least(120) & ~months.at_least(180),
        shows=months.total,
        unit="months",
        questions=["A-RG-2"],
    )
    law.must(
        "rg-4.0e",
        "到龄时能按月领取养老金",
        "will meet the conditions of a monthly pension",
        months.at_least(retired.required_months, with_future=True),
        shows=months.projected,
        unit="months",
        questions=["A-RG-2"],
    )
    law.any_of(
        "rg-4.0f",
        "属于六类生活困难人员之一",
        "in one of the six kinds of hardship",
        {
            "rg-4.1": ("城乡低保，有证", "dibao, with its certificate", dibao),
            "rg-4.2": ("下岗失业，有就业创业证", "laid off, with the employment certificate", laid_off),
            "rg-4.3": ("特困职工家庭，有总工会证明", "worker in special hardship, with the union's certificate", poor_worker),
            "rg-4.4": (
                "零就业家庭，无经营、投资收入",
                "nobody in the family works or has such income",
                zero_employment,
            ),
            "rg-4.5": ("一、二级重残，有残疾人证", "severely disabled, with the certificate", severe),
            "rg-4.6": ("无子女、无业、无经营投资收入", "no children, no work, no such income", childless),
        },
        questions=[("A-RG-5", zero_employment.known_true()), ("A-RG-6", childless.known_true())],
    )
with law.article("附件1"):
    law.must(
        "rg-annex1-apply",
        "本人声明无力缴费",
        "has declared inability to pay",
        who.flag("inability_declaration"),
        shows=who.flag("inability_declaration"),
    )
law.rank(("dibao", "laid_off", "poor_worker_family", "zero_employment", "severe_disability", "childless"))
law.payer = text("finance")

lowest = law.derive(
    "monthly_lowest", law.parameter("lowest_tier_monthly_fen", "fen", "灵活就业最低档（月）", "lowest flexible tier, a month")
)
cap_by_setting = law.setting("total_cap", "months", "助保后累计年限上限", "cap of all months", question="A-RG-8")
# Fifteen years were the legal minimum when this was written; for cohorts that need more the cap has to be decided anew.
cap = law.derive("cap_months", decide([(cap_by_setting.known(), cap_by_setting), (retired.required_months <= 180, number(180))]))
cap_open = law.derive(
    "cap_open", every([~cap_by_setting.known(), retired.required_months > 180, months.total.known(), retired.months_left.known()])
)
room = law.derive("room_months", greatest(cap - months.total, 0))
ahead = law.derive("months_ahead", greatest(retired.months_left, 0))
asked = who.number("requested_months")

with law.article("第五条"):
    law.except_(
        "rg-5a",
        "未同时享受社会保险补贴",
        "does not draw the social-insurance subsidy as well",
        who.flag("subsidised_now"),
        questions=[("A-RG-7", who.flag("subsidised_now"))],
    )
    lent = law.amount(
        "rg-5b",
        "months",
        "助保月数：累计不超过十五年",
        "months lent: all together not above fifteen years",
        least(room, ahead),
        unit="months",
        limit=decide([(asked.known(), asked <= room)], flag(True)),
        questions=[("A-RG-8", cap_open.known_true())],
        open_when=cap_open,
    )

with law.article("第八条"):
    law.figure("monthly_fen", lowest)
    line = law.amount(
        ("rg-8a", "rg-12.2d"),
        "credit_line_fen",
        "额度：助保月数 × 最低档",
        "credit line: months × lowest tier",
        lent * lowest,
        open_when=cap_open & lowest.known(),
    )
law.figure("projected_months", months.projected)

rate = law.parameter("benchmark_ppm", "ppm", "五年以上贷款基准利率", "benchmark lending rate over five years", at_signing=True)
grace_added = law.setting(
    "unused_grace",
    "months",
    "没用完的宽限期",
    "unused grace",
    question="A-RG-10",
    default=0,
    codes={"separate": 0, "added": 1},
)
with_grace = greatest(60 - who.number("loan_grace_months"), 0) + 120
longest = decide([(grace_added == 1, with_grace)], number(120))
with law.article("第九条"), law.contract():
    law.must(
        "rg-9a",
        "贷款期限不超过十五年",
        "term at most fifteen years",
        who.number("loan_term_months") <= 180,
        shows=who.number("loan_term_months"),
        kind="term",
        unit="months",
    )
    law.must(
        "rg-9b",
        "宽限期不超过五年",
        "grace at most five years",
        who.number("loan_grace_months") <= 60,
        shows=who.number("loan_grace_months"),
        kind="term",
        unit="months",
    )
    law.must(
        "rg-9c",
        "偿还期不超过十年",
        "repayment at most ten years",
        who.number("loan_repay_months") <= longest,
        shows=who.number("loan_repay_months"),
        kind="term",
        unit="months",
        questions=[("A-RG-10", who.number("loan_repay_months") > 120)],
    )
with law.article("第八条"), law.contract():
    law.must(
        "rg-8a/contract",
        "合同金额不超过核定额度",
        "contract amount within the credit line",
        who.number("loan_amount_fen") <= line,
        shows=who.number("loan_amount_fen"),
        kind="amount",
        unit="fen",
    )
with law.article("第十条"):
    law.amount(
        "rg-10a",
        "rate_ppm",
        "利率：办理时人民银行同期基准利率",
        "rate: the benchmark when the papers are signed",
        rate,
        unit="ppm",
        kind="rate",
        questions=["A-ALL-5"],
    )
    with law.contract():
        law.must(
            "rg-10a/contract",
            "合同利率等于基准利率",
            "contract rate equals the benchmark",
            who.number("loan_rate_ppm") == rate,
            shows=who.number("loan_rate_ppm"),
            kind="rate",
            unit="ppm",
        )

with law.article("第十一条"):
    quarter = (on.quotient(100).remainder(100)).between(10, 12)
    law.window(
        "rg-11",
        "原则上第四季度集中办理",
        "as a rule in the fourth quarter",
        quarter,
        shows=on,
        unit="day",
        outside=(
            "不在第四季度：需说明理由（当年到龄者除外）",
            "outside the fourth quarter: give the reason (not in the year of retirement)",
        ),
    )
with law.article("一人一贷"):
    law.except_("A-ALL-15", "没有未结清的助保贷款", "no other open contribution loan", who.flag("open_loan").known_true())

assess = assessor(law)
