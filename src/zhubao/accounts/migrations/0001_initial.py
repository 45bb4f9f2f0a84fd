"""Accounts, lots, batches; and entries in one partition a year of the day of effect, which take new rows and nothing else.

That a subject and key are used for one day alone is kept by `accounts.writing`, that an entry is taken back once by a trigger:
who writes entries of a county holds its lock, so that no two of them pass it together.
"""

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY_LOTS = """
CREATE TRIGGER account_lot_no_change BEFORE UPDATE OR DELETE ON accounts_lot
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
"""
ALLOW_LOTS = "DROP TRIGGER account_lot_no_change ON accounts_lot;"

ENTRIES = """
CREATE TABLE accounts_entry (
    id bigint NOT NULL,
    batch_id bigint NOT NULL,
    lot_id bigint NOT NULL,
    kind varchar(12) NOT NULL,
    "on" date NOT NULL,
    amount_fen bigint NOT NULL,
    carried_fen bigint,
    subject varchar(60) NOT NULL,
    key varchar(80) NOT NULL,
    reverses_id bigint,
    CONSTRAINT account_entry_signed_by_kind CHECK (
        reverses_id IS NOT NULL OR kind = 'reclassified' OR (kind = 'interest' AND amount_fen >= 0)
        OR (kind IN ('opening', 'contribution', 'subsidy', 'transfer_in') AND amount_fen > 0)
        OR (kind IN ('transfer_out', 'payout') AND amount_fen < 0)
    ),
    CONSTRAINT account_entry_interest_alone_carries CHECK (
        carried_fen IS NULL OR (kind = 'interest' AND reverses_id IS NULL)
    )
) PARTITION BY RANGE ("on");
CREATE TABLE accounts_entry_default PARTITION OF accounts_entry DEFAULT;
CREATE SEQUENCE accounts_entry_id_seq OWNED BY accounts_entry.id;
ALTER TABLE accounts_entry ALTER COLUMN id SET DEFAULT nextval('accounts_entry_id_seq');
ALTER TABLE accounts_entry ADD CONSTRAINT accounts_entry_pkey PRIMARY KEY (id, "on");
CREATE UNIQUE INDEX account_entry_once ON accounts_entry (subject, key, kind, lot_id, "on") WHERE subject <> '';
CREATE INDEX account_entry_by_lot ON accounts_entry (lot_id, "on");
CREATE INDEX account_entry_taken_back ON accounts_entry (reverses_id) WHERE reverses_id IS NOT NULL;

CREATE FUNCTION accounts_make_year(wanted integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    part text := format('accounts_entry_%s', wanted);
    first date := make_date(wanted, 1, 1);
    after date := make_date(wanted + 1, 1, 1);
BEGIN
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    LOCK TABLE accounts_entry_default IN ACCESS EXCLUSIVE MODE;
    IF to_regclass(part) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE accounts_entry INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
    IF EXISTS (SELECT FROM accounts_entry_default WHERE "on" >= first AND "on" < after) THEN
        EXECUTE format('INSERT INTO %I SELECT * FROM accounts_entry_default WHERE "on" >= $1 AND "on" < $2', part) USING first, after;
        ALTER TABLE accounts_entry_default DISABLE TRIGGER account_entry_no_change;
        DELETE FROM accounts_entry_default WHERE "on" >= first AND "on" < after;
        ALTER TABLE accounts_entry_default ENABLE TRIGGER account_entry_no_change;
    END IF;
    EXECUTE format('ALTER TABLE accounts_entry ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, first, after);
    RETURN true;
END
$$;

CREATE TRIGGER account_entry_no_change BEFORE UPDATE OR DELETE ON accounts_entry
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE FUNCTION accounts_take_back_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM accounts_entry WHERE id = NEW.reverses_id) THEN
        RAISE EXCEPTION 'there is no entry % to take back', NEW.reverses_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM accounts_entry WHERE reverses_id = NEW.reverses_id) THEN
        RAISE EXCEPTION 'entry % was taken back before', NEW.reverses_id USING ERRCODE = 'unique_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER account_entry_taken_back_once BEFORE INSERT ON accounts_entry
    FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION accounts_take_back_once();
SELECT accounts_make_year(year) FROM generate_series(2018, extract(year FROM now())::integer + 2) AS years(year) ORDER BY year;
"""
NO_ENTRIES = """
DROP TABLE accounts_entry;
DROP FUNCTION accounts_make_year(integer);
DROP FUNCTION accounts_take_back_once();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('access', '0005_demonstration_clock'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(choices=[('employee_pension', 'employee pension'), ('resident_pension', 'resident pension'), ('institution_pension', 'institution pension'), ('none', 'not insured')], default='resident_pension', max_length=20, verbose_name='scheme')),
                ('region_code', models.CharField(max_length=6)),
                ('opened_on', models.DateField(verbose_name='opened')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='people.person')),
            ],
            options={
                'verbose_name': 'personal account',
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=6)),
                ('booked_on', models.DateField(verbose_name='booked')),
                ('posted_at', models.DateTimeField()),
                ('actor_name', models.CharField(max_length=60)),
                ('posted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post')),
            ],
            options={
                'verbose_name': 'batch of entries',
            },
        ),
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('own', 'own payments'), ('loan', 'paid by loan'), ('on_behalf', 'paid on behalf'), ('subsidy', 'government subsidy'), ('sponsor', 'paid by a sponsor'), ('interest', 'interest, not attributed'), ('transfer', 'transferred')], max_length=10, verbose_name='source')),
                ('origin', models.CharField(blank=True, max_length=40, verbose_name='origin')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lots', to='accounts.account')),
            ],
            options={
                'verbose_name': 'lot',
            },
        ),
        migrations.AddIndex(
            model_name='account',
            index=models.Index(fields=['region_code', 'scheme', 'id'], name='account_by_county'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('person', 'scheme', 'region_code'), name='account_once'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('scheme__in', ['employee_pension', 'resident_pension', 'institution_pension', 'none'])), name='account_scheme_known'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(('region_code__regex', '^[0-9]{6}$')), name='account_of_a_county'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(fields=('account', 'source', 'origin'), name='account_lot_once'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['own', 'loan', 'on_behalf', 'subsidy', 'sponsor', 'interest', 'transfer'])), name='account_lot_source_known'),
        ),
        migrations.RunSQL(APPEND_ONLY_LOTS, ALLOW_LOTS),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ENTRIES, NO_ENTRIES)],
            state_operations=[
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('opening', 'balance brought over'), ('contribution', 'contribution'), ('subsidy', 'contribution subsidy'), ('interest', 'interest of the year'), ('transfer_in', 'transferred in'), ('transfer_out', 'transferred out'), ('payout', 'paid out'), ('reclassified', 'moved to another source')], max_length=12, verbose_name='kind')),
                        ('on', models.DateField(verbose_name='in effect')),
                        ('amount_fen', models.BigIntegerField(verbose_name='amount')),
                        ('carried_fen', models.BigIntegerField(null=True)),
                        ('subject', models.CharField(blank=True, max_length=60)),
                        ('key', models.CharField(blank=True, max_length=80)),
                        ('batch', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='accounts.batch')),
                        ('reverses', models.OneToOneField(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='accounts.entry')),
                        ('lot', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='accounts.lot')),
                    ],
                    options={
                        'verbose_name': 'account entry',
                    },
                ),
                migrations.AddIndex(
                    model_name='entry',
                    index=models.Index(fields=['lot', 'on'], name='account_entry_by_lot'),
                ),
                migrations.AddConstraint(
                    model_name='entry',
                    constraint=models.CheckConstraint(condition=models.Q(('reverses__isnull', False), ('kind', 'reclassified'), models.Q(('amount_fen__gte', 0), ('kind', 'interest')), models.Q(('amount_fen__gt', 0), ('kind__in', ('opening', 'contribution', 'subsidy', 'transfer_in'))), models.Q(('amount_fen__lt', 0), ('kind__in', ('transfer_out', 'payout'))), _connector='OR'), name='account_entry_signed_by_kind'),
                ),
                migrations.AddConstraint(
                    model_name='entry',
                    constraint=models.CheckConstraint(condition=models.Q(('carried_fen', None), models.Q(('kind', 'interest'), ('reverses', None)), _connector='OR'), name='account_entry_interest_alone_carries'),
                ),
                migrations.AddConstraint(
                    model_name='entry',
                    constraint=models.UniqueConstraint(condition=models.Q(('subject', ''), _negated=True), fields=('subject', 'key', 'kind', 'lot', 'on'), name='account_entry_once'),
                ),
            ],
        ),
    ]
