"""Which of the pages about cases a post is offered."""

from typing import Any

from zhubao.access.actors import Actor
from zhubao.cases.states import PROCESSES
from zhubao.tasks.selectors import WATCHING_ROLES

from .finding import CASE_ROLES


def receives(actor: Actor) -> list[str]:
    """Return the programmes in which a post takes applications in."""
    return [policy_id for policy_id, process in PROCESSES.items() if actor.role in process.transition("begin").posts]


def tabs(actor: Actor) -> dict[str, Any]:
    """Return what `cases/tabs.html` needs."""
    return {
        "sees_cases": actor.role in CASE_ROLES,
        "may_supervise": actor.role in WATCHING_ROLES,
        "may_receive": bool(receives(actor)),
    }
