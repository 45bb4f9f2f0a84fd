"""The clock of a demonstration may stand before the real time."""

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0004_place_accounts")]

    operations = [
        migrations.AddField("installation", "ahead", models.DurationField(default=datetime.timedelta)),
        migrations.AddConstraint(
            "installation",
            models.CheckConstraint(
                name="installation_clock_of_a_demonstration",
                condition=models.Q(("ahead", datetime.timedelta())) | models.Q(("ahead__gt", datetime.timedelta()), ("demonstration", True)),
            ),
        ),
    ]
