"""Standings that new orders make stale are looked up loan by loan: joined, a month-end read all of them once a chunk of loans."""

from typing import ClassVar

from django.db import migrations

FORGET = """
CREATE OR REPLACE FUNCTION loans_forget_at_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM loans_loanstanding s {which};
    RETURN NULL;
END
$$;
"""
LOOKED_UP = FORGET.format(which="WHERE s.loan_id = ANY (ARRAY(SELECT loan_id FROM added))")
JOINED = FORGET.format(which="USING added a WHERE s.loan_id = a.loan_id")


class Migration(migrations.Migration):
    """The same rows are forgotten."""

    dependencies: ClassVar = [("loans", "0018_standing_owes")]
    operations: ClassVar = [migrations.RunSQL(LOOKED_UP, JOINED)]
