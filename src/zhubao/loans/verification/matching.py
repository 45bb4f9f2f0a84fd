"""Everybody at once: one statement looks every borrower of a run up in the identities of the rosters and writes what was found.

The same statement serves three borrowers and a million. A killed one leaves nothing behind; a second one changes nothing that stands.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.db import connection

from zhubao.lending import Terms
from zhubao.lending.subsidy import Check, gain_from, loss_from
from zhubao.parameters import ParameterBook
from zhubao.parameters.questions import settle
from zhubao.policies import judge_of
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region

from ..models import Loan, VerificationRun
from ..states import ways_of
from .rosters import Asked, fresh_masks
from .rule import Category, hardship_condition

DECISION: Final = "decision"
RULES: Final = ("result_day", DECISION, "next_settlement", "year_start", "roster_end")
CIRCUMSTANCES: Final = ("unemployment_registered", "still_unemployed", "employed")

_BORROWERS = """
status AS (
    SELECT loan_id, last %% 100 = 12 AS certified, DATE '0001-01-01' + last / 100 AS since
    FROM (
        SELECT event.loan_id, max((event.day - DATE '0001-01-01') * 100 + event.kind) AS last
        FROM loans_loanevent AS event
        WHERE event.kind IN (11, 12) AND event.day <= %(as_of)s AND (event.loan_id, event.entry) NOT IN (
            SELECT undone.loan_id, undone.amount FROM loans_loanevent AS undone WHERE undone.kind = 0)
        GROUP BY event.loan_id
    ) AS latest
),
place AS (SELECT * FROM unnest(%(regions)s::text[], %(fresh)s::bigint[], %(settled)s::bigint[]) AS given(region_code, fresh, settled)),
borrower AS (
    SELECT loan.id AS loan_id, loan.person_id, loan.region_code, loan.settlement, loan.state,
        COALESCE(status.certified, FALSE) AS certified, COALESCE(status.since, loan.signed_on) AS since,
        place.fresh, place.settled, first.drawn_on AS first_drawn_on
    FROM loans_loan AS loan
    JOIN people_person AS person ON person.id = loan.person_id
    JOIN place ON place.region_code = loan.region_code
    JOIN (SELECT loan_id, min(drawn_on) AS drawn_on FROM loans_tranche GROUP BY loan_id) AS first ON first.loan_id = loan.id
    LEFT JOIN status ON status.loan_id = loan.id
    WHERE loan.policy_id = %(policy)s AND loan.region_code LIKE %(within)s AND loan.state = ANY(%(states)s)
        AND loan.pension_month > %(as_of)s AND first.drawn_on < %(drawn_before)s
        AND (person.died_on IS NULL OR person.died_on > %(as_of)s)
)"""
# Whose identities count: the borrower's own, and of a category that households hold those of every member of the household.
_SUBJECTS = """
subject AS (
    SELECT loan_id, person_id, since, fresh, TRUE AS own FROM borrower
    UNION ALL (
        SELECT DISTINCT borrower.loan_id, other.person_id, borrower.since, borrower.fresh, FALSE
        FROM borrower
        JOIN people_householdmember AS one ON one.person_id = borrower.person_id
        JOIN people_householdmember AS other ON other.household_id = one.household_id AND other.person_id <> one.person_id
        WHERE cardinality(%(of_household)s::text[]) > 0
            AND (one.left_at IS NULL OR (one.left_at AT TIME ZONE 'Asia/Shanghai')::date > %(as_of)s)
            AND (other.left_at IS NULL OR (other.left_at AT TIME ZONE 'Asia/Shanghai')::date > %(as_of)s))
)"""
# What rosters say of a borrower, category by category as bits: certified and confirmed, certified by a list that is missing, what the
# subsidy rested on. `best` is the identity a finding rests on, the confirmed one or the one that lasted longest, as one number:
# confirmed, last day, number of the roster, key.
_HELD = """
roster AS (
    SELECT * FROM unnest(%(codes)s::text[], %(certifiers)s::text[], %(bits)s::bigint[], %(pairs)s::bigint[])
        WITH ORDINALITY AS asked(category, certifier, bit, pair, number)
),
told AS (
    SELECT subject.loan_id, identity.id, roster.bit, roster.number, identity.ends_on, subject.since,
        (identity.ends_on IS NULL OR identity.ends_on >= %(as_of)s) AS holds,
        (subject.fresh & roster.pair) <> 0 OR identity.recorded_at >= %(fresh_from)s::date AS confirmed
    FROM people_identity AS identity
    JOIN roster ON roster.category = identity.category AND roster.certifier = identity.certifier
    JOIN subject ON subject.person_id = identity.person_id AND (subject.own OR roster.category = ANY(%(of_household)s))
    WHERE identity.withdrawn_at IS NULL AND (identity.starts_on IS NULL OR identity.starts_on <= %(as_of)s)
),
held AS (
    SELECT loan_id,
        COALESCE(bit_or(bit) FILTER (WHERE holds AND confirmed), 0) AS present,
        COALESCE(bit_or(bit) FILTER (WHERE holds AND NOT confirmed), 0) AS stale,
        COALESCE(bit_or(bit) FILTER (WHERE ends_on IS NULL OR ends_on >= since), 0) AS ground,
        max((((holds AND confirmed)::int * 1000000::bigint + LEAST(COALESCE(ends_on - DATE '0001-01-01', 999999), 999999)) * 64
            + number) * 10000000000 + id) AS best
    FROM told GROUP BY loan_id
)"""
_LIVES = """
life AS (
    SELECT person_id,
        bool_or(value <> 0) FILTER (WHERE kind = 'unemployed') AS unemployment_registered,
        (array_agg(value <> 0 AND (ends_on IS NULL OR ends_on >= %(as_of)s) ORDER BY starts_on DESC NULLS LAST, id DESC)
            FILTER (WHERE kind = 'unemployed'))[1] AS still_unemployed,
        bool_or(value <> 0) FILTER (WHERE kind = 'employed' AND (ends_on IS NULL OR ends_on >= %(as_of)s)) AS employed
    FROM people_circumstance
    WHERE withdrawn_at IS NULL AND kind IN ('unemployed', 'employed') AND (starts_on IS NULL OR starts_on <= %(as_of)s)
        AND person_id IN (SELECT person_id FROM borrower)
    GROUP BY person_id
)"""
_SUBSIDY = """
weighed AS (
    SELECT judged.*, CASE
        WHEN hardship THEN CASE WHEN certified THEN 'keep' ELSE 'regain' END
        WHEN NOT certified THEN NULL
        WHEN NOT hardship AND unsettled_extra = 0 THEN 'lose'
        ELSE 'unknown' END AS finding
    FROM judged
    OFFSET 0
),
found AS (
    SELECT weighed.*, CASE
        WHEN finding IN ('keep', 'regain') THEN 'on_roster'
        WHEN finding = 'unknown' THEN CASE WHEN present <> 0 THEN 'fact_missing' ELSE 'roster_missing' END
        WHEN present <> 0 THEN 'not_unemployed'
        WHEN best <> 0 THEN 'ended'
        ELSE 'off_roster' END AS ground_said
    FROM weighed WHERE finding IS NOT NULL
)"""
# Rugao looks at further draws alone: without a renewal they may be suspended, for the first reason that is known. Whose renewal was
# granted and drawn already is not asked again.
_DRAWS = """
found AS (
    SELECT judged.*,
        CASE WHEN state = 'renewal' THEN 'keep' ELSE 'lose' END AS finding,
        CASE WHEN state = 'renewal' THEN 'renewal' WHEN employed THEN 'reemployed' WHEN NOT hardship THEN 'improved'
            ELSE 'not_applied' END AS ground_said
    FROM judged
    WHERE state = 'renewal' OR NOT EXISTS (
        SELECT FROM loans_permit AS permit WHERE permit.loan_id = judged.loan_id AND permit.year = %(year)s + 1)
)"""
_WRITE = """
INSERT INTO loans_verificationproposal
    (run_id, loan_id, region_code, year, finding, ground, identity_id, category, certifier, ended_on, proposed_on, state,
     decided_name, reason)
SELECT %(run)s, found.loan_id, found.region_code, %(year)s, finding, ground_said, NULLIF(best %% 10000000000, 0),
    COALESCE(roster.category, ''), COALESCE(roster.certifier, ''), CASE WHEN last_day < %(as_of)s THEN last_day END,
    CASE finding
        WHEN 'lose' THEN CASE WHEN effect.from_roster THEN LEAST(last_day + 1, effect.loses_on) ELSE effect.loses_on END
        WHEN 'regain' THEN CASE WHEN effect.from_first_draw THEN found.first_drawn_on ELSE effect.gains_on END END,
    'proposed', '', ''
FROM found
LEFT JOIN roster ON roster.number = best / 10000000000 %% 64
LEFT JOIN (
    SELECT DISTINCT ON (loan_id) loan_id, value FROM loans_termssetting
    WHERE name = 'loss_from' AND (effective_from IS NULL OR effective_from <= %(as_of)s)
        AND (effective_to IS NULL OR effective_to >= %(as_of)s)
    ORDER BY loan_id, effective_from DESC NULLS LAST) AS agreed ON agreed.loan_id = found.loan_id
JOIN (SELECT * FROM unnest(%(loss_rules)s::text[], %(settlements)s::text[], %(loses_on)s::date[], %(gains_on)s::date[],
        %(from_roster)s::boolean[], %(from_first_draw)s::boolean[])
    AS given(loss_rule, settlement, loses_on, gains_on, from_roster, from_first_draw)) AS effect
    ON effect.settlement = found.settlement AND effect.loss_rule = COALESCE(agreed.value, %(loss_rule)s)"""
# Where an earlier run of the year may have looked at the same loans: what waits is renewed, what was decided stays.
_RENEW = """
ON CONFLICT (loan_id, year) DO UPDATE SET
    run_id = excluded.run_id, finding = excluded.finding, ground = excluded.ground, identity_id = excluded.identity_id,
    category = excluded.category, certifier = excluded.certifier, ended_on = excluded.ended_on, proposed_on = excluded.proposed_on,
    borne_fen = NULL, borne_after_fen = NULL
WHERE loans_verificationproposal.state = 'proposed'"""


def match(run: VerificationRun, categories: Sequence[Category], asked: Sequence[Asked], book: ParameterBook) -> int:
    """Write what the rosters say of every loan a run looks at, inside the caller's transaction; return how many rows were written.

    A finding of the year that somebody decided stays as it is; one that waits is renewed. One run of a programme and year at a time.
    """
    facts = {each.fact for each in categories} | set(CIRCUMSTANCES)
    area = area_of_region(run.region_code)
    # The certificate was seen at the application; here the department's list speaks.
    certificates = [f"certificate_{each.code}" for each in categories]
    condition = hardship_condition(run.policy_id, facts | set(certificates), run.as_of, area, book)
    rest = (_SUBSIDY if ways_of(run.policy_id).verifies == "subsidy" else _DRAWS).strip()
    earlier = VerificationRun.objects.filter(policy_id=run.policy_id, year=run.year).exclude(finished_at=None)
    parts = [
        _BORROWERS.strip(),
        _SUBJECTS.strip(),
        _HELD.strip(),
        _LIVES.strip(),
        _judged(categories, certificates, condition),
        rest,
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'; SET LOCAL jit = off")
        one_at_a_time = f"verification:{run.policy_id}:{run.year}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [one_at_a_time])
        write = _WRITE + _RENEW if earlier.exists() else _WRITE
        cursor.execute(f"WITH {', '.join(parts)} {write}", _given(run, asked, book))
        return int(cursor.rowcount)


def _judged(categories: Sequence[Category], certificates: Sequence[str], condition: str) -> str:
    """Return the layer that turns masks into the facts of the rule, and the rule into a column.

    A category is true where a recent list or certificate confirms it, unknown where a list is missing, false where a recent list has
    not the person. What the subsidy never rested on, and no list speaks of, is not asked after.
    """
    extra = 0
    facts: dict[str, list[int]] = {}
    for each in categories:
        facts.setdefault(each.fact, []).append(each.bit)
        if each.fact == "identity_extra":
            extra |= each.bit
    columns = []
    for fact, bits in facts.items():
        bit = sum(bits)
        columns.append(
            f"CASE WHEN present & {bit} <> 0 THEN TRUE WHEN stale & {bit} <> 0 THEN NULL WHEN settled & {bit} = {bit} THEN FALSE "
            f"WHEN ground <> 0 AND ground & {bit} = 0 THEN FALSE END AS {fact}"
        )
    columns += [f"TRUE AS {name}" for name in certificates]
    columns += [f"life.{name}" for name in CIRCUMSTANCES]
    return f"""
fact AS (
    SELECT held_by.*, {", ".join(columns)}
    FROM (
        SELECT borrower.*, COALESCE(held.present, 0) AS present, COALESCE(held.stale, 0) AS stale, COALESCE(held.ground, 0) AS ground,
            COALESCE(held.best, 0) AS best
        FROM borrower LEFT JOIN held ON held.loan_id = borrower.loan_id
    ) AS held_by LEFT JOIN life ON life.person_id = held_by.person_id
    OFFSET 0
),
judged AS (
    SELECT loan_id, region_code, settlement, state, certified, first_drawn_on, present, employed, best,
        DATE '0001-01-01' + NULLIF((best / 640000000000 %% 1000000)::int, 999999) AS last_day,
        (stale | (ground & ~settled)) & {extra} & ~present AS unsettled_extra, ({condition}) AS hardship
    FROM fact
    OFFSET 0
)"""


def _given(run: VerificationRun, asked: Sequence[Asked], book: ParameterBook) -> dict[str, Any]:
    loans = Loan.objects.filter(policy_id=run.policy_id, region_code__startswith=run.region_code)
    regions = sorted(set(loans.order_by().values_list("region_code", flat=True).distinct()))
    masks = fresh_masks(asked, run.fresh_from, regions)
    settlements = sorted(set(loans.order_by().values_list("settlement", flat=True).distinct()))
    effects = [(rule, settlement) for rule in RULES for settlement in settlements]
    gains = regain_rule(run, book)
    return {
        "run": run.pk,
        "year": run.year,
        "policy": run.policy_id,
        "within": f"{run.region_code}%",
        "states": list(ways_of(run.policy_id).verified_in),
        "as_of": run.as_of,
        "fresh_from": run.fresh_from,
        "drawn_before": date(run.year if ways_of(run.policy_id).verifies == "subsidy" else run.year + 1, 1, 1),
        "regions": regions,
        "fresh": [masks[region][0] for region in regions],
        "settled": [masks[region][1] for region in regions],
        "of_household": held_by_households(run, book),
        "codes": [each.category.code for each in asked],
        "certifiers": [each.certifier for each in asked],
        "bits": [each.category.bit for each in asked],
        "pairs": [each.bit for each in asked],
        "loss_rule": loss_rule(run, book),
        "loss_rules": [rule for rule, _settlement in effects],
        "settlements": [settlement for _rule, settlement in effects],
        "loses_on": [_loses(run, rule, settlement) for rule, settlement in effects],
        "gains_on": [_gains(run, gains, settlement) for _rule, settlement in effects],
        "from_roster": [rule == "roster_end" for rule, _settlement in effects],
        "from_first_draw": [gains == "first_draw" for _ in effects],
    }


@implements("jx-1.2c", "jx-1.2d", as_="feature")
def held_by_households(run: VerificationRun, book: ParameterBook) -> list[str]:
    """Return the categories every member of a certified household has; none where the place counts the certified member alone (A-JX-6)."""
    if settle(book, "A-JX-6", run.as_of, area_of_region(run.region_code)).value == "head_only":
        return []
    return [code for code, identity in judge_of(run.policy_id).policy.identities.items() if identity.household]


# The words of the office's setting → the words of a loan's terms; `DECISION` is the day somebody decides.
_LOSS_WORDS: Final = {
    "year_start": "result_day",
    "result_day": DECISION,
    "next_settlement": "next_settlement",
    "roster_end": "roster_end",
}


def loss_rule(run: VerificationRun, book: ParameterBook) -> str:
    """Return from which day a loss counts where a loan's own terms say nothing (A-ALL-7), in the words of `Terms`."""
    entry = book.find("setting.loss_from", run.as_of, area_of_region(run.region_code))
    entry = entry or book.find("setting.A-ALL-7", run.as_of, area_of_region(run.region_code))
    return _LOSS_WORDS.get(str(entry.value), "result_day") if entry else "result_day"


def regain_rule(run: VerificationRun, book: ParameterBook) -> str:
    """Return from which day a status gained counts (A-ALL-8): ``check_effect`` or ``first_draw``."""
    entry = book.find("setting.regain_from", run.as_of, area_of_region(run.region_code))
    entry = entry or book.find("setting.A-ALL-8", run.as_of, area_of_region(run.region_code))
    return str(entry.value) if entry else "check_effect"


def _loses(run: VerificationRun, rule: str, settlement: str) -> date:
    if ways_of(run.policy_id).verifies == "draws" or rule in {"result_day", "roster_end"}:
        return run.effect_on
    if rule == DECISION:
        return run.as_of
    return loss_from(Terms(loss_from=rule, settlement=settlement), Check(run.as_of))


def _gains(run: VerificationRun, rule: str, settlement: str) -> date:
    if rule == "first_draw":
        return run.effect_on
    return gain_from(Terms(settlement=settlement), Check(run.as_of, decided_from=run.effect_on))
