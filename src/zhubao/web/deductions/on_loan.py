"""What a loan's page shows of its deductions: the latest months, and where the bank's officer notes what the borrower said."""

from typing import Any, Final

from zhubao.access.actors import Actor
from zhubao.loans.deductions.selectors import answer_of, instruction_of, months_of
from zhubao.loans.models import Loan
from zhubao.loans.stepping import organisation_of

from .finding import FOLLOWING_ROLES, READING_ROLES, tone_of

LATEST: Final = 12


def deductions_of(loan: Loan, actor: Actor) -> dict[str, Any]:
    """Return the context of `deductions/on_loan.html`."""
    if actor.role not in READING_ROLES:
        return {}
    months = months_of(loan)
    own = actor.role in FOLLOWING_ROLES and organisation_of(loan, actor.role) == actor.organisation_id
    rows = []
    for order in months[:LATEST]:
        answer = answer_of(order)
        failed = answer is not None and answer.failed
        rows.append(
            {
                "order": order,
                "told": instruction_of(order),
                "answer": answer,
                "result": answer.get_result_display() if answer else "",
                "tone": tone_of(answer.result) if answer else "",
                "notes": list(answer.follow_ups.all()) if answer and failed else [],
                "follows": own and failed,
            }
        )
    return {"months": rows, "more": len(months) > LATEST}
