"""The course of a Tongling loan: draws, contribution subsidy, repayment as the contract says."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import Process, State, Transition

from .common_ground import OPENING_POSTS, RECEIPT_POSTS, REPAYING, SETTLED, TONGLING, WITHDRAWN, repayment, withdrawal
from .corrections import corrections
from .endings import ENDING_STATES, card_change, death, early_payment

BEFORE_THE_PENSION = ("drawn", "recorded", "subsidy_matched")
WITH_DEBT = (*BEFORE_THE_PENSION, "repaying")

PROCESS = Process(
    TONGLING,
    Text("铜陵助保贷款：放款与补贴", "Tongling loan: draws and contribution subsidy"),
    (
        State("contracted", Text("已签合同", "contract signed"), Text("等银行按合同放款", "the bank draws as the contract says")),
        State(
            "drawn",
            Text("已划入征缴账户", "drawn into the collection account"),
            Text("等税务、经办机构核对到账", "tax and agency check that it has arrived"),
        ),
        State(
            "recorded",
            Text("已记个人账户", "recorded in the personal account"),
            Text("等财政配套缴费补贴", "finance adds the contribution subsidy"),
        ),
        State(
            "subsidy_matched",
            Text("已配套补贴", "subsidy matched"),
            Text("本次缴费和补贴已到账", "contribution and subsidy are in your account"),
        ),
        REPAYING,
        SETTLED,
        *ENDING_STATES,
        WITHDRAWN,
    ),
    (
        Transition(
            "3",
            "open_loan",
            Text("合同生效，建立贷款", "open the loan of a signed contract"),
            (),
            ("contracted",),
            OPENING_POSTS,
            ("tl-3.1a", "tl-3.1b", "tl-3.1c", "tl-3.3b", "tl-4.2c"),
        ),
        Transition(
            "4",
            "plan_year",
            Text("按合同备款", "prepare the draw"),
            ("contracted", "recorded", "subsidy_matched"),
            (),
            (Role.BANK_OFFICER,),
            ("tl-3.1a",),
        ),
        Transition(
            "4",
            "release_year",
            Text("复核放款", "release the draw"),
            ("contracted", "recorded", "subsidy_matched"),
            (),
            (Role.BANK_REVIEWER,),
            (),
            ("plan_year",),
            waits=True,
        ),
        Transition(
            "4",
            "record_draw",
            Text("经社保卡划入征缴账户", "through the card into the collection account"),
            ("contracted", "recorded", "subsidy_matched"),
            ("drawn",),
            (Role.BANK_OFFICER,),
            ("tl-3.4a", "tl-3.5c"),
            ("release_year",),
            waits=True,
        ),
        Transition(
            "5",
            "record_contribution",
            Text("核对到账并记账", "check the arrival and record it"),
            ("drawn", "repaying"),
            ("recorded", "drawn", "repaying"),
            RECEIPT_POSTS,
            ("tl-3.5d",),
            ("record_draw",),
            waits=True,
        ),
        Transition(
            "6",
            "match_subsidy",
            Text("配套缴费补贴", "match the contribution subsidy"),
            ("recorded", "drawn", "repaying"),
            ("subsidy_matched", "drawn", "repaying"),
            (Role.FINANCE_CLERK,),
            ("tl-5.1h",),
            ("record_draw",),
            waits=True,
        ),
        *repayment("7", "8", BEFORE_THE_PENSION, deducted=("tl-4.2a", "tl-4.2b")),
        *early_payment("8", WITH_DEBT, ("tl-4.1c",), ("tl-4.1b", "tl-4.1c")),
        *death("9", WITH_DEBT, ("tl-4.3b",), finance=False),
        *card_change("4", ("contracted", *WITH_DEBT), ("tl-3.4b", "tl-3.4c")),
        *corrections("10", WITH_DEBT),
        withdrawal("11", "contracted"),
    ),
)
