"""The course of a sponsorship: offered, checked against the ceilings, paid, put on the accounts, receipted."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import Process, State, Transition

SPONSORSHIP = Process(
    "sponsorship",
    Text("社会资助缴费", "contributions paid by sponsors"),
    (
        State("offered", Text("已提出", "offered"), Text("待核对资助限额", "to be checked against the ceilings")),
        State("checked", Text("限额已核", "within the ceilings"), Text("等资助方付款", "the sponsor pays")),
        State("paid", Text("已到款", "paid"), Text("等记入个人账户", "to be put on the personal accounts")),
        State("recorded", Text("已记账", "on the accounts"), Text("等开具收据", "the receipt is to be written")),
        State("receipted", Text("已开收据", "receipted"), Text("资助已办结", "done"), final=True),
        State("refused", Text("不予受理", "refused"), Text("全部超过限额", "above the ceiling for everybody"), final=True),
        State("withdrawn", Text("已撤回", "withdrawn"), Text("资助方不再资助", "the sponsor took the offer back"), final=True),
    ),
    (
        Transition(
            "1", "offer", Text("登记资助", "enter an offer"), (), ("offered",), (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER)
        ),
        Transition(
            "2",
            "check_ceilings",
            Text("核对限额", "check the ceilings"),
            ("offered",),
            ("checked", "refused"),
            (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER),
            ("gz-2a", "gz-2b"),
        ),
        Transition("3", "pay", Text("登记到款", "note the payment"), ("checked",), ("paid",), (Role.TAX_CLERK,), ("gz-2a",)),
        Transition(
            "4",
            "record",
            Text("记入个人账户", "put it on the accounts"),
            ("paid",),
            ("recorded",),
            (Role.AGENCY_ACCOUNTANT,),
            ("gz-2a",),
            apart_from=("offer", "pay"),
        ),
        Transition(
            "5",
            "receipt",
            Text("开具收据", "write the receipt"),
            ("recorded",),
            ("receipted",),
            (Role.AGENCY_ACCOUNTANT,),
            ("gz-2a",),
        ),
        Transition(
            "6",
            "withdraw",
            Text("撤回", "take back"),
            ("offered", "checked"),
            ("withdrawn",),
            (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER),
            reason=True,
        ),
    ),
)
