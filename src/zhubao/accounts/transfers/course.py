"""The course of a transfer or of linking two schemes: posts, days, clauses."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import CITIZEN, Due, Process, State, Transition

WINDOW = (Role.AGENCY_INTAKE,)
REVIEWER = (Role.AGENCY_REVIEWER,)
APPROVER = (Role.AGENCY_APPROVER,)
ACCOUNTANT = (Role.AGENCY_ACCOUNTANT,)

PROCESS = Process(
    "account-transfer",
    Text("关系转移和制度衔接", "transfer and linking between schemes"),
    (
        State(
            "requested", Text("已受理", "requested"), Text("正在核对材料和缴费记录", "papers and contributions are being checked")
        ),
        State("incomplete", Text("待补材料", "papers missing"), Text("请按提示补齐材料", "please bring what is missing")),
        State(
            "held",
            Text("贷款未结清，暂缓", "held by a loan"),
            Text("助保贷款结清、或经办机构同意后继续办理", "goes on once the loan is settled or the agency agrees"),
        ),
        State("checked", Text("已核对", "checked"), Text("正在办理资金和记录的转移", "money and records are being moved")),
        State("moved", Text("已办结", "done"), Text("关系和个人账户已转移", "relation and account have moved"), final=True),
        State("refused", Text("不予办理", "refused"), Text("理由见办理记录", "the reason stands in the record"), final=True),
        State("withdrawn", Text("已撤回", "withdrawn"), Text("申请已撤回，可重新申请", "you may apply again"), final=True),
    ),
    (
        Transition(
            "1", "request", Text("申请转移或衔接", "ask for a transfer"), (), ("requested",), (*WINDOW, CITIZEN), ("gz-11c",)
        ),
        Transition(
            "2",
            "check",
            Text("核对材料、缴费月份和贷款", "check papers, months and loans"),
            ("requested",),
            ("checked", "held"),
            REVIEWER,
            ("gz-11c", "jx-3.5d", "rg-14.3"),
            due=Due("transfer_check_days", 20, "calendar"),
            waits=True,
        ),
        Transition(
            "2",
            "ask_papers",
            Text("要求补材料", "ask for what is missing"),
            ("requested",),
            ("incomplete",),
            REVIEWER,
            ("gz-11c",),
            reason=True,
        ),
        Transition(
            "2",
            "complete",
            Text("补齐材料", "bring what was missing"),
            ("incomplete",),
            ("requested",),
            (*WINDOW, CITIZEN),
            ("gz-11c",),
        ),
        Transition(
            "3",
            "lift",
            Text("凭结清证明解除暂缓", "go on upon the settlement certificate"),
            ("held",),
            ("requested",),
            REVIEWER,
            ("jx-3.5d", "rg-14.3"),
            waits=True,
        ),
        Transition(
            "3",
            "except",
            Text("未结清，经办机构同意转出", "let it go although the loan is open"),
            ("held",),
            ("requested",),
            APPROVER,
            ("jx-3.5d",),
            apart_from=("check",),
            reason=True,
        ),
        Transition(
            "4",
            "move",
            Text("转移个人账户", "move the account"),
            ("checked",),
            ("moved",),
            ACCOUNTANT,
            ("gz-11c",),
            apart_from=("check",),
            due=Due("transfer_move_days", 20, "calendar"),
            waits=True,
        ),
        Transition(
            "4",
            "reopen",
            Text("退回重新核对", "send back to be checked again"),
            ("checked",),
            ("requested",),
            ACCOUNTANT,
            reason=True,
        ),
        Transition(
            "5",
            "refuse",
            Text("不予办理", "refuse"),
            ("requested", "incomplete"),
            ("refused",),
            APPROVER,
            apart_from=("request", "ask_papers"),
            reason=True,
        ),
        Transition(
            "6",
            "withdraw",
            Text("撤回申请", "withdraw"),
            ("requested", "incomplete", "held"),
            ("withdrawn",),
            (*WINDOW, CITIZEN),
        ),
    ),
)
for _row in PROCESS.transitions:
    claim(*_row.clauses, as_="state", by=f"{__name__}.PROCESS#{_row.verb}")
