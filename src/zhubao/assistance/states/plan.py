"""The course of a county's plan of one year: drafted, published, closed."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import Process, State, Transition

PLAN = Process(
    "assistance-plan",
    Text("代缴年度计划", "yearly plan of contributions on behalf"),
    (
        State(
            "drafted", Text("编制中", "being drafted"), Text("正在按各部门名单编制", "is being made from the departments' lists")
        ),
        State("published", Text("已发布", "published"), Text("已下达税务和乡镇执行", "is with tax and the townships")),
        State("closed", Text("已结账", "closed"), Text("每个人都已销号", "every person has been closed out"), final=True),
    ),
    (
        Transition("1", "open_plan", Text("新建年度计划", "open the plan"), (), ("drafted",), (Role.AGENCY_REVIEWER,)),
        Transition(
            "2",
            "publish_plan",
            Text("发布计划", "publish the plan"),
            ("drafted",),
            ("published",),
            (Role.AGENCY_APPROVER,),
            apart_from=("open_plan", "compute_plan"),
        ),
        Transition(
            "2", "compute_plan", Text("编制或更新", "compute the plan"), ("drafted", "published"), (), (Role.AGENCY_REVIEWER,)
        ),
        Transition("3", "close_plan", Text("年度结账", "close the year"), ("published",), ("closed",), (Role.AGENCY_APPROVER,)),
    ),
)
