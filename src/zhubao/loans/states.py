"""The course of a loan in each programme, from the signed agreement through its draws to the last deduction from the pension."""

from zhubao.access.roles import Role
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.policies.claims import claim
from zhubao.workflow import CITIZEN, Due, Process, State, Transition

JIANGXI, RUGAO, TONGLING = "jiangxi-2020-7", "rugao-draft", "tongling-2022-13"

TOLD_BY_BANK = Text("等银行通知您到场办理放款", "the bank will tell you when to come for the draw")
OPENING_POSTS = (Role.BANK_OFFICER, Role.BANK_REVIEWER)
RECEIPT_POSTS = (Role.TAX_CLERK, Role.AGENCY_ACCOUNTANT)
WITHDRAWN = State(
    "withdrawn",
    Text("已撤回", "withdrawn"),
    Text("您已撤回，未放的款不再发放；可重新申请", "you withdrew; nothing will be drawn, and you may apply again"),
    final=True,
)
REPAYING = State(
    "repaying",
    Text("偿还中", "repaying"),
    Text("已开始领取养老金，按约定逐月扣还", "the pension has begun; the loan is repaid from it month by month as agreed"),
)
SETTLED = State(
    "settled",
    Text("已结清", "settled"),
    Text("贷款本息已还清", "principal and interest are repaid"),
    final=True,
)


def _repayment(row: str, last: str, start: tuple[str, ...], *clauses: str) -> tuple[Transition, Transition]:
    """Return the two steps that the month-end takes: the pension begins, and the last deduction is through."""
    return (
        Transition(
            row,
            "begin_repaying",
            Text("开始扣还", "begin to repay from the pension"),
            start,
            ("repaying",),
            (Role.AGENCY_ACCOUNTANT,),
            clauses,
        ),
        Transition(last, "settle", Text("结清", "settle"), ("repaying",), ("settled",), (Role.AGENCY_ACCOUNTANT,)),
    )


def _withdrawal(row: str, *start: str) -> Transition:
    return Transition(
        row,
        "withdraw",
        Text("撤回（首次放款前）", "withdraw before the first draw"),
        start,
        ("withdrawn",),
        (CITIZEN, Role.AGENCY_INTAKE, Role.BANK_OFFICER),
        reason=True,
    )


PROCESSES: dict[str, Process] = {
    JIANGXI: Process(
        JIANGXI,
        Text("江西助保贷款：放款与缴费", "Jiangxi loan: draws and contributions"),
        (
            State(
                "agreed",
                Text("已签协议", "agreement signed"),
                Text("等经办机构核定当年缴费额", "the agency fixes this year's contribution"),
            ),
            State("draw_due", Text("待放款", "draw due"), TOLD_BY_BANK),
            State(
                "not_drawn",
                Text("当年未放款", "not drawn this year"),
                Text("当年不放款，明年照常", "nothing is drawn this year; next year goes on"),
            ),
            State(
                "drawn",
                Text("已放款待缴费", "drawn, contribution to be paid"),
                Text("请当场缴清当年养老保险费", "please pay this year's contribution on the spot"),
            ),
            State(
                "contributed",
                Text("当年已缴费", "contribution paid"),
                Text("当年已缴清，等明年核定", "this year is paid; the agency fixes next year's amount"),
            ),
            State(
                "qualification_ended",
                Text("资格已终止", "qualification ended"),
                Text("不再放款；已放的款按约定偿还", "no further draws; what was paid out is repaid as agreed"),
            ),
            REPAYING,
            SETTLED,
            WITHDRAWN,
        ),
        (
            Transition(
                "6",
                "open_loan",
                Text("协议生效，建立贷款", "open the loan of a signed agreement"),
                (),
                ("agreed",),
                OPENING_POSTS,
                ("jx-2.1a", "jx-2.1b"),
            ),
            Transition(
                "7",
                "plan_year",
                Text("核定当年缴费额", "fix the year's amount"),
                ("agreed", "contributed", "not_drawn"),
                (),
                (Role.AGENCY_ACCOUNTANT,),
                ("jx-2.3b", "jx-2.3c", "jx-annex-4a"),
            ),
            Transition(
                "7",
                "release_year",
                Text("复核后推送银行", "release the amount to the bank"),
                ("agreed", "contributed", "not_drawn"),
                ("draw_due",),
                (Role.AGENCY_APPROVER,),
                ("jx-annex-4a",),
                ("plan_year",),
                waits=True,
            ),
            Transition(
                "8",
                "confirm_draw",
                Text("登记本人现场确认", "record the borrower's confirmation on the spot"),
                ("draw_due",),
                (),
                (Role.BANK_OFFICER,),
                ("jx-annex-4c",),
                waits=True,
            ),
            Transition(
                "8",
                "record_draw",
                Text("放款到社保卡账户", "pay out to the card account"),
                ("draw_due",),
                ("drawn",),
                (Role.BANK_OFFICER,),
                ("jx-annex-4b", "jx-annex-4c"),
                waits=True,
            ),
            Transition(
                "8",
                "leave_out_months",
                Text("扣除不需贷款的月份", "leave out months"),
                ("draw_due",),
                (),
                (Role.AGENCY_ACCOUNTANT,),
                ("jx-annex-4b",),
                reason=True,
            ),
            Transition(
                "8",
                "not_drawn",
                Text("当年不放款", "nothing is drawn this year"),
                ("draw_due",),
                ("not_drawn",),
                (Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT),
                reason=True,
            ),
            Transition(
                "9",
                "record_contribution",
                Text("登记缴费", "record the contribution"),
                ("drawn", "repaying"),
                ("contributed", "drawn", "repaying"),
                RECEIPT_POSTS,
                ("jx-3.1a", "jx-annex-4d"),
                ("record_draw",),
                Due("contribution_days", 0, "calendar"),
                waits=True,
            ),
            Transition(
                "9",
                "remind",
                Text("催缴", "remind"),
                ("drawn",),
                (),
                (Role.AGENCY_ACCOUNTANT, Role.BANK_OFFICER),
                ("jx-2.2c", "jx-3.1b"),
            ),
            Transition(
                "10",
                "end_qualification",
                Text("终止贷款资格", "end the qualification"),
                ("drawn",),
                ("qualification_ended",),
                (Role.AGENCY_APPROVER,),
                ("jx-3.1b", "jx-3.1c"),
                ("remind",),
                Due("reminder_cure_days", 15, "calendar"),
                reason=True,
            ),
            Transition(
                "4",
                "grant_subsidy",
                Text("补定贴息资格", "grant the subsidy left pending"),
                ("agreed", "draw_due", "not_drawn", "drawn", "contributed"),
                (),
                (Role.AGENCY_APPROVER,),
                reason=True,
            ),
            *_repayment("12", "14", ("draw_due", "not_drawn", "drawn", "contributed", "qualification_ended"), "jx-3.2a"),
            _withdrawal("17", "agreed", "draw_due", "not_drawn"),
        ),
    ),
    RUGAO: Process(
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
            State(
                "suspended",
                Text("已停贷", "suspended"),
                Text(
                    "暂不放款；已放的款照常贴息，第四季度可再申请",
                    "no draws; the subsidy goes on, apply again in a fourth quarter",
                ),
            ),
            REPAYING,
            SETTLED,
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
            *_repayment("11", "12", ("drawn", "recorded", "renewal", "suspended")),
            _withdrawal("15", "rostered"),
        ),
    ),
    TONGLING: Process(
        TONGLING,
        Text("铜陵助保贷款：放款与补贴", "Tongling loan: draws and contribution subsidy"),
        (
            State(
                "contracted", Text("已签合同", "contract signed"), Text("等银行按合同放款", "the bank draws as the contract says")
            ),
            State(
                "drawn",
                Text("已划入征缴账户", "drawn into the collection account"),
                Text("等税务、经办机构核对到账", "tax and agency check that it has arrived"),
            ),
            State(
                "recorded",
                Text("已记个人账户", "recorded in the personal account"),
                Text("等财政配套缴费补贴", "finance adds the contribution subsidy"),
            ),
            State(
                "subsidy_matched",
                Text("已配套补贴", "subsidy matched"),
                Text("本次缴费和补贴已到账", "contribution and subsidy are in your account"),
            ),
            REPAYING,
            SETTLED,
            WITHDRAWN,
        ),
        (
            Transition(
                "3",
                "open_loan",
                Text("合同生效，建立贷款", "open the loan of a signed contract"),
                (),
                ("contracted",),
                OPENING_POSTS,
                ("tl-3.1a", "tl-3.1b", "tl-3.1c", "tl-3.3b", "tl-4.2c"),
            ),
            Transition(
                "4",
                "plan_year",
                Text("按合同备款", "prepare the draw"),
                ("contracted", "recorded", "subsidy_matched"),
                (),
                (Role.BANK_OFFICER,),
                ("tl-3.1a",),
            ),
            Transition(
                "4",
                "release_year",
                Text("复核放款", "release the draw"),
                ("contracted", "recorded", "subsidy_matched"),
                (),
                (Role.BANK_REVIEWER,),
                (),
                ("plan_year",),
                waits=True,
            ),
            Transition(
                "4",
                "record_draw",
                Text("经社保卡划入征缴账户", "through the card into the collection account"),
                ("contracted", "recorded", "subsidy_matched"),
                ("drawn",),
                (Role.BANK_OFFICER,),
                ("tl-3.4a", "tl-3.5c"),
                ("release_year",),
                waits=True,
            ),
            Transition(
                "5",
                "record_contribution",
                Text("核对到账并记账", "check the arrival and record it"),
                ("drawn", "repaying"),
                ("recorded", "drawn", "repaying"),
                RECEIPT_POSTS,
                ("tl-3.5d",),
                ("record_draw",),
                waits=True,
            ),
            Transition(
                "6",
                "match_subsidy",
                Text("配套缴费补贴", "match the contribution subsidy"),
                ("recorded", "drawn", "repaying"),
                ("subsidy_matched", "drawn", "repaying"),
                (Role.FINANCE_CLERK,),
                ("tl-5.1h",),
                ("record_draw",),
                waits=True,
            ),
            *_repayment("7", "8", ("drawn", "recorded", "subsidy_matched")),
            _withdrawal("11", "contracted"),
        ),
    ),
}


def process_of(policy_id: str) -> Process:
    """Return the course of a loan in a programme; E-LOAN-POLICY where the programme lends nothing."""
    if policy_id not in PROCESSES:
        raise ZhubaoError("E-LOAN-POLICY", Text("这个文件不办贷款", "this document has no loans"), place=policy_id)
    return PROCESSES[policy_id]


for _policy, _process in PROCESSES.items():
    for _row in _process.transitions:
        claim(*_row.clauses, as_="state", by=f"{__name__}.PROCESSES#{_policy}/{_row.verb}")
