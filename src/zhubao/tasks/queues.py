"""The queue of a post read a page at a time, however much waits: its tasks by due date, and how many there are of each kind.

What waits for an office and what waits for any office of the region are two walks of an index each; asked for with OR they are none.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from zhubao.access.actors import Actor
from zhubao.language import Text

from .kinds import title_of
from .models import Task

# Tasks of one kind are counted up to here; beyond it a page says "more than".
COUNTED: Final = 9_999

_OF_THE_OFFICE = "closed_at IS NULL AND role = %(role)s AND organisation_id = %(organisation)s"
_OF_THE_REGION = "closed_at IS NULL AND role = %(role)s AND organisation_id IS NULL AND region_code LIKE %(regions)s"
_OF_ALL = "closed_at IS NULL AND region_code LIKE %(regions)s"
# What a list shows of a task; the rest is read when somebody asks for it.
_COLUMNS = ("id", "region_code", "kind", "subject", "role", "organisation_id", "due_on", "provisional", "opened_at")
_LISTED = f"{', '.join(_COLUMNS)}, due_arithmetic::text AS counted"
# Each kind is found by a leap over the index to the next one, and its tasks are counted there up to a limit.
_COUNTS = """
    SELECT kind,
        (SELECT count(*) FROM (SELECT FROM tasks_task WHERE {queue} AND kind = found.kind LIMIT %(most)s) AS counted),
        (SELECT count(*) FROM (SELECT FROM tasks_task WHERE {queue} AND kind = found.kind AND due_on < %(on)s LIMIT %(most)s) AS counted)
    FROM (
        WITH RECURSIVE leaps(kind) AS (
            SELECT min(kind) FROM tasks_task WHERE {queue}
            UNION ALL
            SELECT (SELECT min(kind) FROM tasks_task WHERE {queue} AND kind > leaps.kind) FROM leaps WHERE leaps.kind IS NOT NULL
        ) SELECT kind FROM leaps WHERE kind IS NOT NULL
    ) AS found"""


@dataclass(frozen=True)
class KindCount:
    """How many open tasks of one kind a queue has, and how many of them are past their day; `COUNTED` and one more where it is more."""

    kind: str
    waiting: int
    late: int

    @property
    def title(self) -> Text:
        """What is to be done, in a few words."""
        return title_of(self.kind)


@dataclass(frozen=True)
class Queue:
    """Open tasks in the order of their due dates, those without one last: what a paginator asks for.

    `size` is how many of them it pages through, `parts` the condition of each walk of an index, `asked` the values in them.
    """

    parts: list[str]
    asked: dict[str, Any]
    size: int

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[Task]:
        return iter(self[: self.size])

    def __getitem__(self, wanted: Any) -> list[Task]:
        if wanted.stop == 0:
            return []
        walks = " UNION ALL ".join(
            f"(SELECT {_LISTED} FROM tasks_task WHERE {part} ORDER BY due_on, id LIMIT %(stop)s)" for part in self.parts
        )
        start = wanted.start or 0
        asked = {**self.asked, "start": start, "stop": wanted.stop, "most": max(0, wanted.stop - start)}
        # The values stand in the statement: a plan made without them would not know how few rows are wanted.
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM ({walks}) AS queue ORDER BY due_on, id OFFSET %(start)s LIMIT %(most)s", asked)
            return [_task(row, connection.alias) for row in cursor.fetchall()]


def _task(row: tuple[Any, ...], alias: str) -> Task:
    task = Task.from_db(alias, _COLUMNS, row[:-1])
    task.counted = row[-1]  # type: ignore[attr-defined]
    return task


def queue_of(actor: Actor, size: int, *, kinds: Collection[str] | None = None, late_on: date | None = None) -> Queue:
    """Return the actor's queue, narrowed to some kinds, and to what is past its day on `late_on`; `size` as `counts_by_kind` tells it."""
    narrowed = ""
    asked = _asked(actor)
    if kinds is not None:
        narrowed, asked["kinds"] = " AND kind = ANY(%(kinds)s)", list(kinds)
    if late_on is not None:
        narrowed, asked["late_on"] = f"{narrowed} AND due_on < %(late_on)s", late_on
    return Queue([queue + narrowed for queue in _queues(actor)], asked, size)


def _queues(actor: Actor) -> list[str]:
    if actor.user_id is None:
        return [_OF_ALL]
    return [_OF_THE_REGION] if actor.organisation_id is None else [_OF_THE_OFFICE, _OF_THE_REGION]


def _asked(actor: Actor) -> dict[str, Any]:
    return {"role": actor.role, "organisation": actor.organisation_id, "regions": f"{actor.scope}%"}


def counts_by_kind(actor: Actor, on: date) -> list[KindCount]:
    """Return the counts of the actor's queue in one query, the kinds with most late tasks first; each is exact up to `COUNTED`."""
    asked = {**_asked(actor), "on": on, "most": COUNTED + 1}
    counts: dict[str, KindCount] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(_COUNTS.format(queue=queue) for queue in _queues(actor)), asked)
        for kind, waiting, late in cursor.fetchall():
            before = counts.get(kind, KindCount(kind, 0, 0))
            counts[kind] = KindCount(kind, before.waiting + waiting, before.late + late)
    return sorted(counts.values(), key=lambda each: (-each.late, -each.waiting, each.kind))


def waiting_count(actor: Actor, on: date) -> int:
    """Return how many tasks wait for the actor, each kind counted up to `COUNTED`."""
    return sum(each.waiting for each in counts_by_kind(actor, on))
