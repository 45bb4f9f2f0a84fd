"""What the yearly verification moves in a Jiangxi loan: its subsidy is lost or begins, from a day; the loan itself goes on."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import Transition


def verified(row: str, start: tuple[str, ...]) -> tuple[Transition, Transition]:
    """Return the two steps; `start`: the states with debt before the pension."""
    return (
        Transition(
            row,
            "lose_subsidy",
            Text("按年度核验停止贴息", "end the subsidy after the yearly verification"),
            start,
            (),
            (Role.AGENCY_APPROVER,),
            ("jx-2.5d",),
            reason=True,
        ),
        Transition(
            row,
            "regain_subsidy",
            Text("按年度核验起贴息", "begin the subsidy after the yearly verification"),
            start,
            (),
            (Role.AGENCY_APPROVER,),
            ("jx-2.5b",),
            reason=True,
        ),
    )
