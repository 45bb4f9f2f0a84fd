"""The 26 points on interest and repayment that the policy texts leave open: default, settings, and who may decide otherwise."""

from typing import NamedTuple

from zhubao.language import Text


class Convention(NamedTuple):
    """One open point.

    `settings`: fields of `Terms` that answer it (none where the answer follows from another); `questions`: its ids in the register of
    open questions, by the prefix of the policy ("" for all); `default` in words; `decider`: who may confirm or change it.
    """

    number: int
    settings: tuple[str, ...]
    questions: dict[str, str]
    question: Text
    default: Text
    decider: Text

    def question_id(self, prefix: str) -> str | None:
        """Return the id under which a policy (``jx``, ``rg``, ``tl``) carries the point; None where it does not arise there."""
        return self.questions.get(prefix) or self.questions.get("")


BANK = Text("合作银行", "bank")
BANK_AGENCY = Text("银行与经办机构", "bank with agency")
AGENCY = Text("经办机构", "agency")
AGENCY_FINANCE = Text("经办机构与财政", "agency with finance")
PROVINCE = Text("省级人社部门", "province")
LOCALITY = Text("当地人社部门", "locality")
FINANCE = Text("财政部门", "finance")

CONVENTIONS = (
    Convention(
        1,
        ("day_count", "ends"),
        {"": "A-ALL-2"},
        Text("怎样数天", "how are days counted"),
        Text("实际天数除以360，算头不算尾", "actual days over 360; the first day counts, the last does not"),
        BANK,
    ),
    Convention(
        2,
        ("unpaid_interest",),
        {"": "A-ALL-3"},
        Text("未付利息是否生息", "does unpaid interest bear interest"),
        Text("单利，单独记账，不再生息", "simple: kept apart and bears none"),
        BANK_AGENCY,
    ),
    Convention(
        3,
        ("grace_interest_due",),
        {"jx": "A-JX-8", "tl": "A-LOAN-3"},
        Text("自负的宽限期利息何时付", "when does a borrower pay his own grace interest"),
        Text("从养老金中先扣利息，随时可付现金", "from the pension, before principal; cash is taken any day"),
        BANK,
    ),
    Convention(
        4,
        ("allocation", "tranche_order"),
        {"": "A-LOAN-4"},
        Text("一笔还款先还什么", "what does a payment pay first"),
        Text("先息后本，先还最早的放款", "interest due, then principal of the oldest tranche"),
        BANK,
    ),
    Convention(
        5,
        ("subsidy_end",),
        {"jx": "A-ALL-6", "rg": "A-ALL-6"},
        Text("贴息到哪一天为止", "which is the last subsidised day"),
        Text("首个领取月一日的前一天", "the day before the first of the first pension month"),
        FINANCE,
    ),
    Convention(
        6,
        (),
        {"jx": "A-ALL-6", "rg": "A-ALL-6"},
        Text("领取月一日到首次扣款的利息", "interest from that first to the first deduction"),
        Text("由个人承担", "the borrower's"),
        FINANCE,
    ),
    Convention(
        7,
        ("back_pay",),
        {"jx": "A-JX-20", "rg": "A-LOAN-7", "tl": "A-LOAN-7"},
        Text("一次补发几个月养老金怎样扣", "several months of pension paid at once"),
        Text("按所属月份逐月计算限额，每月一份约定额", "a limit for each month it is paid for, one agreed amount each"),
        BANK,
    ),
    Convention(
        8,
        ("rate_basis", "ceiling_check"),
        {"": "A-ALL-4"},
        Text("后续放款用哪天的利率", "which day's rate do later tranches take"),
        Text(
            "江西：每笔取合同利率与当日最近一期 LPR 的较低者并保持不变；其他：签约日利率",
            "Jiangxi: each takes the lower of contract rate and latest LPR of its day and keeps it; others: the rate at signing",
        ),
        PROVINCE,
    ),
    Convention(
        9,
        ("reset",),
        {"rg": "A-RG-20"},
        Text("何时调整利率", "when is the rate reset"),
        Text("首笔放款的周年日", "on each anniversary of the first tranche"),
        BANK,
    ),
    Convention(
        10,
        ("tenor",),
        {"": "A-ALL-4"},
        Text("用哪个期限的利率", "which tenor of the rate table"),
        Text("LPR 用一年期；基准利率按整个贷款期限", "the one-year LPR; a benchmark by the whole term of the loan"),
        PROVINCE,
    ),
    Convention(
        11,
        ("loss_from",),
        {"jx": "A-ALL-7"},
        Text("中途失去困难身份从何时起不贴息", "status lost: no subsidy from which day"),
        Text(
            "核验结果生效日，次年1月1日，决定另定的除外",
            "the day the check takes effect: 1 January after it unless it names another",
        ),
        AGENCY_FINANCE,
    ),
    Convention(
        12,
        ("subsidy_follows",),
        {"jx": "A-ALL-7", "rg": "A-ALL-7"},
        Text("贴息随身份还是随宽限期", "does the subsidy follow the status or the grace period"),
        Text(
            "江西随身份；如皋已放贷款贴到领取养老金",
            "Jiangxi: the status; Rugao: tranches paid stay subsidised until the pension",
        ),
        AGENCY_FINANCE,
    ),
    Convention(
        13,
        ("regain_from",),
        {"jx": "A-ALL-8"},
        Text("中途取得或恢复身份从何时起贴息", "status gained: subsidy from which day"),
        Text(
            "核验结果生效日，不追溯；申请时待定的自首笔放款起",
            "the day the check takes effect, not before; pending at application: from the start",
        ),
        AGENCY,
    ),
    Convention(
        14,
        ("floor_place", "floor_day", "cap_basis"),
        {"jx": "A-JX-11", "rg": "A-RG-13"},
        Text("保底线或半数按哪里、哪天的数", "whose figures, and of which day, limit a deduction"),
        Text(
            "参保地，养老金所属月份的标准和核定额，向下取整到分",
            "place of insurance, figures of the month the pension is for, rounded down",
        ),
        LOCALITY,
    ),
    Convention(
        15,
        ("min_deduction_fen",),
        {"jx": "A-JX-12", "rg": "A-LOAN-15", "tl": "A-LOAN-15"},
        Text("扣不足时怎么办", "what if too little may be deducted"),
        Text("能扣多少扣多少，可以为零，不罚息，利息照计", "take what there is, even nothing; no penalty, interest goes on"),
        BANK,
    ),
    Convention(
        16,
        ("max_months", "term_end"),
        {"rg": "A-RG-11"},
        Text("偿还期满仍未还清", "what is left when the repayment period ends"),
        Text("签约时预警；期满余额上报，不一次收取", "warn at signing; report the rest, never take it in one sum"),
        BANK,
    ),
    Convention(
        17,
        ("death_interest",),
        {"": "A-LOAN-17"},
        Text("死亡后利息计到哪天", "until when does interest run after a death"),
        Text("去世当日；之后的扣款退回", "the day of death; later deductions are returned"),
        BANK,
    ),
    Convention(
        18,
        ("account_part", "death_cover", "bank_bears_own_fault"),
        {"jx": "A-JX-9", "rg": "A-RG-15", "tl": "A-TL-7"},
        Text("死亡后谁来还", "who pays after a death"),
        Text(
            "江西：账户，去世时有困难身份的由政府补足；如皋：账户、财政，银行过错归银行；铜陵：贷款形成的账户余额",
            "Jiangxi: account, then government if certified at death; Rugao: account, finance, own fault the bank; Tongling: loan-formed balance",
        ),
        LOCALITY,
    ),
    Convention(
        19,
        ("claim_interest_ppm",),
        {"jx": "A-LOAN-19", "rg": "A-LOAN-19"},
        Text("财政拨付迟了谁付利息", "interest while the government pays late"),
        Text("不计息", "none"),
        BANK,
    ),
    Convention(
        20,
        ("claim_cutoff",),
        {"jx": "A-LOAN-20", "rg": "A-LOAN-20"},
        Text("年度贴息清单截到哪天", "until which day does a yearly claim run"),
        Text("当年最后一个结息日，余下归下一年", "the last settlement day of the year; the tail goes into the next claim"),
        BANK,
    ),
    Convention(
        21,
        ("penalty_ppm",),
        {"rg": "A-RG-21", "jx": "A-LOAN-21", "tl": "A-LOAN-21"},
        Text("扣款不成是否罚息", "penalty interest on a failed deduction"),
        Text("不罚息", "none"),
        BANK,
    ),
    Convention(
        22,
        ("rounding",),
        {"": "A-ALL-3"},
        Text("怎样取整", "how is interest rounded"),
        Text("每个计息期四舍五入到分一次，政府部分单独取整", "half up to the fen once a period; the government's part by itself"),
        BANK_AGENCY,
    ),
    Convention(
        23,
        (),
        {"jx": "A-LOAN-23", "rg": "A-LOAN-23"},
        Text("贴息期内提前还款", "early repayment inside the subsidised grace"),
        Text("到还款日的利息归政府，个人只还本金", "interest to the day is the government's, the borrower pays principal only"),
        AGENCY_FINANCE,
    ),
    Convention(
        24,
        ("basic_pension",),
        {"tl": "A-TL-5"},
        Text("基础养老金能否还贷", "may the basic pension repay the loan"),
        Text(
            "不能，事先书面约定的除外；账户养老金以外都算基础部分",
            "no, unless agreed beforehand; all that is not account pension counts as basic",
        ),
        AGENCY,
    ),
    Convention(
        25,
        ("collection_day",),
        {"": "A-LOAN-25"},
        Text("扣款日逢节假日", "a deduction day on a holiday"),
        Text("利息计到实际到账日", "interest runs to the day the money comes"),
        BANK,
    ),
    Convention(
        26,
        ("on_unpaid_contribution",),
        {"jx": "A-JX-16"},
        Text("贷款未缴费被终止资格", "a tranche that was not paid in"),
        Text("该笔自终止日起不贴息，其余不变", "that tranche loses the subsidy from the termination date, the others keep it"),
        AGENCY,
    ),
)
