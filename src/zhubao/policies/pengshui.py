"""Pengshui 2022: resident-pension contributions paid on behalf of three groups certified by departments, and of the severely disabled."""

from datetime import date

from zhubao.language import Text
from zhubao.rules import Policy, agree, decide, decide_number, greatest, number, whole_years

from .judging import assessor
from .vocabulary import Person
from .yearly_plan import YearlyPlan

law = Policy(
    "pengshui-2022",
    Text("彭水县2022年困难群体城乡居民养老保险费代缴", "Pengshui 2022: resident-pension contributions on behalf"),
    region="500243",
    kind="assistance",
    tag="PS",
    scheme="resident_pension",
    in_force=(date(2022, 1, 1), date(2022, 12, 31)),
)
who = Person(law)
civil_affairs, rural, federation = ("civil_affairs",), ("rural_revitalisation", "poverty_office"), ("federation",)

# 1 · Who is helped: categories as the departments certify them
tekun = law.identity("tekun", "特困人员", "person in extreme poverty", civil_affairs, payer="civil_affairs")
dibao = law.identity("dibao", "低保对象", "dibao recipient", civil_affairs, payer="civil_affairs")
returned = law.identity(
    "return_to_poverty", "返贫致贫人口", "returned to or fallen into poverty", rural, payer="rural_revitalisation"
)
severe = law.identity(
    "severe_disability", "一、二级重度残疾人", "severely disabled, grade 1 or 2", federation, payer="federation"
)

scheme, locality = who.text("scheme"), who.text("insured_locality")
other_counties = law.setting(
    "other_counties",
    "count",
    "在本市其他区县参保是否排除",
    "whether enrolment in another county of the city excludes",
    question="A-PS-2",
    default=0,
    codes={"not_excluded": 0, "excluded": 1},
)
elsewhere = ~locality.startswith("50") | (~locality.startswith(law.region) & (other_counties == 1))

with law.article("1"):
    in_a_group = law.any_of(
        "ps-1a",
        "属于代缴资助对象",
        "belongs to a group that is helped",
        {
            "ps-1a/tekun": ("特困人员", "in extreme poverty", tekun),
            "ps-1a/dibao": ("低保对象", "dibao recipient", dibao),
            "ps-1a/return_to_poverty": ("返贫致贫人口", "returned to or fallen into poverty", returned),
            "ps-1g": ("一、二级重度残疾人（走原渠道）", "severely disabled (former channel)", severe),
        },
    )
    law.except_(
        "ps-1b", "未参加企业职工养老保险", "not in the employee scheme anywhere", scheme == "employee_pension", shows=scheme
    )
    law.except_(
        "ps-1c",
        "未在市外参加居民养老保险",
        "not enrolled as a resident outside the city",
        (scheme == "resident_pension") & elsewhere,
        shows=locality,
        questions=[("A-PS-2", locality.startswith("50") & ~locality.startswith(law.region))],
    )
    law.except_("ps-1d", "不是在校学生", "not a student", who.flag("student"))
    law.except_("ps-1e", "不是现役军人", "not in military service", who.flag("military"))
    law.except_("ps-1f", "不在服刑", "not serving a sentence", who.flag("imprisoned"), questions=["A-PS-10"])
    # The text does not speak of the dead; nobody is held up because no death list was given.
    law.except_("A-PS-9", "未死亡", "not deceased", who.flag("deceased").known_true(), questions=["A-PS-9"])

# 2(1) · How much
on = law.on()
youngest = law.derive("age_least", whole_years(who.number("birth_last"), on))
oldest = law.derive("age_most", whole_years(who.number("birth_first"), on))
age = law.derive("age", decide_number([(youngest == oldest, youngest)]))
of_age = agree(youngest.between(16, 59), oldest.between(16, 59), settled_by="birth_first")
helped = law.derive("helped", in_a_group)
lowest = law.derive("lowest_tier", law.parameter("lowest_tier_yearly_fen", "fen", "居民养老最低缴费档次", "lowest resident tier"))
chosen = who.number("chosen_tier_fen")
tier = law.derive("tier", decide([(chosen.known(), chosen)], lowest))
share_of_hundred = law.setting(
    "share_basis",
    "count",
    "七成的计算基数",
    "basis of the seventy per cent",
    question="A-PS-4",
    default=0,
    codes={"lowest_tier": 0, "100_yuan": 1},
)
share = decide([(share_of_hundred == 1, number(7_000))], lowest.share(70))

with law.article("2(一)"):
    law.must(
        "ps-2.1a",
        "满16周岁、未满60周岁，参加居民养老保险或尚未参保",
        "aged 16 to under 60, a resident contributor or not yet enrolled",
        of_age & scheme.is_one_of(("resident_pension", "none")),
        shows=age,
        questions=["A-PS-3"],
    )
    category = law.first_of(
        ("ps-2.1e", "ps-2.1f", "ps-2.1g"),
        "多重身份只代缴一次：重残、特困、低保、返贫致贫依次认定",
        "one benefit: severe disability, extreme poverty, dibao, return to poverty in this order",
        order=("severe_disability", "tekun", "dibao", "return_to_poverty"),
        ranked=(("tekun", "dibao"), ("severe_disability", "dibao")),
        question="A-PS-1",
    )
    on_behalf = law.amount(
        ("ps-2.1b", "ps-2.1c"),
        "on_behalf_fen",
        "代缴金额：特困、重残全额，其余按七成",
        "paid on behalf: in full for extreme poverty and severe disability, 70 % for the others",
        decide([(~helped, number(0)), (category.is_one_of(("tekun", "severe_disability")), lowest)], share),
        questions=[("A-PS-4", ~(lowest == 10_000))],
    )
    law.amount(
        "ps-2.1d",
        "self_pay_fen",
        "自付金额：所选档次高出代缴的部分",
        "paid by the person: the chosen tier above what is paid on behalf",
        greatest(tier - on_behalf, 0),
    )
    law.figure("tier_fen", tier)
    law.figure("lowest_tier_fen", lowest)
law.paid.update(on_behalf_fen=0, self_pay_fen=None)

# 1 and 2: whoever leaves every group or dies leaves the plan; the severely disabled keep their way; departments list from 16 to 60.
yearly_plan = YearlyPlan(
    lost=("ps-1a",), gone=("ps-1a", "A-PS-9"), own_channel=("severe_disability",), self_pay_due=True, listed_ages=(16, 60)
)

assess = assessor(law)
