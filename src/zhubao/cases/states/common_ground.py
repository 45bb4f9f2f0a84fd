"""States and rows that read the same in several programmes."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import CITIZEN, State, Transition

DRAFT = State("draft", Text("填写中", "being filled in"), Text("申请还没有提交", "the application has not been handed in"))
RETURNED = State(
    "returned",
    Text("退回补正", "returned for correction"),
    Text("请按提示补齐后再提交", "please complete it as noted and hand it in again"),
)
PROPOSED = State("proposed", Text("待核定", "awaiting approval"), Text("经办机构正在核定", "the agency is deciding"))
REJECTED = State(
    "rejected",
    Text("未通过", "rejected"),
    Text("没有通过，可以提出异议或重新申请", "rejected; you may object or apply again"),
    final=True,
)
OBJECTION = State("objection", Text("异议处理", "objection"), Text("异议正在核实", "an objection is being looked into"))
BANK_ASSESSED = State(
    "bank_assessed", Text("银行审查中", "under the bank's review"), Text("银行正在审查", "the bank is reviewing")
)
BANK_APPROVED = State(
    "bank_approved", Text("待签约", "to be signed"), Text("请到银行签协议", "please sign the agreement at the bank")
)
BANK_REFUSED = State(
    "bank_refused",
    Text("银行未同意", "refused by the bank"),
    Text("银行没有同意，原因见说明", "the bank refused; see the reason"),
)
WITHDRAWN = State(
    "withdrawn", Text("已撤回", "withdrawn"), Text("申请已撤回，可以重新申请", "withdrawn; you may apply again"), final=True
)
CLOSED = State(
    "closed", Text("已办结（未贷款）", "closed without a loan"), Text("本次申请已结束", "this application has ended"), final=True
)

AGENCY_DESK = (Role.AGENCY_INTAKE, Role.AGENCY_REVIEWER)


def begin(row: str, clauses: tuple[str, ...], *posts: str) -> Transition:
    """Return the row that opens a case."""
    return Transition(row, "begin", Text("开始申请", "begin"), (), ("draft",), posts, clauses)


def withdraw(row: str, start: tuple[str, ...], *posts: str) -> Transition:
    """Return the row of the applicant's withdrawal before the first draw."""
    return Transition(row, "withdraw", Text("撤回", "withdraw"), start, ("withdrawn",), (CITIZEN, *posts), reason=True)
