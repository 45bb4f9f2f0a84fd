"""Postings without the index by region and party: regions are asked for by the beginning of their code, which it cannot serve.

It took a third of the time that a posting needs to be written.
"""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """An index less."""

    dependencies: ClassVar = [("ledger", "0003_partition_by_year")]
    operations: ClassVar = [migrations.RemoveIndex("posting", "posting_by_party")]
