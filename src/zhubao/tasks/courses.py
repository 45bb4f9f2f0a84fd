"""The steps of a course that wait for somebody, in the queues of their posts: loans, claims and the courses of accounts share this."""

from collections.abc import Callable, Iterable
from datetime import datetime

from zhubao.access.actors import Actor
from zhubao.language import Text
from zhubao.workflow import Process, Transition

from .actions import close_tasks, open_task
from .deadlines import Deadline
from .kinds import declare


def kind_of(prefix: str, row: Transition) -> str:
    """Return the kind of task that a waiting step opens: ``loan.jiangxi.record_draw``, ``fraud.decide_finding``."""
    return f"{prefix}.{row.verb}"


def declare_waiting(prefix: str, process: Process, title: Callable[[Text], Text] = lambda label: label) -> None:
    """Declare the kinds of tasks that the waiting steps of a course open; `title` says the label of a step in a queue."""
    for row in process.transitions:
        if row.waits:
            declare(kind_of(prefix, row), title(row.label))


def put_in_queues(
    prefix: str,
    process: Process,
    waiting: Iterable[Transition],
    *,
    subject: str,
    region_code: str,
    office: Callable[[str], int | None],
    post: Callable[[Transition], str] = lambda row: row.posts[0],
    due: Callable[[Transition], Deadline | None] = lambda row: None,
    actor: Actor,
    now: datetime,
) -> None:
    """Have exactly the steps `waiting` out of a course wait for a subject; what waits already stays as it is.

    `post` says which of a step's posts has it in its queue, `office` whose a role's step is, `due` by when one is to be done.
    Called inside the transaction of the step taken before.
    """
    wanted = list(waiting)
    kinds = {kind_of(prefix, row) for row in process.transitions if row.waits}
    close_tasks(subject, kinds - {kind_of(prefix, row) for row in wanted}, actor=actor, now=now)
    for row in wanted:
        open_task(
            kind_of(prefix, row),
            subject,
            region_code=region_code,
            role=post(row),
            organisation_id=office(post(row)),
            deadline=due(row),
            actor=actor,
            now=now,
        )
