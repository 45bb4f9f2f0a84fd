"""Differences between sources that ought to agree; each stays until the sources agree or somebody explains it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.scopes import RegionQuerySet


class Cause(models.TextChoices):
    """What does not agree."""

    BANK_SILENT = "bank_silent", _("the bank has not answered yet")
    BANK_REFUSED = "bank_refused", _("a line of the bank's file was refused")
    BANK_AMOUNT = "bank_amount", _("the bank drew another amount than was asked for")
    TAX_SILENT = "tax_silent", _("no contribution has arrived at the tax office")
    TAX_AMOUNT = "tax_amount", _("another amount arrived than was drawn")
    TAX_REFUSED = "tax_refused", _("a receipt of the tax office was refused")
    BOOKS = "books", _("the books say another amount than the draw")


class DifferenceQuerySet(RegionQuerySet["Difference"]):
    """Differences of a scope."""

    def open(self) -> "DifferenceQuerySet":
        """Return those not closed."""
        return self.filter(closed_at=None)


class Difference(models.Model):
    """One draw or receipt of a year on which agency, bank and tax do not agree. Money in fen; None: that source says nothing.

    Closed by itself (`closed_by` empty) when the sources agree, or by a person with an explanation.
    """

    region_code = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField(_("year"))
    subject = models.CharField(max_length=80)
    loan_number = models.CharField(_("loan"), max_length=40, blank=True)
    cause = models.CharField(_("cause"), max_length=14, choices=Cause.choices)
    agency_fen = models.BigIntegerField(_("agency"), null=True)
    bank_fen = models.BigIntegerField(_("bank"), null=True)
    tax_fen = models.BigIntegerField(_("tax"), null=True)
    detail = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField(_("found"))
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    explanation = models.TextField(blank=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        ordering: ClassVar = ["region_code", "year", "subject"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "subject", "cause"], condition=Q(closed_at=None), name="open_difference_once"
            ),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="difference_cause_known"),
            models.CheckConstraint(
                condition=Q(closed_by=None) | (~Q(closed_at=None) & ~Q(explanation="")), name="difference_explained"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["region_code", "year", "closed_at"], name="difference_by_region")]

    def __str__(self) -> str:
        return f"{self.year} {self.subject} {self.cause}"


from .budget.models import BudgetLine, BudgetRate, BudgetRun  # noqa: E402, F401 - Django finds the tables of an app here
from .dishonesty.models import Listing, ListingHandOver, ListingStep  # noqa: E402, F401 - Django finds the tables of an app here
from .measures.models import (  # noqa: E402, F401 - as above
    Bulletin,
    BulletinLine,
    FundYear,
    IndicatorFigure,
    Measure,
    MeasureEvent,
    MeasureEvidence,
    MeasureStep,
    MeasureUnit,
    RiskControl,
)
from .months.models import DemonstrationJourney, DemonstrationMonth, MonthFigures  # noqa: E402, F401 - as above
from .stories.models import CaseStory  # noqa: E402, F401 - as above
