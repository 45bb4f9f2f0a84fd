"""States and steps that the programmes share."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import CITIZEN, State, Transition

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


def repayment(
    row: str, last: str, start: tuple[str, ...], *clauses: str, deduction: str = "", deducted: tuple[str, ...] = ()
) -> tuple[Transition, Transition, Transition]:
    """Return the steps of repayment: the pension begins, the bank answers an instalment, the last deduction is through.

    `deduction`: the row of the instalments where the document's table gives them one of their own, with the clauses `deducted`.
    """
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
        Transition(
            deduction or row,
            "record_deduction",
            Text("登记扣款结果", "record what was deducted"),
            ("repaying", "death_settlement"),
            (),
            (Role.BANK_OFFICER,),
            deducted,
        ),
        Transition(last, "settle", Text("结清", "settle"), ("repaying",), ("settled",), (Role.AGENCY_ACCOUNTANT,)),
    )


def withdrawal(row: str, *start: str) -> Transition:
    """Return the step by which the borrower withdraws before the first draw, from the states `start`."""
    return Transition(
        row,
        "withdraw",
        Text("撤回（首次放款前）", "withdraw before the first draw"),
        start,
        ("withdrawn",),
        (CITIZEN, Role.AGENCY_INTAKE, Role.BANK_OFFICER),
        reason=True,
    )
