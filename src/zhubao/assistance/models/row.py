"""Rows of a plan: one person in one year, the steps it took, and what each reckoning changed about it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Post, User
from zhubao.access.scopes import RegionQuerySet
from zhubao.people.models import Identity, Person
from zhubao.policies.person import DEPARTMENTS

from ..states import PROCESSES
from .plan import AssistancePlan, PlanRun

STATES = sorted({state.name for process in PROCESSES.values() for state in process.states})


class Channel(models.TextChoices):
    """By which way the money comes: the county's claim, or the former way of the severely disabled."""

    COUNTY = "county", _("county claim")
    DISABILITY = "disability", _("former channel of the severely disabled")


class PlanRowQuerySet(RegionQuerySet["PlanRow"]):
    """Plan rows by the village, or the county, the person belongs to."""

    def open(self) -> "PlanRowQuerySet":
        """Those not closed out."""
        return self.exclude(state="closed_out")


class PlanRow(models.Model):
    """One person in one year's plan, once. Money in fen, days inclusive.

    `region_code` is the village (12 digits) or whatever is known of it. `category` and `payer` are those of the identity that prevails,
    `categories` all that were found on `reckoned_on`. `failed` and `unknown` are the clauses not met and the clauses for which a paper
    is missing. `entered_on`: the day of the list that first named the person; `due_on`: by when the own part is to be paid, `due_rule`
    the clause or setting that says so. `self_paid_fen` on `self_paid_on` is what tax received, `tier_paid_fen` the tier really paid.
    """

    region_code = models.CharField(max_length=12)
    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="rows")
    person = models.ForeignKey(Person, models.PROTECT, related_name="plan_rows")
    identity = models.ForeignKey(Identity, models.PROTECT, null=True, related_name="+")
    category = models.CharField(_("category"), max_length=40, blank=True)
    categories = ArrayField(models.CharField(max_length=40), default=list)
    payer = models.CharField(_("paying department"), max_length=24, blank=True)
    channel = models.CharField(_("way of the money"), max_length=10, choices=Channel.choices, default=Channel.COUNTY)
    tier_fen = models.BigIntegerField(_("tier"), default=0)
    on_behalf_fen = models.BigIntegerField(_("on behalf"), default=0)
    self_pay_fen = models.BigIntegerField(_("own part"), default=0)
    state = models.CharField(_("state"), max_length=16)
    state_since = models.DateTimeField()
    reckoned_on = models.DateField()
    failed = ArrayField(models.CharField(max_length=40), default=list)
    unknown = ArrayField(models.CharField(max_length=40), default=list)
    because = models.CharField(_("reason"), max_length=300, blank=True)
    entered_on = models.DateField(_("on the list since"))
    due_on = models.DateField(_("due"), null=True)
    due_rule = models.CharField(max_length=40, blank=True)
    self_paid_fen = models.BigIntegerField(_("received from the person"), default=0)
    self_paid_on = models.DateField(_("own part paid on"), null=True)
    tier_paid_fen = models.BigIntegerField(_("tier paid"), null=True)
    receipt_number = models.CharField(_("receipt"), max_length=60, blank=True)
    credited_on = models.DateField(_("credited"), null=True)
    closed_out_on = models.DateField(_("closed out"), null=True)
    closed_out_proof = models.CharField(_("proof"), max_length=300, blank=True)

    objects = PlanRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan row")
        ordering: ClassVar = ["region_code", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "person"], name="plan_row_once"),
            models.CheckConstraint(name="plan_row_state_known", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="plan_row_channel_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="plan_row_payer_known", condition=Q(payer__in=["", "finance", *DEPARTMENTS])),
            models.CheckConstraint(
                name="plan_row_money",
                condition=Q(on_behalf_fen__gte=0, self_pay_fen__gte=0, tier_fen__gte=F("on_behalf_fen"))
                & (Q(on_behalf_fen=0) | Q(tier_fen=F("on_behalf_fen") + F("self_pay_fen"))),
            ),
            models.CheckConstraint(
                name="plan_row_closed_with_proof",
                condition=~Q(state="closed_out") | (Q(closed_out_on__isnull=False) & ~Q(closed_out_proof="")),
            ),
            models.CheckConstraint(
                name="plan_row_own_part_before_claim",
                condition=~Q(state__in=("claimed", "funded", "credited")) | Q(self_paid_fen__gte=F("self_pay_fen")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "state", "region_code"], name="plan_row_by_state"),
            models.Index(fields=["plan", "region_code"], name="plan_row_by_place", opclasses=["int8_ops", "varchar_pattern_ops"]),
            models.Index(fields=["plan", "payer", "state"], name="plan_row_by_payer"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit and tasks speak of the row."""
        return f"plan-row:{self.pk}"

    @property
    def own_part_due_fen(self) -> int:
        """What is still to come of the own part after what the person and sponsors paid, fen."""
        return max(0, self.self_pay_fen - self.self_paid_fen)


class PlanStep(models.Model):
    """Who took which step of a row, when, and why; added, never changed."""

    row = models.ForeignKey(PlanRow, models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=32)
    start = models.CharField(max_length=16, blank=True)
    end = models.CharField(max_length=16)
    at = models.DateTimeField()
    on = models.DateField()
    user = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, db_index=False, related_name="+")
    actor_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=500, blank=True)
    key = models.CharField(max_length=80)

    objects = models.Manager["PlanStep"]()

    class Meta:
        ordering: ClassVar = ["row", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row", "number"], name="plan_step_number_once"),
            models.UniqueConstraint(fields=["row", "key"], name="plan_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.number} {self.verb}"


class ChangeKind(models.TextChoices):
    """What a reckoning found different about a person."""

    ENTERED = "entered", _("came onto the list")
    LEFT = "left", _("left the list")
    READMITTED = "readmitted", _("came back")
    CATEGORY = "category", _("category changed")
    PAYER = "payer", _("payer changed")
    TIER = "tier", _("tier changed")
    AMOUNT = "amount", _("amount changed")
    EXCLUDED = "excluded", _("excluded")
    MOVED = "moved", _("moved")
    EVIDENCE = "evidence", _("evidence missing")


class PlanChange(models.Model):
    """One difference a reckoning found; `before` and `after` are codes or fen in words of the table, empty where there was nothing."""

    run = models.ForeignKey(PlanRun, models.CASCADE, related_name="changes")
    row = models.ForeignKey(PlanRow, models.CASCADE, null=True, related_name="changes")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=ChangeKind.choices)
    before = models.CharField(_("before"), max_length=120, blank=True)
    after = models.CharField(_("after"), max_length=120, blank=True)

    objects = models.Manager["PlanChange"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person", "kind"], name="plan_change_once"),
            models.CheckConstraint(name="plan_change_kind_known", condition=Q(kind__in=ChangeKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.person_id} {self.kind}"
