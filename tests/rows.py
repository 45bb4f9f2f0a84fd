"""Every row of some tables: what a refused request must leave as it was."""

from functools import cache

from django.db import connection


def rows_of(*apps: str) -> dict[str, list[str]]:
    """Return the rows of all tables of some apps (or of single tables, by their full names) as text, by table."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(apps))
        return dict(cursor.fetchall())


@cache
def _statement(apps: tuple[str, ...]) -> str:
    """Return one query for all of them: it is asked thousands of times."""
    starts = tuple(f"{app}_" for app in apps)
    names = [name for name in connection.introspection.table_names() if name.startswith(starts) or name in apps]
    return " UNION ALL ".join(
        f"SELECT '{name}', (SELECT coalesce(array_agg(row::text ORDER BY row::text), '{{}}') FROM \"{name}\" AS row)"
        for name in names
    )
