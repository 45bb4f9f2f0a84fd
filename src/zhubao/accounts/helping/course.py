"""The course of helping somebody to enrol."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import Due, Process, State, Transition

HELPERS = (Role.TOWNSHIP_CLERK, Role.COMMITTEE_MEMBER, Role.AGENCY_INTAKE)
REVIEWER = (Role.AGENCY_REVIEWER,)

PROCESS = Process(
    "enrolment-help",
    Text("未参保人员帮办", "helping the uninsured to enrol"),
    (
        State("open", Text("待帮办", "to be helped"), Text("村、乡镇上门或电话帮助参保", "village and township call or visit")),
        State("enrolled", Text("已参保", "enrolled"), Text("已办理参保登记", "enrolment is on record")),
        State("refused", Text("本人不参保", "does not want to"), Text("本人说明不参保，可随时参保", "may enrol at any time")),
        State(
            "elsewhere",
            Text("已在外地或其他制度参保", "insured elsewhere"),
            Text("在别处参保，核对后不再帮办", "insured elsewhere"),
        ),
        State("closed", Text("已核实销号", "checked and closed"), Text("结果已核实", "the outcome has been checked"), final=True),
    ),
    (
        Transition(
            "1",
            "find",
            Text("比对出未参保人员", "find who is not insured"),
            (),
            ("open",),
            REVIEWER,
            ("gz-12b", "gz-3a", "gz-3c"),
        ),
        Transition("2", "contact", Text("登记联系情况", "record a contact"), ("open",), (), HELPERS, ("gz-3c",), reason=True),
        Transition(
            "3",
            "settle",
            Text("登记帮办结果", "record the outcome"),
            ("open",),
            ("enrolled", "refused", "elsewhere"),
            HELPERS,
            ("gz-12b", "gz-3c"),
            due=Due("enrolment_help_days", 30, "calendar"),
            waits=True,
            reason=True,
        ),
        Transition(
            "4",
            "again",
            Text("再次帮办", "take up again"),
            ("enrolled", "refused", "elsewhere"),
            ("open",),
            REVIEWER,
            ("gz-12b",),
            reason=True,
        ),
        Transition(
            "5",
            "close",
            Text("核实销号", "check and close"),
            ("enrolled", "refused", "elsewhere"),
            ("closed",),
            REVIEWER,
            ("gz-12b",),
            apart_from=("settle",),
        ),
    ),
)
for _row in PROCESS.transitions:
    claim(*_row.clauses, as_="state", by=f"{__name__}.PROCESS#{_row.verb}")
