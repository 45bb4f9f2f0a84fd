"""Budgets: what they assumed and every figure; a budget that is reckoned is never changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

REFUSE = """
CREATE TRIGGER budget_line_no_change BEFORE UPDATE OR DELETE ON oversight_budgetline
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER budget_rate_no_change BEFORE UPDATE OR DELETE ON oversight_budgetrate
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER budget_run_no_change
    BEFORE DELETE OR UPDATE OF region_code, number, as_of, note, years, growth_ppm, rate_shift_ppm, losing_ppm, regaining_ppm, deaths_ppm,
        deaths_source, account_share_ppm, superior_share_ppm, subsidy_fen, new_policy_id, new_loans, new_months, new_yearly_fen,
        new_from_year, new_certified_ppm, asked_at, asked_by_id, actor_name ON oversight_budgetrun
    FOR EACH ROW EXECUTE FUNCTION access_refuse_change();
CREATE TRIGGER budget_run_reckoned_once BEFORE UPDATE ON oversight_budgetrun
    FOR EACH ROW WHEN (OLD.finished_at IS NOT NULL) EXECUTE FUNCTION access_refuse_change();
"""
ALLOW = """
DROP TRIGGER budget_run_reckoned_once ON oversight_budgetrun;
DROP TRIGGER budget_run_no_change ON oversight_budgetrun;
DROP TRIGGER budget_rate_no_change ON oversight_budgetrate;
DROP TRIGGER budget_line_no_change ON oversight_budgetline;
"""


class Migration(migrations.Migration):
    """Tables and triggers."""

    dependencies = [
        ("access", "0005_demonstration_clock"),
        ("oversight", "0003_months"),
    ]

    operations = [
        migrations.CreateModel(
            name="BudgetRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=12)),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="number")),
                ("as_of", models.DateField(verbose_name="as of")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="what for")),
                ("years", models.PositiveSmallIntegerField(verbose_name="years")),
                ("growth_ppm", models.IntegerField(default=0)),
                ("rate_shift_ppm", models.IntegerField(default=0)),
                ("losing_ppm", models.IntegerField(default=0)),
                ("regaining_ppm", models.IntegerField(default=0)),
                ("deaths_ppm", models.IntegerField(null=True)),
                ("deaths_source", models.CharField(blank=True, max_length=300)),
                ("account_share_ppm", models.IntegerField(default=0)),
                ("superior_share_ppm", models.IntegerField(default=0)),
                ("subsidy_fen", models.BigIntegerField(null=True)),
                ("new_policy_id", models.CharField(blank=True, max_length=40)),
                ("new_loans", models.PositiveIntegerField(null=True)),
                ("new_months", models.PositiveSmallIntegerField(null=True)),
                ("new_yearly_fen", models.BigIntegerField(null=True)),
                ("new_from_year", models.PositiveSmallIntegerField(null=True)),
                ("new_certified_ppm", models.IntegerField(null=True)),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                ("actor_name", models.CharField(max_length=60)),
                ("finished_at", models.DateTimeField(null=True, verbose_name="reckoned")),
                ("loans", models.PositiveIntegerField(default=0, verbose_name="loans")),
                ("without_rule", models.PositiveIntegerField(default=0)),
                ("left_out", models.PositiveIntegerField(default=0)),
                (
                    "asked_by",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.post"),
                ),
            ],
            options={
                "verbose_name": "budget",
                "ordering": ["-as_of", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="BudgetRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ppm", models.PositiveIntegerField(verbose_name="rate")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rates", to="oversight.budgetrun"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_on"],
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=12, verbose_name="place")),
                ("policy_id", models.CharField(max_length=40, verbose_name="programme")),
                ("origin", models.CharField(choices=[("live", "loans on record"), ("new", "new loans assumed")], max_length=4)),
                ("item", models.CharField(max_length=10, verbose_name="item")),
                ("payer", models.CharField(max_length=10, verbose_name="paid by")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("fen", models.BigIntegerField(verbose_name="amount")),
                ("months", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=12)),
                ("loans", models.PositiveIntegerField(verbose_name="loans")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="oversight.budgetrun"
                    ),
                ),
            ],
            options={
                "ordering": ["region_code", "policy_id", "item", "payer", "year", "origin"],
            },
        ),
        migrations.AddIndex(
            model_name="budgetrun",
            index=models.Index(fields=["region_code", "-as_of"], name="budget_by_region"),
        ),
        migrations.AddConstraint(
            model_name="budgetrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("new_certified_ppm", None),
                        ("new_from_year", None),
                        ("new_loans", None),
                        ("new_months", None),
                        ("new_policy_id", ""),
                        ("new_yearly_fen", None),
                    ),
                    models.Q(
                        ("new_certified_ppm__gte", 0),
                        ("new_from_year__gt", 0),
                        ("new_loans__gt", 0),
                        ("new_months__gt", 0),
                        ("new_policy_id__in", ["jiangxi-2020-7", "rugao-draft", "tongling-2022-13"]),
                        ("new_yearly_fen__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="budget_new_loans_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("deaths_ppm", None), models.Q(("deaths_source", ""), _negated=True), _connector="OR"),
                name="budget_deaths_have_a_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetrate",
            constraint=models.UniqueConstraint(fields=("run", "starts_on"), name="budget_rate_once"),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.UniqueConstraint(
                fields=("run", "region_code", "policy_id", "origin", "item", "payer", "year"), name="budget_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("item__in", ["tranche", "interest", "claim", "backstop", "subsidy"])),
                name="budget_line_item_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(
                condition=models.Q(("payer__in", ["bank", "county", "superior"])), name="budget_line_payer_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(condition=models.Q(("fen__gte", 0)), name="budget_line_not_below_zero"),
        ),
        migrations.AddConstraint(
            model_name="budgetline",
            constraint=models.CheckConstraint(condition=models.Q(("months__len", 12)), name="budget_line_twelve_months"),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
