"""What puts a loan right in each programme: an entry taken back by two people, and the end of one recovered after fraud."""

from zhubao.access.roles import Role
from zhubao.language import Text
from zhubao.workflow import Transition

RECORDERS = (Role.BANK_OFFICER, Role.AGENCY_ACCOUNTANT, Role.TAX_CLERK)


def corrections(row: str, start: tuple[str, ...], *clauses: str) -> tuple[Transition, ...]:
    """Return the steps; `start`: the states with debt, `row` the row of the fraud record, `clauses` those of recovery.

    `take_back` stands beside the states although it may lead to where the loan stood before the entry: it undoes a step.
    """
    return (
        Transition(
            "8",
            "propose_taking_back",
            Text("提出冲回误记", "propose to take an entry back"),
            start,
            (),
            RECORDERS,
            reason=True,
        ),
        Transition(
            "8",
            "take_back",
            Text("复核并冲回误记", "take the entry back"),
            start,
            (),
            (Role.AGENCY_APPROVER,),
            (),
            ("propose_taking_back",),
        ),
        Transition(
            "8",
            "leave_standing",
            Text("不予冲回", "leave the entry as it is"),
            start,
            (),
            (Role.AGENCY_APPROVER,),
            reason=True,
        ),
        Transition(
            row,
            "settle_recovered",
            Text("追回后结清", "settle after recovery"),
            start,
            ("settled",),
            (Role.BANK_OFFICER,),
            clauses,
        ),
    )
