"""What was collected from the people of a plan, and what the parties do not agree on."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Post, User
from zhubao.access.scopes import RegionQuerySet
from zhubao.exchange.models import Envelope

from .plan import AssistancePlan
from .row import PlanRow


class ReceiptKind(models.TextChoices):
    """What a person paid: the own part, or everything, the part on behalf with it."""

    OWN_PART = "own_part", _("own part")
    IN_FULL = "in_full", _("paid in full")


class PlanReceiptQuerySet(RegionQuerySet["PlanReceipt"]):
    """Receipts by the village of the person who paid."""


class PlanReceipt(models.Model):
    """What tax received from one person of a plan, once. Money in fen; `tier_fen` is the tier it was paid for."""

    region_code = models.CharField(max_length=12)
    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="receipts")
    row = models.OneToOneField(PlanRow, models.PROTECT, related_name="receipt")
    number = models.CharField(_("receipt"), max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=ReceiptKind.choices)
    tier_fen = models.BigIntegerField(_("tier"))
    amount_fen = models.BigIntegerField(_("amount"))
    paid_on = models.DateField(_("paid on"))
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, db_index=False, related_name="+")

    objects = PlanReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt of a plan")
        ordering: ClassVar = ["paid_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_receipt_once"),
            models.CheckConstraint(name="plan_receipt_kind_known", condition=Q(kind__in=ReceiptKind.values)),
            models.CheckConstraint(name="plan_receipt_amount", condition=Q(amount_fen__gt=0, tier_fen__gte=F("amount_fen"))),
        ]
        indexes: ClassVar = [models.Index(fields=["plan", "paid_on"], name="plan_receipt_by_day")]

    def __str__(self) -> str:
        return self.number


class PlanDifferenceKind(models.TextChoices):
    """On what the parties of a plan do not agree."""

    RECEIPT_REFUSED = "receipt_refused", _("a receipt of tax was refused")
    ACTUAL_REFUSED = "actual_refused", _("a line of tax's actual data was refused")
    ACTUAL_MISSING = "actual_missing", _("paid, but not in tax's actual data")
    VERIFIED_REFUSED = "verified_refused", _("a line of the verified list was refused")
    NOT_VERIFIED = "not_verified", _("not verified by the department")
    ALLOCATION = "allocation", _("tax allocated another sum than was paid")
    CLAIM_BOOKS = "claim_books", _("the books of a claim disagree")
    REFUND_RETURNED = "refund_returned", _("a refund came back")
    OWN_PART_BACK = "own_part_back", _("too much of the own part, to be given back")


class PlanDifferenceQuerySet(RegionQuerySet["PlanDifference"]):
    """Differences of a scope."""

    def open(self) -> "PlanDifferenceQuerySet":
        """Those nobody and nothing has settled."""
        return self.filter(closed_at=None)


class PlanDifference(models.Model):
    """One disagreement about a plan; `subject` names the line, row, claim or refund. Money in fen; None: that party says nothing.

    Closed by itself (`closed_by` empty) when the parties come to agree, or by a person with an explanation.
    """

    region_code = models.CharField(max_length=12)
    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="differences")
    row = models.ForeignKey(PlanRow, models.PROTECT, null=True, related_name="differences")
    kind = models.CharField(_("cause"), max_length=16, choices=PlanDifferenceKind.choices)
    subject = models.CharField(max_length=80)
    masked_name = models.CharField(max_length=20, blank=True)
    plan_fen = models.BigIntegerField(_("plan or department"), null=True)
    finance_fen = models.BigIntegerField(_("finance"), null=True)
    tax_fen = models.BigIntegerField(_("tax"), null=True)
    detail = models.CharField(max_length=400, blank=True)
    detail_en = models.CharField(max_length=400, blank=True)
    found_at = models.DateTimeField(_("found"))
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    explanation = models.CharField(max_length=500, blank=True)

    objects = PlanDifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference of a plan")
        ordering: ClassVar = ["-found_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "kind", "subject"], condition=Q(closed_at=None), name="open_plan_difference_once"
            ),
            models.CheckConstraint(name="plan_difference_kind_known", condition=Q(kind__in=PlanDifferenceKind.values)),
            models.CheckConstraint(
                name="plan_difference_explained",
                condition=Q(closed_by=None) | (Q(closed_at__isnull=False) & ~Q(explanation="")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["plan", "closed_at"], name="plan_difference_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
