"""The course of a Rugao loan: roster, draws with a renewal each year, to the last deduction."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import CITIZEN, Process, State, Transition

from .common_ground import OPENING_POSTS, REPAYING, RUGAO, SETTLED, WITHDRAWN, repayment, withdrawal
from .corrections import corrections
from .endings import ENDING_STATES, death, early_payment
from .verified import restored

BEFORE_THE_PENSION = ("drawn", "recorded", "renewal", "suspended")
WITH_DEBT = (*BEFORE_THE_PENSION, "repaying")

PROCESS = Process(
    RUGAO,
    Text("如皋“阳光扶贫”助保贷款：放款与续贷", "Rugao loan: draws and renewals"),
    (
        State(
            "rostered",
            Text("已列入花名册", "on the borrower roster"),
            Text("等经办机构核定当年缴费额", "the agency fixes this year's contribution"),
        ),
        State(
            "drawn",
            Text("已划入基金", "drawn into the fund"),
            Text("等经办机构记入个人账户", "the agency records it in your personal account"),
        ),
        State(
            "recorded",
            Text("已记个人账户", "recorded in the personal account"),
            Text("明年续贷请在第四季度提出", "to go on next year, apply in the fourth quarter"),
        ),
        State(
            "renewal",
            Text("续贷办理中", "renewal in hand"),
            Text("续贷审核中，通过后按年放款", "your renewal is being reviewed; the year's draw follows it"),
        ),
        REPAYING,
        SETTLED,
        State(
            "suspended",
            Text("已停贷", "suspended"),
            Text(
                "暂不放款；已放的款照常贴息，第四季度可再申请",
                "no draws; the subsidy goes on, apply again in a fourth quarter",
            ),
        ),
        *ENDING_STATES,
        WITHDRAWN,
    ),
    (
        Transition(
            "7",
            "open_loan",
            Text("列入花名册，建立贷款", "open the loan of a rostered borrower"),
            (),
            ("rostered",),
            OPENING_POSTS,
            ("rg-9a", "rg-9b", "rg-9c", "rg-10a"),
        ),
        Transition(
            "8",
            "plan_year",
            Text("核定当年缴费额", "fix the year's amount"),
            ("rostered", "renewal"),
            (),
            (Role.AGENCY_ACCOUNTANT,),
            ("rg-12.4a",),
        ),
        Transition(
            "8",
            "release_year",
            Text("复核后推送银行", "release the amount to the bank"),
            ("rostered", "renewal"),
            (),
            (Role.AGENCY_APPROVER,),
            ("rg-12.4a",),
            ("plan_year",),
            waits=True,
        ),
        Transition(
            "8",
            "record_draw",
            Text("划入基金收入户", "transfer to the fund's income account"),
            ("rostered", "renewal"),
            ("drawn",),
            (Role.BANK_OFFICER,),
            ("rg-7b", "rg-12.4b"),
            waits=True,
        ),
        Transition(
            "9",
            "record_contribution",
            Text("记入个人账户", "record in the personal account"),
            ("drawn", "repaying"),
            ("recorded", "drawn", "repaying"),
            (Role.AGENCY_ACCOUNTANT,),
            ("rg-12.5",),
            ("record_draw",),
            waits=True,
        ),
        Transition(
            "10",
            "open_renewal",
            Text("提出续贷", "apply for renewal"),
            ("recorded", "suspended"),
            ("renewal",),
            (CITIZEN, Role.COMMITTEE_MEMBER, Role.AGENCY_INTAKE),
            ("rg-19b",),
        ),
        Transition(
            "10",
            "drop_renewal",
            Text("撤回续贷申请", "take the renewal back"),
            ("renewal",),
            ("recorded", "suspended"),
            (CITIZEN, Role.COMMITTEE_MEMBER, Role.AGENCY_INTAKE),
            reason=True,
        ),
        Transition(
            "10",
            "permit_year",
            Text("同意续贷", "grant the renewal"),
            ("renewal",),
            (),
            (Role.AGENCY_APPROVER,),
            ("rg-19d",),
            ("open_renewal",),
        ),
        Transition(
            "10",
            "suspend",
            Text("决定停贷", "suspend"),
            ("recorded", "renewal"),
            ("suspended",),
            (Role.AGENCY_APPROVER,),
            ("rg-20a", "rg-20b"),
            reason=True,
        ),
        Transition(
            "8",
            "follow_up",
            Text("登记跟踪回访", "record a follow-up visit"),
            WITH_DEBT,
            (),
            (Role.BANK_OFFICER,),
            ("rg-12.4c",),
            reason=True,
        ),
        restored(
            "10", "resume_draws", Text("异议成立，恢复放款", "resume draws after an objection"), ("suspended",), ("recorded",)
        ),
        *repayment("11", "12", BEFORE_THE_PENSION, deducted=("rg-14.1a", "rg-14.1c")),
        *early_payment("12", WITH_DEBT, ("rg-14.2a", "rg-14.2b"), ("rg-14.2a", "rg-14.2b")),
        *death("13", WITH_DEBT, ("rg-15.1", "rg-15.2"), finance=True, fault="rg-15.3"),
        *corrections("14", WITH_DEBT, "rg-23c"),
        withdrawal("15", "rostered"),
    ),
)
