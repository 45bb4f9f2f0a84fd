"""Tongling 2022-13: contribution loan for the resident scheme; the bank decides on credit, the text sets who may ask and the limits."""

from datetime import date

from zhubao.language import Text
from zhubao.rules import Policy, decide, flag, text

from .judging import assessor
from .vocabulary import Person

law = Policy(
    "tongling-2022-13",
    Text("铜陵市城乡居民基本养老保险助保贷款", "Tongling contribution loan for the resident scheme"),
    region="3407",
    kind="loan",
    tag="TL",
    scheme="resident_pension",
    in_force=(date(2022, 1, 25), None),
)
who = Person(law)

with law.article("二"):
    law.must(
        "tl-2a",
        "本市城乡居民养老保险参保人",
        "a resident-pension contributor of the city",
        (who.text("scheme") == "resident_pension") & who.text("insured_locality").startswith("3407"),
        shows=who.text("insured_locality"),
    )
    law.except_(
        "A-TL-1",
        "尚未领取养老待遇",
        "does not draw a pension yet",
        who.flag("receiving_pension").known_true(),
        questions=["A-TL-1"],
    )
    law.except_("A-ALL-15", "没有未结清的助保贷款", "no other open contribution loan", who.flag("open_loan").known_true())

with law.article("三(一)"), law.contract():
    childless = who.number("children") == 0
    law.must(
        "tl-3.1b",
        "有子女的：至少一名子女共同贷款",
        "with children: at least one borrows jointly",
        childless | (who.number("loan_coborrower_children") >= 1),
        shows=who.number("loan_coborrower_children"),
        questions=["A-TL-2"],
    )
    law.must(
        "tl-3.1c",
        "无子女的：有一名担保人",
        "without children: a guarantor",
        ~childless | who.flag("loan_guarantor"),
        shows=who.flag("loan_guarantor"),
    )

with law.article("三(二)"), law.contract():
    chosen, paid = who.number("chosen_tier_fen"), who.number("paid_months")
    shown = who.number("birth_first").known() & paid.known()
    law.must(
        "tl-3.2a",
        "贷款额度、年限所依据的年龄、缴费年限齐备（档次未选按最低档）",
        "age and months paid are at hand for amount and years (no tier chosen: the lowest)",
        shown | flag(None),
        shows=decide(
            [(chosen.known(), chosen)], law.parameter("lowest_tier_yearly_fen", "fen", "居民养老最低缴费档次", "lowest tier")
        ),
        kind="amount",
        unit="fen",
    )

term = who.number("loan_term_months")
bands = [
    (6, "benchmark_6m_ppm", "六个月以内", "to six months"),
    (12, "benchmark_1y_ppm", "六个月至一年", "to one year"),
    (36, "benchmark_3y_ppm", "一至三年", "one to three years"),
    (60, "benchmark_5y_ppm", "三至五年", "three to five years"),
]
over_five = law.parameter("benchmark_ppm", "ppm", "五年以上基准利率", "benchmark rate over five years", at_signing=True)
limits = [
    (term.known() & (term <= upper), law.parameter(name, "ppm", f"{zh}基准利率", f"benchmark rate {en}", at_signing=True))
    for upper, name, zh, en in bands
]
with law.article("三(三)"):
    # Without a contract the term is not known; the tier over five years is what a loan repaid from the pension needs.
    ceiling = law.figure("rate_cap_ppm", decide(limits, over_five))
    with law.contract():
        law.must(
            "tl-3.3b",
            "合同利率不超过同期基准利率",
            "contract rate within the benchmark of its term",
            who.number("loan_rate_ppm") <= ceiling,
            shows=who.number("loan_rate_ppm"),
            unit="ppm",
            kind="rate",
            questions=["A-ALL-5"],
        )
law.payer = text("borrower")

assess = assessor(law)
