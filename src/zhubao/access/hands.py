"""Steps that must be in different people's hands (decision 9)."""

from typing import Any

from django.db.models import QuerySet

from zhubao.workflow import Process, Transition, same_person

from .actors import Actor


def require_another_person(process: Process, steps: "QuerySet[Any]", row: Transition, actor: Actor, place: str) -> None:
    """Raise E-SAME-PERSON when the actor took one of `steps` that the row of the table must be apart from; the last one is named.

    `steps` are those taken with the record so far (of a draw, with that draw), `place` names the record. The system has no hands.
    """
    if not row.apart_from or actor.user_id is None:
        return
    earlier = steps.filter(user_id=actor.user_id, verb__in=row.apart_from).order_by("number").last()
    if earlier is not None:
        raise same_person(process.transition(earlier.verb), place)
