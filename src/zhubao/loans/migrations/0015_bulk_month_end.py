"""Orders and closings in the shape that a month-end of a million loans can write.

That the loan and the closing of an order exist and belong together is checked once for all orders of a statement; foreign keys would
look up and lock two rows for each at the end of the transaction. Closings refuse deletion by a trigger of their own, and so does a
loan that has orders. That every loan's subject in the ledger is another's is told to the planner, which would otherwise keep a million
postings at hand to find their loans. The closings of a run lie side by side in the table: a block index finds them, and a small one those held.
"""

from typing import ClassVar

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

CHECK = """
CREATE FUNCTION loans_require_closings_of_orders() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lost bigint;
BEGIN
    SELECT a.id INTO lost FROM added a
    WHERE NOT EXISTS (SELECT FROM loans_loanclosing c JOIN loans_loan l ON l.id = c.loan_id WHERE c.id = a.closing_id AND l.id = a.loan_id)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'order % names a loan or a closing that is not there, or not that loan''s', lost
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER deduction_order_of_a_closing AFTER INSERT ON loans_deductionorder
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loans_require_closings_of_orders();
CREATE FUNCTION loans_keep_ordered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM loans_deductionorder WHERE loan_id = OLD.id) THEN
        RAISE EXCEPTION 'loan % has orders', OLD.id USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE STATISTICS loans_loan_subject ON (('loan:' || number)) FROM loans_loan;
CREATE TRIGGER loan_with_orders_stays AFTER DELETE ON loans_loan FOR EACH ROW EXECUTE FUNCTION loans_keep_ordered();
"""
TRUST = """
DROP STATISTICS loans_loan_subject;
DROP TRIGGER loan_with_orders_stays ON loans_loan;
DROP FUNCTION loans_keep_ordered();
DROP TRIGGER deduction_order_of_a_closing ON loans_deductionorder;
DROP FUNCTION loans_require_closings_of_orders();
"""


class Migration(migrations.Migration):
    """Checks by statement in place of foreign keys, and narrower indexes of closings."""

    dependencies: ClassVar = [("loans", "0014_verification_objection")]
    operations: ClassVar = [
        migrations.AlterField(
            "deductionorder",
            "loan",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deduction_orders",
                to="loans.loan",
            ),
        ),
        migrations.AlterField(
            "deductionorder",
            "closing",
            models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="order",
                to="loans.loanclosing",
            ),
        ),
        migrations.AlterField(
            "loanclosing",
            "run",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closings",
                to="loans.monthendrun",
            ),
        ),
        migrations.AddIndex(
            "loanclosing",
            django.contrib.postgres.indexes.BrinIndex(fields=["run"], name="loan_closing_run"),
        ),
        migrations.AddIndex(
            "loanclosing",
            models.Index(condition=models.Q(("held_code", ""), _negated=True), fields=["run"], name="loan_closing_held"),
        ),
        migrations.RunSQL(CHECK, TRUST),
    ]
