"""The check of orders as two look-ups by key: as a search for what does not exist, the planner may compare every order with every closing."""

from typing import ClassVar

from django.db import migrations

LOOK_UP = """
CREATE OR REPLACE FUNCTION loans_require_closings_of_orders() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lost bigint;
BEGIN
    SELECT a.id INTO lost
    FROM added a LEFT JOIN loans_loanclosing c ON c.id = a.closing_id LEFT JOIN loans_loan l ON l.id = a.loan_id
    WHERE l.id IS NULL OR c.loan_id IS DISTINCT FROM a.loan_id
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'order % names a loan or a closing that is not there, or not that loan''s', lost
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    """The same check, quick whatever the planner thinks of the tables."""

    dependencies: ClassVar = [("loans", "0015_bulk_month_end")]
    operations: ClassVar = [migrations.RunSQL(LOOK_UP, migrations.RunSQL.noop)]
