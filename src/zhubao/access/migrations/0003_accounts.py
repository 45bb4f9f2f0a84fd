"""Accounts have a region whose administrator looks after them, and a password given by somebody else must be changed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns on accounts."""

    dependencies = [("access", "0002_append_only_audit")]
    operations = [
        migrations.AddField(
            model_name="user",
            name="region",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="access.region",
                verbose_name="region",
            ),
        ),
        migrations.AddField(model_name="user", name="must_change_password", field=models.BooleanField(default=False)),
    ]
