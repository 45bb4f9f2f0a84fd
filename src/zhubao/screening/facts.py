"""From the rows of several rosters to one row of facts a person, as SQL that every engine runs.

Absent from a roster that was given means the identity is false; from one that was not given, unknown. Someone who is not among
the insured persons, or asked about without such a file, has neither scheme nor status.
"""

from collections.abc import Collection, Mapping
from typing import Final

from zhubao.rules.policy import Policy

from .marks import Mark, marks_of

# Order in which several insured records of one person speak: the employee scheme excludes, so it comes first.
_SCHEMES: Final = ("employee_pension", "institution_pension", "resident_pension", "none")
_SCHEME_RANK: Final = " ".join(
    ["CASE scheme", *(f"WHEN '{name}' THEN {rank}" for rank, name in enumerate(_SCHEMES)), "ELSE 9 END"]
)
_FROM_APPLICATION: Final = (
    "hukou",
    "residence",
    "scheme",
    "participation_type",
    "insured_locality",
    "paid_months",
    "deemed_months",
    "deemed_confirmed",
    "retirement_category",
    "inability_declaration",
    "chosen_tier_fen",
    "subsidised",
)
_STATUSES: Final = ("student", "military", "imprisoned", "deceased")
_TYPES: Final = {"flag": "BOOLEAN", "number": "BIGINT", "text": "VARCHAR"}

Step = tuple[str, str]


def fact_steps(policy: Policy, given: Collection[str], *, on: int, insured: bool) -> list[Step]:
    """Return named queries, each over the ones before; the last, `facts`, has the columns of `policy` and who the person is.

    They read `roster_rows` and, with `insured`, `insured_rows` (columns of `rows.SCHEMA`). `given` are the kinds of rosters handed
    in; `on` is the day asked about (yyyymmdd).
    """
    applicants = "applicants" in given
    marks = marks_of(policy)
    steps = [("placed_rows", _placed_rows(on)), ("named", _named(marks))]
    if insured:
        steps.append(("enrolled", _enrolled()))
    steps.append(("facts", _facts(policy, marks, given, insured=insured, only_applicants=applicants)))
    return steps


def _placed_rows(on: int) -> str:
    """Rows with their order, where the person lives (town or country), and whether the row is in force on the day."""
    return f"""
        SELECT *, source * 100000000 + "row" AS place,
            COALESCE(urban_rural, CASE WHEN hardship_kind LIKE '%;urban;%' THEN 'urban' WHEN hardship_kind LIKE '%;rural;%' THEN 'rural' END)
                AS living_in,
            COALESCE(from_day <= {on}, TRUE) AND COALESCE(to_day >= {on}, TRUE) AS in_force
        FROM roster_rows"""


def _three(condition: str) -> str:
    """A truth as a number that MAX combines: one true row is enough, else one unknown row leaves it open."""
    return f"CASE WHEN {condition} THEN 2 WHEN ({condition}) IS NULL THEN 1 ELSE 0 END"


def _first(column: str, where: str = "TRUE") -> str:
    """The first value of a column in the order of files and rows, among the rows `where`."""
    return f"MIN_BY({column}, CASE WHEN {where} AND {column} IS NOT NULL THEN place END)"


def _named(marks: list[Mark]) -> str:
    """One row a person named anywhere: who it is, what each kind of roster says, what the application says."""
    columns = [
        f"{_first('name')} AS name",
        f"{_first('township')} AS township",
        f"COALESCE(MIN_BY(village, CASE WHEN township IS NOT NULL THEN place END), {_first('village')}) AS village",
        "MAX(CASE WHEN kind = 'applicants' THEN 1 ELSE 0 END) AS applied",
    ]
    for number, mark in enumerate(marks):
        condition = f"in_force AND {mark.condition}"
        listed = f"kind = '{mark.kind}'"
        claimed = f"kind = 'applicants' AND hardship_kind LIKE '%;{mark.kind};%'"
        columns.append(f"MAX(CASE WHEN {listed} THEN {_three(condition)} END) AS listed_{number}")
        columns.append(f"MAX(CASE WHEN {claimed} THEN {_three(mark.condition)} END) AS claimed_{number}")
        columns.append(
            f"MAX(CASE WHEN ({listed} OR {claimed}) AND certificate IS NOT NULL THEN 1 ELSE 0 END) AS certificate_{number}"
        )
    for claim in ("zero_employment", "childless"):
        columns.append(f"MAX(CASE WHEN hardship_kind LIKE '%;{claim};%' THEN 1 ELSE 0 END) AS claims_{claim}")
    columns += [f"{_first(column, _APPLIED)} AS {column}" for column in _FROM_APPLICATION]
    return f"SELECT id_number, {', '.join(columns)} FROM placed_rows GROUP BY id_number"


_APPLIED: Final = "kind = 'applicants'"


def _enrolled() -> str:
    """One row an insured person: the record of the first scheme in `_SCHEMES`, and what any record says of the status."""
    place = f'{_SCHEME_RANK} * 10000000000000000 + source * 100000000 + "row"'
    columns = [
        "MIN_BY(scheme, place) AS scheme",
        "MIN_BY(insured_locality, CASE WHEN insured_locality IS NOT NULL THEN place END) AS insured_locality",
        "MIN_BY(chosen_tier_fen, CASE WHEN chosen_tier_fen IS NOT NULL AND scheme = 'resident_pension' THEN place END) AS chosen_tier_fen",
        "MIN_BY(participation_type, CASE WHEN participation_type IS NOT NULL THEN place END) AS participation_type",
        "MIN_BY(paid_months, CASE WHEN paid_months IS NOT NULL THEN place END) AS paid_months",
        "MIN_BY(name, place) AS name",
        *(
            f"MAX(CASE WHEN status = '{status}' THEN 1 WHEN status IS NOT NULL THEN 0 END) = 1 AS {status}"
            for status in _STATUSES
        ),
    ]
    return f"""
        SELECT id_number, {", ".join(columns)}
        FROM (SELECT *, {place} AS place FROM insured_rows) AS records GROUP BY id_number"""


def _facts(policy: Policy, marks: list[Mark], given: Collection[str], *, insured: bool, only_applicants: bool) -> str:
    values = _expressions(marks, given, insured=insured)
    facts = [f"CAST({values.get(name, 'NULL')} AS {_TYPES[policy.facts[name].type]}) AS {name}" for name in policy.columns]
    held = [
        f"CASE WHEN {values.get(identity.fact, 'NULL')} THEN CAST({1 << bit} AS BIGINT) ELSE CAST(0 AS BIGINT) END"
        for bit, identity in enumerate(policy.identities.values())
    ]
    # Tongling has no categories.
    identities = " + ".join(held) if held else "CAST(0 AS BIGINT)"
    place = "enrolled.insured_locality" if insured else "CAST(NULL AS VARCHAR)"
    join = "LEFT JOIN enrolled ON enrolled.id_number = named.id_number" if insured else ""
    where = "WHERE named.applied = 1" if only_applicants else ""
    return f"""
        SELECT {", ".join([*facts, ""])} named.id_number AS id_number, named.name AS name, named.township AS township,
            named.village AS village, {identities} AS identities, COALESCE({place}, named.insured_locality) AS place_of_insurance
        FROM named {join} {where}"""


def _truth(number: str) -> str:
    return f"CASE {number} WHEN 2 THEN TRUE WHEN 0 THEN FALSE END"


def _expressions(marks: list[Mark], given: Collection[str], *, insured: bool) -> Mapping[str, str]:
    """Return fact column → SQL over `named` and `enrolled`; facts that no file can give are absent."""
    born = "CAST(SUBSTRING(named.id_number, 7, 8) AS BIGINT)"
    values = {
        "birth_first": born,
        "birth_last": born,
        "sex": "CASE WHEN CAST(SUBSTRING(named.id_number, 17, 1) AS BIGINT) % 2 = 1 THEN 'male' ELSE 'female' END",
        **{column: f"named.{column}" for column in _FROM_APPLICATION if column != "subsidised"},
        "subsidised_now": "named.subsidised",
        "identity_zero_employment": "CASE WHEN named.claims_zero_employment = 1 THEN TRUE END",
        "identity_childless": "CASE WHEN named.claims_childless = 1 THEN TRUE END",
    }
    if insured:
        for column in ("scheme", "insured_locality", "participation_type", "paid_months"):
            values[column] = f"COALESCE(enrolled.{column}, named.{column})"
        values["chosen_tier_fen"] = "COALESCE(named.chosen_tier_fen, enrolled.chosen_tier_fen)"
        values |= {status: f"enrolled.{status}" for status in _STATUSES}
    for number, mark in enumerate(marks):
        if mark.kind in given:
            # On the roster under an unknown condition is neither yes nor no; not on it at all is no.
            values[mark.fact] = f"CASE named.listed_{number} WHEN 2 THEN TRUE WHEN 1 THEN CAST(NULL AS BOOLEAN) ELSE FALSE END"
        elif mark.fact.startswith("identity_"):
            values[mark.fact] = _truth(f"named.claimed_{number}")
        if mark.fact.startswith("identity_"):
            certificate = mark.fact.replace("identity_", "certificate_", 1)
            values[certificate] = f"CASE WHEN named.certificate_{number} = 1 THEN TRUE END"
    return values
