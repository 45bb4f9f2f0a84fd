"""The ledger that closes: proofs of rows closed out, calls on households, and the months in which a township's own ledger was compared."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Post, User
from zhubao.access.roles import Role
from zhubao.access.scopes import RegionQuerySet
from zhubao.exchange.models import Envelope
from zhubao.people.models import Person

from .plan import AssistancePlan
from .row import PlanRow


class Proof(models.TextChoices):
    """What shows that nothing is left to do for a person in a year."""

    RECEIPT = "receipt", _("receipt of the contribution")
    REFUND = "refund", _("proof of the refund")
    EXCLUSION = "exclusion", _("proof of the exclusion")
    CANCELLATION = "cancellation", _("proof of the cancellation")


# State a row is closed out from → the only kind of proof that closes it.
PROOF_OF: dict[str, Proof] = {
    "credited": Proof.RECEIPT,
    "refunded": Proof.REFUND,
    "excluded": Proof.EXCLUSION,
    "cancelled": Proof.CANCELLATION,
}


def _proof_fits() -> Q:
    fits = Q()
    for state, proof in PROOF_OF.items():
        fits |= Q(closed_from=state, proof=proof)
    return fits


class CloseOutQuerySet(RegionQuerySet["CloseOut"]):
    """Closings by the place of their row."""

    region_path = "row__region_code"

    def standing(self) -> "CloseOutQuerySet":
        """Those not taken back."""
        return self.filter(reopened_at=None)


class CloseOut(models.Model):
    """One row closed out with its proof; taken back, it stays with the reason. `kept_as` is a scan below the uploads folder, or "".

    `reference` is the number of the receipt or paper, or in words where the paper has none. `in_bulk`: the system held the receipt
    itself and closed many rows at once.
    """

    row = models.ForeignKey(PlanRow, models.CASCADE, related_name="closings")
    closed_from = models.CharField(max_length=16)
    proof = models.CharField(_("proof"), max_length=12, choices=Proof.choices)
    reference = models.CharField(_("number or words of the proof"), max_length=120)
    on = models.DateField(_("closed out on"))
    note = models.CharField(_("remark"), max_length=200, blank=True)
    kept_as = models.CharField(max_length=160, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    in_bulk = models.BooleanField(default=False)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    actor_name = models.CharField(max_length=60)
    reopened_at = models.DateTimeField(null=True)
    reopened_by_name = models.CharField(max_length=60, blank=True)
    reopened_because = models.CharField(_("reason for reopening"), max_length=300, blank=True)

    objects = CloseOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("closing of a row")
        ordering: ClassVar = ["row", "-closed_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row"], condition=Q(reopened_at=None), name="close_out_once"),
            models.CheckConstraint(name="close_out_has_proof", condition=~Q(reference="")),
            models.CheckConstraint(name="close_out_proof_fits", condition=_proof_fits()),
            models.CheckConstraint(
                name="close_out_reopened_with_reason", condition=Q(reopened_at=None) | ~Q(reopened_because="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.proof}"


class CallWay(models.TextChoices):
    """How a household was reached."""

    VISIT = "visit", _("called on at home")
    PHONE = "phone", _("by telephone")
    NOTICE = "notice", _("notice handed over")


class HouseholdCall(models.Model):
    """One call on a household that has not paid its own part: the day, the way, what was said, and by when it means to pay."""

    row = models.ForeignKey(PlanRow, models.CASCADE, related_name="calls")
    on = models.DateField(pgettext_lazy("call", "day"))
    way = models.CharField(_("way"), max_length=6, choices=CallWay.choices)
    said = models.CharField(_("what was said"), max_length=300)
    promised_on = models.DateField(_("means to pay by"), null=True)
    at = models.DateTimeField()
    called_by = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    actor_name = models.CharField(max_length=60)
    key = models.CharField(max_length=80)

    objects = models.Manager["HouseholdCall"]()

    class Meta:
        verbose_name = _("call on a household")
        ordering: ClassVar = ["-on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row", "key"], name="household_call_once"),
            models.CheckConstraint(name="household_call_way_known", condition=Q(way__in=CallWay.values)),
            models.CheckConstraint(name="household_call_says_something", condition=~Q(said="")),
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.on}"


class LedgerMonthQuerySet(RegionQuerySet["LedgerMonth"]):
    """Months compared, by township."""

    def standing(self) -> "LedgerMonthQuerySet":
        """Those no later file of the same month replaced."""
        return self.filter(replaced_at=None)


class LedgerMonth(models.Model):
    """A township's own ledger of one month, compared with the plan; a corrected file replaces it. Counts are of persons."""

    region_code = models.CharField(max_length=12)
    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="ledger_months")
    month = models.DateField(_("month"))
    envelope = models.OneToOneField(Envelope, models.PROTECT, related_name="+")
    persons = models.PositiveIntegerField(_("persons"), default=0)
    paid = models.PositiveIntegerField(_("paid"), default=0)
    unpaid = models.PositiveIntegerField(_("unpaid"), default=0)
    agreeing = models.PositiveIntegerField(_("agreeing"), default=0)
    compared_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    objects = LedgerMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of a township's ledger")
        ordering: ClassVar = ["-month", "region_code", "-compared_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "region_code", "month"], condition=Q(replaced_at=None), name="ledger_month_once"
            ),
            models.CheckConstraint(name="ledger_month_counts", condition=Q(persons=models.F("paid") + models.F("unpaid"))),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.month:%Y-%m}"


class DifferenceKind(models.TextChoices):
    """How a township's ledger and the plan differ about a person."""

    ONLY_OURS = "only_ours", _("in the plan, not in the township's ledger")
    ONLY_THEIRS = "only_theirs", _("in the township's ledger, not in the plan")
    PAID_THERE = "paid_there", _("paid in the township's ledger, not in the plan")
    PAID_HERE = "paid_here", _("paid in the plan, not in the township's ledger")
    CATEGORY = "category", _("another category")


class LedgerDifferenceQuerySet(RegionQuerySet["LedgerDifference"]):
    """Differences by the place of the person."""

    def open(self) -> "LedgerDifferenceQuerySet":
        """Those not settled."""
        return self.filter(settled_at=None)


class LedgerDifference(models.Model):
    """One difference: what the ledger says, what the plan says, who settles it by when, and what came of it."""

    ledger_month = models.ForeignKey(LedgerMonth, models.CASCADE, related_name="differences")
    region_code = models.CharField(max_length=12)
    kind = models.CharField(_("difference"), max_length=12, choices=DifferenceKind.choices)
    row = models.ForeignKey(PlanRow, models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    line = models.PositiveIntegerField(null=True)
    masked_name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    masked_number = models.CharField(_("citizen number"), max_length=18, blank=True)
    theirs = models.CharField(_("township's ledger"), max_length=60, blank=True)
    ours = models.CharField(_("plan"), max_length=60, blank=True)
    role = models.CharField(_("settled by"), max_length=24, choices=Role.choices)
    due_on = models.DateField(_("due"), null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Post, models.PROTECT, null=True, db_index=False, related_name="+")
    settled_by_name = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=300, blank=True)

    objects = LedgerDifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference of a ledger")
        ordering: ClassVar = ["ledger_month", "kind", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ledger_month", "kind", "row", "line"], nulls_distinct=False, name="ledger_difference_once"
            ),
            models.CheckConstraint(name="ledger_difference_kind_known", condition=Q(kind__in=DifferenceKind.values)),
            models.CheckConstraint(name="ledger_difference_settled_with_words", condition=Q(settled_at=None) | ~Q(outcome="")),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit and tasks speak of the difference."""
        return f"ledger-difference:{self.pk}"
