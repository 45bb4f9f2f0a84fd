"""Figures and settings a locality has entered, each with its dates, source and decider; withdrawn ones stay for past decisions."""

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhubao.parameters import Parameter
from zhubao.parameters.names import declared


class DateRange(models.Func):
    """A PostgreSQL date range with both ends included; an empty end is open."""

    function = "DATERANGE"
    output_field = DateRangeField()


class LocalFigureQuerySet(models.QuerySet["LocalFigure"]):
    """Named selections of local figures."""

    def standing(self) -> "LocalFigureQuerySet":
        """Those not withdrawn."""
        return self.filter(withdrawn_at=None)

    def known_at(self, moment: datetime) -> "LocalFigureQuerySet":
        """Those that stood at `moment`: what a decision of that moment was judged with."""
        return self.filter(entered_at__lte=moment).exclude(withdrawn_at__lte=moment)


class LocalFigure(models.Model):
    """One dated value of one name in one area, as a locality entered it.

    `value` is written as in a parameter file: an integer in the kept unit (fen, ppm, years) or a word. Both dates are inclusive; an
    empty `effective_to` is open. A correction withdraws the old row and enters a new one: nothing is overwritten.
    """

    area_code = models.CharField(_("area code"), max_length=6)
    name = models.CharField(_("name"), max_length=64)
    value = models.CharField(_("value"), max_length=200)
    unit = models.CharField(_("unit"), max_length=10)
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    effective_to = models.DateField(_("in force to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300)
    decided_by = models.CharField(_("decided by"), max_length=100, blank=True)
    several = models.BooleanField(default=False, editable=False)
    entered_at = models.DateTimeField(_("entered"))
    # Empty for what the system itself entered (the demonstration's set).
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = LocalFigureQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["area_code", "name", "effective_from", "id"]
        verbose_name = _("local figure")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(effective_from=None)
                | models.Q(effective_to=None)
                | models.Q(effective_from__lte=models.F("effective_to")),
                name="local_figure_dates_in_order",
            ),
            models.CheckConstraint(condition=~models.Q(source=""), name="local_figure_has_a_source"),
            ExclusionConstraint(
                name="local_figure_one_value_a_day",
                expressions=[
                    ("area_code", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (DateRange("effective_from", "effective_to", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(withdrawn_at=None, several=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.name} = {self.value}"

    @property
    def place(self) -> str:
        """Return what names the row in messages and in the book: ``figure:12``."""
        return f"figure:{self.pk}"

    def as_parameter(self) -> Parameter:
        """Return the row as the pure core reads it."""
        known = declared(self.name)
        value = self.value if known is None or known.unit == "text" else int(self.value)
        return Parameter(
            self.name,
            value,
            self.unit,
            self.area_code,
            self.effective_from or date.min,
            self.effective_to,
            self.source,
            decided_by=self.decided_by,
            place=self.place,
        )
