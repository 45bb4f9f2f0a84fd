"""The yearly renewal of a Rugao loan (row 10): form, committee's opinion, agency's amount."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import CITIZEN, Due, Process, State, Transition

FILED = State(
    "filed",
    Text("待居（村）委会签署意见", "awaiting the committee"),
    Text("社区（村）正在审核续贷", "the committee is reviewing"),
)
REVIEWED = State(
    "reviewed", Text("待经办机构审核", "awaiting the agency"), Text("经办机构正在审核续贷", "the agency is reviewing")
)
PROPOSED = State("proposed", Text("待核定", "awaiting approval"), Text("经办机构正在核定", "the agency is deciding"))
GRANTED = State("granted", Text("准予续贷", "renewed"), Text("可以继续贷款", "the loan goes on"), final=True)
SUSPENDED = State(
    "suspended",
    Text("暂停续贷", "suspended"),
    Text("今年不再放款，以后可再申请续贷", "no draw this year; you may file again later"),
    final=True,
)
WITHDRAWN = State("withdrawn", Text("已撤回", "withdrawn"), Text("续贷申请已撤回", "the renewal was withdrawn"), final=True)

RENEWAL = Process(
    "rugao-draft",
    Text("如皋助保贷款续贷流程", "Rugao yearly renewal"),
    (FILED, REVIEWED, PROPOSED, GRANTED, SUSPENDED, WITHDRAWN),
    (
        Transition(
            "10",
            "file",
            Text("提交续贷申请", "file the renewal"),
            (),
            ("filed",),
            (CITIZEN, Role.COMMITTEE_MEMBER, Role.AGENCY_INTAKE),
            ("rg-19b", "rg-annex2-seq"),
        ),
        Transition(
            "10",
            "review",
            Text("居（村）委会意见", "committee's opinion"),
            ("filed",),
            ("reviewed",),
            (Role.COMMITTEE_MEMBER,),
            ("rg-19c", "rg-annex2-committee"),
            due=Due("committee_review_days", 5),
            waits=True,
        ),
        Transition(
            "10",
            "propose",
            Text("拟定续贷金额", "prepare the amount"),
            ("reviewed",),
            ("proposed",),
            (Role.AGENCY_REVIEWER,),
            ("rg-19c", "rg-annex2-amount"),
            due=Due("agency_opinion_days", 5),
            waits=True,
        ),
        Transition(
            "10",
            "decide",
            Text("核定续贷", "decide the renewal"),
            ("proposed",),
            ("granted", "suspended"),
            (Role.AGENCY_APPROVER,),
            ("rg-19c", "rg-19d", "rg-20a", "rg-annex2-agency"),
            apart_from=("file", "review", "propose"),
            due=Due("agency_opinion_days", 5),
            waits=True,
        ),
        Transition(
            "10",
            "withdraw",
            Text("撤回", "withdraw"),
            ("filed", "reviewed", "proposed"),
            ("withdrawn",),
            (CITIZEN, Role.COMMITTEE_MEMBER, Role.AGENCY_INTAKE),
            reason=True,
        ),
    ),
)
