"""What a borrower owed where the month-end left the loan, as numbers that the database can compare with the postings.

The cache is emptied: the next month-end closes every loan by replay once and fills it again.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns of the cache."""

    dependencies: ClassVar = [("loans", "0017_packed_standings")]
    operations: ClassVar = [
        migrations.RunSQL("TRUNCATE loans_loanstanding", migrations.RunSQL.noop),
        *(
            migrations.AddField("loanstanding", name, models.BigIntegerField(default=0), preserve_default=False)
            for name in ("principal_fen", "interest_fen")
        ),
    ]
