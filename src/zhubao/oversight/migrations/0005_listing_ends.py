"""Nobody is listed without a removal day: a comparison with no day at all is not enough for the database to refuse."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0004_budget")]

    operations = [
        migrations.RemoveConstraint(model_name="listing", name="listing_after_every_step"),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.CheckConstraint(
                name="listing_after_every_step",
                condition=~models.Q(state__in=["listed", "removed"])
                | (
                    models.Q(
                        notified_on__isnull=False,
                        statement_until__isnull=False,
                        decided_on__isnull=False,
                        removal_on__isnull=False,
                        removal_on__gt=models.F("decided_on"),
                    )
                    & ~models.Q(notice_proof="")
                    & ~models.Q(decision="")
                ),
            ),
        ),
    ]
