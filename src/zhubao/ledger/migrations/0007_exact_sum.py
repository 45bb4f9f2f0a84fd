"""A sum of whole numbers that stays one: `sum(bigint)` makes every state a number without bounds, which a million groups feel."""

from typing import ClassVar

from django.db import migrations

ADD = "CREATE AGGREGATE ledger_sum(bigint) (SFUNC = int8pl, STYPE = bigint, COMBINEFUNC = int8pl, PARALLEL = SAFE);"
DROP = "DROP AGGREGATE ledger_sum(bigint);"


class Migration(migrations.Migration):
    """An aggregate that refuses what exceeds 64 bits, as every addition of bigint does."""

    dependencies: ClassVar = [("ledger", "0006_bulk_writing")]
    operations: ClassVar = [migrations.RunSQL(ADD, DROP)]
