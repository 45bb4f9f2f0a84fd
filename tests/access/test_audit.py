"""The audit chain: what was written stays as it was, and a chain cut anywhere says where."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from zhubao.access.actors import Actor
from zhubao.access.audit import BrokenLink, broken_links, record
from zhubao.access.models import AuditEntry

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")
NOON = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)
STATEMENTS = [
    pytest.param("UPDATE access_auditentry SET reason = 'x'", id="改写"),
    pytest.param("DELETE FROM access_auditentry", id="删除"),
    pytest.param("TRUNCATE access_auditentry", id="清空"),
]


def three_entries(region: str = "320682") -> list[AuditEntry]:
    """Write three entries of one county."""
    return [
        record("case.opened", f"case:{number}", actor=ACTOR, now=NOON, region_code=region, after={"amount_fen": 100 * number})
        for number in (1, 2, 3)
    ]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_table_takes_new_rows_only(statement: str) -> None:
    three_entries()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE access_auditentry ENABLE TRIGGER audit_no_truncate")
        with pytest.raises(DatabaseError, match="takes new rows only"), transaction.atomic():
            cursor.execute(statement)
    assert AuditEntry.objects.count() == 3


def test_each_entry_seals_the_one_before() -> None:
    first, second, third = three_entries()
    assert first.previous_seal == ""
    assert (second.previous_seal, third.previous_seal) == (first.seal, second.seal)
    assert list(broken_links()) == []


def test_an_entry_with_the_numbers_of_twelve_lines_is_read_as_it_was_sealed() -> None:
    """JSON makes words of numbers that are keys, and "10" stands before "2"."""
    refused = dict.fromkeys(range(1, 13), "E-LINE-YEAR")
    record("envelope.finished", "envelope:1", actor=ACTOR, now=NOON, region_code="320682", after={"refused": refused})
    assert list(broken_links()) == []


def test_counties_have_chains_of_their_own() -> None:
    three_entries("320682")
    entry = record("case.opened", "case:9", actor=ACTOR, now=NOON, region_code="500243101")
    assert (entry.chain, entry.number, entry.previous_seal) == ("500243", 1, "")


@pytest.mark.clauses("rg-23a")
@pytest.mark.parametrize(
    ("harm", "found"),
    [
        pytest.param(
            "UPDATE access_auditentry SET after = '{}' WHERE number = 2", BrokenLink("320682", 2, "changed"), id="改了内容"
        ),
        pytest.param("DELETE FROM access_auditentry WHERE number = 2", BrokenLink("320682", 2, "missing"), id="抽走一条"),
        pytest.param(
            "UPDATE access_auditentry SET actor_name = '别人' WHERE number = 3", BrokenLink("320682", 3, "changed"), id="换了人"
        ),
    ],
)
def test_what_an_administrator_changed_behind_the_trigger_is_found(harm: str, found: BrokenLink) -> None:
    three_entries()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE access_auditentry DISABLE TRIGGER audit_no_change")
        cursor.execute(harm)
    assert next(broken_links("320682")) == found
    assert list(broken_links("500243")) == []
