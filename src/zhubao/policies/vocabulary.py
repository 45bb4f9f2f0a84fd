"""The facts of a person the five documents speak of: one label and one remedy each, whatever document asks."""

from zhubao.rules.expressions import Flag, Number, Text
from zhubao.rules.policy import Policy

# fact column → (subject: the key of a person's record, Chinese, English, who can show it; None where the rules have a stand-in)
FACTS: dict[str, tuple[str, str, str, tuple[str, str] | None]] = {
    "birth_first": ("birth", "出生日期（最早）", "date of birth, earliest", ("身份证或出生日期（到日）", "citizen number, or the day of birth")),
    "birth_last": ("birth", "出生日期（最晚）", "date of birth, latest", ("身份证或出生日期（到日）", "citizen number, or the day of birth")),
    "sex": ("sex", "性别", "sex", ("身份证号", "citizen number")),
    "hukou": ("hukou", "户籍地", "household registration", ("公安户籍信息或户口簿", "public security register or household booklet")),
    "insured_locality": ("insured_locality", "参保地", "place of insurance", ("参保记录", "insured record")),
    "scheme": ("scheme", "参保险种", "pension scheme", ("参保记录", "insured record")),
    "participation_type": ("participation_type", "参保身份", "kind of participation", ("参保记录", "insured record")),
    "retirement_category": ("retirement_category", "退休类别", "retirement category", None),
    "elected_month": ("elected_month", "选定的退休月", "elected retirement month", None),
    "months_to_pension": ("months_to_pension", "核定的距领取月数", "months to the pension as fixed", None),
    "paid_months": ("paid_months", "实际缴费月数", "months paid", ("参保记录", "insured record")),
    "deemed_months": ("deemed_months", "视同缴费月数", "deemed months", ("工龄审核意见", "service review")),
    "deemed_confirmed": ("deemed_confirmed", "视同年限已确认", "deemed months confirmed", ("工龄审核意见", "service review")),
    "back_payable_months": ("back_payable_months", "税务部门认可的可补缴月数", "gap months tax accepts", None),
    "continuing": ("continuing", "到龄后延续缴费", "keeps paying past the age", ("延续缴费记录", "record of continued contribution")),
    "receiving_pension": ("receiving_pension", "已领取养老待遇", "draws a pension", ("待遇发放记录", "pension payment record")),
    "open_loan": ("open_loan", "有未结清的助保贷款", "has an open loan", ("贷款登记", "loan register")),
    "inability_declaration": ("inability_declaration", "无力缴费声明", "declaration of inability to pay", ("本人签字的声明", "signed declaration")),
    "student": ("student", "在校学生", "student", ("学籍信息", "school register")),
    "military": ("military", "现役军人", "in military service", ("兵役信息", "service register")),
    "imprisoned": ("imprisoned", "服刑", "serving a sentence", ("司法部门信息", "justice department's list")),
    "deceased": ("deceased", "死亡", "deceased", ("卫健、公安死亡信息", "health or police death register")),
    "unemployment_registered": ("unemployment_registered", "已办失业登记", "registered as unemployed", ("失业登记", "unemployment register")),
    "still_unemployed": ("still_unemployed", "仍处于失业状态", "still unemployed", ("失业登记", "unemployment register")),
    "family_able_members": ("family", "有劳动能力的家庭成员数", "able members of the family", ("家庭成员申报", "family declaration")),
    "family_able_members_employed": ("family", "其中已就业人数", "of them employed", ("家庭成员就业申报", "declaration of employment")),
    "family_business_income_fen": ("family", "家庭经营性收入", "business income of the family", ("收入申报", "declaration of income")),
    "family_investment_income_fen": ("family", "家庭投资性收入", "investment income of the family", ("收入申报", "declaration of income")),
    "children": ("children", "子女数", "children", ("户口簿，居（村）委会意见", "booklet and committee opinion")),
    "employed": ("employed", "本人已就业", "in employment", ("就业登记", "employment register")),
    "subsidised_now": (
        "social_insurance_subsidy", "正在享受社会保险补贴", "draws the social-insurance subsidy",
        ("社会保险补贴名册，或本人书面说明", "roster of subsidy recipients or a written statement"),
    ),
    "chosen_tier_fen": ("chosen_tier_fen", "本人选择的缴费档次", "tier chosen", None),
    "requested_months": ("requested_months", "申请助保月数", "months asked for", None),
    "loan_rate_ppm": ("loan.rate_ppm", "合同年利率", "contract rate", ("借款合同", "loan agreement")),
    "loan_term_months": ("loan.term_months", "贷款总期限", "term of the loan", ("借款合同", "loan agreement")),
    "loan_grace_months": ("loan.grace_months", "宽限期", "grace period", ("借款合同", "loan agreement")),
    "loan_repay_months": ("loan.repay_months", "偿还期", "repayment period", ("借款合同", "loan agreement")),
    "loan_amount_fen": ("loan.amount_fen", "贷款总额", "amount of the loan", ("借款合同", "loan agreement")),
    "loan_tranche_fen": ("loan.tranche_fen", "年度放款额", "yearly draw", ("借款合同", "loan agreement")),
    "loan_instalment_fen": ("loan.instalment_fen", "每月还款额", "monthly instalment", ("借款合同", "loan agreement")),
    "loan_coborrower_children": ("loan.coborrower_children", "作为共同贷款人的子女数", "children who borrow jointly", ("借款合同", "loan agreement")),
    "loan_guarantor": ("loan.guarantor", "有担保人", "has a guarantor", ("借款合同", "loan agreement")),
    "loan_basic_pension_consent": ("loan.basic_pension_consent", "同意用基础养老金还款", "basic pension agreed", ("借款合同", "loan agreement")),
}  # fmt: skip


class Person:
    """The person a document speaks of: names a fact, declaring it to the policy where it is first used."""

    def __init__(self, law: Policy) -> None:
        self.law = law

    def flag(self, name: str) -> Flag:
        """Return a yes/no fact of the vocabulary."""
        subject, zh, en, remedy = FACTS[name]
        return self.law.flag(name, zh, en, subject=subject, remedy=remedy)

    def number(self, name: str) -> Number:
        """Return a numeric fact of the vocabulary."""
        subject, zh, en, remedy = FACTS[name]
        return self.law.number(name, zh, en, subject=subject, remedy=remedy)

    def text(self, name: str) -> Text:
        """Return a code of the vocabulary."""
        subject, zh, en, remedy = FACTS[name]
        return self.law.text(name, zh, en, subject=subject, remedy=remedy)
