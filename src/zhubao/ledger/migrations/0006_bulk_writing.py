"""The ledger's keys and checks in the shape that a month-end of a million loans can write.

The unique key begins with the subject, compared byte by byte, and ends with a mark of 64 bits in place of three texts: half as wide, and
still the index by which a thing's postings are found. Two keys of one subject and day that differ and have the same mark are not to be
expected in the life of any ledger; they would be refused, never let through twice.

The two checks that concern few rows are triggers with a condition after the row: a trigger before it, or a foreign key, would make the
database write row by row and remember each until the end.
"""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Func

CHANGE = """
ALTER TABLE ledger_posting DROP CONSTRAINT posting_once;
ALTER TABLE ledger_posting ALTER COLUMN subject TYPE varchar(60) COLLATE "C";
CREATE FUNCTION ledger_key_mark(kind text, entry text, source text) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT pg_catalog.hashtextextended(kind, pg_catalog.hashtextextended(entry, pg_catalog.hashtextextended(source, 0)))
$$;
CREATE UNIQUE INDEX posting_once ON ledger_posting (subject, "on", ledger_key_mark(kind, entry, source));
ANALYZE ledger_posting;

DROP TRIGGER posting_taken_back_once ON ledger_posting;
CREATE OR REPLACE FUNCTION ledger_take_back_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_posting.reverses', NEW.reverses_id));
    IF NOT EXISTS (SELECT FROM ledger_posting WHERE id = NEW.reverses_id) THEN
        RAISE EXCEPTION 'there is no posting % to take back', NEW.reverses_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM ledger_posting WHERE reverses_id = NEW.reverses_id AND id <> NEW.id) THEN
        RAISE EXCEPTION 'posting % was taken back before', NEW.reverses_id USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER posting_taken_back_once AFTER INSERT ON ledger_posting
    FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION ledger_take_back_once();

ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_posted_by_id_fk;
CREATE FUNCTION ledger_require_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM access_post WHERE id = NEW.posted_by_id FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no post % to post by', NEW.posted_by_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER posting_by_a_post AFTER INSERT ON ledger_posting
    FOR EACH ROW WHEN (NEW.posted_by_id IS NOT NULL) EXECUTE FUNCTION ledger_require_post();
CREATE FUNCTION ledger_keep_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_posting WHERE posted_by_id = OLD.id) THEN
        RAISE EXCEPTION 'post % has posted to the ledger', OLD.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER post_in_the_ledger_stays AFTER DELETE ON access_post FOR EACH ROW EXECUTE FUNCTION ledger_keep_post();
"""


class Migration(migrations.Migration):
    """A narrower key, and triggers that let many rows be written at once."""

    dependencies: ClassVar = [("ledger", "0005_more_parties")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(CHANGE)],
            state_operations=[
                migrations.RemoveConstraint("posting", "posting_once"),
                migrations.AlterField("posting", "subject", models.CharField(max_length=60, db_collation="C")),
                migrations.AlterField(
                    "posting",
                    "posted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.post",
                    ),
                ),
                migrations.AddConstraint(
                    "posting",
                    models.UniqueConstraint(
                        F("subject"),
                        F("on"),
                        Func(
                            F("kind"), F("entry"), F("source"), function="ledger_key_mark", output_field=models.BigIntegerField()
                        ),
                        name="posting_once",
                    ),
                ),
            ],
        ),
    ]
