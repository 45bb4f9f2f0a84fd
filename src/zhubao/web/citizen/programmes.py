"""What the pages say of each loan programme: one sentence, what to have at hand, and the course of a case in a few plain stages."""

from dataclasses import dataclass

from zhubao.language import Text


@dataclass(frozen=True)
class Stage:
    """One line of the course: what happens, and the states of the process in which it happens."""

    label: Text
    states: tuple[str, ...]


@dataclass(frozen=True)
class Programme:
    """One loan programme for its applicants. `routes` are the courses an applicant may choose between, the usual one first.

    `sections` are the pages of the form in their order; `optional` of them may be left empty. `stages` end with the agreement.
    """

    policy_id: str
    name: Text
    sentence: Text
    needs: tuple[Text, ...]
    routes: tuple[tuple[str, Text], ...]
    sections: tuple[str, ...]
    optional: frozenset[str]
    stages: tuple[Stage, ...]


_CARD = Text("身份证", "your identity card")
_PHONE = Text("手机（拍照上传材料，没有也行，可以到窗口办）", "a phone with a camera, or bring the papers to the counter")
_FILLING = Stage(Text("您填好申请并提交", "You fill in the application and hand it in"), ("draft", "returned"))
_BANK = Text("银行审查", "The bank looks at it")
_SIGN = Text("到银行签协议", "You sign the agreement at the bank")
_SIGNED = Text("签好了，等放款", "Signed; the money follows")
_ORDINARY = ("ordinary", Text("每年借一次，每年交一次", "A loan each year for that year's contribution"))

PROGRAMMES = {
    programme.policy_id: programme
    for programme in (
        Programme(
            "jiangxi-2020-7",
            Text("江西助保贷款", "Jiangxi contribution loan"),
            Text(
                "离退休不到 8 年（含 8 年）、自己交养老保险、眼下交不起的，可以借钱先交上，领到养老金后每月慢慢还。"
                "在困难名单里的，领养老金之前的利息由政府出。",
                "If you are within eight years of your pension, pay your own contributions and cannot pay now, you can borrow them and "
                "repay from your pension. If you are on a hardship list, the government pays the interest until then.",
            ),
            (_CARD, _PHONE),
            (_ORDINARY, ("back_payment", Text("补交以前断缴的，只借一次", "One loan for gaps of earlier years"))),
            ("known", "hardship", "gaps", "contact", "papers", "declarations", "forecast"),
            frozenset({"hardship", "gaps", "papers"}),
            (
                _FILLING,
                Stage(Text("社保经办机构审核", "The agency reviews and decides"), ("submitted", "proposed", "objection")),
                Stage(Text("资格通过，送到银行", "Qualified and sent to the bank"), ("loan_qualified",)),
                Stage(_BANK, ("bank_review", "bank_assessed", "bank_refused")),
                Stage(_SIGN, ("bank_approved",)),
                Stage(_SIGNED, ("agreed",)),
            ),
        ),
        Programme(
            "rugao-draft",
            Text("如皋“阳光扶贫”助保贷款", "Rugao “sunshine” contribution loan"),
            Text(
                "离领养老金不到 5 年、养老保险已交满 10 年还不到 15 年、家里有困难的，可以借钱把 15 年交满。"
                "领养老金之前的利息由政府出。",
                "If you are less than five years from your pension, have paid ten but not fifteen years and are in hardship, you can "
                "borrow what is lacking to fifteen years. The government pays the interest until your pension starts.",
            ),
            (
                _CARD,
                Text("户口簿", "your household booklet"),
                Text("困难证件（名册上有的不用）", "your hardship certificate"),
                _PHONE,
            ),
            (
                ("ordinary", Text("每年借一次，每年第四季度办", "A loan each year, dealt with in the fourth quarter")),
                ("final_year", Text("今年就能满足领养老金的条件", "I meet the pension conditions within this year")),
            ),
            ("known", "hardship", "family", "deemed", "committee", "contact", "late", "papers", "declarations", "forecast"),
            frozenset({"family", "deemed", "papers"}),
            (
                _FILLING,
                Stage(Text("社区（村）初审", "The committee reviews first"), ("submitted",)),
                Stage(
                    Text("在社区（村）公示七天", "Seven days on the notice board"),
                    ("first_reviewed", "public_notice", "objection"),
                ),
                Stage(
                    Text("社保经办机构审核", "The agency reviews and decides"),
                    ("committee_approved", "proposed", "deemed_review", "blocked"),
                ),
                Stage(Text("通过，到银行办理", "Approved; now the bank"), ("agency_approved", "bank_assessed", "bank_refused")),
                Stage(_SIGN, ("bank_approved",)),
                Stage(_SIGNED, ("agreed",)),
            ),
        ),
        Programme(
            "tongling-2022-13",
            Text("铜陵居民养老保险助保贷款", "Tongling residents' contribution loan"),
            Text(
                "参加铜陵城乡居民养老保险的，可以向银行借钱交费。要有一名子女一起借；没有子女的，要找一位担保人。"
                "批不批由银行定。",
                "If you are in Tongling's residents' pension, you can borrow your contribution from a bank. One child borrows with you, or "
                "a guarantor if you have no children. The bank decides.",
            ),
            (_CARD, Text("想好交哪一档、借几年", "which tier you want and for how many years"), _PHONE),
            (("ordinary", Text("每年借一次，每年交一次", "A loan each year for that year's contribution")),),
            ("known", "bank", "plan", "children", "contact", "papers", "declarations", "forecast"),
            frozenset({"children", "papers"}),
            (
                _FILLING,
                Stage(_BANK, ("applied", "bank_assessed", "bank_refused")),
                Stage(Text("到银行签合同", "You sign the contract at the bank"), ("bank_approved",)),
                Stage(_SIGNED, ("contracted",)),
            ),
        ),
    )
}
