"""What a reckoning writes: rows, history, changes by person, totals and tasks, each in one statement however many people there are."""

from datetime import datetime
from typing import Any, Final

from django.db import connection

from zhubao.access.actors import Actor
from zhubao.access.roles import Role
from zhubao.tasks.deadlines import Deadline

from ..models import PlanRun
from ..states import process_of
from .courses import Taken, courses_of
from .deciding import NOT_HELPED

CHANGED: Final = ("plan", "exclude", "cancel", "readmit", "replan", "correct_payer")
# A row nobody is paid for keeps what was found of the person; the policy has set its amounts to nothing.
_NEW: Final = """
INSERT INTO assistance_planrow
    (id, region_code, plan_id, person_id, identity_id, category, categories, payer, channel, tier_fen, on_behalf_fen, self_pay_fen,
     state, state_since, reckoned_on, failed, unknown, because, entered_on, due_on, due_rule, self_paid_fen, receipt_number,
     closed_out_proof)
SELECT row_id, region_code, %(plan)s, person_id, identity_id, category, categories, payer, channel, tier_fen, on_behalf_fen,
    self_pay_fen, state_after, %(now)s, %(on)s, failed, unknown, because, entered_on, due_on, due_rule, 0, '', ''
FROM plan_written WHERE is_new"""
_CHANGE: Final = """
UPDATE assistance_planrow AS plan_row SET
    region_code = written.region_code, identity_id = written.identity_id, category = written.category,
    categories = written.categories, payer = written.payer, channel = written.channel, tier_fen = written.tier_fen,
    on_behalf_fen = written.on_behalf_fen, self_pay_fen = written.self_pay_fen, state = written.state_after,
    state_since = CASE WHEN written.state_after = plan_row.state THEN plan_row.state_since ELSE %(now)s END, reckoned_on = %(on)s,
    failed = written.failed, unknown = written.unknown, because = written.because, due_on = written.due_on,
    due_rule = written.due_rule
FROM plan_written AS written
WHERE plan_row.id = written.row_id AND NOT written.is_new AND written.finding = ANY(%(changed)s) AND written.finding <> 'correct_payer'"""
_CORRECT: Final = """
UPDATE assistance_planrow AS plan_row SET category = written.category, categories = written.categories, payer = written.payer,
    channel = written.channel, identity_id = written.identity_id, reckoned_on = %(on)s
FROM plan_written AS written WHERE plan_row.id = written.row_id AND written.finding = 'correct_payer'"""
_NOTE: Final = """
UPDATE assistance_planrow AS plan_row SET
    region_code = written.region_code, identity_id = COALESCE(written.identity_id, plan_row.identity_id),
    categories = written.categories, failed = CASE WHEN written.found_in = 'planned' THEN '{}' ELSE written.failed END,
    unknown = written.unknown, because = CASE WHEN written.found_in = 'planned' THEN '' ELSE written.because END,
    reckoned_on = %(on)s
FROM plan_written AS written
WHERE plan_row.id = written.row_id AND written.finding = 'note' AND (
    (plan_row.region_code, plan_row.categories, plan_row.unknown)
        IS DISTINCT FROM (written.region_code, written.categories::varchar[], written.unknown::varchar[])
    OR plan_row.identity_id IS DISTINCT FROM COALESCE(written.identity_id, plan_row.identity_id)
    OR (written.found_in <> 'planned' AND plan_row.failed <> written.failed::varchar[]))"""
_MOVED: Final = """
UPDATE assistance_planrow AS plan_row SET region_code = written.region_code
FROM plan_written AS written
WHERE plan_row.id = written.row_id AND written.finding IN ('none', 'held', 'weigh') AND plan_row.region_code <> written.region_code"""
_STEPS: Final = """
INSERT INTO assistance_planstep
    (row_id, number, verb, start, "end", at, "on", user_id, post_id, actor_name, reason, key)
SELECT written.row_id, COALESCE(latest.number, 0) + course.number, course.verb, course.start, course."end", %(now)s, %(on)s, %(user)s,
    %(post)s, %(actor)s, CASE WHEN course.reasoned THEN COALESCE(NULLIF(written.because, ''), %(usual)s) ELSE '' END,
    %(key)s || '/' || course.verb
FROM plan_written AS written
JOIN unnest(%(findings)s::text[], %(found_in)s::text[], %(numbers)s::int[], %(verbs)s::text[], %(starts)s::text[], %(ends)s::text[],
        %(reasoned)s::boolean[]) AS course(finding, found_in, number, verb, start, "end", reasoned)
    ON course.finding = written.finding AND course.found_in = written.found_in
LEFT JOIN LATERAL (SELECT max(number) AS number FROM assistance_planstep WHERE row_id = written.row_id AND NOT written.is_new) AS latest
    ON TRUE"""
# The table as it will stand, also for a trial: `state_after` and what people come to by it.
_WRITTEN: Final = """
CREATE TEMP TABLE plan_written AS
SELECT decided.*, COALESCE(course."end", found_in) AS state_after,
    CASE WHEN finding = ANY(%(changed)s) OR is_new THEN on_behalf_fen ELSE on_behalf_fen_before END AS on_behalf_after,
    CASE WHEN finding = ANY(%(changed)s) OR is_new THEN self_pay_fen ELSE self_pay_fen_before END AS self_pay_after,
    CASE WHEN finding = ANY(%(changed)s) OR is_new THEN category ELSE category_before END AS category_after,
    CASE WHEN finding = ANY(%(changed)s) OR is_new THEN payer ELSE payer_before END AS payer_after
FROM plan_decided AS decided
LEFT JOIN (
    SELECT DISTINCT ON (finding, found_in) finding, found_in, "end"
    FROM unnest(%(findings)s::text[], %(found_in)s::text[], %(numbers)s::int[], %(ends)s::text[]) AS given(finding, found_in, number, "end")
    ORDER BY finding, found_in, number DESC
) AS course USING (finding, found_in)"""
_CHANGES: Final = """
INSERT INTO assistance_planchange (run_id, row_id, person_id, kind, before, after)
SELECT %(run)s, row_id, person_id, kind, COALESCE(left(before, 120), ''), COALESCE(left(after, 120), '') FROM (
    SELECT row_id, person_id, 'entered' AS kind, '' AS before, category AS after FROM plan_written WHERE is_new
    UNION ALL SELECT row_id, person_id, 'left', category_before, because FROM plan_written WHERE finding = 'cancel' AND NOT is_new
    UNION ALL SELECT row_id, person_id, 'readmitted', found_in, category FROM plan_written WHERE finding = 'readmit'
    UNION ALL SELECT row_id, person_id, 'excluded', category_before, array_to_string(failed, ' ')
        FROM plan_written WHERE finding = 'exclude'
    UNION ALL SELECT row_id, person_id, 'moved', region_before, region_code
        FROM plan_written WHERE NOT is_new AND region_before <> region_code
    UNION ALL SELECT row_id, person_id, 'evidence', array_to_string(unknown_before, ' '), array_to_string(unknown, ' ')
        FROM plan_written WHERE finding IN ('enter', 'note') AND unknown <> '{}'
            AND unknown::varchar[] IS DISTINCT FROM unknown_before
    UNION ALL SELECT row_id, person_id, given.kind, given.before, given.after
        FROM plan_written, LATERAL (VALUES
            ('category', category_before::text, category::text), ('payer', payer_before, payer),
            ('tier', tier_fen_before::text, tier_fen::text), ('amount', on_behalf_fen_before::text, on_behalf_fen::text)
        ) AS given(kind, before, after)
        WHERE (finding = 'replan' OR finding = 'correct_payer' AND given.kind IN ('category', 'payer')) AND given.before <> given.after
) AS change"""
_TOTALS: Final = """
INSERT INTO assistance_planruntotal (run_id, category, payer, township, people_before, on_behalf_before_fen, self_pay_before_fen,
    people, on_behalf_fen, self_pay_fen)
SELECT %(run)s, category, payer, township, sum(people_before), sum(on_behalf_before), sum(self_pay_before), sum(people), sum(on_behalf),
    sum(self_pay)
FROM (
    SELECT category_before AS category, payer_before AS payer, left(region_before, 9) AS township, 1 AS people_before,
        on_behalf_fen_before AS on_behalf_before, self_pay_fen_before AS self_pay_before, 0 AS people, 0 AS on_behalf, 0 AS self_pay
    FROM plan_written WHERE NOT is_new AND found_in <> ALL(%(not_helped)s) AND on_behalf_fen_before > 0
    UNION ALL
    SELECT category_after, payer_after, left(region_code, 9), 0, 0, 0, 1, on_behalf_after, self_pay_after
    FROM plan_written WHERE state_after <> ALL(%(not_helped)s) AND on_behalf_after > 0
) AS side GROUP BY category, payer, township"""
_COUNTS: Final = """
SELECT count(*) FILTER (WHERE is_new OR finding = 'readmit'),
    count(*) FILTER (WHERE NOT is_new AND finding IN ('cancel', 'exclude')),
    count(*) FILTER (WHERE finding IN ('replan', 'correct_payer')),
    count(*) FILTER (WHERE state_after <> ALL(%(not_helped)s) AND on_behalf_after > 0),
    count(*) FILTER (WHERE state_after = 'excluded'),
    count(*) FILTER (WHERE unknown <> '{}' AND state_after IN ('rostered', 'matched', 'planned')),
    count(*) FILTER (WHERE finding = 'held'),
    COALESCE(sum(on_behalf_after) FILTER (WHERE state_after <> ALL(%(not_helped)s)), 0),
    COALESCE(sum(self_pay_after) FILTER (WHERE state_after <> ALL(%(not_helped)s)), 0),
    max(lowest_tier_fen)
FROM plan_written"""
_COUNTED: Final = ("entered", "left", "changed", "planned", "excluded", "missing", "held", "on_behalf_fen", "self_pay_fen")
_TASKS: Final = """
INSERT INTO tasks_task
    (region_code, kind, subject, role, organisation_id, due_on, due_arithmetic, provisional, opened_at, opened_by_id)
SELECT written.region_code, %(kind)s, 'plan-row:' || row_id, %(role)s, %(organisation)s, %(due)s, %(arithmetic)s, %(provisional)s,
    %(now)s, %(user)s
FROM plan_written AS written
WHERE {waits} AND (is_new OR NOT EXISTS (
    SELECT FROM tasks_task AS task WHERE task.subject = 'plan-row:' || row_id AND task.kind = %(kind)s AND task.closed_at IS NULL))"""
_TASKS_DONE: Final = """
UPDATE tasks_task AS task SET closed_at = %(now)s, closed_by_id = %(user)s
FROM plan_written AS written
WHERE task.kind = %(kind)s AND task.closed_at IS NULL AND task.subject = 'plan-row:' || written.row_id AND NOT written.is_new
    AND NOT ({waits})"""
# Which rows of `plan_written` a task waits for: evidence that is missing, a payer whose correction would change the amount.
EVIDENCE_MISSING: Final = "written.unknown <> '{}' AND written.state_after IN ('rostered', 'matched', 'planned')"
PAYER_IN_DOUBT: Final = "written.finding = 'weigh'"


def prepare(run: PlanRun) -> dict[str, int]:
    """Make the table `plan_written` of this session and return what the run comes to, counts and fen, by the names of its columns."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.plan_written")
        cursor.execute(_WRITTEN, {"changed": list(CHANGED), **_columns(courses_of(process_of(run.plan.policy_id)))})
        cursor.execute("ANALYZE plan_written")
        cursor.execute(_COUNTS, {"not_helped": list(NOT_HELPED)})
        *counted, lowest = cursor.fetchone()
        return {**dict(zip(_COUNTED, map(int, counted), strict=True)), "lowest_tier_fen": int(lowest or 0)}


def write_rows(run: PlanRun, *, actor: Actor, now: datetime) -> None:
    """Write rows and history as `plan_written` has them."""
    given: dict[str, Any] = {
        "plan": run.plan_id,
        "now": now,
        "on": run.as_of,
        "changed": list(CHANGED),
        "user": actor.user_id,
        "post": actor.post_id,
        "actor": actor.name,
        "key": f"run:{run.pk}",
        "usual": f"按 {run.as_of} 的名册和参保情况更新",
        **_columns(courses_of(process_of(run.plan.policy_id))),
    }
    with connection.cursor() as cursor:
        for statement in (_NEW, _CHANGE, _CORRECT, _NOTE, _MOVED, _STEPS):
            cursor.execute(statement, given)


def write_findings(run: PlanRun) -> int:
    """Write changes by person and totals of a run, a trial's too; return how many changes there are."""
    given: dict[str, Any] = {"run": run.pk, "not_helped": list(NOT_HELPED)}
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, given)
        cursor.execute(_CHANGES, given)
        return int(cursor.rowcount)


def renew_tasks(run: PlanRun, kind: str, waits: str, deadline: Deadline, *, actor: Actor, now: datetime) -> None:
    """Open a task of a kind for every row that waits, as a condition on `written` has it, and close those of rows that are settled."""
    import json

    given: dict[str, Any] = {
        "kind": kind,
        "role": Role.AGENCY_REVIEWER.value,
        "organisation": run.plan.agency_id,
        "due": deadline.due_on,
        "arithmetic": json.dumps(deadline.arithmetic),
        "provisional": deadline.provisional,
        "now": now,
        "user": actor.user_id,
    }
    with connection.cursor() as cursor:
        for statement in (_TASKS_DONE, _TASKS):
            cursor.execute(statement.replace("{waits}", waits), given)


def _columns(courses: list[Taken]) -> dict[str, Any]:
    return {
        "findings": [step.finding for step in courses],
        "found_in": [step.found_in for step in courses],
        "numbers": [step.number for step in courses],
        "verbs": [step.verb for step in courses],
        "starts": [step.start for step in courses],
        "ends": [step.end for step in courses],
        "reasoned": [step.reasoned for step in courses],
    }
