"""What the courses of both documents share: the posts that act, and the states every row may come to."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import State

CENTRE = (Role.AGENCY_REVIEWER,)
APPROVER = (Role.AGENCY_APPROVER,)
ACCOUNTANT = (Role.AGENCY_ACCOUNTANT,)
DEPARTMENT = (Role.CERTIFIER,)
FINANCE = (Role.FINANCE_CLERK,)
TAX = (Role.TAX_CLERK,)
TOWNSHIP = (Role.TOWNSHIP_CLERK, Role.COMMITTEE_MEMBER)

ROSTERED = State(
    "rostered",
    Text("已列名册", "on the roster"),
    Text("主管部门已列入名单，正在核对参保情况", "on a department's list; being matched"),
)
EXCLUDED = State(
    "excluded",
    Text("不予代缴", "excluded"),
    Text(
        "另有参保或其他情形，今年不代缴；情形消失后恢复", "insured elsewhere or otherwise excluded this year; back when that ends"
    ),
)
PLANNED = State(
    "planned",
    Text("已列计划", "planned"),
    Text("代缴和自付金额已定", "what is paid on behalf and what remains to be paid is settled"),
)
CREDITED = State(
    "credited",
    Text("已记账", "credited"),
    Text("今年的保险费已缴清并记入个人账户", "this year is paid and on the personal account"),
)
CLAIMED = State(
    "claimed", Text("已申请资金", "claimed"), Text("主管部门已向财政申请", "the department has asked finance for the money")
)
FUNDED = State("funded", Text("资金已到位", "funded"), Text("资金已拨到待缴账户", "the money is in the pending account"))
CANCELLED = State(
    "cancelled",
    Text("已取消", "cancelled"),
    Text(
        "今年不再代缴：死亡、迁出、身份取消或本人书面不参保",
        "nothing is paid this year: death, moving, identity lost or written refusal",
    ),
)
CLOSED_OUT = State(
    "closed_out", Text("已销号", "closed out"), Text("已核实并销号", "checked with its proof and closed"), final=True
)
