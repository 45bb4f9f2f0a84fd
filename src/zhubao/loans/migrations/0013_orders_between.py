"""An order written between two month-ends, as back pay is, makes the month-end read its loan anew."""

from typing import ClassVar

from django.db import migrations

FORGET = """
CREATE FUNCTION loans_forget_at_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM loans_loanstanding s USING added a WHERE s.loan_id = a.loan_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER deduction_order_forget_standing AFTER INSERT ON loans_deductionorder
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loans_forget_at_orders();
"""
KEEP = """
DROP TRIGGER deduction_order_forget_standing ON loans_deductionorder;
DROP FUNCTION loans_forget_at_orders();
"""


class Migration(migrations.Migration):
    """A trigger on orders."""

    dependencies: ClassVar = [("loans", "0012_verification_index")]
    operations: ClassVar = [migrations.RunSQL(FORGET, KEEP)]
