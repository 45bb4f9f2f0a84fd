"""Postings with one index: the unique key, by which everything that asks for postings names their subject, and not their number as well.

Numbers come from the table's own sequence. What is taken back is looked for among the postings of the same subject.
"""

from typing import ClassVar

from django.db import migrations

TAKE_BACK = """
CREATE OR REPLACE FUNCTION ledger_take_back_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_posting.reverses', NEW.reverses_id));
    IF NOT EXISTS (SELECT FROM ledger_posting WHERE {which}id = NEW.reverses_id) THEN
        RAISE EXCEPTION 'there is no posting %{words} to take back', NEW.reverses_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM ledger_posting WHERE reverses_id = NEW.reverses_id AND id <> NEW.id) THEN
        RAISE EXCEPTION 'posting % was taken back before', NEW.reverses_id USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NULL;
END
$$;
"""
DROP = TAKE_BACK.format(which="subject = NEW.subject AND ", words=" of the same subject") + (
    "ALTER TABLE ledger_posting DROP CONSTRAINT ledger_posting_pkey;"
)
ADD = TAKE_BACK.format(which="", words="") + (
    'ALTER TABLE ledger_posting ADD CONSTRAINT ledger_posting_pkey PRIMARY KEY (id, "on");'
)


class Migration(migrations.Migration):
    """A third less to write of every posting."""

    dependencies: ClassVar = [("ledger", "0007_exact_sum")]
    operations: ClassVar = [migrations.RunSQL(DROP, ADD)]
