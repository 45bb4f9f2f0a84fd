"""What changed between two versions of a list, by person: worked out by one statement however many rows there are."""

from typing import Any

from django.db import connection

from zhubao.policies.claims import implements

from .models import ChangeKind, RosterList, RosterVersion

# A person is the same on two versions by the register where known there, by the number otherwise.
_KEY = "COALESCE({0}.person_id::text, encode({0}.number_index, 'hex'))"
_STATEMENT = f"""
WITH
    now_on AS (SELECT row.*, {_KEY.format("row")} AS key FROM rosters_rosterrow AS row WHERE version_id = %(version)s),
    was_on AS (SELECT row.*, {_KEY.format("row")} AS key FROM rosters_rosterrow AS row WHERE version_id = %(previous)s),
    before_that AS (
        SELECT DISTINCT {_KEY.format("row")} AS key FROM rosters_rosterrow AS row
        JOIN rosters_rosterchange AS change ON change.before_id = row.id AND change.kind IN ('left', 'moved_out')
        JOIN rosters_rosterversion AS version ON version.id = change.version_id
        WHERE version.roster_id = %(roster)s AND version.entered_at IS NOT NULL AND version.id <> %(version)s),
    on_others AS (
        SELECT {_KEY.format("row")} AS key, min(list.category) AS category FROM rosters_rosterrow AS row
        JOIN rosters_rosterversion AS version ON version.id = row.version_id
        JOIN rosters_rosterlist AS list ON list.id = version.roster_id
        WHERE row.version_id = ANY(%(others)s) GROUP BY 1),
    left_others AS (
        SELECT {_KEY.format("row")} AS key, min(list.category) AS category FROM rosters_rosterchange AS change
        JOIN rosters_rosterrow AS row ON row.id = change.before_id
        JOIN rosters_rosterversion AS version ON version.id = change.version_id
        JOIN rosters_rosterlist AS list ON list.id = version.roster_id
        WHERE change.version_id = ANY(%(others)s) AND change.kind = 'left' GROUP BY 1),
    refused_numbers AS (
        SELECT DISTINCT number_index FROM rosters_rejectedrow WHERE version_id = %(version)s AND number_index IS NOT NULL),
    refused_names AS (
        SELECT DISTINCT name FROM rosters_rejectedrow WHERE version_id = %(version)s AND number_index IS NULL AND name <> ''),
    compared AS (
        SELECT
            now_on.id AS row_id, was_on.id AS before_id, COALESCE(now_on.person_id, was_on.person_id) AS person_id,
            COALESCE(now_on.key, was_on.key) AS key, was_on.name AS old_name, was_on.number_index AS old_number,
            CASE WHEN now_on.id IS NOT NULL AND was_on.id IS NOT NULL THEN array_remove(ARRAY[
                CASE WHEN now_on.name <> was_on.name THEN 'name' END,
                CASE WHEN now_on.number_index <> was_on.number_index THEN 'number' END,
                CASE WHEN (now_on.township, now_on.village) <> (was_on.township, was_on.village) THEN 'village' END,
                CASE WHEN now_on.account_index IS DISTINCT FROM was_on.account_index THEN 'account' END,
                CASE WHEN now_on.grade IS DISTINCT FROM was_on.grade THEN 'grade' END,
                CASE WHEN (now_on.starts_on, now_on.ends_on) IS DISTINCT FROM (was_on.starts_on, was_on.ends_on)
                    THEN 'days' END], NULL)
            ELSE '{{}}' END AS fields
        FROM now_on FULL JOIN was_on ON was_on.key = now_on.key),
    judged AS (
        SELECT compared.*, on_others.category AS moved_to, left_others.category AS moved_from,
            CASE
                WHEN before_id IS NULL AND before_that.key IS NOT NULL THEN 'returned'
                WHEN before_id IS NULL AND left_others.key IS NOT NULL THEN 'moved_in'
                WHEN before_id IS NULL THEN 'entered'
                WHEN row_id IS NULL AND on_others.key IS NOT NULL THEN 'moved_out'
                WHEN row_id IS NULL AND (refused_numbers.number_index IS NOT NULL OR refused_names.name IS NOT NULL) THEN 'held'
                WHEN row_id IS NULL THEN 'left'
                WHEN cardinality(fields) > 0 THEN 'changed'
            END AS kind
        FROM compared
        LEFT JOIN before_that ON before_that.key = compared.key
        LEFT JOIN on_others ON on_others.key = compared.key
        LEFT JOIN left_others ON left_others.key = compared.key
        LEFT JOIN refused_numbers ON refused_numbers.number_index = compared.old_number
        LEFT JOIN refused_names ON refused_names.name = compared.old_name)
INSERT INTO rosters_rosterchange (version_id, kind, row_id, before_id, person_id, fields, other_category)
SELECT %(version)s, kind, row_id, before_id, person_id, fields,
    COALESCE(CASE kind WHEN 'moved_in' THEN moved_from WHEN 'moved_out' THEN moved_to END, '')
FROM judged WHERE kind IS NOT NULL
ORDER BY kind, COALESCE(row_id, before_id)
"""


def standing_version(roster: RosterList) -> RosterVersion | None:
    """Return the version of a list that counts now: the last one certified and entered."""
    return roster.versions.filter(entered_at__isnull=False).order_by("-number").first()


def standing_of_others(roster: RosterList) -> list[int]:
    """Return the versions that count now of the department's other lists in the county."""
    others = RosterList.objects.filter(region_code=roster.region_code, organisation=roster.organisation_id).exclude(pk=roster.pk)
    found = (standing_version(each) for each in others)
    return [version.pk for version in found if version is not None]


@implements("gz-12a", as_="feature")
def compare(version: RosterVersion) -> dict[str, int]:
    """Keep for each person how a version differs from its `previous` one, and return the counts by kind.

    The first version of a list differs from nothing: everybody on it has entered. Comparing again keeps the same rows anew.
    """
    version.changes.all().delete()
    values: dict[str, Any] = {
        "version": version.pk,
        "previous": version.previous_id,
        "roster": version.roster_id,
        "others": standing_of_others(version.roster),
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE rosters_rosterrow")
        cursor.execute(_STATEMENT, values)
        cursor.execute("SELECT kind, count(*) FROM rosters_rosterchange WHERE version_id = %s GROUP BY kind", [version.pk])
        found = dict(cursor.fetchall())
    return {kind: found.get(kind, 0) for kind in ChangeKind.values}
