"""Many rows of one table at a time: read in by COPY, changed by one statement a batch."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, cast

from django.db import connection, models

BATCH = 5000
Listed = TypeVar("Listed")


def batches(listed: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    """Yield a list in parts that fit one statement."""
    return (listed[at : at + BATCH] for at in range(0, len(listed), BATCH))


def add_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows whose values stand in the order of the fields `names`; the table's constraints hold as for any row."""
    columns = ", ".join(_quoted(str(each.column)) for each in _fields(model, names))
    with connection.cursor() as cursor, cursor.copy(f"COPY {_quoted(model._meta.db_table)} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def change_rows(model: type[models.Model], rows: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write the fields `names` of rows that are there."""
    table = _quoted(model._meta.db_table)
    fields = _fields(model, names)
    types = [str(each.db_type(connection)).partition("(")[0] for each in fields]
    arrays = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for kind in types)])
    sets = ", ".join(f"{_quoted(str(each.column))} = given.c{at}" for at, each in enumerate(fields))
    given = ", ".join(["key", *(f"c{at}" for at in range(len(fields)))])
    statement = f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS given({given}) WHERE {table}.id = given.key"
    with connection.cursor() as cursor:
        for batch in batches(rows):
            values = [[getattr(row, each.attname) for row in batch] for each in fields]
            cursor.execute(statement, [[row.pk for row in batch], *values])


def _fields(model: type[models.Model], names: Sequence[str]) -> list["models.Field[Any, Any]"]:
    return [cast("models.Field[Any, Any]", model._meta.get_field(name)) for name in names]


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
