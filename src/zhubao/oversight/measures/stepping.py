"""A step of a measure: locked, checked, written down with its history, its task and last the audit entry."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.tasks.actions import close_tasks, open_task
from zhubao.tasks.deadlines import Deadline
from zhubao.tasks.kinds import declare
from zhubao.workflow import Transition, wrong_state

from .course import BUREAU, MEASURE, POST_OF, REPORTS
from .models import Measure, MeasureStep

LONGEST = 1000
TASK = declare("measure.report", Text("报告措施进展", "report on a measure"))


@dataclass
class Going:
    """A step about to be taken: the locked measure and its row of the table; `done` when this key was taken before."""

    measure: Measure
    row: Transition
    reason: str
    key: str
    actor: Actor
    now: datetime
    done: bool = False

    @property
    def today(self) -> date:
        """The day of the step where the county is."""
        return localdate(self.now)


def begin(
    measure_id: int, verb: str, *, reason: str = "", seen: str | None = None, key: str = "", actor: Actor, now: datetime
) -> Going:
    """Lock a measure for a step, inside the caller's transaction; nothing is written yet.

    `verb` "report" is the report that fits the state. `seen` is the state the page showed. Raise DoesNotExist, OutOfScope,
    E-STATE, E-REASON, E-MEASURE-LEAD while no lead unit is named.
    """
    measure = Measure.objects.select_for_update(of=("self",)).select_related("lead").get(pk=measure_id)
    if verb == "report":
        verb = REPORTS.get(measure.state, verb)
    row = MEASURE.transition(verb)
    require_may(measure, row, actor)
    going = Going(measure, row, reason.strip()[:LONGEST], key, actor, now)
    before = measure.steps.filter(key=key).first() if key else None
    if before is not None:
        going.done = True
        return going
    if measure.state not in row.start or (seen is not None and seen != measure.state):
        raise wrong_state(MEASURE, measure.state, row, measure.subject, Text("措施现在是", "the measure is now"))
    if row.reason and not going.reason:
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=measure.subject)
    if row.verb in (*REPORTS.values(), "superior_plan") and measure.lead is None:
        raise ZhubaoError(
            "E-MEASURE-LEAD",
            Text("还没有牵头单位", "no lead unit is named"),
            place=measure.subject,
            remedy=Text("由人社部门先指定牵头单位", "the social security bureau names one first"),
        )
    return going


def finish(going: Going, *, to: str = "", period: tuple[date, date] | None = None, **after: Any) -> Measure:
    """Write a step: the measure, its history, the task of the lead unit, the audit entry; return the measure."""
    measure, row, actor, now = going.measure, going.row, going.actor, going.now
    start = measure.state
    end = start if row.stays else to or row.ends[0]
    assert row.stays or end in row.ends, (row.verb, end)
    if end != start:
        measure.state, measure.state_since = end, now
    measure.save()
    number = measure.steps.count() + 1
    MeasureStep.objects.create(
        measure=measure,
        number=number,
        verb=row.verb,
        start=start if row.start else "",
        end=end,
        at=now,
        on=going.today,
        user_id=actor.user_id,
        post_id=actor.post_id,
        actor_name=actor.name,
        reason=going.reason,
        key=going.key or f"{row.verb}/{number}",
        period_from=period[0] if period else None,
        period_to=period[1] if period else None,
    )
    renew_task(measure, actor=actor, now=now)
    record(
        f"measure.{row.verb}",
        measure.subject,
        actor=actor,
        now=now,
        region_code=measure.region_code,
        before={"state": start} if row.start else None,
        after={"state": end, "measure": measure.measure_id, **after},
        reason=going.reason,
    )
    return measure


def renew_task(measure: Measure, *, actor: Actor, now: datetime) -> None:
    """Have exactly the task that fits: the lead unit's report by its day, none while nothing is to be reported."""
    close_tasks(measure.subject, [TASK], actor=actor, now=now)
    if measure.state not in REPORTS or measure.lead is None or measure.due_on is None:
        return
    open_task(
        TASK,
        measure.subject,
        region_code=measure.region_code,
        role=POST_OF[measure.lead.kind],
        organisation_id=measure.lead_id,
        deadline=Deadline(measure.due_on, {"setting": "measure_report_days", "due": measure.due_on.isoformat()}, ""),
        actor=actor,
        now=now,
    )


def require_may(measure: Measure, row: Transition, actor: Actor) -> None:
    """Raise OutOfScope unless the post may take the step: the bureau's in its region, a report by the lead unit alone."""
    actor.require_role(*row.posts)
    if actor.user_id is None:
        return
    if row.posts == BUREAU:
        actor.require_region(measure.region_code)
    elif measure.lead_id is None or actor.organisation_id != measure.lead_id or actor.role != POST_OF[measure.lead.kind]:  # type: ignore[union-attr]
        raise OutOfScope(measure.subject, Text("由牵头单位报告", "the lead unit reports"))


def steps_open_to(measure: Measure, actor: Actor) -> list[Transition]:
    """Return the steps a page may offer an actor."""
    return [row for row in MEASURE.leaving(measure.state) if row.verb != "miss" and _may(measure, row, actor)]


def _may(measure: Measure, row: Transition, actor: Actor) -> bool:
    try:
        require_may(measure, row, actor)
    except OutOfScope:
        return False
    return actor.user_id is not None
