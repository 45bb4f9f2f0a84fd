"""Contributions on behalf that were credited for somebody who had died before: to come back to whoever paid them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.scopes import RegionQuerySet

from .plan import AssistancePlan
from .row import PlanRow


class RecoveryQuerySet(RegionQuerySet["Recovery"]):
    """Recoveries by the village of the person."""

    def open(self) -> "RecoveryQuerySet":
        """Those whose money has not come back."""
        return self.filter(recovered_on=None)


class Recovery(models.Model):
    """The part on behalf of one credited row that is to come back, once. Money in fen, days inclusive.

    `died_on` is the death as it was known when this was found, `owed_since` the day the person had to be alive on.
    """

    region_code = models.CharField(max_length=12)
    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="recoveries")
    row = models.OneToOneField(PlanRow, models.PROTECT, related_name="recovery")
    amount_fen = models.BigIntegerField(_("amount"))
    died_on = models.DateField(_("died on"))
    owed_since = models.DateField(_("was due on"))
    found_on = models.DateField(_("found on"))
    due_on = models.DateField(_("due"), null=True)
    due_arithmetic = models.JSONField(default=dict)
    provisional = models.CharField(max_length=40, blank=True)
    recovered_on = models.DateField(_("came back on"), null=True)
    reference = models.CharField(_("voucher"), max_length=60, blank=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery after a death")
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="recovery_amount", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="recovery_booked_by_paper",
                condition=Q(recovered_on=None, reference="") | (Q(recovered_on__isnull=False) & ~Q(reference="")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["plan", "recovered_on"], name="recovery_open")]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and postings speak of the recovery."""
        return f"recovery:{self.pk}"
