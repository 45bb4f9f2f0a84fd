"""Tables of months: the figures of a county and programme, and, of a demonstration, how far its clock was put forward."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhubao.access.models import Post
from zhubao.access.scopes import RegionQuerySet
from zhubao.language import Text
from zhubao.loans.states import PROCESSES


class MonthFigures(models.Model):
    """What the loans of a programme in a county came to in one month, as known when it was reckoned. Money in fen.

    `month` is its first day. Interest is what was booked in the month, by who bears it; `owed_fen` and `subsidy_owed_fen` are what the
    borrowers and finance owe the banks after its last day. `failed`: instalments of which less than ordered was taken.
    """

    region_code = models.CharField(max_length=12)
    policy_id = models.CharField(_("programme"), max_length=40)
    month = models.DateField(_("month"))
    reckoned_at = models.DateTimeField()
    draws = models.PositiveIntegerField(_("draws"), default=0)
    draws_fen = models.BigIntegerField(pgettext_lazy("sum", "drawn"), default=0)
    interest_borrower_fen = models.BigIntegerField(_("interest, borrowers"), default=0)
    interest_finance_fen = models.BigIntegerField(_("interest, finance"), default=0)
    deductions = models.PositiveIntegerField(_("deductions"), default=0)
    deducted_fen = models.BigIntegerField(_("deducted"), default=0)
    failed = models.PositiveIntegerField(_("failed deductions"), default=0)
    repaid_early_fen = models.BigIntegerField(_("repaid early"), default=0)
    claims_paid_fen = models.BigIntegerField(_("subsidy paid"), default=0)
    ended = models.PositiveIntegerField(_("loans ended"), default=0)
    loans = models.PositiveIntegerField(_("loans with debt"), default=0)
    owed_fen = models.BigIntegerField(_("owed by borrowers"), default=0)
    subsidy_owed_fen = models.BigIntegerField(_("owed by finance"), default=0)

    objects = RegionQuerySet["MonthFigures"].as_manager()

    class Meta:
        verbose_name = _("figures of a month")
        ordering: ClassVar = ["month", "region_code", "policy_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "policy_id", "month"], name="month_figures_once"),
            models.CheckConstraint(name="month_figures_policy_known", condition=Q(policy_id__in=list(PROCESSES))),
            models.CheckConstraint(name="month_figures_first_day", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.policy_id} {self.month:%Y-%m}"


class DemonstrationMonth(models.Model):
    """One month a demonstration county is led through: how many of its happenings are done, and what could not be done.

    `held`: a line each, of what it was about, the code of the refusal, and its words in Chinese and English, with tabs between them.
    A month that was stopped goes on after the last happening that is done.
    """

    region_code = models.CharField(max_length=12)
    month = models.DateField(_("month"))
    done = models.PositiveSmallIntegerField(default=0)
    happenings = models.PositiveSmallIntegerField()
    held = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = RegionQuerySet["DemonstrationMonth"].as_manager()

    class Meta:
        ordering: ClassVar = ["month", "region_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "month"], name="demonstration_month_once"),
            models.CheckConstraint(name="demonstration_month_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(name="demonstration_month_done", condition=Q(done__lte=F("happenings"))),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.month:%Y-%m}"

    @property
    def held_lines(self) -> list[tuple[str, str, Text]]:
        """What could not be done: about what, the code, and why."""
        rows = [line.split("\t") for line in self.held.splitlines()]
        return [(subject, code, Text(zh, en)) for subject, code, zh, en in rows]


class DemonstrationJourney(models.Model):
    """A request to put the demonstration forward by so many months: from `first` on, `done` of them over. One at a time."""

    first = models.DateField(_("month"))
    months = models.PositiveSmallIntegerField(_("months"))
    done = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(models.Value(1), condition=Q(finished_at=None), name="one_demonstration_journey"),
            models.CheckConstraint(name="demonstration_journey_done", condition=Q(done__lte=F("months"))),
        ]

    def __str__(self) -> str:
        return f"{self.first:%Y-%m} +{self.months}"
