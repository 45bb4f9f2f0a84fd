"""Early payments, certificates, deaths, transfers and changes of card account; what was issued or came in is never changed."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


REFUSE = """
CREATE TRIGGER settlement_certificate_no_change BEFORE UPDATE OR DELETE ON loans_settlementcertificate
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER death_check_no_change BEFORE UPDATE OR DELETE ON loans_deathcheck
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER estate_payment_no_change BEFORE UPDATE OR DELETE ON loans_estatepayment
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER payoff_quote_no_change BEFORE UPDATE OF loan_id, number, valid_on, principal_fen, interest_fen, total_fen OR DELETE
    ON loans_payoffquote FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
"""
ALLOW = """
DROP TRIGGER payoff_quote_no_change ON loans_payoffquote;
DROP TRIGGER estate_payment_no_change ON loans_estatepayment;
DROP TRIGGER death_check_no_change ON loans_deathcheck;
DROP TRIGGER settlement_certificate_no_change ON loans_settlementcertificate;
"""


class Migration(migrations.Migration):
    """Tables of endings, and the states they lead to."""

    dependencies = [
        ('access', '0004_place_accounts'),
        ('loans', '0004_closings_append_only'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CardChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=10, verbose_name='reason')),
                ('told', models.CharField(blank=True, max_length=300, verbose_name='in words')),
                ('sealed', models.BinaryField()),
                ('last_four', models.CharField(max_length=4, verbose_name='last four digits')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('state', models.CharField(default='pending', max_length=12, verbose_name='state')),
                ('asked_at', models.DateTimeField()),
                ('decision', models.CharField(blank=True, max_length=500, verbose_name='decision')),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='DeathCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=12)),
                ('note', models.CharField(max_length=200)),
                ('done_at', models.DateTimeField()),
                ('done_by_name', models.CharField(max_length=60)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='DeathPayer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payer', models.CharField(max_length=12)),
                ('amount_fen', models.BigIntegerField(verbose_name='amount')),
                ('claimed_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('paid_on', models.DateField(null=True, verbose_name='paid on')),
                ('reference', models.CharField(blank=True, max_length=100, verbose_name='reference')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='DeathSettlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('died_on', models.DateField(verbose_name='died on')),
                ('proof', models.CharField(max_length=200, verbose_name='proof of death')),
                ('opened_at', models.DateTimeField()),
                ('account_fen', models.BigIntegerField(null=True, verbose_name='account balance')),
                ('loan_formed_fen', models.BigIntegerField(null=True, verbose_name='of it formed by the loan')),
                ('account_source', models.CharField(blank=True, max_length=200, verbose_name='source of the balance')),
                ('fault', models.TextField(blank=True, verbose_name="finding that the loss is the bank's own")),
                ('fault_found_at', models.DateTimeField(null=True)),
                ('fault_agreed_at', models.DateTimeField(null=True)),
                ('divided_at', models.DateTimeField(null=True)),
                ('certified', models.BooleanField(default=False, verbose_name='certified on the day of death')),
                ('debt_fen', models.BigIntegerField(null=True, verbose_name='debt on the day of death')),
                ('from_account_fen', models.BigIntegerField(null=True, verbose_name='paid by the account')),
                ('finance_fen', models.BigIntegerField(null=True, verbose_name='paid by finance')),
                ('bank_fen', models.BigIntegerField(null=True, verbose_name='borne by the bank')),
                ('unrecovered_fen', models.BigIntegerField(null=True, verbose_name='not covered')),
                ('heirs_fen', models.BigIntegerField(null=True, verbose_name='left to the heirs')),
                ('returned_fen', models.BigIntegerField(null=True, verbose_name='deductions to be returned')),
                ('returned_on', models.DateField(null=True, verbose_name='returned on')),
                ('unconfirmed', models.BooleanField(default=False, verbose_name='rests on an unconfirmed default')),
            ],
        ),
        migrations.CreateModel(
            name='EstateClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claimed_on', models.CharField(max_length=12, verbose_name='claimed on')),
                ('amount_fen', models.BigIntegerField(verbose_name='claim')),
                ('opened_at', models.DateTimeField()),
                ('written_off_fen', models.BigIntegerField(null=True, verbose_name='written off')),
                ('written_off_on', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='EstatePayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paid_on', models.DateField(verbose_name='paid on')),
                ('amount_fen', models.BigIntegerField(verbose_name='amount')),
                ('paid_by', models.CharField(max_length=60, verbose_name='paid by')),
                ('reference', models.CharField(max_length=100, verbose_name='bank reference')),
                ('entered_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['paid_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PayoffQuote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='quote number')),
                ('valid_on', models.DateField(verbose_name='valid on')),
                ('principal_fen', models.BigIntegerField(verbose_name='principal')),
                ('interest_fen', models.BigIntegerField(verbose_name='interest')),
                ('total_fen', models.BigIntegerField(verbose_name='to be paid')),
                ('government_fen', models.BigIntegerField(verbose_name='interest borne by finance')),
                ('asked_at', models.DateTimeField()),
                ('asked_by_name', models.CharField(max_length=60)),
                ('used_at', models.DateTimeField(null=True, verbose_name='used')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Prepayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(default='reported', max_length=12, verbose_name='state')),
                ('paid_on', models.DateField(verbose_name='paid on')),
                ('amount_fen', models.BigIntegerField(verbose_name='amount')),
                ('choice', models.CharField(blank=True, max_length=20, verbose_name='what it changes')),
                ('instalment_fen', models.BigIntegerField(null=True, verbose_name='instalment afterwards')),
                ('reference', models.CharField(max_length=100, verbose_name='bank reference')),
                ('interest_fen', models.BigIntegerField(null=True, verbose_name='interest')),
                ('principal_fen', models.BigIntegerField(null=True, verbose_name='principal')),
                ('reported_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SettlementCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=60, unique=True, verbose_name='certificate number')),
                ('settled_on', models.DateField(verbose_name='settled on')),
                ('issued_at', models.DateTimeField(verbose_name='issued')),
            ],
        ),
        migrations.CreateModel(
            name='TransferRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(default='transfer', max_length=20)),
                ('to_place', models.CharField(max_length=100, verbose_name='to')),
                ('requested_on', models.DateField(verbose_name='requested')),
                ('state', models.CharField(default='blocked', max_length=12, verbose_name='state')),
                ('owed_fen', models.BigIntegerField(verbose_name='owed')),
                ('reason_zh', models.CharField(blank=True, max_length=200)),
                ('reason_en', models.CharField(blank=True, max_length=200)),
                ('entered_at', models.DateTimeField()),
                ('released_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='loan',
            name='loan_state_known',
        ),
        migrations.AddConstraint(
            model_name='loan',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['agreed', 'contracted', 'contributed', 'death_settlement', 'draw_due', 'drawn', 'estate_claim', 'not_drawn', 'qualification_ended', 'recorded', 'renewal', 'repaying', 'rostered', 'settled', 'subsidy_matched', 'suspended', 'withdrawn', 'written_off'])), name='loan_state_known'),
        ),
        migrations.AddField(
            model_name='cardchange',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddField(
            model_name='cardchange',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddField(
            model_name='cardchange',
            name='loan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='card_changes', to='loans.loan'),
        ),
        migrations.AddField(
            model_name='deathcheck',
            name='done_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddField(
            model_name='deathpayer',
            name='approved_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddField(
            model_name='deathsettlement',
            name='loan',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='death_settlement', to='loans.loan'),
        ),
        migrations.AddField(
            model_name='deathpayer',
            name='settlement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payers', to='loans.deathsettlement'),
        ),
        migrations.AddField(
            model_name='deathcheck',
            name='settlement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='loans.deathsettlement'),
        ),
        migrations.AddField(
            model_name='estateclaim',
            name='settlement',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='claim', to='loans.deathsettlement'),
        ),
        migrations.AddField(
            model_name='estatepayment',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='loans.estateclaim'),
        ),
        migrations.AddField(
            model_name='estatepayment',
            name='entered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddField(
            model_name='payoffquote',
            name='loan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payoff_quotes', to='loans.loan'),
        ),
        migrations.AddField(
            model_name='prepayment',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddField(
            model_name='prepayment',
            name='loan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prepayments', to='loans.loan'),
        ),
        migrations.AddField(
            model_name='prepayment',
            name='quote',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payment', to='loans.payoffquote'),
        ),
        migrations.AddField(
            model_name='prepayment',
            name='reported_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddField(
            model_name='settlementcertificate',
            name='issued_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddField(
            model_name='settlementcertificate',
            name='loan',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='certificate', to='loans.loan'),
        ),
        migrations.AddField(
            model_name='transferrequest',
            name='certificate',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='loans.settlementcertificate'),
        ),
        migrations.AddField(
            model_name='transferrequest',
            name='loan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='loans.loan'),
        ),
        migrations.AddField(
            model_name='transferrequest',
            name='released_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddField(
            model_name='transferrequest',
            name='requested_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.post'),
        ),
        migrations.AddConstraint(
            model_name='cardchange',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ('lost', 'damaged', 'other')), ('state__in', ('pending', 'applied', 'refused'))), name='card_change_known'),
        ),
        migrations.AddConstraint(
            model_name='cardchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', 'other'), _negated=True), models.Q(('told', ''), _negated=True), _connector='OR'), name='card_change_other_says_why'),
        ),
        migrations.AddConstraint(
            model_name='cardchange',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('loan',), name='card_change_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='deathsettlement',
            constraint=models.CheckConstraint(condition=models.Q(('divided_at', None), models.Q(('bank_fen__gte', 0), ('debt_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('from_account_fen'), '+', models.F('finance_fen')), '+', models.F('bank_fen')), '+', models.F('unrecovered_fen'))), ('finance_fen__gte', 0), ('from_account_fen__gte', 0), ('returned_fen__gte', 0), ('unrecovered_fen__gte', 0)), _connector='OR'), name='death_debt_has_its_payers'),
        ),
        migrations.AddConstraint(
            model_name='deathsettlement',
            constraint=models.CheckConstraint(condition=models.Q(('divided_at', None), models.Q(('account_fen', django.db.models.expressions.CombinedExpression(models.F('from_account_fen'), '+', models.F('heirs_fen'))), ('heirs_fen__gte', 0)), _connector='OR'), name='death_account_pays_what_it_has'),
        ),
        migrations.AddConstraint(
            model_name='deathsettlement',
            constraint=models.CheckConstraint(condition=models.Q(('fault_agreed_at', None), ('divided_at', None), ('finance_fen', 0), _connector='OR'), name='death_bank_fault_is_not_finances'),
        ),
        migrations.AddConstraint(
            model_name='deathsettlement',
            constraint=models.CheckConstraint(condition=models.Q(('account_fen', None), models.Q(('account_fen__gte', 0), models.Q(('loan_formed_fen', None), models.Q(('loan_formed_fen__gte', 0), ('loan_formed_fen__lte', models.F('account_fen'))), _connector='OR')), _connector='OR'), name='death_loan_formed_within_account'),
        ),
        migrations.AddConstraint(
            model_name='deathpayer',
            constraint=models.UniqueConstraint(fields=('settlement', 'payer'), name='death_payer_once'),
        ),
        migrations.AddConstraint(
            model_name='deathpayer',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('payer__in', ('account', 'finance', 'bank'))), name='death_payer_known'),
        ),
        migrations.AddConstraint(
            model_name='deathpayer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payer', 'finance'), _negated=True), ('paid_on', None), ('approved_at__isnull', False), _connector='OR'), name='death_finance_agrees_before_it_pays'),
        ),
        migrations.AddConstraint(
            model_name='deathcheck',
            constraint=models.UniqueConstraint(fields=('settlement', 'item'), name='death_check_once'),
        ),
        migrations.AddConstraint(
            model_name='deathcheck',
            constraint=models.CheckConstraint(condition=models.Q(('item__in', ('proof', 'balance', 'deductions', 'heirs'))), name='death_check_known'),
        ),
        migrations.AddConstraint(
            model_name='estateclaim',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('claimed_on__in', ('estate', 'co_borrower', 'guarantor'))), name='estate_claim_known'),
        ),
        migrations.AddConstraint(
            model_name='estatepayment',
            constraint=models.UniqueConstraint(fields=('claim', 'reference'), name='estate_payment_once'),
        ),
        migrations.AddConstraint(
            model_name='estatepayment',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='estate_payment_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='payoffquote',
            constraint=models.CheckConstraint(condition=models.Q(('interest_fen__gte', 0), ('principal_fen__gte', 0), ('total_fen', django.db.models.expressions.CombinedExpression(models.F('principal_fen'), '+', models.F('interest_fen')))), name='payoff_quote_adds_nothing'),
        ),
        migrations.AddConstraint(
            model_name='payoffquote',
            constraint=models.CheckConstraint(condition=models.Q(('total_fen__gt', 0)), name='payoff_quote_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='prepayment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('reported', 'confirmed', 'dropped'))), name='prepayment_state_known'),
        ),
        migrations.AddConstraint(
            model_name='prepayment',
            constraint=models.CheckConstraint(condition=models.Q(('choice__in', ('', 'shorter_term', 'lower_instalment'))), name='prepayment_choice_known'),
        ),
        migrations.AddConstraint(
            model_name='prepayment',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='prepayment_above_zero'),
        ),
        migrations.AddConstraint(
            model_name='prepayment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'reported')), fields=('loan',), name='prepayment_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='prepayment',
            constraint=models.UniqueConstraint(fields=('loan', 'reference'), name='prepayment_once'),
        ),
        migrations.AddConstraint(
            model_name='prepayment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('amount_fen', django.db.models.expressions.CombinedExpression(models.F('interest_fen'), '+', models.F('principal_fen'))), ('confirmed_at__isnull', False), ('interest_fen__gte', 0)), _connector='OR'), name='prepayment_all_goes_to_the_debt'),
        ),
        migrations.AddConstraint(
            model_name='transferrequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('transfer', 'pension_elsewhere')), ('state__in', ('blocked', 'released', 'dropped'))), name='transfer_request_known'),
        ),
        migrations.AddConstraint(
            model_name='transferrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'released'), _negated=True), models.Q(('certificate__isnull', False), ('owed_fen', 0), ('released_at__isnull', False)), _connector='OR'), name='transfer_released_on_certificate'),
        ),
        migrations.AddConstraint(
            model_name='transferrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'blocked')), fields=('loan', 'kind'), name='transfer_one_at_a_time'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
