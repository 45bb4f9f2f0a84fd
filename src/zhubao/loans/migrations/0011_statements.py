"""Statements of account and the runs that make them; what was given out takes new rows only."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_place_accounts'),
        ('loans', '0010_standings'),
    ]

    operations = [
        migrations.CreateModel(
            name='StatementRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=12)),
                ('policy_id', models.CharField(max_length=40, verbose_name='policy')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('asked_at', models.DateTimeField()),
                ('actor_name', models.CharField(max_length=60)),
                ('finished_at', models.DateTimeField(null=True)),
                ('loans', models.PositiveIntegerField(default=0, verbose_name='loans')),
                ('made', models.PositiveIntegerField(default=0, verbose_name='statements')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='changed')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post')),
                ('bank', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.organisation', verbose_name='bank')),
            ],
            options={
                'ordering': ['-ends_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=70, unique=True, verbose_name='statement number')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='to')),
                ('sequence', models.PositiveSmallIntegerField()),
                ('made_at', models.DateTimeField()),
                ('actor_name', models.CharField(max_length=60)),
                ('last_posting', models.BigIntegerField()),
                ('opening_principal_fen', models.BigIntegerField()),
                ('opening_interest_fen', models.BigIntegerField()),
                ('draws_fen', models.BigIntegerField()),
                ('interest_borrower_fen', models.BigIntegerField()),
                ('interest_finance_fen', models.BigIntegerField()),
                ('subsidy_paid_fen', models.BigIntegerField()),
                ('capitalised_fen', models.BigIntegerField()),
                ('repaid_interest_fen', models.BigIntegerField()),
                ('repaid_principal_fen', models.BigIntegerField()),
                ('taken_over_fen', models.BigIntegerField()),
                ('other_fen', models.BigIntegerField()),
                ('returned_fen', models.BigIntegerField()),
                ('closing_principal_fen', models.BigIntegerField()),
                ('closing_interest_fen', models.BigIntegerField()),
                ('subsidy_owed_fen', models.BigIntegerField()),
                ('open_borrower_fen', models.BigIntegerField(null=True)),
                ('open_finance_fen', models.BigIntegerField(null=True)),
                ('sha256', models.CharField(max_length=64)),
                ('loan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='loans.loan')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post')),
                ('run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='loans.statementrun')),
            ],
            options={
                'ordering': ['-ends_on', '-starts_on', '-sequence'],
            },
        ),
        migrations.AddConstraint(
            model_name='statementrun',
            constraint=models.UniqueConstraint(fields=('region_code', 'policy_id', 'bank', 'starts_on', 'ends_on'), name='statement_run_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='statementrun',
            constraint=models.CheckConstraint(condition=models.Q(('policy_id__in', ['jiangxi-2020-7', 'rugao-draft', 'tongling-2022-13'])), name='statement_run_policy_known'),
        ),
        migrations.AddConstraint(
            model_name='statementrun',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='statement_run_in_order'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('loan', 'starts_on', 'ends_on', 'sequence'), name='statement_once'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on__lte', models.F('ends_on'))), name='statement_in_order'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('closing_principal_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('opening_principal_fen'), '+', models.F('opening_interest_fen')), '+', models.F('draws_fen')), '+', models.F('interest_borrower_fen')), '-', models.F('repaid_interest_fen')), '-', models.F('repaid_principal_fen')), '-', models.F('taken_over_fen')), '+', models.F('other_fen')), '-', models.F('closing_interest_fen')))), name='statement_adds_up'),
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER statement_no_change BEFORE UPDATE OR DELETE ON loans_statement
                FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
            """,
            "DROP TRIGGER statement_no_change ON loans_statement;",
        ),
    ]
