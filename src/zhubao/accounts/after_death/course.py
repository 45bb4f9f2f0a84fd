"""The course after a death: recover what was paid too long, then pay the heirs what the account holds."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import Due, Process, State, Transition

WINDOW = (Role.AGENCY_INTAKE,)
REVIEWER = (Role.AGENCY_REVIEWER,)
ACCOUNTANT = (Role.AGENCY_ACCOUNTANT,)
APPROVER = (Role.AGENCY_APPROVER,)

PROCESS = Process(
    "after-death",
    Text("参保人身故后的个人账户和待遇", "account and pension after a death"),
    (
        State(
            "found",
            Text("已登记身故", "death on record"),
            Text("正在核对多发待遇和账户余额", "payments and account are looked at"),
        ),
        State(
            "recover",
            Text("待追回多发待遇", "to be recovered"),
            Text("身故次月起发放的养老金应追回", "pension paid for months after the death is to come back"),
        ),
        State(
            "inherit",
            Text("余额待继承", "left to the heirs"),
            Text("账户余额可依法继承，等继承人申请", "what is in the account is the heirs': they ask for it"),
        ),
        State(
            "claimed",
            Text("继承人已申请", "the heirs have asked"),
            Text("等核定后支付", "waits for the approval and is then paid"),
        ),
        State(
            "closed", Text("已办结", "closed"), Text("多发待遇已追回，账户已结清", "nothing to recover, nothing in the account")
        ),
    ),
    (
        Transition("1", "find", Text("登记身故后事项", "take up a death"), (), ("found",), (*REVIEWER, *WINDOW)),
        Transition(
            "2",
            "sort",
            Text("核对多发待遇和账户余额", "look at payments and account"),
            ("found", "recover", "closed"),
            ("recover", "inherit", "closed"),
            REVIEWER,
        ),
        Transition(
            "3",
            "recover",
            Text("登记追回款", "record money that came back"),
            ("recover",),
            (),
            ACCOUNTANT,
            due=Due("death_recovery_days", 60, "calendar"),
            waits=True,
        ),
        Transition("4", "claim", Text("受理继承申请", "take the heirs' request"), ("inherit",), ("claimed",), WINDOW, waits=True),
        Transition(
            "5",
            "send_back",
            Text("退回继承申请", "send the request back"),
            ("claimed",),
            ("inherit",),
            APPROVER,
            reason=True,
        ),
        Transition(
            "5",
            "pay_heirs",
            Text("核定并支付给继承人", "approve and pay the heirs"),
            ("claimed",),
            ("closed",),
            APPROVER,
            apart_from=("claim",),
            due=Due("heirs_payment_days", 15, "calendar"),
            waits=True,
        ),
        Transition(
            "6",
            "give_back",
            Text("登记继承人退回款", "record what the heirs gave back"),
            ("recover", "inherit", "claimed", "closed"),
            (),
            ACCOUNTANT,
        ),
    ),
)
