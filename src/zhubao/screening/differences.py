"""What does not fit together across the files: two names, the same person twice, roster and employee scheme, the deceased."""

from typing import Final

from zhubao.language import Text

from .engines import Step

KINDS: Final = {
    "two_names": Text("同号不同名", "same number, two names"),
    "twice": Text("同一名册重复", "same person twice on one kind of roster"),
    "employee_scheme": Text("在名册上又参加企业职工养老", "on the roster and in the employee scheme"),
    "deceased": Text("已死亡", "deceased"),
}


def difference_steps(*, insured: bool) -> list[Step]:
    """Return named queries; the last, `differences`, has one row an occurrence: kind, id_number, origin (1 = insured file), source, row, name.

    They read `roster_rows` and, with `insured`, `insured_rows`, and look only at people named in a roster.
    """
    columns = 'id_number, name, kind, source, "row"'
    insured_rows = f"UNION ALL SELECT {columns}, 1 AS origin, scheme, status FROM insured_rows" if insured else ""
    occurrences = f"""
        SELECT rows_of_all.* FROM (
            SELECT {columns}, 0 AS origin, CAST(NULL AS VARCHAR) AS scheme, CAST(NULL AS VARCHAR) AS status FROM roster_rows
            {insured_rows}
        ) AS rows_of_all
        WHERE id_number IN (SELECT id_number FROM roster_rows)"""
    # Blanks and the many forms of the middle dot are no difference between names.
    bare = "REGEXP_REPLACE(name, '[\\s·•．.・]+', '', 'g')"
    people = f"""
        SELECT id_number,
            MIN({bare}) <> MAX({bare}) AS two_names,
            COALESCE(MAX(CASE WHEN scheme = 'employee_pension' AND origin = 1 THEN 1 END), 0)
                * COALESCE(MAX(CASE WHEN origin = 0 AND kind <> 'applicants' THEN 1 END), 0) = 1 AS employee_scheme,
            COALESCE(MAX(CASE WHEN status = 'deceased' THEN 1 END) = 1, FALSE) AS deceased
        FROM occurrences GROUP BY id_number"""
    twice = "SELECT id_number, kind FROM occurrences WHERE origin = 0 GROUP BY id_number, kind HAVING COUNT(*) > 1"
    parts = [
        f"""SELECT '{kind}' AS difference, occurrences.* FROM occurrences
            WHERE id_number IN (SELECT id_number FROM people_compared WHERE {kind})"""
        for kind in ("two_names", "employee_scheme", "deceased")
    ]
    parts.append(
        """SELECT 'twice' AS difference, occurrences.* FROM occurrences
            JOIN repeated ON repeated.id_number = occurrences.id_number AND repeated.kind = occurrences.kind
            WHERE origin = 0"""
    )
    return [
        ("occurrences", occurrences),
        ("people_compared", people),
        ("repeated", twice),
        ("differences", " UNION ALL ".join(parts)),
    ]
