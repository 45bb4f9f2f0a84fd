"""The course of a service asked for online or at the counter."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import CITIZEN, Due, Process, State, Transition

OFFICES = (Role.TOWNSHIP_CLERK, Role.COMMITTEE_MEMBER, Role.AGENCY_INTAKE)

PROCESS = Process(
    "self-service",
    Text("自助办理：参保登记、资格认证", "self-service: enrolment, proof of life"),
    (
        State("open", Text("待办理", "to be dealt with"), Text("乡镇、经办机构正在办理", "township or agency deals with it")),
        State("done", Text("已办结", "done"), Text("已办结", "it is done"), final=True),
        State("refused", Text("未能办理", "not done"), Text("原因见办理记录", "the reason stands in the record"), final=True),
        State("withdrawn", Text("本人撤回", "withdrawn"), Text("可以再次提出", "you may ask again"), final=True),
    ),
    (
        Transition("1", "ask", Text("提出办理", "ask"), (), ("open",), (CITIZEN, *OFFICES), ("ps-3.2e",)),
        Transition(
            "2",
            "settle",
            Text("登记办理结果", "record the outcome"),
            ("open",),
            ("done", "refused"),
            OFFICES,
            ("ps-3.2e",),
            due=Due("self_service_days", 10, "calendar"),
            waits=True,
            reason=True,
        ),
        Transition("2", "withdraw", Text("撤回", "withdraw"), ("open",), ("withdrawn",), (CITIZEN,)),
    ),
)
for _row in PROCESS.transitions:
    claim(*_row.clauses, as_="state", by=f"{__name__}.PROCESS#{_row.verb}")
