"""The course of a tracked measure, and which post answers for which kind of unit."""

from zhubao.access.roles import OrganisationKind, Role
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import Process, State, Transition

# The post of each kind of unit that reports on measures.
POST_OF: dict[str, Role] = {
    OrganisationKind.HRSS: Role.HRSS_SUPERVISOR,
    OrganisationKind.CIVIL_AFFAIRS: Role.CERTIFIER,
    OrganisationKind.RURAL_AFFAIRS: Role.CERTIFIER,
    OrganisationKind.DISABLED_FEDERATION: Role.CERTIFIER,
    OrganisationKind.FINANCE: Role.FINANCE_CLERK,
    OrganisationKind.TAX: Role.TAX_CLERK,
    OrganisationKind.AGENCY: Role.AGENCY_APPROVER,
    OrganisationKind.BANK: Role.BANK_OFFICER,
    OrganisationKind.PBOC: Role.PBOC_SUPERVISOR,
    OrganisationKind.TOWNSHIP: Role.TOWNSHIP_CLERK,
}
UNITS = tuple(dict.fromkeys(POST_OF.values()))
BUREAU = (Role.HRSS_SUPERVISOR,)
READERS = frozenset({*UNITS, Role.AGENCY_REVIEWER, Role.AGENCY_ACCOUNTANT, Role.AUDITOR})

MEASURE = Process(
    "measure",
    Text("措施跟踪", "tracked measure"),
    (
        State("planned", Text("已列入", "planned"), Text("等牵头单位第一次报告", "the lead unit reports for the first time")),
        State("active", Text("进行中", "active"), Text("按期报告", "reported period by period")),
        State("overdue", Text("报告超期", "overdue"), Text("已督办，等牵头单位补报", "supervised; the lead unit has to report")),
        State(
            "waiting_superior",
            Text("等上级方案", "waiting for the superior's plan"),
            Text("上级方案下达后定日期", "a day is set when the superior's plan is there"),
        ),
        State("closed", Text("已办结", "closed"), Text("有证明材料并已办结", "closed with its evidence"), final=True),
    ),
    (
        Transition(
            "1",
            "take_up",
            Text("列入跟踪", "take up"),
            (),
            ("planned", "waiting_superior"),
            BUREAU,
            ("gz-1g", "gz-2c", "gz-5d", "gz-6c", "gz-7c", "gz-8c", "gz-9d", "gz-11g", "gz-12c", "gz-13c", "jx-5.1a", "tl-5.1a"),
        ),
        Transition(
            "1",
            "assign",
            Text("调整牵头单位或期限", "change lead unit or days"),
            ("planned", "active", "overdue", "waiting_superior"),
            (),
            BUREAU,
            reason=True,
        ),
        Transition("2", "start", Text("首次报告", "first report"), ("planned",), ("active",), UNITS, ("jx-5.2a",)),
        Transition("2", "report", Text("按期报告", "report"), ("active",), (), UNITS, ("jx-5.2a",)),
        Transition(
            "2",
            "wait",
            Text("转为等上级方案", "wait for the superior's plan"),
            ("planned", "active", "overdue"),
            ("waiting_superior",),
            UNITS,
            ("gz-5a", "gz-9b"),
            reason=True,
        ),
        Transition(
            "2",
            "superior_plan",
            Text("上级方案已下达", "the superior's plan is there"),
            ("waiting_superior",),
            ("active",),
            BUREAU,
            ("gz-5a", "gz-9b"),
            reason=True,
        ),
        Transition(
            "3",
            "miss",
            Text("到期未报，督办", "missed: supervise"),
            ("planned", "active", "overdue"),
            ("overdue",),
            BUREAU,
            ("gz-11d",),
        ),
        Transition("3", "catch_up", Text("补报", "report late"), ("overdue",), ("active",), UNITS),
        Transition("4", "close", Text("办结", "close"), ("active",), ("closed",), BUREAU, reason=True),
        Transition("4", "reopen", Text("重新打开", "reopen"), ("closed",), ("active",), BUREAU, reason=True),
    ),
)
REPORTS = {"planned": "start", "active": "report", "overdue": "catch_up"}

for _row in MEASURE.transitions:
    claim(*_row.clauses, as_="state", by=f"{__name__}.MEASURE#{_row.verb}")
