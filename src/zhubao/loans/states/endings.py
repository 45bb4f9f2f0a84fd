"""How a loan ends before its last deduction, in each programme: early payment, death, and the card account it is bound to."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import CITIZEN, State, Transition

DEATH_SETTLEMENT = State(
    "death_settlement",
    Text("身故清偿中", "death settlement"),
    Text("借款人已身故，利息停止计算，正在清偿", "the borrower has died; interest has stopped, the debt is being settled"),
)
ESTATE_CLAIM = State(
    "estate_claim",
    Text("身故后追偿中", "claim after death"),
    Text("个人账户不足清偿的部分由银行依法追偿", "the bank claims what the account did not cover"),
)
WRITTEN_OFF = State(
    "written_off",
    Text("银行已核销", "written off by the bank"),
    Text("未受偿部分由银行自行核销", "the bank has written off what was not recovered"),
    final=True,
)
ENDING_STATES = (DEATH_SETTLEMENT, ESTATE_CLAIM, WRITTEN_OFF)
RECEIVES_MONEY = (Role.BANK_REVIEWER, Role.AGENCY_ACCOUNTANT)
TELLS_OF_DEATH = (Role.AGENCY_INTAKE, Role.AGENCY_ACCOUNTANT, Role.BANK_OFFICER)


def early_payment(row: str, start: tuple[str, ...], part: tuple[str, ...], whole: tuple[str, ...]) -> tuple[Transition, ...]:
    """Return the steps of early payment; `start`: the states with debt, `part` and `whole`: clauses of each way."""
    return (
        Transition(
            row,
            "pay_early",
            Text("登记提前还款", "record an early payment"),
            start,
            (),
            (Role.BANK_OFFICER,),
            part,
        ),
        Transition(
            row,
            "confirm_part",
            Text("确认部分还款到账", "confirm that a part payment has arrived"),
            start,
            (),
            RECEIVES_MONEY,
            part,
            ("pay_early",),
        ),
        Transition(
            row,
            "settle_early",
            Text("确认到账并结清", "confirm the money and settle"),
            start,
            ("settled",),
            RECEIVES_MONEY,
            whole,
            ("pay_early",),
        ),
        Transition(
            row,
            "drop_payment",
            Text("款未到账，撤销登记", "the money never came: drop the payment"),
            start,
            (),
            (Role.BANK_OFFICER, Role.BANK_REVIEWER),
            reason=True,
        ),
    )


def death(
    row: str, start: tuple[str, ...], clauses: tuple[str, ...], *, finance: bool, fault: str = ""
) -> tuple[Transition, ...]:
    """Return the steps after a borrower's death; `finance`: whether it may have to pay, `fault`: the clause on the bank's own fault."""
    within = (DEATH_SETTLEMENT.name,)
    claimed = (ESTATE_CLAIM.name,)
    steps = [
        Transition(row, "open_death", Text("登记身故", "record the death"), start, within, TELLS_OF_DEATH, clauses),
        Transition(
            row,
            "enter_balance",
            Text("录入个人账户余额", "enter the account balance"),
            within,
            (),
            (Role.AGENCY_ACCOUNTANT,),
            clauses,
        ),
        Transition(
            row, "stop_deductions", Text("确认停止扣款", "confirm that deductions have stopped"), within, (), (Role.BANK_OFFICER,)
        ),
        Transition(
            row,
            "inform_heirs",
            Text("告知继承人或共同借款人", "tell heirs or co-borrower"),
            within,
            (),
            (Role.AGENCY_INTAKE, Role.AGENCY_ACCOUNTANT),
        ),
        Transition(
            row,
            "divide_debt",
            Text("核定各方清偿金额", "fix who pays what"),
            within,
            (),
            (Role.AGENCY_APPROVER,),
            clauses,
            ("enter_balance",),
        ),
        Transition(
            row, "receive_money", Text("登记清偿款到账", "record that a payer's money has come"), within, (), (Role.BANK_OFFICER,)
        ),
        Transition(
            row,
            "return_deductions",
            Text("退回身故后扣款", "return what was deducted after the death"),
            within,
            (),
            (Role.BANK_OFFICER,),
        ),
        Transition(
            row,
            "close_death",
            Text("清偿完毕", "close the settlement"),
            within,
            ("settled", ESTATE_CLAIM.name),
            (Role.BANK_REVIEWER,),
            clauses,
            ("receive_money",),
        ),
        Transition(
            row, "claim_paid_in", Text("登记追偿款", "record money on the claim"), claimed, (), (Role.BANK_OFFICER,), clauses
        ),
        Transition(
            row,
            "settle_claim",
            Text("追偿完毕，结清", "the claim is paid: settle"),
            claimed,
            ("settled",),
            (Role.BANK_REVIEWER,),
            apart_from=("claim_paid_in",),
        ),
        Transition(
            row,
            "propose_write_off",
            Text("提出核销", "propose to write off"),
            claimed,
            (),
            (Role.BANK_OFFICER,),
            reason=True,
        ),
        Transition(
            row,
            "keep_claim",
            Text("不予核销，继续追偿", "refuse the write-off and go on claiming"),
            claimed,
            (),
            (Role.BANK_REVIEWER,),
            apart_from=("propose_write_off",),
            reason=True,
        ),
        Transition(
            row,
            "write_off",
            Text("核销", "write off"),
            claimed,
            (WRITTEN_OFF.name,),
            (Role.BANK_REVIEWER,),
            apart_from=("propose_write_off",),
            reason=True,
        ),
    ]
    if finance:
        steps.append(
            Transition(
                row, "approve_backstop", Text("财政同意代偿", "finance agrees to pay"), within, (), (Role.FINANCE_CLERK,), clauses
            )
        )
    if fault:
        found = Text("认定银行自身原因", "find that the loss is the bank's own")
        answered = Text("财政答复认定", "finance answers the finding")
        steps += [
            Transition(row, "find_fault", found, within, (), (Role.AGENCY_APPROVER,), (fault,), reason=True),
            Transition(row, "agree_fault", answered, within, (), (Role.FINANCE_CLERK,), (fault,), ("find_fault",), reason=True),
        ]
    return tuple(steps)


def card_change(row: str, start: tuple[str, ...], clauses: tuple[str, ...]) -> tuple[Transition, ...]:
    """Return the steps by which the card account of an open loan changes; it stays at the lending bank."""
    return (
        Transition(
            row,
            "change_card",
            Text("变更社保卡账户", "change the card account"),
            start,
            (),
            (Role.BANK_OFFICER, Role.AGENCY_INTAKE, CITIZEN),
            clauses,
        ),
        Transition(
            row,
            "decide_card",
            Text("决定账户变更", "decide on the change of account"),
            start,
            (),
            (Role.AGENCY_APPROVER,),
            clauses,
            ("change_card",),
            reason=True,
        ),
    )
