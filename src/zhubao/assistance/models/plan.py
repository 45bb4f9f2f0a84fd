"""A county's plan of one year, and each time it was reckoned."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet
from zhubao.policies.person import DEPARTMENTS
from zhubao.rosters.models import RosterFile

from ..states.plan import PLAN


class AssistancePlanQuerySet(RegionQuerySet["AssistancePlan"]):
    """Plans of a scope."""


class AssistancePlan(models.Model):
    """What a county pays on behalf in one year under one document, once. Money in fen.

    `lowest_tier_fen` is the lowest tier of the year as the plan was first reckoned; `figures_known_at` says which figures and settings
    the last reckoning knew.
    """

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("policy"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("agency"))
    state = models.CharField(_("state"), max_length=12, default=PLAN.first)
    state_since = models.DateTimeField()
    lowest_tier_fen = models.BigIntegerField(_("lowest tier"), null=True)
    figures_known_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("year closed"), null=True)

    objects = AssistancePlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly plan")
        ordering: ClassVar = ["-year", "region_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "policy_id", "year"], name="assistance_plan_once"),
            models.CheckConstraint(
                name="assistance_plan_state_known", condition=Q(state__in=[state.name for state in PLAN.states])
            ),
            models.CheckConstraint(name="assistance_plan_region_shape", condition=Q(region_code__regex=r"^[0-9]{6}$")),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit, tasks and postings speak of the plan: ``plan:500243-pengshui-2022-2022``."""
        return f"plan:{self.region_code}-{self.policy_id}-{self.year}"


class PlanRunKind(models.TextChoices):
    """Why a plan was reckoned."""

    OPENING = "opening", _("opening of the year")
    MONTHLY = "monthly", _("monthly update")
    TRIAL = "trial", _("what-if")


class PlanRun(models.Model):
    """One reckoning of a plan on a day, asked for and then done; a trial changes no row. Counts are of rows, money in fen.

    `held` rows would have lost their place because a department's list shrank too much: they wait for somebody to accept it.
    `outside_age` counts people on the lists who are not sixteen yet, or sixty and more. What a trial assumes stands in the
    `assumed_…` columns: another lowest tier, one setting with another value, a roster file as the complete list of a category.
    """

    plan = models.ForeignKey(AssistancePlan, models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=PlanRunKind.choices)
    as_of = models.DateField(_("as of"))
    figures_known_at = models.DateTimeField()
    entered = models.PositiveIntegerField(_("rows entered"), default=0)
    left = models.PositiveIntegerField(_("rows left"), default=0)
    changed = models.PositiveIntegerField(_("rows changed"), default=0)
    planned = models.PositiveIntegerField(_("planned"), default=0)
    excluded = models.PositiveIntegerField(_("excluded"), default=0)
    missing = models.PositiveIntegerField(_("evidence missing"), default=0)
    held = models.PositiveIntegerField(_("waiting for a reason"), default=0)
    outside_age = models.PositiveIntegerField(_("outside the ages of the plan"), default=0)
    unregistered = models.PositiveIntegerField(_("not registered"), default=0)
    on_behalf_fen = models.BigIntegerField(_("on behalf"), default=0)
    self_pay_fen = models.BigIntegerField(_("own part"), default=0)
    assumed_lowest_tier_fen = models.BigIntegerField(_("lowest tier assumed"), null=True)
    assumed_setting = models.CharField(_("setting assumed"), max_length=40, blank=True)
    assumed_value = models.CharField(max_length=40, blank=True)
    assumed_roster = models.ForeignKey(RosterFile, models.PROTECT, null=True, related_name="+", verbose_name=_("roster assumed"))
    assumed_category = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    run_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    key = models.CharField(max_length=80)

    objects = models.Manager["PlanRun"]()

    class Meta:
        verbose_name = _("reckoning of a plan")
        ordering: ClassVar = ["plan", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_run_number_once"),
            models.UniqueConstraint(fields=["plan", "key"], name="plan_run_once"),
            models.CheckConstraint(name="plan_run_kind_known", condition=Q(kind__in=PlanRunKind.values)),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.number}"

    @property
    def subject(self) -> str:
        """The name under which audit and tasks speak of the run."""
        return f"plan-run:{self.pk}"

    @property
    def is_trial(self) -> bool:
        """Whether the run only asked what would be."""
        return self.kind == PlanRunKind.TRIAL


class PlanRunTotal(models.Model):
    """What a run found for one category, payer and township, and what the rows said before it. Counts are of planned people."""

    run = models.ForeignKey(PlanRun, models.CASCADE, related_name="totals")
    category = models.CharField(_("category"), max_length=40, blank=True)
    payer = models.CharField(_("paying department"), max_length=24, blank=True)
    township = models.CharField(_("township"), max_length=9)
    people_before = models.PositiveIntegerField(default=0)
    on_behalf_before_fen = models.BigIntegerField(default=0)
    self_pay_before_fen = models.BigIntegerField(default=0)
    people = models.PositiveIntegerField(_("people"), default=0)
    on_behalf_fen = models.BigIntegerField(_("on behalf"), default=0)
    self_pay_fen = models.BigIntegerField(_("own part"), default=0)

    objects = models.Manager["PlanRunTotal"]()

    class Meta:
        ordering: ClassVar = ["run", "category", "township"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "category", "payer", "township"], name="plan_run_total_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.category} {self.township}"


class PlanLoss(models.Model):
    """A department whose new list would take help from too many of its people at once: somebody else than who ran it says why first."""

    run = models.ForeignKey(PlanRun, models.CASCADE, related_name="losses")
    certifier = models.CharField(_("department"), max_length=24)
    had = models.PositiveIntegerField(_("people before"))
    lost = models.PositiveIntegerField(_("people lost"))
    percent = models.PositiveSmallIntegerField(_("limit in per cent"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    accepted_name = models.CharField(max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = models.Manager["PlanLoss"]()

    class Meta:
        ordering: ClassVar = ["run", "certifier"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "certifier"], name="plan_loss_once"),
            models.CheckConstraint(name="plan_loss_certifier_known", condition=Q(certifier__in=list(DEPARTMENTS))),
            models.CheckConstraint(name="plan_loss_accepted_with_reason", condition=Q(accepted_at=None) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.certifier}"
