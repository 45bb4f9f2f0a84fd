"""Steps of plan rows, one or many thousand at once: locked, checked, written down. Every action of this app goes through `take`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from zhubao.access.actors import Actor, OutOfScope
from zhubao.access.audit import record
from zhubao.errors import ZhubaoError
from zhubao.language import Text
from zhubao.people.models import CitizenAccount
from zhubao.workflow import Transition, same_person

from .models import AssistancePlan, PlanRow, PlanStep
from .models.row import PlanRowQuerySet
from .states import process_of

REASON_LENGTH = 500
# What is done to rows while a plan is being drafted; everything else begins when it is published.
DRAFTING = frozenset({"enter", "match", "exclude", "readmit", "plan", "replan", "cancel"})
# A history line for each locked row; the number is the next of the row.
HISTORY = """
INSERT INTO assistance_planstep
    (row_id, number, verb, start, "end", at, "on", user_id, post_id, actor_name, reason, key)
SELECT row.id, coalesce((SELECT max(step.number) FROM assistance_planstep step WHERE step.row_id = row.id), 0) + 1,
       %(verb)s, row.state, coalesce(%(end)s::varchar, row.state), %(at)s, given.day, %(user)s, %(post)s, %(actor)s, %(reason)s,
       given.key
FROM unnest(%(rows)s::bigint[], %(keys)s::text[], %(days)s::date[]) AS given (id, key, day)
JOIN assistance_planrow row ON row.id = given.id
"""


class Taking(NamedTuple):
    """A step of one row among many: the key of its request, the day it was done, the columns it sets (the same ones for all)."""

    row_id: int
    state: str
    key: str
    on: date
    values: Mapping[str, Any]


@transaction.atomic
def take(
    plan: AssistancePlan,
    rows: PlanRowQuerySet,
    verb: str,
    *,
    key: str,
    reason: str = "",
    to: str = "",
    on: date | None = None,
    values: Mapping[str, Any] | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Take a step with every row of a query, all or none; return how many took it now.

    `key` names the request: rows that took a step under it are left alone, so that the same request again changes nothing. `to`: the
    end where the table has several; `on`: the day it was done, else today; `values`: columns to set, plain or as expressions. One audit
    entry says how many rows and what they come to.

    Raise OutOfScope (post, region), E-PLAN-CLOSED, E-PLAN-DRAFT (nothing is collected before it is published), E-STEP-UNKNOWN, E-STATE (a
    row stands elsewhere), E-OWN-CASE, E-SAME-PERSON, E-REASON.
    """
    transition = require_may(plan, verb, actor)
    reason = reason.strip()[:REASON_LENGTH]
    if transition.reason and not reason:
        raise ZhubaoError("E-REASON", Text("请写明理由", "a reason is needed"), place=plan.subject)
    wanted = rows.filter(plan=plan).order_by()
    if actor.user_id is not None:
        wanted = wanted.within(actor)
    taken = PlanStep.objects.filter(row__in=wanted.values("pk"), key=key).values("row_id")
    waiting = list(wanted.exclude(pk__in=taken).select_for_update(of=("self",)).order_by("pk").values_list("pk", "state"))
    require_start(plan, transition, waiting)
    keys = [pk for pk, _state in waiting]
    if not keys:
        return 0
    _require_another_person(transition, plan, keys, actor)
    end = None if transition.stays else to or transition.ends[0]
    assert end is None or end in transition.ends, (verb, end)
    given = [(pk, key, on or localdate(now)) for pk in keys]
    _write(verb, given, end, reason, actor, now)
    changed = {**({} if end is None else {"state": end, "state_since": now}), **(values or {})}
    if changed:
        PlanRow.objects.filter(pk__in=keys).update(**changed)
    record(
        f"plan.{verb}",
        plan.subject,
        actor=actor,
        now=now,
        region_code=plan.region_code,
        after={"rows": len(keys), "key": key},
        reason=reason,
    )
    return len(keys)


@transaction.atomic
def take_each(
    plan: AssistancePlan, verb: str, taking: Sequence[Taking], *, after: Mapping[str, Any], actor: Actor, now: datetime
) -> int:
    """Take a step with many locked rows, each with its own key, day and columns, all or none; return how many.

    The rows are locked, their `state` is read under the lock, and none of them took a step under its key yet. One audit entry says how many,
    and `after`. Raise what `take` raises.
    """
    transition = require_may(plan, verb, actor)
    if not taking:
        return 0
    require_start(plan, transition, [(each.row_id, each.state) for each in taking])
    _require_another_person(transition, plan, [each.row_id for each in taking], actor)
    end = None if transition.stays else transition.ends[0]
    _write(verb, [(each.row_id, each.key, each.on) for each in taking], end, "", actor, now)
    _change(taking, {} if end is None else {"state": end, "state_since": now})
    after = {"rows": len(taking), **after}
    record(f"plan.{verb}", plan.subject, actor=actor, now=now, region_code=plan.region_code, after=after)
    return len(taking)


def require_may(plan: AssistancePlan, verb: str, actor: Actor) -> Transition:
    """Return the row of the table for a verb; raise OutOfScope for another post or region, E-STEP-UNKNOWN, E-PLAN-CLOSED, E-PLAN-DRAFT."""
    transition = process_of(plan.policy_id).transition(verb)
    actor.require_role(*transition.posts)
    if plan.state == "closed":
        raise ZhubaoError(
            "E-PLAN-CLOSED",
            Text("这一年已结账", "the year is closed"),
            place=plan.subject,
            remedy=Text("更正记入下一年", "corrections belong to the next year"),
        )
    if plan.state == "drafted" and verb not in DRAFTING:
        raise ZhubaoError(
            "E-PLAN-DRAFT",
            Text("计划还没有发布", "the plan has not been published"),
            place=plan.subject,
            remedy=Text("请经办机构负责人先发布计划", "have the approving officer publish it first"),
        )
    # A post below the county (township, village) works on its own part: `take` narrows the rows to its scope.
    if not (actor.covers(plan.region_code) or actor.scope.startswith(plan.region_code)):
        raise OutOfScope.of_region(plan.subject, actor.scope)
    return transition


def require_start(plan: AssistancePlan, transition: Transition, waiting: Sequence[tuple[int, str]]) -> None:
    """Raise E-STATE where a row, given with its state, stands somewhere this step does not begin."""
    wrong = [(pk, state) for pk, state in waiting if state not in transition.start]
    if not wrong:
        return
    label = process_of(plan.policy_id).state(wrong[0][1]).label
    step = transition.label
    raise ZhubaoError(
        "E-STATE",
        Text(
            f"{len(wrong)} 人现在不能“{step.zh}”，如“{label.zh}”",
            f"{len(wrong)} rows cannot take “{step.en}”: one is “{label.en}”",
        ),
        place=f"plan-row:{wrong[0][0]}",
        remedy=Text("可能已有人办过，请刷新后再看", "somebody may have been faster; look again"),
    )


def _require_another_person(transition: Transition, plan: AssistancePlan, keys: list[int], actor: Actor) -> None:
    """Raise E-OWN-CASE for the actor's own row, E-SAME-PERSON where the actor took a step that must be another's."""
    if actor.user_id is None:
        return
    own = CitizenAccount.objects.filter(user_id=actor.user_id).values("person_id")
    if PlanRow.objects.filter(Q(pk__in=keys) & Q(person_id__in=own)).exists():
        raise ZhubaoError("E-OWN-CASE", Text("不能办理本人的事项", "nobody deals with their own row"), place=plan.subject)
    if not transition.apart_from:
        return
    earlier = PlanStep.objects.filter(row_id__in=keys, user_id=actor.user_id, verb__in=transition.apart_from).first()
    if earlier is not None:
        raise same_person(process_of(plan.policy_id).transition(earlier.verb), f"plan-row:{earlier.row_id}")


def _change(taking: Sequence[Taking], common: Mapping[str, Any]) -> None:
    """Set the columns of many rows in one statement: each row's own values, and `common` for all of them."""
    names = tuple(taking[0].values)
    types = [str(PlanRow._meta.get_field(name).db_type(connection)) for name in names]
    columns = [[each.values[name] for each in taking] for name in names]
    sets = [f"{name} = given.{name}" for name in names] + [f"{name} = %s" for name in common]
    arrays = ", ".join(f"%s::{kind}[]" for kind in ("bigint", *types))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE assistance_planrow row SET {', '.join(sets)}"
            f" FROM unnest({arrays}) AS given (id, {', '.join(names)}) WHERE row.id = given.id",
            [*common.values(), [each.row_id for each in taking], *columns],
        )


def _write(verb: str, given: Sequence[tuple[int, str, date]], end: str | None, reason: str, actor: Actor, now: datetime) -> None:
    """Add a history line to each locked row, given with key and day; `end` None where the row stays as it is."""
    rows, keys, days = zip(*given, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            HISTORY,
            {
                "verb": verb,
                "end": end,
                "at": now,
                "user": actor.user_id,
                "post": actor.post_id,
                "actor": actor.name,
                "reason": reason,
                "rows": list(rows),
                "keys": list(keys),
                "days": list(days),
            },
        )
