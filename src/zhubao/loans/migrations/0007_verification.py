import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_place_accounts'),
        ('loans', '0006_deductions'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='VerificationRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=12)),
                ('policy_id', models.CharField(max_length=40, verbose_name='programme')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('effect_on', models.DateField(verbose_name='takes effect')),
                ('fresh_from', models.DateField()),
                ('rosters_digest', models.CharField(max_length=64)),
                ('loss_percent', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField(verbose_name='started')),
                ('actor_name', models.CharField(max_length=60)),
                ('finished_at', models.DateTimeField(null=True)),
                ('measured_at', models.DateTimeField(null=True)),
                ('looked_at', models.PositiveIntegerField(default=0, verbose_name='loans')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post')),
                ('started_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'verification',
                'ordering': ['-year', '-started_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='VerificationRoster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(max_length=40)),
                ('certifier', models.CharField(max_length=24)),
                ('used', models.BooleanField()),
                ('listing', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.categorylist')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rosters', to='loans.verificationrun')),
            ],
            options={
                'ordering': ['certifier', 'category', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='VerificationProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=12)),
                ('year', models.PositiveSmallIntegerField()),
                ('finding', models.CharField(choices=[('keep', 'goes on'), ('lose', 'is lost'), ('regain', 'begins'), ('unknown', 'evidence missing')], max_length=10, verbose_name='finding')),
                ('ground', models.CharField(choices=[('on_roster', 'on the roster'), ('ended', 'certified until a day that is past'), ('off_roster', 'on no roster'), ('not_unemployed', 'on the roster, but no longer unemployed'), ('roster_missing', 'the roster of the department is missing'), ('fact_missing', 'on the roster; a further fact is not known'), ('reemployed', 'works again'), ('improved', 'no longer in hardship by the rosters'), ('not_applied', 'did not apply for a renewal'), ('renewal', 'a renewal is in hand')], max_length=16, verbose_name='reason')),
                ('category', models.CharField(blank=True, max_length=40)),
                ('certifier', models.CharField(blank=True, max_length=24)),
                ('ended_on', models.DateField(null=True, verbose_name='certified until')),
                ('proposed_on', models.DateField(null=True, verbose_name='from')),
                ('borne_fen', models.BigIntegerField(null=True)),
                ('borne_after_fen', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('proposed', 'to be decided'), ('confirmed', 'confirmed'), ('changed', 'confirmed from another day'), ('rejected', 'rejected')], default='proposed', max_length=10, verbose_name='state')),
                ('effective_on', models.DateField(null=True, verbose_name='decided from')),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_name', models.CharField(blank=True, max_length=60)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('decided_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post')),
                ('decided_user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('identity', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.identity')),
                ('loan', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='loans.loan')),
                ('run', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='loans.verificationrun')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='VerificationCertifier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('certifier', models.CharField(blank=True, max_length=24)),
                ('kept', models.PositiveIntegerField(default=0)),
                ('lost', models.PositiveIntegerField(default=0)),
                ('regained', models.PositiveIntegerField(default=0)),
                ('unknown', models.PositiveIntegerField(default=0)),
                ('suspicious', models.BooleanField(default=False)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('accepted_name', models.CharField(blank=True, max_length=60)),
                ('accepted_reason', models.CharField(blank=True, max_length=500)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='certifiers', to='loans.verificationrun')),
            ],
            options={
                'ordering': ['certifier'],
            },
        ),
        migrations.AddConstraint(
            model_name='verificationrun',
            constraint=models.UniqueConstraint(fields=('region_code', 'policy_id', 'year', 'rosters_digest'), name='verification_once_for_its_rosters'),
        ),
        migrations.AddConstraint(
            model_name='verificationrun',
            constraint=models.CheckConstraint(condition=models.Q(('policy_id__in', ['jiangxi-2020-7', 'rugao-draft', 'tongling-2022-13'])), name='verification_policy_known'),
        ),
        migrations.AddConstraint(
            model_name='verificationrun',
            constraint=models.CheckConstraint(condition=models.Q(('loss_percent__lte', 100)), name='verification_percent'),
        ),
        migrations.AddConstraint(
            model_name='verificationroster',
            constraint=models.UniqueConstraint(fields=('run', 'category', 'certifier', 'listing'), name='verification_roster_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='verificationroster',
            constraint=models.CheckConstraint(condition=models.Q(('used', False), ('listing__isnull', False), _connector='OR'), name='verification_roster_is_there'),
        ),
        migrations.AddIndex(
            model_name='verificationproposal',
            index=models.Index(fields=['run', 'finding', 'state'], name='verification_by_finding'),
        ),
        migrations.AddConstraint(
            model_name='verificationproposal',
            constraint=models.UniqueConstraint(fields=('loan', 'year'), name='verified_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='verificationproposal',
            constraint=models.CheckConstraint(condition=models.Q(('finding__in', ['keep', 'lose', 'regain', 'unknown'])), name='verification_finding_known'),
        ),
        migrations.AddConstraint(
            model_name='verificationproposal',
            constraint=models.CheckConstraint(condition=models.Q(('ground__in', ['on_roster', 'ended', 'off_roster', 'not_unemployed', 'roster_missing', 'fact_missing', 'reemployed', 'improved', 'not_applied', 'renewal'])), name='verification_ground_known'),
        ),
        migrations.AddConstraint(
            model_name='verificationproposal',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'confirmed', 'changed', 'rejected'])), name='verification_state_known'),
        ),
        migrations.AddConstraint(
            model_name='verificationproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finding', 'unknown'), _negated=True), ('state', 'proposed'), _connector='OR'), name='verification_unknown_is_not_decided'),
        ),
        migrations.AddConstraint(
            model_name='verificationproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'proposed')), models.Q(('decided_at__isnull', False), models.Q(('decided_name', ''), _negated=True)), _connector='OR'), name='verification_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='verificationproposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('changed', 'rejected')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='verification_other_decision_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='verificationcertifier',
            constraint=models.UniqueConstraint(fields=('run', 'certifier'), name='verification_certifier_once'),
        ),
        migrations.AddConstraint(
            model_name='verificationcertifier',
            constraint=models.CheckConstraint(condition=models.Q(('certifier__in', ['', 'civil_affairs', 'poverty_office', 'rural_revitalisation', 'federation', 'hrss', 'trade_union'])), name='verification_certifier_known'),
        ),
        migrations.AddConstraint(
            model_name='verificationcertifier',
            constraint=models.CheckConstraint(condition=models.Q(('accepted_at', None), models.Q(('accepted_reason', ''), _negated=True), _connector='OR'), name='verification_accepted_with_reason'),
        ),
    ]
