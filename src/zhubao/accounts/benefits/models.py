"""Resident pensions, what is due a month from which month on, each month paid, and the monthly runs."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Post
from zhubao.access.scopes import RegionQuerySet

from ..courses import Course, CourseQuerySet, CourseStep, declare_tasks
from .course import PROCESS

# A queue and a supervision notice name a task wherever the tables are known.
declare_tasks(PROCESS)


class Ground(models.TextChoices):
    """Why somebody was found."""

    AGE = "age", _("insured, came of age")
    SENIOR = "senior", _("of age, draws no pension")


class BenefitQuerySet(CourseQuerySet["Benefit"]):
    """Pensions of a scope."""

    def granted(self) -> "BenefitQuerySet":
        """Return those being paid."""
        return self.filter(state="granted")


class Benefit(Course):
    """One person's resident pension, once. Money in fen; `of_age_on` is the sixtieth birthday, `starts_on` the first month (its first day).

    `other_pension`: whether another pension is drawn, None until somebody looked. `account_fen` is the balance it was reckoned from.
    `arrears_from`: the first month whose payment is to be looked at again by the next run.
    """

    PROCESS = PROCESS
    PREFIX = "benefit"

    ground = models.CharField(_("why"), max_length=8, choices=Ground.choices)
    category = models.CharField(_("category"), max_length=40, blank=True)
    of_age_on = models.DateField(_("of age on"))
    found_on = models.DateField(_("found"))
    applied_on = models.DateField(_("applied"), null=True)
    other_pension = models.BooleanField(_("draws another pension"), null=True)
    other_pension_source = models.CharField(max_length=200, blank=True)
    account_fen = models.BigIntegerField(_("account balance"), null=True)
    starts_on = models.DateField(_("first month"), null=True)
    stopped_on = models.DateField(_("last month"), null=True)
    arrears_from = models.DateField(null=True)

    objects = BenefitQuerySet.as_manager()

    class Meta:
        verbose_name = _("resident pension")
        ordering: ClassVar = ["region_code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="benefit_once"),
            models.CheckConstraint(name="benefit_ground_known", condition=Q(ground__in=Ground.values)),
            models.CheckConstraint(name="benefit_state_known", condition=Q(state__in=[state.name for state in PROCESS.states])),
            models.CheckConstraint(
                name="benefit_granted_with_figures",
                condition=~Q(state="granted") | Q(starts_on__isnull=False, account_fen__gte=0, other_pension=False),
            ),
            models.CheckConstraint(name="benefit_month_begins", condition=Q(starts_on=None) | Q(starts_on__day=1)),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "state"], name="benefit_by_region", opclasses=["varchar_pattern_ops", "varchar_ops"]
            ),
        ]


class BenefitStep(CourseStep):
    """A step of a pension."""

    course = models.ForeignKey(Benefit, models.CASCADE, related_name="steps")

    objects = models.Manager["BenefitStep"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="benefit_step_number_once"),
            models.UniqueConstraint(fields=["course", "key"], name="benefit_step_once"),
        ]


class BenefitAmount(models.Model):
    """What is due a month from `starts_on` (a first day) on, fen: basic pension by the standard of the place, and the account's part."""

    benefit = models.ForeignKey(Benefit, models.CASCADE, related_name="amounts")
    starts_on = models.DateField(_("from"))
    basic_fen = models.BigIntegerField(_("basic pension"))
    account_part_fen = models.BigIntegerField(_("account pension"))
    standard_area = models.CharField(_("place of the standard"), max_length=6)
    standard_source = models.CharField(_("source"), max_length=200)
    entered_at = models.DateTimeField()

    objects = models.Manager["BenefitAmount"]()

    class Meta:
        ordering: ClassVar = ["benefit", "starts_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["benefit", "starts_on"], name="benefit_amount_once"),
            models.CheckConstraint(name="benefit_amount_not_negative", condition=Q(basic_fen__gte=0, account_part_fen__gte=0)),
            models.CheckConstraint(name="benefit_amount_from_a_first", condition=Q(starts_on__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.benefit_id} {self.starts_on:%Y-%m}"

    @property
    def total_fen(self) -> int:
        """Both parts."""
        return self.basic_fen + self.account_part_fen


class BenefitRunQuerySet(RegionQuerySet["BenefitRun"]):
    """Runs of a scope."""


class BenefitRun(models.Model):
    """One month of a county: who was found, raised, ended and what was paid. Counts of people, money in fen."""

    region_code = models.CharField(max_length=6)
    month = models.DateField(_("month"))
    of_age = models.PositiveIntegerField(_("came of age"), default=0)
    seniors = models.PositiveIntegerField(_("seniors found"), default=0)
    raised = models.PositiveIntegerField(_("raised"), default=0)
    stopped = models.PositiveIntegerField(_("ended"), default=0)
    paid = models.PositiveIntegerField(_("paid"), default=0)
    paid_fen = models.BigIntegerField(_("paid, amount"), default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    run_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)

    objects = BenefitRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("month of resident pensions")
        ordering: ClassVar = ["-month", "region_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "month"], name="benefit_run_once"),
            models.CheckConstraint(name="benefit_run_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """The name under which audit speaks of the run."""
        return f"benefit-run:{self.region_code}-{self.month:%Y-%m}"


class BenefitMonth(models.Model):
    """What one run paid to one person for one month, fen: the month itself, or what was still due for an earlier one.

    `taken_fen` left the personal account for it, None until it was entered there; what the account no longer holds the fund bears.
    """

    benefit = models.ForeignKey(Benefit, models.PROTECT, related_name="months")
    month = models.DateField(_("month"))
    run = models.ForeignKey(BenefitRun, models.PROTECT, related_name="months")
    basic_fen = models.BigIntegerField(_("basic pension"))
    account_part_fen = models.BigIntegerField(_("account pension"))
    taken_fen = models.BigIntegerField(_("taken out of the account"), null=True)

    objects = models.Manager["BenefitMonth"]()

    class Meta:
        ordering: ClassVar = ["benefit", "month"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["benefit", "month", "run"], name="benefit_month_once"),
            models.CheckConstraint(name="benefit_month_day", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.benefit_id} {self.month:%Y-%m}"

    @property
    def total_fen(self) -> int:
        """Both parts."""
        return self.basic_fen + self.account_part_fen

    @property
    def taken_key(self) -> str:
        """The key under which `taken_fen` left the account."""
        return f"{self.month:%Y-%m}/{self.run.month:%Y-%m}"
