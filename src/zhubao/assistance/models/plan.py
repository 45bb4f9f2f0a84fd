"""A county's plan of one year, and each time it was reckoned."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Organisation, Post, User
from zhubao.access.scopes import RegionQuerySet

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
    """One reckoning of a plan on a day; a trial changes no row. Counts are of rows, money in fen."""

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
    on_behalf_fen = models.BigIntegerField(_("on behalf"), default=0)
    self_pay_fen = models.BigIntegerField(_("own part"), default=0)
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
