"""A file that came in may wait to be read: it has no batch yet."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("exchange", "0001_initial")]

    operations: ClassVar = [
        migrations.RemoveConstraint("envelope", "batch_once"),
        migrations.RemoveConstraint("envelope", "envelope_state_known"),
        migrations.AlterField(
            "envelope",
            "state",
            models.CharField(
                choices=[
                    ("made", "written"),
                    ("sent", "handed over"),
                    ("arrived", "being read"),
                    ("received", "received"),
                    ("accepted", "all lines taken"),
                    ("partly", "taken in part"),
                    ("refused", "refused"),
                ],
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            "envelope",
            models.UniqueConstraint(
                fields=["sender", "receiver", "kind", "batch"], condition=Q(fault="") & ~Q(state="arrived"), name="batch_once"
            ),
        ),
        migrations.AddConstraint(
            "envelope",
            models.CheckConstraint(
                condition=Q(state__in=["made", "sent", "arrived", "received", "accepted", "partly", "refused"]),
                name="envelope_state_known",
            ),
        ),
    ]
