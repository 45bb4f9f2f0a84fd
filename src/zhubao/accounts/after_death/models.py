"""What is settled after a death, and the money that came back."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Post

from ..courses import Course, CourseQuerySet, CourseStep, declare_tasks
from .course import PROCESS

# A queue and a supervision notice name a task wherever the tables are known.
declare_tasks(PROCESS)


class AfterDeathQuerySet(CourseQuerySet["AfterDeath"]):
    """What is settled after deaths in a scope."""


class AfterDeath(Course):
    """One dead person's account and pension, once. Money in fen, days as recorded.

    `overpaid_fen` was paid for months after the month of death, `recovered_fen` of it came back. `paid_fen` went to the heirs so far:
    interest credited after a payment is paid by another.
    """

    PROCESS = PROCESS
    PREFIX = "after-death"

    died_on = models.DateField(_("died on"))
    overpaid_fen = models.BigIntegerField(_("paid after the death"), default=0)
    recovered_fen = models.BigIntegerField(_("recovered"), default=0)
    heir = models.CharField(_("heir"), max_length=60, blank=True)
    relation = models.CharField(pgettext_lazy("heir", "relation"), max_length=40, blank=True)
    proof = models.CharField(_("proof of the right to inherit"), max_length=200, blank=True)
    paid_fen = models.BigIntegerField(_("paid to the heirs"), default=0)
    paid_on = models.DateField(_("paid to the heirs on"), null=True)
    voucher = models.CharField(_("voucher"), max_length=100, blank=True)

    objects = AfterDeathQuerySet.as_manager()

    class Meta:
        verbose_name = _("after a death")
        ordering: ClassVar = ["region_code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="after_death_once"),
            models.CheckConstraint(
                name="after_death_state_known", condition=Q(state__in=[state.name for state in PROCESS.states])
            ),
            models.CheckConstraint(
                name="after_death_recovers_no_more_than_overpaid",
                condition=Q(recovered_fen__gte=0, recovered_fen__lte=F("overpaid_fen")),
            ),
            models.CheckConstraint(
                name="after_death_paid_with_voucher",
                condition=Q(paid_fen=0) | (Q(paid_fen__gt=0, paid_on__isnull=False) & ~Q(voucher="") & ~Q(heir="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "state"], name="after_death_by_region", opclasses=["varchar_pattern_ops", "varchar_ops"]
            ),
        ]

    @property
    def owed_fen(self) -> int:
        """What is still to come back."""
        return self.overpaid_fen - self.recovered_fen


class AfterDeathStep(CourseStep):
    """A step after a death."""

    course = models.ForeignKey(AfterDeath, models.CASCADE, related_name="steps")

    objects = models.Manager["AfterDeathStep"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="after_death_step_number_once"),
            models.UniqueConstraint(fields=["course", "key"], name="after_death_step_once"),
        ]


class RecoveredMoney(models.Model):
    """Money that came back, fen; `to_account_fen` of it returned into the personal account with the months it made whole."""

    record = models.ForeignKey(AfterDeath, models.PROTECT, related_name="money")
    on = models.DateField(pgettext_lazy("money", "came in on"))
    amount_fen = models.BigIntegerField(_("amount"))
    to_account_fen = models.BigIntegerField(_("into the account"))
    payer = models.CharField(pgettext_lazy("money", "paid by"), max_length=60)
    reference = models.CharField(_("bank reference"), max_length=100)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = models.Manager["RecoveredMoney"]()

    class Meta:
        ordering: ClassVar = ["record", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "reference"], name="recovered_money_once"),
            models.CheckConstraint(name="recovered_money_above_zero", condition=Q(amount_fen__gt=0, to_account_fen__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.reference}"
