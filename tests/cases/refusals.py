"""A refused request changes nothing: every row of every table is the same before and after."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from zhubao.errors import ZhubaoError

OWN = ("access", "cases", "evidence", "ledger", "notices", "people", "programmes", "tasks")


def all_rows() -> dict[str, list[Any]]:
    """Return the rows of every table that casework may write, by table."""
    return {model._meta.db_table: rows_of(model) for label in OWN for model in apps.get_app_config(label).get_models()}


def rows_of(model: type[models.Model]) -> list[Any]:
    """Return the rows of one table as text, in the order of their keys."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
        return [text for (text,) in cursor.fetchall()]


def denied(code: str, action: Any, *arguments: Any, besides: tuple[str, ...] = (), **named: Any) -> ZhubaoError:
    """Ask for something that is refused with `code`; nothing may have changed but the tables `besides`. Return the error."""
    before = all_rows()
    with pytest.raises(ZhubaoError) as refusal:
        action(*arguments, **named)
    assert refusal.value.code == code, refusal.value
    after = all_rows()
    assert {table for table in before if after[table] != before[table]} == set(besides)
    return refusal.value
