"""Ganzhou 2021-7, measure 1: resident-pension contributions on behalf of five groups, on a basis of 100 yuan a year, to the end of 2025."""

from datetime import date

from zhubao.language import Text
from zhubao.rules import Policy, agree, decide, decide_number, greatest, least, some, whole_years

from .judging import assessor
from .vocabulary import Person
from .yearly_plan import YearlyPlan

law = Policy(
    "ganzhou-2021-7",
    Text("赣州市困难群体城乡居民养老保险费代缴", "Ganzhou: resident-pension contributions on behalf"),
    region="3607",
    kind="assistance",
    tag="GZ",
    scheme="resident_pension",
    in_force=(date(2021, 12, 17), date(2025, 12, 31)),
)
who = Person(law)
civil, rural, federation = ("civil_affairs",), ("rural_revitalisation", "poverty_office"), ("federation",)
dibao = law.identity("dibao", "低保对象", "dibao recipient", civil, payer="finance")
tekun = law.identity("tekun", "特困人员", "person in extreme poverty", civil, payer="finance")
escaped = law.identity("escaped_poverty", "脱贫人口", "lifted out of poverty", rural, payer="finance")
monitored = law.identity("monitored", "防止返贫监测对象", "monitored against return to poverty", rural, payer="finance")
severe = law.identity("severe_disability", "重度残疾人", "severely disabled", federation, payer="finance")
groups = (dibao, tekun, escaped, monitored, severe)

on = law.on()
base = law.setting("on_behalf_base", "fen", "代缴基数", "basis of the contribution on behalf", question="A-GZ-1", default=10_000)
lowest = law.derive("lowest_tier", law.parameter("lowest_tier_yearly_fen", "fen", "居民养老最低缴费档次", "lowest resident tier"))
chosen = who.number("chosen_tier_fen")
# Where the lowest tier has risen these groups may keep the tier of 100: that is what stands for them without a choice.
tier = law.derive("tier", decide([(chosen.known(), chosen)], least(lowest, base)))
youngest = law.derive("age_least", whole_years(who.number("birth_last"), on))
oldest = law.derive("age_most", whole_years(who.number("birth_first"), on))
age = law.derive("age", decide_number([(youngest == oldest, youngest)]))
of_age = agree(youngest.between(16, 59), oldest.between(16, 59), settled_by="birth_first")
scheme = who.text("scheme")

with law.article("一"):
    law.any_of(
        "gz-1a",
        "在部门名单上的五类缴费困难群体之一",
        "on a department's list of one of the five groups",
        {
            "gz-1a/dibao": ("低保对象", "dibao recipient", dibao),
            "gz-1a/tekun": ("特困人员", "in extreme poverty", tekun),
            "gz-1a/escaped_poverty": ("脱贫人口", "lifted out of poverty", escaped),
            "gz-1a/monitored": ("防止返贫监测对象", "monitored against return to poverty", monitored),
            "gz-1a/severe_disability": ("重度残疾人", "severely disabled", severe),
        },
        questions=[("A-GZ-2", severe.known_true())],
    )
    law.must(
        "A-ALL-15",
        "未参加其他养老保险",
        "in no other pension scheme",
        scheme.is_one_of(("resident_pension", "none")),
        shows=scheme,
    )
    law.must(
        "gz-1d",
        "未满60周岁、未领待遇（满60的转按月发放）",
        "under 60 and without a pension (from 60: the monthly benefit)",
        of_age & ~who.flag("receiving_pension").known_true(),
        shows=age,
    )
    law.must(
        "gz-1c",
        "所选档次不低于最低档，困难群体可保留100元档",
        "the chosen tier is not below the lowest; these groups may keep the tier of 100",
        (tier >= lowest) | ((tier == base) & some(groups)),
        shows=tier,
        unit="fen",
        questions=[("A-GZ-3", (tier < lowest) & escaped.known_true())],
    )
    law.rank(("tekun", "dibao", "severe_disability", "monitored", "escaped_poverty"))
    on_behalf = law.amount(
        "gz-1b", "on_behalf_fen", "代缴金额：按100元为基数", "paid on behalf: on a basis of 100 yuan", base, questions=["A-GZ-1"]
    )
    law.figure("self_pay_fen", greatest(tier - on_behalf, 0))
    law.figure("tier_fen", tier)
    law.figure("lowest_tier_fen", lowest)
with law.article("十"):
    law.except_(
        "gz-10c",
        "比对未发现死亡或服刑",
        "matching shows neither death nor imprisonment",
        (who.flag("deceased") | who.flag("imprisoned")).known_true(),
    )
law.paid.update(on_behalf_fen=0, self_pay_fen=None)

# 10: death and prison stop even what has been claimed already.
yearly_plan = YearlyPlan(lost=("gz-1a",), gone=("gz-1a",), stops=("gz-10c",))

assess = assessor(law)
