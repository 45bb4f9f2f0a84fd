"""The cache of the month-end, and the triggers that forget a loan in it as soon as anything it rests on changes.

The table is unlogged: after a crash of the server it is empty, and the next month-end closes every loan by replay and fills it again.
"""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Deductions (26) and paid claims (41) of days still to be closed are read by the month-end; whatever else happens needs a replay. Who
# changes a person or a setting waits for the loan, so that a month-end that holds it does not write its standing afterwards.
FORGET = """
ALTER TABLE loans_loanstanding SET UNLOGGED;

CREATE FUNCTION loans_forget_at_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM loans_loanstanding s USING added a
    WHERE s.loan_id = a.loan_id AND (a.kind NOT IN (26, 41) OR a.day <= s.as_of);
    UPDATE loans_loanstanding s SET touched = true FROM added a WHERE s.loan_id = a.loan_id AND NOT s.touched;
    RETURN NULL;
END
$$;
CREATE TRIGGER loan_event_forget_standing AFTER INSERT ON loans_loanevent
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loans_forget_at_events();

CREATE FUNCTION loans_forget_loan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM loans_loanstanding WHERE loan_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER loan_forget_standing AFTER UPDATE ON loans_loan
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION loans_forget_loan();

CREATE FUNCTION loans_forget_at_setting() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.loan_id ELSE NEW.loan_id END;
BEGIN
    PERFORM 1 FROM loans_loan WHERE id = changed FOR UPDATE;
    DELETE FROM loans_loanstanding WHERE loan_id = changed;
    RETURN NULL;
END
$$;
CREATE TRIGGER loan_setting_forget_standing AFTER INSERT OR UPDATE OR DELETE ON loans_termssetting
    FOR EACH ROW EXECUTE FUNCTION loans_forget_at_setting();

CREATE FUNCTION loans_forget_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM loans_loan WHERE person_id = NEW.id ORDER BY id FOR UPDATE;
    DELETE FROM loans_loanstanding s USING loans_loan l WHERE l.person_id = NEW.id AND s.loan_id = l.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER person_forget_standing AFTER UPDATE OF died_on, residence_code ON people_person
    FOR EACH ROW WHEN ((OLD.died_on, OLD.residence_code) IS DISTINCT FROM (NEW.died_on, NEW.residence_code))
    EXECUTE FUNCTION loans_forget_person();
"""
KEEP = """
DROP TRIGGER person_forget_standing ON people_person;
DROP FUNCTION loans_forget_person();
DROP TRIGGER loan_setting_forget_standing ON loans_termssetting;
DROP FUNCTION loans_forget_at_setting();
DROP TRIGGER loan_forget_standing ON loans_loan;
DROP FUNCTION loans_forget_loan();
DROP TRIGGER loan_event_forget_standing ON loans_loanevent;
DROP FUNCTION loans_forget_at_events();
"""


class Migration(migrations.Migration):
    """Standings of loans; closings without foreign keys that a million rows would have to check."""

    dependencies: ClassVar = [("loans", "0009_claims"), ("people", "0001_initial")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="LoanStanding",
            fields=[
                (
                    "loan",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="loans.loan",
                    ),
                ),
                ("as_of", models.DateField()),
                ("touched", models.BooleanField(default=False)),
                ("events", models.IntegerField()),
                ("repaying", models.BooleanField()),
                ("wakes_on", models.DateField()),
                ("rates_mark", models.BigIntegerField()),
                ("year_days", models.IntegerField()),
                ("settlement", models.IntegerField()),
                ("subsidised", models.BooleanField()),
                ("open_since", models.DateField()),
                ("interest_due", models.BigIntegerField()),
                ("raw_interest", models.BigIntegerField()),
                ("raw_government", models.BigIntegerField()),
                ("rule", models.IntegerField()),
                ("max_months", models.IntegerField()),
                ("months_deducted", models.IntegerField()),
                ("cap_fen", models.BigIntegerField()),
                ("ordered_cap_fen", models.BigIntegerField()),
                ("pension_fen", models.BigIntegerField()),
                ("protected_fen", models.BigIntegerField()),
                ("agreed_fen", models.BigIntegerField()),
                ("floor_fen", models.BigIntegerField()),
                ("floor_area", models.BigIntegerField()),
                ("open_month", models.DateField()),
                ("open_fen", models.BigIntegerField()),
                ("remaining", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=6)),
                ("rates", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=6)),
            ],
            options={"verbose_name": "standing of a loan"},
        ),
        migrations.AddField("monthendrun", "due", models.PositiveIntegerField(default=0)),
        migrations.AlterField(
            "deductionorder",
            "loan",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deduction_orders",
                to="loans.loan",
            ),
        ),
        migrations.AlterField(
            "loanclosing",
            "loan",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closings",
                to="loans.loan",
            ),
        ),
        migrations.AlterField(
            "loanclosing",
            "run",
            models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closings",
                to="loans.monthendrun",
            ),
        ),
        migrations.RunSQL(FORGET, KEEP),
    ]
