"""Ganzhou 2021-7: the course of a plan row, one person in one year, the hundred yuan paid on behalf."""

from zhubao.language import Text
from zhubao.workflow import Process, State, Transition

from .common_ground import (
    CANCELLED,
    CENTRE,
    CLAIMED,
    CLOSED_OUT,
    CREDITED,
    EXCLUDED,
    FINANCE,
    FUNDED,
    PLANNED,
    ROSTERED,
    TAX,
    TOWNSHIP,
)

GANZHOU = Process(
    "ganzhou-2021-7",
    Text("赣州代缴：一人一年", "Ganzhou, on behalf: one person, one year"),
    (
        ROSTERED,
        State(
            "matched",
            Text("已比对", "matched"),
            Text("与参保数据比对完毕，未参保的转帮办", "matched with the insured; whoever is not enrolled is helped"),
        ),
        PLANNED,
        CLAIMED,
        FUNDED,
        CREDITED,
        EXCLUDED,
        CANCELLED,
        CLOSED_OUT,
    ),
    (
        Transition("1", "enter", Text("列入名册", "enter from the roster"), (), ("rostered",), CENTRE, ("gz-1a", "gz-1b")),
        Transition(
            "2",
            "match",
            Text("与参保数据比对", "match with the insured"),
            ("rostered",),
            ("matched",),
            CENTRE,
            ("gz-12a", "gz-12b"),
        ),
        Transition(
            "2",
            "exclude",
            Text("比对后不予代缴", "exclude"),
            ("rostered", "matched", "planned", "claimed"),
            ("excluded",),
            CENTRE,
            ("gz-10c",),
            reason=True,
        ),
        Transition(
            "2", "readmit", Text("情形消失，恢复", "take back in"), ("excluded", "cancelled"), ("rostered",), CENTRE, reason=True
        ),
        Transition("3", "plan", Text("列入计划", "plan"), ("matched",), ("planned",), CENTRE, ("gz-1b", "gz-1c")),
        Transition(
            "3",
            "replan",
            Text("调整类别、档次或金额", "change category, tier or amount"),
            ("planned",),
            (),
            CENTRE,
            ("gz-1c",),
            reason=True,
        ),
        Transition(
            "3",
            "pay_self",
            Text("登记自付部分", "record the own part"),
            ("planned",),
            (),
            TAX,
            ("gz-1b",),
        ),
        Transition("4", "claim", Text("申请代缴资金", "claim the money"), ("planned",), ("claimed",), CENTRE, ("gz-1b",)),
        Transition(
            "4", "send_back", Text("退回重新核实", "send the claim back"), ("claimed",), ("planned",), FINANCE, reason=True
        ),
        Transition("5", "fund", Text("拨付代缴资金", "pay the money"), ("claimed",), ("funded",), FINANCE, ("gz-1b",)),
        Transition("5", "credit", Text("完成缴费并记账", "credit"), ("funded",), ("credited",), TAX, ("gz-1b",)),
        Transition(
            "6",
            "close_out",
            Text("销号", "close out"),
            ("credited", "excluded", "cancelled"),
            ("closed_out",),
            TOWNSHIP,
            ("gz-12b",),
        ),
        Transition(
            "6", "reopen", Text("撤销销号", "reopen"), ("closed_out",), ("credited", "excluded", "cancelled"), CENTRE, reason=True
        ),
        Transition(
            "7",
            "cancel",
            Text("取消", "cancel"),
            ("rostered", "matched", "planned"),
            ("cancelled",),
            CENTRE,
            ("gz-12b",),
            reason=True,
        ),
    ),
)
