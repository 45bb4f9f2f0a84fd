"""Entries taken back, findings of fraud and what was recovered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


REFUSE = """
DROP TRIGGER loan_receipt_no_change ON loans_receipt;
CREATE TRIGGER loan_receipt_no_change
    BEFORE DELETE OR UPDATE OF tranche_id, number, "on", amount_fen, entered_at, entered_by_id ON loans_receipt
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER loan_receipt_taken_back_once BEFORE UPDATE OF taken_back_at ON loans_receipt
    FOR EACH ROW WHEN (OLD.taken_back_at IS NOT NULL) EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER fraud_step_no_change BEFORE UPDATE OR DELETE ON loans_fraudstep
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER fraud_paper_no_change BEFORE UPDATE OR DELETE ON loans_fraudpaper
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER fraud_recovery_no_change BEFORE UPDATE OR DELETE ON loans_fraudrecovery
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
"""
ALLOW = """
DROP TRIGGER fraud_recovery_no_change ON loans_fraudrecovery;
DROP TRIGGER fraud_paper_no_change ON loans_fraudpaper;
DROP TRIGGER fraud_step_no_change ON loans_fraudstep;
DROP TRIGGER loan_receipt_taken_back_once ON loans_receipt;
DROP TRIGGER loan_receipt_no_change ON loans_receipt;
CREATE TRIGGER loan_receipt_no_change BEFORE UPDATE OR DELETE ON loans_receipt
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
"""


class Migration(migrations.Migration):
    """Tables and triggers."""

    dependencies = [
        ("access", "0005_demonstration_clock"),
        ("loans", "0007_verification"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FraudFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=12)),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="number")),
                ("kind", models.CharField(max_length=20, verbose_name="kind of facts")),
                ("facts", models.TextField(verbose_name="facts")),
                ("found_on", models.DateField(verbose_name="found")),
                ("state", models.CharField(max_length=24, verbose_name="state")),
                ("state_since", models.DateTimeField()),
                ("notified_on", models.DateField(null=True, verbose_name="notice served")),
                ("notice_proof", models.CharField(blank=True, max_length=300, verbose_name="proof of delivery")),
                ("statement_until", models.DateField(null=True, verbose_name="statement until")),
                ("provisional", models.CharField(blank=True, max_length=40)),
                ("statement", models.TextField(blank=True, verbose_name="statement")),
                ("stated_on", models.DateField(null=True, verbose_name="stated")),
                ("stated_how", models.CharField(blank=True, max_length=10)),
                ("decided_on", models.DateField(null=True, verbose_name="decided")),
                ("decision", models.TextField(blank=True, verbose_name="reasons of the decision")),
                ("opened_at", models.DateTimeField()),
                ("subsidy_ended_on", models.DateField(null=True, verbose_name="subsidy ended")),
                ("principal_fen", models.BigIntegerField(null=True, verbose_name="principal")),
                ("interest_fen", models.BigIntegerField(null=True, verbose_name="interest")),
                ("subsidy_fen", models.BigIntegerField(null=True, verbose_name="subsidy")),
                ("referred_to", models.CharField(blank=True, max_length=120, verbose_name="handed on to")),
            ],
            options={
                "verbose_name": "finding",
                "ordering": ["-opened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FraudPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=160)),
                ("added_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="FraudRecovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payee", models.CharField(max_length=10, verbose_name="paid to")),
                ("receipt", models.CharField(max_length=60, verbose_name="receipt number")),
                ("on", models.DateField(verbose_name="paid on")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount")),
                ("entered_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FraudStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("verb", models.CharField(max_length=32)),
                ("start", models.CharField(blank=True, max_length=24)),
                ("end", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                ("on", models.DateField(verbose_name="day")),
                ("actor_name", models.CharField(max_length=60)),
                ("reason", models.TextField(blank=True)),
                ("key", models.CharField(max_length=100)),
            ],
            options={
                "ordering": ["number"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TakingBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=12, verbose_name="entry")),
                ("right_fen", models.BigIntegerField(null=True, verbose_name="right amount")),
                ("right_basic_fen", models.BigIntegerField(null=True, verbose_name="right basic part")),
                ("state", models.CharField(default="proposed", max_length=12, verbose_name="state")),
                ("reason", models.TextField(verbose_name="reason")),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="receipt",
            name="receipt_once",
        ),
        migrations.RemoveConstraint(
            model_name="tranche",
            name="tranche_state_known",
        ),
        migrations.AddField(
            model_name="receipt",
            name="taken_back_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="tranche",
            name="asked_fen",
            field=models.BigIntegerField(null=True, verbose_name="amount released"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at", None)), fields=("tranche", "number"), name="receipt_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="tranche",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "planned",
                            "released",
                            "confirmed",
                            "drawn",
                            "paid_in",
                            "unpaid",
                            "not_drawn",
                            "cancelled",
                            "taken_back",
                        ],
                    )
                ),
                name="tranche_state_known",
            ),
        ),
        migrations.AddField(
            model_name="fraudfinding",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.organisation", verbose_name="agency"
            ),
        ),
        migrations.AddField(
            model_name="fraudfinding",
            name="finance",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.organisation",
                verbose_name="finance",
            ),
        ),
        migrations.AddField(
            model_name="fraudfinding",
            name="loan",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="loans.loan"),
        ),
        migrations.AddField(
            model_name="fraudfinding",
            name="person",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddField(
            model_name="fraudpaper",
            name="added_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="fraudpaper",
            name="record",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="loans.fraudfinding"),
        ),
        migrations.AddField(
            model_name="fraudrecovery",
            name="entered_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.post"),
        ),
        migrations.AddField(
            model_name="fraudrecovery",
            name="record",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="recoveries", to="loans.fraudfinding"
            ),
        ),
        migrations.AddField(
            model_name="fraudstep",
            name="post",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.post"),
        ),
        migrations.AddField(
            model_name="fraudstep",
            name="record",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="loans.fraudfinding"),
        ),
        migrations.AddField(
            model_name="fraudstep",
            name="user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="takingback",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="takingback",
            name="decided_post",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.post"),
        ),
        migrations.AddField(
            model_name="takingback",
            name="event",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.loanevent"
            ),
        ),
        migrations.AddField(
            model_name="takingback",
            name="loan",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="takings_back", to="loans.loan"),
        ),
        migrations.AddField(
            model_name="takingback",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="takingback",
            name="proposed_post",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.post"),
        ),
        migrations.AddField(
            model_name="takingback",
            name="receipt",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.receipt"),
        ),
        migrations.AddField(
            model_name="takingback",
            name="tranche",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="loans.tranche"),
        ),
        migrations.AddIndex(
            model_name="fraudfinding",
            index=models.Index(fields=["region_code", "state"], name="finding_by_region"),
        ),
        migrations.AddConstraint(
            model_name="fraudfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["opened", "notified", "agency_decided", "recovering", "recovered", "dropped"])),
                name="finding_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fraudfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["false_proof", "false_claim", "diverted"])), name="finding_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="fraudfinding",
            constraint=models.CheckConstraint(condition=models.Q(("facts", ""), _negated=True), name="finding_says_facts"),
        ),
        migrations.AddConstraint(
            model_name="fraudfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("interest_fen", None), ("principal_fen", None), ("subsidy_fen", None)),
                    models.Q(("interest_fen__gte", 0), ("principal_fen__gte", 0), ("subsidy_fen__gte", 0)),
                    _connector="OR",
                ),
                name="finding_claim_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="fraudfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["agency_decided", "recovering", "recovered"]), _negated=True),
                    models.Q(
                        ("decided_on__isnull", False),
                        ("notified_on__isnull", False),
                        models.Q(("notice_proof", ""), _negated=True),
                        models.Q(("decision", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="finding_heard_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="fraudfinding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["recovered", "dropped"]), _negated=True),
                fields=("loan",),
                name="one_open_finding_of_a_loan",
            ),
        ),
        migrations.AddConstraint(
            model_name="fraudpaper",
            constraint=models.UniqueConstraint(fields=("record", "sha256"), name="fraud_paper_once"),
        ),
        migrations.AddConstraint(
            model_name="fraudrecovery",
            constraint=models.UniqueConstraint(fields=("record", "payee", "receipt"), name="fraud_recovery_once"),
        ),
        migrations.AddConstraint(
            model_name="fraudrecovery",
            constraint=models.CheckConstraint(condition=models.Q(("amount_fen__gt", 0)), name="fraud_recovery_above_zero"),
        ),
        migrations.AddConstraint(
            model_name="fraudrecovery",
            constraint=models.CheckConstraint(
                condition=models.Q(("payee__in", ["bank", "finance"])), name="fraud_recovery_payee_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="fraudstep",
            constraint=models.UniqueConstraint(fields=("record", "number"), name="fraud_step_number_once"),
        ),
        migrations.AddConstraint(
            model_name="fraudstep",
            constraint=models.UniqueConstraint(fields=("record", "key"), name="fraud_step_once"),
        ),
        migrations.AddConstraint(
            model_name="takingback",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")), fields=("loan",), name="one_open_taking_back"
            ),
        ),
        migrations.AddConstraint(
            model_name="takingback",
            constraint=models.CheckConstraint(
                condition=models.Q(("what__in", ["draw", "contribution", "pension"])), name="taking_back_entry_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="takingback",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "taken_back", "left"])), name="taking_back_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="takingback",
            constraint=models.CheckConstraint(
                condition=models.Q(("proposed_by", models.F("decided_by")), _negated=True), name="taking_back_by_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="takingback",
            constraint=models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="taking_back_reason"),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
