"""What the yearly verification moves in a loan: the subsidy is lost or begins from a day; an objection that is right brings it back."""

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


def restored(row: str, verb: str, label: Text, start: tuple[str, ...], ends: tuple[str, ...] = ()) -> Transition:
    """Return the step by which the supervising bureau puts a decision right after an objection."""
    return Transition(row, verb, label, start, ends, (Role.HRSS_SUPERVISOR,), reason=True)
