"""Claims for the money of contributions on behalf, the county's budget for it, and the settlement of the severely disabled."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet
from zhubao.policies.person import DEPARTMENTS

from ..states.claim import CLAIM
from .plan import AssistancePlan
from .row import PlanRow


class AssistanceBudget(models.Model):
    """What the county provides for a plan by one document; several add up. Money in fen, below 0 where some is taken back."""

    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="budgets")
    amount_fen = models.BigIntegerField(_("amount"))
    document = models.CharField(_("document"), max_length=120)
    decided_on = models.DateField(_("decided on"))
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")

    objects = models.Manager["AssistanceBudget"]()

    class Meta:
        verbose_name = _("budget of a plan")
        ordering: ClassVar = ["decided_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "document"], name="assistance_budget_once"),
            models.CheckConstraint(name="assistance_budget_moves", condition=~Q(amount_fen=0) & ~Q(document="")),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.document}"


class AssistanceClaimQuerySet(RegionQuerySet["AssistanceClaim"]):
    """Claims of a scope."""


class AssistanceClaim(models.Model):
    """One claim of a department, or of the agency where the county pays alone, to county finance. Money in fen.

    `payer` is the department of record, "" where the county pays itself; `sequence` counts a payer's claims of a plan. `checked_by`
    and `approved_by` are two people. `short_fen` is what the budget lacked when it was last looked at; `frozen` says why nothing
    may be allocated.
    """

    region_code = models.CharField(max_length=12)
    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="claims")
    number = models.CharField(_("number"), max_length=40, unique=True)
    payer = models.CharField(_("paying department"), max_length=24, blank=True)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("claimed by"))
    sequence = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=12)
    state_since = models.DateTimeField()
    lines = models.PositiveIntegerField(_("lines"))
    total_fen = models.BigIntegerField(_("total"))
    submitted_on = models.DateField(_("claimed on"))
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    short_fen = models.BigIntegerField(default=0)
    paid_on = models.DateField(_("paid on"), null=True)
    payment_reference = models.CharField(max_length=60, blank=True)
    frozen = models.CharField(max_length=300, blank=True)
    allocated_on = models.DateField(_("allocated on"), null=True)
    allocation_reference = models.CharField(max_length=60, blank=True)

    objects = AssistanceClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim for contributions on behalf")
        ordering: ClassVar = ["-submitted_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "payer", "sequence"], name="assistance_claim_once"),
            models.CheckConstraint(
                name="assistance_claim_state_known", condition=Q(state__in=[state.name for state in CLAIM.states])
            ),
            models.CheckConstraint(name="assistance_claim_payer_known", condition=Q(payer__in=["", *DEPARTMENTS])),
            models.CheckConstraint(name="assistance_claim_holds_something", condition=Q(lines__gt=0, total_fen__gt=0)),
            models.CheckConstraint(
                name="assistance_claim_two_people", condition=Q(approved_by=None) | ~Q(approved_by=F("checked_by"))
            ),
            models.CheckConstraint(
                name="assistance_claim_paid",
                condition=~Q(state__in=("paid", "allocated")) | (Q(paid_on__isnull=False) & ~Q(payment_reference="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and postings speak of the claim."""
        return f"assistance-claim:{self.number}"


class AssistanceClaimLine(models.Model):
    """One row of a plan in a claim; `released_at` once the claim was sent back. A row stands in one claim at a time.

    A trigger refuses a row of the severely disabled's own channel and a row with a refund.
    """

    claim = models.ForeignKey(AssistanceClaim, models.PROTECT, related_name="claimed")
    row = models.ForeignKey(PlanRow, models.PROTECT, related_name="claimed")
    amount_fen = models.BigIntegerField(_("amount"))
    released_at = models.DateTimeField(null=True)

    objects = models.Manager["AssistanceClaimLine"]()

    class Meta:
        ordering: ClassVar = ["claim", "row"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row"], condition=Q(released_at=None), name="assistance_row_claimed_once"),
            models.UniqueConstraint(fields=["claim", "row"], name="assistance_claim_line_once"),
            models.CheckConstraint(name="assistance_claim_line_amount", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.row_id}"


class AssistanceClaimStep(models.Model):
    """Who took which step of a claim, when, and why; added, never changed."""

    claim = models.ForeignKey(AssistanceClaim, models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=24)
    start = models.CharField(max_length=12, blank=True)
    end = models.CharField(max_length=12)
    at = models.DateTimeField()
    user = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, db_index=False, related_name="+")
    actor_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=500, blank=True)

    objects = models.Manager["AssistanceClaimStep"]()

    class Meta:
        ordering: ClassVar = ["claim", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["claim", "number"], name="assistance_claim_step_once")]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.number} {self.verb}"


class DisabilitySettlementQuerySet(RegionQuerySet["DisabilitySettlement"]):
    """Settlements of a scope."""


class DisabilitySettlement(models.Model):
    """What city and county finance settle between them for the severely disabled of a plan, by the split in force. Money in fen."""

    region_code = models.CharField(max_length=12)
    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="settlements")
    number = models.CharField(_("number"), max_length=40, unique=True)
    sequence = models.PositiveSmallIntegerField()
    lines = models.PositiveIntegerField(_("lines"))
    total_fen = models.BigIntegerField(_("total"))
    city_percent = models.PositiveSmallIntegerField(_("percent of the city"))
    city_fen = models.BigIntegerField(_("city"))
    county_fen = models.BigIntegerField(_("county"))
    split_source = models.CharField(_("source of the split"), max_length=300)
    drawn_up_on = models.DateField(_("drawn up on"))
    drawn_up_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_on = models.DateField(_("settled on"), null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=60, blank=True)

    objects = DisabilitySettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("settlement for the severely disabled")
        ordering: ClassVar = ["-drawn_up_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "sequence"], name="disability_settlement_once"),
            models.CheckConstraint(
                name="disability_settlement_adds_up",
                condition=Q(city_fen__gte=0, county_fen__gte=0, city_percent__lte=100, total_fen__gt=0)
                & Q(total_fen=F("city_fen") + F("county_fen")),
            ),
            models.CheckConstraint(
                name="disability_settlement_two_people", condition=Q(settled_by=None) | ~Q(settled_by=F("drawn_up_by"))
            ),
            models.CheckConstraint(
                name="disability_settled_by_paper",
                condition=Q(settled_on=None, reference="") | (Q(settled_on__isnull=False) & ~Q(reference="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and postings speak of the settlement."""
        return f"disability-settlement:{self.number}"


class DisabilitySettlementLine(models.Model):
    """One severely disabled person's row in a settlement, once."""

    settlement = models.ForeignKey(DisabilitySettlement, models.PROTECT, related_name="settled")
    row = models.OneToOneField(PlanRow, models.PROTECT, related_name="settled")
    amount_fen = models.BigIntegerField(_("amount"))

    objects = models.Manager["DisabilitySettlementLine"]()

    class Meta:
        ordering: ClassVar = ["settlement", "row"]
        constraints: ClassVar = [
            models.CheckConstraint(name="disability_line_amount", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id}/{self.row_id}"
