"""Refunds to people who had paid everything themselves."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Organisation
from zhubao.access.scopes import RegionQuerySet
from zhubao.people.models import CardAccount
from zhubao.policies.person import DEPARTMENTS

from .plan import AssistancePlan
from .row import PlanRow


class RefundState(models.TextChoices):
    """How far a refund has come."""

    LISTED = "listed", _("to be paid")
    PAID = "paid", pgettext_lazy("refund", "paid")
    CAME_BACK = "came_back", pgettext_lazy("refund", "came back")


class RefundQuerySet(RegionQuerySet["Refund"]):
    """Refunds by the village of the person."""


class Refund(models.Model):
    """The part on behalf that goes back to one person of a plan, once: a second one for the row is refused by the table. Fen.

    `batch` is the number of the list that went to the department, `account` where the money goes; None while nobody gave one.
    A trigger refuses a row that stands in a claim.
    """

    region_code = models.CharField(max_length=12)
    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="refunds")
    row = models.OneToOneField(PlanRow, models.PROTECT, related_name="refund")
    batch = models.CharField(_("batch"), max_length=40)
    payer = models.CharField(_("paying department"), max_length=24)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("department"))
    amount_fen = models.BigIntegerField(_("amount"))
    account = models.ForeignKey(CardAccount, models.PROTECT, null=True, related_name="+", verbose_name=_("account"))
    state = models.CharField(_("state"), max_length=10, choices=RefundState.choices, default=RefundState.LISTED)
    listed_on = models.DateField(_("listed on"))
    due_on = models.DateField(_("due"), null=True)
    due_arithmetic = models.JSONField(default=dict)
    provisional = models.CharField(max_length=40, blank=True)

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="refund_state_known", condition=Q(state__in=RefundState.values)),
            models.CheckConstraint(name="refund_payer_known", condition=Q(payer__in=list(DEPARTMENTS))),
            models.CheckConstraint(name="refund_amount", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(name="refund_paid_to_an_account", condition=~Q(state="paid") | Q(account__isnull=False)),
        ]
        indexes: ClassVar = [models.Index(fields=["plan", "payer", "state"], name="refund_by_payer")]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and postings speak of the refund."""
        return f"refund:{self.pk}"


class RefundPayment(models.Model):
    """One transfer of a refund; it stands unless it came back. A refund has one that stands."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="payments")
    attempt = models.PositiveSmallIntegerField()
    account = models.ForeignKey(CardAccount, models.PROTECT, related_name="+")
    paid_on = models.DateField(_("paid on"))
    reference = models.CharField(_("voucher"), max_length=60)
    returned_on = models.DateField(_("came back on"), null=True)
    return_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = models.Manager["RefundPayment"]()

    class Meta:
        ordering: ClassVar = ["refund", "attempt"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["refund", "attempt"], name="refund_attempt_once"),
            models.UniqueConstraint(fields=["refund"], condition=Q(returned_on=None), name="refund_stands_once"),
            models.CheckConstraint(
                name="refund_returned_with_reason",
                condition=Q(returned_on=None, return_reason="") | (Q(returned_on__isnull=False) & ~Q(return_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refund_id}/{self.attempt}"
