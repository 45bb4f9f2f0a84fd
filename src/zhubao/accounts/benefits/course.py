"""The course of a resident pension: found, applied for, granted, ended."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import CITIZEN, Due, Process, State, Transition

HELPERS = (Role.TOWNSHIP_CLERK, Role.COMMITTEE_MEMBER, Role.AGENCY_INTAKE)
REVIEWER = (Role.AGENCY_REVIEWER,)
APPROVER = (Role.AGENCY_APPROVER,)

PROCESS = Process(
    "resident-benefit",
    Text("居民养老待遇：到龄起领和未领待遇老人", "resident pensions: at age, and seniors without any"),
    (
        State(
            "found",
            Text("待帮助申请", "to be helped to apply"),
            Text("已到领取年龄，村、乡镇帮助申请", "of age: village and township help to apply"),
        ),
        State("applied", Text("已申请", "applied for"), Text("经办机构正在核定", "the agency is deciding")),
        State("granted", Text("发放中", "being paid"), Text("按月发放，终身享有", "paid every month for life")),
        State("declined", Text("本人暂不申请", "not wanted for now"), Text("随时可以再申请", "you may apply at any time")),
        State("refused", Text("不予发放", "refused"), Text("理由见办理记录", "the reason stands in the record")),
        State("stopped", Text("已停发", "ended"), Text("身故后停发", "ended by the death"), final=True),
    ),
    (
        Transition(
            "1",
            "find",
            Text("找出到龄或未领待遇者", "find who is of age"),
            (),
            ("found",),
            (*REVIEWER, *HELPERS),
            ("ps-3.1c", "gz-1d"),
        ),
        Transition(
            "2",
            "apply",
            Text("帮助申请待遇", "help to apply"),
            ("found", "declined"),
            ("applied",),
            (*HELPERS, CITIZEN),
            ("ps-3.1c", "gz-1d"),
            due=Due("benefit_help_days", 30, "calendar"),
            waits=True,
        ),
        Transition(
            "2",
            "decline",
            Text("登记本人暂不申请", "record that it is not wanted"),
            ("found",),
            ("declined",),
            HELPERS,
            reason=True,
        ),
        Transition(
            "3",
            "grant",
            Text("核定待遇", "grant the pension"),
            ("applied",),
            ("granted",),
            REVIEWER,
            ("ps-3.1c", "gz-1d"),
            apart_from=("apply",),
            due=Due("benefit_grant_days", 15, "calendar"),
            waits=True,
        ),
        Transition(
            "3",
            "refuse",
            Text("不予发放", "refuse"),
            ("found", "applied"),
            ("refused",),
            REVIEWER,
            ("gz-1d",),
            reason=True,
        ),
        Transition("3", "reopen", Text("重新办理", "take up again"), ("refused",), ("found",), APPROVER, reason=True),
        Transition("4", "raise", Text("按新标准调整", "pay by the new standard"), ("granted",), (), REVIEWER, ("gz-6b",)),
        Transition(
            "5",
            "stop",
            Text("身故停发", "end by death"),
            ("found", "applied", "granted", "declined", "refused"),
            ("stopped",),
            REVIEWER,
            ("gz-1d",),
        ),
    ),
)
for _row in PROCESS.transitions:
    claim(*_row.clauses, as_="state", by=f"{__name__}.PROCESS#{_row.verb}")
