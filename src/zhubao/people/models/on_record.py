"""What is on record about persons: insurance, certified categories and the complete lists they stand on, circumstances.

Every statement names the file, sheet and row it came from, or the paper.
"""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhubao.access.scopes import RegionQuerySet
from zhubao.policies.person import CODES, DEPARTMENTS
from zhubao.programmes.models import DateRange

from .person import Person, in_order


class Scheme(models.TextChoices):
    """The pension scheme of an insured record."""

    EMPLOYEE = "employee_pension", _("employee pension")
    RESIDENT = "resident_pension", _("resident pension")
    INSTITUTION = "institution_pension", _("institution pension")
    NONE = "none", _("not insured")


class Sourced(models.Model):
    """A statement with where it came from: the words for it, and file, sheet and row when it was read from a roster."""

    source = models.CharField(_("source"), max_length=200)
    roster_file = models.CharField(max_length=40, blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        abstract = True


class InsuredRecord(Sourced):
    """What the insurance register says of a person in one scheme, on one day; the next record supersedes it.

    Money in fen, the index of wages in parts per million. An empty figure or flag was not given.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="insured_records")
    scheme = models.CharField(_("scheme"), max_length=20, choices=Scheme.choices)
    participation_type = models.CharField(_("kind of participation"), max_length=8, blank=True)
    insured_area = models.CharField(_("place of insurance"), max_length=6, blank=True)
    paid_months = models.PositiveIntegerField(_("months paid"), null=True, blank=True)
    deemed_months = models.PositiveIntegerField(_("deemed months"), null=True, blank=True)
    deemed_confirmed = models.BooleanField(_("deemed months confirmed"), null=True, blank=True)
    back_payable_months = models.PositiveIntegerField(_("months that may be paid back"), null=True, blank=True)
    continuing = models.BooleanField(_("keeps paying past the age"), null=True, blank=True)
    retirement_category = models.CharField(_("retirement category"), max_length=12, blank=True)
    student = models.BooleanField(_("student"), null=True, blank=True)
    military = models.BooleanField(_("in military service"), null=True, blank=True)
    imprisoned = models.BooleanField(_("serving a sentence"), null=True, blank=True)
    deceased = models.BooleanField(_("deceased"), null=True, blank=True)
    receiving_pension = models.BooleanField(_("draws a pension"), null=True, blank=True)
    chosen_tier_fen = models.BigIntegerField(_("tier chosen"), null=True, blank=True)
    account_fen = models.BigIntegerField(_("account balance"), null=True, blank=True)
    index_ppm = models.BigIntegerField(_("index of wages"), null=True, blank=True)
    recorded_on = models.DateField(_("as of"))
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["InsuredRecord"]()

    class Meta:
        verbose_name = _("insured record")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "scheme"], condition=Q(superseded_at=None), name="insured_record_current_once"
            ),
            models.CheckConstraint(name="insured_record_scheme_known", condition=Q(scheme__in=Scheme.values)),
            models.CheckConstraint(
                name="insured_record_codes_known",
                condition=Q(participation_type__in=("", "flexible", "employer"))
                & Q(retirement_category__in=("", *CODES["retirement_category"])),
            ),
            models.CheckConstraint(
                name="insured_record_money_not_negative",
                condition=(Q(chosen_tier_fen=None) | Q(chosen_tier_fen__gte=0)) & (Q(account_fen=None) | Q(account_fen__gte=0)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["insured_area", "scheme"], condition=Q(superseded_at=None), name="insured_record_by_area"),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.scheme}"


class IdentityQuerySet(RegionQuerySet["Identity"]):
    """Identities by the region whose department certified them."""

    def standing(self) -> "IdentityQuerySet":
        """Those not withdrawn."""
        return self.filter(withdrawn_at=None)

    def in_force(self, day: date) -> "IdentityQuerySet":
        """Those standing that hold on a day."""
        begun = Q(starts_on=None) | Q(starts_on__lte=day)
        return self.standing().filter(begun, Q(ends_on=None) | Q(ends_on__gte=day))


class Identity(Sourced):
    """A category a department has certified for a person, with its days (both included, empty = open).

    `region_code` is the department's. One that was entered in error is withdrawn, one that is over gets an end.
    """

    region_code = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identities")
    category = models.CharField(_("category"), max_length=40)
    certifier = models.CharField(_("certifying department"), max_length=24)
    certificate = models.CharField(_("certificate"), max_length=60, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="identity_once_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    ("certifier", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(name="identity_days_in_order", condition=in_order("starts_on", "ends_on")),
            models.CheckConstraint(name="identity_certifier_known", condition=Q(certifier__in=DEPARTMENTS)),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["region_code", "certifier", "category"], condition=Q(withdrawn_at=None), name="identity_by_list"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.category}"


class CategoryListQuerySet(RegionQuerySet["CategoryList"]):
    """Complete lists of a scope."""


class CategoryList(models.Model):
    """A complete list of one category that a department handed in for a region: whoever is not on it does not have the category."""

    region_code = models.CharField(max_length=12)
    category = models.CharField(_("category"), max_length=40)
    certifier = models.CharField(_("certifying department"), max_length=24)
    listed_on = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=200)
    roster_file = models.CharField(max_length=40)
    recorded_at = models.DateTimeField(_("recorded"))

    objects = CategoryListQuerySet.as_manager()

    class Meta:
        verbose_name = _("complete list")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "category", "certifier", "roster_file"], name="category_list_once"),
            models.CheckConstraint(name="category_list_certifier_known", condition=Q(certifier__in=DEPARTMENTS)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["region_code", "category", "certifier", "-listed_on"], name="category_list_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.region_code} {self.category} {self.listed_on}"


class CircumstanceKind(models.TextChoices):
    """What a dated statement about a person's life says; `value` is 1 or 0 for yes and no, a number where the kind counts."""

    UNEMPLOYED = "unemployed", _("registered as unemployed")
    EMPLOYED = "employed", _("in employment")
    SUBSIDISED = "subsidised", _("draws the social-insurance subsidy")
    CHILDREN = "children", _("number of children")
    DISABILITY_GRADE = "disability_grade", _("grade of disability")
    STUDENT = "student", _("student")
    MILITARY = "military", _("in military service")
    IMPRISONED = "imprisoned", _("serving a sentence")


class Circumstance(Sourced):
    """A dated statement about a person's life (both days included, empty = open): work, study, service, prison, children, disability."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="circumstances")
    kind = models.CharField(_("kind"), max_length=20, choices=CircumstanceKind.choices)
    value = models.PositiveSmallIntegerField(_("value"), default=1)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("to"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager["Circumstance"]()

    class Meta:
        verbose_name = _("circumstance")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="circumstance_once_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", RangeBoundary(True, True)), RangeOperators.OVERLAPS),
                ],
                condition=Q(withdrawn_at=None),
            ),
            models.CheckConstraint(name="circumstance_days_in_order", condition=in_order("starts_on", "ends_on")),
            models.CheckConstraint(
                name="circumstance_value_fits",
                condition=Q(kind=CircumstanceKind.CHILDREN, value__lte=30)
                | Q(kind=CircumstanceKind.DISABILITY_GRADE, value__range=(1, 4))
                | Q(
                    kind__in=(
                        CircumstanceKind.UNEMPLOYED,
                        CircumstanceKind.EMPLOYED,
                        CircumstanceKind.SUBSIDISED,
                        CircumstanceKind.STUDENT,
                        CircumstanceKind.MILITARY,
                        CircumstanceKind.IMPRISONED,
                    ),
                    value__in=(0, 1),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.kind}"
