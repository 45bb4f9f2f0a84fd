"""Budgets as they were reckoned: what was assumed, and every figure. A budget reckoned is never changed; the next stands beside it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.models import Post
from zhubao.access.scopes import RegionQuerySet
from zhubao.loans.states import PROCESSES

from .reckoning import Item, Payer


class Origin(models.TextChoices):
    """Whose figures a line holds."""

    LIVE = "live", _("loans on record")
    NEW = "new", _("new loans assumed")


class BudgetRun(models.Model):
    """One budget of a region: what it assumed (see `Assumptions`) and how many loans it rests on.

    It counts from the day after `as_of`, a month's last day. `finished_at` is None while it is reckoned. `without_rule`: loans in
    repayment or with a pension to come whose deductions are not known, so that their debt is taken not to fall; `left_out`: loans whose
    borrower has died, settled one by one.
    """

    region_code = models.CharField(max_length=12)
    number = models.CharField(_("number"), max_length=40, unique=True)
    as_of = models.DateField(_("as of"))
    note = models.CharField(_("what for"), max_length=200, blank=True)
    years = models.PositiveSmallIntegerField(_("years"))
    growth_ppm = models.IntegerField(default=0)
    rate_shift_ppm = models.IntegerField(default=0)
    losing_ppm = models.IntegerField(default=0)
    regaining_ppm = models.IntegerField(default=0)
    deaths_ppm = models.IntegerField(null=True)
    deaths_source = models.CharField(max_length=300, blank=True)
    account_share_ppm = models.IntegerField(default=0)
    superior_share_ppm = models.IntegerField(default=0)
    subsidy_fen = models.BigIntegerField(null=True)
    new_policy_id = models.CharField(max_length=40, blank=True)
    new_loans = models.PositiveIntegerField(null=True)
    new_months = models.PositiveSmallIntegerField(null=True)
    new_yearly_fen = models.BigIntegerField(null=True)
    new_from_year = models.PositiveSmallIntegerField(null=True)
    new_certified_ppm = models.IntegerField(null=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    finished_at = models.DateTimeField(_("reckoned"), null=True)
    loans = models.PositiveIntegerField(_("loans"), default=0)
    without_rule = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)

    objects = RegionQuerySet["BudgetRun"].as_manager()

    class Meta:
        verbose_name = _("budget")
        ordering: ClassVar = ["-as_of", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="budget_new_loans_whole",
                condition=Q(
                    new_loans=None,
                    new_policy_id="",
                    new_months=None,
                    new_yearly_fen=None,
                    new_from_year=None,
                    new_certified_ppm=None,
                )
                | Q(
                    new_loans__gt=0,
                    new_policy_id__in=list(PROCESSES),
                    new_months__gt=0,
                    new_yearly_fen__gt=0,
                    new_from_year__gt=0,
                    new_certified_ppm__gte=0,
                ),
            ),
            models.CheckConstraint(name="budget_deaths_have_a_source", condition=Q(deaths_ppm=None) | ~Q(deaths_source="")),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "-as_of"], name="budget_by_region")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """The name under which audit and tasks speak of it."""
        return f"budget:{self.number}"

    @property
    def first_year(self) -> int:
        """The year it begins in, from its month on."""
        return self.as_of.year if self.as_of.month < 12 else self.as_of.year + 1


class BudgetRate(models.Model):
    """A published rate a budget put in the place of the known ones, from a day on; ppm."""

    run = models.ForeignKey(BudgetRun, models.PROTECT, related_name="rates")
    starts_on = models.DateField(_("from"))
    ppm = models.PositiveIntegerField(_("rate"))

    class Meta:
        ordering: ClassVar = ["starts_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "starts_on"], name="budget_rate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.starts_on}"


class BudgetLine(models.Model):
    """One figure of a budget: what a payer pays in a year for the loans of a place and programme, fen; `months` are its twelve months.

    `region_code` is a township, or the county where a loan knows no township. `loans`: how many of the loans on record are of that place
    and programme.
    """

    run = models.ForeignKey(BudgetRun, models.PROTECT, related_name="lines")
    region_code = models.CharField(_("place"), max_length=12)
    policy_id = models.CharField(_("programme"), max_length=40)
    origin = models.CharField(max_length=4, choices=Origin.choices)
    item = models.CharField(_("item"), max_length=10)
    payer = models.CharField(_("paid by"), max_length=10)
    year = models.PositiveSmallIntegerField(_("year"))
    fen = models.BigIntegerField(_("amount"))
    months = ArrayField(models.BigIntegerField(), size=12)
    loans = models.PositiveIntegerField(_("loans"))

    class Meta:
        ordering: ClassVar = ["region_code", "policy_id", "item", "payer", "year", "origin"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "region_code", "policy_id", "origin", "item", "payer", "year"], name="budget_line_once"
            ),
            models.CheckConstraint(name="budget_line_item_known", condition=Q(item__in=[item.value for item in Item])),
            models.CheckConstraint(name="budget_line_payer_known", condition=Q(payer__in=[payer.value for payer in Payer])),
            models.CheckConstraint(name="budget_line_not_below_zero", condition=Q(fen__gte=0)),
            models.CheckConstraint(name="budget_line_twelve_months", condition=Q(months__len=12)),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.region_code} {self.item} {self.year}"
