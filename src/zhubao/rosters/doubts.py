"""People of a version about whom something has to be cleared up before their identity begins or ends."""

from django.db import connection

from .models import ChangeKind, Difference, DifferenceKind, DifferenceState, Outcome, RosterChange, RosterVersion

# Somebody new whose name and village are those of somebody who left: perhaps the same person with a corrected number.
_PERHAPS_CORRECTED = """
SELECT DISTINCT ON (new_row.id) new_row.id, old_row.id
FROM rosters_rosterchange AS come
JOIN rosters_rosterrow AS new_row ON new_row.id = come.row_id
JOIN rosters_rosterchange AS gone ON gone.version_id = come.version_id AND gone.kind = 'left'
JOIN rosters_rosterrow AS old_row ON old_row.id = gone.before_id
WHERE come.version_id = %s AND come.kind = 'entered' AND come.person_id IS NULL
    AND old_row.name = new_row.name AND old_row.township = new_row.township AND old_row.village = new_row.village
ORDER BY new_row.id, abs(old_row.born - new_row.born), old_row.id
"""


def perhaps_corrected(version: RosterVersion) -> list[tuple[int, int]]:
    """Return pairs of rows (on this version, on the one before) that may be one person with a corrected number."""
    with connection.cursor() as cursor:
        cursor.execute(_PERHAPS_CORRECTED, [version.pk])
        pairs: list[tuple[int, int]] = cursor.fetchall()
    return pairs


def doubted_rows(version: RosterVersion) -> set[tuple[str, int]]:
    """Return the sheet and row of people not registered while it is open whether their number was corrected."""
    settled = Difference.objects.filter(roster=version.roster_id, kind=DifferenceKind.NUMBER, state=DifferenceState.SETTLED)
    cleared = {bytes(index) for index in settled.filter(outcome__in=CLEARED).values_list("number_index", flat=True)}
    rows = version.rows.in_bulk([row for row, _before in perhaps_corrected(version)])
    return {(row.sheet, row.row) for row in rows.values() if bytes(row.number_index) not in cleared}


CLEARED = (Outcome.SAME_PERSON, Outcome.OTHER_PERSON)


def held_people(version: RosterVersion) -> set[int]:
    """Return the people who keep their identity although the version does not name them so that they can be found."""
    held = set(version.changes.filter(kind=ChangeKind.HELD, person__isnull=False).values_list("person_id", flat=True))
    doubted = doubted_rows(version)
    pairs = [(new, old) for new, old in perhaps_corrected(version)]
    new_rows = version.rows.in_bulk([new for new, _old in pairs])
    old = [before for new, before in pairs if (new_rows[new].sheet, new_rows[new].row) in doubted]
    held |= set(
        RosterChange.objects.filter(version=version, before_id__in=old, person__isnull=False).values_list("person_id", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row.person_id FROM rosters_rosterrow AS row JOIN people_person AS person ON person.id = row.person_id"
            " WHERE row.version_id = %s AND row.name <> person.name",
            [version.pk],
        )
        held |= {person for (person,) in cursor.fetchall()}
    return held
