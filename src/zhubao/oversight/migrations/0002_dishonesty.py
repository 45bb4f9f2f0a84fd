"""The list of seriously dishonest persons."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


REFUSE = """
CREATE TRIGGER listing_step_no_change BEFORE UPDATE OR DELETE ON oversight_listingstep
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER listing_hand_over_no_change BEFORE UPDATE OR DELETE ON oversight_listinghandover
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
"""
ALLOW = """
DROP TRIGGER listing_hand_over_no_change ON oversight_listinghandover;
DROP TRIGGER listing_step_no_change ON oversight_listingstep;
"""


class Migration(migrations.Migration):
    """Tables and triggers."""

    dependencies = [
        ("access", "0005_demonstration_clock"),
        ("loans", "0008_integrity"),
        ("oversight", "0001_initial"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Listing",
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
                ("evidence", models.CharField(max_length=300, verbose_name="evidence")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount")),
                ("removal_on", models.DateField(null=True, verbose_name="removal day")),
                ("removed_on", models.DateField(null=True, verbose_name="removed")),
                ("removed_because", models.TextField(blank=True, verbose_name="why removed early")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.organisation",
                        verbose_name="agency",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="loans.fraudfinding"
                    ),
                ),
                (
                    "loan",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="listings", to="loans.loan"),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person")),
            ],
            options={
                "verbose_name": "listing",
                "ordering": ["-opened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ListingHandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=12)),
                ("department", models.CharField(max_length=16, verbose_name="department")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("rows", models.PositiveIntegerField(verbose_name="persons")),
                ("sha256", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ListingStep",
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
                (
                    "post",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.post"),
                ),
                (
                    "record",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="oversight.listing"),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(fields=["region_code", "state"], name="listing_by_region"),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["proposed", "notified", "listed", "removed", "not_listed"])),
                name="listing_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["fraud", "diverted", "moved_pension"])), name="listing_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("facts", ""), _negated=True), models.Q(("evidence", ""), _negated=True), ("amount_fen__gte", 0)
                ),
                name="listing_says_facts",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "fraud"), _negated=True), ("finding__isnull", False), _connector="OR"),
                name="listing_fraud_is_found",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["listed", "removed"]), _negated=True),
                    models.Q(
                        ("decided_on__isnull", False),
                        ("notified_on__isnull", False),
                        ("removal_on__gt", models.F("decided_on")),
                        ("statement_until__isnull", False),
                        models.Q(("notice_proof", ""), _negated=True),
                        models.Q(("decision", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="listing_after_every_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "removed"), _negated=True), ("removed_on__isnull", False), _connector="OR"),
                name="listing_removed_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["removed", "not_listed"]), _negated=True),
                fields=("loan",),
                name="one_open_listing_of_a_loan",
            ),
        ),
        migrations.AddConstraint(
            model_name="listinghandover",
            constraint=models.CheckConstraint(
                condition=models.Q(("department__in", ("hrss", "civil_affairs"))), name="hand_over_department_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="listingstep",
            constraint=models.UniqueConstraint(fields=("record", "number"), name="listing_step_number_once"),
        ),
        migrations.AddConstraint(
            model_name="listingstep",
            constraint=models.UniqueConstraint(fields=("record", "key"), name="listing_step_once"),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
