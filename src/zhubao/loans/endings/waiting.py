"""What of an ending waits in whose queue. A loan has at most one of each at a time."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.loans.models import Loan
from zhubao.loans.stepping import organisation_of
from zhubao.tasks.actions import close_tasks, open_many, open_task
from zhubao.tasks.kinds import declare

CONFIRM_PAYMENT = "loan.ending.confirm_payment"
ENTER_BALANCE = "loan.ending.enter_balance"
STOP_DEDUCTIONS = "loan.ending.stop_deductions"
INFORM_HEIRS = "loan.ending.inform_heirs"
ANSWER_FAULT = "loan.ending.answer_fault"
DIVIDE_DEBT = "loan.ending.divide_debt"
APPROVE_BACKSTOP = "loan.ending.approve_backstop"
RECEIVE_MONEY = "loan.ending.receive_money"
RETURN_DEDUCTIONS = "loan.ending.return_deductions"
CLOSE_DEATH = "loan.ending.close_death"
PURSUE_CLAIM = "loan.ending.pursue_claim"
SETTLE_CLAIM = "loan.ending.settle_claim"
DECIDE_WRITE_OFF = "loan.ending.decide_write_off"
ISSUE_CERTIFICATE = "loan.ending.issue_certificate"
RELEASE_TRANSFER = "loan.ending.release_transfer"
DECIDE_CARD = "loan.ending.decide_card"

KINDS: dict[str, tuple[Role, Text]] = {
    CONFIRM_PAYMENT: (Role.BANK_REVIEWER, Text("确认提前还款到账", "confirm an early payment")),
    ENTER_BALANCE: (Role.AGENCY_ACCOUNTANT, Text("录入身故借款人个人账户余额", "enter a dead borrower's account balance")),
    STOP_DEDUCTIONS: (Role.BANK_OFFICER, Text("确认身故后停止扣款", "confirm that deductions have stopped after a death")),
    INFORM_HEIRS: (Role.AGENCY_INTAKE, Text("告知继承人或共同借款人", "tell heirs or co-borrower")),
    ANSWER_FAULT: (Role.FINANCE_CLERK, Text("银行责任认定待答复", "answer the finding of the bank's own fault")),
    DIVIDE_DEBT: (Role.AGENCY_APPROVER, Text("核定身故清偿金额", "fix who pays a dead borrower's debt")),
    APPROVE_BACKSTOP: (Role.FINANCE_CLERK, Text("财政代偿待同意", "agree to pay a dead borrower's debt")),
    RECEIVE_MONEY: (Role.BANK_OFFICER, Text("登记身故清偿款到账", "record the money that settles a death")),
    RETURN_DEDUCTIONS: (Role.BANK_OFFICER, Text("退回身故后扣款", "return what was deducted after a death")),
    CLOSE_DEATH: (Role.BANK_REVIEWER, Text("身故清偿待复核", "close a death settlement")),
    PURSUE_CLAIM: (Role.BANK_OFFICER, Text("身故后追偿", "pursue the claim after a death")),
    SETTLE_CLAIM: (Role.BANK_REVIEWER, Text("追偿款已收齐，待结清", "the claim is paid: settle the loan")),
    DECIDE_WRITE_OFF: (Role.BANK_REVIEWER, Text("核销待决定", "decide on a write-off")),
    ISSUE_CERTIFICATE: (Role.BANK_OFFICER, Text("已结清，待开具结清证明", "settled: issue the certificate")),
    RELEASE_TRANSFER: (Role.AGENCY_APPROVER, Text("已结清，养老关系待放行", "settled: release the pension relation")),
    DECIDE_CARD: (Role.AGENCY_APPROVER, Text("社保卡账户变更待决定", "decide on a change of card account")),
}
OF_DEATH = frozenset(
    {
        ENTER_BALANCE,
        STOP_DEDUCTIONS,
        INFORM_HEIRS,
        ANSWER_FAULT,
        DIVIDE_DEBT,
        APPROVE_BACKSTOP,
        RECEIVE_MONEY,
        RETURN_DEDUCTIONS,
        CLOSE_DEATH,
        PURSUE_CLAIM,
        SETTLE_CLAIM,
        DECIDE_WRITE_OFF,
    }
)


def put_in_queues(loan: Loan, wanted: Iterable[str], among: Iterable[str], *, actor: Actor, now: datetime) -> None:
    """Have exactly the `wanted` kinds out of `among` wait for a loan; what waits already stays as it is."""
    wait = set(wanted)
    close_tasks(loan.subject, set(among) - wait, actor=actor, now=now)
    for kind in sorted(wait):
        role = KINDS[kind][0]
        open_task(
            kind,
            loan.subject,
            region_code=loan.region_code,
            role=role,
            organisation_id=organisation_of(loan, role),
            deadline=None,
            actor=actor,
            now=now,
        )


def await_certificate(loan: Loan, *, actor: Actor, now: datetime) -> None:
    """Have the certificate of a loan that settled itself wait at its bank."""
    put_in_queues(loan, [ISSUE_CERTIFICATE], [ISSUE_CERTIFICATE], actor=actor, now=now)


def await_certificates(loans: Sequence[Loan], *, actor: Actor, now: datetime) -> None:
    """Have the certificates of many loans that settled themselves wait at their banks."""
    role = KINDS[ISSUE_CERTIFICATE][0]
    about = [(loan.subject, loan.region_code, None) for loan in loans]
    offices = {loan.subject: organisation_of(loan, role) for loan in loans}
    open_many(ISSUE_CERTIFICATE, about, role=role, offices=offices, actor=actor, now=now)


for _kind, (_role, _title) in KINDS.items():
    declare(_kind, _title)
