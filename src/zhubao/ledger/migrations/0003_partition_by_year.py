"""The ledger in one partition a year of the day of effect: what is read of one year is looked up in that year's postings alone.

A unique key of a partitioned table contains the day it is partitioned by. That one thing is taken back once, whatever the day, is
therefore kept by a trigger. Rows of a year nobody prepared go to the default partition until `ledger_make_year` makes room for them.
"""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

# Identity columns of partitioned tables came with PostgreSQL 17; a sequence of the column's own does the same from 15 on.
PARTITION = """
ALTER TABLE ledger_posting RENAME TO ledger_posting_whole;

CREATE TABLE ledger_posting (
    id bigint NOT NULL,
    region_code varchar(12) NOT NULL,
    party varchar(12) NOT NULL,
    party_reference varchar(40) NOT NULL,
    "on" date NOT NULL,
    booked_on date NOT NULL,
    debit varchar(40) NOT NULL,
    credit varchar(40) NOT NULL,
    amount_fen bigint NOT NULL,
    source varchar(20) NOT NULL,
    subject varchar(60) NOT NULL,
    kind varchar(40) NOT NULL,
    entry varchar(60) NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    actor_name varchar(60) NOT NULL,
    posted_by_id bigint,
    reverses_id bigint,
    CONSTRAINT posting_amount_above_zero CHECK (amount_fen > 0),
    CONSTRAINT posting_two_accounts CHECK (debit <> credit),
    CONSTRAINT posting_party_known CHECK (party IN ('bank', 'borrower', 'agency', 'fund', 'tax', 'finance'))
) PARTITION BY RANGE ("on");
CREATE TABLE ledger_posting_default PARTITION OF ledger_posting DEFAULT;

CREATE FUNCTION ledger_has_part(part text) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT EXISTS (
        SELECT FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'ledger_posting'::regclass AND relname = part
    )
$$;
CREATE FUNCTION ledger_make_year(wanted integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    part text := format('ledger_posting_%s', wanted);
    first date := make_date(wanted, 1, 1);
    after date := make_date(wanted + 1, 1, 1);
BEGIN
    IF ledger_has_part(part) THEN
        RETURN false;
    END IF;
    LOCK TABLE ledger_posting_default IN ACCESS EXCLUSIVE MODE;
    IF ledger_has_part(part) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE ledger_posting INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
    IF EXISTS (SELECT FROM ledger_posting_default WHERE "on" >= first AND "on" < after) THEN
        EXECUTE format('INSERT INTO %I SELECT * FROM ledger_posting_default WHERE "on" >= $1 AND "on" < $2', part) USING first, after;
        ALTER TABLE ledger_posting_default DISABLE TRIGGER posting_no_change;
        DELETE FROM ledger_posting_default WHERE "on" >= first AND "on" < after;
        ALTER TABLE ledger_posting_default ENABLE TRIGGER posting_no_change;
    END IF;
    EXECUTE format('ALTER TABLE ledger_posting ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, first, after);
    RETURN true;
END
$$;
SELECT ledger_make_year(year::integer) FROM (
    SELECT generate_series(2020, extract(year FROM now())::integer + 2)
    UNION SELECT DISTINCT extract(year FROM "on")::integer FROM ledger_posting_whole
) AS years(year) ORDER BY year;

INSERT INTO ledger_posting (
    id, region_code, party, party_reference, "on", booked_on, debit, credit, amount_fen, source, subject, kind, entry,
    posted_at, actor_name, posted_by_id, reverses_id
) SELECT
    id, region_code, party, party_reference, "on", booked_on, debit, credit, amount_fen, source, subject, kind, entry,
    posted_at, actor_name, posted_by_id, reverses_id
FROM ledger_posting_whole ORDER BY id;
DROP TABLE ledger_posting_whole;

CREATE SEQUENCE ledger_posting_id_seq OWNED BY ledger_posting.id;
SELECT setval('ledger_posting_id_seq', max(id)) FROM ledger_posting HAVING max(id) IS NOT NULL;
ALTER TABLE ledger_posting ALTER COLUMN id SET DEFAULT nextval('ledger_posting_id_seq');

ALTER TABLE ledger_posting ADD CONSTRAINT ledger_posting_pkey PRIMARY KEY (id, "on");
ALTER TABLE ledger_posting ADD CONSTRAINT posting_once UNIQUE (source, subject, "on", kind, entry);
ALTER TABLE ledger_posting ADD CONSTRAINT ledger_posting_posted_by_id_fk
    FOREIGN KEY (posted_by_id) REFERENCES access_post (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX posting_by_party ON ledger_posting (region_code, party, party_reference, "on");
CREATE INDEX posting_taken_back ON ledger_posting (reverses_id) WHERE reverses_id IS NOT NULL;

CREATE TRIGGER posting_no_change BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE FUNCTION ledger_take_back_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_posting.reverses', NEW.reverses_id));
    IF NOT EXISTS (SELECT FROM ledger_posting WHERE id = NEW.reverses_id) THEN
        RAISE EXCEPTION 'there is no posting % to take back', NEW.reverses_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM ledger_posting WHERE reverses_id = NEW.reverses_id) THEN
        RAISE EXCEPTION 'posting % was taken back before', NEW.reverses_id USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER posting_taken_back_once BEFORE INSERT ON ledger_posting
    FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION ledger_take_back_once();
"""


class Migration(migrations.Migration):
    """A table partitioned by year in place of the plain one, with its rows."""

    dependencies: ClassVar = [
        ("access", "0004_place_accounts"),
        ("ledger", "0002_append_only"),
    ]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(PARTITION)],
            state_operations=[
                migrations.RemoveConstraint("posting", "posting_once"),
                migrations.AddConstraint(
                    "posting",
                    models.UniqueConstraint(fields=["source", "subject", "on", "kind", "entry"], name="posting_once"),
                ),
                migrations.AlterField(
                    "posting",
                    "reverses",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="ledger.posting",
                    ),
                ),
                migrations.AlterField(
                    "posting",
                    "posted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.post",
                    ),
                ),
            ],
        ),
    ]
