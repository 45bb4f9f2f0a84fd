"""The course of a Jiangxi loan: yearly draws, or one for earlier years, to the last deduction."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import Due, Process, State, Transition

from .common_ground import (
    JIANGXI,
    OPENING_POSTS,
    REPAYING,
    SETTLED,
    TOLD_BY_BANK,
    WITHDRAWN,
    repayment,
    withdrawal,
)
from .corrections import corrections
from .endings import ENDING_STATES, card_change, death, early_payment
from .verified import restored, verified

BEFORE_THE_PENSION = ("draw_due", "not_drawn", "drawn", "contributed", "qualification_ended")
WITH_DEBT = (*BEFORE_THE_PENSION, "repaying")

PROCESS = Process(
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
            "drawn",
            Text("已放款待缴费", "drawn, contribution to be paid"),
            Text("请当场缴清当年养老保险费", "please pay this year's contribution on the spot"),
        ),
        State(
            "contributed",
            Text("当年已缴费", "contribution paid"),
            Text("当年已缴清，等明年核定", "this year is paid; the agency fixes next year's amount"),
        ),
        REPAYING,
        SETTLED,
        State(
            "not_drawn",
            Text("当年未放款", "not drawn this year"),
            Text("当年不放款，明年照常", "nothing is drawn this year; next year goes on"),
        ),
        State(
            "qualification_ended",
            Text("资格已终止", "qualification ended"),
            Text("不再放款；已放的款按约定偿还", "no further draws; what was paid out is repaid as agreed"),
        ),
        *ENDING_STATES,
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
            (Role.TAX_CLERK,),
            ("jx-3.1a", "jx-annex-4d", "jx-5.1e"),
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
        *verified("11", BEFORE_THE_PENSION),
        restored("11", "restore_subsidy", Text("异议成立，恢复贴息", "restore the subsidy after an objection"), WITH_DEBT),
        *repayment("12", "14", BEFORE_THE_PENSION, "jx-3.2a", deduction="13", deducted=("jx-3.2a", "jx-annex-6a", "jx-annex-6b")),
        *early_payment("14", WITH_DEBT, ("jx-3.3a",), ("jx-3.3a", "jx-3.3b")),
        *death("15", WITH_DEBT, ("jx-3.4a", "jx-3.4b"), finance=True),
        *card_change("5", ("agreed", *WITH_DEBT), ("jx-3.5b", "jx-3.5c")),
        *corrections("16", WITH_DEBT),
        withdrawal("17", "agreed", "draw_due", "not_drawn"),
    ),
)
