"""Who did something, in words: the name of a person as it is, what the system did by itself under the name of that work."""

from typing import Final

from zhubao.language import Text
from zhubao.web.clerk.words import said

SYSTEMS: Final = {
    "account-interest": Text("个人账户计息", "interest of the accounts"),
    "after-death": Text("身故后清退", "what follows a death"),
    "benefits": Text("待遇按月办理", "benefits of the month"),
    "budget": Text("预算测算", "reckoning of a budget"),
    "claim": Text("资金申请", "claim for money"),
    "contribution_received": Text("税务到账文件", "file of contributions received"),
    "deduction": Text("养老金扣还", "deduction from a pension"),
    "deduction_returned": Text("银行扣划回盘", "return file of a bank"),
    "demonstration": Text("演示", "demonstration"),
    "draw_paid": Text("银行放款文件", "file of draws paid out"),
    "household-calls": Text("上门通知", "calls at households"),
    "install": Text("安装程序", "installation"),
    "listing": Text("失信名单", "dishonesty list"),
    "lists": Text("生成名单", "making of lists"),
    "loans": Text("贷款登记", "register of loans"),
    "measures": Text("措施跟踪", "tracking of measures"),
    "month-end": Text("月末结账", "month-end"),
    "overdue": Text("逾期督办", "supervision of what is late"),
    "pension_credited": Text("养老金入账文件", "file of pensions credited"),
    "plan": Text("代缴计划", "plan of contributions on behalf"),
    "plan-tasks": Text("代缴计划待办", "tasks of a plan"),
    "plan_files": Text("代缴文件", "files of a plan"),
    "receive": Text("接收文件", "taking in of files"),
    "regions import": Text("导入区划", "import of regions"),
    "register": Text("参保登记", "register of insured people"),
    "roster": Text("困难人员名册", "rosters"),
    "roster_certified": Text("名册审核", "certified roster"),
    "roster_received": Text("接收名册", "roster received"),
    "screening_run": Text("批量筛查", "screening"),
    "statements": Text("批量出对账单", "making of statements"),
    "subsidy-claim": Text("贴息申报", "claim for interest subsidy"),
    "transfer": Text("关系转移", "transfer of relations"),
    "verification": Text("年度核验", "yearly verification"),
}


def doer_said(name: str) -> str:
    """Return who did something in the page's language; a name the system does not work under stays as it is."""
    known = SYSTEMS.get(name)
    return said(known) if known is not None else name
