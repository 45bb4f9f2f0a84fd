"""Yearly interest: a run of one county and year, tried by one person and posted by another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Post
from zhubao.access.scopes import RegionQuerySet
from zhubao.language import Text
from zhubao.pension.account_interest import METHODS, MONTHLY, MONTHLY_FROM_NEXT, YEARLY
from zhubao.people.models import Scheme
from zhubao.tasks.kinds import declare

from .account import COUNTY_LENGTH, Batch, Source

# A queue and a supervision notice name a task wherever the tables are known.
APPROVE_INTEREST = declare("interest.approve", Text("核准年度结息入账", "approve the year's interest"))
TRY_INTEREST_AGAIN = declare(
    "interest.try_again", Text("年度结息未能入账，重新试算", "the year's interest was not posted: try it again")
)
METHOD_WORDS = {
    MONTHLY: _("by months, the month of receipt included"),
    MONTHLY_FROM_NEXT: _("by months, from the month after receipt"),
    YEARLY: _("opening balance alone"),
}


class InterestRunQuerySet(RegionQuerySet["InterestRun"]):
    """Interest runs of a scope."""

    def standing(self) -> "InterestRunQuerySet":
        """Those not taken back."""
        return self.filter(reversed_at=None)

    def posted(self) -> "InterestRunQuerySet":
        """Those that stand in the accounts."""
        return self.standing().exclude(posted_at=None)


class InterestRun(models.Model):
    """The interest of a county's accounts in one scheme for one year. A year has one run that stands; the table refuses a second.

    `last_entry` is the newest entry it reckons with: trial and posting read the same entries. Rate in ppm with the document it rests
    on, totals in fen. Whoever asked for the trial does not approve it; it is posted after the approval, or says in `fault` why not.
    """

    region_code = models.CharField(max_length=COUNTY_LENGTH)
    scheme = models.CharField(_("scheme"), max_length=20, choices=Scheme.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    rate_ppm = models.PositiveIntegerField(_("crediting rate"))
    rate_source = models.CharField(_("document"), max_length=300)
    method = models.CharField(_("method"), max_length=20)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    last_entry = models.BigIntegerField()
    accounts = models.PositiveIntegerField(_("accounts"), default=0)
    lots = models.PositiveIntegerField(_("lots"), default=0)
    interest_fen = models.BigIntegerField(_("interest"), default=0)
    opened_at = models.DateTimeField(_("asked for"))
    opened_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    opened_by_name = models.CharField(max_length=60)
    tried_at = models.DateTimeField(_("trial run"), null=True)
    approved_at = models.DateTimeField(_("approved"), null=True)
    approved_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    approved_by_name = models.CharField(max_length=60, blank=True)
    posted_at = models.DateTimeField(pgettext_lazy("interest run", "posted"), null=True)
    fault = models.CharField(max_length=300, blank=True)
    fault_en = models.CharField(max_length=300, blank=True)
    batch = models.OneToOneField(Batch, models.PROTECT, null=True, related_name="interest_run")
    reversed_at = models.DateTimeField(_("taken back"), null=True)
    reversed_by_name = models.CharField(max_length=60, blank=True)
    reversed_because = models.CharField(max_length=300, blank=True)

    objects = InterestRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest run")
        ordering: ClassVar = ["-year", "region_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "scheme", "year"], condition=Q(reversed_at=None), name="interest_run_once_a_year"
            ),
            models.CheckConstraint(name="interest_run_rate_has_a_document", condition=~Q(rate_source="")),
            models.CheckConstraint(name="interest_run_method_known", condition=Q(method__in=METHODS)),
            models.CheckConstraint(
                name="interest_run_approved_by_another",
                condition=Q(opened_by=None) | Q(approved_by=None) | ~Q(opened_by=F("approved_by")),
            ),
            models.CheckConstraint(
                name="interest_run_posted_with_its_batch",
                condition=Q(posted_at=None, batch=None, reversed_at=None)
                | Q(posted_at__isnull=False, batch__isnull=False, approved_at__isnull=False, tried_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"interest_run:{self.pk}"

    @property
    def state(self) -> str:
        """Return how far it has come: trying, tried, approved, posted or reversed."""
        if self.reversed_at is not None:
            return "reversed"
        if self.posted_at is not None:
            return "posted"
        if self.approved_at is not None:
            return "approved"
        return "tried" if self.tried_at is not None else "trying"

    @property
    def method_words(self) -> str:
        """Return how interest is reckoned, in words."""
        return str(METHOD_WORDS[self.method])


class InterestSum(models.Model):
    """What a run comes to in one source, fen."""

    run = models.ForeignKey(InterestRun, models.CASCADE, related_name="sums")
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    lots = models.PositiveIntegerField(_("lots"))
    opening_fen = models.BigIntegerField(_("opening balance"))
    moved_fen = models.BigIntegerField(_("moved in the year"))
    interest_fen = models.BigIntegerField(_("interest"))

    objects = models.Manager["InterestSum"]()

    class Meta:
        verbose_name = _("interest by source")
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "source"], name="interest_sum_once")]

    def __str__(self) -> str:
        return f"{self.run} {self.source}"
