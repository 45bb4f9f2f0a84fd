"""The course of a claim for the money of contributions on behalf: the department, two people at finance, tax."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import Process, State, Transition

from .common_ground import CENTRE, DEPARTMENT, FINANCE, TAX

CLAIM = Process(
    "assistance-claim",
    Text("代缴资金申请", "claim for contributions on behalf"),
    (
        State("submitted", Text("已申请", "claimed"), Text("等财政部门初审", "the first person at finance checks it")),
        State("checked", Text("已初审", "checked"), Text("等财政部门另一人审批", "another person at finance approves it")),
        State("approved", Text("已审批", "approved"), Text("等财政部门拨付到待缴账户", "finance pays the pending account")),
        State("paid", Text("已拨付", "paid"), Text("等税务部门确认分配", "tax confirms what it allocated")),
        State(
            "allocated",
            Text("已记入个人账户", "allocated"),
            Text("每个人的代缴部分都已记账", "everybody's part is on the account"),
            final=True,
        ),
        State(
            "sent_back",
            Text("已退回", "sent back"),
            Text("明细退回，重新核实后另行申请", "its rows are verified again and claimed anew"),
            final=True,
        ),
    ),
    (
        Transition("7", "submit", Text("申请资金", "claim"), (), ("submitted",), (*DEPARTMENT, *CENTRE), ("ps-2.2g", "gz-1b")),
        Transition("7", "check", Text("初审", "check"), ("submitted",), ("checked",), FINANCE, ("ps-2.2b",), waits=True),
        Transition(
            "7",
            "approve",
            Text("审批", "approve"),
            ("checked",),
            ("approved",),
            FINANCE,
            ("ps-2.2b", "gz-10b"),
            apart_from=("check",),
            waits=True,
        ),
        Transition(
            "7",
            "send_back",
            Text("退回", "send back"),
            ("submitted", "checked", "approved"),
            ("sent_back",),
            FINANCE,
            ("ps-2.2g",),
            reason=True,
        ),
        Transition("7", "pay", Text("拨付", "pay"), ("approved",), ("paid",), FINANCE, ("ps-2.2h", "gz-1b"), waits=True),
        Transition(
            "8", "allocate", Text("确认分配", "confirm the allocation"), ("paid",), ("allocated",), TAX, ("ps-2.2h",), waits=True
        ),
        Transition(
            "8",
            "release",
            Text("核清后解除冻结", "release what was frozen"),
            ("paid",),
            (),
            (Role.AGENCY_ACCOUNTANT, *FINANCE),
            reason=True,
        ),
    ),
)

for _row in CLAIM.transitions:
    claim(*_row.clauses, as_="state", by=f"{__name__}.CLAIM#{_row.verb}")
