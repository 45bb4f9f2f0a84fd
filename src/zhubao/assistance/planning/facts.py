"""What is on record of everybody on the lists of a county, as one table with the columns a policy reads.

The same sources in the same order as `evidence.facts` reads for one person: a test compares the two over random lives.
"""

from collections.abc import Sequence
from typing import Any, Final

from zhubao.people.selectors import SCHEMES_IN_ORDER
from zhubao.policies.claims import implements
from zhubao.rules.policy import Policy

from ..models import PlanRun

Step = tuple[str, str]
# The plan takes people of sixteen to under sixty from the lists (ps-2.2c); whoever is younger or older is counted, never a row.
AGES: Final = (16, 60)
# What was settled with the person's own payment is judged as of that day (A-PS-9).
PAID: Final = ("self_paid", "actual_listed", "verified")

_ROSTER: Final = "(SELECT * FROM unnest(%(codes)s::text[], %(certifiers)s::text[]) AS given(category, certifier))"
_ASKED: Final = f"""
    SELECT person.id AS person_id, plan_row.id AS row_id, plan_row.state,
        CASE WHEN plan_row.state = ANY(%(paid)s) THEN COALESCE(plan_row.self_paid_on, %(on)s::date) ELSE %(on)s::date END AS asked_on
    FROM (
        SELECT identity.person_id FROM people_identity AS identity
        JOIN {_ROSTER} AS roster ON roster.category = identity.category AND roster.certifier = identity.certifier
        WHERE identity.withdrawn_at IS NULL AND identity.region_code LIKE %(within)s
            AND (identity.starts_on IS NULL OR identity.starts_on <= %(on)s) AND (identity.ends_on IS NULL OR identity.ends_on >= %(on)s)
        UNION SELECT person_id FROM assistance_planrow WHERE plan_id = %(plan)s
        UNION SELECT person_id FROM plan_assumed_list
    ) AS named
    JOIN people_person AS person ON person.id = named.person_id
    LEFT JOIN assistance_planrow AS plan_row ON plan_row.plan_id = %(plan)s AND plan_row.person_id = person.id"""
# A category of somebody: certified by whom the document names, and by which row; false where every word on it is over or another's.
_CERTIFIED: Final = f"""
    SELECT person_id, category, bool_or(holds) AS certified,
        (array_agg(id ORDER BY starts_on DESC NULLS LAST, id DESC) FILTER (WHERE holds))[1] AS identity_id
    FROM (
        SELECT identity.person_id, identity.category, identity.id, identity.starts_on,
            roster.category IS NOT NULL AND (identity.starts_on IS NULL OR identity.starts_on <= asked.asked_on)
                AND (identity.ends_on IS NULL OR identity.ends_on >= asked.asked_on) AS holds
        FROM plan_asked AS asked
        JOIN people_identity AS identity ON identity.person_id = asked.person_id
        LEFT JOIN {_ROSTER} AS roster ON roster.category = identity.category AND roster.certifier = identity.certifier
        WHERE identity.withdrawn_at IS NULL AND identity.category = ANY(%(codes)s)
    ) AS told GROUP BY person_id, category"""
_LISTS: Final = f"""
    SELECT DISTINCT list.category, list.region_code
    FROM people_categorylist AS list
    JOIN {_ROSTER} AS roster ON roster.category = list.category AND roster.certifier = list.certifier
    WHERE list.listed_on <= %(on)s"""
_RANK: Final = " ".join(["CASE scheme", *(f"WHEN '{name}' THEN {at}" for at, name in enumerate(SCHEMES_IN_ORDER)), "END"])
_ENROLLED: Final = f"""
    SELECT record.person_id,
        (array_agg(scheme ORDER BY {_RANK}))[1] AS scheme,
        NULLIF((array_agg(insured_area ORDER BY {_RANK}))[1], '') AS insured_locality,
        (array_agg(chosen_tier_fen ORDER BY {_RANK}) FILTER (WHERE chosen_tier_fen IS NOT NULL))[1] AS chosen_tier_fen,
        bool_or(student) AS student, bool_or(military) AS military, bool_or(imprisoned) AS imprisoned,
        bool_or(deceased) AS deceased, bool_or(receiving_pension) AS receiving_pension
    FROM plan_asked AS asked JOIN people_insuredrecord AS record ON record.person_id = asked.person_id
    WHERE record.superseded_at IS NULL
    GROUP BY record.person_id"""
_GRADES: Final = """
    SELECT DISTINCT ON (circumstance.person_id) circumstance.person_id, circumstance.value
    FROM plan_asked AS asked JOIN people_circumstance AS circumstance ON circumstance.person_id = asked.person_id
    WHERE circumstance.kind = 'disability_grade' AND circumstance.withdrawn_at IS NULL
        AND (circumstance.starts_on IS NULL OR circumstance.starts_on <= %(on)s)
        AND (circumstance.ends_on IS NULL OR circumstance.ends_on >= %(on)s)
    ORDER BY circumstance.person_id, circumstance.starts_on DESC NULLS LAST, circumstance.id DESC"""
# Which complete lists somebody would stand on: of a region they are insured in and, as far as known, live and are registered in. There
# are few such places, however many people.
_COVERED: Final = """
    SELECT place.region_code, place.residence_code, place.hukou_code, array_agg(DISTINCT list.category) AS categories
    FROM (
        SELECT DISTINCT person.region_code, person.residence_code, person.hukou_code
        FROM plan_asked AS asked JOIN people_person AS person ON person.id = asked.person_id
    ) AS place
    JOIN plan_lists AS list ON starts_with(place.region_code, list.region_code)
        AND (place.residence_code = '' OR starts_with(place.residence_code, list.region_code))
        AND (place.hukou_code = '' OR starts_with(place.hukou_code, list.region_code))
    GROUP BY place.region_code, place.residence_code, place.hukou_code"""
_BORN: Final = "to_char(person.born, 'YYYYMMDD')::bigint"
_VALUES: Final = {
    "birth_first": _BORN,
    "birth_last": _BORN,
    "sex": "person.sex",
    "scheme": "enrolled.scheme",
    "insured_locality": "enrolled.insured_locality",
    "chosen_tier_fen": "enrolled.chosen_tier_fen",
    "student": "enrolled.student",
    "military": "enrolled.military",
    "imprisoned": "enrolled.imprisoned",
    "receiving_pension": "enrolled.receiving_pension",
    "deceased": "CASE WHEN person.died_on IS NULL THEN enrolled.deceased ELSE person.died_on <= %(on)s END",
}


@implements("ps-2.2c", "ps-2.2d", as_="feature")
def fact_steps(policy: Policy, assumed_category: str = "") -> list[Step]:
    """Return named queries, each over the ones before; the last, `plan_facts`, has a row a person with the columns of the policy.

    Besides: `identities` (codes held, in the order of the document), `identity_<code>_id`, `place_of_insurance`, `age`. KeyError for a
    policy that reads a fact no table of people gives.
    """
    codes = list(policy.identities)
    flags = ", ".join(
        f"bool_or(certified) FILTER (WHERE category = '{code}') AS {code}, "
        f"max(identity_id) FILTER (WHERE category = '{code}') AS {code}_id"
        for code in codes
    )
    return [
        ("plan_asked", _ASKED),
        ("plan_lists", _LISTS),
        ("plan_covered", _COVERED),
        ("plan_certified", f"SELECT person_id, {flags} FROM ({_CERTIFIED}) AS told GROUP BY person_id"),
        ("plan_enrolled", _ENROLLED),
        *([("plan_grades", _GRADES)] if "severe_disability" in codes else []),
        ("plan_facts", _facts(policy, codes, assumed_category)),
    ]


def _facts(policy: Policy, codes: Sequence[str], assumed: str) -> str:
    flags = {policy.identities[code].fact: _held(code, assumed) for code in codes}
    facts = ", ".join(f"{(_VALUES | flags)[name]} AS {name}" for name in policy.columns)
    identities = ", ".join(f"CASE WHEN {policy.identities[code].fact} THEN '{code}' END" for code in codes)
    grades = "LEFT JOIN plan_grades AS grades ON grades.person_id = asked.person_id" if "severe_disability" in codes else ""
    return f"""
    SELECT *, array_remove(ARRAY[{identities}]::text[], NULL) AS identities FROM (
        SELECT asked.person_id, asked.row_id, asked.state, {facts},
            {", ".join(f"certified.{code}_id AS identity_{code}_id" for code in codes)},
            enrolled.insured_locality AS place_of_insurance, person.region_code,
            (to_char(%(on)s::date, 'YYYYMMDD')::int - to_char(person.born, 'YYYYMMDD')::int) / 10000 AS age, person.born
        FROM plan_asked AS asked
        JOIN people_person AS person ON person.id = asked.person_id
        LEFT JOIN plan_certified AS certified ON certified.person_id = asked.person_id
        LEFT JOIN plan_enrolled AS enrolled ON enrolled.person_id = asked.person_id
        LEFT JOIN plan_covered AS covered ON covered.region_code = person.region_code
            AND covered.residence_code = person.residence_code AND covered.hukou_code = person.hukou_code
        {grades}
    ) AS fact"""


def _held(code: str, assumed: str) -> str:
    """Return whether somebody has a category: a word of the department, a complete list without them, else unknown."""
    if code == assumed:
        return "(asked.person_id IN (SELECT person_id FROM plan_assumed_list))"
    grade = ", grades.value <= 2" if code == "severe_disability" else ""
    return f"COALESCE(certified.{code}, CASE WHEN '{code}' = ANY(covered.categories) THEN FALSE END{grade})"


def asked_of(run: PlanRun, policy: Policy) -> dict[str, Any]:
    """Return the values of the queries for a run."""
    pairs = [(code, certifier) for code, identity in policy.identities.items() for certifier in identity.certifiers]
    return {
        "plan": run.plan_id,
        "within": f"{run.plan.region_code}%",
        "on": run.as_of,
        "codes": [code for code, _certifier in pairs],
        "certifiers": [certifier for _code, certifier in pairs],
        "paid": list(PAID),
    }
