"""Subsidy claims: claim, steps, the file's lines, the loans' lines. Steps are only added; lines stand once a claim is verified."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARD = """
CREATE TRIGGER claim_step_no_change BEFORE UPDATE OR DELETE ON loans_claimstep
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE FUNCTION loans_claim_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM loans_subsidyclaim WHERE id = OLD.claim_id AND state IN ('received', 'checked', 'returned')) THEN
        RAISE EXCEPTION 'the lines of a verified claim are never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER claim_line_stands BEFORE UPDATE OR DELETE ON loans_claimline
    FOR EACH ROW EXECUTE FUNCTION loans_claim_stands();
CREATE TRIGGER claim_detail_stands BEFORE UPDATE OR DELETE ON loans_claimdetail
    FOR EACH ROW EXECUTE FUNCTION loans_claim_stands();
"""
UNGUARD = """
DROP TRIGGER claim_detail_stands ON loans_claimdetail;
DROP TRIGGER claim_line_stands ON loans_claimline;
DROP FUNCTION loans_claim_stands();
DROP TRIGGER claim_step_no_change ON loans_claimstep;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_demonstration_clock'),
        ('exchange', '0001_initial'),
        ('loans', '0008_integrity'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SubsidyClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=12)),
                ('policy_id', models.CharField(max_length=40, verbose_name='policy')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='claim number')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('state', models.CharField(max_length=20, verbose_name='state')),
                ('state_since', models.DateTimeField()),
                ('received_on', models.DateField(verbose_name='received')),
                ('due_on', models.DateField(null=True, verbose_name='due')),
                ('due_arithmetic', models.JSONField(default=dict)),
                ('provisional', models.CharField(blank=True, max_length=40)),
                ('returned_on', models.DateField(null=True)),
                ('paused_days', models.PositiveIntegerField(default=0)),
                ('file_lines', models.PositiveIntegerField(default=0, verbose_name='lines of the file')),
                ('lines', models.PositiveIntegerField(default=0, verbose_name='loans')),
                ('differing', models.PositiveIntegerField(default=0, verbose_name='differ')),
                ('refused', models.PositiveIntegerField(default=0, verbose_name='refused')),
                ('open_lines', models.PositiveIntegerField(default=0, verbose_name='open')),
                ('asked_fen', models.BigIntegerField(default=0, verbose_name='asked for')),
                ('computed_fen', models.BigIntegerField(default=0, verbose_name='computed')),
                ('accepted_fen', models.BigIntegerField(default=0, verbose_name='accepted')),
                ('checked_at', models.DateTimeField(null=True)),
                ('paid_on', models.DateField(null=True, verbose_name='paid')),
                ('payment_reference', models.CharField(blank=True, max_length=60, verbose_name='payment reference')),
                ('booked_at', models.DateTimeField(null=True)),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation', verbose_name='bank')),
                ('envelope', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exchange.envelope')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation', verbose_name='handed in to')),
            ],
            options={
                'verbose_name': 'subsidy claim',
                'ordering': ['-year', 'region_code', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ClaimStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('verb', models.CharField(max_length=32)),
                ('start', models.CharField(blank=True, max_length=20)),
                ('end', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('actor_name', models.CharField(max_length=60)),
                ('reason', models.TextField(blank=True)),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='loans.subsidyclaim')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='ClaimLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('loan_number', models.CharField(max_length=40)),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('correction', models.BooleanField(default=False)),
                ('asked_fen', models.BigIntegerField(verbose_name='asked for')),
                ('computed_fen', models.BigIntegerField(verbose_name='computed')),
                ('accepted_fen', models.BigIntegerField(null=True, verbose_name='accepted')),
                ('cause', models.CharField(blank=True, max_length=16, verbose_name='cause')),
                ('refused', models.CharField(blank=True, max_length=30, verbose_name='refused')),
                ('details', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), default=list, size=None)),
                ('loan', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claim_lines', to='loans.loan')),
                ('claim', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='loan_lines', to='loans.subsidyclaim')),
            ],
            options={
                'ordering': ['loan_number', 'year'],
            },
        ),
        migrations.CreateModel(
            name='ClaimDetail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='line')),
                ('loan_number', models.CharField(max_length=40)),
                ('person_index', models.BinaryField(max_length=32)),
                ('kind', models.CharField(max_length=10)),
                ('year', models.PositiveSmallIntegerField()),
                ('draw', models.CharField(blank=True, max_length=20)),
                ('principal_fen', models.BigIntegerField()),
                ('rate_ppm', models.PositiveIntegerField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('days', models.PositiveIntegerField()),
                ('interest_fen', models.BigIntegerField()),
                ('subsidy_fen', models.BigIntegerField()),
                ('claim', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='details', to='loans.subsidyclaim')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.AddConstraint(
            model_name='subsidyclaim',
            constraint=models.UniqueConstraint(fields=('bank', 'region_code', 'policy_id', 'year'), name='claim_of_a_year_once'),
        ),
        migrations.AddConstraint(
            model_name='subsidyclaim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['agency_verified', 'checked', 'finance_approved', 'paid', 'payment_prepared', 'received', 'returned'])), name='claim_state_known'),
        ),
        migrations.AddConstraint(
            model_name='subsidyclaim',
            constraint=models.CheckConstraint(condition=models.Q(('policy_id__in', ['jiangxi-2020-7', 'rugao-draft'])), name='claim_policy_known'),
        ),
        migrations.AddConstraint(
            model_name='subsidyclaim',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__lt', models.F('ends_on'))), name='claim_year_in_order'),
        ),
        migrations.AddConstraint(
            model_name='subsidyclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_on', None), ('payment_reference', '')), models.Q(('open_lines', 0), ('paid_on__isnull', False), ('state', 'paid'), models.Q(('payment_reference', ''), _negated=True)), _connector='OR'), name='claim_paid_is_decided_and_says_how'),
        ),
        migrations.AddConstraint(
            model_name='subsidyclaim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['received', 'checked', 'returned']), ('open_lines', 0), _connector='OR'), name='claim_beyond_the_check_is_decided'),
        ),
        migrations.AddConstraint(
            model_name='claimstep',
            constraint=models.UniqueConstraint(fields=('claim', 'number'), name='claim_step_number_once'),
        ),
        migrations.AddIndex(
            model_name='claimline',
            index=models.Index(condition=models.Q(('cause', ''), _negated=True), fields=['claim', 'cause'], name='claim_line_differing'),
        ),
        migrations.AddIndex(
            model_name='claimline',
            index=models.Index(fields=['loan', 'year'], name='claim_line_by_loan'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.UniqueConstraint(fields=('claim', 'loan_number', 'year'), name='claim_line_once'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.UniqueConstraint(condition=models.Q(('correction', False), ('refused', '')), fields=('loan', 'year'), name='year_of_a_loan_claimed_once'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['', 'rounding', 'day_count', 'arithmetic', 'rate', 'unknown_draw', 'before_draw', 'not_certified', 'after_grace', 'after_death', 'not_paid_in', 'outside_period', 'duplicate', 'already_claimed', 'asked_less', 'back_dated', 'not_listed'])), name='claim_line_cause_known'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_fen', None), ('accepted_fen', 0), models.Q(('accepted_fen__lte', models.F('asked_fen')), ('accepted_fen__lte', models.F('computed_fen'))), _connector='OR'), name='claim_line_pays_no_more_than_both_say'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('refused', ''), ('accepted_fen', 0), _connector='OR'), name='claim_line_refused_pays_nothing'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('loan__isnull', False), models.Q(('refused', ''), _negated=True), _connector='OR'), name='claim_line_of_no_loan_is_refused'),
        ),
        migrations.AddIndex(
            model_name='claimdetail',
            index=models.Index(fields=['claim', 'loan_number'], name='claim_detail_by_loan'),
        ),
        migrations.AddConstraint(
            model_name='claimdetail',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['current', 'added', 'taken_back'])), name='claim_detail_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='claimdetail',
            constraint=models.CheckConstraint(condition=models.Q(('interest_fen__gte', 0), ('subsidy_fen__gte', 0)), name='claim_detail_not_negative'),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
