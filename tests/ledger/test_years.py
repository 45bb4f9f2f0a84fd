"""The ledger by years: where a posting lies, what a key may be used for, and how a year is made ready."""

import importlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhubao.access.actors import Actor
from zhubao.errors import ZhubaoError
from zhubao.ledger.actions import Line, post, post_new, prepare_years, reverse
from zhubao.ledger.chart import Party
from zhubao.ledger.models import Posting

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SYSTEM = Actor.system("test")
DRAW = Line(
    region_code="320682",
    on=date(2026, 3, 1),
    party=Party.BANK,
    debit="loan_principal",
    credit="card_deposit",
    amount_fen=840_000,
    source="loan",
    subject="loan:RG1",
    kind="draw.bank",
    entry="2026-1",
    party_reference="organisation:1",
)


def where() -> dict[date, str]:
    """Return the table each posting lies in, by its day."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT "on", tableoid::regclass::text FROM ledger_posting')
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_a_posting_lies_with_the_others_of_its_year() -> None:
    days = [date(2020, 1, 1), date(2025, 12, 31), date(2026, 1, 1), date(1999, 6, 1)]
    post([replace(DRAW, on=day, entry=f"{day}/1") for day in days], actor=SYSTEM, now=NOW)
    assert where() == {
        date(2020, 1, 1): "ledger_posting_2020",
        date(2025, 12, 31): "ledger_posting_2025",
        date(2026, 1, 1): "ledger_posting_2026",
        date(1999, 6, 1): "ledger_posting_default",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("other", [date(2026, 3, 2), date(2025, 3, 1)], ids=["同年 the same year", "他年 another year"])
def test_a_key_is_not_used_for_two_days(other: date) -> None:
    post([DRAW], actor=SYSTEM, now=NOW)
    again = replace(DRAW, on=other)
    with pytest.raises(ZhubaoError, match="E-LEDGER-KEY"):
        post([again], actor=SYSTEM, now=NOW)
    with pytest.raises(ZhubaoError, match="E-LEDGER-KEY"):
        post_new([again], actor=SYSTEM, now=NOW)
    assert [row.on for row in Posting.objects.all()] == [DRAW.on]


@pytest.mark.django_db
def test_a_posting_is_taken_back_once_whatever_the_day() -> None:
    (made,) = post([DRAW], actor=SYSTEM, now=NOW)
    (back,) = reverse("loan", "loan:RG1", entry="2026-1", on=date(2026, 3, 5), actor=SYSTEM, now=NOW)
    content = {field.attname: getattr(back, field.attname) for field in Posting._meta.concrete_fields if field.attname != "id"}
    with pytest.raises(IntegrityError, match="taken back before"), transaction.atomic():
        Posting.objects.create(**{**content, "on": date(2027, 1, 1), "entry": "another"})
    with pytest.raises(IntegrityError, match="no posting"), transaction.atomic():
        Posting.objects.create(**{**content, "entry": "another", "reverses_id": back.pk + 1})
    with pytest.raises(IntegrityError, match="no posting"), transaction.atomic():
        Posting.objects.create(**{**content, "subject": "loan:RG2", "reverses_id": back.pk})
    assert made.reversed_by == back


@pytest.mark.django_db
def test_what_is_read_of_a_year_is_looked_up_in_that_year() -> None:
    rows = Posting.objects.of("loan", "loan:RG1").filter(on__range=(date(2026, 1, 1), date(2026, 12, 31)))
    plan = rows.explain()
    assert "ledger_posting_2026" in plan
    assert "ledger_posting_2025" not in plan
    assert "ledger_posting_default" not in plan


@pytest.mark.django_db(transaction=True)
def test_a_year_nobody_prepared_is_moved_from_the_default_table() -> None:
    try:
        far = [date(2062, 5, 1), date(2063, 5, 1)]
        before = post([replace(DRAW, on=day, entry=f"{day}/1") for day in far], actor=SYSTEM, now=NOW)
        assert set(where().values()) == {"ledger_posting_default"}
        assert prepare_years(date(2062, 12, 31)) == [2062, 2063]
        assert where() == {far[0]: "ledger_posting_2062", far[1]: "ledger_posting_2063"}
        assert list(Posting.objects.order_by("pk")) == before
        assert prepare_years(date(2062, 12, 31)) == []
        with pytest.raises(Exception, match="takes new rows only"), transaction.atomic():
            Posting.objects.filter(on=far[0]).delete()
        with pytest.raises(IntegrityError, match="posting_two_accounts"), transaction.atomic():
            Posting.objects.bulk_create([Posting(**{**_content(before[0]), "credit": "loan_principal", "entry": "another"})])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS ledger_posting_2062, ledger_posting_2063")


def _content(row: Posting) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in Posting._meta.concrete_fields if field.attname != "id"}


@pytest.mark.django_db
def test_a_ledger_of_before_keeps_its_rows() -> None:
    """A plain table like that of the first release, in a schema of its own, goes through the migration."""
    modules = [
        importlib.import_module(f"zhubao.ledger.migrations.{name}") for name in ("0002_append_only", "0003_partition_by_year")
    ]
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA before; SET LOCAL search_path TO before, public")
        cursor.execute(
            """
            CREATE TABLE ledger_posting (LIKE public.ledger_posting);
            ALTER TABLE ledger_posting ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
            ALTER TABLE ledger_posting ADD PRIMARY KEY (id);
            ALTER TABLE ledger_posting ADD CONSTRAINT posting_once UNIQUE (source, subject, kind, entry);
            """
        )
        cursor.execute(modules[0].REFUSE)
        days = [date(2019, 7, 1), date(2026, 3, 1), date(2021, 12, 20), date(2026, 3, 5)]
        rows = [
            Posting(**{**_line(day), "entry": f"{day}/1", "reverses_id": 2 if number == 4 else None})
            for number, day in enumerate(days, start=1)
        ]
        Posting.objects.bulk_create(rows)
        before = list(Posting.objects.order_by("pk").values())
        cursor.execute(modules[1].PARTITION)
        assert list(Posting.objects.order_by("pk").values()) == before
        assert where() == {day: f"ledger_posting_{day.year}" for day in days}
        made = Posting.objects.create(**{**_line(days[1]), "entry": "next"})
        assert made.pk == before[-1]["id"] + 1
        with pytest.raises(IntegrityError, match="taken back before"), transaction.atomic():
            Posting.objects.create(**{**_line(days[1]), "entry": "again", "reverses_id": 2})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; DROP SCHEMA before CASCADE")


def _line(day: date) -> dict[str, object]:
    return {
        "region_code": "320682", "on": day, "party": "bank", "party_reference": "organisation:1", "booked_on": day, "debit": "loan_principal",
        "credit": "card_deposit", "amount_fen": 1, "source": "loan", "subject": "loan:RG1", "kind": "draw.bank", "posted_at": NOW,
        "actor_name": "test",
    }  # fmt: skip


@pytest.mark.django_db
def test_many_postings_are_made_with_one_statement_whatever_their_years() -> None:
    lines = [replace(DRAW, on=date(year, 1, 1), entry=f"{year}-01-01/1") for year in range(2020, 2027)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert post_new(lines, actor=SYSTEM, now=NOW) == 7
    assert [query["sql"] for query in asked if "SELECT" in query["sql"]] == []
    assert len(set(where().values())) == 7


@pytest.mark.django_db
def test_a_posting_has_its_key_for_an_index_and_what_was_taken_back_another() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'ledger_posting' ORDER BY 1")
        assert [name for (name,) in cursor.fetchall()] == ["posting_once", "posting_taken_back"]
