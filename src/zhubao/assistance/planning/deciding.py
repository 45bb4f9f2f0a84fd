"""What becomes of every row: the verdict beside where the row stands, in one statement."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.db import connection

from zhubao.parameters import ParameterBook
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.rules.policy import Clause
from zhubao.screening.reasons import contrary

from ..models import Channel, PlanRun
from ..states import process_of
from .courses import UNSETTLED
from .facts import AGES, PAID
from .rules import document_of, due_days

# Rows whose year is still being planned; later ones are left to those who collect, verify and pay.
PLANNING: Final = (*UNSETTLED, "planned")
NOT_HELPED: Final = (*UNSETTLED, "excluded", "cancelled")
CONTENT: Final = ("category", "payer", "channel", "tier_fen", "on_behalf_fen", "self_pay_fen")

_FOUND: Final = """
found AS (
    SELECT fact.person_id, fact.row_id, COALESCE(fact.state, '') AS found_in, fact.identities AS categories, fact.born,
        judged.verdict, judged.failed AS failed_bits, COALESCE(judged.category, '') AS category, COALESCE(judged.payer, '') AS payer,
        CASE WHEN judged.category = ANY(%(own_channel)s) THEN %(disability)s ELSE %(county)s END AS channel,
        COALESCE(judged.tier_fen, 0) AS tier_fen, COALESCE(judged.on_behalf_fen, 0) AS on_behalf_fen,
        COALESCE(judged.self_pay_fen, 0) AS self_pay_fen, judged.lowest_tier_fen,
        {failed} AS failed, {unknown} AS unknown, {because} AS because,
        CASE judged.category {identity} END AS identity_id,
        CASE WHEN starts_with(fact.region_code, %(region)s) THEN fact.region_code ELSE %(region)s END AS region_code
    FROM plan_judged AS judged JOIN plan_facts AS fact ON fact.person_id = judged.person_id
    WHERE fact.row_id IS NOT NULL OR fact.age BETWEEN %(youngest)s AND %(oldest)s
)"""
# A row somebody excluded or cancelled by hand failed no clause: only a hand takes it back.
_FINDING: Final = """
finding AS (
    SELECT found.*, CASE
        WHEN found_in = '' THEN CASE verdict WHEN 0 THEN 'plan' WHEN 3 THEN {refuse} ELSE 'enter' END
        WHEN found_in = ANY(%(unsettled)s) THEN CASE verdict WHEN 0 THEN 'plan' WHEN 3 THEN {refuse} ELSE 'note' END
        WHEN found_in = 'planned' THEN CASE verdict WHEN 0 THEN
            CASE WHEN ({now}) IS DISTINCT FROM ({before}) THEN 'replan' ELSE 'note' END WHEN 3 THEN {refuse} ELSE 'note' END
        WHEN found_in IN ('excluded', 'cancelled') THEN CASE
            WHEN plan_row.failed = '{{}}' THEN 'none' WHEN verdict = 0 THEN 'readmit' WHEN verdict = 3 THEN 'note' ELSE 'none' END
        WHEN found_in = 'claimed' AND failed_bits & {stops} <> 0 THEN 'exclude'
        WHEN %(corrects)s AND found_in = ANY(%(paid)s) AND plan_row.self_paid_on IS NOT NULL AND verdict = 0 AND found.category <> ''
            AND (found.category, found.payer, found.channel) <> (plan_row.category, plan_row.payer, plan_row.channel)
            THEN CASE
                WHEN found.on_behalf_fen = plan_row.on_behalf_fen AND (found.channel = plan_row.channel OR found_in = 'self_paid')
                    THEN 'correct_payer'
                WHEN EXISTS (SELECT FROM assistance_planstep AS step WHERE step.row_id = found.row_id
                    AND step.key = 'keep_payer:' || found.category || ':' || found.on_behalf_fen) THEN 'none'
                ELSE 'weigh' END
        ELSE 'none' END AS finding,
        identity.certifier, identity.starts_on, identity.recorded_at, held_by.certifier AS certifier_before,
        plan_row.entered_on AS entered_before, plan_row.due_on AS due_before, plan_row.due_rule AS due_rule_before,
        plan_row.unknown AS unknown_before, plan_row.region_code AS region_before,
        {columns_before}
    FROM found
    LEFT JOIN assistance_planrow AS plan_row ON plan_row.id = found.row_id
    LEFT JOIN people_identity AS identity ON identity.id = found.identity_id
    LEFT JOIN people_identity AS held_by ON held_by.id = plan_row.identity_id
)"""
# The day of the list that named the person: when the department's word came in or took effect, not after the day asked about.
_DATED: Final = """
dated AS (
    SELECT finding.*, COALESCE(entered_before,
            LEAST(%(on)s::date, GREATEST(starts_on, (recorded_at AT TIME ZONE %(zone)s)::date)), %(on)s::date) AS entered_on,
        CASE WHEN finding IN ('readmit', 'replan') THEN %(on)s::date
            ELSE LEAST(%(on)s::date, COALESCE(GREATEST(starts_on, (recorded_at AT TIME ZONE %(zone)s)::date), %(on)s::date)) END AS since,
        (born + INTERVAL '60 years')::date - 1 AS before_sixty
    FROM finding
),
due AS (
    SELECT dated.*,
        CASE WHEN self_pay_fen > 0 AND since <= %(due)s::date - %(late_days)s THEN %(due)s::date ELSE %(late)s::date END AS usual,
        CASE WHEN self_pay_fen > 0 AND since <= %(due)s::date - %(late_days)s THEN %(due_rule)s
            WHEN since <= %(due)s::date AND self_pay_fen > 0 THEN %(question_rule)s ELSE %(late_rule)s END AS usual_rule,
        finding IN ('plan', 'readmit', 'enter')
            OR (finding = 'replan' AND (self_pay_fen > 0) <> (self_pay_fen_before > 0)) AS newly_due
    FROM dated
)"""
_DECIDED: Final = """
SELECT due.person_id, COALESCE(due.row_id, {new_key}) AS row_id, due.row_id IS NULL AS is_new, found_in, finding, categories, category,
    payer, channel, tier_fen, on_behalf_fen, self_pay_fen, lowest_tier_fen, failed, unknown, because, identity_id, certifier,
    certifier_before, region_code, region_before, entered_on, unknown_before, {before},
    CASE WHEN NOT newly_due THEN due_before WHEN self_pay_fen > 0 AND before_sixty < usual THEN before_sixty ELSE usual END AS due_on,
    CASE WHEN NOT newly_due THEN COALESCE(due_rule_before, '') WHEN self_pay_fen > 0 AND before_sixty < usual THEN %(sixty_rule)s
        ELSE usual_rule END AS due_rule,
    failed_bits & {lost} <> 0 AS is_lost
FROM due"""


@implements(
    "ps-2.2d",
    "ps-2.1b",
    "ps-2.1c",
    "ps-2.1d",
    "ps-2.1e",
    "ps-2.1f",
    "ps-2.1g",
    "ps-1g",
    "ps-2.2k",
    "gz-1b",
    "gz-1c",
    as_="feature",
)
def decide_all(run: PlanRun, book: ParameterBook) -> None:
    """Make the table `plan_decided` of this session from `plan_judged`: a row a person with what a reckoning finds of it."""
    policy = judge_of(run.plan.policy_id).policy
    document = document_of(run.plan.policy_id)
    clauses = policy.judged(with_contract=False)
    now = ", ".join(f"found.{name}" for name in CONTENT)
    before = ", ".join(f"plan_row.{name}" for name in CONTENT)
    parts = [
        _FOUND.format(
            failed=_ids(clauses, "failed"),
            unknown=_ids(clauses, "unknown"),
            because=_because(clauses),
            identity=" ".join(f"WHEN '{code}' THEN fact.identity_{code}_id" for code in policy.identities),
        ),
        _FINDING.format(
            refuse=f"CASE WHEN failed_bits & {_mask(clauses, document.gone)} <> 0 THEN 'cancel' ELSE 'exclude' END",
            stops=_mask(clauses, document.stops),
            now=now,
            before=before,
            columns_before=", ".join(f"plan_row.{name} AS {name}_before" for name in CONTENT),
        ),
        _DATED,
    ]
    key = "NULL::bigint" if run.is_trial else "nextval(pg_get_serial_sequence('assistance_planrow', 'id'))"
    lost = _mask(clauses, document.lost)
    decided = _DECIDED.format(new_key=key, before=", ".join(f"{name}_before" for name in CONTENT), lost=lost)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.plan_decided")
        cursor.execute(f"CREATE TEMP TABLE plan_decided AS WITH {', '.join(parts)} {decided}", _given(run, book))
        cursor.execute("ANALYZE plan_decided")


def hold_back(certifiers: Collection[str]) -> int:
    """Leave the rows alone that lists of these departments would take out; return how many they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE plan_decided SET finding = 'held' WHERE finding = 'cancel' AND is_lost AND certifier_before = ANY(%s)",
            [sorted(certifiers)],
        )
        return int(cursor.rowcount)


def _given(run: PlanRun, book: ParameterBook) -> dict[str, Any]:
    document = document_of(run.plan.policy_id)
    return {
        **due_days(run, book),
        "question_rule": "A-PS-8",
        "sixty_rule": "A-PS-3",
        "on": run.as_of,
        "zone": "Asia/Shanghai",
        "region": run.plan.region_code,
        "own_channel": list(document.own_channel),
        "disability": Channel.DISABILITY.value,
        "county": Channel.COUNTY.value,
        "youngest": AGES[0],
        "oldest": AGES[1] - 1,
        "unsettled": list(UNSETTLED),
        "paid": list(PAID),
        "corrects": any(row.verb == "correct_payer" for row in process_of(run.plan.policy_id).transitions),
    }


def _mask(clauses: Sequence[Clause], ids: Collection[str]) -> int:
    return sum(1 << bit for bit, clause in enumerate(clauses) if clause.id in ids)


def _ids(clauses: Sequence[Clause], mask: str) -> str:
    """Return an array of the ids of the clauses in a mask, in the order of the document."""
    cases = ", ".join(f"CASE WHEN judged.{mask} & {1 << bit} <> 0 THEN '{clause.id}' END" for bit, clause in enumerate(clauses))
    return f"array_remove(ARRAY[{cases}]::text[], NULL)"


def _because(clauses: Sequence[Clause]) -> str:
    """Return the labels of the failed clauses in words, "" where none failed."""
    whole = [(bit, clause) for bit, clause in enumerate(clauses) if clause.part_of is None]
    said = {bit: contrary(clause).replace("'", "''").replace("%", "%%") for bit, clause in whole}
    cases = ", ".join(f"CASE WHEN judged.failed & {1 << bit} <> 0 THEN '{words}' END" for bit, words in said.items())
    return f"left(array_to_string(array_remove(ARRAY[{cases}]::text[], NULL), '；'), 300)"
