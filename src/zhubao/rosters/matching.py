"""Matching a list with the insured, with other departments' lists and with lists of events: one statement a question, all rows at once.

What is found becomes a difference of one person and kind. It stays open until somebody settles it or it is no longer found; the same
finding is found once. A person nobody has a record of is told apart from one of whom a record says that they are not enrolled.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import record
from zhubao.access.roles import Role
from zhubao.calendars import WorkingCalendar
from zhubao.language import Text
from zhubao.policies.claims import implements
from zhubao.programmes.selectors import area_of_region, parameter_book, policies_in
from zhubao.rules.policy import Policy
from zhubao.tasks.deadlines import Deadline, deadline
from zhubao.tasks.kinds import declare

from .comparing import standing_version
from .doubts import perhaps_corrected
from .due import role_of
from .models import LASTING, DifferenceKind, RosterList, RosterVersion

HELP = declare("roster-help", Text("帮助未参保人员参保", "help somebody on a list to enrol"))
SETTLE = declare("roster-difference", Text("核对名册差异", "clear up a difference of a list"))
MUNICIPALITIES: Final = ("11", "12", "31", "50")
AGED_FROM: Final = 60
# Who owes the answer: the township helps, the department puts its list right, the agency decides on the rest.
OF_TOWNSHIP: Final = (DifferenceKind.NOT_ENROLLED,)
OF_DEPARTMENT: Final = (DifferenceKind.DECEASED, DifferenceKind.NAME, DifferenceKind.REJECTED)

# The scheme that speaks first: the employee scheme anywhere excludes.
_RECORDS = """
CREATE TEMPORARY TABLE roster_matching ON COMMIT DROP AS
SELECT row.id, row.number_index, row.number_masked, row.name, row.region_code, row.person_id, row.born,
    person.died_on, person.name AS registered_name,
    employee.id IS NOT NULL AS employee, employee.insured_area AS employee_area,
    resident.id IS NOT NULL AS resident, resident.insured_area AS resident_area,
    none.id IS NOT NULL AS said_none,
    COALESCE(resident.receiving_pension, employee.receiving_pension, none.receiving_pension, FALSE) AS receiving,
    (employee.student IS TRUE OR resident.student IS TRUE OR none.student IS TRUE) AS student,
    (employee.military IS TRUE OR resident.military IS TRUE OR none.military IS TRUE) AS military,
    (employee.imprisoned IS TRUE OR resident.imprisoned IS TRUE OR none.imprisoned IS TRUE) AS imprisoned,
    (employee.deceased IS TRUE OR resident.deceased IS TRUE OR none.deceased IS TRUE) AS deceased
FROM rosters_rosterrow AS row
LEFT JOIN people_person AS person ON person.id = row.person_id
LEFT JOIN LATERAL (
    SELECT * FROM people_insuredrecord AS record WHERE record.person_id = row.person_id AND record.superseded_at IS NULL
        AND record.scheme IN ('employee_pension', 'institution_pension') ORDER BY record.scheme LIMIT 1) AS employee ON TRUE
LEFT JOIN people_insuredrecord AS resident ON resident.person_id = row.person_id AND resident.superseded_at IS NULL
    AND resident.scheme = 'resident_pension'
LEFT JOIN people_insuredrecord AS none ON none.person_id = row.person_id AND none.superseded_at IS NULL AND none.scheme = 'none'
WHERE row.version_id = %(version)s
"""
_ENROLMENT = """
UPDATE rosters_rosterrow AS row SET enrolment = told.enrolment
FROM (
    SELECT id, CASE
        WHEN employee THEN 'employee'
        WHEN born + interval '60 years' <= %(on)s THEN 'aged'
        WHEN resident AND (resident_area = '' OR resident_area = %(county)s) THEN 'here'
        WHEN resident AND resident_area LIKE %(city)s || '%%' THEN 'in_city'
        WHEN resident THEN 'elsewhere'
        WHEN said_none THEN 'none'
        ELSE 'no_record' END AS enrolment
    FROM roster_matching) AS told
WHERE row.id = told.id AND row.version_id = %(version)s AND row.enrolment <> told.enrolment
"""
_CIRCUMSTANCE = """
    SELECT found.*, COALESCE(event.source, '') || COALESCE(' ' || event.starts_on::text, '') AS told FROM roster_matching AS found
    LEFT JOIN people_circumstance AS event ON event.person_id = found.person_id AND event.withdrawn_at IS NULL
        AND event.kind = '{0}' AND (event.starts_on IS NULL OR event.starts_on <= %(on)s)
        AND (event.ends_on IS NULL OR event.ends_on >= %(on)s)
    WHERE event.value = 1 OR (event.id IS NULL AND found.{0})"""
_ROW = "found.id, found.number_index, found.number_masked, found.name, found.region_code, found.person_id"
_FOUND: Final[dict[str, str]] = {
    DifferenceKind.NOT_ENROLLED: f"""
        SELECT {_ROW}, CASE row.enrolment WHEN 'none' THEN '' ELSE 'no-record' END AS detail
        FROM roster_matching AS found JOIN rosters_rosterrow AS row ON row.id = found.id
        WHERE row.enrolment IN ('none', 'no_record') AND (found.person_id IS NULL OR found.person_id <> ALL(%(helped)s::bigint[]))""",
    DifferenceKind.IN_CITY: f"""
        SELECT {_ROW}, found.resident_area FROM roster_matching AS found JOIN rosters_rosterrow AS row ON row.id = found.id
        WHERE row.enrolment = 'in_city'""",
    DifferenceKind.ELSEWHERE: f"""
        SELECT {_ROW}, found.resident_area FROM roster_matching AS found JOIN rosters_rosterrow AS row ON row.id = found.id
        WHERE row.enrolment = 'elsewhere'""",
    DifferenceKind.EMPLOYEE: f"SELECT {_ROW}, found.employee_area FROM roster_matching AS found WHERE found.employee",
    DifferenceKind.STUDENT: f"SELECT {_ROW}, found.told FROM ({_CIRCUMSTANCE.format('student')}) AS found",
    DifferenceKind.MILITARY: f"SELECT {_ROW}, found.told FROM ({_CIRCUMSTANCE.format('military')}) AS found",
    DifferenceKind.IMPRISONED: f"SELECT {_ROW}, found.told FROM ({_CIRCUMSTANCE.format('imprisoned')}) AS found",
    DifferenceKind.DECEASED: f"""
        SELECT {_ROW}, COALESCE(found.died_on::text, '') FROM roster_matching AS found
        WHERE found.died_on <= %(on)s OR found.deceased""",
    DifferenceKind.AGED: f"""
        SELECT {_ROW}, found.born::text FROM roster_matching AS found
        WHERE found.born + interval '60 years' <= %(on)s AND NOT found.receiving AND NOT found.employee""",
    DifferenceKind.NAME: f"""
        SELECT {_ROW}, '' FROM roster_matching AS found WHERE found.registered_name <> found.name""",
}
_KEPT = """
    SELECT 1 FROM rosters_difference AS past
    WHERE past.roster_id = %(roster)s AND past.kind = %(kind)s AND past.number_index = found.number_index
        AND (past.state = 'open' OR past.state = 'settled' AND past.detail = left(found.detail, 200)
            AND past.outcome = ANY(%(lasting)s))"""
_INSERT = f"""
INSERT INTO rosters_difference (
    region_code, roster_id, version_id, person_id, number_index, number_masked, name, kind, detail, other_id, prevailing,
    prevailing_by, role, organisation_id, found_on, found_at, due_on, state, outcome, reason, evidence)
SELECT region_code, %(roster)s, %(version)s, person_id, number_index, number_masked, name, %(kind)s, left(detail, 200), other_id,
    prevailing, prevailing_by, %(role)s, %(organisation)s, %(on)s, %(now)s, %(due)s, 'open', '', '', ''
FROM ({{0}}) AS found WHERE NOT EXISTS ({_KEPT})
RETURNING id, region_code
"""
_GONE = """
UPDATE rosters_difference AS past SET state = 'gone', ended_at = %(now)s
WHERE past.roster_id = %(roster)s AND past.kind = %(kind)s AND past.state = 'open'
    AND NOT EXISTS (SELECT 1 FROM ({0}) AS found WHERE found.number_index = past.number_index)
RETURNING id
"""
_STILL = """
UPDATE rosters_difference SET version_id = %(version)s
WHERE roster_id = %(roster)s AND state = 'open' AND version_id <> %(version)s
"""
_TASKS = """
INSERT INTO tasks_task (region_code, kind, subject, role, organisation_id, due_on, due_arithmetic, provisional, opened_at)
SELECT region_code, %(task)s, 'roster-difference:' || id, %(role)s, %(organisation)s, %(due)s, %(arithmetic)s::jsonb, %(provisional)s,
    %(now)s
FROM unnest(%(ids)s::bigint[], %(places)s::text[]) AS made(id, region_code)
ON CONFLICT DO NOTHING
"""
_CLOSE = """
UPDATE tasks_task SET closed_at = %(now)s WHERE closed_at IS NULL AND subject = ANY(
    SELECT 'roster-difference:' || id FROM unnest(%(ids)s::bigint[]) AS gone(id))
"""


class Matched(NamedTuple):
    """What a matching found anew by kind, and how many differences are no longer found."""

    opened: dict[str, int]
    gone: int


class _Owed(NamedTuple):
    """Who owes the answer to a kind of difference, by when, and under which task."""

    role: str
    organisation_id: int | None
    task: str
    deadline: Deadline


@implements("gz-1a", "gz-10c", "gz-12a", "gz-12b", "ps-3.2a", "jx-2.5b", as_="action")
@transaction.atomic
def match_version(version: RosterVersion, on: date, *, helped: Collection[int] = (), actor: Actor, now: datetime) -> Matched:
    """Match the version of a list that counts with everything on record on a day; differences and their tasks are opened and ended.

    `helped`: people somebody is helping to enrol already, who are not asked about a second time. Matching the same again changes
    nothing. A version that does not count is not matched.
    """
    roster = version.roster
    opened: dict[str, int] = {}
    if standing_version(roster) != version:
        return Matched(opened, 0)
    county = roster.region_code[:6]
    values: dict[str, Any] = {
        "version": version.pk,
        "roster": roster.pk,
        "on": on,
        "county": county,
        "city": county[:2] if county.startswith(MUNICIPALITIES) else county[:4],
        "now": now,
        "lasting": [str(each) for each in LASTING],
        "helped": list(helped),
        "corrected": [row for row, _before in perhaps_corrected(version)],
    }
    owed = _owed(roster, on)
    gone = 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS roster_matching")
        cursor.execute(_RECORDS, values)
        cursor.execute("CREATE UNIQUE INDEX ON roster_matching (number_index)")
        cursor.execute("ANALYZE roster_matching, rosters_difference")
        cursor.execute(_ENROLMENT, values)
        for kind, query in _questions(roster).items():
            mine = owed[kind]
            named = {**values, "kind": str(kind), "role": mine.role, "organisation": mine.organisation_id}
            named["due"] = mine.deadline.due_on
            cursor.execute(_GONE.format(query), named)
            ended = [key for (key,) in cursor.fetchall()]
            cursor.execute(_CLOSE, {"ids": ended, "now": now})
            gone += len(ended)
            cursor.execute(_INSERT.format(query), named)
            made = cursor.fetchall()
            opened[str(kind)] = len(made)
            cursor.execute(_TASKS, {**named, **_task(mine), "ids": [key for key, _ in made], "places": [at for _, at in made]})
        cursor.execute(_STILL, values)
        cursor.execute("DROP TABLE roster_matching")
    version.matched_at = now
    version.save(update_fields=["matched_at"])
    found = {kind: count for kind, count in opened.items() if count}
    after = {"on": on.isoformat(), "opened": found, "gone": gone}
    record("roster_version.matched", version.subject, actor=actor, now=now, region_code=roster.region_code, after=after)
    return Matched(found, gone)


@implements("gz-12a", "ps-3.2a", as_="feature")
def match_region(region_code: str, on: date, *, helped: Collection[int] = (), actor: Actor, now: datetime) -> dict[int, Matched]:
    """Match every list of a region whose version counts, and return what was found by the key of its version; one transaction each."""
    actor.require_role(Role.AGENCY_REVIEWER, Role.AGENCY_INTAKE)
    actor.require_region(region_code)
    found = {}
    for roster in RosterList.objects.in_region(actor, region_code).select_related("organisation"):
        version = standing_version(roster)
        if version is not None:
            found[version.pk] = match_version(version, on, helped=helped, actor=actor, now=now)
    return found


def _questions(roster: RosterList) -> dict[str, str]:
    """Return for each kind the query of the people it holds for, with the columns of a difference."""
    plain = "SELECT id, number_index, number_masked, name, region_code, person_id, {0} AS detail"
    none = ", NULL::bigint AS other_id, '' AS prevailing, '' AS prevailing_by"
    queries: dict[str, str] = {}
    for kind, query in _FOUND.items():
        queries[kind] = (
            f"SELECT *{none} FROM ({query}) AS found(id, number_index, number_masked, name, region_code, person_id, detail)"
        )
    queries[DifferenceKind.NUMBER] = (
        f"{plain.format(chr(39) * 2)}{none} FROM roster_matching AS found WHERE found.id = ANY(%(corrected)s)"
    )
    queries[DifferenceKind.REJECTED] = _rejected(none)
    queries[DifferenceKind.OVERLAP] = _overlaps(roster)
    return queries


def _rejected(none: str) -> str:
    """Return the query of rows that cannot be used; one without a number is known by its cell and name."""
    return (
        "SELECT DISTINCT ON (number_index) * FROM (SELECT NULL::bigint AS id,"
        " COALESCE(number_index, sha256(convert_to(sheet || cell || name, 'UTF8'))) AS number_index, left(content, 18) AS number_masked,"
        " name, %(county)s AS region_code, NULL::bigint AS person_id, trim(sheet || ' ' || cell) || ' ' || code AS detail"
        f"{none} FROM rosters_rejectedrow WHERE version_id = %(version)s) AS refused ORDER BY number_index, detail"
    )


def _overlaps(roster: RosterList) -> str:
    """Return the query of people who stand on another list too, each with the category that is paid by the documents' order."""
    order, clause = order_of(roster.region_code)
    versions = [(each, standing_version(each)) for each in RosterList.objects.filter(region_code=roster.region_code)]
    others = [(each, version.pk) for each, version in versions if version is not None and each.pk != roster.pk]
    cases = "".join(f" WHEN '{category}' THEN {at}" for at, category in enumerate(order))
    rank = f"CASE {{0}}{cases} ELSE 99 END" if cases else "99"
    listed = ", ".join(f"({each.pk}, {version}, '{each.category}')" for each, version in others) or "(0, 0, '')"
    mine = roster.category
    return f"""
        SELECT DISTINCT ON (found.number_index) {_ROW}, other.category AS detail, other.list_id AS other_id,
            CASE WHEN {rank.format(f"'{mine}'")} <= {rank.format("other.category")} THEN '{mine}' ELSE other.category END AS prevailing,
            CASE WHEN 99 IN ({rank.format(f"'{mine}'")}, {rank.format("other.category")}) THEN '' ELSE '{clause}' END AS prevailing_by
        FROM roster_matching AS found
        JOIN rosters_rosterrow AS row ON row.number_index = found.number_index
        JOIN (VALUES {listed}) AS other(list_id, version_id, category) ON other.version_id = row.version_id
        WHERE other.category <> '{mine}'
        ORDER BY found.number_index, {rank.format("other.category")}, other.list_id"""


def order_of(region_code: str) -> tuple[tuple[str, ...], str]:
    """Return the categories in the order in which one benefit is paid in a place, and the clause that says so; ((), "") without one."""
    for policy in policies_in(area_of_region(region_code)):
        order = ranked_categories(policy)
        if order:
            clause = next((each.id for each in policy.clauses if each.kind == "priority"), policy.id)
            return order, clause
    return (), ""


def ranked_categories(policy: Policy) -> tuple[str, ...]:
    """Return the categories of a document of contributions on behalf in the order in which they are paid."""
    ranked = policy.derivations.get("category_code")
    if policy.kind != "assistance" or ranked is None:
        return ()
    from sqlglot import exp

    said = [case.args["true"] for case in ranked.node.find_all(exp.If)]
    return tuple(dict.fromkeys(str(each.this) for each in said if isinstance(each, exp.Literal)))


def _owed(roster: RosterList, on: date) -> dict[str, _Owed]:
    area, book, calendar = area_of_region(roster.region_code), parameter_book(), WorkingCalendar.built_in()
    helped = deadline("roster_help_days", 10, "calendar", on, area, book)
    cleared = deadline("roster_difference_days", 10, "working", on, area, book, calendar=calendar)
    owed = {}
    for kind in DifferenceKind:
        if kind in OF_TOWNSHIP:
            owed[str(kind)] = _Owed(Role.TOWNSHIP_CLERK, None, HELP, helped)
        elif kind in OF_DEPARTMENT:
            owed[str(kind)] = _Owed(role_of(roster), roster.organisation_id, SETTLE, cleared)
        else:
            owed[str(kind)] = _Owed(Role.AGENCY_REVIEWER, None, SETTLE, cleared)
    return owed


def _task(owed: _Owed) -> dict[str, Any]:
    import json

    return {"task": owed.task, "arithmetic": json.dumps(owed.deadline.arithmetic), "provisional": owed.deadline.provisional}
