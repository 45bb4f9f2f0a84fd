"""Contribution subsidies: what governments add to a year's contribution by its tier, and the runs that credit it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Post
from zhubao.access.scopes import RegionQuerySet
from zhubao.language import Text
from zhubao.programmes.models import DateRange
from zhubao.tasks.kinds import declare

from .account import COUNTY_LENGTH, Account, Batch

# A queue and a supervision notice name a task wherever the tables are known.
CREDIT_SUBSIDIES = declare("subsidies.credit", Text("核定缴费补贴入账", "credit the contribution subsidies"))


class Payer(models.TextChoices):
    """Whose money a subsidy is: what the document of a higher level asks for, or what a place adds by itself."""

    SUPERIOR = "superior", pgettext_lazy("payer of a subsidy", "superior finance")
    LOCAL = "local", pgettext_lazy("payer of a subsidy", "local finance")


class SubsidyRateQuerySet(models.QuerySet["SubsidyRate"]):
    """Rows of the subsidy table."""

    def standing(self) -> "SubsidyRateQuerySet":
        """Those not withdrawn."""
        return self.filter(withdrawn_at=None)


class SubsidyRate(models.Model):
    """What one payer adds in an area to a year's contributions of `from_tier_fen` and more, fen a year, up to the next tier's row.

    Both days are included, an empty `effective_to` is open. `confidence` as in the parameter tables ("local": entered with its
    document). A correction withdraws the row and enters another.
    """

    area_code = models.CharField(_("area code"), max_length=6)
    payer = models.CharField(_("payer"), max_length=8, choices=Payer.choices)
    from_tier_fen = models.BigIntegerField(_("from this tier"))
    amount_fen = models.BigIntegerField(_("subsidy a year"))
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force to"), null=True, blank=True)
    source = models.CharField(pgettext_lazy("document", "source"), max_length=300)
    confidence = models.CharField(_("confidence"), max_length=5, default="local")
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = SubsidyRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of the subsidy table")
        ordering: ClassVar = ["area_code", "payer", "-effective_from", "from_tier_fen"]
        constraints: ClassVar = [
            models.CheckConstraint(name="subsidy_rate_payer_known", condition=Q(payer__in=Payer.values)),
            models.CheckConstraint(name="subsidy_rate_amounts", condition=Q(from_tier_fen__gt=0, amount_fen__gte=0)),
            models.CheckConstraint(name="subsidy_rate_has_a_source", condition=~Q(source="")),
            models.CheckConstraint(
                name="subsidy_rate_days_in_order", condition=Q(effective_to=None) | Q(effective_from__lte=F("effective_to"))
            ),
            ExclusionConstraint(
                name="subsidy_rate_one_a_day",
                expressions=[
                    ("area_code", RangeOperators.EQUAL),
                    ("payer", RangeOperators.EQUAL),
                    ("from_tier_fen", RangeOperators.EQUAL),
                    (DateRange("effective_from", "effective_to", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"subsidy_rate:{self.pk}"


class SubsidyRunQuerySet(RegionQuerySet["SubsidyRun"]):
    """Subsidy runs of a scope."""


class SubsidyRun(models.Model):
    """What a county's payers of a year are still owed of their subsidy, listed by one person and credited by another.

    A year has as many runs as it takes: each lists what is missing up to `up_to`. Totals in fen.
    """

    region_code = models.CharField(max_length=COUNTY_LENGTH)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveSmallIntegerField(_("number"))
    up_to = models.DateField(_("contributions up to"))
    accounts = models.PositiveIntegerField(_("accounts"), default=0)
    superior_fen = models.BigIntegerField(_("superior finance"), default=0)
    local_fen = models.BigIntegerField(_("local finance"), default=0)
    over_credited = models.PositiveIntegerField(_("credited too much"), default=0)
    opened_at = models.DateTimeField(_("listed"))
    opened_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    opened_by_name = models.CharField(max_length=60)
    posted_at = models.DateTimeField(pgettext_lazy("subsidy run", "credited"), null=True)
    posted_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    posted_by_name = models.CharField(max_length=60, blank=True)
    batch = models.OneToOneField(Batch, models.PROTECT, null=True, related_name="subsidy_run")

    objects = SubsidyRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("subsidy run")
        ordering: ClassVar = ["-year", "-number", "region_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "year", "number"], name="subsidy_run_once"),
            models.UniqueConstraint(fields=["region_code", "year"], condition=Q(posted_at=None), name="subsidy_run_one_open"),
            models.CheckConstraint(
                name="subsidy_run_credited_by_another",
                condition=Q(opened_by=None) | Q(posted_by=None) | ~Q(opened_by=F("posted_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"subsidy_run:{self.pk}"

    @property
    def fen(self) -> int:
        """Both payers together."""
        return self.superior_fen + self.local_fen


class SubsidyLine(models.Model):
    """What a run adds to one account, fen: by what its owner's contributions of the year came to, whoever paid them."""

    run = models.ForeignKey(SubsidyRun, models.CASCADE, related_name="lines")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    contributed_fen = models.BigIntegerField(_("contributed"))
    contributed_on = models.DateField(_("last contribution"))
    superior_fen = models.BigIntegerField(_("superior finance"))
    local_fen = models.BigIntegerField(_("local finance"))

    objects = models.Manager["SubsidyLine"]()

    class Meta:
        verbose_name = _("subsidy of an account")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "account"], name="subsidy_line_once"),
            models.CheckConstraint(
                name="subsidy_line_adds",
                condition=Q(superior_fen__gte=0, local_fen__gte=0) & (Q(superior_fen__gt=0) | Q(local_fen__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.account}"

    @property
    def fen(self) -> int:
        """Both payers together."""
        return self.superior_fen + self.local_fen
