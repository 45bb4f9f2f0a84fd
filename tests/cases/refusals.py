"""A refused request changes nothing: every row of every table is the same before and after."""

from typing import Any

import pytest

from tests.rows import rows_of
from zhubao.errors import ZhubaoError


def all_rows() -> dict[str, list[str]]:
    """Return the rows of every table that casework may write, by table."""
    return rows_of("access", "cases", "evidence", "ledger", "notices", "people", "programmes", "tasks")


def denied(code: str, action: Any, *arguments: Any, besides: tuple[str, ...] = (), **named: Any) -> ZhubaoError:
    """Ask for something that is refused with `code`; nothing may have changed but the tables `besides`. Return the error."""
    before = all_rows()
    with pytest.raises(ZhubaoError) as refusal:
        action(*arguments, **named)
    assert refusal.value.code == code, refusal.value
    after = all_rows()
    assert {table for table in before if after[table] != before[table]} == set(besides)
    return refusal.value
